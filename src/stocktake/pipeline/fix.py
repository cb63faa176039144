"""Mend what has one right answer only, so that nobody has to think about it; all else in a file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any, NamedTuple

import yaml
from yaml.events import ScalarEvent

from stocktake.edit.fix import Mend, ended, ordered, rewritten, tidy
from stocktake.errors import InputError
from stocktake.load import front_matter
from stocktake.load import record as one
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.strict import Document, parse
from stocktake.load.validate import FAULTS_AT_MOST, Fault
from stocktake.load.yaml import SIZE_AT_MOST, encoding_problems
from stocktake.pipeline.check_files import SETTINGS, Checker
from stocktake.values.text import only_one

_WORD = re.compile(r"[^\s,\[\]{}#]+")
_FIRST, _LATE = ("name", "description"), ("instances",)
SETTINGS_SCHEMA = "settings"
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")


class Mended(NamedTuple):
    """A file and what it is to hold."""

    path: str
    before: str
    after: str


def mended(tree: Tree, paths: Iterable[str]) -> Iterator[Mended]:
    """The records and settings among these files (or the files in these folders) that can be mended.

    Raises InputError where a schema cannot be used.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    checker = Checker(tree, schemas)
    for path in sorted({found for given in paths for found in checker.inside(given)}):
        name = SETTINGS_SCHEMA if path == SETTINGS else one.kind_of(path, checker.folders)
        if name is None or path.startswith(("../", "/")) or tree.flaw(path):
            continue
        try:
            before = tree.read(path, SIZE_AT_MOST)
        except InputError:
            continue  # the check says why
        after = content(before, path, name, schemas)
        if after != before:
            yield Mended(path, before.decode(), after.decode())


def content(raw: bytes, path: str, name: str, schemas: Schemas) -> bytes:
    """The content of a file, mended as its schema asks; `name` is that of the schema."""
    if encoding_problems(raw, path, tabs=True):
        return raw
    if not path.endswith(".md"):
        return ended_as_it_means(_front(raw.decode(), name, schemas)).encode()
    front, _, wrong = front_matter.split(raw, path)
    if wrong:
        return raw
    text, opening = raw.decode(), raw.decode().index("\n")  # in the place of the first fence stands an empty line
    length = len(front.decode()) - 1
    inside = text[opening + 1 : opening + 1 + length]
    return ended(text[: opening + 1] + _front(f"\n{inside}", name, schemas)[1:] + text[opening + 1 + length :]).encode()


def ended_as_it_means(text: str) -> str:
    """The text with one line end at its end, where it says something and that changes nothing of it."""
    after, data = ended(text), parse(text).data
    return after if data is not None and parse(after).data == data else text


def _front(text: str, name: str, schemas: Schemas) -> str:
    document = parse(text)
    if document.flaws or not isinstance(document.data, dict):
        return text
    mends = list(_mends(text, document, _faults(document.data, name, schemas)))
    wrong = {fault.path for fault in _faults(_with(document.data, mends), name, schemas)}
    mends = [mend for mend in mends if mend.path not in wrong]
    better = rewritten(text, mends)
    if parse(better).data != _with(document.data, mends):
        better = text
    ending = "" if better.endswith("\n") else "\n"  # the end of the file is looked at alone
    top = {str(key): place for (key, *more), place in parse(better).keys.items() if not more}
    order = [] if name == SETTINGS_SCHEMA else _order(name, schemas)  # settings stand as people wrote them
    arranged = ordered(f"{better}{ending}", top, order)
    better = arranged if parse(arranged).data == parse(better).data else f"{better}{ending}"
    tidied = tidy(better, _kept(better))
    return (tidied if parse(tidied).data == parse(better).data else better).removesuffix(ending)


def _order(name: str, schemas: Schemas) -> list[str]:
    """The keys of a kind as people read them: what it is, its own facts, its instances, and what every kind has."""
    every = list(schemas.shape(name).fields or ())
    common = [key for key in schemas.documents["common"]["$defs"]["base"]["properties"] if key not in _FIRST]
    own = [key for key in every if key not in (*_FIRST, *common, *_LATE)]
    return [*_FIRST, *own, *_LATE, *common]


def _faults(data: Any, name: str, schemas: Schemas) -> list[Fault]:
    validator = schemas.validator(name)
    return [] if validator.is_valid(data) else list(islice(validator.faults(data), FAULTS_AT_MOST))


def _mends(text: str, document: Document, faults: Iterable[Fault]) -> Iterator[Mend]:
    lines = text.split("\n")
    told = set()
    for fault in faults:
        new = None if fault.is_key or fault.path in told else _meant(fault)
        line, column = document.place(fault.path)
        if new is None or fault.path not in document.values:
            continue
        old, quote = _written(lines[line - 1][column - 1 :], fault.value)
        if old:
            told.add(fault.path)
            yield Mend(fault.path, line, column, old, _quoted(new if new else old, quote or _needs_quotes(fault)))
    for path, (line, column) in document.values.items():
        is_there = path not in told and line <= len(lines)  # a key alone may have its empty value behind the end
        found = _WORD.match(lines[line - 1], column - 1) if is_there else None
        if found and _DAY.match(found[0]) and _at(document.data, path) == found[0]:
            yield Mend(path, line, column, found[0], f'"{found[0]}"')


def _meant(fault: Fault) -> str | None:
    """What one word was meant to be; empty for the same in quotes."""
    value = fault.value
    if fault.keyword == "enum" and isinstance(value, str):
        return only_one(value, [str(option) for option in fault.schema["enum"]])
    if fault.keyword == "type" and fault.schema["type"] == "string" and type(value) in (int, float):
        return ""
    if fault.keyword == "pattern" and "not a date" in str(fault.schema.get("errorMessage", "")):
        found = _DAY.match(str(value))
        return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else None
    return None


def _needs_quotes(fault: Fault) -> str:
    return "" if fault.keyword == "enum" else '"'


def _written(rest: str, value: Any) -> tuple[str, str]:
    """How a value is written at the beginning of a text, and its quotes; nothing where it is written otherwise."""
    for quote in ('"', "'"):
        if rest.startswith(f"{quote}{value}{quote}"):
            return f"{quote}{value}{quote}", quote
    found = _WORD.match(rest)
    return (found[0], "") if found and (not isinstance(value, str) or found[0] == value) else ("", "")


def _quoted(word: str, quote: str) -> str:
    return f"{quote}{word}{quote}"


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def _with(data: Any, mends: Iterable[Mend]) -> Any:
    """The data as the mended file says it."""
    whole = deepcopy(data)
    for mend in mends:
        *outer, last = mend.path
        _at(whole, tuple(outer))[last] = mend.new.strip("\"'")
    return whole


def _kept(text: str) -> set[int]:
    """The lines of texts that go over several lines, where a space at the end may be meant."""
    kept: set[int] = set()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        start, end = event.start_mark, event.end_mark
        if isinstance(event, ScalarEvent) and start and end and start.line != end.line:
            kept.update(range(start.line + 1, end.line + 2))
    return kept
