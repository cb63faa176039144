"""Other registries join the estate, also from a real submodule: they can be named, and are never judged or edited."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from registries import Run, runner, write

TODAY = "2026-11-25"
SETTINGS = "schema: 1\nenvironments: {production: {}}\ninclude:\n  platform: {path: vendor/platform}\n"
SHOP = "name: Shop\ntype: service\nowner: shop\n"
READS = "name: Shop reads the ledger\nfrom: shop\nto: ledger\ntype: reads\n"
LEDGER = "name: Ledger\ntype: relational-db\nowner: core\n"
GIT = {
    **os.environ,
    **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "GIT_ALLOW_PROTOCOL": "file",
}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=GIT)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """The registry of another team, with findings, a waiver and known findings of its own."""
    files: dict[str, str | bytes] = {
        "registry/assets/ledger.yaml": LEDGER,
        "registry/teams/core.yaml": "name: Core\n",
        ".stocktake/known.txt": "2026-11-01 BKP001@asset/shop\n",
    }
    return write(tmp_path / "platform", files)


@pytest.fixture
def place(tmp_path: Path, platform: Path) -> Path:
    """Ours, in which a dependency leads to a record of theirs; it lies in a folder inside of ours."""
    files: dict[str, str | bytes] = {
        "stocktake.yaml": SETTINGS,
        "registry/assets/shop.yaml": SHOP,
        "registry/teams/shop.yaml": "name: Shop\n",
        "registry/dependencies/shop-ledger.yaml": READS,
    }
    ours = write(tmp_path / "ours", files)
    shutil.copytree(platform, ours / "vendor/platform")
    return ours


def put(place: Path, files: dict[str, str | bytes]) -> None:
    write(place, {"stocktake.yaml": (place / "stocktake.yaml").read_text(), **files})


def told(run: Run, place: Path, *more: str) -> list[str]:
    return run("check", *more, "--output-format", "concise", "--today", TODAY, "-C", str(place)).lines


def refused(run: Run, place: Path) -> str:
    said = run("check", "--output-format", "concise", "--today", TODAY, "-C", str(place))
    assert said.exit_code == 2, said
    return said.out


def test_a_submodule_is_included_and_says_so_until_it_is_fetched(tmp_path: Path, platform: Path, run: Run) -> None:
    git(platform, "init", "-q")
    git(platform, "add", "-A")
    git(platform, "commit", "-qm", "Begin")
    ours = tmp_path / "made"
    write(
        ours, {"stocktake.yaml": SETTINGS, "registry/assets/shop.yaml": SHOP, "registry/teams/shop.yaml": "name: S\n"}
    )
    put(ours, {"registry/dependencies/shop-ledger.yaml": READS})
    git(ours, "init", "-q")
    git(ours, "submodule", "--quiet", "add", str(platform), "vendor/platform")
    git(ours, "add", "-A")
    git(ours, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", str(ours), "clone")
    clone = tmp_path / "clone"

    missing = (
        "stocktake.yaml:4:3: include[platform]: the submodule vendor/platform was not fetched. "
        "Run `git submodule update --init vendor/platform`."
    )
    assert refused(run, clone).splitlines() == [missing]
    assert told(run, clone, "registry/dependencies/shop-ledger.yaml") == [missing]
    git(clone, "submodule", "--quiet", "update", "--init", "vendor/platform")
    assert run("check", "--today", TODAY, "-C", str(clone)).exit_code != 2
    assert run("build", "--pages-only", "--today", TODAY, "-C", str(clone)).exit_code == 0
    assert (clone / "build/docs/asset/ledger.md").exists()


def test_its_records_can_be_named_and_are_not_judged(place: Path, run: Run) -> None:
    said = run("check", "--today", TODAY, "--output-format", "json", "-C", str(place))

    report = json.loads(said.out)
    assert report["included"] == {"platform": 2}
    subjects = {one["subject"] for one in report["outcomes"]}
    assert "asset/shop" in subjects
    assert "asset/ledger" not in subjects
    assert "2 more of platform: included, and judged where they live" in run("check", "-C", str(place)).out


def test_what_is_about_their_registry_stays_there(place: Path, run: Run) -> None:
    """Both may have the decision and the runbook that every new registry begins with, and theirs may be wrong."""
    for folder in (place, place / "vendor/platform"):
        run("new", "adr", "0001-begin", "-C", str(folder))
    put(
        place,
        {"vendor/platform/docs/runbooks/x.md": "no front matter", "vendor/platform/registry/waivers/x.yaml": "a: 1"},
    )
    put(place, {"vendor/platform/registry/stray.yaml": "a: 1\n"})

    assert run("check", "--today", TODAY, "-C", str(place)).exit_code != 2


def test_their_known_findings_and_waivers_excuse_nothing_of_ours(place: Path, run: Run) -> None:
    waiver = (
        "target: INV010@asset/shop\nreason: R.\ncompensating_control: None.\n"
        'owner: core\napprover: core\nexpires: "2027-01-01"\n'
    )
    put(place, {"vendor/platform/registry/waivers/free.yaml": waiver})

    assert [line for line in told(run, place) if "low INV010@asset/shop" in line]


def test_a_dependency_on_them_reaches_into_the_blast_radius(place: Path, run: Run) -> None:
    assert "asset/shop" in run("impact", "asset/ledger", "-C", str(place)).out


def test_a_name_that_nobody_has_is_told_with_the_one_that_was_meant(place: Path, run: Run) -> None:
    put(place, {"registry/dependencies/shop-ledger.yaml": READS.replace("to: ledger", "to: ledgr")})

    for what in ((), ("registry/dependencies/shop-ledger.yaml",)):
        assert any('to: there is no asset "ledgr"' in line for line in told(run, place, *what))
    assert "Did you mean ledger?" in refused(run, place)


def test_a_check_of_one_file_knows_them(place: Path, run: Run) -> None:
    one = "registry/dependencies/shop-ledger.yaml"
    assert run("check", one, "-C", str(place)).exit_code == 0

    put(place, {"registry/assets/ledger.yaml": LEDGER})
    assert told(run, place, "registry/assets/ledger.yaml")[-1].startswith(
        "registry/assets/ledger.yaml: asset/ledger exists already in vendor/platform/registry/assets/ledger.yaml."
    )
    home = "vendor/platform"
    theirs = f"{home}/registry/assets/ledger.yaml"
    assert told(run, place, theirs) == [
        f"{theirs}: is of an included registry, which is only read here. Check it there: `stocktake check -C {home}`."
    ]


def test_an_address_is_unique_in_the_whole_estate(place: Path, run: Run) -> None:
    put(place, {"registry/assets/ledger.yaml": LEDGER.replace("core", "shop")})

    assert (
        "registry/assets/ledger.yaml: asset/ledger exists already in vendor/platform/registry/assets/ledger.yaml, "
        "of the included registry platform. Give one of them another id: `stocktake rename asset/ledger NEW`."
    ) in refused(run, place)


def test_a_record_of_ours_for_something_of_theirs_is_refused(place: Path, run: Run) -> None:
    where = "endpoint: ledger.internal:5432/ledger\n"
    put(place, {"registry/assets/book.yaml": f"name: Book\ntype: relational-db\n{where}"})
    put(place, {"vendor/platform/registry/assets/ledger.yaml": f"{LEDGER}{where}"})

    assert refused(run, place).startswith(
        "registry/assets/book.yaml:3:11: endpoint: asset/ledger is known by host:ledger.internal:5432/ledger, too, "
        "in vendor/platform/registry/assets/ledger.yaml:4:11."
    )


def test_a_rename_settles_an_address_that_both_have(place: Path, run: Run) -> None:
    put(place, {"registry/assets/ledger.yaml": LEDGER.replace("core", "shop"), "registry/teams/core.yaml": "name: C\n"})

    assert run("rename", "asset/ledger", "book", "-C", str(place)).exit_code == 0
    assert run("rename", "team/core", "heart", "-C", str(place)).exit_code == 0
    assert run("check", "--today", TODAY, "-C", str(place)).exit_code != 2
    assert "to: book" in (place / "registry/dependencies/shop-ledger.yaml").read_text()


def test_what_is_wrong_in_it_is_told_as_a_matter_of_that_registry(place: Path, run: Run) -> None:
    put(place, {"vendor/platform/registry/assets/ledger.yaml": "name: Ledger\ntype: relational-database\n"})
    assert "vendor/platform/registry/assets/ledger.yaml:2:7: type: " in refused(run, place)
    assert "Mend it in the registry platform; here it is only read." in refused(run, place)

    put(place, {"vendor/platform/registry/assets/ledger.yaml": LEDGER.replace("core", "nobody")})
    assert (
        'vendor/platform/registry/assets/ledger.yaml:3:8: owner: there is no team "nobody". '
        "Include the registry that has it, too, or mend it in platform."
    ) in refused(run, place)


@pytest.mark.parametrize(
    "command",
    [
        ("rename", "asset/ledger", "book"),
        ("retire", "asset/ledger", "--decided-by", "Ada"),
        ("observe", "ledger"),
        ("baseline", "accept", "ledger", "--environment", "production"),
        ("baseline", "show", "ledger", "--environment", "production"),
        ("drill", "ledger"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_it_is_only_read(place: Path, run: Run, command: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}

    said = run(*command, "-C", str(place))

    assert said.exit_code == 2
    path = "vendor/platform/registry/assets/ledger.yaml"
    assert f"asset/ledger is of the included registry platform, in {path}. It is only read here" in said.err
    assert {path: path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()} == before


def test_fix_and_new_leave_it_alone(place: Path, run: Run) -> None:
    sloppy = "name: Ledger  \ntype: relational_db\nowner: core\n"
    put(place, {"vendor/platform/registry/assets/ledger.yaml": sloppy})
    run("check", "--fix", "vendor/platform/registry/assets/ledger.yaml", "-C", str(place))
    run("check", "--fix", ".", "-C", str(place))
    assert (place / "vendor/platform/registry/assets/ledger.yaml").read_text() == sloppy

    put(place, {"vendor/platform/registry/assets/ledger.yaml": LEDGER})
    said = run("new", "asset", "ledger", "--set", "type=cache", "-C", str(place))
    assert (said.exit_code, "asset/ledger exists already in vendor/platform/" in said.err) == (2, True)
    said = run("rename", "asset/shop", "ledger", "-C", str(place))
    assert (said.exit_code, "asset/ledger exists already, in vendor/platform/" in said.err) == (2, True)


def test_its_pages_say_where_it_is_from_and_lead_to_no_wrong_repository(place: Path, run: Run) -> None:
    put(place, {"stocktake.yaml": f"{SETTINGS}repository: {{url: https://example.org/ours}}\n"})

    assert run("build", "--pages-only", "--today", TODAY, "-C", str(place)).exit_code == 0

    page = (place / "build/docs/asset/ledger.md").read_text()
    assert "Included from" in page
    assert "Nobody described this" not in page
    assert "Backup and drills" not in page
    assert "relational-db" in page
    assert "https://example.org/ours/edit" not in page
    assert "https://example.org/ours/edit" in (place / "build/docs/asset/shop.md").read_text()
    index = (place / "build/docs/asset/index.md").read_text()
    assert "judged where it lives" in index
    assert "1 record" in index
    assert "1 more of other registries" in index
    assert "2 records of" in (place / "build/docs/index.md").read_text()


def test_a_registry_elsewhere_is_read_where_the_environment_says(
    place: Path, platform: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(place / "vendor")
    put(place, {"stocktake.yaml": SETTINGS.replace("{path: vendor/platform}", "{}")})
    assert "include[platform]: lies elsewhere, and nobody said where. Set STOCKTAKE_INCLUDE_PLATFORM" in refused(
        run, place
    )

    for folder in (str(platform), "../platform"):
        monkeypatch.setenv("STOCKTAKE_INCLUDE_PLATFORM", folder)
        assert run("check", "--today", TODAY, "-C", str(place)).exit_code != 2
    put(place, {"registry/assets/ledger.yaml": LEDGER.replace("core", "shop")})
    assert "exists already in platform:registry/assets/ledger.yaml" in refused(run, place)
    (place / "registry/assets/ledger.yaml").unlink()
    assert run("build", "--pages-only", "--today", TODAY, "-C", str(place)).exit_code == 0
    assert "platform:" in (place / "build/docs/asset/ledger.md").read_text()
    assert str(platform.parent) not in (place / "build/docs/asset/ledger.md").read_text()
    (place / "registry/assets/ledger.yaml").write_text("name: Ledger\ntype: cache\n")

    monkeypatch.setenv("STOCKTAKE_INCLUDE_PLATFORM", "../nowhere")
    assert "STOCKTAKE_INCLUDE_PLATFORM names no folder" in refused(run, place)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("vendor/plattform", "there is no folder vendor/plattform. Correct the path."),
        ("vendor", "vendor holds no stocktake.yaml."),
        (".", "include[platform]: is this repository again. Leave it out."),
        ("docs/platform", "docs/platform lies in docs/, where Stocktake reads what is ours."),
        ("registry/platform", "registry/platform lies in registry/, where Stocktake reads what is ours."),
        ("../platform", "include[platform].path: "),
        ("away", "away is a link that leaves the repository. Leave `path` out, and set STOCKTAKE_INCLUDE_PLATFORM"),
    ],
)
def test_a_folder_that_may_not_be_one_is_refused(place: Path, run: Run, path: str, message: str) -> None:
    (place / "away").symlink_to(place.parent / "platform")
    put(place, {"stocktake.yaml": SETTINGS.replace("vendor/platform", path)})

    assert message in refused(run, place)


def test_the_same_folder_is_included_once(place: Path, run: Run) -> None:
    put(place, {"stocktake.yaml": f"{SETTINGS}  again: {{path: vendor/platform}}\n"})

    assert "stocktake.yaml:4:3: include[platform]: is the include again again. Leave it out." in refused(run, place)


def test_what_it_includes_itself_is_not_followed_so_that_no_circle_can_be(place: Path, run: Run) -> None:
    inner = "schema: 1\ninclude: {shop: {}, other: {path: nowhere}}\n"
    put(place, {"vendor/platform/stocktake.yaml": inner, "vendor/platform/rules/x.py": "raise SystemExit\n"})

    assert run("check", "--today", TODAY, "-C", str(place)).exit_code != 2


def test_links_out_of_it_are_refused(place: Path, run: Run) -> None:
    (place / "vendor/platform/registry/assets/shop2.yaml").symlink_to(place / "registry/assets/shop.yaml")

    assert "vendor/platform/registry/assets/shop2.yaml: is a link that leaves the repository" in refused(run, place)


def test_a_kind_that_both_made_for_themselves_must_be_the_same(place: Path, run: Run) -> None:
    schema = {"title": "Contract", "type": "object", "x-registry": {"folder": "registry/contracts"}}
    base = {"$ref": "common.schema.json#/$defs/base", "unevaluatedProperties": False}
    text = json.dumps({"$id": "https://stocktake.dev/schemas/contract.schema.json", **schema, **base})
    put(place, {"vendor/platform/schemas/contract.schema.json": text})
    put(place, {"vendor/platform/registry/contracts/a.yaml": "name: A\n"})
    assert run("build", "--pages-only", "--today", TODAY, "-C", str(place)).exit_code == 0
    assert (place / "build/docs/contract/a.md").exists()

    put(place, {"schemas/contract.schema.json": text.replace("Contract", "Agreement")})
    assert "schemas/contract.schema.json:1:1: differs from vendor/platform/schemas/contract" in refused(run, place)
