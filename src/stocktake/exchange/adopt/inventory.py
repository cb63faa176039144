"""Rows of a table as drafts: one record a row, or one for all rows that name the same thing in several environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.columns import LABEL, fields
from stocktake.exchange.adopt.draft import Draft, Found, kept, literal, one_line, shortened
from stocktake.exchange.adopt.table import Row, Table
from stocktake.values.text import slug

_PER_ENVIRONMENT = ("endpoint", "host", "machine", "region", "zone")
_MAY_DIFFER = ("engine", "version")  # these stand above the instances where all have the same
_PROSE = "description"


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
        draft, notes = _draft(_cells(row, table.columns, columns), kind, known, place)
        told += notes
        if draft:
            drafts.append(draft)
        else:
            said = "; ".join(
                f"{name}: {text}" for name, text in zip(table.columns, row.cells, strict=False) if text.strip()
            )
            what = "What is it called" if notes and notes[-1].endswith("has no name") else "What type of asset is this"
            questions.append(shortened(f"{what}? {place} says {said}"))
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


def _draft(cells: list[_Cell], kind: str, known: Known, place: str) -> tuple[Draft | None, list[str]]:
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
    return _finished(facts, rest, notes, kind, known, place), notes


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


def _finished(
    facts: dict[str, Any], rest: list[tuple[str, str]], notes: list[str], kind: str, known: Known, place: str
) -> Draft | None:
    """The draft of one row; none where nobody can tell what it is."""
    given = facts.pop("id", "")
    name = facts.setdefault("name", given)
    if kind == "dependency":
        if not facts.get("from") or not facts.get("to"):
            notes.append(f"{place}: has no name")
            return None
        if not name:
            facts.pop("name")
        name = f"{facts['from']}-{facts.get('type', 'uses')}-{facts['to']}"
    if not name:
        notes.append(f"{place}: has no name")
        return None
    if kind == "asset" and not facts.get("type"):
        facts["type"] = known.type
        if not known.type:
            notes.append(
                f"{place}: {name}: says of no type of asset that it is one; `--type TYPE` says it for all such rows"
            )
            return None
    if kind == "risk":
        _risk(facts)
    if given and given != name:
        rest.append(("id", given))
    labels, prose = kept(rest)
    identity = slug(given) if given and slug(given) == given else slug(name)
    return Draft(kind, identity[:100].strip("-"), facts, place, labels, prose)


def _risk(facts: dict[str, Any]) -> None:
    """What a risk must say, and the weakness that stands in two columns as the entry that it is."""
    facts.setdefault("statement", facts["name"])
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
    first = group[0]
    facts = {name: value for name, value in first.facts.items() if name != "environment"}
    labels, prose = dict(first.labels), list(first.prose)
    differing = {name for name in _MAY_DIFFER if len({draft.facts.get(name) for draft in group}) > 1}
    apart = {*_PER_ENVIRONMENT, *differing}
    for draft in group:
        where = draft.facts.get("environment", "")
        if where and where not in known.environments:
            labels.setdefault("environment" if draft is first else f"environment-{where}", where)
            where = "" if draft is first else where
        for name, value in draft.facts.items():
            if name == "environment":
                continue
            if where in known.environments and name in apart:
                facts[f"instances.{where}.{name}"] = value
                facts.pop(name, None)
            elif draft is not first and facts.get(name) != value:
                labels[f"{name.replace('_', '-')}-{where}"] = shortened(str(value))
        if where in known.environments and not any(name.startswith(f"instances.{where}.") for name in facts):
            facts[f"instances.{where}"] = {}
        if draft is not first:
            labels |= {name: text for name, text in draft.labels.items() if name not in labels}
            labels |= {f"{name}-{where}": text for name, text in draft.labels.items() if labels[name] != text}
            prose += [text for text in draft.prose if text not in prose]
    place = ", ".join([first.place, *(draft.place.rpartition(":")[2] for draft in group[1:])])
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
