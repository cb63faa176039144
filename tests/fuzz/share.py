"""Share the work between processes, so that a hang or a crash ends one of them and is told."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as ready
from pathlib import Path
from typing import Any

from .corpus import ROOT
from .judge import Judge
from .run import EACH, keep, run

KEPT = ROOT / "build/fuzz"
_GRACE = 120  # seconds after which workers that say nothing hang


def share(seed: str, batches: list[tuple[int, int]], workers: int) -> int:
    """Give each worker one batch after another; one that hangs or dies is a failure of the file that it was at."""
    context = multiprocessing.get_context("spawn")
    waiting, broken = list(reversed(batches)), 0
    at_work: dict[Connection, tuple[Any, Any, int]] = {}

    def start() -> None:
        batch, count = waiting.pop()
        ours, theirs = context.Pipe(duplex=False)
        number = context.Value("q", batch * EACH)
        process = context.Process(target=_work, args=(seed, batch, count, number, theirs), daemon=True)
        process.start()
        theirs.close()
        at_work[ours] = (process, number, batch)

    while waiting or at_work:
        while waiting and len(at_work) < workers:
            start()
        said = ready(list(at_work), timeout=_GRACE)
        for connection in said or list(at_work):
            process, number, _ = at_work[connection]
            try:
                if not said:
                    raise EOFError
                found = connection.recv()
            except EOFError:
                process.join(1)
                if process.exitcode != 0:
                    broken += 1
                    _say(
                        f"number {number.value}: the process {'hangs' if process.exitcode is None else 'died'}",
                        seed,
                        number.value,
                    )
                process.kill()
                del at_work[connection]
                continue
            broken += 1
            path = keep(KEPT, found)
            _say(
                f"{found.sample.path}: {found.why.strip().splitlines()[-1][:300]}\n  kept in {path}", seed, found.number
            )
    return broken


def _say(text: str, seed: str, number: int) -> None:
    again = f"scripts/fuzz --seed {seed} --first {number // EACH * EACH} --count {EACH}"
    sys.stdout.write(f"{text}\n  again: {again}\n")
    sys.stdout.flush()


def _work(seed: str, batch: int, count: int, number: Any, connection: Connection) -> None:
    """One batch in a process of its own, so that a hang or a crash ends only this."""

    def begun(at: int) -> None:
        number.value = at

    with tempfile.TemporaryDirectory(prefix="stocktake-fuzz-") as folder:
        for found in run(Judge(Path(folder) / "repository"), seed, batch, count, begun):
            connection.send(found)
