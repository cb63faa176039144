"""Who changed which record when, as a history in Git tells it; and the pages that show it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from render_site import site
from stocktake.history.touches import walked
from stocktake.load.files import Tree
from stocktake.model.chronicle import Chronicle, Edit, Touch
from stocktake.pipeline.audit import audit
from stocktake.pipeline.build import build
from stocktake.pipeline.chronicle import NO_GIT, PARTIAL, SHALLOW, chronicle
from stocktake.pipeline.estate import open_estate
from test_history import Repository

SETTINGS = "schema: 1\nenvironments: {production: {}}\n"
STORE = "name: Orders\ntype: relational-db\nbackup: {rpo: PT15M}\n"
ORDERS = "registry/assets/orders.yaml"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A registry of one store."""
    found = Repository(tmp_path / "repository")
    (found.folder / ".gitignore").write_text("build/\n")
    (found.folder / "stocktake.yaml").write_text(SETTINGS)
    found.commit(ORDERS, content=STORE, message="Register orders")
    return found


def told(folder: Path) -> Chronicle:
    tree = Tree(str(folder))
    return chronicle(tree, open_estate(tree, with_rules=False).sound())


def of_orders(repository: Repository, address: str = "asset/orders") -> list[Touch]:
    return told(repository.folder).by_address.get(address, [])


def short(touches: list[Touch]) -> list[tuple[str, str]]:
    return [(touch.what, touch.deed.subject) for touch in touches]


def test_each_fact_is_told_before_and_after(repository: Repository) -> None:
    text = STORE.replace("PT15M", "PT1H") + "owner: data\n"
    repository.commit("registry/teams/data.yaml", content="name: Data\ncontact: data@example.org\n")
    repository.commit(ORDERS, author="Bo", content=text, message="Allow an hour")
    newest, oldest = of_orders(repository)

    assert newest.edits == (Edit("backup.rpo", "PT15M", "PT1H"), Edit("owner", "", "data"))
    assert (newest.deed.author, newest.deed.subject, newest.what) == ("Bo", "Allow an hour", "changed")
    assert (oldest.what, oldest.edits, oldest.deed.author) == ("added", (), "Ada")


def test_the_settings_have_a_history_too(repository: Repository) -> None:
    repository.commit("stocktake.yaml", content=f"{SETTINGS}freshness: P10D\n")

    assert told(repository.folder).touches[0].path == "stocktake.yaml"
    assert told(repository.folder).touches[0].edits == (Edit("freshness", "", "P10D"),)
    repository.commit("stocktake.yaml", content=f"{SETTINGS}freshness: P10D\ngates: {{fail_on: low}}\n")
    assert told(repository.folder).touches[0].edits == (Edit("gates.fail_on", "", "low"),)


def test_a_file_that_moved_keeps_its_history(repository: Repository) -> None:
    repository.commit(ORDERS, content=f"{STORE}description: One.\n", message="Describe")
    (repository.folder / "registry/assets/shop").mkdir()
    repository.git("mv", ORDERS, "registry/assets/shop/bills.yaml")
    repository.commit("registry/assets/shop/bills.yaml", content=f"{STORE}description: Two.\n", message="Move")
    found = of_orders(repository, "asset/bills")

    assert short(found) == [("renamed", "Move"), ("changed", "Describe"), ("added", "Register orders")]
    assert found[0].was == ORDERS
    assert found[0].edits == (Edit("description", "One.", "Two."),)


def test_a_renamed_folder_keeps_all_histories(repository: Repository) -> None:
    repository.commit("registry/assets/a/one.yaml", content=STORE.replace("Orders", "One"), message="One")
    repository.git("mv", "registry/assets/a", "registry/assets/b")
    repository.commit("registry/assets/other.yaml", content="name: Other\ntype: cache\n", message="Rename")

    assert short(of_orders(repository, "asset/one")) == [("renamed", "Rename"), ("added", "One")]


def test_a_path_that_is_used_again_does_not_get_the_history_of_another(repository: Repository) -> None:
    repository.git("rm", "-q", ORDERS)
    repository.commit("registry/assets/x.yaml", content="name: X\ntype: cache\n", message="Drop")
    repository.commit(ORDERS, content="name: Other orders\ntype: queue\n".replace("queue", "cache"), message="Anew")

    assert short(of_orders(repository)) == [("added", "Anew")]


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        ("Merge pull request #12 from ada/side", "#12"),
        ("Merge pull request 'Side' (#13) from side into main", "#13"),
        ("Merged in side (pull request #14)", "#14"),
        ("Merge branch 'side' into 'main'\n\nSide\n\nSee merge request shop/estate!15", "!15"),
        ("Merge branch 'side'", ""),
        ("Merge pull request #99999999999999999999 from x", ""),
    ],
)
def test_what_a_merge_brought_came_with_its_pull_request(repository: Repository, message: str, request_: str) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(ORDERS, author="Bo", content=f"{STORE}description: A.\n", message="Describe")
    repository.git("checkout", "-q", "main")
    repository.commit("README.md")
    repository.git("merge", "-q", "--no-ff", "side", "-m", f"{message}\n\nApproved-by: Cy <cy@example.org>")
    newest = of_orders(repository)[0].deed

    assert (newest.author, newest.request) == ("Bo", request_)
    assert newest.claimed == ("Cy <cy@example.org>",)


