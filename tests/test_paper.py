"""Pages as PDF by a real browser, and what an address of the site adds: a map for search engines, links on paper."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import registries
import render_site
from stocktake.cli.main import main
from stocktake.pipeline.paper import numbered
from stocktake.render.printed import printed
from test_render_browser import CHROMIUM

ADDRESS = "https://audit.example/estate/"
FILES: dict[str, str | bytes] = {
    "registry/teams/data.yaml": "name: Data\n",
    "registry/assets/ledger.yaml": "name: Book of accounts\ntype: relational-db\nowner: data\n"
    "description: See [the manual](https://manual.example/ledger).\nbackup: {rpo: PT15M}\n",
    "registry/assets/api.yaml": "name: API\ntype: api\n",
    "registry/dependencies/reads.yaml": "from: api\nto: ledger\ntype: reads\n",
}
PAPERS = ("asset/ledger", "findings", "report")
PLACE = "file:///srv/a%20site/asset/ledger.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that knows its address, and three pages of it on paper."""
    made = registries.write(tmp_path_factory.mktemp("paper"), FILES)
    settings = (render_site.ROOT / "mkdocs.yml").read_text()
    (made / "mkdocs.yml").write_text(f"site_url: {ADDRESS}\n{settings}")
    printed_again(made)
    return made


@pytest.fixture(autouse=True)
def chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", CHROMIUM)


def printed_again(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CHROMIUM", CHROMIUM)
        with pytest.raises(SystemExit) as stopped:
            main(["build", "-C", str(folder), "--today", "2026-11-24", *(f"--pdf={name}" for name in PAPERS)])
    assert not stopped.value.code


def paper(folder: Path, name: str) -> PdfReader:
    return PdfReader(folder / f"build/pdf/{name}.pdf")


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def boxes(reader: PdfReader) -> list[Any]:
    return [page.mediabox for page in reader.pages]


def links(reader: PdfReader) -> set[str]:
    notes = (note.get_object() for page in reader.pages for note in page.get("/Annots", ()))
    return {str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})}


def named(outline: Any) -> Iterator[str]:
    """All bookmarks, those inside of others too."""
    for entry in outline:
        yield from named(entry) if isinstance(entry, list) else [str(entry.title)]


def test_a_page_on_paper_says_what_the_page_says(folder: Path) -> None:
    found = words(paper(folder, "asset/ledger"))

    assert "Book of accounts" in found
    assert "PT15M 15 minutes" in found
    assert "no backup plan" in found
    assert "Skip to content" not in found
    assert "Filter rows" not in found


def test_what_is_folded_on_the_screen_is_open_on_paper(folder: Path) -> None:
    assert "backup: {rpo: PT15M}" in words(paper(folder, "asset/ledger"))


def test_addresses_of_links_to_others_stand_on_paper(folder: Path) -> None:
    assert "the manual <https://manual.example/ledger>" in words(paper(folder, "asset/ledger"))


def test_pages_are_numbered_and_headings_are_bookmarks(folder: Path) -> None:
    report = paper(folder, "report")
    titles = set(named(report.outline))

    assert f"1 / {len(report.pages)}" in words(report)
    assert "Audit report" in titles
    assert report.metadata is not None
    assert report.metadata.title == "Audit report - Stocktake of the bookshop"


def test_a_table_of_many_columns_lies_on_its_side_and_ends_on_the_sheet(folder: Path) -> None:
    sides = {name: {box.width > box.height for box in boxes(paper(folder, name))} for name in PAPERS}
    right: list[float] = []
    for page in paper(folder, "findings").pages:
        page.extract_text(
            visitor_text=lambda said, to, at, *_: right.append(to[0] * at[4] + to[4]) if said.strip() else None
        )

    assert sides == {"asset/ledger": {False}, "findings": {True}, "report": {False}}
    assert max(right) < boxes(paper(folder, "findings"))[0].width


def test_links_on_paper_lead_to_the_site_and_not_into_a_disk(folder: Path) -> None:
    found = links(paper(folder, "asset/ledger"))

    assert f"{ADDRESS}team/data.html" in found
    assert "https://manual.example/ledger" in found
    assert not [link for link in found if not link.startswith("https://")]
    assert b"file:" not in (folder / "build/pdf/asset/ledger.pdf").read_bytes()


