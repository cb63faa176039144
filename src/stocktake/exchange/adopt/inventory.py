"""Rows of a table as drafts: one record a row, or one for all rows that name the same thing in several environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.columns import LABEL, fields
from stocktake.exchange.adopt.draft import Draft, Found, kept, label, literal, one_line, shortened
from stocktake.exchange.adopt.table import Row, Table
from stocktake.values.text import slug

_PER_ENVIRONMENT = ("endpoint", "host", "machine", "region", "zone")
_MAY_DIFFER = ("engine", "version")  # these stand above the instances where all have the same
_PROSE = "description"
# What is asked of a row that can be no record yet, and why it can be none.
_NAME, _ENDS, _TYPE = "What is this called?", "What depends on what?", "What type of asset is this?"
_MISSING = {
    _NAME: "has no name",
    _ENDS: "does not say what depends on what",
    _TYPE: "names no type of asset (`--type TYPE` gives one to all such rows)",
}


class Known(NamedTuple):
    """What the estate has words for: types of assets, engines, environments; `type` is for rows that say none."""

    types: frozenset[str]
    engines: words.Engines
    environments: frozenset[str]
    type: str = ""


def read(table: Table, kind: str, known: Known, chosen: Mapping[str, str]) -> Found:
    """The drafts in a table, what was read as what, and the rows that can be none."""
    columns = fields(table.columns, kind, chosen)
    told = [_columns(table, columns, kind)]
    told += [
        f"{table.name}:{row.line}: stands above the table: {shortened(' '.join(row.cells))}" for row in table.above
    ]
    drafts, questions = [], []
    for row in table.rows:
        place = f"{table.name}:{row.line}"
        cells = _cells(row, table.columns, columns)
        made, notes = _draft(cells, kind, known, place)
        if isinstance(made, Draft):
            drafts.append(made)
            told += notes
        else:
            said = "; ".join(f"{cell.heading}: {cell.text}" for cell in cells)
            told.append(f"{place}: {_MISSING[made]}, so it is kept as a question")
            questions.append(shortened(f"{made} {place} says {said}"))
    return Found(tuple(_apart(_together(drafts, known))), tuple(told), tuple(questions))


class _Cell(NamedTuple):
    heading: str
    field: str
    text: str


def _cells(row: Row, headings: tuple[str, ...], columns: tuple[str, ...]) -> list[_Cell]:
    every = zip(headings, columns, row.cells, strict=False)
    return [_Cell(heading, field, text) for heading, field, text in every if text.strip()]


def _columns(table: Table, columns: tuple[str, ...], kind: str) -> str:
    """What each column was read as."""
    pairs = list(zip(table.columns, columns, strict=True))
    facts = ", ".join(f"{one_line(heading)} -> {name}" for heading, name in pairs if name)
    others = ", ".join(one_line(heading) for heading, name in pairs if name == LABEL)
    labels = f"; as labels: {others}" if others else ""
    return f"{table.name}: {len(table.rows)} rows, each {kind}: {facts or 'no column is known'}{labels}"


def _draft(cells: list[_Cell], kind: str, known: Known, place: str) -> tuple[Draft | str, list[str]]:
    """What one row becomes, or what is to be asked of it, and what of it is kept in another form."""
    facts: dict[str, Any] = {}
    rest: list[tuple[str, str]] = []
    notes: list[str] = []
    for cell in cells:
        if cell.field != LABEL and one_line(cell.text).lower() in words.NOTHING:
            continue
        value = _value(cell, kind, known) if cell.field else None
        if cell.field and value in (None, ""):
            notes.append(f"{place}: {cell.heading}: {shortened(cell.text)!r} is kept as a label, it is no {cell.field}")
        if value in (None, ""):
            rest.append((cell.heading, cell.text))
        elif cell.field == "engine":
            facts |= {
                name: part
                for name, part in zip(("engine", "version", "type"), value, strict=True)
                if part and name not in facts
            }
            if slug(cell.text) not in (value[0], slug(f"{value[0]} {value[1]}")):
                rest.append((cell.heading, cell.text))
        else:
            facts[cell.field] = value
        if literal(cell.text) != cell.text.replace("\r\n", "\n").strip():
            notes.append(f"{place}: {cell.heading}: what hides in it is shown, and secrets are left out")
    return _finished(facts, rest, kind, known, place), notes


def _value(cell: _Cell, kind: str, known: Known) -> Any:
    text = one_line(cell.text)
    if cell.field == "engine" and kind == "asset":
        return words.engine(text, known.engines)
    if cell.field == "type":
        return (
            words.DEPENDENCY.get(slug(text))
            if kind == "dependency"
            else words.kind_of_asset(text, known.types, known.engines)
        )
    if cell.field == _PROSE:
        return literal(cell.text)
    return words.READERS.get(cell.field, one_line)(text if cell.field != "about" else cell.text)


def _finished(facts: dict[str, Any], rest: list[tuple[str, str]], kind: str, known: Known, place: str) -> Draft | str:
    """The draft of one row; the question that it leaves open where it can be none."""
    given = facts.pop("id", "")
    name = facts.pop("name", "") or given
    if kind == "dependency":
        if not facts.get("from") or not facts.get("to"):
            return _ENDS
        named = {"name": name} if name else {}
        name = f"{facts['from']}-{facts.get('type', 'uses')}-{facts['to']}"
    elif not name:
        return _NAME
    else:
        named = {"name": name}
    if kind == "asset" and not facts.setdefault("type", known.type):
        return _TYPE
    if kind == "risk":
        _risk(facts, name)
    if given and given != name:
        rest.append(("id", given))
    labels, prose = kept(rest)
    identity = slug(given) if given and slug(given) == given else slug(name)
    return Draft(kind, identity[:100].strip("-"), {**named, **facts}, place, labels, prose)


def _risk(facts: dict[str, Any], name: str) -> None:
    """What a risk must say, and the weakness that stands in two columns as the entry that it is."""
    facts.setdefault("statement", name)
    facts.setdefault("status", "open")
    weakness, state = facts.pop("vulnerability", ""), facts.pop("vulnerability_status", "")
    if weakness:
        facts["vulnerabilities"] = {slug(weakness): {"description": weakness, "status": slug(state) or "open"}}


def _together(drafts: Iterable[Draft], known: Known) -> Iterator[Draft]:
    """Rows of one name in different environments are one record with an instance for each."""
    groups: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.kind, draft.id), []).append(draft)
    for group in groups.values():
        places = [draft.facts.get("environment", "") for draft in group]
        if len(group) == 1 or (all(places) and len(set(places)) == len(places)):
            yield _instances(group, known)
        else:
            yield from (_instances([draft], known) for draft in group)


def _instances(group: list[Draft], known: Known) -> Draft:
    """One record of rows that differ by their environment; what is told of one environment stands in its instance."""
    first, *others = group
    differing = {name for name in _MAY_DIFFER if len({draft.facts.get(name) for draft in group}) > 1}
    facts: dict[str, Any] = {}
    labels, prose = dict(first.labels), list(first.prose)
    for draft in group:
        where = draft.facts.get("environment", "")
        is_known = where in known.environments
        apart = {*_PER_ENVIRONMENT, *differing} if is_known else set()
        rest = {name: value for name, value in draft.facts.items() if name != "environment"}
        own = {f"instances.{where}.{name}": rest.pop(name) for name in sorted(apart & set(rest))}
        if draft is first:
            facts |= rest
        else:
            unlike = {name: value for name, value in rest.items() if facts.get(name) != value}
            labels |= {label(f"{name}-{where}"): shortened(str(value)) for name, value in unlike.items()}
        if where and not is_known:
            labels["environment" if draft is first else f"environment-{where}"] = where
        facts |= own or ({f"instances.{where}": {}} if is_known else {})
    for draft in others:
        where = draft.facts["environment"]
        for name, text in draft.labels.items():
            labels[name if labels.get(name, text) == text else f"{name}-{where}"] = text
        prose += [text for text in draft.prose if text not in prose]
    place = ", ".join([first.place, *(draft.place.rpartition(":")[2] for draft in others)])
    return first._replace(facts=facts, labels=labels, prose=tuple(prose), place=place)


def _apart(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Different rows have different ids."""
    taken: set[tuple[str, str]] = set()
    for draft in drafts:
        identity, number = draft.id, 2
        while (draft.kind, identity) in taken:
            identity, number = f"{draft.id[:96]}-{number}", number + 1
        taken.add((draft.kind, identity))
        yield draft._replace(id=identity)
