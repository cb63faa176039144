"""Where each fact comes from, who could refute it, and what will run out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from stocktake.model import looks, outcome
from stocktake.model.audit import Audit
from stocktake.model.coverage import (
    DECLARED,
    DECLARED_ONLY,
    FACT_STATES,
    OBSERVED,
    STALE,
    UNKNOWN,
    Asked,
    Coverage,
    Expiry,
    Fact,
    Known,
    Part,
)
from stocktake.model.outcome import Tally
from stocktake.model.rule import Rule
from stocktake.model.sheet import Seen, Sheet
from stocktake.values import duration, name

ESTATE, SYSTEM, TEAM = "estate", "system", "team"
_RUNNING = frozenset({"asset", "baseline", "dependency"})
# How people call a thing and speak of it: there is nothing in it that a machine could see.
_WORDS = frozenset({"aliases", "description", "formerly", "labels[]", "links", "name", "tags"})
_DAYS = frozenset({"due", "ends", "expires", "next_due", "review_date"})
_LIMITED: Mapping[str, str] = {"reviewed": "review", "last_exercised": "exercise"}
_OVER = frozenset({"cancelled", "closed", "dismissed", "done", "resolved", "retired", "superseded"})
_ENDS = ("from", "to", "type")

Refuters = Mapping[tuple[str, str], tuple[str, ...]]
Place = tuple[str, str]
Where = tuple[str, str | None]
Seens = dict[Where, dict[str, Seen]]
T = TypeVar("T")


def coverage(audit: Audit, tallies: Mapping[Place, Mapping[str, Tally]]) -> Coverage:
    """How much is known of an estate; `tallies` are those of the rules by what and whose part they are."""
    of_edges = _seen_edges(audit)
    refuted_by = _refuters(audit, of_edges)
    home_of = homes(audit)
    records = tuple(_records(audit, home_of, refuted_by, of_edges))
    known = _by_place((one.system, one.team, one) for one in records)
    counted = _by_place((*home, address) for address, home in home_of.items())
    parts = tuple(
        _part(place, known.get(place, ()), len(counted.get(place, ())), tallies[place]) for place in sorted(tallies)
    )
    return Coverage(audit.today, parts, records, tuple(sorted(_expiries(audit))), refuted_by)


def homes(audit: Audit) -> dict[str, tuple[str, str]]:
    """(system, team) by address; what names neither is counted to what it is about, or where it begins."""
    return {address: _home(audit, address) for address in audit.sheets}


def _home(audit: Audit, address: str) -> tuple[str, str]:
    data = audit.estate.by_address[address].data
    about = data.get("about")
    first = about[0] if isinstance(about, list) and about else about
    asset = data.get("from") or data.get("asset")
    own, other = audit.index.get(address), audit.index.get(f"asset/{asset}" if asset else str(first or ""))
    kind, _, identity = address.partition("/")
    named = [entry for entry in (own, other) if entry]
    system = identity if kind == SYSTEM else next((entry.system for entry in named if entry.system), "")
    team = identity if kind == TEAM else next((entry.owner for entry in named if entry.owner), "")
    return system, team


def _by_place(found: Iterable[tuple[str, str, T]]) -> dict[Place, list[T]]:
    """What has a system and a team, under the estate, that system and that team."""
    places: dict[Place, list[T]] = {}
    for system, team, one in found:
        for place in ((ESTATE, ""), (SYSTEM, system), (TEAM, team)):
            places.setdefault(place, []).append(one)
    return places


def _part(place: Place, records: Collection[Known], count: int, tallies: Mapping[str, Tally]) -> Part:
    facts = {state: sum(one.count(state) for one in records) for state in FACT_STATES}
    rules = [Asked(rule, one.asked, one.asked - one.unknown) for rule, one in sorted(tallies.items()) if one.asked]
    return Part(*place, count, facts, tuple(rules))


def _records(
    audit: Audit, home_of: Mapping[str, tuple[str, str]], refuted_by: Refuters, of_edges: Seens
) -> Iterator[Known]:
    asked = _asked_for(audit)
    for address, group in audit.sheets.items():
        if address.partition("/")[0] not in _RUNNING:
            continue
        written = _written(audit, address)
        for sheet in group[1:] or group:
            seen = {**sheet.seen, **of_edges.get((address, None), {})}
            wanted = {*asked.get((address, None), ()), *asked.get((address, sheet.environment), ())}
            facts = tuple(_facts(sheet, seen, wanted, refuted_by, written))
            yield Known(address, sheet.environment, *home_of[address], facts, written)


def _written(audit: Audit, address: str) -> date | None:
    """The day on which the file of a record was last changed, as far as Git knows it."""
    change = audit.history.get(audit.estate.by_address[address].path)
    return datetime.fromtimestamp(change.time, UTC).date() if change else None


def _facts(
    sheet: Sheet, seen: Mapping[str, Seen], wanted: Iterable[str], refuted_by: Refuters, written: date | None
) -> Iterator[Fact]:
    for one in sorted({*sheet.declared_names(), *seen, *wanted}):
        shape = name.pattern(one)
        if shape in _WORDS:
            continue
        is_declared, sight = sheet.declared(one) is not None, seen.get(one)
        if sight:
            yield Fact(one, OBSERVED if sight.fresh else STALE, is_declared, sight.day, sight.source, sight.day)
        elif is_declared:
            yield Fact(one, DECLARED if (sheet.kind, shape) in refuted_by else DECLARED_ONLY, True, since=written)
        elif not _is_known(one, (*sheet.names(), *seen)):
            yield Fact(one, UNKNOWN, False)


def _asked_for(audit: Audit) -> dict[Where, set[str]]:
    """The facts that rules without an answer ask for, by record and environment."""
    rules = {rule.id: rule for rule in audit.rules}
    found: dict[Where, set[str]] = {}
    for one in audit.outcomes:
        if one.state == outcome.UNKNOWN:
            here = found.setdefault((one.subject, one.environment), set())
            here.update({one.field} - {""})
            here.update(wanted for asked in one.asked for wanted in _wanted(rules.get(asked)))
    return found


def _wanted(rule: Rule | None) -> tuple[str, ...]:
    """What a rule needs by absolute names; under `each`, the outcome names the field."""
    return (*rule.needs, *rule.sees) if rule and not rule.each else ()


def _is_known(wanted: str, names: Iterable[str]) -> bool:
    """Whether any fact has this name, stands below it, or under any key where it leaves the key open."""
    start, any_key, _ = wanted.partition("[]")
    starts = (f"{start}[",) if any_key else (f"{wanted}.", f"{wanted}[")
    return any(one == wanted or one.startswith(starts) for one in names)


def _seen_edges(audit: Audit) -> Seens:
    """The ends and the type of each dependency that a machine saw."""
    is_fresh = looks.freshness(audit.today, audit.estate.settings.freshness)
    found: Seens = {}
    for one in audit.reconciliation.edges:
        if one.address:
            day = audit.estate.looked.get(one.source)
            sight = Seen(None, one.source, day, fresh=is_fresh(day))
            here = found.setdefault((one.address, None), {})
            here.update({end: sight for end in _ENDS if end not in here or sight.fresh})
    return found


def _refuters(audit: Audit, of_edges: Seens) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who sees a fact, by kind and pattern: every collector that ever reported one like it here."""
    collectors = {seen.source: seen.collector for seen in audit.estate.observations}
    found: dict[tuple[str, str], set[str]] = {}
    for observation in audit.estate.observations:
        for thing in observation.things:
            for one in thing.facts:
                found.setdefault((thing.kind, name.pattern(one)), set()).add(observation.collector)
    sights = [(sheet.address, sheet.seen) for group in audit.sheets.values() for sheet in group]
    for address, seen in [*sights, *((place[0], seen) for place, seen in of_edges.items())]:
        for one, sight in seen.items():
            key = (address.partition("/")[0], name.pattern(one))
            found.setdefault(key, set()).add(collectors.get(sight.source, "drill"))
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _expiries(audit: Audit) -> Iterator[Expiry]:
    """What has a last day, and what must be looked at, reviewed or exercised again before its limit is over."""
    last = _last_drills(audit)
    for address, group in audit.sheets.items():
        told: set[tuple[str, date]] = set()
        for sheet in group:
            for one, day in _ending(audit, sheet):
                if (one, day) not in told and not (sheet.kind == "drill" and address not in last):
                    told.add((one, day))
                    yield Expiry((day - audit.today).days, day, address, sheet.environment, one)
    for observation in audit.estate.observations:
        if observation.looked:
            day = duration.after(observation.looked, audit.estate.settings.freshness)
            yield Expiry((day - audit.today).days, day, f"seen/{observation.source}", observation.environment, "looked")


def _ending(audit: Audit, sheet: Sheet) -> Iterator[tuple[str, date]]:
    for one in sheet.declared_names():
        above, _, last = one.rpartition(".")
        status = f"{above}.status" if above else "status"
        if (last not in _DAYS and last not in _LIMITED) or sheet.get(status) in _OVER:
            continue
        day = _day(sheet.declared(one))
        limit = audit.estate.settings.limits.get(_LIMITED.get(last, ""), "")
        if day and (last in _DAYS or limit):
            yield one, day if last in _DAYS else duration.after(day, limit)


def _last_drills(audit: Audit) -> set[str]:
    """The newest drill of each plan: only its next day still says anything."""
    newest: dict[tuple[str, ...], tuple[str, str]] = {}
    for record in audit.estate.of("drill"):
        plan = tuple(str(record.data.get(field, "")) for field in ("asset", "environment", "plan"))
        newest[plan] = max(newest.get(plan, ("", "")), (str(record.data.get("finished", "")), record.address))
    return {address for _, address in newest.values()}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
