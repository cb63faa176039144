"""The parameters of one asset in each of its environments, side by side, and whether they are the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from stocktake.model.answer import Expected, expected
from stocktake.model.baseline import SETTINGS, same
from stocktake.model.graph import Entry
from stocktake.model.noise import is_noise, is_set
from stocktake.model.sheet import Seen, Sheet
from stocktake.render.live import running, seen_of
from stocktake.render.view import View
from stocktake.values.agreement import agree
from stocktake.values.name import encode_key, keys

DIFFERS, EXPECTED, UNKNOWN, EQUAL = "differs", "differs, expected", "not known everywhere", "equal"
STATES = (DIFFERS, EXPECTED, UNKNOWN, EQUAL)
# How a value is known: only the first two count in a comparison.
SEEN, DECLARED, STALE, ABSENT, SECRET, NOBODY = "seen", "declared", "stale", "absent", "secret", "nobody"
_KNOWN = (SEEN, DECLARED, ABSENT)
_GENERAL = ("engine", "version", "access.encryption_in_transit")


class Value(NamedTuple):
    """A parameter in one environment, and how it is known."""

    how: str
    value: Any = None


class Parameter(NamedTuple):
    """One row: its name, its value in each environment, what that amounts to, and who expected it."""

    name: str
    values: tuple[Value, ...]
    state: str
    reasons: tuple[Expected, ...] = ()


class Place(NamedTuple):
    """One environment of an asset: what was seen there, and its baseline's sheet where it has one."""

    environment: str
    sheet: Sheet | None
    baseline: Sheet | None

    @property
    def seen(self) -> Seen | None:
        """Any observation of its settings."""
        return seen_of(self.sheet, "settings[") if self.sheet else None


class Matrix(NamedTuple):
    """All parameters of one asset."""

    asset: Entry
    places: tuple[Place, ...]
    parameters: tuple[Parameter, ...]

    def count(self, state: str) -> int:
        """How many parameters are in a state."""
        return sum(one.state == state for one in self.parameters)


def matrices(view: View) -> list[Matrix]:
    """One for each asset that runs in several environments, retired ones left out."""
    found = []
    for entry in (entry for group in ("stores", "components", "externals") for entry in view.assets(group)):
        places = _places(view, entry.address)
        if len(places) > 1:
            meant = [each for place in places if place.baseline for each in expected(place.baseline)]
            found.append(Matrix(entry, tuple(places), tuple(_parameters(places, meant, view.audit.today.isoformat()))))
    return found


def _places(view: View, address: str) -> list[Place]:
    baselines = {one.environment: one.sheet for one in view.baselines_of.get(address, ())}
    sheets = {sheet.environment: sheet for sheet in running(view, address) if sheet.environment}
    order = {name: place for place, name in enumerate(view.estate.settings.environments)}
    names = sorted({*sheets, *baselines}, key=lambda name: (order.get(name, len(order)), name))
    return [Place(name, sheets.get(name), baselines.get(name)) for name in names]


def _parameters(places: list[Place], meant: list[Expected], today: str) -> Iterable[Parameter]:
    rows = [_parameter(name, name, places, meant, today) for name in _GENERAL if _is_known(name, places)]
    settings = sorted({key for place in places for key in _set(place)})
    rows += [_parameter(key, f"settings[{encode_key(key)}].value", places, meant, today) for key in settings]
    return sorted(rows, key=lambda row: STATES.index(row.state))


def _is_known(name: str, places: list[Place]) -> bool:
    return any(place.sheet is not None and (name in place.sheet or place.sheet.observed(name)) for place in places)


def _set(place: Place) -> set[str]:
    """The settings that somebody set or wrote down; what every server has for itself is left out."""
    found = set(keys(place.baseline.names(), SETTINGS)) if place.baseline else set()
    found = {key for key in found if place.baseline and _declares(place.baseline, key)}
    if place.sheet is None:
        return found
    engine = str(place.sheet.get("engine", ""))
    for key in keys(place.sheet.seen, SETTINGS):
        source = place.sheet.observed(f"settings[{encode_key(key)}].source")
        if source and is_set(str(source.value)) and not is_noise(engine, key):
            found.add(key)
    return found


def _declares(baseline: Sheet, key: str) -> bool:
    base = f"settings[{encode_key(key)}]"
    return any(baseline.declared(f"{base}.{part}") is not None for part in ("value", "secret_ref"))


def _parameter(title: str, name: str, places: list[Place], meant: list[Expected], today: str) -> Parameter:
    values = tuple(_value(place, name) for place in places)
    reasons = tuple(one for one in meant if one.environment and one.key in (title, name))
    excused = {one.environment for one in reasons if one.expires >= today}
    known = [(place, value) for place, value in zip(places, values, strict=True) if value.how in _KNOWN]
    if not _alike(known, name):
        state = EXPECTED if _alike([one for one in known if one[0].environment not in excused], name) else DIFFERS
    else:
        state = EQUAL if len(known) == len(places) else UNKNOWN
    return Parameter(title, values, state, reasons if state in (EXPECTED, DIFFERS) else ())


def _alike(known: list[tuple[Place, Value]], name: str) -> bool:
    if not known:
        return True
    if name == "version":
        return all(agree(name, known[0][1].value, value.value) is not False for _, value in known[1:])
    unit = next((found.value for place, _ in known if (found := _unit(place, name))), "")
    first = known[0][1]
    return all(
        (value.how == ABSENT) == (first.how == ABSENT) and same(first.value, value.value, str(unit))
        for _, value in known[1:]
    )


def _unit(place: Place, name: str) -> Seen | None:
    return place.sheet.observed(f"{name.removesuffix('.value')}.unit") if place.sheet else None


def _value(place: Place, name: str) -> Value:
    seen = place.sheet.observed(name) if place.sheet else None
    if seen is not None and seen.fresh:
        return Value(SEEN, seen.value)
    looked = place.seen
    if looked is not None and looked.fresh and name.startswith("settings["):
        return Value(ABSENT)
    source = place.baseline if name.startswith("settings[") else place.sheet
    declared = source.declared(name) if source else None
    if declared is not None:
        return Value(DECLARED, declared)
    if source and source.declared(f"{name.removesuffix('.value')}.secret_ref") is not None:
        return Value(SECRET)
    return Value(STALE, seen.value) if seen is not None else Value(NOBODY)
