"""What keeps a store from being looked at is told in words, soon, and without a secret."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servers import matrix, odd
from servers.postgres import Server, free_port, running
from stocktake.errors import LookError
from stocktake.observe.connect import postgresql as door
from stocktake.observe.connect.open import connect, engine_of
from stocktake.observe.connect.postgresql import Limits
from stocktake.observe.connect.reasons import short
from stocktake.observe.probes import postgresql
from stocktake.observe.query import Query, QueryError

SECRET = "tadpole-harbour-7"
ONE = Query("one", "one", "SELECT 1 AS one")
SOON = Limits(connect=2, statement=1, grace=1)


def refusal(url: str, limits: Limits = SOON) -> str:
    """Why there is no answer."""
    with pytest.raises(LookError) as told, door.Server(url, limits) as ask:
        list(postgresql.probe(ask))
    assert SECRET not in str(told.value)
    return str(told.value)


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server that wants a password over TCP, and has no TLS."""
    hba = "local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    with running(hba=hba) as started:
        started.sql(f"CREATE ROLE app LOGIN PASSWORD '{SECRET}'")
        yield started


def test_the_right_password_lets_in(strict: Server) -> None:
    with door.Server(strict.url("postgres", "app", SECRET)) as ask:
        assert ask(ONE) == [{"one": 1}]


PID = Query("pid", "pid", "SELECT pg_backend_pid() AS pid, pg_sleep(0.3)::text AS slept")


def pids(url: str) -> set[int]:
    """The connections on which three questions were answered that were asked at once."""
    with door.Server(url) as ask, ThreadPoolExecutor(3) as threads:
        return {int(row["pid"]) for rows in threads.map(lambda _: ask(PID), range(3)) for row in rows}


def test_two_questions_are_asked_at_once_and_no_more(strict: Server) -> None:
    assert len(pids(strict.url("postgres", "app", SECRET))) == 2


def test_a_role_that_may_connect_once_is_enough(strict: Server) -> None:
    strict.sql(f"CREATE ROLE single LOGIN PASSWORD '{SECRET}' CONNECTION LIMIT 1")

    assert len(pids(strict.url("postgres", "single", SECRET))) == 1


def test_a_wrong_password_is_told_without_it(strict: Server) -> None:
    told = refusal(strict.url("postgres", "app", SECRET[:-1]))

    assert 'password authentication failed for user "app"' in told
    assert SECRET[:-1] not in told


def test_a_password_comes_from_the_url_and_from_nowhere_else(
    strict: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".pgpass").write_text(f"*:*:*:*:{SECRET}\n")
    (tmp_path / ".pgpass").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / ".pgpass"))
    monkeypatch.setenv("PGPASSWORD", SECRET)

    assert "no password supplied" in refusal(strict.url("postgres", "app"))


def test_tls_that_is_demanded_and_missing_is_told(strict: Server) -> None:
    assert "server does not support SSL" in refusal(strict.url(sslmode="require"))


def test_a_certificate_that_nobody_vouches_for_is_told() -> None:
    with running(matrix.programs(16), tls=True) as started:
        told = refusal(started.url(sslmode="verify-full", sslrootcert="system"))

    assert "certificate verify failed" in told


def test_a_refused_port_is_told() -> None:
    assert "Connection refused" in refusal(f"postgresql://app:{SECRET}@127.0.0.1:{free_port()}/x")


def test_a_host_that_does_not_exist_is_told() -> None:
    assert refusal(f"postgresql://app:{SECRET}@no-such-host.invalid/x").startswith("no connection: ")


@pytest.mark.parametrize(
    ("talk", "told"),
    [
        (odd.silent, "no answer within 2 seconds"),
        (odd.http, "another program than PostgreSQL answers there"),
        (odd.redis, "another program than PostgreSQL answers there"),
        (odd.garbage, "another program than PostgreSQL answers there"),
        (odd.endless, "another program than PostgreSQL answers there"),
        (odd.mute_after_login, "no answer within 2 seconds"),
        (odd.endless_rows, "no answer within 2 seconds"),
        (odd.liar, "postgresql://•••@other/x ⟨U+202E⟩"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_odd_server_is_told_soon(talk: odd.Talk, told: str) -> None:
    with odd.answering(talk) as port:
        started = time.monotonic()
        said = refusal(f"postgresql://app:{SECRET}@127.0.0.1:{port}/x")
        took = time.monotonic() - started

    assert told in said
    assert "frogspawn" not in said
    assert said.isprintable()
    assert took < 8


def test_an_answer_without_an_end_does_not_fill_the_memory() -> None:
    with odd.answering(odd.endless_rows) as port:
        told = refusal(f"postgresql://app@127.0.0.1:{port}/x", Limits(rows=1000))

    assert told == "the answer to server has no end"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql:///orders", "the URL names no host"),
        ("postgresql://app@h/x?service=other", "the URL must not hold service"),
        ("postgresql://app@h/x?passfile=/etc/passwd", "the URL must not hold passfile"),
        ("postgresql://app@h:port/x?nonsense=1", "does not hold a URL that libpq understands"),
        (f"postgresql://app:{SECRET}@h:1/x?x=%zz", "does not hold a URL that libpq understands"),
    ],
)
def test_a_url_that_could_lead_astray_is_refused(url: str, told: str) -> None:
    assert told in refusal(url)


@pytest.mark.parametrize("text", [SECRET, f"{SECRET}://x", "host=db password=x", "://", ""])
def test_a_variable_that_holds_something_else_is_not_shown(text: str) -> None:
    with pytest.raises(LookError) as told:
        engine_of(text)

    assert str(told.value) == "the variable does not hold the URL of a store"


def test_a_driver_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert refusal("postgresql://app@127.0.0.1/x") == "psycopg is not installed: install stocktake[live]"


def test_an_engine_without_a_probe_is_told() -> None:
    with pytest.raises(LookError, match="there is no way to look at redis yet"):
        connect("redis://cache:6379/0", "/")


def test_a_statement_that_takes_too_long_is_one_unanswered_question(strict: Server) -> None:
    with door.Server(strict.url(), Limits(statement=0.2)) as ask:
        with pytest.raises(QueryError, match="statement timeout"):
            ask(Query("slow", "slow", "SELECT pg_sleep(30)::text AS slow"))

        assert ask(ONE) == [{"one": 1}]


def test_libpq_options_of_the_url_are_kept(strict: Server) -> None:
    with door.Server(strict.url(options="-c work_mem=123kB")) as ask:
        rows = ask(Query("option", "option", "SELECT current_setting('work_mem') AS value"))

    assert rows == [{"value": "123kB"}]


def test_sqlalchemy_names_of_drivers_are_understood(strict: Server) -> None:
    with connect(strict.url().replace("postgresql://", "postgresql+psycopg2://"), "/") as ask:
        assert ask(ONE) == [{"one": 1}]


@pytest.mark.parametrize("password", ["p/w", "a b", "ä%&", "x@y:z"])
def test_a_password_is_taken_out_in_every_form_it_can_stand_in(password: str) -> None:
    from urllib.parse import quote

    text = f"failed: {password} or {quote(password)} or {quote(password, safe='')}"

    assert not re.search("|".join(map(re.escape, (password, quote(password, safe="")))), short(text, [password]))


def test_what_is_said_is_one_short_line() -> None:
    said = short("x\n\x1b[31m" + "y" * 1000)

    assert said.isprintable()
    assert len(said) <= 300
