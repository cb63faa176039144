"""Whether what a rule needs to know is known, and the reason in words where it is not."""

from __future__ import annotations

from stocktake.model.rule import Context, Rule, Unknown
from stocktake.model.sheet import Seen, Sheet
from stocktake.rules.visibility import is_seen, refusal


def lacks(rule: Rule, sheet: Sheet) -> bool:
    """Whether something is missing; the same as `unmet`, without the words."""
    for name in rule.needs:
        if name not in sheet:
            return True
    for name in rule.sees:  # noqa: SIM110 (a generator costs more than all that it would look at)
        if not is_seen(sheet, name):
            return True
    return False


def unmet(rule: Rule, sheet: Sheet, context: Context) -> Unknown | None:
    """Why a rule cannot be answered, or None if all that it needs is there."""
    reasons = []
    field = ""
    for name in rule.needs:
        if name not in sheet:
            reasons.append(_unseen(name, sheet, context) or f"{name} is not known")
            field = field or name
    for name in rule.sees:
        if not is_seen(sheet, name):
            reasons.append(_unseen(name, sheet, context) or f"{name} was never looked at")
            field = field or name
    return Unknown(", and ".join(reasons), field=field) if reasons else None


def _unseen(name: str, sheet: Sheet, context: Context) -> str:
    """Why it was not seen, or not lately; nothing where nobody looked."""
    if not sheet.seen:
        return ""
    seen = _observed(name, sheet)
    if seen is None or seen.fresh:
        return refusal(sheet, name)
    if seen.day is None:
        return f"nobody knows when {name} was seen"
    if seen.day > context.today:
        return f"{name} was seen on {seen.day}, a day that is still to come"
    limit = context.limits.get("freshness", "P30D")
    return f"{name} was last seen on {seen.day}, longer ago than {limit}"


def _observed(name: str, sheet: Sheet) -> Seen | None:
    if "[]" not in name:
        return sheet.observed(name)
    start = name.partition("]")[0]
    return next((seen for one, seen in sheet.seen.items() if one.startswith(start)), None)
