"""What was seen of running stores, as pages show it: where and since when, what was refused, and nothing secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from stocktake.model.sheet import Seen, Sheet
from stocktake.render import facts
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.parts import badge, muted
from stocktake.render.view import View
from stocktake.values import secret
from stocktake.values.name import decode_key

_REFUSED = {"not_visible[": "not visible", "not_read[": "not read"}
_LONGEST = 300
_LONGEST_DAY = 40


class Refusal(NamedTuple):
    """A group of facts that a look did not get, and why; `word` is `not visible` or `not read`."""

    group: str
    word: str
    reason: str

    def covers(self, start: str) -> bool:
        """Whether it is about facts that begin so."""
        return self.group.startswith(start) or start.startswith(self.group)


def running(view: View, address: str) -> tuple[Sheet, ...]:
    """The sheets of what runs: one per environment, or the record's own where it has none."""
    sheets = view.audit.sheets.get(address, ())
    return sheets[1:] or sheets


def seen_of(sheet: Sheet, start: str) -> Seen | None:
    """The best observation of the facts that begin with `start`: a fresh one if any is; None if none was ever seen."""
    found = [fact for name, fact in sheet.seen.items() if name.startswith(start)]
    return next((fact for fact in found if fact.fresh), found[0] if found else None)


def refusals(sheet: Sheet, start: str = "") -> list[Refusal]:
    """What was not got of the facts that begin with `start`, sorted."""
    found = []
    for name, fact in sheet.seen.items():
        for prefix, word in _REFUSED.items():
            if name.startswith(prefix) and name.endswith("].reason"):
                group = decode_key(name[len(prefix) : -len("].reason")])
                found.append(Refusal(group, word, str(fact.value)))
    return sorted(one for one in found if one.covers(start))


def state(seen: Seen | None) -> Markup:
    """Fresh, stale or never looked at, as a badge."""
    if seen is None:
        return badge("never looked", "is-unknown", "no machine has looked")
    return badge("fresh", "is-pass") if seen.fresh else badge("stale", "is-unknown", "older than the freshness limit")


def where(seen: Seen | None) -> Markup:
    """Where and when it was seen, or that it never was."""
    return facts.when(seen) if seen else state(None)


def since(view: View, seen: Seen | None, path: str) -> Markup | None:
    """The day since which Git knows neither another observation nor another declaration in `path`."""
    changes = [view.audit.history.get(name) for name in (f"observed/{seen.source}.json" if seen else "", path)]
    times = [change.time for change in changes if change]
    if len(times) < 2:
        return None
    first = datetime.fromtimestamp(max(times), UTC).date().isoformat()
    return muted("since ", day(first), " or before")


def clean(text: object) -> str:
    """A sentence without secrets and not longer than a few lines."""
    found = secret.redact(str(text))
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…"


def content(name: str, value: Any) -> Markup:
    """One side of a comparison: a value in the engine's own words, never a secret."""
    if value is None:
        return el("span", "–", class_="st-none", title="nothing")
    if isinstance(value, (list, tuple)):
        return join((content(name, item) for item in value), ", ") if value else muted("none")
    if isinstance(value, bool):
        return el("code", "on" if value else "off")
    if secret.find(name.rpartition(".")[2], str(value)):
        return badge("hidden", "plain", "it looks like a secret")
    return el("code", clean(value)) if str(value) else muted("empty text")


def day(text: object) -> Markup:
    """A day that is never broken over two lines; what is longer than a day and a time is none."""
    return el("span", text, class_="st-day" if len(str(text)) <= _LONGEST_DAY else None)


def folded(title: object, *inside: object) -> Markup:
    """Content behind a line that opens it."""
    return el("details", el("summary", title), *inside, class_="st-details")
