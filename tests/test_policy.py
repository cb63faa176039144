"""What `stocktake.yaml` says about rules and tiers reaches every answer, and a name that does not exist is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from registries import runner, write
from stocktake.load.files import Tree
from stocktake.model.outcome import Outcome
from stocktake.pipeline.check import Report, check

TODAY = date(2026, 11, 24)
SETTINGS = "schema: 1\nenvironments: {production: {}}\n"
STORE = """name: Orders
type: relational-db
criticality: critical
reviewed: "2026-06-01"
backup: {plans: {nightly: {kind: full}}}
"""


def checked(folder: Path, policy: str) -> Report:
    """A registry of one critical store, judged under a policy."""
    files: dict[str, str | bytes] = {"stocktake.yaml": SETTINGS + policy, "registry/assets/orders-db.yaml": STORE}
    return check(Tree(str(write(folder, files))), TODAY)


def found(folder: Path, policy: str) -> dict[str, Outcome]:
    """The outcomes by rule."""
    report = checked(folder, policy)
    assert report.audit, report.problems
    return {outcome.rule: outcome for outcome in report.audit.outcomes}


def test_all_rules_are_asked_where_nothing_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, "").keys() >= {"BKP002", "BKP010", "INV001", "INV009"}


def test_a_rule_and_a_family_can_be_left_out(tmp_path: Path) -> None:
    rules = found(tmp_path, "rules: {disable: [BKP, INV001]}\n").keys()

    assert "INV009" in rules
    assert not [rule for rule in rules if rule == "INV001" or rule.startswith("BKP")]


def test_only_chosen_rules_are_asked(tmp_path: Path) -> None:
    rules = found(tmp_path, "rules: {select: [INV, BKP010], disable: [INV001]}\n").keys()

    assert {"BKP010", "INV009"} <= rules
    assert {rule for rule in rules if not rule.startswith("INV")} == {"BKP010"}
    assert "INV001" not in rules


def test_a_severity_of_this_registry_decides_what_counts(tmp_path: Path) -> None:
    usual = checked(tmp_path / "usual", "")
    graver = checked(tmp_path / "graver", "rules: {severity: {INV009: critical}}\n")

    assert "INV009" not in {outcome.rule for outcome in usual.counting}
    assert "INV009" in {outcome.rule for outcome in graver.counting}


@pytest.mark.parametrize(
    ("policy", "field", "place", "hint"),
    [
        ("rules: {disable: [BKP099]}\n", "rules.disable", (3, 18), "Did you mean BKP0"),
        ("rules: {select: [ZZ]}\n", "rules.select", (3, 17), "`stocktake explain` lists all rules."),
        ("rules: {severity: {BKP099: low}}\n", "rules.severity", (3, 19), "Did you mean BKP0"),
    ],
)
def test_a_rule_that_does_not_exist_is_refused(
    tmp_path: Path, policy: str, field: str, place: tuple[int, int], hint: str
) -> None:
    [problem] = checked(tmp_path, policy).problems

    assert problem.path == "stocktake.yaml"
    assert problem.field == field
    assert problem.line == place[0]
    assert "is no rule" in problem.message
    assert problem.hint.startswith(hint)


def test_a_tier_may_ask_for_reviews_more_often(tmp_path: Path) -> None:
    assert "INV002" not in found(tmp_path / "usual", "")
    assert found(tmp_path / "tier", "tiers: {critical: {review: P90D}}\n")["INV002"].timed
    assert "INV002" not in found(tmp_path / "other", "tiers: {low: {review: P90D}}\n")


@pytest.mark.parametrize(
    ("policy", "severity"),
    [("rules: {severity: {INV010: high}}\n", "high"), ("", "low"), ("rules: {severity: {INV010: dreadful}}\n", "low")],
)
def test_explain_shows_the_severity_that_a_rule_has_here(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], policy: str, severity: str
) -> None:
    said = runner(capfd)("explain", "INV010", "-C", str(write(tmp_path, {"stocktake.yaml": SETTINGS + policy})))

    assert said.exit_code == 0
    assert said.lines[2] == f"- Severity: {severity}"
