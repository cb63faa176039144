"""A team from its first day to its first upgrade: a looser promise is refused, approved and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from approving import World
from registries import Run, Said, runner
from stocktake.history.changes import history
from stocktake.load.files import Tree
from stocktake.pipeline.upgrade import apply, plan
from test_history import Repository
from test_upgrade import TODAY, scaffold

DAY = ("--today", TODAY.isoformat())
ASSET = "registry/assets/orders-db.yaml"
TEAM = 'name: {}\ncontact: shop@bookshop.example\nmembers:\n  {}: {{handle: "@{}", emails: [{}@example.org]}}\n'
TEAMS = {"platform": "dana", "storefront": "ada"}
KNOWN = "2026-11-25 BKP002@asset/orders-db#nightly\n"


class Team(World):
    """What `stocktake init` wrote, in Git; `ada` writes, `dana` approves."""

    def __init__(self, folder: Path):
        self.keys = folder / "keys"
        self.keys.mkdir()
        Repository.__init__(self, folder / "estate")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def test_a_team_from_its_first_day_to_its_first_upgrade(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "estate"

    def stocktake(verb: str, *arguments: str) -> Said:
        return run(verb, *arguments, *DAY, "-C", str(folder))

    # The first day: a repository, and what the team runs.
    spec = ("--stocktake", "stocktake==0.1.0", "--owner", "@bookshop/platform")
    assert run("init", str(folder), "--name", "Bookshop", "--defaults", *spec, *DAY).exit_code == 0
    team = Team(tmp_path)
    team.save("Begin", "dana")
    team.put({f"registry/teams/{name}.yaml": TEAM.format(name, who, who, who) for name, who in TEAMS.items()})
    team.put({".stocktake/allowed_signers": team.line("dana") + team.line("ada")})
    settings = (folder / "stocktake.yaml").read_text()
    team.put({"stocktake.yaml": settings.replace("fail_on: high}", "fail_on: high, approvers: {default: platform}}")})
    known = (folder / ".stocktake/known.txt").read_text()
    team.put({ASSET: STORE, ".stocktake/known.txt": f"{known}{KNOWN}"})  # nobody has restored it yet
    checked = stocktake("check")
    assert checked.exit_code == 0, checked.out
    team.save("Describe what we run", "dana")

    # A pull request promises less than before: it is refused.
    team.git("switch", "-q", "-c", "cheaper")
    team.put({ASSET: STORE.replace("rpo: P1D", "rpo: P7D").replace("0 3 * * *", "0 3 * * 0")})
    team.save("Back up once a week")
    assert stocktake("check").exit_code == 0
    refused = stocktake("approve", "main", "--check")
    assert refused.exit_code == 1
    assert refused.lines == [
        "refused: asset/orders-db backup.rpo: from 1 day to 7 days (recovery)",
        "  needs somebody of team/platform other than the author",
        "1 thing becomes weaker, 1 not approved.",
    ]
    compared = stocktake("diff", "main")
    assert compared.exit_code == 1
    assert compared.lines[0] == "refused: 1 changed; 1 thing becomes weaker, 1 not approved"
    assert "    backup.rpo: 1 day -> 7 days, weaker (recovery)" in compared.lines
    assert stocktake("approve", "main", "--key", str(team.keys / "ada")).exit_code == 2

    # Somebody of the platform reads it and signs; what is pushed after that is not what she saw.
    assert stocktake("approve", "main", "--key", str(team.keys / "dana")).exit_code == 0
    team.save("Approve", "dana")
    assert stocktake("approve", "main", "--check").exit_code == 0
    assert stocktake("diff", "main").exit_code == 0
    team.put({ASSET: STORE.replace("rpo: P1D", "rpo: P30D").replace("0 3 * * *", "0 3 1 * *")})
    team.save("Back up once a month")
    assert "it is of other content: the change has changed since" in stocktake("approve", "main", "--check").out
    team.git("reset", "-q", "--hard", "HEAD^")
    assert stocktake("approve", "main", "--check").exit_code == 0

    # It is merged, and the history says who changed what, and who agreed.
    team.git("switch", "-q", "main")
    team.time += 1
    team.git("merge", "-q", "--no-ff", "cheaper", "-m", "Merge pull request #7", author="Dana", mail="dana@example.org")
    [signature] = (folder / ".stocktake/approvals").glob("*/*.sig")
    found = history(str(folder), ("registry", ".stocktake")).changes
    assert (found[ASSET].author, found[ASSET].subject) == ("Ada", "Back up once a week")
    assert found[signature.relative_to(folder).as_posix()].author == "Dana"
    assert stocktake("approve", "main", "--check").out == "Nothing becomes weaker.\n"

    # A later release changes the scaffold: the team's records and approvals stay, and nobody has to approve anything.
    team.git("switch", "-q", "-c", "upgrade")
    records = {path: path.read_bytes() for path in (folder / "registry").rglob("*.yaml")}
    tree = Tree(str(folder))
    made = plan(tree, scaffold(3), spec="stocktake==0.3.0")
    apply(tree, made, TODAY)
    team.save("Upgrade the scaffold", "ada")
    assert (folder / "docs/first-steps.md").exists()
    assert {path: path.read_bytes() for path in records} == records
    assert signature.exists()
    assert stocktake("approve", "main", "--check").out == "Nothing becomes weaker.\n"
    assert stocktake("check").exit_code == 0


STORE = """\
name: Orders database
type: relational-db
owner: storefront
lifecycle: production
criticality: medium
classification: internal
engine: postgresql
version: "17"
backup:
  rpo: P1D
  rto: PT4H
  plans:
    nightly: {kind: logical-dump, method: pg_dump, schedule: 0 3 * * *, retention: P35D, encryption: client-side}
"""
