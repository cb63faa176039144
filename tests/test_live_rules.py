"""The rules about live stores on real ones: what is planted is found, and what a role may not see is unknown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from servers import matrix
from servers.postgres import Server, running
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.model.estate import Estate
from stocktake.model.outcome import FAIL, UNKNOWN, Outcome
from stocktake.model.record import Record
from stocktake.model.settings import Settings
from stocktake.observe.connect.postgresql import Server as Connection
from stocktake.observe.connect.sqlite import File
from stocktake.observe.observation import seen
from stocktake.observe.probes import postgresql, sqlite
from stocktake.observe.script import PRIVILEGES
from stocktake.pipeline.audit import audit

FLAWS = (Path(__file__).parent / "cases/live/flaws.sql").read_text("utf-8")
TODAY = date(2026, 11, 24)
SCHEMAS = read_schemas(Tree(schema_folder()))
POLICY = {
    "access": {"encryption_in_transit": "tls", "rotation": "P90D"},
    "backup": {"rpo": "PT0S", "plans": {"log": {"kind": "log", "schedule": "* * * * *"}}},
    "classification": "restricted",
    "members": {"orders-2": {"role": "replica"}},
}
SETTINGS = {
    "idle_in_transaction_session_timeout": "0",
    "log_line_prefix": "",
    "max_connections": "10",
    "password_encryption": "md5",
    "ssl_min_protocol_version": "TLSv1",
    "wal_level": "replica",
}
HBA = "local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all 0.0.0.0/0 md5\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server on which much is wrong."""
    with running(settings=SETTINGS, hba=HBA) as started:
        started.sql("CREATE DATABASE orders")
        started.sql(FLAWS, "orders")
        with pytest.raises(psycopg.errors.UniqueViolation):
            started.sql("CREATE UNIQUE INDEX CONCURRENTLY notes_unique ON shop.notes (note)", "orders")
        started.sql(PRIVILEGES["postgresql"])
        started.sql("ALTER SYSTEM SET shared_buffers = '64MB'")
        with (started.folder / "data/postgresql.conf").open("a") as file:
            file.write("work_mem = much\n")
        started.sql("SELECT pg_reload_conf()")
        started.sql("SELECT pg_sleep(0.2)")
        yield started


def outcomes(identity: str, record: dict[str, Any], facts: Any) -> list[Outcome]:
    """What the rules of live stores say of one store."""
    address = f"asset/{identity}"
    assert list(SCHEMAS.validator("asset").faults(record)) == []
    observation = seen(identity, identity, None, facts, "stocktake")._replace(looked=TODAY)
    records = [Record("asset", identity, f"{address}.yaml", record)]
    found, bugs = audit(Estate(records, SCHEMAS.kinds(), SCHEMAS.groups, Settings(), (observation,)), TODAY)

    assert bugs == ()
    return [outcome for outcome in found.outcomes if outcome.rule.startswith(("PG", "SL"))]


def of_server(server: Server, role: str) -> list[Outcome]:
    record = {"name": "Orders", "type": "relational-db", "engine": "postgresql", **POLICY}
    with Connection(server.url("orders", role)) as ask:
        return outcomes("orders-db", record, list(postgresql.probe(ask)))


def identities(found: list[Outcome], state: str) -> set[str]:
    return {outcome.identity.replace("@asset/orders-db", "") for outcome in found if outcome.state == state}


