"""A document as the source that it is: its title, its day, and what it leaves open."""

from __future__ import annotations

import re

from stocktake.exchange.adopt.draft import Found, one_line, shortened
from stocktake.exchange.adopt.words import day

FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
_TITLE = re.compile(r"^(?:title|name):[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_DAY = re.compile(
    r"^[ \t>*_|-]*(?:date|last[ -](?:changed|modified|reviewed|updated)|updated|modified)\**:\**"
    r"[ \t]*[\"']?([^\"'\n|*]{8,30})",
    re.MULTILINE | re.IGNORECASE,
)
_HEADING = re.compile(r"^(?:#{1,2}|=) +(.+?) *#*$", re.MULTILINE)
_UNDERLINED = re.compile(r"\A\s*([^\n]{1,200})\n[=*#-]{3,}[ \t]*$", re.MULTILINE)
_OPEN = re.compile(r"\b(?:TB[CD]|TO[D]O|FIX[M]E)\b|\?\?\?")
_QUESTIONS_AT_MOST = 50
_BEGINNING = 4_000


def read(name: str, text: str) -> Found:
    """What a document says about itself; the lines in it that say that something is open become questions."""
    questions = [
        shortened(f"{name}:{number} is open: {one_line(line)}")
        for number, line in enumerate(text.splitlines(), 1)
        if _OPEN.search(line)
    ]
    more = len(questions) - _QUESTIONS_AT_MOST
    told = (f"{name}: {more} more open points are not listed",) if more > 0 else ()
    return Found(
        told=told,
        questions=tuple(dict.fromkeys(questions[:_QUESTIONS_AT_MOST])),
        title=title_of(text),
        dated=day_of(text),
        text=text,
    )


def title_of(text: str) -> str:
    """What it is called: by its front matter, else by its first heading."""
    begin = text[:_BEGINNING]
    front = FRONT.match(begin)
    found = (front and _TITLE.search(front[1])) or _HEADING.search(begin) or _UNDERLINED.search(begin)
    return shortened(found[1]) if found else ""


def day_of(text: str) -> str:
    """The day on which it says that it was last changed."""
    days = (day(found[1].strip()) for found in _DAY.finditer(text[:_BEGINNING]))
    return next(filter(None, days), "")
