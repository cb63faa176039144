"""Whether what a rule needs to know is known, and the reason in words where it is not."""

from __future__ import annotations

from stocktake.model.rule import Context, Rule, Unknown
from stocktake.model.sheet import Sheet


def unmet(rule: Rule, sheet: Sheet, context: Context) -> Unknown | None:
    """Why a rule cannot be answered, or None if all that it needs is there."""
    reasons = []
    field = ""
    for name in rule.needs:
        if name not in sheet:
            reasons.append(_stale(name, sheet, context) or f"{name} is not known")
            field = field or name
    for name in rule.sees:
        seen = sheet.observed(name)
        if seen is None or not seen.fresh:
            reasons.append(_stale(name, sheet, context) or f"{name} was never looked at")
            field = field or name
    return Unknown(", and ".join(reasons), field=field) if reasons else None


def _stale(name: str, sheet: Sheet, context: Context) -> str:
    seen = sheet.observed(name)
    if seen is None or seen.fresh:
        return ""
    if seen.day is None:
        return f"nobody knows when {name} was seen"
    limit = context.limits.get("freshness", "P30D")
    return f"{name} was last seen on {seen.day}, longer ago than {limit}"
