"""Who approved a change: real signatures by real keys over real histories, and everything that must not count."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from approving import ASSET, LOOSE, STRICT, World, by
from stocktake.errors import InputError, UsageError
from stocktake.history.approvals import FOLDER, open_approvals
from stocktake.load.files import Tree
from stocktake.load.reviews import Review, Reviews, reviews
from stocktake.pipeline.chronicle import chronicle
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.signatures import Statement

OTHER = "0" * 64


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> World:
    return prepared.copy(tmp_path / "world")


def test_a_weakening_that_nobody_approved_is_refused(world: World) -> None:
    world.loosen()
    [verdict] = world.ballot().refused

    assert verdict.weakening.text() == "asset/orders-db backup.rpo: from 15 minutes to 1 hour"
    assert verdict.wanted() == "somebody of team/platform other than the author"


def test_a_signature_by_a_member_of_the_team_counts(world: World) -> None:
    world.loosen()
    world.approve("dana")
    ballot = world.ballot()

    assert by(ballot) == [("dana@example.org",)]
    assert ballot.refused == ()
    assert [one.name for one in ballot.authors] == ["Ada"]


def test_an_approval_is_of_the_content_that_was_seen(world: World) -> None:
    world.loosen()
    world.approve("dana")
    world.put({ASSET: STRICT.replace("PT15M", "P1D")})
    world.save("Loosen more")

    assert world.flaws() == [("dana@example.org", "is of other content: the change has changed since")]
    assert len(world.ballot().refused) == 1


def test_an_approval_outlives_a_rebase_that_changes_nothing_of_the_change(world: World) -> None:
    world.loosen()
    said = world.statement()
    world.git("switch", "-q", "main")
    world.put({"registry/assets/other.yaml": "name: Other\ntype: cache\n"})
    world.main = world.save("Add another", "emre")
    world.git("rebase", "-q", "main", "change")
    world.approve("dana", said)

    assert by(world.ballot()) == [("dana@example.org",)]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("ada", "is by somebody who wrote part of the change"),
        ("mallory", "is not a signature by a key that the base allows on this day"),
        ("gone", "is by somebody whom no team of the base names, by handle or e-mail address"),
    ],
)
def test_a_signature_does_not_count_by(world: World, who: str, why: str) -> None:
    world.loosen()
    world.approve(who)

    assert [flaw for _, flaw in world.flaws()] == [why]
    assert world.ballot().refused


def test_a_member_of_another_team_approves_nothing_of_this_gate(world: World) -> None:
    world.loosen()
    world.approve("bela")

    assert world.flaws() == [("bela@example.org", "")]
    assert world.ballot().refused


def test_whoever_only_committed_is_an_author_too(world: World) -> None:
    world.put({ASSET: LOOSE})
    world.git("add", "-A")
    world.git(
        "commit", "-q", "-m", "Loosen", "--author", "Bela <bela@example.org>", author="Dana", mail="dana@example.org"
    )
    world.approve("dana")

    assert world.flaws() == [("dana@example.org", "is by somebody who wrote part of the change")]


def test_an_author_under_another_address_is_nobody_else(world: World) -> None:
    world.loosen(mail="dana@home.example")
    world.approve("dana")

    assert world.flaws() == [("dana@example.org", "does not count while nobody knows who wrote part of the change")]
    assert [one.text() for one in world.ballot().unknown] == ["Ada <dana@home.example>"]


def test_another_address_is_known_by_the_mailmap_of_the_base(world: World) -> None:
    world.restart({".mailmap": "Dana <dana@example.org> <dana@home.example>\n"})
    world.loosen(mail="dana@home.example")
    world.approve("dana")

    assert world.flaws() == [("dana@example.org", "is by somebody who wrote part of the change")]


def test_two_lines_with_one_key_are_one_person(world: World) -> None:
    lines = (world.folder / ".stocktake/allowed_signers").read_text()
    world.restart({".stocktake/allowed_signers": world.line("ada", "emre@example.org") + lines})
    world.loosen()
    world.approve("ada")

    assert [why for _, why in world.flaws()] == ["is by somebody who wrote part of the change"]


def test_signers_come_from_the_base_and_a_change_of_them_is_refused(world: World) -> None:
    world.put({".stocktake/allowed_signers": world.line("mallory", "dana@example.org")})
    world.loosen()
    world.approve("mallory")
    ballot = world.ballot()

    assert [one.weakening.gate for one in ballot.refused] == ["approvers", "recovery"]
    assert [one.why for one in ballot.approvals] == ["is not a signature by a key that the base allows on this day"]


def test_a_team_that_the_change_fills_does_not_approve_it(world: World) -> None:
    team = (world.folder / "registry/teams/platform.yaml").read_text()
    world.put({"registry/teams/platform.yaml": f"{team}  bela: {{handle: '@bela-x', emails: [bela@example.org]}}\n"})
    world.loosen()
    world.approve("bela")

    assert sorted({one.weakening.gate for one in world.ballot().refused}) == ["approvers", "recovery"]


def test_an_approver_that_the_change_names_does_not_approve_it(world: World) -> None:
    world.put({"stocktake.yaml": (world.folder / "stocktake.yaml").read_text().replace("platform", "storefront")})
    world.loosen()
    world.approve("bela")

    assert sorted({one.weakening.gate for one in world.ballot().refused}) == ["gates", "recovery"]


@pytest.mark.parametrize("namespace", ["git", "file"])
def test_a_signature_of_another_purpose_does_not_count(world: World, namespace: str) -> None:
    world.loosen()
    world.approve("dana", namespace=namespace)
    why = "is no valid signature: of something else, or by a key that was revoked"

    assert world.flaws() == [("dana@example.org", why)]


def test_a_signature_of_another_digest_does_not_count(world: World) -> None:
    world.loosen()
    world.approve("dana", Statement(OTHER, world.main))

    assert world.flaws() == [("dana@example.org", "is of other content: the change has changed since")]


def test_a_signature_below_another_statement_does_not_count(world: World) -> None:
    world.loosen()
    said, other = world.statement(), Statement(OTHER, world.main)
    signature = world.signature(other.text(), "dana")
    world.put({f"{FOLDER}/{said.folder()}/statement": said.text(), f"{FOLDER}/{said.folder()}/dana.sig": signature})
    world.save()
    why = "is no valid signature: of something else, or by a key that was revoked"

    assert world.flaws() == [("dana@example.org", why)]


def test_a_key_that_expired_does_not_count(world: World) -> None:
    world.restart({".stocktake/allowed_signers": world.line("dana", options='valid-before="20261201"')})
    world.loosen()
    world.approve("dana")

    assert world.flaws(today=date(2026, 11, 30)) == [("dana@example.org", "")]
    assert [why for _, why in world.flaws(today=date(2026, 12, 1))] == [
        "is not a signature by a key that the base allows on this day"
    ]


def test_a_key_that_was_revoked_does_not_count(world: World) -> None:
    world.restart({".stocktake/revoked_signers": (world.keys / "dana.pub").read_text()})
    world.loosen()
    world.approve("dana")
    why = "is no valid signature: of something else, or by a key that was revoked"

    assert world.flaws() == [("dana@example.org", why)]


def test_a_pattern_of_principals_names_nobody(world: World) -> None:
    world.restart({".stocktake/allowed_signers": world.line("emre") + world.line("dana", "*@example.org")})
    world.loosen()
    world.approve("dana")

    assert [why for _, why in world.flaws()] == ["is by a key whose line in allowed_signers names nobody alone"]


def test_an_approval_that_was_merged_is_not_used_again(world: World) -> None:
    world.loosen()
    said = world.statement()
    world.main = world.approve("dana")
    world.put({ASSET: STRICT})
    world.main = world.save("Tighten again", "emre")
    world.put({ASSET: LOOSE, f"{FOLDER}/{said.folder()}/again.sig": world.signature(said.text(), "dana")})
    world.save("Loosen again")

    assert world.flaws() == [("again", "was given before, for a change that is in the base")]
    assert world.ballot().refused


def test_a_trailer_is_shown_as_claimed_and_does_not_count(world: World) -> None:
    world.put({ASSET: LOOSE})
    world.save("Loosen\n\nReviewed-by: Dana <dana@example.org>\nApproved-by: \u202eemre\u0001\n")

    assert world.flaws() == [
        ("Dana <dana@example.org>", "is only claimed: anybody can write a trailer"),
        ("⟨U+202E⟩emre⟨U+0001⟩", "is only claimed: anybody can write a trailer"),
    ]
    assert world.ballot().refused


def test_what_a_merge_brings_in_has_other_authors_but_whoever_merges_is_one(world: World) -> None:
    world.loosen()
    world.git("switch", "-q", "main")
    world.put({"registry/assets/other.yaml": "name: Other\ntype: cache\n"})
    world.main = world.save("Add another", "emre")
    world.git("switch", "-q", "change")
    world.git("merge", "-q", "main", "-m", "Merge", author="Dana", mail="dana@example.org")

    assert [one.name for one in world.ballot().authors] == ["Ada", "Dana"]


def test_an_author_who_has_left_is_known(world: World) -> None:
    world.loosen("gone")
    world.approve("dana")

    assert by(world.ballot()) == [("dana@example.org",)]


def test_a_change_of_which_commits_are_cut_off_is_not_judged(world: World, tmp_path: Path) -> None:
    world.loosen()
    for _ in range(3):
        world.save("Go on", "dana")
    world.git("clone", "-q", "--depth=2", "--no-single-branch", f"file://{world.folder}", str(tmp_path / "clone"))

    with pytest.raises(UsageError, match="Commits of this change are missing"):
        open_approvals(str(tmp_path / "clone")).change(world.main, world.git("rev-parse", "HEAD"))


def test_a_dependency_under_another_id_is_still_the_same(world: World) -> None:
    asset, edge = "name: {}\ntype: cache\n", "from: a\nto: b\ntype: reads\n"
    files = {f"registry/assets/{name}.yaml": asset.format(name) for name in "ab"}
    world.restart({**files, "registry/dependencies/a-to-b.yaml": f"{edge}fallback: Waits.\n"})
    (world.folder / "registry/dependencies/a-to-b.yaml").unlink()
    world.put({"registry/dependencies/other.yaml": edge})
    world.save()

    assert [one.weakening.text() for one in world.ballot().refused] == [
        "dependency/a-to-b fallback: from Waits. to nothing"
    ]


def test_a_record_that_was_renamed_is_compared_with_what_it_was(world: World) -> None:
    known = "2026-11-01 BKP001@asset/orders-db\n"
    world.restart({".stocktake/known.txt": known})
    (world.folder / ASSET).unlink()
    world.put({"registry/assets/orders.yaml": f"{LOOSE}formerly: [orders-db]\n"})
    world.put({".stocktake/known.txt": known.replace("orders-db", "orders")})
    world.save()

    assert [one.weakening.text() for one in world.ballot().refused] == [
        "asset/orders-db backup.rpo: from 15 minutes to 1 hour"
    ]


def test_a_commit_of_approvals_alone_makes_nobody_an_author(world: World) -> None:
    world.loosen()
    world.approve("dana")
    world.approve("emre")

    assert by(world.ballot()) == [("dana@example.org", "emre@example.org")]


def test_names_of_git_that_look_like_its_output_change_nothing(world: World) -> None:
    world.put({ASSET: LOOSE, ":000000 odd": "x", f"{'a' * 40}": "x", "\x01odd\nname": "x"})
    world.save("Loosen\n\n:100644", who="ada")
    world.approve("dana")

    assert by(world.ballot()) == [("dana@example.org",)]


def hosted(reviewer: str, commit: str, state: str = "approved") -> Reviews:
    return Reviews(("@ada-x",), {}, (Review(reviewer, commit, state),))


def test_a_review_that_the_host_reports_counts(world: World) -> None:
    head = world.loosen()

    assert by(world.ballot(hosted("dana-x", head))) == [("dana-x",)]


@pytest.mark.parametrize(
    ("reviewer", "state", "why"),
    [
        ("@ada-x", "approved", "is by somebody who wrote part of the change"),
        ("@dana-x", "changes-requested", "says changes-requested"),
        ("@dana-x", "dismissed", "says dismissed"),
        ("@stranger", "approved", "is by somebody whom no team of the base names, by handle or e-mail address"),
    ],
)
def test_a_review_does_not_count(world: World, reviewer: str, state: str, why: str) -> None:
    head = world.loosen()

    assert world.flaws(hosted(reviewer, head, state)) == [(reviewer, why)]


def test_a_review_of_an_older_push_is_stale(world: World) -> None:
    seen = world.loosen()
    world.put({ASSET: STRICT.replace("PT15M", "P1D")})
    world.save("Loosen more")

    assert world.flaws(hosted("dana-x", seen)) == [("dana-x", "is of other content: the change has changed since")]
    assert world.flaws(hosted("dana-x", "1" * 40)) == [("dana-x", "is of 111111111111, which is not here")]


def test_whoever_opened_the_pull_request_is_an_author_whatever_git_says(world: World) -> None:
    world.loosen("bela")
    world.approve("dana")

    assert [why for _, why in world.flaws(Reviews(("@dana-x",)))] == ["is by somebody who wrote part of the change"]


def test_the_host_knows_who_is_behind_a_commit(world: World) -> None:
    head = world.loosen(mail="unheard@of.example")
    known = Reviews((), {head: ("@outside",)}, (Review("dana-x", head, "approved"),))

    assert by(world.ballot(known)) == [("dana-x",)]


SITE = "noreply@github.com"


def test_a_commit_by_the_site_is_by_whom_the_host_names(world: World) -> None:
    head = world.loosen("github", SITE)
    told = Reviews(("@bela-x",), {head: ("@ada-x",)}, (Review("@ada-x", head, "approved"),))

    assert world.flaws(told) == [("@ada-x", "is by somebody who wrote part of the change")]
    assert by(world.ballot(told._replace(reviews=(Review("@dana-x", head, "approved"),)))) == [("@dana-x",)]


def test_a_commit_by_the_site_is_by_nobody_knows_whom_without_the_host(world: World) -> None:
    world.loosen("github", SITE)
    world.put({"registry/assets/other.yaml": "name: Other\ntype: cache\n"})
    world.save("Add another", "bela")
    world.approve("ada")

    assert world.flaws() == [("ada@example.org", "does not count while nobody knows who wrote part of the change")]
    assert [one.text() for one in world.ballot().unknown] == [f"Github <{SITE}>"]


def test_what_the_site_committed_is_by_its_author_alone(world: World) -> None:
    world.put({ASSET: LOOSE})
    world.git("add", "-A")
    world.git("commit", "-q", "-m", "Loosen", "--author", "Ada <ada@example.org>", author="GitHub", mail=SITE)
    world.approve("dana")

    assert by(world.ballot()) == [("dana@example.org",)]


def test_a_commit_that_names_nobody_has_an_unknown_author(world: World) -> None:
    world.put({ASSET: LOOSE})
    world.git("add", "-A")
    nobody = "tree {}\nparent {}\nauthor  <> 0 +0000\ncommitter  <> 0 +0000\n\nLoosen\n"
    file = world.keys / "commit"
    file.write_text(nobody.format(world.git("write-tree"), world.main))
    world.git("reset", "-q", "--hard", world.git("hash-object", "-t", "commit", "-w", str(file)))
    world.approve("dana")

    assert world.flaws() == [("dana@example.org", "does not count while nobody knows who wrote part of the change")]
    assert [one.text() for one in world.ballot().unknown] == ["an author without a name"]


def test_one_whom_the_host_names_is_not_both_author_and_committer(world: World) -> None:
    world.put({ASSET: LOOSE})
    world.git("add", "-A")
    world.git(
        "commit", "-q", "-m", "Loosen", "--author", "Ada <ada@home.example>", author="Bela", mail="bela@example.org"
    )
    head = world.git("rev-parse", "HEAD")
    told = Reviews(("@bela-x",), {head: ("@bela-x",)}, (Review("@ada-x", head, "approved"),))

    assert world.flaws(told) == [("@ada-x", "does not count while nobody knows who wrote part of the change")]


def test_the_last_review_of_somebody_counts() -> None:
    commit = "1" * 40
    states = ("approved", "changes-requested", "commented")
    said = [{"reviewer": "dana", "commit": commit, "state": state} for state in states]
    found = reviews(json.dumps({"schema": 1, "reviews": said}).encode(), "reviews.json")

    assert found.reviews == (Review("dana", commit, "changes-requested"),)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"[]", 'is not a JSON object with "schema": 1'),
        (b'{"schema": 2}', 'is not a JSON object with "schema": 1'),
        (b"[" * 100_000, 'is not a JSON object with "schema": 1'),
        (b'{"schema": 1, "approved": true}', "approved: is unexpected"),
        (b'{"schema": 1, "authors": "ada"}', "authors: is not a list of handles"),
        (b'{"schema": 1, "commits": {"main": []}}', "commits: is not an object by full commit id"),
        (
            b'{"schema": 1, "reviews": [{"reviewer": "a", "commit": "main", "state": "approved"}]}',
            "reviews[0].commit: is not a full commit id",
        ),
        (
            b'{"schema": 1, "reviews": [{"reviewer": "a"}]}',
            "reviews[0]: does not hold reviewer, commit and state alone",
        ),
    ],
    ids=map(str, range(8)),
)
def test_a_file_of_the_host_in_another_form_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(InputError, match=r"reviews\.json") as refused:
        reviews(raw, "reviews.json")

    assert message in str(refused.value)


def test_the_owners_approve_where_no_team_is_named(world: World) -> None:
    world.restart(
        {
            "stocktake.yaml": "schema: 1\nenvironments: {production: {}}\n",
            ASSET: STRICT.replace("storefront", "platform"),
        }
    )
    world.put({ASSET: LOOSE.replace("storefront", "platform")})
    world.save("Loosen")

    assert [one.team for one in world.ballot().refused] == ["team/platform"]


def test_nobody_is_asked_where_the_owners_are_one_person(world: World) -> None:
    world.restart({"stocktake.yaml": "schema: 1\nenvironments: {production: {}}\n"})
    world.loosen()
    ballot = world.ballot()

    assert [(one.team, one.is_asked) for one in ballot.verdicts] == [("team/storefront", False)]
    assert ballot.refused == ()


def test_the_site_tells_verified_signatures_from_others(world: World) -> None:
    world.loosen()
    world.approve("dana")
    world.approve("mallory")
    tree = Tree(str(world.folder))
    past = chronicle(tree, open_estate(tree).sound())

    assert {one.by: one.flaw for one in past.signatures.values()} == {
        "dana@example.org": "",
        "mallory": "is not a signature by a key that the base allows on this day",
    }
    assert all(path.startswith(f"{FOLDER}/") for path in past.signatures)
