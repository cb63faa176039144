"""Which words say how something stands, and in which tone: the same word looks the same on every page."""

from __future__ import annotations

from stocktake.render.escape.html import Markup
from stocktake.render.parts import SEVERITY_ORDER, badge

LEVELS = frozenset({"inherent", "residual", "risk", "severity"})
STATES = frozenset({"outcome", "result", "state", "status"})
_TONES = {
    "accepted": "is-pass",
    "active": "is-pass",
    "cancelled": "is-waived",
    "closed": "is-pass",
    "deprecated": "is-waived",
    "deviation-approved": "is-waived",
    "dismissed": "is-waived",
    "done": "is-pass",
    "failed": "is-fail",
    "in-progress": "is-waived",
    "in-review": "is-waived",
    "no-verdict": "is-unknown",
    "ongoing": "is-fail",
    "passed": "is-pass",
    "proposed": "is-unknown",
    "rejected": "is-fail",
    "remediating": "is-waived",
    "reopened": "is-fail",
    "resolved": "is-pass",
    "rolled-back": "is-fail",
    "succeeded": "is-pass",
    "succeeded-with-issues": "is-waived",
    "superseded": "is-waived",
}


def word(name: str, content: object) -> Markup | None:
    """The badge of a field that takes one of few words for how grave it is or where it stands; None for any other."""
    if not isinstance(content, str) or not content or len(content) > 40:
        return None
    if name in LEVELS:
        return badge(content, f"sev-{content}" if content in SEVERITY_ORDER else "plain")
    return badge(content, _TONES.get(content, "plain")) if name in STATES else None
