"""Which looks count on the day of the audit: whole ones, partial ones, ones that are too old, and none at all."""

from __future__ import annotations

from stocktake.model.audit import Audit
from stocktake.model.looks import freshness
from stocktake.model.observation import NOT_LOOKED, SEEN, Observation

WHOLE, PART, STALE, NO_LOOK = "seen", "partly seen", "not known", "not looked"


def is_fresh(audit: Audit, seen: Observation) -> bool:
    """Whether the last look is recent enough to count; a day that is still to come is none."""
    return freshness(audit.today, audit.estate.settings.freshness)(seen.looked)


def look(audit: Audit, seen: Observation) -> str:
    """What an observation is worth today: only `WHOLE` and `PART` say what is, only `WHOLE` says what is not."""
    if seen.status == NOT_LOOKED:
        return NO_LOOK
    if not is_fresh(audit, seen):
        return STALE
    return WHOLE if seen.status == SEEN else PART


def doubts(audit: Audit) -> list[str]:
    """Why an empty list proves nothing, source by source; empty where each was seen whole and lately."""
    observed = {seen.source: seen for seen in audit.estate.observations}
    found = [(name, _doubt(audit, seen)) for name, seen in observed.items()]
    found += [(one.name, "was never looked at") for one in audit.estate.settings.sources if one.name not in observed]
    return [f"{name} {why}" for name, why in sorted(found) if why]


def _doubt(audit: Audit, seen: Observation) -> str:
    worth = look(audit, seen)
    if worth == STALE:
        return f"was last looked at on {seen.looked}" if seen.looked else "was never looked at"
    return {WHOLE: "", PART: "was seen only in part"}.get(worth, "was not looked at")
