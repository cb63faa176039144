"""Judge one mutated file after another; each has a number, and a seed and a number give the same file again."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from . import mutate
from .corpus import Sample, samples
from .judge import Judge, WrongError
from .shrink import shrunk

EACH = 2_000  # files of one batch, after which those that are sound are judged together


class Broken(NamedTuple):
    """A file that broke something: how to see it again, what it broke, and the smallest file that still does."""

    number: int
    sample: Sample
    why: str
    raw: bytes


def run(
    judge: Judge, chosen: str, batch: int, count: int, begun: Callable[[int], None] = lambda _: None
) -> Iterator[Broken]:
    """Judge the files of one batch: of every eight, seven are changed in their bytes and the last in its values."""
    numbers = range(batch * EACH, batch * EACH + count)
    values = len(numbers) // 8
    yield from _bytes(judge, chosen, numbers[: len(numbers) - values], begun)
    yield from _values(judge, chosen, numbers[len(numbers) - values :], begun)
    begun(numbers[-1])
    yield from _whole(judge, numbers)


def _bytes(judge: Judge, chosen: str, numbers: range, begun: Callable[[int], None]) -> Iterator[Broken]:
    every = samples()
    for number in numbers:
        begun(number)
        sample, raw = mutate.of_bytes(every, random.Random(f"{chosen}/{number}"))
        if why := wrong(judge, sample, raw):
            yield Broken(number, sample, why, _smallest(judge, sample, raw, why))


def _whole(judge: Judge, numbers: range) -> Iterator[Broken]:
    try:
        judge.whole()
    except Exception:  # noqa: BLE001  a traceback is what we look for
        yield Broken(numbers[0], Sample("whole.txt", ""), f"the whole registry\n{traceback.format_exc()}", b"")


def wrong(judge: Judge, sample: Sample, raw: bytes) -> str:
    """What does not hold for a file; empty where all does."""
    try:
        judge.judge(sample, raw, random.Random(raw))
    except WrongError as error:
        return str(error)
    except Exception:  # noqa: BLE001  a traceback is what we look for
        return traceback.format_exc()
    return ""


def _smallest(judge: Judge, sample: Sample, raw: bytes, why: str) -> bytes:
    kind = alike(why)
    return shrunk(raw, lambda fewer: alike(wrong(judge, sample, fewer)) == kind)


def alike(why: str) -> str:
    """What is alike in two failures: the last place of a traceback, or the beginning of what is said."""
    lines = [line for line in why.splitlines() if line.startswith("  File ")]
    return lines[-1] if lines else why[:12]


def _values(judge: Judge, chosen: str, numbers: range, begun: Callable[[int], None]) -> Iterator[Broken]:
    """The same with values that hypothesis makes up, and makes smaller where they break something."""
    if not numbers:
        return
    last: list[tuple[Sample, bytes]] = []

    @seed(f"{chosen}/{numbers[:1]}")
    @settings(
        max_examples=len(numbers),
        database=None,
        deadline=None,
        suppress_health_check=tuple(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(mutate.of_values(samples()))
    def once(pair: tuple[Sample, bytes]) -> None:
        last[:] = [pair]
        begun(numbers[0])
        if why := wrong(judge, *pair):
            raise WrongError(why)

    try:
        once()
    except WrongError as error:
        yield Broken(numbers[0], last[0][0], str(error), last[0][1])


def keep(folder: Path, found: Broken) -> Path:
    """Write the input into a folder, with what it broke beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found.number}-{Path(found.sample.path).name}"
    path.write_bytes(found.raw)
    path.with_name(f"{path.name}.txt").write_text(
        f"{found.sample.path} as {found.sample.schema or 'itself'}\n{found.why}\n"
    )
    return path