def test_the_same_page_is_the_same_file(folder: Path) -> None:
    before = [(folder / f"build/pdf/{name}.pdf").read_bytes() for name in PAPERS]
    printed_again(folder)

    assert [(folder / f"build/pdf/{name}.pdf").read_bytes() for name in PAPERS] == before


def test_nodes_are_numbered_alike_whatever_the_browser_counted() -> None:
    one, other = (f"/ID (node{a:08}) /Headers [(node{b:08})] (node{a:08})".encode() for a, b in ((7, 9), (8, 11)))

    assert numbered(one) == numbered(other) == b"/ID (node00000001) /Headers [(node00000002)] (node00000001)"


@pytest.mark.parametrize("name", ["asset/leger", "../../mkdocs", "asset/ledger.yaml"])
def test_a_page_that_is_not_there_is_told_and_nothing_printed(
    capfd: pytest.CaptureFixture[str], folder: Path, name: str
) -> None:
    said = registries.runner(capfd)("build", "-C", str(folder), "--today", "2026-11-24", "--pdf", name)

    assert said.exit_code == 2
    assert f"the site has no page '{name}'" in said.err
    assert ("Did you mean asset/ledger?" in said.err) == name.startswith("asset/")
    assert {path.stem for path in (folder / "build/pdf").rglob("*.pdf")} == {"findings", "ledger", "report"}


def test_without_a_browser_nothing_is_built(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    said = registries.runner(capfd)("build", "-C", str(registries.write(tmp_path / "a", FILES)), "--pdf", "report")

    assert said.exit_code == 2
    assert "chromium is not installed. Install Chromium or Chrome" in said.err
    assert not (tmp_path / "a/build").exists()


def test_pages_alone_are_not_printed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = registries.runner(capfd)("build", "--pdf", "report", "--pages-only", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert "--pdf is about the site" in said.err


@pytest.mark.parametrize(
    ("html", "address", "expected"),
    [
        ('<a href="../team/data.html">x</a>', "", "<a>x</a>"),
        (
            '<a href="../team/data.html">x</a>',
            f"{ADDRESS}asset/ledger.html",
            f'<a href="{ADDRESS}team/data.html">x</a>',
        ),
        ('<a class="b" xlink:href="api.html">x</a>', "", '<a class="b">x</a>'),
        ('<a href="#facts">x</a>', "", '<a href="#facts">x</a>'),
        ('<a href="https://b.example/">x</a>', "", '<a href="https://b.example/">x</a>'),
        ('<a href="javascript:window.canary=1">x</a>', "", "<a>x</a>"),
        ('<a href="file:///etc/passwd">x</a>', "", "<a>x</a>"),
        ('<link rel="stylesheet" href="../a.css">', "", '<link rel="stylesheet" href="file:///srv/a%20site/a.css">'),
        ("<details><summary>x</summary></details>", "", "<details open><summary>x</summary></details>"),
        ('<details class="c" open>', "", '<details class="c" open>'),
    ],
)
def test_what_is_printed_is_open_and_leads_nowhere_on_the_disk(html: str, address: str, expected: str) -> None:
    assert printed(html, PLACE, address) == expected


def test_what_is_printed_runs_nothing_and_asks_no_host() -> None:
    found = printed("<html><head><title>x</title></head><script>1</script></html>", PLACE, "")

    assert found.startswith(
        '<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    )
    assert "script-src" not in found
    assert "http:" not in found
    assert "https:" not in found


def test_a_page_that_sends_the_browser_on_is_printed_itself() -> None:
    found = printed('<head></head><META content=">" http-equiv="refresh" content="0;url=file:///etc/hosts">', PLACE, "")

    assert found.lower().count("<meta ") == 2
    assert "refresh" not in found.partition("<x-meta")[0]


def test_a_site_that_knows_its_address_has_a_map_of_all_pages(folder: Path) -> None:
    site = folder / "build/site"
    found = [one.text or "" for one in ET.fromstring((site / "sitemap.xml").read_bytes()).iter() if "loc" in one.tag]
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}

    assert {one.removeprefix(ADDRESS) for one in found} - {""} == pages
    assert all(one.startswith(ADDRESS) for one in found)