def test_squashed_pull_requests_are_known_and_trailers_are_claims(repository: Repository) -> None:
    message = "Describe (#7)\n\nText.\n\nReviewed-by: Cy\nAcked-by: Di\nSigned-off-by: Bo"
    repository.commit(ORDERS, content=f"{STORE}description: A.\n", message=message)
    newest = of_orders(repository)[0].deed

    assert (newest.request, newest.claimed) == ("#7", ("Cy", "Di"))


def test_an_octopus_and_an_evil_merge_are_told_once(repository: Repository) -> None:
    for number in range(3):
        repository.git("checkout", "-q", "-b", f"side{number}", "main")
        repository.commit(f"registry/assets/s{number}.yaml", content=f"name: S{number}\ntype: cache\n")
    repository.git("checkout", "-q", "main")
    repository.commit("README.md")
    repository.git("merge", "-q", "side0", "side1", "side2", "-m", "Merge pull request #3 from all")
    repository.git("checkout", "-q", "-b", "left")
    repository.commit(ORDERS, content=f"{STORE}description: Left.\n")
    repository.git("checkout", "-q", "main")
    repository.commit(ORDERS, content=f"{STORE}description: Right.\n")
    repository.git("merge", "-q", "-s", "ours", "--no-commit", "left")
    repository.commit(ORDERS, content=f"{STORE}description: Both.\n", message="Merge both")
    found = told(repository.folder)

    came = {touch.address: touch.deed.request for touch in found.touches if "/s" in touch.address}
    assert came == {"asset/s0": "#3", "asset/s1": "#3", "asset/s2": "#3"}
    assert found.by_address["asset/orders"][0].edits == (Edit("description", "Right.", "Both."),)


def test_only_what_is_new_is_read_again_and_gives_the_same(repository: Repository, cache: Path) -> None:
    told(repository.folder)
    [kept] = (cache / "stocktake").iterdir()
    before = kept.read_bytes()
    for number in range(4):
        repository.commit(ORDERS, content=f"{STORE}description: Number {number}.\n", message=f"{number} (#{number})")
    repository.git("checkout", "-q", "-b", "side", "HEAD~2")
    repository.commit("registry/assets/b.yaml", content="name: B\ntype: cache\n", message="Add b")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "side", "-m", "Merge pull request #8 from side")
    grown = told(repository.folder).touches
    assert kept.read_bytes() != before
    with walked(str(repository.folder), ("registry",)) as found:
        assert found
        later = found.walk(repository.git("rev-parse", "HEAD~1"))
    shutil.rmtree(cache)

    assert grown == told(repository.folder).touches
    assert (later.is_joined, len(later.touched)) == (True, 1)


def test_another_process_takes_what_was_kept(repository: Repository, cache: Path) -> None:
    told(repository.folder)
    [kept] = (cache / "stocktake").iterdir()
    written = kept.stat().st_ino
    command = [sys.executable, "-m", "stocktake", "build", "--pages-only", "-C", str(repository.folder)]
    subprocess.run(command, check=True, capture_output=True)

    assert kept.stat().st_ino == written


def test_another_branch_is_read_anew(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(ORDERS, content=f"{STORE}description: Side.\n", message="Side")
    assert len(of_orders(repository)) == 2
    repository.git("checkout", "-q", "--detach", "main")

    assert short(of_orders(repository)) == [("added", "Register orders")]


def test_a_branch_that_was_kept_and_then_merged_gets_its_pull_request(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(ORDERS, content=f"{STORE}description: Side.\n", message="Side")
    told(repository.folder)
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "side", "-m", "Merge pull request #5 from side")

    assert of_orders(repository)[0].deed.request == "#5"


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 40 + b"{}"])
def test_what_was_kept_and_is_damaged_is_read_anew(repository: Repository, cache: Path, damage: bytes) -> None:
    before = told(repository.folder).touches
    [kept] = (cache / "stocktake").iterdir()
    kept.write_bytes(damage)

    assert told(repository.folder).touches == before


