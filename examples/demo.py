"""Take stock of the bookshop while it runs: stores are started, looked at, changed behind everybody's back and drilled.

`scripts/demo` calls this in a clone of its own. What it starts it stops again, and what it writes stays in the clone.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.postgres import Server, programs, running

BOOKSHOP = Path("examples/bookshop")
# What registry/baselines/orders-db-demo.yaml says; the demo plants one more.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_lock_waits": "on",
    "max_connections": "60",
    "shared_buffers": "32MB",
}
PLANTED = ("ALTER SYSTEM SET work_mem = '64MB'", "SELECT pg_reload_conf()", "CREATE TABLE old_newsletter (email text)")


def fill(server: Server) -> None:
    """The bookshop's schema and roles, with a few hundred invented orders."""
    for role in ("bookshop LOGIN SUPERUSER", "reporting LOGIN CONNECTION LIMIT 2"):
        server.sql(f"CREATE ROLE {role}")
    server.sql("CREATE DATABASE orders OWNER bookshop")
    server.sql((BOOKSHOP / "db/20-schema.sql").read_text(), "orders")
    for grant in re.findall(r"GRANT [^;]+;", (BOOKSHOP / "db/30-roles.sh").read_text()):
        server.sql(grant, "orders")
    server.sql(
        """
        INSERT INTO customers SELECT 'c' || n, 'Customer ' || n, n || '@example.org' FROM generate_series(1, 50) n;
        INSERT INTO orders SELECT gen_random_uuid(), 'c' || n % 50 + 1, 'Street ' || n, 899, 'fulfilled', 'p' || n, now()
            FROM generate_series(1, 400) n;
        INSERT INTO order_lines SELECT id, '9780141439600', 1, 899 FROM orders;
        """,
        "orders",
    )


def deliveries(path: Path) -> None:
    """The worker's file, made by the statement that the worker itself runs."""
    made = re.search(r"CREATE TABLE [^\"]+", (BOOKSHOP / "worker/worker.py").read_text())
    assert made, "the worker makes its table"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(made[0])
        file.executemany("INSERT INTO deliveries VALUES (?, ?)", ((n, f"order-{n}") for n in range(1, 401)))


def take_stock(command: str, environment: Mapping[str, str], server: Server) -> None:
    """Discover, observe, check, drill and build, as a team would on a bad day."""

    def stocktake(*words: str, may: tuple[int, ...] = (0,)) -> None:
        print(f"\n$ stocktake {' '.join(words)}", file=sys.stderr, flush=True)
        code = subprocess.run([command, *words], env=environment, check=False).returncode
        if code not in may:
            raise SystemExit(code)

    stocktake("discover")
    for statement in PLANTED:
        server.sql(statement, "orders")
    stocktake("observe", "--environment", "demo")
    stocktake("drill", "orders-db", "--environment", "demo")
    stocktake("drill", "deliveries", "--environment", "demo")
    stocktake("baseline", "show", "orders-db", "--environment", "demo")
    stocktake("check", may=(0, 1))  # it finds what was planted
    stocktake("build", "--today", datetime.now(UTC).date().isoformat())


def main(command: str) -> int:
    """Run it all with this command; the site is then in build/site."""
    with running(programs(), SETTINGS) as server, tempfile.TemporaryDirectory(prefix="stocktake-demo-") as folder:
        fill(server)
        file = Path(folder) / "deliveries.sqlite"
        deliveries(file)
        urls = {"ORDERS_DB_DEMO_URL": server.url("orders"), "DELIVERIES_DEMO_URL": f"sqlite:///{file}"}
        take_stock(command, {**os.environ, **urls, "PATH": f"{programs()}:{os.environ['PATH']}"}, server)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
