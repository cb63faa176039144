"""PostgreSQL 11 to 18 as they really answer: what is read, what is not visible, and that nothing is ever written."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers import matrix
from servers.postgres import TRUST, Server, give, listen, programs, run, running, stop
from stocktake.errors import LookError
from stocktake.observe.connect import postgresql as door
from stocktake.observe.observation import seen
from stocktake.observe.probes import postgresql, words
from stocktake.observe.probes.postgresql.settings import canonical
from stocktake.observe.query import Options, Query, QueryError
from stocktake.observe.script import PRIVILEGES, Answers, psql
from stocktake.values.name import encode_key

CASES = Path(__file__).parent / "cases/observe/postgresql"
ESTATE = (CASES / "estate.sql").read_text("utf-8")
NEWEST = "wheel"
SETTINGS = {"log_statement": "all", "log_line_prefix": "<%a> "}
Facts = Mapping[str, Any]
NO_SIZES = Options()


def furnished(server: Server) -> None:
    """The estate of the cases, and a role with what `explain --privileges` says."""
    server.sql("CREATE DATABASE estate")
    server.sql(ESTATE, "estate")
    server.sql(PRIVILEGES["postgresql"])
    server.sql("ALTER ROLE stocktake CONNECTION LIMIT 20")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The PostgreSQL of the wheel, which logs every statement."""
    with running(settings=SETTINGS) as started:
        furnished(started)
        yield started


