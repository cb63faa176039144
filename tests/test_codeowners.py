"""CODEOWNERS says who is asked about which record, and keeps what people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from stocktake.cli.main import main
from stocktake.exchange.codeowners import BEGIN, END, merged

RECORDS = {
    "registry/teams/shop.yaml": 'name: Shop\nhandle: "@acme/shop"\n',
    "registry/teams/quiet.yaml": "name: Quiet\n",
    "registry/systems/web.yaml": "name: Web\nowner: shop\n",
    "registry/assets/api.yaml": "name: API\ntype: api\nsystem: web\n",
    "registry/assets/mail.yaml": "name: Mail\ntype: external-saas\nowner: quiet\n",
    "registry/assets/alone.yaml": "name: Alone\ntype: cache\n",
    "registry/dependencies/api-mail.yaml": "from: api\nto: mail\ntype: calls\n",
    "registry/baselines/api.yaml": "asset: api\nenvironment: production\n",
    "stocktake.yaml": "schema: 1\nenvironments: {production: {}}\n",
}
BLOCK = f"""{BEGIN}
/registry/assets/api.yaml @acme/shop
/registry/baselines/api.yaml @acme/shop
/registry/dependencies/api-mail.yaml @acme/shop
/registry/systems/web.yaml @acme/shop
/registry/teams/shop.yaml @acme/shop
{END}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path, text in RECORDS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / ".github").mkdir()
    return tmp_path


def run(folder: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["codeowners", "-C", str(folder), *options])
    return int(ended.value.code or 0)


def test_a_record_goes_to_its_team_or_to_that_of_what_it_is_about(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(repository) == 0

    assert (repository / ".github/CODEOWNERS").read_text() == BLOCK
    told = capsys.readouterr().out
    assert "team/quiet owns records but has no handle" in told
    assert "1 of the records have no owner to name, such as registry/assets/alone.yaml." in told


def test_what_people_wrote_stays_before_and_behind_the_block(repository: Path) -> None:
    owners = repository / ".github/CODEOWNERS"
    owners.write_text(f"* @acme/all\n{BEGIN}\n/old @x\n{END}\n/schemas/ @acme/gates\n")

    assert run(repository) == 0
    assert owners.read_text() == f"* @acme/all\n{BLOCK}/schemas/ @acme/gates\n"
    assert run(repository, "--check") == 0


def test_check_shows_what_differs_and_writes_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(repository, "--check") == 1

    assert "+/registry/assets/api.yaml @acme/shop" in capsys.readouterr().out
    assert not (repository / ".github/CODEOWNERS").exists()


@pytest.mark.parametrize("text", ["", "* @acme/all\n", "# Only a comment"])
def test_where_nobody_can_be_named_there_is_no_block(repository: Path, text: str) -> None:
    (repository / "registry/teams/shop.yaml").write_text("name: Shop\n")
    (repository / ".github/CODEOWNERS").write_text(text)

    assert run(repository, "--check") == 0
    assert run(repository) == 0
    assert (repository / ".github/CODEOWNERS").read_text() == text


def test_a_block_goes_when_nobody_can_be_named_any_more(repository: Path) -> None:
    owners = repository / ".github/CODEOWNERS"
    owners.write_text("* @acme/all\n")
    run(repository)
    (repository / "registry/teams/shop.yaml").write_text("name: Shop\n")

    assert run(repository, "--check") == 1
    assert run(repository) == 0
    assert owners.read_text() == "* @acme/all\n"


def test_gitlab_has_a_place_of_its_own(repository: Path) -> None:
    (repository / ".gitlab-ci.yml").write_text("")

    assert run(repository) == 0
    assert (repository / ".gitlab/CODEOWNERS").read_text() == BLOCK


@pytest.mark.parametrize("text", ["", "* @a", "* @a\n", f"* @a\n{BEGIN}\nbroken off"])
def test_merging_twice_changes_nothing_more(text: str) -> None:
    once = merged(text, ["/a @b"])

    assert merged(once, ["/a @b"]) == once
    assert once.startswith(text)
