"""A record that is to be, while names in it are still as somebody wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stocktake.values.secret import redact
from stocktake.values.text import shown

LABEL_AT_MOST = 400
_KEY = re.compile(r"[^a-z0-9._/-]+")
_EDGE = "._/-"


class Draft(NamedTuple):
    """`facts` by dotted name, references in them by whatever name was given; `labels` and `prose` hold what is no
    fact, `body` the text of what is a page; `place` is where it stands, as in `inventory.csv:3`.
    """

    kind: str
    id: str
    facts: Mapping[str, Any]
    place: str
    labels: Mapping[str, str] = {}
    prose: tuple[str, ...] = ()
    body: str = ""


class Found(NamedTuple):
    """What one file holds: drafts, how it was read and what of it is kept in another form, and questions: what
    somebody has to say before it can be a record.
    """

    drafts: tuple[Draft, ...] = ()
    told: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    title: str = ""
    dated: str = ""
    text: str = ""


def literal(text: str) -> str:
    """Text as it may stand in a record: what hides is written as code points, secrets are taken out."""
    return redact(shown(text.replace("\r\n", "\n"), multiline=True)).strip()


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(literal(text).split())


def label(name: str) -> str:
    """A name as that of a label."""
    return _KEY.sub("-", name.lower()).strip(_EDGE)[:100].strip(_EDGE) or "unnamed"


def kept(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is no fact, by name: short texts as labels, long ones as paragraphs."""
    labels: dict[str, str] = {}
    prose = []
    for name, text in pairs:
        line, whole = one_line(text), literal(text)
        if len(line) > LABEL_AT_MOST or "\n" in whole:
            prose.append(f"{one_line(name)}: {whole}")
        elif line:
            key, number = label(name), 2
            while key in labels and labels[key] != line:
                key, number = f"{label(name)[:96]}-{number}", number + 1
            labels[key] = line
    return labels, tuple(prose)


def shortened(text: str) -> str:
    """A text that is not longer than one line of a record may be."""
    line = one_line(text)
    return line if len(line) <= LABEL_AT_MOST else f"{line[: LABEL_AT_MOST - 1]}…"
