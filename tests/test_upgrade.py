"""`stocktake upgrade` brings what the scaffold changed, keeps what people changed, and touches no record."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.cli.main import main
from stocktake.errors import InputError, UsageError
from stocktake.load.files import Tree
from stocktake.pipeline.init import init
from stocktake.pipeline.scaffold import Scaffold
from stocktake.pipeline.upgrade import apply, plan
from stocktake.rules.table import BY_ID
from stocktake.scaffold.base import FILE, kept, read_base
from stocktake.scaffold.merge import merge
from stocktake.scaffold.pins import aligned, moved_on, spec_in
from stocktake.scaffold.plan import RECORDS
from stocktake.scaffold.releases import RELEASES, Release, moves, since
from stocktake.scaffold.render import Wishes
from stocktake.scaffold.templates import FOLDER, older, templates

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 25)
WISHES = Wishes("Estate", "stocktake==0.1.0", "2026-11-25")
OLD_PIN = "actions/checkout@" + "a" * 40 + " # v6.0.0"
EMPTY = {"schema": 1, "answers": {}, "stocktake": "1", "rules": []}
NEW_PIN = "actions/checkout@" + "b" * 40 + " # v9.0.0"
CHECK = ".github/workflows/check.yml"

# What three releases of a scaffold hold: the first is ours, each later one edits, adds, moves and drops templates.
RELEASED = (
    Release("0.1.0"),
    Release("0.2.0", {"docs/getting-started.md": "docs/start.md"}),
    Release("0.3.0", {"docs/start.md": "docs/first-steps.md"}),
)


def second(files: dict[str, str]) -> dict[str, str]:
    changed = dict(files)
    changed[CHECK] = files[CHECK].replace("timeout-minutes: 45", "timeout-minutes: 30")
    changed["docs/start.md"] = changed.pop("docs/getting-started.md").replace("# Getting started", "# Start")
    changed["docs/our-words.md"] = "# Glossary\n"
    changed["scripts/test"] = files["scripts/test"].replace("scripts/bootstrap\n", "scripts/bootstrap --quiet\n")
    del changed[".vscode/extensions.json"]
    return changed


def third(files: dict[str, str]) -> dict[str, str]:
    changed = dict(files)
    changed[CHECK] = files[CHECK].replace("scripts/test", "scripts/test --color=yes")
    changed["docs/first-steps.md"] = changed.pop("docs/start.md").replace("# Start", "# First steps")
    changed["docs/our-words.md"] = "# Glossary\n\nAsset: what we run.\n"
    changed["registry/teams/maintainers.yaml"] = "name: Somebody else\n"
    changed["mkdocs.yml"] = files["mkdocs.yml"].replace("  language: en\n", "  language: de\n")
    return changed


FIRST = dict(templates())
VERSIONS = (FIRST, second(FIRST), third(second(FIRST)))


def scaffold(number: int) -> Scaffold:
    """The scaffold of release 1, 2 or 3."""
    return Scaffold(f"0.{number}.0", tuple(sorted(VERSIONS[number - 1].items())), RELEASED[:number])


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Repositories that release 1 and release 2 made, to be copied."""
    folder = tmp_path_factory.mktemp("started")
    for number in (1, 2):
        init(str(folder / str(number)), WISHES, TODAY, made=scaffold(number))
    return folder


@pytest.fixture
def estate(started, tmp_path):
    return Path(shutil.copytree(started / "1", tmp_path / "estate"))


def upgrade(folder: Path, number: int = 3, **more):
    """The steps by path, done, and the findings that were listed."""
    tree = Tree(str(folder))
    made = plan(tree, scaffold(number), **more)
    listed = apply(tree, made, TODAY)
    return {step.path: step for step in made.steps}, listed


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def run(folder: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["upgrade", "-C", str(folder), "--today", "2026-11-25", *arguments])
    return int(stop.value.code or 0)


def test_what_nobody_touched_becomes_what_a_new_repository_has(estate, tmp_path):
    upgrade(estate)
    init(str(tmp_path / "fresh"), WISHES._replace(spec="stocktake==0.3.0"), TODAY, made=scaffold(3))

    ours, fresh = files(estate), files(tmp_path / "fresh")
    assert {path for path in {*ours, *fresh} if ours.get(path) != fresh.get(path)} == {
        "registry/teams/maintainers.yaml"
    }


