"""A restored PostgreSQL database in a sandbox, and the questions that a drill asks of it."""

from __future__ import annotations

from stocktake.errors import FailedProgramError
from stocktake.restore.contents import Answer, Contents, Reference, named
from stocktake.restore.engines.postgresql import blame, read
from stocktake.restore.engines.postgresql.server import Server
from stocktake.restore.log import FAIL, NOT_APPLICABLE, PASS
from stocktake.restore.stop import BadBackupError
from stocktake.restore.store import StoreError, quoted

ERASER = "stocktake_eraser"
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
SCHEMA_OPTIONS = ("--schema-only", "--no-tablespaces", "--no-subscriptions")


class Restored:
    """`whole` is the answer on its integrity, which was found out while restoring."""

    def __init__(self, server: Server, database: str, whole: Answer, was_empty: str, *, physical: bool):
        self._server = server
        self._database = database
        self._whole = whole
        self._physical = physical
        self.was_empty = was_empty

    def integrity(self) -> Answer:
        """What restoring it has shown."""
        return self._whole

    def contents(self) -> Contents:
        """Counts and checksums of all tables."""
        try:
            with self._server.connected(self._database) as store, store.together():
                return read.contents(store, logged_only=self._physical)
        except StoreError as error:
            raise blame.stopped("content", f"ERROR: {error}") from None

    def schema(self) -> tuple[str, ...]:
        """All definitions."""
        try:
            dump = self._server.client("pg_dump", *SCHEMA_OPTIONS, database=self._database)
        except FailedProgramError as error:
            raise blame.stopped("schema", str(error)) from None
        return read.definitions(dump.decode("utf-8", "replace"))

    def as_application(self, reference: Reference) -> Answer:
        """Whether every role that logs in at the source may do here what it may do there, and really can read."""
        name = "application-role"
        if not reference.users:
            return Answer(name, NOT_APPLICABLE, "only superusers log in at the source")
        with self._server.connected(self._database) as store:
            here = set(read.users(store))
            lost = [
                f"{role} may not {right} {table}"
                for role, table, right in reference.users
                if (role, table, right) not in here
            ]
            lost = lost or list(read.unreadable(store, reference.users))
        roles = sorted({role for role, _, _ in reference.users})
        if lost:
            return Answer(name, FAIL, named(lost, 3)[:400], "missing-dependency")
        return Answer(name, PASS, f"{named(roles)}: as many rights as at the source")

    def erase(self, sql: str) -> int:
        """Run the replay as a role that can change rows and nothing else, so that its SQL cannot leave the sandbox."""
        try:
            self._let_in_the_eraser()
            with self._server.connected(self._database, ERASER) as store:
                return store.script(sql)
        except StoreError as error:
            raise BadBackupError("erasure", "procedure", f"the erasure replay failed: {error}"[:400]) from None

    def _let_in_the_eraser(self) -> None:
        with self._server.connected(self._database) as store:
            if not store.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", (ERASER,)):
                store.rows(f"CREATE ROLE {ERASER} LOGIN BYPASSRLS")
            for (schema,) in store.rows(_SCHEMAS):
                for what in ("USAGE ON SCHEMA", "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA"):
                    store.rows(f"GRANT {what} {quoted(schema)} TO {ERASER}")
