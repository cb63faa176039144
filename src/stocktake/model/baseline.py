"""Compare a baseline with what was seen, and say each difference in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from stocktake.model.noise import cause, is_noise, is_set
from stocktake.model.sheet import Sheet
from stocktake.values import quantity
from stocktake.values.grant import singles
from stocktake.values.name import encode_key, keys

SETTINGS, TABLES, PRINCIPALS = "settings[]", "schema.tables[]", "access.principals[]"
# Areas of a baseline: (name, the facts in it, what a person calls it).
AREAS = (("access.grants", "grants"), ("access.principals", "roles"), ("schema", "schema"), ("settings", "settings"))


class Difference(NamedTuple):
    """One thing that is not as the baseline says.

    `what` is missing, extra, changed or pending-restart; `name` the fact; `detail` tells it from others of its area
    and stays the same between runs; `cause` is the setting that decides this one, `name` itself where none does;
    `declared` and `observed` are the two sides, None where a side has nothing or it cannot be seen.
    """

    area: str
    what: str
    name: str
    detail: str
    words: str
    cause: str = ""
    declared: Any = None
    observed: Any = None


def differences(sheet: Sheet, engine: str) -> list[Difference]:
    """All that a fresh observation shows to differ from the baseline; derived settings only where their cause is the
    same.
    """
    found = [*_settings(sheet, engine), *_tables(sheet), *_fingerprint(sheet), *_principals(sheet), *_grants(sheet)]
    causes = {one.detail for one in found if one.area == "settings"}
    told = (one for one in found if one.cause in ("", one.detail) or one.cause not in causes)
    return sorted(told, key=lambda one: one[:5])


def not_compared(sheet: Sheet) -> list[tuple[str, str]]:
    """(area, reason) of all that could not be compared."""
    reasons = []
    for area, words in AREAS:
        declared = any(name.startswith(area) for name in sheet.names() if sheet.declared(name) is not None)
        seen = [fact for name, fact in sheet.seen.items() if name.startswith(area)]
        refused = sheet.observed(f"not_visible[{area}].reason") or sheet.observed(f"not_read[{area}].reason")
        if not declared:
            reasons.append((area, f"the baseline names no {words}"))
        elif refused is not None:
            reasons.append((area, str(refused.value)))
        elif not seen:
            reasons.append((area, "it was never looked at"))
        elif not any(fact.fresh for fact in seen):
            reasons.append((area, f"it was last looked at on {seen[0].day or 'an unknown day'}"))
    return reasons


def _fresh(sheet: Sheet, name: str) -> Any:
    fact = sheet.observed(name)
    return fact.value if fact is not None and fact.fresh else None


def _seen_keys(sheet: Sheet, pattern: str) -> list[str]:
    return keys([name for name, fact in sheet.seen.items() if fact.fresh], pattern)


def _declared_keys(sheet: Sheet, pattern: str) -> list[str]:
    return keys([name for name in sheet.names() if sheet.declared(name) is not None], pattern)


def _settings(sheet: Sheet, engine: str) -> Iterator[Difference]:
    seen = set(_seen_keys(sheet, SETTINGS))
    if not seen:
        return
    declared = _declared_keys(sheet, SETTINGS)
    for key in declared:
        yield from _setting(sheet, engine, key, seen)
    for key in sorted(seen.difference(declared)):
        source = _fresh(sheet, f"settings[{encode_key(key)}].source") or ""
        value = _fresh(sheet, f"settings[{encode_key(key)}].value")
        # A value that somebody wrote down and that is the default all the same changes nothing.
        changed = is_set(source) and f"settings[{encode_key(key)}].default" in sheet.seen
        if changed and not is_noise(engine, key) and value is not None:
            words = f"setting {key} is {_quoted(value)}, and the baseline does not name it"
            yield Difference(
                "settings", "extra", f"settings[{encode_key(key)}].value", key, words, cause(engine, key), None, value
            )
        elif _fresh(sheet, f"settings[{encode_key(key)}].pending_restart"):
            yield _pending(engine, key, None, value)


def _setting(sheet: Sheet, engine: str, key: str, seen: set[str]) -> Iterator[Difference]:
    base = f"settings[{encode_key(key)}]"
    wanted = sheet.declared(f"{base}.value")
    if wanted is None:  # a secret: only its reference stands here
        return
    name, unit = f"{base}.value", str(_fresh(sheet, f"{base}.unit") or "")
    if key not in seen:
        words = f"setting {key} should be {_quoted(wanted)}, and this server has no such setting"
        yield Difference("settings", "missing", name, key, words, "", wanted)
        return
    value, tolerance = _fresh(sheet, name), sheet.declared(f"{base}.tolerance")
    if _fresh(sheet, f"{base}.pending_restart"):
        yield _pending(engine, key, wanted, value)
    elif value is not None and not same(wanted, value, unit, tolerance):
        words = f"setting {key} should be {_quoted(wanted)} and is {_quoted(value)}"
        yield Difference("settings", "changed", name, key, words, cause(engine, key), wanted, value)


def _pending(engine: str, key: str, wanted: Any, value: Any) -> Difference:
    words = f"setting {key} was changed and waits for a restart; its new value is not visible"
    name = f"settings[{encode_key(key)}].value"
    return Difference("settings", "pending-restart", name, key, words, cause(engine, key), wanted, value)


def same(wanted: Any, value: Any, unit: str = "", tolerance: Any = None) -> bool:
    """Whether two values of one setting mean the same, a list whatever its order."""
    if isinstance(wanted, (list, tuple)):
        parts = (
            value
            if isinstance(value, (list, tuple))
            else [part.strip() for part in str(value).split(",") if part.strip()]
        )
        return sorted(map(str, wanted)) == sorted(map(str, parts))
    first, second = quantity.written(wanted), quantity.written(value)
    return quantity.same(first, second, unit) or (
        tolerance is not None and quantity.within(first, second, str(tolerance), unit)
    )


def _quoted(value: Any) -> str:
    return f'"{", ".join(map(str, value))}"' if isinstance(value, (list, tuple)) else f'"{quantity.written(value)}"'


def _tables(sheet: Sheet) -> Iterator[Difference]:
    declared, seen = set(_declared_keys(sheet, TABLES)), set(_seen_keys(sheet, TABLES))
    if not declared or not seen:
        return
    for key in sorted(declared | seen):
        name = f"schema.tables[{encode_key(key)}]"
        if key not in seen:
            yield Difference("schema", "missing", name, key, f"{_kind(sheet, name)} {key} was dropped", "", "there")
        elif key not in declared:
            yield Difference("schema", "extra", name, key, f"{_kind(sheet, name)} {key} was added", "", None, "there")
        elif not _fresh(sheet, f"{name}.locked"):
            yield from _table(sheet, name, key)


def _kind(sheet: Sheet, name: str) -> str:
    return str(sheet.get(f"{name}.kind", "table")).replace("-", " ")


def _table(sheet: Sheet, name: str, key: str) -> Iterator[Difference]:
    """Where the baseline names the columns, a table without keys or indexes there should have none."""
    is_whole = sheet.declared(f"{name}.columns") is not None
    for part, word, named in (
        ("columns", "column", _column),
        ("keys", "constraint", _before_colon),
        ("indexes", "index", _before_colon),
    ):
        wanted, found = sheet.declared(f"{name}.{part}"), _listed(sheet, name, part, TABLES)
        if wanted is None and is_whole:
            wanted = ()
        if wanted is not None and found is not None:
            yield from _parts(f"{name}.{part}", key, word, dict(map(named, wanted)), dict(map(named, found)))


def _listed(sheet: Sheet, name: str, part: str, pattern: str) -> Any:
    """A list of what was seen; empty where nothing is there, None where this part could not be looked at."""
    fact = sheet.observed(f"{name}.{part}")
    if fact is not None:
        return fact.value if fact.fresh else None
    gaps = (f"{gap}[{encode_key(f'{pattern}.{part}')}].reason" for gap in ("not_read", "not_visible"))
    return None if any(sheet.observed(gap) for gap in gaps) else ()


def _column(text: str) -> tuple[str, str]:
    """The name of a column and the rest; a quoted name may hold spaces."""
    end = text.find('" ') + 1 if text.startswith('"') else text.find(" ")
    return (text[:end], text[end + 1 :]) if end > 0 else (text, "")


def _before_colon(text: str) -> tuple[str, str]:
    name, _, rest = text.partition(": ")
    return name, rest


def _parts(name: str, table: str, word: str, wanted: dict[str, str], found: dict[str, str]) -> Iterator[Difference]:
    for part in sorted({*wanted, *found}):
        detail = f"{table} {word} {part}"
        if part not in found:
            words = f"{word} {part} of {table} was dropped"
            yield Difference("schema", "missing", name, detail, words, "", wanted[part])
        elif part not in wanted:
            words = f"{word} {part} of {table} was added: {found[part]}"
            yield Difference("schema", "extra", name, detail, words, "", None, found[part])
        elif wanted[part] != found[part]:
            words = f"{word} {part} of {table} was changed from {wanted[part]} to {found[part]}"
            yield Difference("schema", "changed", name, detail, words, "", wanted[part], found[part])


def _fingerprint(sheet: Sheet) -> Iterator[Difference]:
    """Only where no tables are named: with them, each change is told by itself."""
    wanted, found = sheet.declared("schema.fingerprint"), _fresh(sheet, "schema.fingerprint")
    if wanted and found and wanted != found and not _declared_keys(sheet, TABLES):
        words = f"the schema was changed: its fingerprint was {wanted} and is {found}"
        yield Difference("schema", "changed", "schema.fingerprint", "fingerprint", words, "", wanted, found)


_RIGHTS = ("bypassrls", "createdb", "createrole", "replication", "superuser")
_OTHERS = ("connection_limit", "login", "valid_until")


def _principals(sheet: Sheet) -> Iterator[Difference]:
    declared, seen = set(_declared_keys(sheet, PRINCIPALS)), set(_seen_keys(sheet, PRINCIPALS))
    if not declared or not seen:
        return
    for key in sorted(declared | seen):
        name = f"access.principals[{encode_key(key)}]"
        if key not in seen:
            yield Difference("access", "missing", name, key, f"role {key} should exist and does not", "", "there")
        elif key not in declared:
            if not key.startswith("pg_"):
                words = f"role {key} exists, and the baseline does not name it"
                yield Difference("access", "extra", name, key, words, "", None, "there")
        else:
            yield from _principal(sheet, name, key)


def _principal(sheet: Sheet, name: str, key: str) -> Iterator[Difference]:
    for attribute in (*_RIGHTS, *_OTHERS):
        found = _fresh(sheet, f"{name}.{attribute}")
        wanted = sheet.declared(f"{name}.{attribute}")
        wanted = False if wanted is None and attribute in _RIGHTS else wanted  # a right that is not named is not meant
        if wanted is not None and found is not None and not same(wanted, found):
            words = f"role {key}: {attribute} should be {_quoted(wanted)} and is {_quoted(found)}"
            yield Difference("access", "changed", f"{name}.{attribute}", f"{key} {attribute}", words, "", wanted, found)
    wanted, found = sheet.declared(f"{name}.roles") or (), _listed(sheet, name, "roles", PRINCIPALS)
    if found is not None:
        for role in sorted({*map(str, wanted)} ^ {*map(str, found)}):
            missing = role in wanted
            verb, what = ("is not, and should be,", "missing") if missing else ("is, and should not be,", "extra")
            words, sides = f"role {key} {verb} a member of {role}", ("member", None) if missing else (None, "member")
            yield Difference("access", what, f"{name}.roles", f"{key} in {role}", words, "", *sides)


def _grants(sheet: Sheet) -> Iterator[Difference]:
    wanted, found = sheet.declared("access.grants"), _fresh(sheet, "access.grants")
    if wanted is None or found is None:
        return
    declared, seen = singles(wanted), singles(found)
    for grant in sorted(declared - seen):
        yield Difference("access", "missing", "access.grants", grant, f"missing grant: {grant}", "", "granted")
    for grant in sorted(seen - declared):
        yield Difference("access", "extra", "access.grants", grant, f"extra grant: {grant}", "", None, "granted")