def test_two_steps_lead_where_one_leads(estate, tmp_path):
    shutil.copytree(estate, tmp_path / "slow")
    upgrade(estate)
    upgrade(tmp_path / "slow", 2)
    upgrade(tmp_path / "slow", 3)

    assert files(estate) == files(tmp_path / "slow")


def test_what_people_changed_stays_beside_what_the_scaffold_changed(started, tmp_path):
    for number in (1, 2):
        folder = Path(shutil.copytree(started / str(number), tmp_path / str(number)))
        edit(folder / CHECK, "fetch-depth: 0", "fetch-depth: 50")
        edit(folder / "mkdocs.yml", "site_description: A living", "site_description: Our living")
        done, _ = upgrade(folder)

        text = (folder / CHECK).read_text()
        assert "fetch-depth: 50" in text
        assert "timeout-minutes: 30" in text
        assert "scripts/test --color=yes" in text
        assert done[CHECK].word == done["mkdocs.yml"].word == "merged"
        assert not (folder / ".stocktake/conflicts").exists()


def test_where_both_changed_a_line_the_file_stays_and_both_are_shown_beside_it(estate):
    edit(estate / CHECK, "timeout-minutes: 45", "timeout-minutes: 99")
    before = (estate / CHECK).read_bytes()
    done, _ = upgrade(estate)

    beside = (estate / f".stocktake/conflicts/{CHECK}.merge").read_text()
    assert (estate / CHECK).read_bytes() == before
    assert done[CHECK].word == "conflict"
    assert (
        "<<<<<<< yours\n    timeout-minutes: 99\n||||||| Stocktake 0.1.0\n    timeout-minutes: 45\n"
        "=======\n    timeout-minutes: 30\n>>>>>>> Stocktake 0.3.0\n"
    ) in beside
    assert "scripts/test --color=yes" in beside


def test_a_second_run_proposes_nothing(estate):
    edit(estate / CHECK, "timeout-minutes: 45", "timeout-minutes: 99")
    upgrade(estate)
    again = files(estate)
    done, listed = upgrade(estate)

    assert (done, listed.new, files(estate)) == ({}, (), again)


def test_what_was_deleted_stays_deleted(estate):
    (estate / CHECK).unlink()
    (estate / "docs/getting-started.md").unlink()
    done, _ = upgrade(estate)

    assert done[CHECK].word == done["docs/first-steps.md"].word == "left out"
    assert not (estate / CHECK).exists()
    assert not (estate / "docs/first-steps.md").exists()
    assert upgrade(estate)[0] == {}


def test_a_file_that_both_added_is_a_conflict(estate):
    (estate / "docs/our-words.md").write_text("# Our words\n")
    done, _ = upgrade(estate)

    assert done["docs/our-words.md"].word == "conflict"
    assert (estate / "docs/our-words.md").read_text() == "# Our words\n"
    assert "# Our words" in (estate / ".stocktake/conflicts/docs/our-words.md.merge").read_text()


def test_a_moved_template_takes_the_changes_of_the_team_along(estate):
    edit(estate / "docs/getting-started.md", "## Read it", "## Read and enjoy it")
    done, _ = upgrade(estate)

    text = (estate / "docs/first-steps.md").read_text()
    assert text.startswith("# First steps\n")
    assert "## Read and enjoy it" in text
    assert not (estate / "docs/getting-started.md").exists()
    assert done["docs/first-steps.md"].why == "moved from docs/getting-started.md"


def test_a_moved_template_does_not_run_over_a_file_that_is_there(estate):
    (estate / "docs/first-steps.md").write_text("ours\n")
    done, _ = upgrade(estate)

    assert done["docs/first-steps.md"].word == "conflict"
    assert (estate / "docs/first-steps.md").read_text() == "ours\n"
    assert (estate / "docs/getting-started.md").exists()


def test_a_team_that_moved_a_file_itself_is_followed(estate):
    (estate / "docs/getting-started.md").rename(estate / "docs/first-steps.md")
    edit(estate / "docs/first-steps.md", "## Read it", "## Read and enjoy it")
    upgrade(estate)

    text = (estate / "docs/first-steps.md").read_text()
    assert text.startswith("# First steps\n")
    assert "## Read and enjoy it" in text


