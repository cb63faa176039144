"""Share the work between processes, so that a hang or a crash ends one of them and is told."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from .corpus import ROOT
from .judge import Judge
from .run import EACH, Broken, alike, keep, run

KEPT = ROOT / "build/fuzz"
_HANGS = 300  # seconds at one file, most of which are those of a busy machine
_SPAWN = multiprocessing.get_context("spawn")


class _Worker:
    """A process at one batch; `at` holds the number of its file and the moment at which it began with it."""

    def __init__(self, seed: str, batch: int, count: int):
        self.at: Any = _SPAWN.Array("d", [batch * EACH, time.monotonic()])
        self.said, theirs = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(target=_work, args=(seed, batch, count, self.at, theirs), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def number(self) -> int:
        return int(self.at[0])

    def hangs(self) -> bool:
        return bool(time.monotonic() - self.at[1] > _HANGS)


class _Found:
    """What broke so far; of failures that are alike only the first is told."""

    def __init__(self, seed: str):
        self.seed, self.counts = seed, dict[str, int]()

    def add(self, kind: str, text: str, number: int) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] == 1:
            again = f"scripts/fuzz --seed {self.seed} --first {number // EACH * EACH} --count {EACH}"
            sys.stdout.write(f"number {number}: {text}\n  again: {again}\n")
            sys.stdout.flush()

    def keep(self, found: Broken) -> None:
        where = "" if alike(found.why) in self.counts else f"\n  kept in {keep(KEPT, found)}"
        self.add(alike(found.why), f"{found.sample.path}: {_last(found.why)}{where}", found.number)


def share(seed: str, batches: list[tuple[int, int]], workers: int) -> int:
    """Give each worker one batch after another, and say how many files broke something.

    A process that hangs or dies is a failure of the file that it was at.
    """
    waiting, found = batches[::-1], _Found(seed)
    at_work: dict[Any, _Worker] = {}
    while waiting or at_work:
        while waiting and len(at_work) < workers:
            worker = _Worker(seed, *waiting.pop())
            at_work[worker.said] = worker
        for said in wait(list(at_work), timeout=1):
            try:
                found.keep(at_work[said].said.recv())
            except EOFError:
                _end(at_work.pop(said), found)
        for said in [said for said, worker in at_work.items() if worker.hangs()]:
            found.add("hangs", "the process hangs", at_work[said].number)
            at_work.pop(said).process.kill()
    return sum(found.counts.values())


def _end(worker: _Worker, found: _Found) -> None:
    worker.process.join()
    if worker.process.exitcode != 0:
        found.add("died", f"the process ended with {worker.process.exitcode}", worker.number)


def _last(why: str) -> str:
    return (why.strip() or "nothing").splitlines()[-1][:300]


def _work(seed: str, batch: int, count: int, at: Any, connection: Connection) -> None:
    """One batch in a process of its own, so that a hang or a crash ends only this."""

    def begun(number: int) -> None:
        at[0], at[1] = number, time.monotonic()

    with tempfile.TemporaryDirectory(prefix="stocktake-fuzz-") as folder:
        for found in run(Judge(Path(folder) / "repository"), seed, batch, count, begun):
            connection.send(found)
