"""How large a risk is, by likelihood and impact, and how far the work on it has come, counted from its weaknesses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.model.record import Record
from stocktake.render.account import CLOSED
from stocktake.render.escape.html import Markup, join
from stocktake.render.parts import badge, bar, muted, share
from stocktake.render.view import View

LIKELIHOODS = ("rare", "unlikely", "possible", "likely", "almost-certain")
IMPACTS = ("negligible", "minor", "moderate", "major", "severe")
LEVELS = ("low", "medium", "high", "critical")
FORMULA = (
    "Likelihood and impact count from 1 to 5; their product is critical from 15, high from 10, medium from 5, else low."
)


def level(likelihood: str, impact: str) -> str:
    """The level of a cell of the matrix; "" where one of the two is not rated."""
    if likelihood not in LIKELIHOODS or impact not in IMPACTS:
        return ""
    score = (LIKELIHOODS.index(likelihood) + 1) * (IMPACTS.index(impact) + 1)
    return "critical" if score >= 15 else "high" if score >= 10 else "medium" if score >= 5 else "low"


def badge_of(name: str) -> Markup:
    """A level as a badge; what nobody rated has its own look."""
    return badge(name, f"sev-{name}" if name in LEVELS else "plain") if name else badge("not rated", "is-unknown")


def state_of(view: View, weakness: Mapping[str, Any]) -> str:
    """Where the work on a weakness stands: as its finding says once that is closed, else in its own word."""
    record = view.estate.by_address.get(f"finding/{weakness.get('finding')}")
    status = str(record.data.get("status", "")) if record else ""
    return status if status in CLOSED else str(weakness.get("status") or "")


def solved(view: View, record: Record) -> tuple[int, int]:
    """How many of its weaknesses are resolved or dismissed, and how many there are."""
    found = record.data.get("vulnerabilities")
    each = [one for one in found.values() if isinstance(one, dict)] if isinstance(found, dict) else []
    return sum(state_of(view, one) in CLOSED for one in each), len(each)


def progress(view: View, record: Record) -> Markup:
    """The share of its weaknesses that is gone; without any, that nothing can be counted."""
    done, total = solved(view, record)
    if not total:
        return badge("no weakness named", "is-unknown", "progress is counted from the weaknesses")
    shown = bar((("pass", done), ("fail", total - done)), f"{done} resolved, {total - done} open")
    return join((f"{done} of {total} ", muted(share(done, total)), shown))
