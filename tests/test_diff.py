"""What a change means for the estate, compared in Git without a checkout, in every format."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registries import Run, runner
from stocktake.analyse.accepted import waivings
from stocktake.load.observations import text as to_text
from stocktake.load.observations import to_data
from stocktake.model.approval import Ballot
from stocktake.model.comparison import Accepted, Change, Comparison, Finding, Picture, Reach, Touched, Waiving
from stocktake.model.digest import signed
from stocktake.model.observation import SEEN, Observation, Thing
from stocktake.model.weakening import Pair
from stocktake.render.comparison import markdown, text, words
from stocktake.values.text import hostile, shown
from test_history import Repository

STORY = Path(__file__).parent / "cases/comparisons/story"
SCHEMA = json.loads((Path(__file__).parents[1] / "docs/diff.schema.json").read_text("utf-8"))
UNCOUNTED = " (does not count)"
DAY = ("--today", "2026-11-25")
FORMATS = {"text": "text.txt", "json": "data.json", "markdown": "comment.md", "summary": "summary.md"}


def put(repository: Repository, folder: Path, message: str, author: str = "Ada") -> str:
    """A commit that holds what the folder holds, and nothing else."""
    for path in repository.folder.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(folder, repository.folder, dirs_exist_ok=True)
    return save(repository, message, author)


def save(repository: Repository, message: str = "Change", author: str = "Ada") -> str:
    repository.time += 1
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", message, author=author)
    return repository.git("rev-parse", "HEAD")


@pytest.fixture
def story(tmp_path: Path) -> Repository:
    """The same commits on every machine."""
    found = Repository(tmp_path / "estate")
    put(found, STORY / "before", "Begin")
    found.git("switch", "-q", "-c", "change")
    put(found, STORY / "after", "Change much")
    return found


@pytest.fixture
def run(story: Repository, capfd: pytest.CaptureFixture[str]) -> Run:
    plain = runner(capfd)
    return lambda *arguments: plain("diff", *DAY, "-C", str(story.folder), *arguments)


@pytest.mark.parametrize("form", FORMATS)
def test_a_change_reads_as_before(run: Run, form: str, accept: bool) -> None:
    said = run("main", "change", "--output-format", form)
    if accept:
        (STORY / FORMATS[form]).write_text(said.out, "utf-8")

    assert said.exit_code == 1
    assert said.out == (STORY / FORMATS[form]).read_text("utf-8")


def test_the_data_is_what_its_schema_says(run: Run) -> None:
    data = json.loads(run("main", "--output-format", "json").out)

    assert [*Draft202012Validator(SCHEMA).iter_errors(data)] == []
    assert data["exit_code"] == 1


def test_nothing_that_changes_is_told_in_one_line(run: Run) -> None:
    said = run("main", "main")

    assert (said.exit_code, said.lines[0]) == (0, "nothing stands against it: no record differs")


def test_a_digest_is_kept_in_a_file(run: Run, tmp_path: Path) -> None:
    said = run("main", "--output-format", "summary", "--output", str(tmp_path / "kept/digest.md"))

    assert (said.exit_code, said.out) == (1, "")
    assert (tmp_path / "kept/digest.md").read_text() == (STORY / "summary.md").read_text()


def test_nothing_is_written_into_the_checkout(story: Repository, run: Run) -> None:
    story.git("switch", "-q", "main")
    run("main", "change")

    assert story.git("status", "--porcelain", "--ignored") == ""
    assert story.git("rev-parse", "--abbrev-ref", "HEAD") == "main"


def test_findings_count_from_the_severity_that_is_asked_for(story: Repository, run: Run) -> None:
    put(story, STORY / "before", "Back")
    (story.folder / "registry/assets/store.yaml").write_text("name: Store\ntype: relational-db\nowner: platform\n")
    save(story)

    assert run("main").exit_code == 1
    assert UNCOUNTED not in run("main", "--fail-on", "info").out
    assert UNCOUNTED in run("main", "--fail-on", "critical").out


def test_what_judges_comes_from_the_base(story: Repository, run: Run) -> None:
    settings = story.folder / "stocktake.yaml"
    settings.write_text(
        settings.read_text().replace("fail_on: high", "fail_on: critical") + "rules: {disable: [BKP]}\n"
    )
    save(story)
    said = run("main")

    assert "findings from high up count" in said.out
    assert "refused: stocktake.yaml gates.fail_on: from high to critical (settings)" in said.out
    assert "BKP0" in said.out


def test_the_own_rules_of_the_base_are_asked_and_those_of_the_change_never_run(
    story: Repository, run: Run, tmp_path: Path
) -> None:
    story.git("switch", "-q", "main")
    module = story.folder / "rules/ours.py"
    module.parent.mkdir()
    module.write_text(OWN.format("'we keep no caches'"))
    settings = story.folder / "stocktake.yaml"
    settings.write_text(settings.read_text() + "rules: {modules: [rules/ours.py]}\n")
    save(story, "Ask our own", "Emre")
    story.git("switch", "-q", "-C", "change")
    module.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n" + OWN.format("''"))
    (module.parent / "free.json").write_text("[]")
    (story.folder / "registry/assets/second-cache.yaml").write_text("name: Second\ntype: cache\nowner: platform\n")
    save(story)
    said = run("main")

    assert "high OUR001@asset/second-cache: we keep no caches" in said.out
    judges = said.out.partition("Judges that differ (those of the base were asked):\n")[2]
    assert [line.strip() for line in judges.splitlines()[:2]] == ["rules/free.json", "rules/ours.py"]
    assert not (tmp_path / "ran").exists()


OWN = '''"""Ours."""

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.rule import rule


@rule("OUR001", severity="high", kind="asset")
def a_cache(asset: Sheet, context: Context):
    """A cache.

    Why:
    We keep none.

    Fix:
    Remove it.

    False positives:
    None.

    Example:
    A cache.
    """
    if asset.get("type") == "cache":
        yield Hit({})
'''


def test_each_side_is_read_by_its_own_schemas(story: Repository, run: Run) -> None:
    pump = (Path(__file__).parent / "cases/own-schemas/pump.schema.json").read_bytes()
    story.git("switch", "-q", "main")
    put_files(story, {"schemas/pump.schema.json": pump, "registry/pumps/p.yaml": b"name: P\nserial: AB1234\n"})
    save(story, "Keep pumps", "Emre")
    story.git("switch", "-q", "-C", "change")
    put_files(story, {"schemas/pump.schema.json": pump.replace(b"{4}", b"{9}")})
    save(story)
    said = run("main")

    assert (said.exit_code, said.err) == (
        2,
        'error: registry/pumps/p.yaml:2:9: serial: "AB1234" is not a serial number\n',
    )


def test_a_head_without_a_branch_is_compared(story: Repository, run: Run) -> None:
    story.git("switch", "-q", "--detach", "change")

    assert run("main").exit_code == 1


def test_a_base_that_went_on_is_no_part_of_the_change(story: Repository, run: Run) -> None:
    before = run("main", "change").lines[:-1]
    story.git("switch", "-q", "main")
    (story.folder / "registry/assets/later.yaml").write_text("name: Later\ntype: cache\n")
    save(story, "Go on", "Emre")

    assert run("main", "change").lines[:-1] == before


def test_a_merge_of_many_branches_is_compared(story: Repository, run: Run) -> None:
    for name in ("one", "two"):
        story.git("switch", "-q", "-c", name, "main")
        (story.folder / f"registry/assets/{name}.yaml").write_text(f"name: {name}\ntype: cache\nowner: platform\n")
        save(story, name)
    story.git("switch", "-q", "main")
    story.git("switch", "-q", "-c", "octopus")
    story.git("merge", "-q", "one", "two", "-m", "Merge")
    said = run("main", "octopus")

    assert [line for line in said.lines if line in ("  asset/one", "  asset/two")] == ["  asset/one", "  asset/two"]


def test_histories_that_have_nothing_in_common_are_told(story: Repository, run: Run) -> None:
    story.git("switch", "-q", "--orphan", "other")
    put(story, STORY / "before", "Begin again")
    said = run("main", "other")

    assert said.exit_code == 2
    assert said.err.startswith("error: These two revisions have nothing in common.")


def test_a_worktree_is_read(story: Repository, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    story.git("worktree", "add", "-q", str(tmp_path / "tree"), "main")

    assert runner(capfd)("diff", "main", "change", *DAY, "-C", str(tmp_path / "tree")).exit_code == 1


def test_a_repository_without_a_checkout_is_read(
    story: Repository, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    story.git("clone", "-q", "--bare", str(story.folder), str(tmp_path / "bare.git"))
    said = runner(capfd)("diff", "main", "change", *DAY, "-C", str(tmp_path / "bare.git"))

    assert said.out == (STORY / "text.txt").read_text("utf-8")


def test_a_shallow_clone_of_one_branch_says_what_is_missing(
    story: Repository, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    story.git("clone", "-q", "--depth=1", "-b", "change", f"file://{story.folder}", str(clone))
    said = runner(capfd)("diff", *DAY, "-C", str(clone))
    command = "git fetch --unshallow origin main:refs/remotes/origin/main"

    assert said.exit_code == 2
    assert said.err == (
        f'error: The branch "main" is not here. `{command}` gets it; or name the branch that the change goes into.\n'
    )
    story.git("-C", str(clone), *command.split()[1:])
    assert runner(capfd)("diff", *DAY, "-C", str(clone)).out == (STORY / "text.txt").read_text("utf-8")


def test_where_git_is_not_installed_it_says_so(story: Repository, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "stocktake", "diff", "-C", str(story.folder)]
    said = subprocess.run(arguments, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "error: Git is not installed. Changes and approvals are about commits.\n"


def test_what_is_no_plain_file_is_left_out(story: Repository, run: Run) -> None:
    link = story.folder / "registry/assets/link.yaml"
    link.symlink_to("/etc/passwd")
    (story.folder / "registry/assets/pointer.bin").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
    )
    head = story.git("rev-parse", "HEAD")
    story.git("update-index", "--add", "--cacheinfo", f"160000,{head},registry/vendor")
    story.git("add", "registry")
    story.git("commit", "-q", "-m", "Odd")
    said = run("main")

    assert "passwd" not in said.out + said.err
    assert "Traceback" not in said.err


def test_a_record_in_another_folder_is_the_same(story: Repository, run: Run) -> None:
    put(story, STORY / "before", "Back")
    folder = story.folder / "registry/assets/shop"
    folder.mkdir()
    (story.folder / "registry/assets/api.yaml").rename(folder / "api.yaml")
    save(story)

    assert run("main").lines[0] == "nothing stands against it: no record differs"


ODD = shown("a|b`c`<img src=x onerror=1>\u202e[x](javascript:1)\n```\n<!-- --> ::error:: @all </details>\n# h")


SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def odd(count: int = 1, text: str = ODD) -> Comparison:
    changes = tuple(Change(f"labels[{text}{number}]", text, text) for number in range(count))
    touched = tuple(Touched(f"asset/a{number}", "changed", text, text, text, changes[:1]) for number in range(count))
    finding = Finding(f"INV001@asset/a#{text}", "high", text, text, 3, counts=True)
    picture = Picture((("asset/a", text), ("asset/b", "B")), (("asset/a", "asset/b", text),))
    found = (finding,) * count
    reached = tuple(Reach(f"asset/r{number}", text, text, "high") for number in range(count))
    ids = ("1" * 40, "2" * 40, "2026-11-25", "high")
    pictures = (Picture(), picture)
    accepted, waiving = Accepted("asset/a", *[text] * 4), Waiving("waiver/a", "added", *[text] * 4)
    rest = ((), (), (), (text,), (text,), Ballot(), (), pictures, (accepted,) * count, (waiving,) * count)
    return Comparison(*ids, touched, found, found, reached, *rest)


def test_nothing_in_a_digest_is_taken_for_markdown_or_a_command() -> None:
    said = markdown.markdown(odd(), markdown.SUMMARY)
    bare = SPAN.sub("", said)

    assert hostile(said) == []
    assert not re.search(r"<img|\]\(|@all", bare.partition("```mermaid")[0])
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert bare.count("\n```") == 2 * bare.count("```mermaid") == 4
    assert bare.count("<details>") == bare.count("</details>") == 1
    assert not [line for line in text.lines(odd()) if hostile(line) or line.startswith("::")]


@pytest.mark.parametrize("count", [1, 30, 300, 3000])
def test_a_comment_fits_and_ends_between_rows(count: int) -> None:
    said = markdown.markdown(odd(count, "some words " * 8), markdown.COMMENT)

    assert len(said) <= markdown.COMMENT
    assert said.count("```") % 2 == 0
    assert said.count("<details>") == said.count("</details>")
    assert {line.count("|") > 1 for line in said.splitlines() if line.startswith("|")} == {True}
    assert ("Not all of this fits" in said) == (count >= 300)
    assert said.endswith("</sub>\n")


def test_drift_that_becomes_what_is_meant_is_told(story: Repository, run: Run) -> None:
    story.git("switch", "-q", "main")
    asset = story.folder / "registry/assets/cache.yaml"
    asset.write_text(asset.read_text() + "engine: redis\nversion: '7'\nidentifiers: ['compose:shop/cache']\n")
    baseline = story.folder / "registry/baselines/cache-production.yaml"
    baseline.parent.mkdir()
    baseline.write_text("asset: cache\nenvironment: production\nsettings: {maxmemory: {value: '1'}}\n")
    thing = Thing("cache", "cache", ("compose:shop/cache",), facts={"version": "8"})
    seen = signed(Observation("shop", "compose", "1", SEEN, (thing,)))
    put_files(story, {"observed/shop.json": to_text(to_data(seen)), "observed/last-looked.json": LOOKED})
    save(story, "See", "Emre")
    story.git("switch", "-q", "-C", "change")
    asset.write_text(asset.read_text().replace("'7'", "'8'"))
    baseline.write_text(baseline.read_text().replace("'1'", "'2'"))
    save(story)
    lines = run("main").lines

    where = lines.index("Drift accepted:")
    assert lines[where + 1 : where + 4] == [
        "  asset/cache version: 7 -> 8",
        "  baseline/cache-production settings[maxmemory].value: 1 -> 2",
        "",
    ]


LOOKED = b'{"schema": 1, "sources": {"shop": "2026-11-24"}}'


def put_files(repository: Repository, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (repository.folder / path).parent.mkdir(exist_ok=True)
        (repository.folder / path).write_bytes(content)


def waiver(**facts: str) -> dict[str, str]:
    return {"target": "INV016@asset/cache", "reason": "It is new.", "expires": "2026-12-31", **facts}


WAIVERS = {
    "added": (None, waiver()),
    "extended": (waiver(), waiver(expires="2027-06-30")),
    "shortened": (waiver(), waiver(expires="2026-12-01")),
    "changed": (waiver(), waiver(target="INV016@asset/api", expires="2027-06-30")),
    "removed": (waiver(), None),
}


@pytest.mark.parametrize("how", WAIVERS)
def test_a_waiver_tells_what_becomes_of_it(how: str) -> None:
    [found] = waivings([Pair("waiver/cache", *WAIVERS[how])], lambda address: address)

    assert found.how == how
    assert words.waiver(found).startswith(f"{how}: waiver/cache accepts INV016@asset/")


def test_a_waiver_of_a_rule_tells_where_it_holds() -> None:
    facts = {"rule": "INV016", "selector.type": "cache", "reason": "They are new.", "expires": "2026-12-31"}
    [found] = waivings([Pair("waiver/caches", None, facts)], lambda address: address)

    assert (
        words.waiver(found) == "added: waiver/caches accepts INV016 where type cache until 2026-12-31 (They are new.)"
    )