@pytest.mark.parametrize(("change", "stays"), [("", False), ("\n", True)])
def test_what_the_scaffold_dropped_goes_unless_somebody_changed_it(estate, change, stays):
    path = estate / ".vscode/extensions.json"
    path.write_text(path.read_text() + change)
    done, _ = upgrade(estate)

    assert path.exists() is stays
    assert done[".vscode/extensions.json"].word == ("kept" if stays else "removed")
    assert upgrade(estate)[0] == {}


def test_no_record_is_touched(estate):
    records = ("adr", "docs/runbooks", "observed", "registry", ".stocktake/known.txt")
    edit(estate / "registry/teams/maintainers.yaml", "name: Maintainers", "name: Us")
    (estate / "adr/0001-keep-the-registry-in-git.md").unlink()
    before = {path: content for path, content in files(estate).items() if path.startswith(records)}
    done, _ = upgrade(estate)

    assert {path: content for path, content in files(estate).items() if path.startswith(records)} == before
    assert [path for path in done if path.startswith(records)] == []


def test_the_folder_of_every_kind_is_out_of_reach():
    kinds = [json.loads(path.read_text("utf-8")) for path in (ROOT / "schemas").glob("*.schema.json")]
    folders = [kind["x-registry"]["folder"] for kind in kinds if "x-registry" in kind]

    assert len(folders) > 10
    assert [folder for folder in folders if not f"{folder}/".startswith(RECORDS)] == []


def test_line_ends_of_a_file_stay_as_they_are(estate):
    path = estate / CHECK
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done, _ = upgrade(estate)

    assert done[CHECK].word == "updated"
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") > 20
    assert b"--color=yes\r\n" in path.read_bytes()


@pytest.mark.parametrize("edited", [False, True])
def test_a_copy_of_a_schema_is_that_of_the_new_version(estate, edited):
    ours = (ROOT / "schemas/team.schema.json").read_text("utf-8")
    before = ours.replace('"title": "Team"', '"title": "Older"')
    base = json.loads((estate / FILE).read_text())
    base["files"]["schemas/team.schema.json"]["sha256"] = kept(before).digest
    (estate / FILE).write_text(json.dumps(base))
    (estate / "schemas/team.schema.json").write_text(before.replace('"Older"', '"Ours"') if edited else before)
    done, _ = upgrade(estate)

    beside = estate / ".stocktake/conflicts/schemas/team.schema.json.merge"
    assert (estate / "schemas/team.schema.json").read_text() == ours
    assert done["schemas/team.schema.json"].word == "updated"
    assert beside.exists() is edited
    assert not edited or '"title": "Ours"' in beside.read_text()


def test_a_copy_of_a_schema_that_somebody_edits_is_told_until_it_is_ours_again(estate, capsys):
    run(estate)
    edit(estate / "schemas/team.schema.json", '"title": "Team"', '"title": "Crew"')
    capsys.readouterr()

    assert run(estate, "--check") == 1
    assert (
        "to be updated schemas/team.schema.json: you changed a copy that only the editor reads"
        in capsys.readouterr().out
    )
    assert run(estate) == 0
    assert '"title": "Team"' in (estate / "schemas/team.schema.json").read_text()
    assert run(estate, "--check") == 1
    (estate / ".stocktake/conflicts/schemas/team.schema.json.merge").unlink()
    assert run(estate, "--check") == 0


def test_a_copy_of_a_schema_that_somebody_deleted_stays_away(estate):
    (estate / "schemas/team.schema.json").unlink()
    upgrade(estate)

    assert not (estate / "schemas/team.schema.json").exists()


def test_a_script_stays_executable_and_one_that_somebody_made_so_too(estate):
    (estate / CHECK).chmod(0o755)
    upgrade(estate)

    assert (estate / "scripts/test").stat().st_mode & 0o111 == 0o111
    assert (estate / CHECK).stat().st_mode & 0o100


