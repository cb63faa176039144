"""Small pieces that pages are put together from: badges, cards, bars, notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from stocktake.model.outcome import FAIL, Outcome
from stocktake.render.escape.html import Markup, el
from stocktake.render.table import Cell

SEVERITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}
STATE_WORDS = {
    "pass": "pass",
    "fail": "fail",
    "unknown": "unknown",
    "waived": "waived",
    "not-applicable": "not applicable",
}


def badge(label: object, tone: str = "plain", title: str | None = None) -> Markup:
    """A short word in a box; the word says it, the colour only helps."""
    return (_word if label.__class__ is str else _badge)(label, tone, title)


def _badge(label: object, tone: str, title: str | None) -> Markup:
    long = " st-long" if len(str(label)) > 32 else ""
    return el("span", label, class_=f"st-badge st-{tone}{long}", title=title)


_word = lru_cache(1 << 10)(_badge)  # for plain text, since what is Markup equals it


def severity(name: str) -> Cell:
    """A severity as a badge that sorts from critical to info."""
    return Cell(badge(name, f"sev-{name}" if name in SEVERITY_ORDER else "plain"), SEVERITY_ORDER.get(name, 9), name)


def state(outcome: Outcome) -> Cell:
    """The state of an outcome; a failure on the list of known findings says so."""
    word = "known" if outcome.state == FAIL and outcome.known else STATE_WORDS.get(outcome.state, outcome.state)
    return Cell(badge(word, f"is-{word.replace(' ', '-')}"), None, word)


def criticality(name: object) -> Markup | None:
    """A criticality as a badge, or nothing."""
    known = name in ("low", "medium", "high", "critical")
    return badge(name, f"crit-{name}" if known else "plain") if name else None


def classification(name: object) -> Markup | None:
    """A classification as a badge, or nothing."""
    known = name in ("public", "internal", "confidential", "restricted")
    return badge(name, f"class-{name}" if known else "plain") if name else None


def code(value: object) -> Markup:
    """A name as it stands in files."""
    return el("code", value)


def note(tone: str, *content: object) -> Markup:
    """A box that asks for attention: `good`, `bad`, `warn` or `info`."""
    return el("div", *content, class_=f"st-note st-note-{tone}")


def muted(*content: object) -> Markup:
    """Text that stands back."""
    return el("span", *content, class_="st-muted")


def lead(*content: object) -> Markup:
    """The sentence under the title."""
    return el("p", *content, class_="st-lead")


class Card(NamedTuple):
    """A figure with its denominator, what it counts, and a link to the list behind it."""

    figure: object
    of: object
    title: str
    detail: object = ""
    href: str | None = None
    tone: str = "plain"


def cards(items: Iterable[Card]) -> Markup:
    """Figures side by side."""
    return el("div", *map(_card, items), class_="st-cards")


def _card(card: Card) -> Markup:
    figure = f"{card.figure:,}" if isinstance(card.figure, int) else card.figure
    inner = (
        el("div", card.title, class_="st-card-title"),
        el("div", el("strong", figure), el("span", card.of, class_="st-of"), class_="st-card-figure"),
        el("div", card.detail, class_="st-card-detail"),
    )
    kind = f"st-card st-card-{card.tone}"
    return el("a", *inner, class_=kind, href=card.href) if card.href else el("div", *inner, class_=kind)


def bar(counts: Sequence[tuple[str, int]], words: str = "") -> Markup:
    """One stacked bar; each part is named in its title, and the legend below it says the same as text."""
    total = sum(count for _, count in counts)
    shares = [
        el(
            "span",
            class_=f"st-seg is-{name}",
            style=f"flex-grow:{count}",
            title=f"{STATE_WORDS.get(name, name)}: {count}",
        )
        for name, count in counts
        if count
    ]
    label = words or ", ".join(f"{count} {STATE_WORDS.get(name, name)}" for name, count in counts)
    return el("div", *shares, class_="st-bar", role="img", aria_label=f"{label} (of {total})")


def legend(counts: Sequence[tuple[str, int]], total: int) -> Markup:
    """What the parts of a bar are, each with its count and share."""
    items = [
        el(
            "li",
            el("i", class_=f"st-dot is-{name}"),
            el("b", f"{count:,}"),
            " ",
            STATE_WORDS.get(name, name),
            muted(f" {share(count, total)}"),
        )
        for name, count in counts
    ]
    return el("ul", *items, class_="st-legend")


def share(part: int, whole: int) -> str:
    """A percentage that says 100 only where nothing is missing and 0 only where nothing is there."""
    if not whole:
        return "–"
    exact = 100 * part / whole
    rounded = min(99, round(exact)) if part < whole else 100
    return f"{max(1, rounded) if part else 0} %"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 store`, `3 stores`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
