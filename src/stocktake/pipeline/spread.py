"""The door to other processors: one piece of work for each of many parts, the results in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

_WORK: list[Callable[[Any], Any]] = []


def spread(work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """What `work` gives for each part, in order.

    Processes are forked, so that they know all that we know without being told; only parts and results travel. Where
    that is not possible, or there is but one processor, we do it ourselves.
    """
    processors = _processors()
    if processors == 1 or len(parts) == 1:
        yield from map(work, parts)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _WORK.append(work)
    try:
        with ProcessPoolExecutor(min(processors, len(parts)), mp_context=get_context("fork")) as pool:
            yield from pool.map(_work, parts)
    finally:
        _WORK.pop()


def _processors() -> int:
    """How many we may use: one where a process cannot be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _work(part: Any) -> Any:
    return _WORK[-1](part)
