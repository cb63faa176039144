"""Each format of `check` says what was found in the form that its readers expect, whatever stands in the records."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from registries import STORE, Run, runner, write
from stocktake.cli.formats.table import FORMATS

CASES = Path(__file__).parent / "cases/formats"
REPORT = json.loads((Path(__file__).parents[1] / "docs/report.schema.json").read_text())
SARIF = json.loads((CASES / "sarif-2.1.0.schema.json").read_text())
RECORD = "registry/assets/orders-db.yaml"
TODAY = ("--today", "2026-06-30")
HOSTILE = "</error><script> [a](javascript:x) | `b` ]]> {0} &amp; %"
WAIVER = (
    "target: INV001@asset/orders-db\nreason: It is new.\nowner: shop\napprover: Ada\ncompensating_control: None.\n"
    'expires: "2026-07-30"\n'
)
REGISTRIES: dict[str, dict[str, str | bytes]] = {
    "clean": {"registry/teams/shop.yaml": "name: Shop\n"},
    "failing": {RECORD: STORE},
    "excused": {
        RECORD: STORE,
        ".stocktake/known.txt": "2026-01-31 BKP001@asset/orders-db\n",
        "registry/teams/shop.yaml": "name: Shop\n",
        "registry/waivers/new.yaml": WAIVER,
    },
    "wrong": {RECORD: "name: Orders\ntype: cach\n", "registry/assets/b.yaml": "x"},
    "hidden": {RECORD: 'name: Orders\ntype: "a\u202eb"\nowner: "a\u2028b"\n'},
    "hostile": {RECORD: f'name: Orders\ntype: "{HOSTILE}"\n', "registry/assets/[a](b) <i>.yaml": STORE},
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def said(run: Run, folder: Path, name: str, form: str, *files: str) -> str:
    """What a check of a registry, or of files of it, prints."""
    write(folder, REGISTRIES[name])
    paths = [str(folder / path) for path in files]
    return run("check", *paths, "--output-format", form, *TODAY, "-C", str(folder)).out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REGISTRIES)
def test_a_format_says_the_same_each_time_and_holds_nothing_that_hides(
    tmp_path: Path, run: Run, name: str, form: str
) -> None:
    first = said(run, tmp_path, name, form)

    assert said(run, tmp_path, name, form) == first
    assert "\u202e" not in first
    assert "\r" not in first


@pytest.mark.parametrize("files", [(), (RECORD,)])
@pytest.mark.parametrize("name", REGISTRIES)
def test_json_fits_its_schema(tmp_path: Path, run: Run, name: str, files: tuple[str, ...]) -> None:
    validator = jsonschema.Draft202012Validator(REPORT)
    report = json.loads(said(run, tmp_path, name, "json", *files))

    assert [error.message for error in validator.iter_errors(report)] == []
    assert ("outcomes" in report) == (not files)
    assert list(validator.iter_errors({**report, "more": 1}))
    for part in ("problems", "outcomes"):
        if parts := report.get(part):
            assert list(validator.iter_errors({**report, part: [{**parts[0], "line": "1"}]}))


def test_the_schema_of_the_report_describes_each_part() -> None:
    jsonschema.Draft202012Validator.check_schema(REPORT)
    parts = [REPORT, *REPORT["$defs"].values(), REPORT["properties"]["totals"], REPORT["properties"]["findings"]]

    assert all(inner["description"].endswith(".") for part in parts for inner in part["properties"].values())


@pytest.mark.parametrize("files", [(), (RECORD,)])
@pytest.mark.parametrize("name", ["failing", "excused", "wrong", "hostile"])
def test_sarif_fits_its_schema(tmp_path: Path, run: Run, name: str, files: tuple[str, ...]) -> None:
    log = json.loads(said(run, tmp_path, name, "sarif", *files))

    assert list(jsonschema.Draft4Validator(SARIF).iter_errors(log)) == []
    [one] = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in one["results"]] == [
        result["ruleId"] for result in one["results"]
    ]
    assert bool(one["results"]) == (not files or name in ("wrong", "hostile"))


def test_sarif_suppresses_what_is_known_or_waived(tmp_path: Path, run: Run) -> None:
    [one] = json.loads(said(run, tmp_path, "excused", "sarif"))["runs"]

    why = {
        result["ruleId"]: result["suppressions"][0]["justification"]
        for result in one["results"]
        if "suppressions" in result
    }
    assert why["BKP001"] == "on the list of known findings"
    assert why["INV001"] == "waiver new"


def test_a_broken_sarif_log_is_seen() -> None:
    assert list(jsonschema.Draft4Validator(SARIF).iter_errors({"version": "2.1.0", "runs": [{"results": 1}]}))


def test_no_message_is_a_link_or_a_placeholder_in_sarif(tmp_path: Path, run: Run) -> None:
    [one] = json.loads(said(run, tmp_path, "hostile", "sarif"))["runs"]

    texts = [result["message"]["text"] for result in one["results"]]
    assert any("javascript" in text for text in texts)
    assert not any(re.search(r"(?<!\\)\]\(|(?<!\{)\{0\}(?!\})", text) for text in texts)


@pytest.mark.parametrize("name", REGISTRIES)
def test_gitlab_reads_each_issue(tmp_path: Path, run: Run, name: str) -> None:
    issues: list[dict[str, Any]] = json.loads(said(run, tmp_path, name, "gitlab"))

    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert re.fullmatch(r"[0-9a-f]{64}", issue["fingerprint"])
        assert issue["location"]["path"]
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert issues or name in ("clean", "excused")
    assert not {"BKP001", "INV001"} & {issue["check_name"] for issue in issues} or name == "failing"


@pytest.mark.parametrize("name", REGISTRIES)
def test_junit_counts_what_it_holds(tmp_path: Path, run: Run, name: str) -> None:
    suites = ET.fromstring(said(run, tmp_path, name, "junit"))

    [suite] = suites
    counted = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("error", "failure", "skipped")}
    assert {tag: int(suite.attrib[f"{tag}s".replace("skippeds", "skipped")]) for tag in counted} == counted
    assert int(suite.attrib["tests"]) == len(suite)
    assert bool(counted["error"]) == (name in ("hidden", "hostile", "wrong"))
    assert bool(counted["failure"]) == (name == "failing")


def test_what_does_not_count_is_skipped_in_junit_and_not_failed(tmp_path: Path, run: Run) -> None:
    suite = ET.fromstring(said(run, tmp_path, "failing", "junit"))[0]

    tags = {case.attrib["classname"]: [part.tag for part in case] for case in suite}
    assert tags["BKP001"] == ["failure"]
    assert tags["INV001"] == ["skipped"]
    assert "PG001" not in tags  # asked of nothing: that is no success


def test_markdown_shows_text_as_it_is(tmp_path: Path, run: Run) -> None:
    text = said(run, tmp_path, "hostile", "markdown")

    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}
    assert not re.search(r"<script|\]\(javascript", text)
    assert "[a](javascript:x)" in unescape(text)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_tells_a_secret(tmp_path: Path, run: Run, form: str) -> None:
    text = 'name: Orders\ntype: relational-db\nlabels:\n  password: "hunter2-is-long"\n  token: |\n    tr0ub4dor&3xyz\n'
    write(tmp_path, {RECORD: text})

    for arguments in ([], [str(tmp_path / RECORD)]):
        out = run("check", *arguments, "--output-format", form, *TODAY, "-C", str(tmp_path)).out
        assert "looks like a secret" in out
        assert "hunter2" not in out
        assert "tr0ub4dor" not in out
