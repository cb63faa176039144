"""The command around the checks: exit codes, gates, time, the list of known findings, formats and colour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from registries import STORE, Run, runner, write

RECORD = "registry/assets/orders-db.yaml"
KNOWN = ".stocktake/known.txt"
OLD = "name: API\ntype: api\nowner: shop\nreviewed: 2020-01-01\n"
TEAM = {"registry/teams/shop.yaml": "name: Shop\n"}
TODAY = ("--today", "2026-06-30")
TWO = ("--select", "BKP001,INV001")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def failing(tmp_path: Path) -> str:
    """A registry with one critical and one medium failure."""
    return str(write(tmp_path, {RECORD: STORE}))


def test_findings_from_the_gate_up_fail_the_check(failing: str, run: Run) -> None:
    exits = {gate: run("check", "--fail-on", gate, *TODAY, "-C", failing).exit_code for gate in ("medium", "critical")}

    assert exits == {"medium": 1, "critical": 1}
    Path(failing, KNOWN).parent.mkdir()
    Path(failing, KNOWN).write_text("2026-01-31 BKP001@asset/orders-db\n")
    assert run("check", "--fail-on", "medium", *TODAY, "-C", failing).exit_code == 1
    assert run("check", "--fail-on", "high", *TODAY, "-C", failing).exit_code == 0
    assert run("check", *TODAY, "-C", failing).exit_code == 0


def test_the_gate_of_the_settings_holds_where_none_is_given(tmp_path: Path, run: Run) -> None:
    settings = "schema: 1\ngates: {fail_on: medium}\n"
    write(tmp_path, {RECORD: STORE, "stocktake.yaml": settings, KNOWN: "2026-01-31 BKP001@asset/orders-db\n"})

    assert run("check", *TODAY, "-C", str(tmp_path)).exit_code == 1
    assert run("check", "--fail-on", "high", *TODAY, "-C", str(tmp_path)).exit_code == 0


def test_what_only_time_did_counts_only_when_asked(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: OLD, **TEAM})

    plain = run("check", "--select", "INV002", "--fail-on", "info", *TODAY, "-C", str(tmp_path))
    timed = run("check", "--select", "INV002", "--fail-on", "info", "--timed", *TODAY, "-C", str(tmp_path))

    assert (plain.exit_code, timed.exit_code) == (0, 1)
    assert "INV002" in plain.out
    assert "INV002" in timed.out


@pytest.mark.parametrize(
    ("variable", "arguments", "message"),
    [
        ("", ["--today", "2026-02-30"], '--today "2026-02-30" is not a day. Write it as 2026-01-31.'),
        ("", ["--today", "20260130"], '--today "20260130" is not a day. Write it as 2026-01-31.'),
        ("soon", [], 'STOCKTAKE_TODAY "soon" is not a day. Write it as 2026-01-31.'),
    ],
)
def test_a_day_that_is_none_is_refused(
    failing: str, run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, arguments: list[str], message: str
) -> None:
    monkeypatch.setenv("STOCKTAKE_TODAY", variable)

    said = run("check", *arguments, "-C", failing)

    assert said == (2, "", f"error: {message}\n")


def test_fix_removes_what_passes_and_keeps_the_rest(tmp_path: Path, run: Run) -> None:
    lines = "2026-01-31 BKP001@asset/orders-db\n2026-01-31 INV001@asset/gone\n"
    write(tmp_path, {RECORD: STORE, KNOWN: lines})

    dry = run("check", "--fix", "--dry-run", *TODAY, "-C", str(tmp_path))
    assert f"would remove 1 of 2 lines from {KNOWN}" in dry.out
    assert (tmp_path / KNOWN).read_text() == lines

    fixed = run("check", "--fix", *TODAY, "-C", str(tmp_path))
    assert f"removed 1 of 2 lines from {KNOWN}" in fixed.out
    kept = [line for line in (tmp_path / KNOWN).read_text().splitlines() if not line.startswith("#")]
    assert kept == ["2026-01-31 BKP001@asset/orders-db"]
    assert run("check", "--fix", *TODAY, "-C", str(tmp_path)).exit_code == 0


def test_fix_keeps_a_known_finding_of_a_renamed_record_under_its_new_name(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: f"{STORE}formerly: [orders]\n", KNOWN: "2026-01-31 BKP001@asset/orders\n"})

    assert run("check", "--fix", *TODAY, "-C", str(tmp_path)).exit_code == 0
    assert "2026-01-31 BKP001@asset/orders-db\n" in (tmp_path / KNOWN).read_text()
    assert run("check", *TODAY, "-C", str(tmp_path)).exit_code == 0


def test_fix_writes_nothing_where_a_record_is_wrong(tmp_path: Path, run: Run) -> None:
    lines = "2026-01-31 INV001@asset/gone\n"
    write(tmp_path, {RECORD: "name: A\n", KNOWN: lines})

    assert run("check", "--fix", *TODAY, "-C", str(tmp_path)).exit_code == 2
    assert (tmp_path / KNOWN).read_text() == lines


def test_fix_with_json_still_prints_one_object(failing: str, run: Run) -> None:
    assert json.loads(run("check", "--fix", "--output-format", "json", *TODAY, "-C", failing).out)["exit_code"] == 1


def test_json_holds_every_outcome_with_its_place_and_whether_it_counts(failing: str, run: Run) -> None:
    said = run("check", *TWO, "--output-format", "json", *TODAY, "-C", failing)
    data = json.loads(said.out)
    failed = [outcome for outcome in data["outcomes"] if outcome["state"] == "fail"]

    assert (said.exit_code, data["exit_code"], data["fail_on"], data["problems"]) == (1, 1, "high", [])
    assert {(one["identity"], one["path"], one["line"], one["counts"]) for one in failed} == {
        ("BKP001@asset/orders-db", RECORD, 1, True),
        ("INV001@asset/orders-db", RECORD, 1, False),
    }
    totals = data["totals"]
    assert totals["failed"] == len(failed)
    assert totals["asked"] == sum(totals[name] for name in ("passed", "failed", "unknown", "waived"))


def test_figures_add_up_and_findings_are_counted_apart_from_questions(tmp_path: Path, run: Run) -> None:
    two = f"{STORE}labels: {{api-key: aGVsbG8gd29ybGQx, db-password: aGVsbG8gd29ybGQy}}\n"
    write(tmp_path, {RECORD: two, KNOWN: "2026-01-31 BKP001@asset/orders-db\n"})

    data = json.loads(run("check", "--output-format", "json", *TODAY, "-C", str(tmp_path)).out)
    *_, questions, findings, _ = run("check", *TODAY, "-C", str(tmp_path)).lines

    totals, found = data["totals"], data["findings"]
    states = [one["state"] for one in data["outcomes"]]
    assert questions == (
        f"1 record, {totals['asked']} questions: {totals['passed']} passed, {totals['failed']} failed, "
        f"{totals['unknown']} unknown, {totals['waived']} waived"
    )
    assert totals["asked"] == sum(totals[name] for name in ("passed", "failed", "unknown", "waived"))
    assert findings == f"{states.count('fail')} findings: {found['new']} new (2 high, 4 medium, 5 low), 1 known"
    assert found["new"] + found["known"] == states.count("fail") > totals["failed"]
    assert found["waived"] == states.count("waived")


@pytest.mark.parametrize("arguments", [[], [RECORD]])
def test_json_holds_every_problem_in_its_parts(tmp_path: Path, run: Run, arguments: list[str]) -> None:
    write(tmp_path, {RECORD: "name: Orders\ntype: cach\n"})
    paths = [str(tmp_path / path) for path in arguments]

    said = run("check", *paths, "--output-format", "json", *TODAY, "-C", str(tmp_path))

    assert said.exit_code == json.loads(said.out)["exit_code"] == 2
    assert json.loads(said.out)["problems"] == [
        {
            "path": RECORD,
            "line": 2,
            "column": 7,
            "field": "type",
            "message": '"cach" is not one of the 33 values that are allowed here',
            "hint": "Did you mean cache?",
        }
    ]


def test_an_annotation_names_its_place(failing: str, run: Run) -> None:
    said = run("check", *TWO, "--output-format", "github", *TODAY, "-C", failing)

    place = f"file={RECORD},line=1,col=1"
    [first, second] = said.lines
    assert first.startswith(
        f"::error {place},title=BKP001@asset/orders-db::no backup plan. Set up a backup and describe"
    )
    assert second.startswith(
        f"::warning {place},title=INV001@asset/orders-db::no owner. Agree on a team and name it in"
    )


def test_a_record_cannot_give_commands_to_the_workflow(tmp_path: Path, run: Run) -> None:
    hostile = '"x\\n::stop-commands::y\\r::set-output name=a::b 100%"'
    write(tmp_path, {RECORD: f"name: Orders\ntype: {hostile}\nowner: {hostile}\n"})

    for form in ("github", "concise", "text"):
        said = run("check", "--output-format", form, *TODAY, "-C", str(tmp_path))
        assert said.exit_code == 2
        assert not any(line.startswith(("::stop", "::set")) for line in said.lines)
        assert "\r" not in said.out
        assert all(line.startswith("::error file=") for line in said.lines) or form != "github"


def test_what_could_end_an_annotation_is_encoded(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: 'name: Orders\ntype: "100%,::x\\n::stop-commands::y"\n'})

    [line] = run("check", "--output-format", "github", *TODAY, "-C", str(tmp_path)).lines

    assert '"100%25,::x⟨U+000A⟩::stop-commands::y" is not one of' in line


def test_only_some_annotations_are_made_and_the_rest_is_counted(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {f"registry/assets/a{number:02}.yaml": "name: A\n" for number in range(15)})

    said = run("check", "--output-format", "github", *TODAY, "-C", str(tmp_path))

    assert len([line for line in said.lines if line.startswith("::error file=")]) == 10
    assert said.lines[-1] == "::notice::5 more: `stocktake check` lists all."


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_and_whoever_asks(
    failing: str, run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    outs = [run("check", *TODAY, "-C", failing).out, run("check", f"{failing}/nothing.yaml", "-C", failing).out]

    assert ["\x1b[" in out for out in outs] == [coloured, coloured]


def test_outside_a_repository_it_says_so(tmp_path: Path, run: Run) -> None:
    for arguments in (["check"], ["check", "x.yaml"], ["new", "asset", "a"], ["impact", "a"]):
        said = run(*arguments, "-C", str(tmp_path))
        assert (said.exit_code, said.out) == (2, "")
        assert said.err.startswith("error: There is no stocktake.yaml here or above. Run `stocktake init DIR`")


def test_it_works_from_any_folder_below_and_names_files_from_the_root(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: "name: A\n"})

    said = run("check", "orders-db.yaml", "--output-format", "concise", "-C", str(tmp_path / "registry/assets"))

    assert said == (2, f"{RECORD}:1:1: type: is missing. Add it.\n", "")


@pytest.mark.parametrize(
    ("paths", "files"),
    [
        (["registry"], "3 files"),
        (["registry/"], "3 files"),
        (["registry/assets", RECORD], "2 files"),
        (["."], "6 files"),
        (["stocktake.yaml"], "1 file"),
        (["docs"], "1 file"),
        ([KNOWN, RECORD], "2 files"),
    ],
)
def test_a_folder_stands_for_the_files_in_it(tmp_path: Path, run: Run, paths: list[str], files: str) -> None:
    write(tmp_path, {RECORD: STORE, "registry/assets/eu/b.yaml": STORE, **TEAM, KNOWN: "", "docs/x.md": ""})

    said = run("check", *(f"{tmp_path}/{path}" for path in paths), "-C", str(tmp_path))

    assert said == (0, f"{files} checked, nothing wrong\n", "")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nothing.yaml", "nothing.yaml: cannot be read: No such file or directory"),
        ("registry/assets/gone.yaml", "registry/assets/gone.yaml: cannot be read: No such file or directory"),
        ("../outside.yaml", "../outside.yaml: is outside this repository"),
        ("/etc/hostname", "is outside this repository"),
        ("notes/x.md", "notes/x.md: is not in the folder of a kind. Folders are adr, "),
        ("registry/x.yaml", "registry/x.yaml: belongs to no kind."),
    ],
)
def test_a_file_that_is_no_record_is_told(tmp_path: Path, run: Run, path: str, message: str) -> None:
    (tmp_path / "outside.yaml").write_text(STORE)
    root = write(tmp_path / "root", {"notes/x.md": "", "registry/x.yaml": STORE})

    said = run("check", path, "--output-format", "concise", "-C", str(root))

    assert said.exit_code == 2
    assert message in said.out


def test_a_readme_beside_records_is_no_record(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {"registry/README.md": "x", "registry/assets/README.md": "x", "docs/runbooks/README.md": "x"})

    assert run("check", "-C", str(tmp_path)).exit_code == 0
    for path in ("registry/README.md", "registry/assets/README.md", "docs/runbooks/README.md"):
        assert run("check", f"{tmp_path}/{path}", "-C", str(tmp_path)).exit_code == 0


def test_a_wrong_command_is_told_without_a_traceback(run: Run) -> None:
    for arguments in (["chek"], ["check", "--nothing"], ["check", "--fail-on", "x"], ["check", "-C", "/nowhere"]):
        said = run(*arguments)
        assert (said.exit_code, said.out) == (2, "")
        assert "Traceback" not in said.err
    assert "Did you mean check?" in run("chek").err


def test_a_schema_of_a_team_that_is_broken_is_told(tmp_path: Path, run: Run) -> None:
    for text, message in (
        ("{", "schemas/printer.schema.json:1:2: is not JSON"),
        ("[]", "schemas/printer.schema.json:1:1: is not a JSON object"),
        ('{"x-registry": {}}', "schemas/printer.schema.json"),
        ('{"x-registry": {"folder": "../x"}}', "schemas/printer.schema.json"),
        ('{"x-registry": {"folder": "registry/printers"}, "type": 7}', "schemas/printer.schema.json"),
        (
            '{"x-registry": {"folder": "registry/printers"}, "$ref": "https://x.example/y"}',
            "schemas/printer.schema.json",
        ),
        ('{"x-registry": {"folder": "registry/printers"}, "$ref": "#/$defs/no"}', "schemas/printer.schema.json"),
    ):
        write(tmp_path, {"schemas/printer.schema.json": text, "registry/printers/a.yaml": "name: A\n"})
        for arguments in ([], [f"{tmp_path}/registry/printers/a.yaml"]):
            said = run("check", *arguments, "-C", str(tmp_path))
            assert said.exit_code == 2, (text, said)
            assert message in said.err + said.out


def test_a_reader_that_closes_the_pipe_early_is_no_mistake(tmp_path: Path) -> None:
    write(tmp_path, {f"registry/assets/a{number}.yaml": "name: A\n" for number in range(3000)})
    command = [sys.executable, "-m", "stocktake", "check", "-C", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}

    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()

    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.parametrize("form", ["text", "concise", "github", "json"])
def test_a_name_that_reads_like_a_key_does_not_hide_what_is_wrong(tmp_path: Path, run: Run, form: str) -> None:
    write(tmp_path, {RECORD: STORE})

    said = run("check", "/etc/passwd", "--output-format", form, "-C", str(tmp_path))

    assert "is outside this repository" in said.out
    assert "•••" not in said.out
