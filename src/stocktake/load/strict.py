"""Parse YAML slowly: with the position of every key and value, and with a clear refusal of everything a record may
not hold.

Only files that failed, or look as if they might, come here; `stocktake.load.yaml` is the fast way in and gives the
same data.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from stocktake.load.files import TOLD_AT_MOST
from stocktake.load.scalars import DEPTH_AT_MOST, resolve
from stocktake.values.text import hostile, shown

_STANDARD_TAG = "tag:yaml.org,2002:"
_BEGINNINGS = ("while scanning a quoted scalar", "while parsing a flow sequence", "while parsing a flow mapping")
_HIDDEN = "It hides or reorders text: delete it."

Path = tuple[str | int, ...]
Place = tuple[int, int]


class Flaw(NamedTuple):
    """Something YAML allows and a record may not hold; line and column count from 1."""

    line: int
    column: int
    path: Path
    message: str
    hint: str = ""


class Document(NamedTuple):
    """`keys` and `values` say where each key and each value begins, by path; `flaws` are in the order of the file."""

    data: Any
    keys: dict[Path, Place]
    values: dict[Path, Place]
    flaws: list[Flaw]

    def place(self, path: Path) -> Place:
        """Where a path stands: its value, else the nearest thing around it that exists."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def key(self, path: Path) -> Place:
        """Where the key of a path stands."""
        return self.keys.get(path) or self.place(path)


class _TooDeepError(Exception):
    pass


class _Walker:
    """Turns the parser's events into a Document; one object per file, since the recursion shares its tables."""

    def __init__(self, text: str):
        self.parser = yaml.CSafeLoader(text)
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.flaws: list[Flaw] = []

    def flaw(self, event: Any, path: Path, message: str, hint: str = "") -> None:
        if len(self.flaws) <= TOLD_AT_MOST:
            self.flaws.append(Flaw(*_place(event), path, message, hint))

    def document(self) -> Any:
        data, count = None, 0
        while True:
            event = self.parser.get_event()
            if isinstance(event, StreamEndEvent):
                return data
            if isinstance(event, (StreamStartEvent, DocumentEndEvent)):
                continue
            if isinstance(event, DocumentStartEvent):
                count += 1
                if event.version or event.tags:
                    self.flaw(event, (), "a % directive is not allowed")
                if count > 1:
                    self.flaw(
                        event,
                        (),
                        "a second document begins here",
                        "A file holds one record: write each into a file of its own.",
                    )
                continue
            value = self.value(event, ())
            data = value if count == 1 else data

    def value(self, event: Any, path: Path) -> Any:
        self.values[path] = _place(event)
        if len(path) > DEPTH_AT_MOST:
            self.flaw(event, path[:1], f"nested deeper than {DEPTH_AT_MOST} levels")
            raise _TooDeepError
        if isinstance(event, AliasEvent):
            name = shown(str(event.anchor))
            return self.flaw(event, path, f"an alias (*{name}) is not allowed", "Write the value out.")
        if event.anchor:
            self.flaw(
                event,
                path,
                f"an anchor (&{shown(str(event.anchor))}) is not allowed",
                "Write the value out where it is needed.",
            )
        if event.tag:
            self.flaw(
                event,
                path,
                f"a tag ({shown(event.tag.replace(_STANDARD_TAG, '!!'))}) is not allowed",
                "Remove it: values are plain text, numbers and true or false.",
            )
        if isinstance(event, MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, path)
        return self.sequence(path)

    def mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self.parser.get_event(), MappingEndEvent):
            key = self.key(event, path, result)
            inner = (*path, key)
            self.keys[inner] = _place(event)
            result[key] = self.value(self.parser.get_event(), inner)
        return result

    def key(self, event: Any, path: Path, result: dict[str, Any]) -> str:
        if not isinstance(event, ScalarEvent):
            before = len(self.flaws)
            value = self.value(event, (*path, "?"))
            del self.flaws[before:]
            self.flaw(event, path, "a key must be text", "Lists, mappings and aliases cannot be keys.")
            return f"?{value}"
        if event.value == "<<" and not event.style:
            self.flaw(event, (*path, "<<"), "a merge key (<<) is not allowed", "Write the values out.")
        elif event.anchor or event.tag:
            self.flaw(event, path, "an anchor or a tag on a key is not allowed")
        elif not event.style and not isinstance(_meaning(event.value), str):
            self.flaw(
                event,
                path,
                f"the key {shown(event.value) or '(empty)'} is not text",
                f'Put it in quotes: "{shown(event.value)}".',
            )
        if event.style == '"':
            self.refuse_hidden(event, path)
        if event.value in result:
            first = self.keys[(*path, event.value)][0]
            self.flaw(
                event,
                (*path, event.value),
                f'the key "{shown(event.value)}" stands here twice',
                f"Its first place is line {first}.",
            )
        return str(event.value)

    def sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := self.parser.get_event(), SequenceEndEvent):
            result.append(self.value(event, (*path, len(result))))
        return result

    def scalar(self, event: Any, path: Path) -> Any:
        if event.style == '"':
            self.refuse_hidden(event, path)
        if event.style or event.tag:
            return event.value
        try:
            return resolve(event.value)
        except ValueError as error:
            return self.flaw(event, path, str(error), "Write a plain number, or put it in quotes.")

    def refuse_hidden(self, event: Any, path: Path) -> None:
        """Escapes between double quotes may stand for characters that the file itself may not hold."""
        for _, codepoint in hostile(event.value)[:1]:
            self.flaw(event, path, f"the character {codepoint} is not allowed", _HIDDEN)


def _meaning(text: str) -> Any:
    try:
        return resolve(text)
    except ValueError:
        return None


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def parse(text: str) -> Document:
    """Everything in a YAML text; a syntax error is one more flaw, and `data` is then None."""
    walker = _Walker(text)
    data = None
    try:
        data = walker.document()
    except _TooDeepError:
        pass
    except yaml.MarkedYAMLError as error:
        walker.flaws.append(_syntax(error))
    except yaml.YAMLError as error:
        walker.flaws.append(Flaw(1, 1, (), f"not YAML: {shown(str(error))}"))
    finally:
        walker.parser.dispose()
    return Document(data, walker.keys, walker.values, walker.flaws)


def _syntax(error: yaml.MarkedYAMLError) -> Flaw:
    mark = error.context_mark if _never_ends(error) else error.problem_mark
    mark = mark or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    context = f" {shown(error.context)}" if error.context else ""
    return Flaw(
        line, column, (), f"not YAML: {shown(error.problem or 'syntax error')}{context}", _advice(error.problem or "")
    )


def _never_ends(error: yaml.MarkedYAMLError) -> bool:
    """Whether the place where something begins says more than the place where the parser gave up."""
    return str(error.context) in _BEGINNINGS


def _advice(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "Quote text that holds a colon and a space, and begin all keys of a mapping in one column."
    if "did not find expected key" in problem:
        return "Here a key and a colon must follow, in the column of the keys above; a list has a key of its own."
    if "did not find expected '-' indicator" in problem:
        return "Begin all entries of a list in one column, each with a hyphen."
    if "end of stream" in problem:
        return "Close the quotes."
    if "did not find expected ','" in problem:
        return "Close the bracket."
    if "cannot start any token" in problem:
        return "Text that begins with @, `, % or a tab needs quotes."
    if "could not find expected ':'" in problem:
        return "A key is followed by a colon and a space."
    return ""
