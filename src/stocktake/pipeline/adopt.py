"""Turn spreadsheets, Backstage catalogues and documents into first records, with the sources that they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from stocktake.errors import UsageError
from stocktake.exchange.adopt.columns import FIELDS
from stocktake.exchange.adopt.draft import Draft, Found, shortened
from stocktake.load import known
from stocktake.load.files import Tree
from stocktake.pipeline import adopt_files
from stocktake.pipeline.adopt_files import OTHERS, TABLES, TEXTS, YAML, File, Words
from stocktake.pipeline.adopt_names import mentioned, resolved
from stocktake.pipeline.adopt_records import judged, texts
from stocktake.pipeline.estate import Opened, open_estate
from stocktake.values.text import slug
from stocktake.write import write_all

_ABOUT_AT_MOST = 500
_ABOUT = frozenset(("asset", "baseline", "dependency", "flow", "system", "team"))


class Wanted(NamedTuple):
    """How to read: a kind for every table, a type for assets that say none, facts by heading, a page by path, and
    who reads.
    """

    kind: str = ""
    type: str = ""
    columns: Mapping[str, str] = {}
    url: str = ""
    by: str = ""


class Adoption(NamedTuple):
    """New records by path, what was read as what, how many things are there already, the findings that the new ones
    have, and the list of known findings with them.
    """

    files: tuple[tuple[str, bytes], ...]
    told: tuple[str, ...]
    there: int
    findings: tuple[str, ...]
    known: str
    bugs: tuple[str, ...]


def adopt(tree: Tree, paths: Sequence[str], today: date, wanted: Wanted = Wanted()) -> Adoption:  # noqa: B008
    """What the files at `paths`, and in the folders there, would become; nothing is written.

    Raises UsageError where there is none of them, InputError where the registry is wrong.
    """
    opened = open_estate(tree)
    estate = opened.sound()
    files, told = adopt_files.files(tree, paths)
    if not files:
        raise UsageError(
            "There is nothing to adopt", f"These are read: {', '.join((*TABLES, *YAML, *TEXTS, *OTHERS))}."
        )
    found, unread = adopt_files.found_in(files, estate, Words(wanted.kind, wanted.type, wanted.columns))
    told += unread
    ready = resolved([(name, one.drafts) for name, one in found.items()], estate)
    sources = _sources(files, found, ready.about, ready.questions, opened, ready.drafts, today, wanted)
    records, notes = texts([*ready.drafts, *sources], opened, tree, today)
    listed = judged(tree, records, today)
    every = [*told, *(line for one in found.values() for line in one.told), *ready.told, *notes]
    return Adoption(tuple(sorted(records.items())), tuple(every), ready.there, *listed)


def apply(tree: Tree, made: Adoption) -> None:
    """Write it: the list of known findings first, so that a run that was killed lists none too few."""
    if made.findings:
        write_all(tree.root, [(known.FILE, made.known.encode())])
    write_all(tree.root, made.files)


def _sources(
    files: Iterable[File],
    found: Mapping[str, Found],
    about: Mapping[str, tuple[str, ...]],
    questions: Mapping[str, tuple[str, ...]],
    opened: Opened,
    drafts: Iterable[Draft],
    today: date,
    wanted: Wanted,
) -> Iterator[Draft]:
    """A source for each file that was read; one that was read before, in the same form, has its record already."""
    there = {(one.data.get("where"), one.data.get("labels", {}).get("sha256")) for one in opened.estate.of("source")}
    taken = {one.id for one in opened.estate.of("source")}
    named = _named(opened, drafts)
    for file in files:
        digest = hashlib.sha256(file.raw).hexdigest()
        if file.name not in found or (file.name, digest) in there:
            continue
        one = found[file.name]
        spoken = [*about.get(file.name, ()), *mentioned(one.text, named)]
        facts: dict[str, Any] = {"name": one.title or shortened(file.name), "method": "examine"}
        facts |= {"where": file.name, "when": today.isoformat()}
        told = {
            "by": wanted.by,
            "dated": one.dated if one.dated <= today.isoformat() else "",
            "links": [f"{wanted.url.rstrip('/')}/{file.name}"] if wanted.url else [],
            "about": [each for each in dict.fromkeys(spoken) if each.partition("/")[0] in _ABOUT][:_ABOUT_AT_MOST],
            "questions": list(dict.fromkeys((*one.questions, *questions.get(file.name, ())))),
        }
        identity, number = slug(file.name), 2
        while identity in taken:
            identity, number = f"{slug(file.name)}-{number}", number + 1
        taken.add(identity)
        yield Draft(
            "source",
            identity,
            facts | {key: value for key, value in told.items() if value},
            file.name,
            {"sha256": digest},
        )


def _named(opened: Opened, drafts: Iterable[Draft]) -> list[tuple[str, tuple[str, ...]]]:
    """What a document may mention: systems, assets and teams, that are there and that will be."""
    kinds = ("asset", "system", "team")
    there = [(one.kind, one.id, one.data) for one in opened.estate.records]
    every = [*there, *((one.kind, one.id, one.facts) for one in drafts)]
    return [
        (f"{kind}/{identity}", (identity, str(data.get("name", "")), *map(str, data.get("aliases", ()))))
        for kind, identity, data in every
        if kind in kinds
    ]


def kinds() -> tuple[str, ...]:
    """The kinds that a table can be read as."""
    return tuple(FIELDS)


def facts() -> frozenset[str]:
    """The facts that a column can be."""
    return frozenset(name for kind in FIELDS.values() for name in kind)