@pytest.fixture(scope="module", params=[NEWEST, *matrix.VERSIONS])
def any_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Each version in turn; those of the matrix speak TLS."""
    if request.param == NEWEST:
        yield request.getfixturevalue("server")
        return
    with running(matrix.programs(request.param), tls=True) as started:
        furnished(started)
        yield started


def look(server: Server, role: str = "stocktake", options: Options = NO_SIZES, **url: str) -> dict[str, Any]:
    """All facts that a role sees."""
    with door.Server(server.url("estate", role, **url)) as ask:
        return dict(postgresql.probe(ask, options))


KEPT = ("access.grants", "access.principals", "role_settings", "schema.", "not_visible", "not_read")
# What a view says is each version's own text, who owns `public` too, and numbers move.
LEFT_OUT = ("definition", "password", "[estate.public].owner", "_rows", ".rows", "last_autovacuum")


def shape(facts: Facts) -> dict[str, Any]:
    """The facts that every version must give alike."""
    found = sorted(facts.items())
    return {name: value for name, value in found if name.startswith(KEPT) and not name.endswith(LEFT_OUT)}


def test_every_version_shows_the_same_estate(any_server: Server, accept: bool) -> None:
    found = shape(look(any_server))
    expected = CASES / "expected.json"
    if accept:
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=True) + "\n")

    assert found == json.loads(expected.read_text())


def test_every_setting_is_told_in_the_words_of_the_server(any_server: Server) -> None:
    query = (
        "SELECT name, setting, coalesce(unit, ''), current_setting(name) FROM pg_settings WHERE left(name, 4) <> 'tcp_'"
    )
    rows = any_server.sql(query, "estate")

    assert [(name, canonical(setting, unit)) for name, setting, unit, _ in rows] == [
        (name, shown) for name, _, _, shown in rows
    ]


def test_a_superuser_sees_rules_and_kinds_of_passwords_and_no_hash(any_server: Server) -> None:
    facts = look(any_server, "postgres")

    assert facts["access.principals[app].password"] in ("md5", "scram-sha-256")
    assert facts["access.principals[john.doe].password"] == "none"
    assert [facts[f"access.hba[{rule}].method"] for rule in hba(facts)] == ["trust", "trust"]
    assert "SCRAM-SHA-256$" not in repr(facts)


def hba(facts: Facts) -> list[str]:
    return sorted({found[1] for name in facts if (found := re.match(r"access\.hba\[(\d+)\]", name))})


def test_what_a_role_may_not_see_is_not_visible_and_never_absent(server: Server) -> None:
    facts = look(server)

    assert facts["not_visible[access.hba].reason"] == "the role may not read it"
    assert "not_visible[access.principals%5B%5D.password].reason" in facts
    assert not hba(facts)


def test_a_role_without_any_right_is_told_what_it_misses(server: Server) -> None:
    server.sql("DROP ROLE IF EXISTS nobody; CREATE ROLE nobody LOGIN")
    facts = look(server, "nobody")

    assert facts["not_visible[settings].reason"] == "some settings are shown to members of pg_read_all_settings only"
    assert "not_visible[activity].reason" in facts
    assert "not_visible[replication.standbys].reason" in facts
    assert facts["schema.tables[estate.public.orders].kind"] == "table"


def test_the_connection_says_whether_it_is_encrypted(any_server: Server) -> None:
    has_tls = any_server.sql("SHOW ssl") == [("on",)]

    assert look(any_server)["access.encryption_in_transit"] == ("tls" if has_tls else "none")


def test_a_server_that_also_speaks_plain_counts_as_plain() -> None:
    with running(matrix.programs(18), tls=True) as started:
        furnished(started)

        assert look(started, sslmode="disable")["access.encryption_in_transit"] == "none"


def test_settings_of_the_look_itself_do_not_stand_in_for_those_of_the_server(server: Server) -> None:
    facts = look(server)

    assert facts["settings[statement_timeout].value"] == "0"
    assert facts["settings[lock_timeout].value"] == "0"
    assert facts["not_visible[settings%5Bdefault_transaction_read_only%5D].reason"] == "set by the look itself"


def test_what_a_role_sets_for_itself_is_no_setting_of_the_server(server: Server) -> None:
    facts = look(server, "app")

    assert "settings[statement_timeout].value" not in facts
    assert "source: user" in facts["not_visible[settings%5Bstatement_timeout%5D].reason"]
    assert facts["role_settings[app@].values"] == ["statement_timeout=5s"]


def test_a_changed_setting_that_waits_for_a_restart_is_told(server: Server) -> None:
    server.sql("ALTER SYSTEM SET max_connections = 77")
    try:
        server.ctl("reload")
        facts = waited(lambda: look(server), "settings[max_connections].pending_restart")
    finally:
        server.sql("ALTER SYSTEM RESET max_connections")
        server.ctl("reload")

    assert facts["settings[max_connections].pending_restart"] is True
    assert facts["settings[max_connections].value"] == "60"


def waited(again: Any, *names: str) -> dict[str, Any]:
    """The facts as soon as some of them are there: a reload takes its time."""
    for _ in range(50):
        facts: dict[str, Any] = again()
        if facts.keys() >= set(names):
            return facts
        time.sleep(0.1)
    return facts


def test_sizes_are_measured_on_request_only(server: Server) -> None:
    assert not [name for name in look(server) if name.endswith(".size")]
    assert look(server, options=Options(sizes=True))["schema.tables[estate.public.customers].size"] > 0


def test_rows_are_counted_as_far_as_the_server_counts_them(server: Server) -> None:
    server.sql("CREATE TABLE public.counted AS SELECT generate_series(1, 1234) AS n; ANALYZE public.counted", "estate")
    try:
        facts = waited(lambda: look(server), "schema.tables[estate.public.counted].live_rows")
    finally:
        server.sql("DROP TABLE public.counted", "estate")

    assert facts["schema.tables[estate.public.counted].rows"] == 1200
    assert facts["schema.tables[estate.public.counted].live_rows"] == 1200


def test_a_locked_table_is_marked_and_everything_else_is_read(server: Server) -> None:
    with psycopg.connect(server.url("estate")) as other:
        other.execute("LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        facts = look(server, options=Options(sizes=True))
        took = time.monotonic() - started

    assert facts["schema.tables[estate.public.orders].locked"] is True
    assert facts["schema.tables[estate.public.orders].columns"][0] == "id integer not null"
    assert "schema.tables[estate.public.customers].locked" not in facts
    assert "generated always as identity" in facts["schema.tables[estate.public.customers].columns"][0]
    assert facts["schema.tables[estate.public.customers].size"] > 0
    assert [name for name in facts if name.startswith("not_read[")] == ["not_read[schema.fingerprint].reason"]
    assert "schema.fingerprint" not in facts
    assert took < 20


def test_a_locked_table_with_a_check_hides_no_key_of_another(server: Server) -> None:
    with psycopg.connect(server.url("estate")) as other:
        other.execute("LOCK TABLE public.customers IN ACCESS EXCLUSIVE MODE")
        facts = look(server)

    assert facts["schema.tables[estate.public.customers].locked"] is True
    assert facts["schema.tables[estate.public.small].keys"] == ["small_pkey: PRIMARY KEY (id)"]
    assert not [name for name in facts if name.startswith("not_read[schema.tables")]


def test_no_table_hides_behind_the_name_of_another(server: Server) -> None:
    names = ("a\u200bb", "a⟨U+200B⟩b", "a⟨U+27E8⟩U+200B⟩b")
    server.sql("".join(f'CREATE TABLE public."{name}" (id int);' for name in names), "estate")
    try:
        facts = seen("estate", "estate", None, look(server).items(), None).things[0].facts
    finally:
        server.sql("".join(f'DROP TABLE public."{name}";' for name in names), "estate")

    assert len([name for name in facts if "200B" in name and name.endswith(".kind")]) == len(names)


def test_many_locked_tables_take_no_longer_than_one(server: Server) -> None:
    names = [f"many_{number}" for number in range(60)]
    server.sql("".join(f"CREATE TABLE public.{name} (id serial PRIMARY KEY);" for name in names), "estate")
    with psycopg.connect(server.url("estate")) as other:
        for name in names:
            other.execute(f"LOCK TABLE public.{name} IN ACCESS EXCLUSIVE MODE".encode())
        started = time.monotonic()
        facts = look(server)
        took = time.monotonic() - started
    server.sql("".join(f"DROP TABLE public.{name};" for name in names), "estate")

    assert [name for name in names if facts.get(f"schema.tables[estate.public.{name}].locked")] == names
    assert "schema.tables[estate.public.orders].locked" not in facts
    assert took < 10


def test_a_generated_column_is_told_as_one(server: Server) -> None:
    server.sql("CREATE TABLE public.twice (n int, m int GENERATED ALWAYS AS (n * 2) STORED)", "estate")
    try:
        facts = look(server)
    finally:
        server.sql("DROP TABLE public.twice", "estate")

    columns = ["n integer", "m integer generated always as ((n * 2))"]
    assert facts["schema.tables[estate.public.twice].columns"] == columns


def test_a_database_of_any_name_is_read_where_it_is(server: Server) -> None:
    names = ["host=evil.example", "postgresql://evil.example/x", "a b'c"]
    for name in names:
        server.sql(f'CREATE DATABASE "{name}"')
    server.sql("CREATE DATABASE closed")
    server.sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
    try:
        with door.Server(server.url("estate", "stocktake").replace("/estate", "")) as ask:
            facts = dict(postgresql.probe(ask, Options(every_database=True)))
    finally:
        for name in (*names, "closed"):
            server.sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    assert set(names) < set(facts["schema.read"])
    assert "closed" not in facts["schema.read"]
    assert facts['schema.extensions["host=evil.example".plpgsql].version'] == "1.0"


def test_copies_of_a_server_are_seen_from_it() -> None:
    hba = TRUST + "host replication all 127.0.0.1/32 trust\n"
    with running(settings={"archive_mode": "on", "archive_command": "true", "wal_level": "replica"}, hba=hba) as first:
        first.sql("SELECT pg_create_physical_replication_slot('standby', true)")
        first.sql("SELECT pg_create_physical_replication_slot('forgotten', true)")
        first.sql("SELECT pg_switch_wal()")
        furnished(first)
        with standby(first, "standby"):
            facts = waited(lambda: look(first), "replication.standbys[copy].state", "archiving.last_archived")

    assert facts["replication.slots[standby].active"] is True
    assert facts["replication.slots[forgotten].active"] is False
    assert facts["replication.slots[forgotten].type"] == "physical"
    assert facts["replication.slots[forgotten].retained_bytes"] > 0
    assert facts["replication.standbys[copy].state"] == "streaming"
    assert facts["replication.standbys[copy].sync"] == "async"
    assert facts["archiving.mode"] == "on"
    assert facts["recovery.is_standby"] is False


def test_a_standby_can_be_looked_at() -> None:
    hba = TRUST + "host replication all 127.0.0.1/32 trust\n"
    with running(hba=hba) as first:
        furnished(first)
        with standby(first) as second:
            facts = look(second)
            primary = look(first)

    assert facts["recovery.is_standby"] is True
    assert shape(facts) == shape(primary)


@contextmanager
def standby(first: Server, slot: str = "") -> Iterator[Server]:
    """A copy of a server that follows it."""
    folder = Path(tempfile.mkdtemp(prefix="stocktake-pg-"))
    give(folder)
    data, url = str(folder / "data"), f"host=127.0.0.1 port={first.port} user=postgres application_name=copy"
    options = ["--slot", slot] if slot else []
    run(folder, str(first.programs / "pg_basebackup"), "-D", data, "-d", url, "-R", "-c", "fast", *options)
    second = listen(first.programs, folder)
    try:
        yield second
    finally:
        stop(second)


def test_ten_thousand_roles_are_all_seen() -> None:
    with running() as started:
        started.sql("CREATE DATABASE estate")
        started.sql("DO $$ BEGIN FOR n IN 1..10000 LOOP EXECUTE 'CREATE ROLE r' || n; END LOOP; END $$")
        facts = look(started, "postgres")

    assert len([name for name in facts if name.endswith("].superuser")]) == 10_001


def test_an_object_in_the_way_of_a_system_name_is_not_used(server: Server) -> None:
    server.sql("CREATE DATABASE trap")
    server.sql(
        "CREATE TABLE public.pg_roles (rolname text); ALTER DATABASE trap SET search_path = public, pg_catalog", "trap"
    )
    with door.Server(server.url("trap", "stocktake")) as ask:
        facts = dict(postgresql.probe(ask))

    assert facts["access.principals[app].login"] is True


def test_a_url_without_a_database_means_all_that_may_be_read(server: Server) -> None:
    url = server.url("estate", "stocktake").replace("/estate", "")
    with door.Server(url) as ask:
        facts = dict(postgresql.probe(ask, Options(every_database=not ask.names_a_database)))

    assert facts["schema.tables[estate.public.orders].kind"] == "table"
    assert facts["schema.extensions[postgres.plpgsql].version"] == "1.0"


# Nothing is ever written.

SENT = re.compile(r"^<stocktake> LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)", re.MULTILINE)
READS = re.compile(
    r"\s*(?:BEGIN TRANSACTION READ ONLY(?:; SET LOCAL \w+ = \w+)*|SELECT\b[^;]*|ROLLBACK)\s*;?\s*", re.DOTALL
)
CHANGES = re.compile(
    r"\b(?:set_config|setval|nextval|lo_\w+|pg_(?:terminate|cancel|reload|rotate|switch|create|drop)\w*)\("
)


def test_nothing_but_reads_is_ever_sent(server: Server) -> None:
    look(server, options=Options(sizes=True, every_database=True))
    sent = [found.replace("\n\t", "\n") for found in SENT.findall(server.log())]

    assert len(sent) > 100
    assert [text for text in sent if not READS.fullmatch(text) or CHANGES.search(text)] == []


@pytest.mark.parametrize("text", ["DELETE FROM x", "SELECT 1; DELETE FROM x", "BEGIN", "SELECT setval('a', 1)"])
def test_the_test_before_sees_what_is_no_read(text: str) -> None:
    assert not READS.fullmatch(text) or CHANGES.search(text)


WRITES = [
    "CREATE TABLE public.mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "INSERT INTO public.customers (email) VALUES ('x')",
    "UPDATE public.orders SET total = 0",
    "DELETE FROM public.orders",
    "TRUNCATE public.orders",
    "DROP TABLE public.orders",
    "ALTER SYSTEM SET work_mem = '1GB'",
    "ALTER ROLE stocktake SUPERUSER",
    "CREATE ROLE another",
    "GRANT SELECT ON public.orders TO stocktake",
    "SELECT nextval('public.orders_id_seq')",
    "SELECT lo_create(0)",
    "COPY public.orders TO PROGRAM 'true'",
    "COMMENT ON TABLE public.orders IS 'mine'",
]


@pytest.mark.parametrize("statement", WRITES)
def test_a_superuser_cannot_write_through_the_door(server: Server, statement: str) -> None:
    with door.Server(server.url("estate")) as ask, pytest.raises(QueryError):
        ask(Query("write", "", statement))


def optional(verb: str) -> list[str]:
    """The statements that `explain --privileges` leaves to the reader."""
    found = re.findall(rf"--   ({verb} .*;)", PRIVILEGES["postgresql"])
    return [statement.replace("DATABASE orders", "DATABASE estate") for statement in found]


def test_the_least_privileged_role_cannot_write_even_without_the_door(any_server: Server) -> None:
    """Large objects of its own are all that is left: everybody may make them."""
    any_server.sql("GRANT CREATE ON SCHEMA public TO PUBLIC", "estate")  # as before PostgreSQL 15
    for statement in optional("REVOKE"):
        any_server.sql(statement, "estate")
    try:
        with psycopg.connect(any_server.url("estate", "stocktake"), autocommit=True) as connection:
            for statement in (one for one in WRITES if "lo_create" not in one):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode())
    finally:
        for statement in optional("REVOKE"):
            if "TEMPORARY" in statement:
                any_server.sql(statement.replace("REVOKE", "GRANT").replace("FROM", "TO"), "estate")


def test_the_least_privileged_role_cannot_read_a_row(any_server: Server) -> None:
    with (
        psycopg.connect(any_server.url("estate", "stocktake")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM public.customers")


def test_the_optional_rights_show_what_they_promise(server: Server) -> None:
    server.sql("CREATE ROLE thorough LOGIN IN ROLE pg_monitor")
    for statement in optional("GRANT"):
        server.sql(statement.replace("stocktake", "thorough"), "estate")
    facts = look(server, "thorough")

    assert hba(facts)
    assert facts["schema.sequences[estate.public.small_id_seq].used"] == pytest.approx(0.916)


# For those who let no tool connect.


def test_the_script_gives_the_same_facts_as_a_connection(any_server: Server) -> None:
    answers = said(any_server)
    by_file = dict(postgresql.probe(Answers(answers)))
    live = look(any_server)

    assert shape(by_file) | {OWN: ""} == shape(live) | {OWN: ""}
    assert stable(by_file) == stable(live)


OWN = "not_visible[settings%5Bdefault_transaction_read_only%5D].reason"


def stable(facts: Facts) -> dict[str, Any]:
    """Settings that do not belong to the session."""
    moving = ("default_transaction_read_only", "DateStyle", "TimeZone", "lc_messages")
    return {
        name: value
        for name, value in facts.items()
        if name.startswith("settings[") and not any(f"[{one}]" in name for one in moving)
    }


def said(server: Server) -> str:
    """What psql prints for the script."""
    command = [str(programs() / "psql"), "--no-psqlrc", "--file=-", server.url("estate", "stocktake")]
    done = subprocess.run(command, input=psql(), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_script_sends_nothing_but_reads(server: Server) -> None:
    said(server)
    sent = re.findall(r"^<psql> LOG:  statement: (.*(?:\n\t.*)*)", server.log(), re.MULTILINE)
    read = re.compile(r"(?:SELECT\b[^;]*|BEGIN TRANSACTION READ ONLY|ROLLBACK|SET \w+ = [\w']+);?\s*", re.DOTALL)

    assert len(sent) > 80
    assert [text for text in sent if not read.fullmatch(text) or CHANGES.search(text)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not hold what the script"),
        ("hello", "is not JSON after character 0"),
        ("[1]", "holds something that is no answer"),
        ('{"query": "server", "rows": 5}', "an answer without rows"),
        ("[" * 100_000, "is not JSON after character 0"),
    ],
)
def test_a_file_that_is_something_else_is_refused(text: str, told: str) -> None:
    with pytest.raises(LookError, match=told):
        Answers(text)


def test_no_secret_of_the_estate_is_in_what_was_seen(server: Server) -> None:
    server.sql("ALTER SYSTEM SET primary_conninfo = 'host=primary user=replica password=frogspawn-99'")
    server.ctl("reload")
    facts = waited(lambda: look(server, "postgres"), "settings[primary_conninfo].default")
    text = repr(seen("orders-db", "orders-db", None, facts.items(), "postgres"))

    assert facts["settings[primary_conninfo].value"]
    assert "frogspawn-99" not in text
    assert "tadpole-harbour-7" not in text


ODD = st.text(st.sampled_from('aZ9_$-."%[]\n é') | st.characters(), max_size=4) | st.just("PUBLIC")


@given(st.lists(ODD, min_size=1, max_size=3))
def test_a_plain_key_is_written_like_any_other(names: list[str]) -> None:
    assert words.key(*names) == encode_key(words.path(*names))
