"""Run commands by turns and time them, so that what disturbs the machine disturbs them all alike."""

import os
import resource
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

# An installed command finds its compiled modules; these would keep Python from writing them, or change how it starts.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


class Command(NamedTuple):
    """A program to time, where it runs, and the exit codes that say it did its work."""

    arguments: tuple[str, ...]
    folder: Path
    codes: tuple[int, ...] = (0,)


class Run(NamedTuple):
    """Seconds from start to exit, seconds of processor time, and bytes of memory at the peak.

    Linux counts what we held when we started the program as its own, so that less than `floor()` cannot be told.
    """

    wall: float
    cpu: float
    memory: int


class Timing(NamedTuple):
    """All runs of one command."""

    runs: tuple[Run, ...]

    def median(self, field: str) -> float:
        """The middle of all runs."""
        return float(median(getattr(run, field) for run in self.runs))

    def least(self, field: str) -> float:
        """The least of all runs: what the command costs where nothing disturbs it."""
        return float(min(getattr(run, field) for run in self.runs))

    def over(self, other: "Timing", field: str) -> float:
        """How many times the other: the middle of the rounds, each compared within itself."""
        pairs = zip(self.runs, other.runs, strict=True)
        return float(median(getattr(mine, field) / getattr(its, field) for mine, its in pairs))


def floor() -> int:
    """The memory that every program seems to take at least."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def by_turns(commands: Mapping[str, Command], repetitions: int) -> dict[str, Timing]:
    """Each command as often as asked, one after the other, over and over; a first round fills the caches."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for repetition in range(repetitions + 1):
        for name, command in commands.items():
            run = once(command)
            if repetition:
                runs[name].append(run)
    return {name: Timing(tuple(found)) for name, found in runs.items()}


def once(command: Command) -> Run:
    """One run; an exit code that was not expected ends the measurement with what the command said."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env=ENVIRONMENT | {"PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.codes:
        done = subprocess.run(command.arguments, cwd=command.folder, capture_output=True, text=True, check=False)
        raise SystemExit(f"{command.arguments} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
