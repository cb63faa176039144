"""What `check` says to people at a terminal, of which rules, and again after each change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registries import STORE, Run, runner, write

RECORD = "registry/assets/orders-db.yaml"
TODAY = ("--today", "2026-06-30")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def text(run: Run, folder: Path, content: str, path: str = RECORD) -> list[str]:
    write(folder, {path: content})
    return run("check", path, "-C", str(folder)).lines


def test_a_problem_shows_its_line_a_mark_below_the_place_and_what_to_do(tmp_path: Path, run: Run) -> None:
    assert text(run, tmp_path, "name: Orders\ntype: cach  # for now\n") == [
        f'{RECORD}:2:7: type: "cach" is not one of the 33 values that are allowed here',
        "2 | type: cach  # for now",
        "  |       ^^^^",
        "  help: Did you mean cache?",
        "1 file checked, 1 problem",
    ]


def test_a_finding_shows_how_to_mend_it_and_where_to_read_why(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: STORE})

    head, line, mark, advice, *_ = run("check", *TODAY, "-C", str(tmp_path)).lines
    assert (head, line, mark) == (
        f"{RECORD}:1:1: critical BKP001@asset/orders-db: no backup plan",
        "1 | name: Orders",
        "  | ^^^^",
    )
    assert advice.startswith("  help: Set up a backup and ")
    assert advice.endswith(" (`stocktake explain BKP001`)")


@pytest.mark.parametrize(
    ("value", "marked"),
    [
        ('"two words, here"', '"two words, here"'),
        ("'it''s'", "'it''s'"),
        ("two words # said", "two words"),
        ("a:b", "a:b"),
        ("日本", "日本"),
    ],
)
def test_the_mark_is_as_long_as_what_it_is_about(tmp_path: Path, run: Run, value: str, marked: str) -> None:
    _, line, mark, *_ = text(run, tmp_path, f"type: {value}\nname: A\n")

    width = 4 if marked == "日本" else len(marked)
    assert line == f"1 | type: {value}"
    assert mark == f"  |       {'^' * width}"


def test_of_a_long_line_the_part_around_the_place_is_shown(tmp_path: Path, run: Run) -> None:
    _, line, mark, *_ = text(
        run, tmp_path, f"{{name: A, description: {'ab ' * 5000}, type: cach, tags: [{'a, ' * 500}]}}"
    )

    assert len(line) < 130
    at = mark.index("^")
    assert line[at : at + 4] == "cach"


def test_characters_that_hide_are_shown_where_they_stand(tmp_path: Path, run: Run) -> None:
    _, line, mark, *_ = text(run, tmp_path, "name: A\ntype: a\u202eb\n")

    assert line == "2 | type: a⟨U+202E⟩b"
    assert mark.index("^") == line.index("⟨")


def test_a_line_that_may_hold_a_secret_is_not_shown(tmp_path: Path, run: Run) -> None:
    lines = text(run, tmp_path, "name: Orders\ntype: cach\nlabels:\n  password:\n    - hunter2\n")

    assert "2 | type: cach" in lines
    assert "hunter2" not in "\n".join(lines)


def test_colour_marks_the_place_and_what_to_do(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)

    lines = text(run, tmp_path, "name: Orders\ntype: cach\n")

    assert "\x1b[31m\x1b[1m^^^^\x1b[0m" in lines[2]
    assert "\x1b[32m\x1b[1mhelp\x1b[0m" in lines[3]


@pytest.mark.parametrize(
    ("arguments", "answered", "left_out"),
    [
        (["--select", "BKP"], ["BKP001"], "INV"),
        (["--select", "bkp001,INV"], ["BKP001", "INV001"], "BKP01"),
        (["--select", "INV", "--select", "BKP"], ["BKP001", "INV001"], "ACC"),
        (["--ignore", "BKP"], ["INV001"], "BKP"),
        (["--select", "BKP,INV", "--ignore", "INV001"], ["BKP001"], "INV001"),
    ],
)
def test_only_the_rules_that_are_chosen_are_answered_for(
    tmp_path: Path, run: Run, arguments: list[str], answered: list[str], left_out: str
) -> None:
    write(tmp_path, {RECORD: STORE})

    said = run("check", *arguments, "--output-format", "concise", *TODAY, "-C", str(tmp_path))

    rules = {line.split()[2].partition("@")[0] for line in said.lines}
    assert rules.issuperset(answered)
    assert not any(rule.startswith(left_out) for rule in rules)
    assert said.exit_code == int("BKP001" in rules)


def test_the_counts_are_those_of_the_chosen_rules(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: STORE})

    *_, questions, findings, _ = run("check", "--select", "INV001", *TODAY, "-C", str(tmp_path)).lines

    assert questions == "1 record, 1 question: 0 passed, 1 failed, 0 unknown, 0 waived"
    assert findings == "1 finding: 1 new (1 medium), 0 known"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "BPK"], 'There is no rule or family "BPK". Did you mean BKP?'),
        (["--ignore", "BKP01"], 'There is no rule or family "BKP01". Did you mean BKP001?'),
        (["--select", "everything"], 'There is no rule or family "EVERYTHING". Families are ACC, '),
        (["--select", "BKP", RECORD], "No rule is asked of single files. Leave --select and --ignore out, or FILES."),
    ],
)
def test_a_rule_that_does_not_exist_is_refused(tmp_path: Path, run: Run, arguments: list[str], message: str) -> None:
    write(tmp_path, {RECORD: STORE})

    said = run("check", *arguments, *TODAY, "-C", str(tmp_path))

    assert (said.exit_code, said.out) == (2, "")
    assert said.err.startswith(f"error: {message}")


def test_known_findings_of_rules_that_are_not_chosen_stay_on_the_list(tmp_path: Path, run: Run) -> None:
    known = "2026-01-31 BKP001@asset/orders-db\n"
    write(tmp_path, {RECORD: STORE, ".stocktake/known.txt": known})

    run("check", "--select", "INV", "--fix", *TODAY, "-C", str(tmp_path))

    assert known in (tmp_path / ".stocktake/known.txt").read_text()


def test_it_watches_until_it_is_interrupted(tmp_path: Path) -> None:
    write(tmp_path, {RECORD: "name: Orders\ntype: cach\n"})
    command = [sys.executable, "-m", "stocktake", "check", RECORD, "--watch", "--output-format", "concise"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stderr

    first = process.stdout.readline(), process.stdout.readline()
    time.sleep(0.05)  # so that the file has another time
    (tmp_path / RECORD).write_text("name: Orders\ntype: chace\n")
    second = process.stdout.readline(), process.stdout.readline()
    process.stdout.readline()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/printer.schema.json").write_text("{")
    third = process.stdout.readline(), process.stdout.readline()
    while not process.stdout.readline().startswith("Waiting"):  # so that nothing is going on when it is interrupted
        pass
    process.send_signal(signal.SIGINT)

    assert "cach" in first[0]
    assert first[1] == "Waiting for a change; Ctrl-C ends this.\n"
    assert second[0] == "\n"
    assert "chace" in second[1]
    assert third[0] == "\n"
    assert third[1].startswith("schemas/printer.schema.json:1:2: is not JSON")
    assert process.wait(10) == 2
    process.stdout.close()
    process.stderr.close()