@pytest.mark.parametrize("kind", ["folder", "link", "link-out", "binary"])
def test_what_is_no_text_file_is_left_alone(estate, tmp_path, kind):
    path = estate / CHECK
    path.unlink()
    (tmp_path / "outside.yml").write_text("theirs\n")
    {
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(estate / "mkdocs.yml"),
        "link-out": lambda: path.symlink_to(tmp_path / "outside.yml"),
        "binary": lambda: path.write_bytes(b"\xff\x00"),
    }[kind]()
    done, _ = upgrade(estate)

    assert done[CHECK].why == "yours is no text file of its own"
    assert (tmp_path / "outside.yml").read_text() == "theirs\n"
    assert path.is_dir() == (kind == "folder")
    assert path.is_symlink() == (kind in ("link", "link-out"))


def test_a_pin_that_was_moved_on_is_no_conflict(estate):
    edit(estate / CHECK, "uses: actions/checkout@", f"uses: {NEW_PIN}\n      # was: ")
    edit(estate / ".pre-commit-config.yaml", "stocktake==0.1.0", "stocktake==0.2.0")
    edit(estate / "pyproject.toml", "==0.1.0", "==0.2.0")
    done, _ = upgrade(estate)

    assert [step for step in done.values() if step.conflict is not None] == []
    assert NEW_PIN in (estate / CHECK).read_text()
    assert '"stocktake==0.3.0"' in (estate / ".pre-commit-config.yaml").read_text()
    assert '"stocktake[site,diagrams]==0.3.0"' in (estate / "pyproject.toml").read_text()


def test_older_pins_are_moved_on_and_newer_ones_stay():
    base, new = f"uses: {OLD_PIN}\n", f"uses: {NEW_PIN}\n"
    between = OLD_PIN.replace("v6.0.0", "v7.1.0").replace("a" * 40, "c" * 40)

    assert merge(*(aligned(base, f"uses: {between}\n", new)[0], f"uses: {between}\n", new)).text == new
    assert aligned(new, f"uses: {NEW_PIN}\n", base) == (new, new)
    assert aligned(base, f"uses: {OLD_PIN}\nuses: {NEW_PIN}\n", new) == (base, new)  # in two minds: nothing is aligned


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ("stocktake==0.1.0", "stocktake==0.3.0"),
        ("stocktake==0.4.0", "stocktake==0.4.0"),
        ("stocktake>=0.1", "stocktake>=0.1"),
        ("stocktake @ git+https://example.org/s@v1", "stocktake @ git+https://example.org/s@v1"),
    ],
)
def test_only_a_version_is_moved_on(given, then):
    assert moved_on(given, "0.3.0") == then
    assert spec_in(f'          - "{given}"\n') == given


def test_another_place_to_install_from_is_no_upgrade(estate, capsys):
    place = "stocktake @ git+https://example.org/s@v1"
    edit(estate / ".pre-commit-config.yaml", "stocktake==0.1.0", place)
    edit(estate / "pyproject.toml", "stocktake[site,diagrams]==0.1.0", place.replace(" @", "[site,diagrams] @"))

    assert run(estate, "--check") == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "lags"), [(".pre-commit-config.yaml", "pyproject.toml"), ("pyproject.toml", ".pre-commit-config.yaml")]
)
@pytest.mark.parametrize("pin", ["==0.4.0", " @ git+https://example.org/s@v1"])
def test_a_pin_that_was_changed_in_one_file_is_that_of_both(estate, changed, lags, pin):
    edit(estate / changed, "==0.1.0", pin)
    done, _ = upgrade(estate, 1)

    assert list(done) == [lags]
    assert pin in (estate / lags).read_text()
    assert pin in (estate / changed).read_text()


def test_where_it_is_installed_from_can_be_said_anew(estate):
    upgrade(estate, spec="stocktake @ git+https://example.org/s@v3")

    assert '"stocktake @ git+https://example.org/s@v3"' in (estate / ".pre-commit-config.yaml").read_text()
    assert '"stocktake[site,diagrams] @ git+https://example.org/s@v3"' in (estate / "pyproject.toml").read_text()


