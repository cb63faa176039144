"""A schema that a team broke is told with its file, line and what to do, before anything is judged by it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registries import STORE, Run, runner, write
from schema_validators import SCHEMAS
from stocktake.load import objects, validate
from stocktake.load.keywords import wrong
from stocktake.values.pattern import flaw

CASES = Path(__file__).parent / "cases/own-schemas"
PUMP = json.loads((CASES / "pump.schema.json").read_text("utf-8"))
FILE = "schemas/pump.schema.json"
RECORD = "registry/pumps/p.yaml"


def lines(name: str) -> list[str]:
    """The lines of a case file, comments left out."""
    text = (CASES / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


REFUSED = lines("refused.txt")
TEXTS = lines("no-json.txt")
PATTERNS = lines("patterns.txt")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def said(run: Run, folder: Path, schema: str | bytes, *more: str) -> str:
    write(folder, {FILE: schema, RECORD: "name: P\n", "registry/assets/a.yaml": STORE})
    return run("check", "--output-format", "concise", "-C", str(folder), *more).out.strip()


@pytest.mark.parametrize("part", [line.removeprefix("part: ") for line in REFUSED[::2]])
def test_what_is_no_schema_is_refused_with_its_place(part: str, run: Run, tmp_path: Path, accept: bool) -> None:
    at = REFUSED.index(f"part: {part}")
    text = json.dumps({**PUMP, **json.loads(part)}, indent=2, ensure_ascii=False)

    out = " / ".join(said(run, tmp_path, text).splitlines())

    if accept:
        REFUSED[at + 1] = f"says: {out}"
        head = "# What a schema may not hold, added to pump.schema.json, and the message it gets: pairs of lines.\n"
        (CASES / "refused.txt").write_text(head + "".join(f"{line}\n" for line in REFUSED), "utf-8")
    assert REFUSED[at + 1] == f"says: {out}"


@pytest.mark.parametrize("written", [line.removeprefix("text: ") for line in TEXTS[::2]])
def test_what_is_no_json_is_refused_with_its_place(written: str, run: Run, tmp_path: Path, accept: bool) -> None:
    at = TEXTS.index(f"text: {written}")
    raw = written.encode().decode("unicode_escape").encode("latin-1")

    out = " / ".join(said(run, tmp_path, raw).splitlines())

    if accept:
        TEXTS[at + 1] = f"says: {out}"
        head = "# Texts that are no schema, as inside a Python bytes literal, and their messages: pairs of lines.\n"
        (CASES / "no-json.txt").write_text(head + "".join(f"{line}\n" for line in TEXTS), "utf-8")
    assert TEXTS[at + 1] == f"says: {out}"


@pytest.mark.parametrize("line", PATTERNS)
def test_a_pattern_is_linear_or_told_why_not(line: str) -> None:
    pattern, _, told = line.partition("  ->  ")

    assert flaw(pattern) == told.strip()


def test_single_files_and_every_format_tell_it_too(run: Run, tmp_path: Path) -> None:
    broken = json.dumps({**PUMP, "required": "name"})
    write(tmp_path, {FILE: broken, "registry/assets/a.yaml": STORE})

    for files in ([], ["registry/assets/a.yaml"]):
        report = run("check", *files, "--output-format", "json", "-C", str(tmp_path))
        assert report.exit_code == 2
        assert [one["path"] for one in json.loads(report.out)["problems"]] == [FILE]


def test_every_broken_schema_is_told_at_once(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"schemas/a.schema.json": "{", "schemas/b.schema.json": "[]", "schemas/B c.schema.json": "{}"})

    out = run("check", "--output-format", "concise", "-C", str(tmp_path)).lines

    assert [line.partition(":")[0] for line in out] == [f"schemas/{name}.schema.json" for name in ("B c", "a", "b")]


def test_a_schema_is_told_the_same_without_the_fast_libraries(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = "name: P\nserial: |\n  AB1234\nvalves: {a: 1.0, b: -1}\n"
    write(tmp_path, {FILE: json.dumps(PUMP), RECORD: record})
    fast = run("check", "--output-format", "concise", "-C", str(tmp_path)).lines
    monkeypatch.setattr(validate, "jsonschema_rs", None)

    assert run("check", "--output-format", "concise", "-C", str(tmp_path)).lines == fast
    assert len(fast) == 2


def test_nothing_is_wrong_with_our_own_schemas() -> None:
    assert {name: list(wrong(schema)) for name, schema in SCHEMAS.items()} == {name: [] for name in SCHEMAS}


def values() -> Any:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(['"', "\\", "a:b", "{"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    )


@settings(max_examples=200, deadline=None)
@given(values(), st.sampled_from([None, 1, "\t"]))
def test_every_value_of_a_json_text_has_its_place(value: Any, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    rows = text.split("\n")

    for path, (line, column) in objects.places(text).items():
        inner = value
        for step in path:
            inner = inner[step]
        is_key = bool(path) and isinstance(path[-1], str)
        found = json.JSONDecoder().raw_decode("\n".join(rows[line - 1 :]), column - 1)[0]
        assert found == (path[-1] if is_key else inner)


PIECES = [
    *("a", "b", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-c0-9]", r"\.", "-", "(", "(?:", ")", "*", "+", "?", "{2}"),
    *("{1,3}", "|", "^", "$", r"\n", "é", r"\x41", r"\u00e9", r"[\]a]", r"\W", r"\D", " ", "[$]", "(?=", r"\1", "++"),
]
LETTERS = "abc1.- éA_\u00a0\u0663$]\r\u2028\n"


def test_engines_agree_about_every_pattern_that_is_allowed() -> None:
    dice, allowed = random.Random("patterns"), 0
    for _ in range(8_000):
        pattern = "".join(dice.choices(PIECES, k=dice.randint(1, 9)))
        if flaw(pattern):
            continue
        allowed += 1
        fast, plain = jsonschema_rs.Draft202012Validator({"pattern": pattern}), validate._compiled(pattern)
        for _ in range(4):
            text = "".join(dice.choices(LETTERS, k=dice.randint(0, 6)))
            assert fast.is_valid(text) == bool(plain.search(text)), (pattern, text)
        assert not re.search(r"\(\?=|\\1|\+\+", pattern)
    assert allowed > 1_000


def test_a_schema_that_is_right_is_nothing_wrong_to_check_alone(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {FILE: json.dumps(PUMP), "registry/assets/a.yaml": STORE})

    assert run("check", FILE, "-C", str(tmp_path)).lines == ["1 file checked, nothing wrong"]
    assert run("check", "schemas/none.schema.json", "-C", str(tmp_path)).exit_code == 2
