"""The verb `approve`, as the author, the approver and the workflow use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from approving import ASSET, LOOSE, STRICT, World
from registries import Run, runner
from stocktake.load.observations import text, to_data
from stocktake.model.digest import signed
from stocktake.model.observation import SEEN, Observation, Thing

TODAY = ("--today", "2026-11-25")
UNGATED = "schema: 1\nenvironments: {production: {}}\n"
STRANGER = "is not a signature by a key that the base allows on this day"
LINES = '{"at": "2026-11-01", "size": 1}\n{"at": "2026-11-02", "size": 2}\n'


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> World:
    return prepared.copy(tmp_path / "world")


@pytest.fixture
def run(world: World, capfd: pytest.CaptureFixture[str]) -> Run:
    plain = runner(capfd)
    return lambda *arguments: plain("approve", *TODAY, "-C", str(world.folder), *arguments)


def test_what_is_weaker_is_refused_approved_and_accepted(world: World, run: Run) -> None:
    world.loosen()
    refused = run("--check")
    signed = run("--key", str(world.keys / "dana"))
    world.save("Approve", "dana")
    accepted = run("--check")

    assert refused.exit_code == 1
    assert refused.lines == [
        "refused: asset/orders-db backup.rpo: from 15 minutes to 1 hour (recovery)",
        "  needs somebody of team/platform other than the author",
        "1 thing becomes weaker, 1 not approved.",
    ]
    assert signed.exit_code == 0
    assert "dana@example.org approves it: commit .stocktake/approvals/" in signed.out
    assert accepted.exit_code == 0
    assert accepted.out.startswith(
        "approved: asset/orders-db backup.rpo: from 15 minutes to 1 hour (recovery)\n  by dana@example.org\n"
    )


def test_a_signature_is_of_what_ssh_keygen_verifies_by_itself(world: World, run: Run) -> None:
    world.loosen()
    run("--key", str(world.keys / "dana"))
    [folder] = (world.folder / ".stocktake/approvals").iterdir()

    assert (folder / "statement").read_text() == world.statement().text().decode()
    assert (folder / "dana-example-org.sig").read_bytes() == world.signature(world.statement().text(), "dana")


def test_the_author_cannot_sign(world: World, run: Run) -> None:
    world.loosen()
    said = run("--key", str(world.keys / "ada"))

    assert (said.exit_code, said.err) == (
        2,
        "error: ada@example.org wrote part of this change. Somebody else has to approve it.\n",
    )
    assert not (world.folder / ".stocktake/approvals").exists()


def test_a_key_that_the_base_does_not_allow_cannot_sign(world: World, run: Run) -> None:
    world.put({".stocktake/allowed_signers": world.line("mallory", "dana@example.org")})
    world.loosen()
    said = run("--key", str(world.keys / "mallory"))

    assert said.exit_code == 2
    assert "The signature is not a signature by a key that the base allows on this day." in said.err


def test_the_branch_that_is_published_judges_also_where_a_change_left_before(world: World, run: Run) -> None:
    world.restart({"stocktake.yaml": UNGATED})
    world.loosen()
    assert run("--check").exit_code == 0  # the owners are one person
    world.git("switch", "-q", "main")
    world.put({"stocktake.yaml": f"{UNGATED}gates: {{approvers: {{recovery: platform}}}}\n"})
    world.save("Ask the platform", "emre")
    world.git("switch", "-q", "change")

    assert run("--check").exit_code == 1


def test_a_change_of_nothing_that_counts_needs_nobody(world: World, run: Run) -> None:
    world.put({ASSET: STRICT + "description: Where orders are kept.\n"})
    world.save()
    said = run("--check")

    assert (said.exit_code, said.out) == (0, "Nothing becomes weaker.\n")


@pytest.mark.parametrize("name", ["--output=x", "-o", ":/Loosen", "main\u202e", "HEAD:registry", "a..b", "@{-99}", ""])
def test_a_revision_that_is_none_is_told(world: World, run: Run, name: str) -> None:
    said = run("--", "main", name or " ")

    assert said.exit_code == 2
    assert "is no commit here" in said.err
    assert "\u202e" not in said.err


def test_a_shallow_clone_says_how_to_get_the_rest(
    world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    world.loosen()
    world.git("switch", "-q", "main")
    world.save("Go on", "emre")
    world.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{world.folder}", str(tmp_path / "clone"))
    said = runner(capfd)("approve", "origin/main", "origin/change", "-C", str(tmp_path / "clone"))

    assert said.exit_code == 2
    assert "These two revisions have nothing in common. `git fetch --unshallow` gets what is missing." in said.err


def test_a_folder_outside_of_git_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stocktake.yaml").write_text("schema: 1\n")
    said = runner(capfd)("approve", "-C", str(tmp_path))

    assert (said.exit_code, said.err) == (
        2,
        "error: This folder is not in Git. Changes and approvals are about commits.\n",
    )


def test_a_team_is_reached_by_what_the_host_reports(world: World, run: Run, tmp_path: Path) -> None:
    head = world.loosen()
    file = tmp_path / "reviews.json"
    reviews = [{"reviewer": "@emre-x", "commit": head, "state": "approved"}]
    file.write_text(json.dumps({"schema": 1, "authors": ["@ada-x"], "reviews": reviews}))

    assert run("--check", "--reviews", str(file)).exit_code == 0


def test_a_file_of_reviews_that_the_change_could_have_written_is_refused(world: World, run: Run) -> None:
    world.put({"reviews.json": '{"schema": 1}'})
    world.loosen()
    said = run("--check", "--reviews", str(world.folder / "reviews.json"))

    assert said.exit_code == 2
    assert "lies in the repository, where the change itself could write it" in said.err


def test_rules_of_a_team_are_never_run(world: World, run: Run, tmp_path: Path) -> None:
    settings = (world.folder / "stocktake.yaml").read_text()
    world.restart({"stocktake.yaml": f"{settings}rules: {{modules: [rules/ours.py]}}\n", "rules/ours.py": "x = 1\n"})
    world.put({"rules/ours.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n"})
    world.save()
    said = run("--check")

    assert "refused: rules/ours.py: the file is changed (rules)" in said.out
    assert not (tmp_path / "ran").exists()


def test_what_a_rule_may_read_is_judged_as_the_rule_is(world: World, run: Run) -> None:
    settings = (world.folder / "stocktake.yaml").read_text()
    files = {"rules/ours.py": "x = 1\n", "rules/prices/eu.csv": "1\n", "rules/.free": "a\n", "beside.csv": "1\n"}
    world.restart({**files, "stocktake.yaml": f"{settings}rules: {{modules: [rules/ours.py]}}\n"})
    world.put({"rules/prices/eu.csv": "2\n", "rules/.free": "b\n", "rules/more/all.csv": "", "beside.csv": "2\n"})
    world.save()

    assert [line for line in run("--check").lines if line.startswith("refused")] == [
        "refused: rules/.free: the file is changed (rules)",
        "refused: rules/more/all.csv: the file is new, and a rule may read it (rules)",
        "refused: rules/prices/eu.csv: the file is changed (rules)",
    ]


def test_a_rule_at_the_root_is_judged_with_the_programs_beside_it(world: World, run: Run) -> None:
    settings = (world.folder / "stocktake.yaml").read_text()
    files = {"ours.py": "x = 1\n", "beside.py": "x = 1\n", "README.md": "1\n"}
    world.restart({**files, "stocktake.yaml": f"{settings}rules: {{modules: [ours.py]}}\n"})
    world.put({"beside.py": "x = 2\n", "README.md": "2\n", "rules/new.py": "x = 1\n"})
    world.save()

    assert [line for line in run("--check").lines if line.startswith("refused")] == [
        "refused: beside.py: the file is changed (rules)"
    ]


def test_a_registry_that_is_wrong_is_told_before_anything_is_judged(world: World, run: Run) -> None:
    world.put({ASSET: STRICT.replace("PT15M", "15min")})
    world.save()
    said = run("--check")

    assert said.exit_code == 2
    assert 'backup.rpo: "15min" is not an ISO 8601 duration' in said.err


def test_settings_that_are_wrong_in_the_base_count_as_silent(world: World, run: Run) -> None:
    settings = (world.folder / "stocktake.yaml").read_text()
    world.restart({"stocktake.yaml": "schema: 1\ngates: 3\nrules: [BKP001]\n"})
    world.put({"stocktake.yaml": settings})
    world.save()
    said = run("--check")

    assert said.exit_code == 1
    assert said.lines[0] == "refused: stocktake.yaml gates.approvers.default: from the owners to team/platform (gates)"


def test_observations_that_were_edited_by_hand_are_refused(world: World, run: Run) -> None:
    seen = signed(Observation("shop", "compose", "1", SEEN, (Thing("db", "db", facts={"version": "15"}),)))
    looked = '{"schema": 1, "sources": {"shop": "2026-11-02"}}'
    files: dict[str, str | bytes] = {"observed/shop.json": text(to_data(seen)), "observed/last-looked.json": looked}
    world.restart({**files, "observed/drills/orders.jsonl": LINES, "observed/drills/gone.jsonl": LINES})
    assert run("--check").out == "Nothing becomes weaker.\n"
    world.put(
        {
            "observed/shop.json": text(to_data(seen)).replace(b'"15"', b'"16"'),
            "observed/last-looked.json": looked.replace("2026-11-02", "2026-11-01"),
            "observed/drills/orders.jsonl": LINES.replace('"size": 1', '"size": 9'),
        }
    )
    (world.folder / "observed/drills/gone.jsonl").unlink()
    world.save()
    said = run("--check")

    assert said.exit_code == 1
    assert [line for line in said.lines if line.startswith("refused")] == [
        "refused: observed/shop.json is not what a machine wrote: its digest is not that of its content",
        "refused: observed/last-looked.json says of shop 2026-11-01, and said 2026-11-02 before",
        "refused: observed/drills/gone.jsonl is removed, and machines only append to it",
        "refused: observed/drills/orders.jsonl has lines changed or removed, and machines only append to it",
    ]


def removed(world: World, run: Run, *paths: str) -> list[str]:
    """What is refused where these files are removed; each source was seen, and the last look at it is told."""
    for path in paths:
        (world.folder / path).unlink()
    world.save()
    return [line for line in run("--check").lines if line.startswith("refused: observed")]


def seen_world(world: World, sources: str) -> None:
    """`shop` is a source of the base and was seen, as was the store `orders-db`, which has a connection."""
    settings = (world.folder / "stocktake.yaml").read_text()
    files: dict[str, str | bytes] = {
        f"observed/{name}.json": text(to_data(signed(Observation(name, "compose", "1", SEEN))))
        for name in ("shop", "orders-db")
    }
    looked = '{"schema": 1, "sources": {"orders-db": "2026-11-02", "shop": "2026-11-02"}}'
    asset = f"{STRICT}engine: postgresql\nconnection: ORDERS_URL\n"
    world.restart({**files, ASSET: asset, "stocktake.yaml": settings + sources, "observed/last-looked.json": looked})


SOURCES = "sources: {shop: {path: src}, other: {path: src}}\n"


def test_an_observation_that_is_removed_is_refused_while_its_source_is_there(world: World, run: Run) -> None:
    seen_world(world, SOURCES)

    assert removed(world, run, "observed/shop.json", "observed/orders-db.json", "observed/last-looked.json") == [
        "refused: observed/orders-db.json is removed, and its source is still to be looked at",
        "refused: observed/shop.json is removed, and its source is still to be looked at",
        "refused: observed/last-looked.json no longer says when orders-db was looked at",
        "refused: observed/last-looked.json no longer says when shop was looked at",
    ]


def test_the_day_of_a_look_that_is_removed_is_refused_while_its_observation_is_there(world: World, run: Run) -> None:
    seen_world(world, "")
    world.put({"observed/last-looked.json": '{"schema": 1, "sources": {"orders-db": "2026-11-02"}}'})

    assert removed(world, run) == ["refused: observed/last-looked.json no longer says when shop was looked at"]


def test_what_was_seen_of_a_source_that_is_gone_may_be_removed(world: World, run: Run) -> None:
    seen_world(world, SOURCES)
    settings = (world.folder / "stocktake.yaml").read_text()
    world.put({"stocktake.yaml": settings.replace("shop: {path: src}, ", ""), ASSET: STRICT})

    assert removed(world, run, "observed/shop.json", "observed/orders-db.json", "observed/last-looked.json") == []


def test_what_machines_append_is_no_edit(world: World, run: Run) -> None:
    world.restart({"observed/drills/orders.jsonl": LINES})
    world.put({"observed/drills/orders.jsonl": LINES + LINES})
    world.save()

    assert run("--check").exit_code == 0


def test_a_registry_in_a_sub_folder_is_judged_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path)
    settings = "schema: 1\ngates: {approvers: {default: platform}}\n"
    world.put({"estate/stocktake.yaml": settings, f"estate/{ASSET}": STRICT})
    for team in ("platform", "storefront"):
        world.put({f"estate/registry/teams/{team}.yaml": "name: Some team\n"})
    world.git("switch", "-q", "main")
    world.save("Add an estate", "emre")
    world.git("switch", "-q", "-C", "change")
    world.put({f"estate/{ASSET}": LOOSE, ASSET: LOOSE})
    world.save()
    said = runner(capfd)("approve", "--check", *TODAY, "-C", str(world.folder / "estate"))

    assert said.out.count("refused") == 1


def test_approvals_that_are_kept_can_be_verified_later(world: World, run: Run) -> None:
    commit = world.loosen()
    world.approve("dana")
    approved = world.git("rev-parse", "HEAD")
    world.approve("mallory")
    world.git("switch", "-q", "main")
    world.git("merge", "-q", "--no-ff", "change", "-m", "Merge")
    world.put({".stocktake/allowed_signers": world.line("emre")})
    world.save("Dana leaves", "emre")
    said = run("--kept")

    assert commit != approved
    assert said.lines == [
        f"2026-01-01 {approved[:12]} dana@example.org",
        f"  {ASSET}",
        f"2026-01-01 {world.git('rev-parse', 'change')[:12]} mallory does not count: it {STRANGER}",
        f"  {ASSET}",
    ]


def test_an_approval_that_was_kept_and_is_of_other_content_is_told(world: World, run: Run) -> None:
    world.loosen()
    said = world.statement()
    world.put({ASSET: STRICT.replace("PT15M", "P1D")})
    world.save()
    world.approve("dana", said)

    assert "does not count: it is of other content than what was committed before it" in run("--kept").out
