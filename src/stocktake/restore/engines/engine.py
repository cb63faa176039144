"""What a drill asks of an engine: one module per engine answers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from stocktake.restore.choice import Found
from stocktake.restore.contents import Answer, Contents, Reference
from stocktake.restore.job import Backup, Job
from stocktake.restore.sandbox import Sandbox


class Copy(Protocol):
    """A restored backup in a sandbox; `was_empty` says how the sandbox was proven empty before."""

    was_empty: str

    def integrity(self) -> Answer:
        """Whether every part of it can be read and agrees with the others."""

    def contents(self) -> Contents:
        """What it holds."""

    def schema(self) -> tuple[str, ...]:
        """Its definitions, line by line."""

    def as_application(self, reference: Reference) -> Answer:
        """Whether the roles that use it at the source can use it here."""

    def erase(self, sql: str) -> int:
        """Run the erasure replay with no more rights than it needs: how many rows it touched.

        Raises BadBackupError where it does not run.
        """


class Engine(Protocol):
    """How one engine is drilled; `name` is the engine of the asset."""

    name: str

    def form(self, found: Found) -> str:
        """The kind of backup that something is, `globals` for what only accompanies one, or nothing."""

    def wanted(self, job: Job) -> frozenset[str]:
        """The forms of backup that the method of the plan makes."""

    def room(self, job: Job, backup: Backup | None) -> int:
        """How many bytes the sandbox will need."""

    def reference(self, job: Job, backup: Backup | None) -> Reference:
        """What the backup should hold, as far as the source tells.

        Raises UndecidedError where it tells nothing.
        """

    def make(self, job: Job, box: Sandbox) -> tuple[Backup, Reference]:
        """A fresh backup in the sandbox, and what the source held at that moment."""

    def restored(self, job: Job, backup: Backup, box: Sandbox) -> AbstractContextManager[Copy]:
        """The backup, restored.

        Raises BadBackupError where it cannot be, because of the backup.
        """
