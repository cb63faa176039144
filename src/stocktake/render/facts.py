"""How facts look: values by their kind, declared and observed side by side, each observed one with where and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

from stocktake.model.field import fields
from stocktake.model.kind import Reference, Shape
from stocktake.model.sheet import Seen, Sheet
from stocktake.render.escape.html import Markup, el, join, text
from stocktake.render.parts import badge, classification, code, criticality, muted
from stocktake.render.prose import prose
from stocktake.render.view import View
from stocktake.values import duration
from stocktake.values.name import decode_key, pattern

_FIRST = re.compile(r"[.\[]")
_DURATION = re.compile(r"P(?=[0-9T])[0-9YMWDTHS]+")
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
_ELSEWHERE = frozenset({"aliases", "description", "formerly", "links", "name"})
# Facts of which a look at a running store gives hundreds: they have pages of their own.
_MANY = (
    "access.grants",
    "access.hba[",
    "access.principals[",
    "databases[",
    "not_read[",
    "not_visible[",
    "role_settings[",
    "schema.",
    "settings[",
    "settings_file.",
    "statistics[",
)
# Numbers, days, durations and schedules: nobody looks for a record by them.
_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|P[0-9YMWDTHS.]+|[0-9*/,-]+(?: [0-9*/,-]+){4}")
_MOST_ITEMS, _MOST_TEXT, _MOST_FACTS = 60, 2_000, 400


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
    if isinstance(content, list | tuple) and (last in _SENTENCES or any(isinstance(step, Mapping) for step in content)):
        return _steps([_step(view, here, None, step) for step in content[:_MOST_ITEMS]], len(content))
    if isinstance(content, str) and (last in _PROSE or "\n" in content.strip()):
        return el("div", prose(content, view.resolver(here, own)), class_="st-prose")
    return plain(content)


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


def tables(
    view: View, here: str, sheets: tuple[Sheet, ...], own: str, told: frozenset[str] = frozenset()
) -> list[tuple[str | None, Markup]]:
    """For the record itself and each environment, the table of its facts; an environment shows only what is its own.

    `told` are the first parts of names that the page shows elsewhere.
    """
    found = []
    for sheet in sheets:
        names = sorted(name for name in _names(sheet, sheets[0]) if _FIRST.split(name, maxsplit=1)[0] not in told)
        if names:
            found.append((sheet.environment, _table(view, here, sheet, names, own)))
    return found


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


def _names(sheet: Sheet, base: Sheet) -> set[str]:
    every = {*sheet.names(), *sheet.seen} - _ELSEWHERE
    names = {
        name
        for name in every
        if not name.startswith("instances[") and (sheet.declared(name) is not None or not _is_elsewhere(name))
    }
    if sheet is base:
        return names
    return {
        name
        for name in names
        if sheet.declared(name) != base.declared(name) or sheet.observed(name) != base.observed(name)
    }


def _is_elsewhere(name: str) -> bool:
    return name.startswith(_MANY) or "].drill." in name


def _table(view: View, here: str, sheet: Sheet, names: list[str], own: str) -> Markup:
    looked = bool(sheet.seen)
    headings = ["Fact", "Declared", *(["Observed", "Where and when seen"] if looked else [])]
    rows: list[Markup] = []
    for head, members in groupby(sorted(names[:_MOST_FACTS], key=_grouped), key=_head):
        if head:
            found = None if head.endswith("]") else "yes"
            group = el("th", code(head), scope="colgroup", colspan=str(len(headings)), data_search_exclude=found)
            rows.append(el("tr", group, class_="st-group"))
        rows += [_row(view, here, sheet, name, own, looked) for name in members]
    if len(names) > _MOST_FACTS:
        rows.append(
            el("tr", el("td", f"{len(names) - _MOST_FACTS:,} more stand in the file.", colspan=str(len(headings))))
        )
    title = f"Facts in {sheet.environment}" if sheet.environment else "Facts"
    inner = el(
        "table",
        el("caption", title, class_="st-hidden", data_search_exclude="yes"),
        el("thead", el("tr", *(el("th", heading, scope="col") for heading in headings)), data_search_exclude="yes"),
        el("tbody", *rows),
        class_="st-table st-facts",
    )
    return el("div", inner, class_="st-scroll", role="region", tabindex="0", aria_label=title)


def _head(name: str) -> str:
    """The group a fact stands in: the entry of a mapping, the mapping where its entries are plain values, or the first
    part; "" for a fact of the record itself.
    """
    if name.endswith("]"):
        return name[: name.rindex("[")]
    head, bracket, _ = name.rpartition("]")
    return f"{head}]" if bracket else name.rpartition(".")[0]


def _label(name: str) -> Markup:
    """What a fact is called below the heading of its group."""
    if name.endswith("]"):
        return _breakable(decode_key(name[name.rindex("[") + 1 : -1]))
    return _breakable(name[len(_head(name)) :].lstrip("."))


def _grouped(name: str) -> tuple[bool, str, str]:
    head = _head(name)
    return bool(head), head, name


def _row(view: View, here: str, sheet: Sheet, name: str, own: str, looked: bool) -> Markup:
    declared, seen = sheet.declared(name), sheet.observed(name)
    label = el("th", code(_label(name)), scope="row", data_search_exclude=None if name.endswith("]") else "yes")
    said = value(view, here, sheet.kind, name, declared, own) if declared is not None else muted("not declared")
    cells = [label, el("td", said, data_search_exclude=_if_closed(view, sheet.kind, name, declared))]
    if looked:
        drifted = (sheet.address, sheet.environment, name) in view.drifted
        content = None if seen is None or seen.value == declared else seen.value
        closed = _if_closed(view, sheet.kind, name, content)
        cells.append(el("td", _observed(seen, drifted), data_search_exclude=closed))
        cells.append(el("td", when(seen) if seen else muted("not seen"), data_search_exclude="yes"))
    return el("tr", join(cells, " "))


def _if_closed(view: View, kind: str, name: str, content: Any) -> str | None:
    """Whether search can do without a value: it names a record, is one of few words, measures, or is not there."""
    shape, known = pattern(name), view.estate.kinds.get(kind)
    is_text = isinstance(content, str) and not _MEASURE.fullmatch(content)
    is_said = is_text or isinstance(content, list | tuple | Mapping)
    is_free = shape not in view.references.get(kind, {}) and not (known and shape in _with_words(known.shape))
    return None if is_said and is_free else "yes"


@lru_cache(maxsize=64)
def _with_words(shape: Shape) -> frozenset[str]:
    """The names of the fields of a kind that take one of few words."""
    return frozenset(field.name for field in fields(shape) if field.words)


def _observed(seen: Seen | None, drifted: bool) -> Markup:
    if seen is None:
        return muted("–")
    return join((plain(seen.value), badge("not as declared", "is-fail")), " ") if drifted else plain(seen.value)


def _breakable(name: str) -> Markup:
    """A long name may break after its dots."""
    return Markup(str(text(name)).replace(".", ".<wbr>").replace("[", "<wbr>["))


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
