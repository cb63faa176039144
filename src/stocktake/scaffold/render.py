"""Fill the templates: a placeholder is `<<words>>`, and its value is escaped for the language of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stocktake.scaffold.actions import ACTIONS
from stocktake.scaffold.spec import with_extras

_PLACEHOLDER = re.compile(r"<<([a-z][a-z /-]*)>>")
_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_ID = re.compile(r"[a-z][a-z0-9-]*")
_NO_TEXT = frozenset({"false", "n", "no", "null", "off", "on", "true", "y", "yes"})
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|&~-])")


class Wishes(NamedTuple):
    """What differs between one new repository and another; `spec` is a requirement without extras.

    `source` is the name of a tree that was looked at, and `path` where it lies in the repository, if it does.
    """

    name: str
    spec: str
    today: str
    source: str = ""
    path: str = ""


def render(templates: Iterable[tuple[str, str]], wishes: Wishes) -> Iterator[tuple[str, bytes, bool]]:
    """Every file of a new repository as (path, content, executable)."""
    for path, text in templates:
        values = _values(wishes, path.endswith(".md"))
        yield path, _filled(text, values).encode(), path.startswith("scripts/")


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _values(wishes: Wishes, in_markdown: bool) -> Mapping[str, str]:
    return {
        **ACTIONS,
        "name": _MARKDOWN.sub(r"\\\1", wishes.name) if in_markdown else _scalar(wishes.name),
        "sources": _sources(wishes),
        "spec": _quoted(wishes.spec),
        "spec with extras": _quoted(with_extras(wishes.spec)),
        "today": wishes.today,
    }


def _sources(wishes: Wishes) -> str:
    """The lines that name what was looked at; none where nothing was."""
    if not wishes.source:
        return ""
    place = f"{{path: {_quoted(wishes.path)}}}" if wishes.path else "{}"
    hint = "" if wishes.path else f"  # it lies elsewhere: stocktake discover {wishes.source}=PATH"
    name = wishes.source if _ID.fullmatch(wishes.source) and wishes.source not in _NO_TEXT else _quoted(wishes.source)
    return f"sources:\n  {name}: {place}{hint}\n"


def _scalar(value: str) -> str:
    """A value of YAML: as it is where nobody can read it as anything but text."""
    return value if _PLAIN.fullmatch(value) and value.lower() not in _NO_TEXT else _quoted(value)


def _quoted(value: str) -> str:
    """A string of JSON is one of YAML and of TOML too."""
    return json.dumps(value, ensure_ascii=False)