def test_only_what_new_rules_find_is_listed_as_known(estate):
    (estate / "registry/assets/ledger.yaml").write_text("name: Ledger\ntype: relational-db\n")
    base = json.loads((estate / FILE).read_text())
    base["rules"].remove("BKP001")
    (estate / FILE).write_text(json.dumps(base))
    _, listed = upgrade(estate)

    assert listed.new == ("BKP001@asset/ledger",)
    assert (estate / ".stocktake/known.txt").read_text().splitlines()[3:] == ["2026-11-25 BKP001@asset/ledger"]
    assert read_base((estate / FILE).read_bytes()).rules == frozenset(BY_ID)


def test_a_registry_that_cannot_be_read_is_listed_once_it_can(estate):
    record = estate / "registry/assets/ledger.yaml"
    record.write_text("name: Ledger\ntype: relational-base\n")
    base = json.loads((estate / FILE).read_text())
    base["rules"].remove("BKP001")
    (estate / FILE).write_text(json.dumps(base))
    _, first = upgrade(estate)
    record.write_text("name: Ledger\ntype: relational-db\n")
    done, second = upgrade(estate)

    assert [problem.path for problem in first.problems] == ["registry/assets/ledger.yaml"]
    assert (done, second.new) == ({}, ("BKP001@asset/ledger",))


def test_a_conflict_that_nobody_looked_at_is_not_lost_under_a_newer_one(estate):
    edit(estate / CHECK, "timeout-minutes: 45", "timeout-minutes: 99")
    edit(estate / CHECK, "scripts/test", "scripts/test --ours")
    upgrade(estate, 2)
    before = files(estate)

    with pytest.raises(InputError, match="is not looked at yet, and there is a newer one"):
        upgrade(estate, 3)
    assert files(estate) == before
    (estate / f".stocktake/conflicts/{CHECK}.merge").unlink()
    assert upgrade(estate, 3)[0][CHECK].word == "conflict"


def test_a_newer_repository_is_refused(estate):
    upgrade(estate, 3)

    with pytest.raises(UsageError, match=r"last upgraded by Stocktake 0\.3\.0\. Install that one: this is 0\.2\.0"):
        plan(Tree(str(estate)), scaffold(2))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", f"{FILE}:1:2: is not JSON"),
        ('{"schema": 1, "answers": {"name": "\\ud800"}}', f"{FILE}:1:1: is not JSON"),
        ("[]", f"{FILE}: schema: is not what this Stocktake can read"),
        ('{"schema": 1, "answers": {}, "stocktake": 1}', "stocktake: is not a version"),
        ('{"schema": 1, "answers": {}, "stocktake": "1", "rules": ["x"]}', "rules: is not a list of ids of rules"),
        *(
            (
                json.dumps({**EMPTY, "files": {path: {"text": [""]}}}),
                "is not a path in this repository",
            )
            for path in ("../x", "/etc/passwd", "a/../../x", ".git/config", "a//../b", "x/..")
        ),
        (
            json.dumps({**EMPTY, "files": {"a": {"text": [1]}}}),
            "has neither a text nor a digest",
        ),
    ],
)
def test_a_record_that_somebody_damaged_is_refused(estate, content, told):
    (estate / FILE).write_text(content)

    with pytest.raises(InputError) as error:
        plan(Tree(str(estate)), scaffold(3))
    assert told in str(error.value)


def test_a_planted_record_takes_no_file_away_that_is_a_record(estate):
    base = json.loads((estate / FILE).read_text())
    for path in ("registry/teams/maintainers.yaml", "adr/0001-keep-the-registry-in-git.md"):
        base["files"][path] = {"text": (estate / path).read_text().split("\n")}
    (estate / FILE).write_text(json.dumps(base))
    upgrade(estate)

    assert (estate / "registry/teams/maintainers.yaml").exists()
    assert (estate / "adr/0001-keep-the-registry-in-git.md").exists()


def test_a_repository_without_a_record_is_told_what_to_do(estate, capsys):
    (estate / FILE).unlink()

    assert run(estate, "--check") == 2
    told = capsys.readouterr().err
    assert f"There is no {FILE}, which says what the scaffold wrote here" in told
    assert "stocktake upgrade --from" in told
    assert "stocktake upgrade --afresh" in told


