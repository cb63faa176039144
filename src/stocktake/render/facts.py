"""How facts look: values by their kind, declared and observed side by side, each observed one with where and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stocktake.model.kind import Reference
from stocktake.model.sheet import Seen
from stocktake.render.escape.html import Markup, anchor, el, join, safe_url, text
from stocktake.render.parts import badge, classification, code, criticality, muted
from stocktake.render.prose import prose
from stocktake.render.tones import word
from stocktake.render.view import View
from stocktake.values import duration
from stocktake.values.name import pattern

_DURATION = re.compile(r"P(?=[0-9T])[0-9YMWDTHS]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)Z")
_PROSE = frozenset(
    {
        "cause",
        "compensating_control",
        "debrief",
        "deletion",
        "description",
        "effect",
        "masking",
        "principals_policy",
        "reason",
        "recommendation",
        "response",
        "statement",
    }
)
# Lists of sentences, of which the order may matter.
_SENTENCES = frozenset({"claims", "decisions", "lessons", "questions", "rollback", "rollout", "tests"})
_BARE = frozenset({"at", "description", "what"})
_MOST_ITEMS, _MOST_TEXT = 60, 2_000


def value(view: View, here: str, kind: str, name: str, content: Any, own: str = "") -> Markup:
    """One value: references as links, durations with words, lists and prose as what they are."""
    shape = pattern(name)
    if reference := view.references.get(kind, {}).get(shape):
        return _references(view, here, reference, content)
    last = shape.rpartition(".")[2]
    if last == "criticality":
        return criticality(content) or Markup("")
    if last == "classification":
        return classification(content) or Markup("")
    if name == last and (known := word(name, content) or _unbroken(name, content)):
        return known
    if isinstance(content, list | tuple) and (last in _SENTENCES or any(isinstance(step, Mapping) for step in content)):
        return _steps([_step(view, here, None, step) for step in content[:_MOST_ITEMS]], len(content))
    if isinstance(content, str) and (last in _PROSE or "\n" in content.strip()):
        return el("div", prose(content, view.resolver(here, own)), class_="st-prose")
    return plain(content)


def _unbroken(name: str, content: Any) -> Markup | None:
    """A day or a moment on one line, and a contact as a link; None for any other value."""
    if not isinstance(content, str):
        return None
    if moment := _MOMENT.fullmatch(content):
        return join((el("span", part, class_="st-day") for part in (moment[1], f"{moment[2]} UTC")), " ")
    if _DAY.fullmatch(content):
        return el("span", content, class_="st-day")
    is_link = name == "contact" and ":" in content and safe_url(content)
    return anchor(content.removeprefix("mailto:"), content, rel="noopener noreferrer") if is_link else None


def plain(content: Any) -> Markup:
    """A value that names nothing else."""
    if isinstance(content, bool):
        return text("yes" if content else "no")
    if isinstance(content, Mapping):
        if not content:
            return muted("nothing said")
        return el("ul", *(el("li", code(key), " ", plain(item)) for key, item in content.items()), class_="st-list")
    if isinstance(content, list | tuple):
        return _items([plain(item) for item in content])
    short = str(content)
    if _DURATION.fullmatch(short) and (words := _words(short)):
        return join((short, " ", muted(words)))
    return text(short if len(short) <= _MOST_TEXT else f"{short[:_MOST_TEXT]}… ({len(short):,} characters)")


def when(seen: Seen) -> Markup:
    """Where and when an observed value was seen."""
    day = seen.day.isoformat() if seen.day else "no date"
    parts = [muted(f"{seen.source}, {day}")]
    if seen.evidence:
        parts.append(code(seen.evidence))
    if not seen.fresh:
        parts.append(badge("stale", "is-unknown", "older than the freshness limit: no longer counted"))
    if seen.confidence < 0.8:
        parts.append(badge(f"{confidence(seen.confidence)} confidence", "plain"))
    return join(parts, " ")


def confidence(number: float) -> str:
    """A confidence in words."""
    return "high" if number >= 0.8 else "medium" if number >= 0.5 else "low"


def _references(view: View, here: str, reference: Reference, content: Any) -> Markup:
    if isinstance(content, list | tuple):
        if reference.within:
            return _steps([_step(view, here, reference, step) for step in content[:_MOST_ITEMS]], len(content))
        return _items([_reference(view, here, reference, item) for item in content])
    return _reference(view, here, reference, content)


def _steps(steps: list[Markup], number: int) -> Markup:
    """Steps with their numbers."""
    more = el("p", muted(f"and {number - len(steps):,} more")) if number > len(steps) else None
    return join([el("ol", *(el("li", step) for step in steps), class_="st-steps"), more])


def _step(view: View, here: str, reference: Reference | None, step: Any) -> Markup:
    """One step: the record that it names as a link, its moment and its words as they are, the rest by name."""
    if not isinstance(step, Mapping):
        return plain(step)
    parts = []
    for key, item in step.items():
        if reference and key == reference.within:
            parts.append(_reference(view, here, reference, item))
        else:
            parts.append(plain(item) if key in _BARE else join((code(key), " ", plain(item))))
    return join(parts, ": " if len(parts) == 2 and _BARE & {*step} else ", ")


def _reference(view: View, here: str, reference: Reference, name: Any) -> Markup:
    single = len(reference.kinds) == 1
    return view.link(here, f"{reference.kinds[0]}/{name}" if single else str(name))


def _items(items: Iterable[Markup]) -> Markup:
    found = list(items)
    more = [muted(f"and {len(found) - _MOST_ITEMS:,} more")] if len(found) > _MOST_ITEMS else []
    return join([*found[:_MOST_ITEMS], *more], ", ") if found else muted("none")


def _words(text_: str) -> str:
    try:
        return duration.words(duration.seconds(text_))
    except ValueError:
        return ""
