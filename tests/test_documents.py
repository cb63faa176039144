"""Hand-written pages: what must not be published is refused by a check of one file, of all, and by a build."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import render_estate
from registries import STORE, Run, runner, write
from render_site import site
from stocktake.load.files import Tree
from stocktake.pipeline.check import check
from stocktake.pipeline.check_files import check_files
from stocktake.render.taken import is_taken

KEY = "AKIA" + "QWERTZUIOPASDFGH"
RECORD = "registry/assets/api.yaml"
HINT = "A secret never enters a page: name where it is kept, or end the line with `<!-- # not-secret: REASON -->`."


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def told(folder: Path) -> list[str]:
    """The problems of a registry; each file alone is told the same, and a build refuses the whole."""
    tree = Tree(str(folder))
    problems = check(tree, date(2026, 6, 30)).problems
    for path in {problem.path for problem in problems}:
        assert check_files(tree, [path]) == ([one for one in problems if one.path == path], 1)
    return [problem.text() for problem in problems]


@pytest.mark.parametrize("path", ["docs/a.md", "docs/deep/er/b.md", "docs/notes.txt", "docs/data.csv", "docs/x.HTML"])
def test_a_secret_in_anything_that_is_published_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, {path: f"# How\n\nUse {KEY}.\n"})

    assert told(tmp_path) == [f"{path}:3:5: looks like a secret (AWS access key id). {HINT}"]


def test_a_secret_with_a_reason_beside_it_is_published(tmp_path: Path) -> None:
    write(tmp_path, {"docs/a.md": f"Use {KEY}. <!-- # not-secret: the example of the documentation -->\n"})

    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\u202eb\n".encode(), "1:2: the character U+202E is not allowed. It hides or reorders text: delete it."),
        (
            "# A\n\nx\u200by\n".encode(),
            "3:2: the character U+200B is not allowed. It hides or reorders text: delete it.",
        ),
        (b"\xef\xbb\xbf# A\n", "1:1: the file begins with a byte order mark. Save it as UTF-8 without BOM."),
        (b"caf\xe9\n", "1:4: the byte 0xe9 is not UTF-8. Save the file as UTF-8."),
    ],
)
def test_characters_that_hide_are_refused_in_pages(tmp_path: Path, content: bytes, message: str) -> None:
    assert told(write(tmp_path, {"docs/a.md": content})) == [f"docs/a.md:{message}"]


def test_what_is_no_text_and_what_is_no_page_is_left_alone(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + f" {KEY} ".encode()
    other = {"notes/a.md": KEY, "README.md": KEY, "docs/.draft.md": KEY, "docs/a\tb.md": "tab\there, caf\u00e9\r\n"}

    assert told(write(tmp_path, {"docs/a.png": picture, **other})) == []


def test_a_link_that_leaves_the_repository_is_refused_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(KEY)
    root = write(tmp_path / "root", {"docs/a.md": ""})
    (root / "docs/passwd.md").symlink_to(tmp_path / "outside")

    assert told(root) == ["docs/passwd.md: is a link that leaves the repository. Put the file itself here."]


@pytest.mark.parametrize(
    "path",
    [
        *("index.md", "README.md", "findings.md", "findings_2.md", "index.html", "rule/BKP001.md", "schema/x.md"),
        *("asset/api.md", "asset/api.html", "asset/index.md", "asset/index_2.md", "stylesheets/stocktake.css"),
    ],
)
def test_a_page_where_one_is_generated_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, {RECORD: "name: API\ntype: api\n", f"docs/{path}": "# Mine\n"})

    assert told(tmp_path) == [f"docs/{path}: has the place of a generated page. Rename it."]


@pytest.mark.parametrize(
    "path", ["asset/gone.md", "deep/asset/api.md", "stylesheets/ours.css", "plans.md", "a/index.md"]
)
def test_a_page_where_none_is_generated_is_fine(tmp_path: Path, path: str) -> None:
    assert told(write(tmp_path, {RECORD: "name: API\ntype: api\n", f"docs/{path}": "# Mine\n"})) == []


@pytest.mark.parametrize("estate", [render_estate.empty, render_estate.shop, render_estate.hostile])
def test_every_generated_page_has_a_place_that_is_taken(estate: object) -> None:
    audit = estate()  # type: ignore[operator]
    exists = audit.estate.by_address.__contains__
    paths = [path.removeprefix("docs/") for path, _ in site(audit, {}) if path.startswith("docs/")]

    assert len(paths) > 20
    assert [path for path in paths if not is_taken(path, audit.estate.kinds, exists)] == []


def test_a_build_refuses_what_a_check_refuses_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: STORE, "docs/a.md": f"Use {KEY}.\n", "docs/asset/api.md": "# Mine\n"})

    said = run("build", "--pages-only", "--today", "2026-06-30", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert "docs/a.md:1:5: looks like a secret" in said.err
    assert "docs/asset/api.md: has the place of a generated page" in said.err
    assert KEY not in said.err
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    ("path", "line", "column", "address"),
    [
        ("docs/a.md", "See [it](asset/gone.md).", 10, "asset/gone"),
        ("docs/deep/a.md", "[it](<../asset/gone.md#facts>)", 7, "asset/gone"),
        ("docs/asset/a.md", "[it](gone.md)", 6, "asset/gone"),
        ("docs/a.md", "[it]: team/none.md", 7, "team/none"),
    ],
)
def test_a_link_to_a_record_that_is_gone_is_refused(
    tmp_path: Path, path: str, line: str, column: int, address: str
) -> None:
    write(tmp_path, {RECORD: "name: API\ntype: api\n", path: f"# A\n\n{line}\n"})

    message = f"a link leads to {address}, and there is no such record. Correct the link, or delete it."
    assert told(tmp_path) == [f"{path}:3:{column}: {message}"]


@pytest.mark.parametrize(
    "text",
    [
        *("[it](asset/api.md)", "[all](asset/index.md)", "[all](asset/index_2.md)", "[mine](asset/mine.md)"),
        *("`[it](asset/gone.md)`", "```\n[it](asset/gone.md)\n```", "[it](https://x.example/asset/gone.md)"),
        *("[it](other.md)", "it](", "[a]:", "[it](../../asset/gone.md)"),
    ],
)
def test_a_link_to_what_is_there_or_to_no_record_is_fine(tmp_path: Path, text: str) -> None:
    page = f"# A\n\n{text}\n"
    files: dict[str, str | bytes] = {RECORD: "name: API\ntype: api\n", "docs/a.md": page, "docs/asset/mine.md": "# M\n"}

    assert told(write(tmp_path, files)) == []


def test_a_build_refuses_a_page_with_a_dead_link(tmp_path: Path, run: Run) -> None:
    shutil.copy(Path(__file__).parents[1] / "mkdocs.yml", tmp_path)
    write(tmp_path, {RECORD: "name: API\ntype: api\n", "docs/a.md": "# A\n\n[gone](none.md)\n"})

    said = run("build", "--today", "2026-06-30", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert "'none.md', but the target is not found" in said.err
    assert not (tmp_path / "build/site").exists()
