"""A server of a drill's own: in its sandbox, on a socket in there, with nothing that reaches outside."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from stocktake.errors import FailedProgramError
from stocktake.restore.connect import postgresql as connect
from stocktake.restore.engines.postgresql import blame
from stocktake.restore.job import Run
from stocktake.restore.sandbox import Sandbox, stop_server
from stocktake.restore.stop import UndecidedError

PORT = 5432  # part of the name of the socket only
A_DAY = 86_400.0
_ACCOUNTS = ("postgres", "nobody")
_SOCKET_AT_MOST = 90

# Archiving and replication are off, nothing listens, no library and no file of the original is used.
_SETTINGS = {
    "archive_command": "",
    "archive_mode": "off",
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "log_destination": "stderr",
    "logging_collector": "off",
    "max_locks_per_transaction": "1024",
    "max_logical_replication_workers": "0",
    "max_prepared_transactions": "100",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_preload_libraries": "",
    "ssl": "off",
}

_ANYTHING = """
    SELECT (SELECT count(*) FROM pg_class WHERE oid >= 16384)
         + (SELECT count(*) FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1'))
"""


class Server(NamedTuple):
    """A running server: its programs, the folder of its socket, and the role that may do everything."""

    run: Run
    programs: str
    socket: str
    superuser: str

    def client(self, name: str, *arguments: str, database: str = "postgres") -> bytes:
        """Run a client program on it."""
        place = (f"--host={self.socket}", f"--port={PORT}", f"--username={self.superuser}", f"--dbname={database}")
        environment = {**os.environ, "PGPASSFILE": os.devnull, "PGOPTIONS": ""}
        return self.run([f"{self.programs}/{name}", *place, *arguments], timeout=A_DAY, env=environment)

    @contextmanager
    def connected(self, database: str, user: str = "") -> Iterator[connect.Database]:
        """A connection that commits each statement."""
        with connect.sandbox(self.socket, PORT, user or self.superuser, database) as store:
            yield store


def account() -> int | None:
    """The user that the server runs as where we are root, since it refuses to be root; None where we are not."""
    if os.geteuid():
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in _ACCOUNTS:
        if name in known:
            return known[name]
    raise UndecidedError("restore", "missing-dependency", "a server may not run as root, and no other user is there")


def create(run: Run, programs: str, box: Sandbox, superuser: str) -> str:
    """An empty data folder, which begins with this role."""
    owner = account()
    data = box.make("data", owner)
    options = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={superuser}")
    _as_server(run, [f"{programs}/initdb", f"--pgdata={data}", *options], box, owner)
    return data


@contextmanager
def running(run: Run, programs: str, box: Sandbox, data: str, superuser: str) -> Iterator[Server]:
    """The server of a data folder in the sandbox, proven to be that one before anybody writes to it."""
    owner = account()
    socket = box.make("socket", owner)
    if len(socket) > _SOCKET_AT_MOST:
        raise UndecidedError("restore", "procedure", f"{socket} is too long a path for a socket: set TMPDIR")
    settings = {**_SETTINGS, "unix_socket_directories": socket, "port": str(PORT), "cluster_name": _name(box)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    command = [f"{programs}/pg_ctl", "-D", data, "-l", f"{socket}/log", "-w", "-t", "600", "-o", options, "start"]
    try:
        try:
            _as_server(run, command, box, owner)
        except FailedProgramError as error:
            raise UndecidedError(
                "restore", "missing-dependency", f"the sandbox did not start: {blame.first_error(str(error))}"
            ) from None
        server = Server(run, programs, socket, superuser)
        _refuse_another(server, box, data)
        yield server
    finally:
        stop_server(data)


def _name(box: Sandbox) -> str:
    return f"stocktake-drill-{box.token}"


def _refuse_another(server: Server, box: Sandbox, data: str) -> None:
    """The target must show the name that only this drill knows, and its data must lie in the sandbox."""
    with server.connected("postgres") as store:
        [row] = store.rows("SELECT current_setting('cluster_name'), current_setting('data_directory')")
    if row[0] != _name(box) or row[1] != data or not box.holds(data):
        raise UndecidedError("sandbox-empty", "procedure", "the server that answers is not the sandbox of this drill")


def refuse_unless_empty(server: Server) -> None:
    """Nothing may be there before a restore."""
    with server.connected("postgres") as store:
        [(found,)] = store.rows(_ANYTHING)
    if found:
        raise UndecidedError("sandbox-empty", "procedure", "the sandbox is not empty")


def _as_server(run: Run, command: Sequence[str], box: Sandbox, owner: int | None) -> None:
    run(command, timeout=A_DAY, cwd=box.folder, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"}, user=owner)
