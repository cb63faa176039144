"""Whether the sources were looked at at all, lately and completely: what rules about the whole registry rest on."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.observation import NOT_LOOKED, PARTIAL, Observation
from stocktake.model.rule import Context, Unknown
from stocktake.values import duration


def doubts(context: Context) -> Iterator[Unknown]:
    """Why the answer is not known, source by source."""
    if not context.evidence:
        yield Unknown("no source was ever looked at")
    for observation in context.evidence or ():
        if reason := _doubt(observation, context):
            yield Unknown(f"{observation.source} {reason}", detail=observation.source)


def _doubt(observation: Observation, context: Context) -> str:
    because = f": {observation.reason}" if observation.reason else ""
    if observation.status == NOT_LOOKED:
        return f"was not looked at{because}"
    if observation.looked is None:
        return "was never looked at"
    if observation.looked > context.today:
        return f"was looked at on {observation.looked}, a day that is still to come"
    limit = context.limits.get("freshness", "P30D")
    if observation.looked < duration.before(context.today, limit):
        return f"was last looked at on {observation.looked}, longer ago than {limit}"
    return f"was seen only in part{because}" if observation.status == PARTIAL else ""
