"""Both sites in a browser, one served and one opened from its files: search, the map, long tables, every link."""

import json
import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

import registries
import render_site
import searching
from bench import registry
from stocktake.cli.main import main
from stocktake.render import paged
from test_render_browser import Quiet, watched

ROWS = 20
# What docs/the-site.md promises.
RECORDS, BYTES_OF_A_RECORD, BYTES_OF_THE_REST = 51, 1_200, 350_000
RECORD = re.compile(r"(asset|dependency|runbook|source|system|team)/(?!index)")
LEDGER = f"""name: Book of accounts
aliases: [gl, {", ".join(f"ledger-of-{year}" for year in range(2010, 2029))}]
type: relational-db
owner: team-0
instances:
  production: {{host: ledger-7.internal.example}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of which both sites were built, with few rows on a page."""
    made, before = tmp_path_factory.mktemp("a folder"), paged.PAGE_ROWS
    registry.write(made, 50)
    (made / "registry/assets/ledger.yaml").write_text(LEDGER)
    (made / "mkdocs.yml").write_bytes((render_site.ROOT / "mkdocs.yml").read_bytes())
    paged.PAGE_ROWS = ROWS
    try:
        for how in ([], ["--offline"]):
            with pytest.raises(SystemExit) as stopped:
                main(["build", "-C", str(made), *how])
            assert not stopped.value.code
    finally:
        paged.PAGE_ROWS = before
    return made


def entries(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "build/site/search/search_index.json").read_text())["docs"]
    return found


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder / "build/site")))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["served", "offline"])
def home(request: pytest.FixtureRequest, folder: Path, served: str) -> str:
    """Where a site is."""
    return served if request.param == "served" else (folder / "build/offline").as_uri()


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    """A page on which nothing may go wrong and nothing be asked of anybody else."""
    opened = browser.new_page()
    wrong = watched(opened, home)
    yield opened
    opened.close()
    assert wrong == []


@pytest.mark.parametrize(
    "words",
    ["Book of acc", "ledger-of-2028", "ledger-7.internal", "Team 0 book", "BKP001@asset/ledger"],
    ids=["name", "alias", "host", "owner", "finding"],
)
def test_search_finds_an_asset(page: Page, home: str, words: str) -> None:
    page.goto(f"{home}/index.html")

    ledger = f"{home}/asset/ledger.html"

    assert searching.best(page, words, ledger) == ledger


def test_the_map_opens(page: Page, home: str) -> None:
    page.goto(f"{home}/dependencies.html#focus=asset/{registry.asset_id(8)}&steps=1")
    page.locator(".st-map-canvas[data-layout=elk]").wait_for()

    assert page.locator(".st-map-said").inner_text().startswith("Price worker 8: ")


def test_a_table_of_several_pages_filters_the_rows_of_all(page: Page, home: str) -> None:
    page.goto(f"{home}/findings.html")
    rows, said = page.locator(".st-tablebox").last, page.locator(".st-filter output").last
    first = said.inner_text()
    rows.get_by_label("Filter rows").fill("asset/ledger")
    rows.get_by_text("Book of accounts").first.wait_for()

    assert first.startswith(f"{ROWS} of ")
    assert rows.locator("tbody tr").count() > 0


def test_the_search_index_keeps_its_budget(folder: Path) -> None:
    of_records, of_the_rest = 0, 0
    for entry in entries(folder):
        size = len(json.dumps(entry, separators=(",", ":"))) + 1
        is_record = RECORD.match(entry["location"])
        of_records, of_the_rest = of_records + size * bool(is_record), of_the_rest + size * (not is_record)

    assert of_records < BYTES_OF_A_RECORD * RECORDS
    assert of_the_rest < BYTES_OF_THE_REST


def test_every_failure_can_be_searched_for(capfd: pytest.CaptureFixture[str], folder: Path) -> None:
    said = registries.runner(capfd)("check", "--output-format", "json", "-C", str(folder))
    names = {one["identity"] for one in json.loads(said.out)["outcomes"] if one["state"] == "fail"}
    found = unescape(" ".join(entry["text"] for entry in entries(folder)))

    assert len(names) > RECORDS
    assert {name for name in names if f"<code>{name}</code>" not in found} == set()


def test_paper_is_light_where_the_screen_is_dark(page: Page, home: str) -> None:
    looks = (
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('h1')).color]"
    )
    page.emulate_media(color_scheme="dark")
    page.goto(f"{home}/asset/ledger.html")
    screen = page.evaluate(looks)
    page.emulate_media(color_scheme="dark", media="print")

    assert screen == ["rgb(16, 19, 24)", "rgb(226, 230, 236)"]
    assert page.evaluate(looks) == ["rgb(255, 255, 255)", "rgb(27, 35, 48)"]


def test_every_link_leads_to_a_file(folder: Path) -> None:
    site, broken = folder / "build/offline", []
    for page in render_site.pages(site):
        for link in page.links:
            parts = urlsplit(link)
            inside = not (parts.scheme or parts.netloc) and parts.path and page.path.name != "404.html"
            if inside and not (page.path.parent / unquote(parts.path)).is_file():
                broken.append((page.path.name, link))

    assert broken == []


def test_the_other_site_stays_as_it_was_and_holds_nothing_for_files(folder: Path) -> None:
    pages = {path.relative_to(folder / "build/offline") for path in (folder / "build/offline").rglob("*.html")}
    site = folder / "build/site"

    assert {path.relative_to(site) for path in site.rglob("*.html")} == pages
    assert "iframe-worker" not in (site / "index.html").read_text()
    assert not (site / "search/search_index.js").exists()


@pytest.mark.parametrize("other", ["--pages-only", "--check"])
def test_pages_alone_are_not_offline(capfd: pytest.CaptureFixture[str], tmp_path: Path, other: str) -> None:
    said = registries.runner(capfd)("build", "--offline", other, "-C", str(tmp_path))

    assert said.exit_code == 2
    assert "--offline is about the site" in said.err