def test_everything_that_was_planted_in_a_server_is_found(server: Server) -> None:
    found = of_server(server, "postgres")

    assert identities(found, FAIL) == {
        "PG002",
        "PG004#host%20all%20all%20127.0.0.1%20255.255.255.255%20trust",
        "PG004#local%20all%20all%20trust",
        "PG005#host%20all%20all%200.0.0.0%200.0.0.0%20md5",
        "PG006#host%20all%20all%200.0.0.0%200.0.0.0%20md5",
        "PG007#host%20all%20all%200.0.0.0%200.0.0.0%20md5",
        "PG008#host%20all%20all%200.0.0.0%200.0.0.0%20md5",
        "PG009#postgres",
        "PG009#strong",
        "PG010",
        "PG011#loader",
        "PG012#loader",
        "PG013#strong",
        "PG014#orders.shop",
        "PG015#orders.shop.close(bigint)",
        "PG017#orders.shop.customers",
        "PG018#loader",
        "PG019#log_connections",
        "PG019#log_disconnections",
        "PG020",
        "PG021",
        "PG023#fsync",
        "PG023#full_page_writes",
        "PG025",
        "PG027#forgotten",
        "PG028",
        "PG029#shared_buffers",
        "PG030#work_mem:%20setting%20could%20not%20be%20applied",
        "PG033#orders.shop.notes%20notes_unique",
        "PG034#orders.shop.notes%20notes_two",
        "PG035#orders.shop.orders%20orders_customer_fkey",
        "PG036#orders.shop.orders_id_seq",
        "PG037#orders.shop.notes",
        "PG038#pg_stat_statements",
        "PG038#track_io_timing",
        "PG040#table%20orders.shop.notes",
        "PG042",
        "PG044#loader@",
        "PG048",
        "PG051#strong",
        "PG052#loader",
        "PG053",
    }
    assert identities(found, UNKNOWN) == set()


def test_what_the_role_with_least_privilege_may_not_see_is_unknown(server: Server) -> None:
    found = of_server(server, "stocktake")

    assert {identity.partition("#")[0] for identity in identities(found, UNKNOWN)} == {
        "PG004",
        "PG005",
        "PG006",
        "PG007",
        "PG008",
        "PG009",
        "PG011",
        "PG030",
        "PG036",
    }
    assert {"PG010", "PG020", "PG027#forgotten", "PG029#shared_buffers"} <= identities(found, FAIL)


@pytest.mark.parametrize("version", matrix.VERSIONS)
def test_every_version_answers_every_question(version: int) -> None:
    is_old = version == 11
    settings = {} if is_old else {"ssl_min_protocol_version": "TLSv1"}
    with running(matrix.programs(version), settings, HBA, tls=True) as server:
        server.sql("CREATE DATABASE orders")
        server.sql(FLAWS, "orders")
        found = of_server(server, "postgres")

    failed, unknown = identities(found, FAIL), identities(found, UNKNOWN)
    assert {
        "PG004#local%20all%20all%20trust",
        "PG015#orders.shop.close(bigint)",
        "PG036#orders.shop.orders_id_seq",
    } <= failed
    assert "PG002" not in failed
    assert ("PG041" in failed) is not is_old
    assert unknown == (set() if is_old or version == 18 else {"PG022"})


def test_a_role_that_may_see_little_is_not_told_that_all_is_well(server: Server) -> None:
    server.sql("CREATE ROLE plain LOGIN")
    found = of_server(server, "plain")
    server.sql("DROP ROLE plain")
    hidden = {outcome.rule for outcome in found if outcome.state == UNKNOWN}

    assert hidden >= {"PG004", "PG011", "PG020", "PG021", "PG028", "PG029", "PG030", "PG036", "PG038", "PG039", "PG049"}


def test_what_was_planted_in_a_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite3"
    with sqlite3.connect(path) as made:
        made.executescript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a);"
            "CREATE TABLE c AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999)"
            " SELECT i FROM n;"
            "INSERT INTO b VALUES (7); DROP TABLE c;"
        )
    made.close()
    path.chmod(0o644)
    tmp_path.chmod(0o777)
    record = {
        "name": "Deliveries",
        "type": "embedded-db",
        "engine": "sqlite",
        "classification": "confidential",
        "backup": {"plans": {"stream": {"kind": "log", "method": "cp"}}},
    }
    with File(str(path)) as ask:
        found = outcomes("deliveries", record, list(sqlite.probe(ask)))

    assert sorted(outcome.identity.replace("@asset/deliveries", "") for outcome in found if outcome.state == FAIL) == [
        "SL002",
        "SL003#folder",
        "SL003#read",
        "SL004",
        "SL006#stream",
        "SL008",
    ]
    assert [outcome.rule for outcome in found if outcome.state == UNKNOWN] == ["SL007"]
