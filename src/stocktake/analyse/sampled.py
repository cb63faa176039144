"""Choose few of many revisions, so that those chosen stay the same while a history grows."""

from __future__ import annotations

from collections.abc import Sequence

from stocktake.model.trend import Moment

_HOUR, _DAY, _WEEK = 3_600, 86_400, 604_800
_MONDAY = -259_200  # 1969-12-29, so that nothing lies before it


def sampled(revisions: Sequence[Moment], at_most: int) -> tuple[Moment, ...]:
    """All of them, else the last of each hour, day, or as many weeks as are needed (twice as many each time).

    Each coarser choice takes from the finer one, and only the newest of the chosen is replaced by a newer revision.
    """
    chosen, step = tuple(revisions), _HOUR
    while len(chosen) > max(1, at_most):
        chosen = tuple({(one.time - _MONDAY) // step: one for one in chosen}.values())
        step = _DAY if step == _HOUR else _WEEK if step == _DAY else 2 * step
    return chosen
