"""A team adds a kind of its own with one schema file: the one that the documentation shows, and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages import blocks
from registries import Run, runner, write

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/contributing/add-a-kind.md").read_text("utf-8")
SCHEMA = next(block.text for block in blocks(PAGE) if block.language == "json")
RECORD = "registry/contracts/payments-terms.yaml"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "schemas/contract.schema.json": SCHEMA,
        "registry/assets/payments.yaml": "name: Payments\ntype: external-saas\n",
        "registry/assets/store.yaml": "name: Store\ntype: cache\n",
    }
    return write(tmp_path, files)


def test_a_record_of_it_is_written_and_judged(place: Path, run: Run) -> None:
    made = run("new", "contract", "payments-terms", "--set", "about=payments", "-C", str(place))

    assert (made.exit_code, made.lines) == (0, [RECORD])
    assert run("check", RECORD, "-C", str(place)).exit_code == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("about: paymets\n", 'about: there is no asset "paymets". Did you mean payments?'),
        ("about: store\n", 'about: "store" is of type cache, which is no external'),
        ("about: payments\nends: next year\n", "is not a date"),
        ("about: payments\nend: 1\n", "ends"),
    ],
)
def test_its_fields_and_references_are_checked(place: Path, run: Run, more: str, told: str) -> None:
    write(place, {RECORD: f"name: Terms\n{more}"})

    for what in ((RECORD,), ()):
        said = run("check", *what, "--output-format", "concise", "-C", str(place))
        assert said.exit_code == 2
        assert told in said.out


def test_it_has_an_index_page_and_a_page_for_each_record(place: Path, run: Run) -> None:
    write(place, {RECORD: 'name: Terms of payments\nabout: payments\nends: "2027-01-01"\n'})

    assert run("build", "--pages-only", "--today", "2026-11-25", "-C", str(place)).exit_code == 0

    assert "Terms of payments" in (place / "build/docs/contract/index.md").read_text()
    assert "payments" in (place / "build/docs/contract/payments-terms.md").read_text()


def test_its_page_of_the_reference_says_what_each_field_means(place: Path, run: Run) -> None:
    assert run("build", "--pages-only", "--today", "2026-11-25", "-C", str(place)).exit_code == 0

    page = (place / "build/docs/schema/contract.md").read_text()
    assert "The day on which it ends unless somebody renews it." in page
    assert "the id of a <code>asset</code>, one of the externals" in page
    assert page.count("is-fail") == 2


def test_it_has_a_table_for_spreadsheets_on_its_own_and_beside_its_index(place: Path, run: Run) -> None:
    write(place, {RECORD: 'name: Terms of payments\nabout: payments\nends: "2027-01-01"\n'})
    table = "id,name,about,owner,ends\r\npayments-terms,Terms of payments,payments,,2027-01-01\r\n"

    assert run("export", "csv", "contract", "-o", "terms.csv", "-C", str(place)).exit_code == 0
    assert run("build", "--pages-only", "--today", "2026-11-25", "-C", str(place)).exit_code == 0

    assert (place / "terms.csv").read_bytes().decode() == table
    assert (place / "build/docs/contract/contract.csv").read_bytes().decode() == table
    assert 'href="contract.csv"' in (place / "build/docs/contract/index.md").read_text()


def test_its_references_follow_a_rename(place: Path, run: Run) -> None:
    write(place, {RECORD: "name: Terms\nabout: payments  # ours\n"})

    assert run("rename", "asset/payments", "payment-provider", "-C", str(place)).exit_code == 0

    assert (place / RECORD).read_text() == "name: Terms\nabout: payment-provider  # ours\n"
