"""Sites of registries that nobody would wish for: empty, of one record, outside of Git, without Graphviz."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import registries
import render_estate
import render_site
from stocktake.errors import FailedProgramError
from stocktake.load.files import find
from stocktake.pipeline import pictures as drawing
from stocktake.pipeline.build import build


@pytest.mark.parametrize("records", [(), (("asset/only", {"name": "Only", "type": "relational-db"}),)])
def test_a_registry_with_nothing_or_one_record_makes_a_whole_site(
    records: tuple[tuple[str, dict[str, str]], ...], tmp_path: Path
) -> None:
    audit = render_estate.judged([render_estate.record(address, data) for address, data in records])
    folder = render_site.built(render_site.write(tmp_path, audit))
    home = render_site.Page(folder / "index.html").text

    assert "Nothing is known yet" in home if not records else "Only" in home
    assert json.loads((folder / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]


def repository(folder: Path) -> Path:
    """A registry outside of Git with a configuration for the site builder."""
    files = {
        "mkdocs.yml": (render_estate.ROOT / "mkdocs.yml").read_bytes(),
        "registry/assets/a.yaml": "name: A\ntype: relational-db\n",
        "registry/assets/b.yaml": "name: B\ntype: api\n",
        "registry/dependencies/b-a.yaml": "from: b\nto: a\ntype: reads\n",
    }
    return registries.write(folder, {**files})


def made(folder: Path, pages_only: bool = True) -> tuple[str, ...]:
    """The notes of a build."""
    tree = find(str(folder))
    return build(tree, None, render_estate.TODAY, pages_only, False, lambda said: None).notes


def test_a_folder_without_git_is_built_and_says_so(tmp_path: Path) -> None:
    made(repository(tmp_path))
    page = (tmp_path / "build" / "docs" / "asset" / "a.md").read_text(encoding="utf-8")

    assert "Git" in page
    assert "2026-11-24" in (tmp_path / "build" / "docs" / "index.md").read_text(encoding="utf-8")


def test_without_graphviz_there_are_lists_and_one_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path / "nothing"))
    notes = made(repository(tmp_path))
    page = (tmp_path / "build" / "docs" / "asset" / "a.md").read_text(encoding="utf-8")

    assert [note for note in notes if "Graphviz" in note] == [drawing.NO_DOT]
    assert "<svg" not in page
    assert "Neighbourhood" in page


def test_a_broken_build_leaves_the_last_good_site_in_place(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    made(folder, pages_only=False)
    before = {path: path.read_bytes() for path in (folder / "build" / "site").rglob("*") if path.is_file()}
    (folder / "docs").mkdir()
    (folder / "docs" / "broken.md").write_text("See [nothing](nowhere.md).\n")
    with pytest.raises(FailedProgramError, match=r"nowhere\.md"):
        made(folder, pages_only=False)

    assert before
    assert {path: path.read_bytes() for path in before} == before
    (folder / "docs" / "broken.md").unlink()
    made(folder, pages_only=False)
    assert not (folder / "build" / "site.new").exists()
