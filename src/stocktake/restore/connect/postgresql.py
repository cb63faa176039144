"""A door: PostgreSQL, a source in one read-only transaction, and the server of a sandbox by its own socket."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stocktake.restore.stop import UndecidedError
from stocktake.restore.store import Row, StoreError
from stocktake.values.secret import redact
from stocktake.values.text import shown

if TYPE_CHECKING:
    import psycopg

_NO_PASSWORD_FILE = os.path.join(os.devnull, "none")
_READ_ONLY = "-c default_transaction_read_only=on -c lock_timeout=10s -c idle_in_transaction_session_timeout=0"
_REFUSED = ("passfile", "replication", "service")
_SCHEMES = ("postgres", "postgresql")


class Database:
    """A `Store` for one connection; `secrets` are taken out of what it says."""

    def __init__(self, connection: psycopg.Connection[Any], secrets: Sequence[str] = ()):
        self._connection = connection
        self._secrets = secrets

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The answer to one statement."""
        with self._told():
            cursor = self._connection.execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def chunks(self, sql: str, size: int, *, odd: bool = False) -> Iterator[list[Row]]:
        """A long answer, some rows at a time; the server sees to it that no text is odd."""
        with self._told():
            cursor = self._connection.execute(sql.encode())
            while some := cursor.fetchmany(size):
                yield some

    def script(self, sql: str) -> int:
        """Run any number of statements: how many rows they touched."""
        with self._told():
            cursor = self._connection.execute(sql.encode())
            touched = 0
            more: bool | None = True
            while more:
                touched += 0 if cursor.description else max(cursor.rowcount, 0)
                more = cursor.nextset()
            return touched

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction around several statements."""
        with self._told(), self._connection.transaction():
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        from psycopg import Error

        try:
            yield
        except Error as error:
            raise StoreError(_plain(error, self._secrets)) from None


def parameters(url: str) -> dict[str, str]:
    """The parts of a connection URL; nothing else decides where it leads.

    Raises UndecidedError where it is none.
    """
    try:
        from psycopg import Error
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        what = "psycopg is not installed: install stocktake[live]"
        raise UndecidedError("content", "missing-dependency", what) from None
    scheme, colon, rest = url.partition("://")
    try:
        given = conninfo_to_dict(f"postgresql{colon}{rest}" if scheme.partition("+")[0] in _SCHEMES else "")
    except Error:
        given = {}
    found = {name: str(value) for name, value in given.items() if value is not None}
    if "host" not in found and "hostaddr" not in found:
        what = "the variable of its `connection` holds no URL of a PostgreSQL server"
        raise UndecidedError("content", "procedure", what)
    if any(name in found for name in _REFUSED):
        raise UndecidedError("content", "procedure", "the connection URL may not name a service or a password file")
    return found


@contextmanager
def source(url: str) -> Iterator[Database]:
    """One read-only transaction that sees one moment of a server.

    Raises UndecidedError where nobody answers or the role is not let in.
    """
    known: dict[str, Any] = dict(parameters(url))
    import psycopg

    secrets = [known[name] for name in ("password", "sslpassword") if known.get(name)]
    options = f"{known.pop('options', '')} {_READ_ONLY}".strip()
    given = {"connect_timeout": "10", **known, "options": options, "passfile": _NO_PASSWORD_FILE}
    try:
        connection = psycopg.connect(**{**given, "application_name": "stocktake"})
    except psycopg.Error as error:
        cause = "access-denied" if "auth" in str(error) or "denied" in str(error) else "not-comparable"
        what = f"the source does not answer: {_plain(error, secrets)}"
        raise UndecidedError("content", cause, what[:400]) from None
    try:
        store = Database(connection, secrets)
        store.rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield store
    except StoreError as error:
        cause = "access-denied" if "permission denied" in str(error) else "not-comparable"
        raise UndecidedError("content", cause, f"the source cannot be read: {error}"[:400]) from None
    finally:
        connection.close()


@contextmanager
def sandbox(socket: str, port: int, user: str, database: str) -> Iterator[Database]:
    """A connection to the server of a sandbox that commits each statement.

    Raises UndecidedError where nothing can connect to any.
    """
    try:
        import psycopg
    except ImportError:
        raise UndecidedError(
            "restore", "missing-dependency", "psycopg is not installed: install stocktake[live]"
        ) from None

    given: dict[str, Any] = {"host": socket, "port": port, "user": user, "dbname": database}
    try:
        connection = psycopg.connect(**{**given, "autocommit": True, "application_name": "stocktake drill"})
    except psycopg.Error as error:
        raise StoreError(_plain(error, ())) from None
    try:
        yield Database(connection)
    finally:
        connection.close()


def client(url: str) -> tuple[Sequence[str], dict[str, str]]:
    """Options and environment with which a client program of PostgreSQL reaches the same server.

    The password goes into the environment, since every user of a machine can read command lines.
    """
    known = parameters(url)
    password = known.pop("password", "")
    place = " ".join(f"{name}='{_quoted(value)}'" for name, value in known.items())
    environment = {**os.environ, "PGPASSFILE": _NO_PASSWORD_FILE, "PGOPTIONS": _READ_ONLY}
    return [f"--dbname={place}"], {**environment, "PGPASSWORD": password} if password else environment


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _plain(error: Exception, secrets: Sequence[str]) -> str:
    """What the server said, on one line and without secrets."""
    text = " ".join(str(error).split())
    for secret in secrets:
        text = text.replace(secret, "•••")
    return redact(shown(text))[:400]