def test_hostile_names_messages_and_paths_are_text(repository: Repository) -> None:
    author, message = (
        "Eve <script>alert(1)</script>\u202e",
        "x\x1b[31m | <img src=x onerror=y> `a` \n\nReviewed-by: <b>@all",
    )
    repository.commit(
        ORDERS, author=author.replace("<", "[").replace(">", "]"), content=f"{STORE}tags: [a]\n", message=message
    )
    (repository.folder / "registry/assets/new\nline.yaml").write_text("name: X\ntype: cache\n")
    repository.commit("registry/a\tb.yaml", message=":100644 100644 A\n\n--output=/etc/x")
    repository.git("rm", "-q", "-r", "registry/a\tb.yaml", "registry/assets/new\nline.yaml")
    repository.git("commit", "-q", "-m", "Remove them")
    pages = made(repository)

    assert {touch.path for touch in told(repository.folder).touches} >= {"registry/a\tb.yaml"}
    for path in ("docs/history.md", "docs/approvals.md", "docs/asset/orders.md"):
        assert "<img" not in pages[path]
        assert "<b>@all" not in pages[path]
        assert "\x1b" not in pages[path]
        assert "\u202e" not in pages[path]


def test_secrets_of_the_past_are_not_shown(repository: Repository) -> None:
    link = "links: [{name: a, url: 'postgres://shop:hunter2secret@db.internal/orders'}]\n"
    repository.commit(ORDERS, content=STORE + link)
    repository.commit(ORDERS, content=STORE)

    assert "hunter2secret" not in repr(told(repository.folder).touches)
    assert "hunter2secret" not in "".join(made(repository).values())


def test_an_old_file_that_cannot_be_read_has_no_edits(repository: Repository) -> None:
    repository.commit(ORDERS, content="name: [broken\n")
    repository.commit(ORDERS, content=STORE)

    assert [touch.edits for touch in of_orders(repository)] == [(), (), ()]


def test_a_registry_in_a_sub_folder_of_the_repository_has_its_history(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    repository.commit("estate [a]/stocktake.yaml", content=SETTINGS)
    repository.commit("estate a/registry/assets/orders.yaml", content=STORE)
    repository.commit(f"estate [a]/{ORDERS}", content=STORE, message="Here")

    assert [touch.path for touch in told(repository.folder / "estate [a]").touches] == [ORDERS, "stocktake.yaml"]


def test_a_shallow_clone_says_what_is_missing_and_how_to_get_it(repository: Repository, tmp_path: Path) -> None:
    repository.commit(ORDERS, content=f"{STORE}tags: [a]\n")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))

    assert told(clone).told == SHALLOW
    assert "git fetch --unshallow" in SHALLOW
    assert "This is a shallow clone" in "".join(made(Repository.__new__(Repository), clone).values())


def test_a_partial_clone_asks_nobody(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.folder}", str(clone))
    os.rename(repository.folder, tmp_path / "away")

    assert told(clone).told == PARTIAL


def test_without_git_or_commits_it_is_said_why_nothing_is_told(repository: Repository) -> None:
    shutil.rmtree(repository.folder / ".git")
    assert told(repository.folder).told == NO_GIT
    repository.git("init", "-q")

    assert told(repository.folder).told == NO_GIT


def made(repository: Repository, folder: Path | None = None) -> dict[str, str]:
    """The pages of the site by path."""
    tree = Tree(str(folder or repository.folder))
    estate = open_estate(tree).sound()
    judged, _ = audit(estate, date(2026, 2, 1), tree)
    pages = site(judged, {}, past=chronicle(tree, estate))
    return {path: content.decode() for path, content in pages if path.endswith((".md", ".csv"))}


def test_an_asset_that_nobody_owns_names_who_touched_it(repository: Repository) -> None:
    for number in range(7):
        repository.commit(
            ORDERS, author="Bo", content=f"{STORE}description: Number {number}.\n", message=f"No {number}"
        )
    pages = made(repository)
    page = pages["docs/asset/orders.md"]

    assert "touched by Bo (7×), Ada (1×)" in page
    assert page.count("Number 6.") >= 1
    assert "No 6" not in page.partition("History")[0]
    assert "orders_history.html" in page
    assert pages["docs/asset/orders_history.md"].count("No ") == 7


def test_the_ledger_tells_signatures_from_claims_and_from_silence(repository: Repository) -> None:
    repository.commit(ORDERS, content=f"{STORE}tags: [a]\n", message="One (#1)\n\nReviewed-by: Cy")
    repository.commit(".stocktake/approvals/f28154287b1f13f6f1d65f002bfaad7c/dana.sig", message="Two (#2)")
    ledger = made(repository)["docs/approvals.csv"].splitlines()

    assert [line.split(",")[1] for line in ledger[1:]][:2] == ["#2", "#1"]
    assert "dana not verified" in ledger[1]
    assert "Cy claimed" in ledger[2]
    assert "nobody named" in ledger[3]


def test_another_edition_tells_nobody_who_did_what(repository: Repository) -> None:
    build(Tree(str(repository.folder)), date(2026, 2, 1), date(2026, 2, 1), True, False, lambda _: None, "internal")
    docs = repository.folder / "build/docs"

    assert "not part of the" in (docs / "history.md").read_text()
    assert not [path for path in docs.rglob("*.md") if "touched by" in path.read_text()]
    assert "Register orders" not in "".join(path.read_text() for path in docs.rglob("*.csv"))
