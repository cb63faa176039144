"""A door: one PostgreSQL server, read in read-only transactions with time limits."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.errors import LookError
from stocktake.observe.connect.lines import Lines
from stocktake.observe.connect.reasons import short, why_no_connection
from stocktake.observe.query import ONLY, Query, QueryError, Row

if TYPE_CHECKING:
    import psycopg


class Limits(NamedTuple):
    """How many seconds something may take, how long an answer may be, and how many of them may be read at once."""

    connect: int = 10
    statement: float = 60.0
    lock: float = 0.2
    grace: float = 10.0
    rows: int = 5_000_000
    letters: int = 1_000_000_000
    connections: int = 2


_NO_PASSWORD_FILE = os.path.join(os.devnull, "none")
_PIECE = 1000
# The user's libpq options are kept, but nothing may come from a place other than the URL.
_REFUSED = ("passfile", "service", "replication")


class Server:
    """An `Ask` for one server; other databases of it are connected to when they are first asked.

    Two threads may ask at once, each on a connection of its own; where the server lets only one in, they take turns.
    """

    def __init__(self, url: str, limits: Limits = Limits()):  # noqa: B008 - it cannot change
        self._limits = limits
        self._parameters = _parameters(url, limits)
        self._secrets = tuple(filter(None, (self._parameters.get("password"), self._parameters.get("sslpassword"))))
        self.names_a_database = "dbname" in self._parameters
        self._first = self._parameters.setdefault("dbname", "postgres")
        self._lines: dict[str, Lines[psycopg.Connection[Any]]] = {}
        try:
            with self._line(self._first):
                pass
        except QueryError as error:
            raise LookError(str(error)) from None

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        for lines in self._lines.values():
            lines.close()

    def __call__(self, query: Query, database: str = "", only: Sequence[int] | None = None) -> list[Row]:
        from psycopg import Error, errors

        limit = self._limits.statement + self._limits.grace
        with self._line(database or self._first) as connection:
            try:
                with _ends_within(connection, limit) as is_late:
                    return self._rows(connection, query, only)
            except errors.InsufficientPrivilege as error:
                raise QueryError(self._short(error), refused=True) from None
            except errors.LockNotAvailable as error:
                raise QueryError(self._short(error), locked=True) from None
            except Error as error:
                if connection.closed or connection.broken:
                    because = f"no answer within {limit:g} seconds" if is_late.is_set() else self._short(error)
                    raise LookError(f"the connection was lost while {query.name} was read: {because}") from None
                raise QueryError(self._short(error)) from None
            except (ValueError, UnicodeError) as error:  # what a server sends that is none
                raise QueryError(self._short(error)) from None

    @contextmanager
    def _line(self, database: str) -> Iterator[psycopg.Connection[Any]]:
        """A connection that nobody else uses until this ends.

        Raises QueryError where there is none to this database: the other databases of the server can still be read.
        """
        lines = self._lines.setdefault(database, Lines(self._limits.connections))
        connection = lines.take()
        if connection is None:
            try:
                connection = self._connect(database)
            except LookError as error:
                connection = lines.instead()
                if connection is None:
                    raise QueryError(str(error)) from None
        try:
            yield connection
        finally:
            lines.give(connection)

    def _rows(self, connection: psycopg.Connection[Any], query: Query, only: Sequence[int] | None) -> list[Row]:
        connection.execute(self._opening(query))
        try:
            if only is None:
                return self._taken(connection, query.sql.encode(), None, query.name)
            text = query.sql.replace("%", "%%").replace(ONLY, f"AND {query.only} = ANY(%s)")
            return self._taken(connection, text.encode(), (list(only),), query.name)
        finally:
            if not connection.closed:
                connection.execute("ROLLBACK")

    def _taken(self, connection: psycopg.Connection[Any], sql: bytes, values: Any, name: str) -> list[Row]:
        """All rows, taken piece by piece, so that an answer without an end does not fill the memory."""
        from psycopg import capabilities

        rows: list[Row] = []
        letters = 0
        with connection.cursor() as cursor:
            for row in cursor.stream(sql, values, size=_PIECE if capabilities.has_stream_chunked() else 1):
                rows.append(row)
                letters += sum(len(value) for value in row.values() if isinstance(value, str | list))
                if len(rows) > self._limits.rows or letters > self._limits.letters:
                    connection.close()
                    raise LookError(f"the answer to {name} has no end")
        return rows

    def _opening(self, query: Query) -> bytes:
        """A read-only transaction; with this `search_path` no name of a user stands in for one of the system."""
        if query.bare:
            return b"BEGIN TRANSACTION READ ONLY"
        own = {
            "statement_timeout": int(self._limits.statement * 1000),
            "lock_timeout": int(self._limits.lock * 1000),
            "idle_in_transaction_session_timeout": int(self._limits.grace * 1000),
            "search_path": "pg_catalog",
            "quote_all_identifiers": "off",
        }
        return "; ".join(
            ["BEGIN TRANSACTION READ ONLY", *(f"SET LOCAL {name} = {value}" for name, value in own.items())]
        ).encode()

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        import psycopg
        from psycopg.rows import dict_row

        try:
            return psycopg.connect(
                **{**self._parameters, "dbname": database},
                autocommit=True,
                row_factory=dict_row,
                prepare_threshold=None,
            )
        except (psycopg.Error, ValueError, UnicodeError) as error:
            raise LookError(why_no_connection(str(error), self._secrets, self._limits.connect)) from None

    def _short(self, error: BaseException) -> str:
        return short(str(error), self._secrets)


def _parameters(url: str, limits: Limits) -> dict[str, Any]:
    """libpq's parameters; raises LookError, which shows nothing of the URL, where it is none."""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise LookError("psycopg is not installed: install stocktake[live]") from None
    scheme, colon, rest = url.partition("://")
    try:
        given = dict(conninfo_to_dict(f"postgresql{colon}{rest}" if scheme.count("+") <= 1 else ""))
    except (ProgrammingError, ValueError):
        raise LookError("the variable does not hold a URL that libpq understands") from None
    if not given.get("host") and not given.get("hostaddr"):
        raise LookError("the URL names no host")
    if refused := sorted(set(_REFUSED) & given.keys()):
        raise LookError(f"the URL must not hold {' or '.join(refused)}")
    asked = str(given.get("connect_timeout") or limits.connect)
    return {
        **given,
        "password": given.get("password", ""),
        "passfile": _NO_PASSWORD_FILE,
        "connect_timeout": min(int(asked), limits.connect) if asked.isdecimal() else limits.connect,
        "application_name": "stocktake",
        "client_encoding": "utf8",
        "options": f"{given.get('options', '')} -c default_transaction_read_only=on".strip(),
    }


@contextmanager
def _ends_within(connection: psycopg.Connection[Any], seconds: float) -> Iterator[threading.Event]:
    """Cut the line when the time is over: a server that keeps no limit of its own must not hold us."""
    is_late = threading.Event()
    line = socket.socket(fileno=os.dup(connection.fileno()))

    def cut() -> None:
        is_late.set()
        line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
        line.close()
