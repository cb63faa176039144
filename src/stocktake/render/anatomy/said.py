"""What a record says under a name, whatever stands there: of another form it is as if nothing was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stocktake.model.record import Record
from stocktake.render.escape.html import Markup, el
from stocktake.render.live import clean, day
from stocktake.render.parts import badge, muted
from stocktake.render.prose import prose
from stocktake.render.view import View
from stocktake.values import duration

_DAY = 30


def word(record: Record, name: str) -> str:
    """One word or sentence; "" where there is none."""
    found = record.data.get(name)
    return "" if found is None or isinstance(found, dict | list) else str(found)


def items(record: Record, name: str) -> list[Any]:
    """A list; of what is none, nothing."""
    found = record.data.get(name)
    return found if isinstance(found, list) else []


def entries(record: Record, name: str) -> dict[str, Mapping[str, Any]]:
    """A mapping of mappings, by its keys in their order."""
    found = record.data.get(name)
    return {
        str(key): one if isinstance(one, dict) else {}
        for key, one in (found if isinstance(found, dict) else {}).items()
    }


def text(view: View, here: str, record: Record, name: str) -> Markup | None:
    """A prose field as it is written."""
    found = word(record, name)
    return el("div", prose(found, view.resolver(here, record.path)), class_="st-prose") if found.strip() else None


def steps(view: View, here: str, record: Record, name: str) -> Markup | None:
    """Sentences in their order."""
    found = items(record, name)
    resolve = view.resolver(here, record.path)
    return el("ol", *(el("li", prose(str(one), resolve)) for one in found[:200]), class_="st-steps") if found else None


def missing(what: str) -> Markup:
    """A place that nobody filled."""
    return badge(what, "is-unknown")


def moment(content: object) -> Markup:
    """A moment as people read it."""
    return _unbroken(clean(content).replace("T", " ").replace("Z", " UTC"))


def _unbroken(found: str) -> Markup:
    """What is too long to be a day and a time may break anywhere."""
    return day(found) if len(found) <= _DAY else el("span", found)


def between(first: str, second: str) -> str:
    """How long it was from one moment to another, in words; "" where one of them is none."""
    try:
        start, end = datetime.fromisoformat(first), datetime.fromisoformat(second)
        length = int((end - start).total_seconds())
    except (ValueError, TypeError):
        return ""
    return duration.words(length) if length >= 0 else ""


def until(view: View, content: object, is_over: bool) -> Markup:
    """A day by which something is due; what is late and not over says so."""
    found = clean(content or "")
    if not found:
        return muted("no day")
    late = not is_over and found < view.audit.today.isoformat()
    return el("span", _unbroken(found), " " if late else None, badge("overdue", "is-fail") if late else None)
