"""The few connections to one database, each used by one thread at a time."""

from __future__ import annotations

import threading
from typing import Generic, Protocol, TypeVar


class _Closes(Protocol):
    def close(self) -> None: ...


Line = TypeVar("Line", bound=_Closes)


class Lines(Generic[Line]):
    """At most `most` connections; whoever takes one gives it back."""

    def __init__(self, most: int):
        self._most = most
        self._open: list[Line] = []
        self._idle: list[Line] = []
        self._taken = 0
        self._change = threading.Condition()

    def take(self) -> Line | None:
        """A connection that nobody uses; None where the caller is to open one; else this waits for one."""
        with self._change:
            while not self._idle and self._taken >= self._most:
                self._change.wait()
            self._taken += 1
            return self._idle.pop() if self._idle else None

    def instead(self) -> Line | None:
        """For whoever could not open one: that which comes free, and no more is opened; None where there is none."""
        with self._change:
            if not self._open:
                self._taken -= 1
                self._change.notify()
                return None
            self._most = len(self._open)
            while not self._idle:
                self._change.wait()
            return self._idle.pop()

    def give(self, line: Line) -> None:
        """Let others use it; the first time, this makes it known."""
        with self._change:
            if line not in self._open:
                self._open.append(line)
            self._idle.append(line)
            self._taken -= 1
            self._change.notify()

    def close(self) -> None:
        """Close all of them."""
        for line in self._open:
            line.close()
