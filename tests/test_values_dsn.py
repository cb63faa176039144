"""Connection strings: what is read from them, where they are found, and that no password is kept."""

import time
from pathlib import Path

import pytest

from stocktake.values import dsn

LINES = (Path(__file__).parent / "cases/values/dsn.txt").read_text(encoding="utf-8").splitlines()
CASES = [line.split(" => ") for line in LINES if not line.startswith("#")]
HOSTILE = ("a:", "@", "/", "://", "redis://", "postgres://a:", "host=a ", "dbname='", "Server=", "server=a;user=b;")
MORE_HOSTILE = ("u:p@tcp(", "jdbc:x:", "${", "postgres://${", "{{", "<a", "redis://a,", "sqlite:///", "data source=x;")


def said(found: dsn.Dsn | None) -> str:
    if found is None:
        return "-"
    return f"{found.text()}{' user' if found.user_present else ''}{' secret' if found.secret else ''}"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_connection_string_is_read(text, expected):
    assert said(dsn.parse(text)) == expected


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_no_password_is_kept(text, expected):
    assert "made" not in repr(dsn.parse(text))


@pytest.mark.parametrize("text", [text for text, expected in CASES if expected != "-" and "://" in text])
def test_a_connection_string_is_found_whole_inside_a_line(text):
    line = f'url = "{text}", # the store'

    [(start, end, found)] = dsn.find(line)

    assert (line[start:end], found) == (text, dsn.parse(text))


def test_several_are_found_where_they_stand():
    line = "see redis://r:1/0. [m](mongodb://q/z), URLS=redis://a:1/0,redis://b:2/1"

    found = [line[start:end] for start, end, _ in dsn.find(line)]

    assert found == ["redis://r:1/0", "mongodb://q/z", "redis://a:1/0", "redis://b:2/1"]


def test_code_with_semicolons_is_no_connection_string():
    assert dsn.find("host = name; port = 5432; retries = 3;") == []


@pytest.mark.parametrize("part", HOSTILE + MORE_HOSTILE)
def test_the_time_to_search_a_megabyte_is_linear(part):
    text = (part * (1_000_000 // len(part) + 1))[:1_000_000]

    start = time.process_time()
    dsn.find(text)

    assert time.process_time() - start < 5  # a quadratic search takes minutes
