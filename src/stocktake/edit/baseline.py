"""Accept what was seen as the baseline: the record keeps its comments, its order and everything that people wrote."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from stocktake.model.noise import cause, is_noise, is_set
from stocktake.values import quantity
from stocktake.values.grant import joined, singles, without
from stocktake.values.name import encode_key, keys

# A snapshot of more tables would make a record that nobody reads: then the fingerprint alone tells a change.
TABLES_AT_MOST = 500
FINGERPRINT = "schema.fingerprint"
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_RIGHTS = ("superuser", "createrole", "createdb", "replication", "bypassrls")
Facts = Mapping[str, Any]


def desired(facts: Facts, engine: str) -> dict[str, Any]:
    """The baseline that what was seen would fit: settings that somebody set, schema, roles and grants; areas not seen
    are left out.
    """
    wanted: dict[str, Any] = {}
    if keys(facts, "settings[]"):
        wanted["settings"] = _settings(facts, engine)
    access: dict[str, Any] = {}
    if roles := keys(facts, "access.principals[]"):
        access["principals"] = {role: _principal(facts, role) for role in roles if not role.startswith("pg_")}
    if isinstance(grants := facts.get("access.grants"), (list, tuple)):
        access["grants"] = list(grants)
    if access:
        wanted["access"] = access
    if schema := _schema(facts):
        wanted["schema"] = schema
    return wanted


def _settings(facts: Facts, engine: str) -> dict[str, Any]:
    found = {}
    for key in keys(facts, "settings[]"):
        base = f"settings[{encode_key(key)}]"
        source = facts.get(f"{base}.source", "")
        changed = is_set(source) and f"{base}.default" in facts
        meant = changed and not is_noise(engine, key) and cause(engine, key) == key
        if meant and f"{base}.value" in facts:
            found[key] = {"value": _quoted(facts[f"{base}.value"])}
    return found


def _quoted(value: Any) -> Any:
    """Text in quotes, since older YAML takes `on` and `off` for truth values."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _principal(facts: Facts, role: str) -> dict[str, Any]:
    base = f"access.principals[{encode_key(role)}]"
    found: dict[str, Any] = {right: True for right in _RIGHTS if facts.get(f"{base}.{right}")}
    found["login"] = bool(facts.get(f"{base}.login"))
    for name in ("roles", "connection_limit", "valid_until"):
        value = facts.get(f"{base}.{name}")
        if value not in (None, [], (), -1, "infinity"):
            found[name] = list(value) if isinstance(value, (list, tuple)) else value
    return found


def _schema(facts: Facts) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    if fingerprint := facts.get("schema.fingerprint"):
        schema["fingerprint"] = fingerprint
    if tables := keys(facts, "schema.tables[]"):
        schema["tables"] = {table: _table(facts, table) for table in tables}
    if extensions := keys(facts, "schema.extensions[]"):
        schema["extensions"] = {
            name: {"version": str(facts.get(f"schema.extensions[{encode_key(name)}].version", ""))}
            for name in extensions
        }
    return schema


def _table(facts: Facts, table: str) -> dict[str, Any]:
    base = f"schema.tables[{encode_key(table)}]"
    values = {name: facts.get(f"{base}.{name}") for name in ("kind", "columns", "keys", "indexes")}
    return {name: list(value) if isinstance(value, (list, tuple)) else value for name, value in values.items() if value}


def names(facts: Facts) -> set[str]:
    """What `only` can name of a baseline, or of what was seen: settings, roles, tables, extensions and single grants.

    `facts` is a mapping of mappings, as a record holds it.
    """
    access, schema = facts.get("access", {}), facts.get("schema", {})
    keyed = (facts.get("settings"), access.get("principals"), schema.get("tables"), schema.get("extensions"))
    own = {FINGERPRINT} if "fingerprint" in schema else set()
    return {str(name) for part in keyed for name in part or ()} | singles(access.get("grants") or ()) | own


