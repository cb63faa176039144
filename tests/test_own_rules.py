"""A team's own rules: those that the documentation shows, and every way in which such a file can be wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from registries import Run, runner, write
from stocktake.model.rule import FAMILIES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/own-rules.md").read_text()
RULE, TEST = re.findall(r"^`{3,4}python\n(.*?)^`{3,4}$", PAGE, re.M | re.S)
NAMED, CASES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
MODULE = "rules/ours.py"
SETTINGS = f"schema: 1\nenvironments: {{production: {{}}}}\n{NAMED}"
STORE = "name: Orders\ntype: relational-db\n"
TODAY = "2026-11-25"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "stocktake.yaml": SETTINGS,
        MODULE: RULE,
        "registry/assets/orders-db.yaml": STORE,
        "tests/cases/rules/XSH001.yaml": CASES,
        "tests/test_rules.py": TEST,
    }
    return write(tmp_path, files)


def put(place: Path, files: dict[str, str | bytes]) -> None:
    """More files, under the same settings unless others are given."""
    write(place, {"stocktake.yaml": (place / "stocktake.yaml").read_text(), **files})


def concise(run: Run, place: Path, *more: str) -> list[str]:
    return run("check", "--output-format", "concise", "--today", TODAY, "-C", str(place), *more).lines


def test_it_is_asked_with_ours(place: Path, run: Run) -> None:
    said = concise(run, place)

    assert "registry/assets/orders-db.yaml:1:1: medium XSH001@asset/orders-db: no cost centre" in said
    assert any("INV001" in line for line in said)


def test_it_alone_can_be_answered_for(place: Path, run: Run) -> None:
    for chosen in ("XSH", "xsh001"):
        said = run("check", "--select", chosen, "--fail-on", "medium", "--today", TODAY, "-C", str(place))
        assert (said.exit_code, "1 question: 0 passed, 1 failed" in said.out) == (1, True)
    assert not [line for line in concise(run, place, "--ignore", "XSH") if "XSH001" in line]


def test_settings_leave_it_out_and_change_its_severity(place: Path, run: Run) -> None:
    graver = f"{SETTINGS}  severity: {{XSH001: critical}}\n"
    put(place, {"stocktake.yaml": graver})
    assert [line for line in concise(run, place) if "critical XSH001@" in line]

    put(place, {"stocktake.yaml": f"{SETTINGS}  disable: [XSH]\n"})
    assert not [line for line in concise(run, place) if "XSH001" in line]


def test_a_rule_that_it_does_not_have_is_refused_with_the_one_that_was_meant(place: Path, run: Run) -> None:
    put(place, {"stocktake.yaml": f"{SETTINGS}  disable: [XSH002]\n"})

    assert concise(run, place) == [
        'stocktake.yaml:5:12: rules.disable: names "XSH002", which is no rule. Did you mean XSH001?'
    ]


def test_a_waiver_and_the_list_of_known_findings_excuse_it(place: Path, run: Run) -> None:
    put(place, {".stocktake/known.txt": "2026-11-01 XSH001@asset/orders-db\n"})
    said = run("check", "--select", "XSH", "--fail-on", "medium", "--today", TODAY, "-C", str(place))
    assert (said.exit_code, "0 new, 1 known" in said.out) == (0, True)

    waiver = (
        "target: XSH001@asset/orders-db\nreason: Free of charge.\ncompensating_control: None.\n"
        'owner: shop\napprover: shop\nexpires: "2027-01-01"\n'
    )
    files: dict[str, str | bytes] = {"registry/waivers/free.yaml": waiver, "registry/teams/shop.yaml": "name: Shop\n"}
    put(place, {**files, ".stocktake/known.txt": ""})
    assert "0 failed, 0 unknown, 1 waived" in run("check", "--select", "XSH", "--today", TODAY, "-C", str(place)).out


def test_explain_shows_it_as_the_site_does(place: Path, run: Run) -> None:
    assert run("explain", "xsh", "-C", str(place)).lines == ["XSH001  medium    A store for which no cost centre pays"]
    page = run("explain", "XSH001", "-C", str(place)).out
    assert page.startswith("# XSH001 A store for which no cost centre pays\n")
    assert "Write the number of the cost centre" in page
    assert "XSH001" in run("explain", "-C", str(place)).out

    assert run("build", "--pages-only", "--today", TODAY, "-C", str(place)).exit_code == 0
    assert "Write the number of the cost centre" in (place / "build/docs/rule/XSH001.md").read_text()


def test_ours_are_explained_without_reading_it(place: Path, run: Run) -> None:
    put(place, {MODULE: "raise RuntimeError('read')\n"})

    assert run("explain", "BKP001", "-C", str(place)).exit_code == 0
    assert run("explain", "XSH001", "-C", str(place)).exit_code == 2


def test_a_check_of_one_file_runs_nothing_of_it(place: Path, run: Run) -> None:
    put(place, {MODULE: f"open({str(place / 'was-run')!r}, 'w')\n"})

    assert run("check", "registry/assets/orders-db.yaml", "-C", str(place)).exit_code == 0
    assert run("check", "--fix", "stocktake.yaml", "-C", str(place)).exit_code == 0
    assert not (place / "was-run").exists()


def test_a_file_that_nobody_names_is_not_run(place: Path, run: Run) -> None:
    put(place, {"stocktake.yaml": "schema: 1\n", MODULE: "raise RuntimeError('read')\n"})

    assert not [line for line in concise(run, place) if "RuntimeError" in line]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('if "labels[cost_centre]" not in asset:', "if 1 / 0:"),
        ('yield Hit("no cost centre", field="labels")', 'yield "no cost centre"'),
        ('yield Hit("no cost centre", field="labels")', "yield Hit(None)"),
    ],
)
def test_one_that_breaks_leaves_its_answer_unknown_and_the_run_goes_on(
    place: Path, run: Run, before: str, after: str
) -> None:
    put(place, {MODULE: RULE.replace(before, after)})

    said = run("check", "--today", TODAY, "--output-format", "json", "-C", str(place))

    assert said.exit_code == 3
    assert "rule XSH001 on asset/orders-db: Traceback" in said.err
    outcomes = {one["rule"]: one["state"] for one in json.loads(said.out)["outcomes"]}
    assert (outcomes["XSH001"], outcomes["INV001"]) == ("unknown", "fail")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("XSH001", "BKP900", "rules/ours.py:13:1: BKP900: BKP is a family of Stocktake. Take other letters"),
        ("XSH001", "shop-1", "rules/ours.py:13:1: shop-1: is not the id of a rule"),
        ('kind="asset"', 'kind="aset"', 'rules/ours.py:13:1: XSH001: there is no kind "aset". Did you mean asset?'),
        ('severity="medium"', 'severity="bad"', "ours.py:13:1: cannot be imported: ValueError: XSH001: bad is not a"),
        ("    Why:\n", "    Because:\n", "rules/ours.py:13:1: XSH001: its docstring has no section `Why:`"),
        ("cost centre pays.", "cost centre pays", "rules/ours.py:13:1: XSH001: the first line of its docstring is no"),
        ('"""A store', '"A store', "rules/ours.py:15:5: is not Python: unterminated string literal"),
        ("from stocktake.rules.rule", "from stocktake.rule", "rules/ours.py:10:1: cannot be imported: ModuleNotFound"),
        (
            'kind="asset"',
            'kind="asset", needs=("version")',
            "rules/ours.py:13:1: XSH001: `needs` is no tuple. Write needs=",
        ),
        ("yield Hit", "return Hit", "rules/ours.py:13:1: XSH001: its function yields nothing. Write `yield Hit(...)`"),
        (RULE, "", "rules/ours.py:1:1: holds no rule"),
        (RULE, "raise SystemExit\n", "rules/ours.py:1:1: cannot be imported: SystemExit"),
        (RULE, f"{RULE}\n{RULE.partition('rule import rule')[2]}", "ours.py:38:1: no_cost_centre hides the function"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_place(
    place: Path, run: Run, before: str, after: str, told: str
) -> None:
    put(place, {MODULE: RULE.replace(before, after, 1)})

    said = run("check", "--output-format", "concise", "--today", TODAY, "-C", str(place))

    assert said.exit_code == 2
    assert told in said.out


def test_a_file_that_is_not_there_or_lies_outside_is_refused(place: Path, run: Run, tmp_path: Path) -> None:
    (place / MODULE).unlink()
    assert concise(run, place)[0].startswith("rules/ours.py: cannot be read: No such file or directory.")

    (tmp_path.parent / "elsewhere.py").write_text(RULE)
    (place / MODULE).symlink_to(tmp_path.parent / "elsewhere.py")
    assert concise(run, place)[0].startswith("rules/ours.py: is a link that leaves the repository.")


def test_two_files_cannot_have_one_id(place: Path, run: Run) -> None:
    put(place, {"rules/more.py": RULE, "stocktake.yaml": SETTINGS.replace("ours.py]", "ours.py, rules/more.py]")})

    told = "rules/more.py:13:1: XSH001: XSH001 exists already in rules/ours.py. Give it an id of its own."
    assert told in concise(run, place)


def test_its_cases_are_run_by_pytest(place: Path) -> None:
    def tested() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-vv", "-p", "no:cacheprovider", "tests"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    code, said = tested()
    assert (code, "4 passed" in said) == (0, True), said

    wrong = CASES.replace("message: no cost centre", "message: no money").split("- name: a service")[0]
    wrong = wrong.replace("expect: pass", "expect: fail")
    put(place, {"tests/cases/rules/XSH001.yaml": wrong})
    code, said = tested()
    assert code == 1
    assert "tests/cases/rules/XSH001.yaml:5: expected message 'no money', was 'no cost centre'" in said
    assert "tests/cases/rules/XSH001.yaml:1: expected fail, was pass" in said, said
    assert "XSH001 has no case with expect: pass" in said


def test_letters_that_begin_with_x_stay_free() -> None:
    assert not [family for family in FAMILIES if family.startswith("X")]