def test_a_repository_without_a_record_is_compared_with_what_made_it(estate):
    (estate / FILE).unlink()
    edit(estate / CHECK, "fetch-depth: 0", "fetch-depth: 50")
    done, _ = upgrade(estate, older=older(str(ROOT))._replace(version="0.1.0", templates=scaffold(1).templates))

    assert done[CHECK].word == "merged"
    assert not (estate / ".stocktake/conflicts").exists()
    assert upgrade(estate)[0] == {}


def test_a_repository_without_a_record_can_be_compared_with_nothing(estate):
    (estate / FILE).unlink()
    edit(estate / CHECK, "fetch-depth: 0", "fetch-depth: 50")
    before = files(estate)
    done, listed = upgrade(estate, 1, afresh=True)

    after = files(estate)
    assert {path: step.word for path, step in done.items()} == {CHECK: "conflict"}
    assert {path: after[path] for path in before} == before
    assert listed.new == ()


def test_the_scaffold_of_a_wheel_is_that_of_the_checkout_it_was_made_from(wheel):
    assert older(str(wheel))[:2] == older(str(ROOT))[:2]
    assert older(str(ROOT)).rules >= frozenset(BY_ID)
    assert len(older(str(wheel)).rules) > 100
    assert dict(older(str(ROOT)).templates) == dict(templates(FOLDER))


def test_what_holds_no_scaffold_is_refused(tmp_path):
    (tmp_path / "x.whl").write_bytes(b"no wheel")

    for place in (tmp_path, tmp_path / "x.whl"):
        with pytest.raises(UsageError, match="Name a wheel or a checkout of Stocktake"):
            older(str(place))


def test_the_last_release_is_this_version():
    import stocktake

    assert RELEASES[-1].version == stocktake.__version__
    assert since("0.1.0", RELEASED) == RELEASED[1:]
    assert moves(RELEASED)["docs/getting-started.md"] == "docs/first-steps.md"


def test_a_place_that_may_hold_the_older_version_is_told(tmp_path, capsys):
    init(str(tmp_path / "estate"), WISHES._replace(spec="stocktake @ git+https://example.org/s@v0"), TODAY)
    base = json.loads((tmp_path / "estate" / FILE).read_text())
    (tmp_path / "estate" / FILE).write_text(json.dumps({**base, "stocktake": "0.0.9"}))

    assert run(tmp_path / "estate") == 0
    told = (
        "It still installs stocktake @ git+https://example.org/s@v0: name the place of the new one with --stocktake\n"
    )
    assert told in capsys.readouterr().out


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d\r"]), max_size=8).map(lambda lines: "\n".join(lines))


@given(LINES, LINES)
def test_a_merge_takes_the_side_that_changed(one, other):
    assert merge(one, one, other) == (other, 0)
    assert merge(one, other, one) == (other, 0)
    assert merge(one, other, other) == (other, 0)


@given(LINES, LINES, LINES)
def test_a_merge_loses_no_line_that_somebody_wrote(base, mine, new):
    merged = merge(base, mine, new).text.split("\n")
    written = {*mine.split("\n"), *new.split("\n")} - {*base.split("\n"), ""}

    assert written <= set(merged)


