"""An issue of the form "Register an asset" becomes a record, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from registries import Run, runner, write

ROOT = Path(__file__).parents[1]
FORM = ".github/ISSUE_TEMPLATE/asset.yml"
CASES = sorted((Path(__file__).parent / "cases/issues").glob("*.md"))
GOOD = (Path(__file__).parent / "cases/issues/good.md").read_text("utf-8")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return write(
        tmp_path / "estate",
        {
            FORM: (ROOT / FORM).read_text("utf-8"),
            "registry/teams/shop.yaml": "name: Shop people\n",
            "registry/teams/platform.yaml": "name: Platform\n",
            "registry/assets/mail.yaml": "name: Mail\ntype: external-saas\n",
        },
    )


def propose(run: Run, estate: Path, text: str, *more: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was complained of, with the issue called issue.md."""
    issue = estate.parent / "issue.md"
    issue.write_text(text, "utf-8", newline="")
    said = run("new", "asset", "--from-issue", str(issue), "-C", str(estate), *more)
    return said.exit_code, said.out, said.err.replace(f"{estate.parent}/", "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_issue_as_the_host_writes_it_becomes_a_record(run: Run, estate: Path, newline: str) -> None:
    code, out, err = propose(run, estate, GOOD.replace("\n", newline))

    assert (code, out) == (0, "registry/assets/orders-database.yaml\n"), err
    assert yaml.safe_load((estate / out.strip()).read_text("utf-8")) == {
        "name": "Orders database",
        "type": "relational-db",
        "engine": "postgresql",
        "version": "16.4",
        "owner": "shop",
        "classification": "confidential",
        "description": "Holds orders: what was bought, and by whom. # not a comment",
    }
    assert run("check", f"{estate}/{out.strip()}", "-C", str(estate)).exit_code == 0


def test_the_id_may_be_given(run: Run, estate: Path) -> None:
    issue = estate.parent / "issue.md"
    issue.write_text(GOOD, "utf-8")

    said = run("new", "asset", "orders-db", "--from-issue", str(issue), "-C", str(estate))

    assert said.out == "registry/assets/orders-db.yaml\n"


def test_what_is_not_known_is_not_said(run: Run, estate: Path) -> None:
    text = GOOD.replace("confidential", "not known").replace("postgresql", "_No response_")
    _, out, _ = propose(run, estate, text)

    assert {"classification", "engine"}.isdisjoint(yaml.safe_load((estate / out.strip()).read_text("utf-8")))


@pytest.mark.parametrize("case", [case for case in CASES if case.stem != "good"], ids=lambda case: case.stem)
def test_an_issue_that_does_not_fit_the_form_is_refused_with_its_line(run: Run, estate: Path, case: Path) -> None:
    before = sorted(estate.rglob("*"))
    code, out, err = propose(run, estate, case.read_text("utf-8"))

    assert (code, out) == (2, "")
    assert err == case.with_suffix(".txt").read_text("utf-8")
    assert sorted(estate.rglob("*")) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Orders database", "Orders\u202e database", "issue.md"),
        ("Orders database", "a: &x [*x]", ""),
        ("Holds orders", "postgres://shop:hunter2secret@db.internal/orders", "hunter2secret"),
    ],
)
def test_a_hostile_answer_is_text_or_refused_and_never_anything_else(
    run: Run, estate: Path, old: str, new: str, told: str
) -> None:
    code, out, err = propose(run, estate, GOOD.replace(old, new))

    if code == 0:
        assert new in yaml.safe_load((estate / out.strip()).read_text("utf-8")).values()
    else:
        assert code == 2
        assert "\u202e" not in err
        assert "hunter2secret" not in err
    assert (code == 0) == (not told)


def test_an_endless_issue_is_refused(run: Run, estate: Path) -> None:
    code, _, err = propose(run, estate, GOOD + "x" * 70_000)

    assert (code, err) == (2, "error: issue.md:1:1: is longer than 65,536 characters, and so no issue\n")


def test_without_a_form_or_an_id_is_said_what_to_do(run: Run, estate: Path) -> None:
    (estate.parent / "issue.md").write_text(GOOD)
    no_form = run("new", "team", "--from-issue", str(estate.parent / "issue.md"), "-C", str(estate))
    no_id = run("new", "asset", "-C", str(estate))

    assert (
        no_form.err == "error: There is no form .github/ISSUE_TEMPLATE/team.yml. `stocktake new KIND ID` needs none.\n"
    )
    assert (no_id.exit_code, "Missing argument 'ID'." in no_id.err) == (2, True)


def test_the_form_offers_every_type_and_classification_of_an_asset() -> None:
    fields = {field["id"]: field["attributes"] for field in yaml.safe_load((ROOT / FORM).read_text("utf-8"))["body"]}
    asset = yaml.safe_load((ROOT / "schemas/asset.schema.json").read_text("utf-8"))
    common = yaml.safe_load((ROOT / "schemas/common.schema.json").read_text("utf-8"))

    assert fields["type"]["options"] == asset["$defs"]["type"]["enum"]
    assert sorted(fields["classification"]["options"]) == sorted(
        [*common["$defs"]["classification"]["enum"], "not known"]
    )
