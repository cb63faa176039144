"""What a drill did, written down while it does it: steps with their seconds, checks, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = "pass", "fail", "unknown", "not-applicable"
# What every drill asks; where it ends early, the rest is not known.
CHECKS = (
    "application-role", "backup-unaltered", "content", "counts", "erasure", "integrity", "restore", "sandbox-empty",
    "schema",
)  # fmt: skip
PASSED, FAILED, NO_VERDICT = "passed", "failed", "no-verdict"


class Log:
    """Collects events in order; `on_event` hears of each step as it begins."""

    def __init__(self, on_event: Callable[[str], None] = lambda text: None, clock: Callable[[], float] = monotonic):
        self.events: list[dict[str, Any]] = []
        self.checks: dict[str, tuple[str, str, str]] = {}
        self.recovery = 0.0
        self._on_event = on_event
        self._clock = clock

    @contextmanager
    def step(self, name: str, *, recovers: bool = False) -> Iterator[None]:
        """Time a step; one that `recovers` is part of the time until the data can be used."""
        self._on_event(name)
        began = self._clock()
        try:
            yield
        finally:
            took = self._clock() - began
            self.recovery += took if recovers else 0.0
            self.note("step", name=name, seconds=round(took, 3), recovers=recovers)

    def note(self, event: str, **facts: Any) -> None:
        """One line of the evidence."""
        self.events.append({"event": event, **facts})

    def check(self, name: str, result: str, message: str, cause: str = "none") -> None:
        """The answer of one check; of several answers to the same question the worst one stays."""
        self.note("check", name=name, result=result, message=message)
        worst = (FAIL, UNKNOWN, PASS, NOT_APPLICABLE)
        before = self.checks.get(name)
        if before is None or worst.index(result) < worst.index(before[0]):
            self.checks[name] = (result, message, cause)

    def verdict(self) -> tuple[str, str]:
        """(result, cause): failed as soon as one check fails, passed only where every question was answered."""
        for state, result in ((FAIL, FAILED), (UNKNOWN, NO_VERDICT)):
            causes = [cause for found, _, cause in self.checks.values() if found == state]
            if causes:
                return result, causes[0]
        if not any(found == PASS for found, _, _ in self.checks.values()):
            return NO_VERDICT, "interrupted"
        return PASSED, "none"