def git_merge(folder: Path, base: str, mine: str, new: str) -> tuple[str, int]:
    for name, text in (("base", base), ("mine", mine), ("new", new)):
        (folder / name).write_text(text)
    command = ["git", "merge-file", "-p", "--diff3", *(f"-L{one}" for one in "mbn"), "mine", "base", "new"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


@pytest.mark.parametrize(
    ("mine", "new"),
    [
        ("a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\n"),
        ("a\nB\nc\nd\ne\n", "a\nX\nc\nd\ne\n"),
        ("a\nb\nc\ne\n", "a\nb\nc\nd\ne\nf\n"),
        ("b\nc\nd\ne\n", "a\nb\nc\nd\n"),
        ("a\nb\nnew\nc\nd\ne\n", "a\nb\nnew\nc\nd\ne\n"),
        ("a\nb\nmine\nc\nd\ne\n", "a\nb\nnew\nc\nd\ne\n"),
        ("", "a\nb\nc\nd\nE\n"),
        ("a\nb\nc\nd\ne", "a\nb\nc\nd\ne\nf\n"),
    ],
)
def test_a_merge_is_that_of_git(tmp_path, mine, new):
    base = "a\nb\nc\nd\ne\n"

    assert merge(base, mine, new, ("m", "b", "n")) == git_merge(tmp_path, base, mine, new)


def test_the_command_shows_first_and_says_what_it_did(started, tmp_path, capsys, monkeypatch):
    estate = Path(shutil.copytree(started / "2", tmp_path / "estate"))
    base = json.loads((estate / FILE).read_text())
    base["stocktake"] = "0.0.9"  # an older one, so that this Stocktake has something to bring
    base["rules"].remove("BKP001")
    (estate / FILE).write_text(json.dumps(base))
    (estate / "registry/assets/ledger.yaml").write_text("name: Ledger\ntype: relational-db\n")
    before = files(estate)

    assert run(estate, "--check") == 1
    checked = capsys.readouterr().out
    assert run(estate, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert files(estate) == before
    assert run(estate) == 0
    done = capsys.readouterr().out
    assert run(estate, "--check") == 0

    assert "the scaffold here is of Stocktake 0.0.9, 1 release behind 0.1.0\n1 rules are new here: BKP001\n" in checked
    assert "to be updated .github/workflows/check.yml\n" in checked
    assert "-    timeout-minutes: 30\n+    timeout-minutes: 45\n" in shown
    assert "1 findings of new rules would be listed in .stocktake/known.txt\n" in shown
    assert "updated .github/workflows/check.yml\n" in done
    assert "1 findings of new rules are listed in .stocktake/known.txt\n" in done
    assert "It still installs" not in done
    assert capsys.readouterr().out == "up to date: the scaffold here is of Stocktake 0.1.0\n"


def released(wheel: Path, folder: Path) -> list[Path]:
    """Three releases as folders that Python imports from: the wheel as it is, and with the later templates."""
    places = []
    for number, texts in enumerate(VERSIONS, 1):
        place = folder / f"release-{number}"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)
        shutil.rmtree(place / "stocktake/scaffold/files")
        for path, text in texts.items():
            (place / "stocktake/scaffold/files" / path).parent.mkdir(parents=True, exist_ok=True)
            (place / "stocktake/scaffold/files" / path).write_text(text)
        about, releases = place / "stocktake/__init__.py", place / "stocktake/scaffold/releases.py"
        edit(about, '"0.1.0"', f'"0.{number}.0"')
        told = ", ".join(f"Release({one.version!r}, {dict(one.moved)!r})" for one in RELEASED[:number])
        edit(releases, '(Release("0.1.0"),)', f"({told},)")
        places.append(place)
    return places


def call(place: Path, folder: Path, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(place), "STOCKTAKE_TODAY": "2026-11-25"}
    command = [sys.executable, "-m", "stocktake", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_run_of_a_released_wheel_that_was_killed_is_finished_by_the_next_one(wheel, tmp_path):
    first, middle, last = released(wheel, tmp_path)
    assert call(first, tmp_path, "init", "estate", "--stocktake", "stocktake==0.1.0").wait() == 0
    assert call(middle, tmp_path / "estate", "upgrade", "--check").wait() == 1
    edit(tmp_path / "estate" / CHECK, "fetch-depth: 0", "fetch-depth: 50")
    edit(tmp_path / "estate/mkdocs.yml", "  language: en", "  language: fr")
    for number in range(6):
        shutil.copytree(tmp_path / "estate", tmp_path / f"killed-{number}")
    assert call(last, tmp_path / "estate", "upgrade").wait() == 0
    whole, killed = files(tmp_path / "estate"), 0
    for number in range(6):
        folder = tmp_path / f"killed-{number}"
        signs = [folder / "docs/first-steps.md", folder / ".stocktake/conflicts", folder / "docs/our-words.md"]
        child = call(last, folder, "upgrade")
        while child.poll() is None and not signs[number % 3].exists():
            pass
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        assert call(last, folder, "upgrade").wait() == 0
        assert files(folder) == whole

    assert killed, "no run was killed before its end: the test shows nothing"
    assert "fetch-depth: 50" in whole[CHECK].decode()
    assert "language: fr" in whole["mkdocs.yml"].decode()
    assert ".stocktake/conflicts/mkdocs.yml.merge" in whole
    assert b'"stocktake==0.3.0"' in whole[".pre-commit-config.yaml"]
