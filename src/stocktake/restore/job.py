"""What one drill is asked to do, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

# Runs a client program: see stocktake.run.
Run = Callable[..., bytes]


class Job(NamedTuple):
    """One plan of one asset in one environment.

    `url` is where the source is (empty: not known) and holds a password, so it is never shown; `location` is the
    folder of the backups (empty: the drill makes one); `erasure` is the SQL that erases again (None: the plan names
    none); `personal` says that the store holds data about persons.
    """

    asset: str
    environment: str | None
    plan: str
    engine: str
    method: str
    url: str
    location: str
    erasure: str | None
    personal: bool
    clock: Callable[[], datetime]
    run: Run

    def __repr__(self) -> str:
        return f"Job({self.asset!r}, {self.environment!r}, {self.plan!r})"

    def about(self) -> Mapping[str, Any]:
        """What evidence has to name."""
        environment = {"environment": self.environment} if self.environment else {}
        return {"asset": self.asset, **environment, "plan": self.plan}


class Backup(NamedTuple):
    """One backup: `form` is what the engine calls its kind, empty where it is none that can be restored.

    `packed` says that gzip packed it; `manifest` and `globals` are files that lie beside it.
    """

    name: str
    path: str
    taken: datetime
    size: int
    form: str
    made: bool = False
    packed: bool = False
    manifest: str = ""
    globals: str = ""