def accept(text: str, head: Mapping[str, Any], wanted: Mapping[str, Any], only: Collection[str] = ()) -> str:
    """The text of the baseline with what was seen; an empty text becomes a new record with `head` first.

    `only` restricts it to these `names`. What already means the same is left as it is.
    """
    from ruamel.yaml import YAML

    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    editor.indent(mapping=2, sequence=4, offset=2)
    data = editor.load(text) if text.strip() else None
    data = dict(head) if data is None else data
    _merge_mappings(data, "settings", wanted.get("settings"), only, _merge_setting)
    access, schema = data.get("access", {}), data.get("schema", {})
    _merge_mappings(access, "principals", wanted.get("access", {}).get("principals"), only, _merge_principal)
    _merge_grants(access, wanted.get("access", {}).get("grants"), only)
    _merge_schema(schema, wanted.get("schema", {}), only)
    for name, part in (("access", access), ("schema", schema)):
        if part:
            data.setdefault(name, part)
    stream = io.StringIO()
    editor.dump(data, stream)
    return stream.getvalue()


def _chosen(name: str, only: Collection[str]) -> bool:
    return not only or name in only


def _merge_mappings(data: Any, key: str, wanted: Mapping[str, Any] | None, only: Collection[str], merge: Any) -> None:
    here = data.get(key, {})
    if wanted is None or not any(_chosen(name, only) for name in (*wanted, *here)):
        return
    for name in [name for name in here if name not in wanted and _chosen(name, only)]:
        if not _is_kept(here[name]):
            del here[name]
    for name, value in wanted.items():
        if _chosen(name, only):
            here[name] = merge(here[name], value) if name in here else dict(value)
    if here:
        data.setdefault(key, here)
    else:
        data.pop(key, None)


def _is_kept(entry: Any) -> bool:
    """A secret is never seen, so that it was not seen says nothing."""
    return isinstance(entry, Mapping) and "secret_ref" in entry


def _merge_setting(entry: Any, value: Mapping[str, Any]) -> Any:
    if "value" in entry and not quantity.same(_text(entry["value"]), _text(value["value"])):
        found = value["value"]
        entry["value"] = int(found) if type(entry["value"]) is int and _INTEGER.fullmatch(str(found)) else found
    return entry


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return quantity.written(value)


def _merge_principal(entry: Any, value: Mapping[str, Any]) -> Any:
    for name in (*_RIGHTS, "roles", "connection_limit", "valid_until"):
        if name not in value:
            entry.pop(name, None)
    for name, found in value.items():
        if entry.get(name) != found:
            entry[name] = found
    return entry


def _merge_grants(access: Any, wanted: Iterable[str] | None, only: Collection[str]) -> None:
    if wanted is None:
        return
    here, seen = list(access.get("grants") or ()), list(wanted)
    present = singles(seen)
    different = singles(here) ^ present
    lines = here if only or not different else seen
    for grant in sorted(different.intersection(only)):
        lines = joined(lines, grant) if grant in present else without(lines, grant)
    if lines != here:
        _replace(access, "grants", lines)


def _replace(data: Any, key: str, lines: list[str]) -> None:
    """Make a list hold these lines; comments stay beside theirs."""
    from difflib import SequenceMatcher

    here = data.setdefault(key, [])
    changes = SequenceMatcher(None, list(here), lines, autojunk=False).get_opcodes()
    for _, start, end, first, last in reversed(changes):
        both = min(end - start, last - first)
        for place in range(both):
            if here[start + place] != lines[first + place]:
                here[start + place] = lines[first + place]
        for place in reversed(range(start + both, end)):
            del here[place]
        for line in reversed(lines[first + both : last]):
            here.insert(start + both, line)
    if not here:
        del data[key]


def _merge_schema(schema: Any, wanted: Mapping[str, Any], only: Collection[str]) -> None:
    for key in ("tables", "extensions"):
        part = wanted.get(key)
        if key == "tables" and len(part or ()) > TABLES_AT_MOST and not schema.get(key):
            part = None
        _merge_mappings(schema, key, part, only, lambda entry, value: value if entry != value else entry)
    if _chosen(FINGERPRINT, only) and "fingerprint" in wanted:
        schema["fingerprint"] = wanted["fingerprint"]
