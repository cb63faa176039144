"""A decision that somebody wrote down as Michael Nygard's template or MADR has it, as the record that it is here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.document import FRONT, day_of, title_of
from stocktake.exchange.adopt.draft import Draft, kept, literal, one_line
from stocktake.values.text import slug

_NUMBER = re.compile(r"(?:adr[-_ ]?)?([0-9]{1,4})[-_. ]", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:ADR[-_ ]?)?[0-9]{1,4}[.:)]?[ -]+|^ADR[-_ ]?[0-9]{1,4}[.:)]?[ -]+", re.IGNORECASE)
_DECISION = re.compile(r"^#{1,3} +Decision\b", re.MULTILINE | re.IGNORECASE)
_SECTION = re.compile(r"^#{1,3} +Status *#*\n+((?:(?!#).*\n?)*)", re.MULTILINE | re.IGNORECASE)
_LINE = re.compile(r"^[ \t>*_-]*status\**:\**[ \t]*[\"']?(\w+)", re.MULTILINE | re.IGNORECASE)
_KEY = re.compile(r"([A-Za-z][\w -]{0,60}):(?:[ \t]+(.*)|)$")
_TITLE_LINE = re.compile(r"\A\s*# +[^\n]*\n")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((?!https?://|mailto:|#)([^)\s]+)[^)\n]*\)")
_STATUS = {
    **{word: word for word in ("accepted", "deprecated", "proposed", "rejected", "superseded")},
    "approved": "accepted",
    "decided": "accepted",
    "draft": "proposed",
    "pending": "proposed",
}


def read(name: str, text: str) -> Draft | None:
    """The draft of a decision; None where the document is none, or does not say its status and its day."""
    section = _SECTION.search(text)
    line = _LINE.search(text)
    said = re.search(r"\w+", section[1]) if section else None
    status = _STATUS.get((said[0] if said else line[1] if line else "").lower())
    date, title = day_of(text), _NUMBERED.sub("", title_of(text))
    if not (status and date and title and _DECISION.search(text)):
        return None
    number = _NUMBER.match(name.rpartition("/")[2])
    identity = f"{int(number[1]):04}-{slug(title)}" if number else slug(title)
    facts: dict[str, Any] = {"name": title, "status": status, "date": date}
    rest = []
    for key, value in _front(text):
        if key in ("deciders", "decision-makers") and (deciders := words.names(value)):
            facts["deciders"] = deciders
        elif value.lower() not in (status, date, title.lower()):
            rest.append((key, value))
    labels, prose = kept(rest)
    return Draft("adr", identity[:100].strip("-"), facts, name, labels, prose, _body(text, section))


def is_one(text: str) -> bool:
    """Whether a document has the parts of a decision, though it may lack what a record of one must say."""
    return bool(_DECISION.search(text) and (_SECTION.search(text) or _LINE.search(text)))


def _front(text: str) -> Iterator[tuple[str, str]]:
    """What the front matter says, line by line; the entries of a list are one text."""
    front = FRONT.match(text)
    key = ""
    values: list[str] = []
    for line in [*(front[1].split("\n") if front else ()), "end:"]:
        found = _KEY.match(line)
        if found:
            if key and any(values):
                yield key, ", ".join(filter(None, values))
            key, values = found[1].lower(), [(found[2] or "").strip(" \"'[]\r")]
        else:
            values.append(line.strip(" -\"'\r"))


def _body(text: str, section: re.Match[str] | None) -> str:
    """The text below the title; the status goes where nothing else is told with it, links to files become words."""
    if section and re.fullmatch(r"\s*\w+[.]?\s*", section[1]):
        text = text.replace(section[0], "", 1)
    text = _TITLE_LINE.sub("", FRONT.sub("", text, count=1), count=1)
    return literal(_LINK.sub(lambda found: f"{one_line(found[1])} ({one_line(found[2])})", text))
