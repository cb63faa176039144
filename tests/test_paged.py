"""Tables on several pages: what the file of all rows holds, how it is filtered and sorted, and the same as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

import render_estate
import render_site
from render_site import site
from stocktake.render import paged
from stocktake.render.escape.html import Markup, el, plain
from stocktake.render.view import View
from test_render_browser import Quiet, watched

ROWS = 20


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The hostile estate, with few rows on a page."""
    before, paged.PAGE_ROWS = paged.PAGE_ROWS, ROWS
    yield render_site.built(render_site.write(tmp_path_factory.mktemp("long"), render_estate.hostile(), drawn=False))
    paged.PAGE_ROWS = before


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(home)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def data(home: Path) -> dict[str, list[list[int]]]:
    """What the file of all findings holds."""
    text = (home / "findings_rows.js").read_text()
    found: dict[str, list[list[int]]] = json.loads(text[text.index("]=") + 2 :])
    return found


def found(page: Page) -> str:
    return page.locator(".st-filter output").last.inner_text()


def shown(page: Page) -> int:
    return page.locator(".st-tablebox").last.locator("tbody tr").count()


def test_a_filter_of_one_page_finds_the_rows_of_all(browser: Browser, address: str, home: Path) -> None:
    every = len(data(home)["rows"])
    page = browser.new_page()
    wrong = watched(page, address)
    page.goto(f"{address}/findings.html")
    own = shown(page)
    page.get_by_label("State").last.select_option("unknown")
    page.wait_for_function("[...document.querySelectorAll('.st-filter output')].pop().value.includes(' of ')")
    page.wait_for_function("document.querySelector('.st-pages').hidden")
    unknown, said, url = shown(page), found(page), page.url
    page.get_by_label("State").last.select_option("")
    back, ran = shown(page), page.evaluate("window.canary")
    page.close()

    assert own == back == ROWS
    assert unknown > ROWS
    assert said == f"{unknown} of {every} rows"
    assert url.endswith("?state=unknown")
    assert ran is None
    assert wrong == []


def test_a_link_with_a_filter_shows_rows_of_other_pages(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/findings.html?severity=low")
    page.wait_for_function("document.querySelector('.st-pages').hidden")
    severities = set(page.locator(".st-tablebox").last.locator("tbody td:first-child").all_inner_texts())
    page.close()

    assert severities == {"low"}


def test_a_sort_goes_over_all_pages(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/findings_2.html")
    box = page.locator(".st-tablebox").last
    for _ in range(2):
        box.locator("th button", has_text="Severity").click()
    page.wait_for_function("document.querySelector('.st-pages').hidden")
    first = box.locator("tbody td:first-child").first.inner_text()
    way, url = box.locator("th").first.get_attribute("aria-sort"), page.url
    page.close()

    assert way == "descending"
    assert url.endswith("findings_2.html?sort=-severity")
    assert first in ("info", "low")


@pytest.mark.parametrize("name", ["findings", "rule/index"])
def test_an_order_that_stands_in_the_address_is_kept(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/{name}.html")
    heading = page.locator(".st-tablebox").last.locator("th").first.inner_text().strip().lower()
    page.goto(f"{address}/{name}.html?sort=-{heading}")
    way = page.locator(".st-tablebox").last.locator("th").first.get_attribute("aria-sort")
    page.close()

    assert way == "descending"


def test_without_the_file_the_page_says_what_it_has(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/findings_rows.js", lambda route: route.abort())
    page.goto(f"{address}/findings.html?state=fail")
    page.wait_for_function("[...document.querySelectorAll('.st-filter output')].pop().value.includes('cannot be read')")
    rows = shown(page)
    page.close()

    assert rows == ROWS


def test_the_csv_holds_every_row_as_text_and_no_formula(home: Path) -> None:
    rows = list(csv.reader(io.StringIO((home / "findings.csv").read_bytes().decode())))

    assert rows[0][:3] == ["Severity", "State", "Rule"]
    assert len(rows) == len(data(home)["rows"]) + 1
    assert not any(cell.lstrip()[:1] in ("=", "+", "@") for row in rows for cell in row)
    assert any("<script>" in cell for row in rows for cell in row)


def test_rows_that_are_seen_are_written_without_formulas(browser: Browser, address: str) -> None:
    page = browser.new_page(accept_downloads=True)
    page.goto(f"{address}/coverage.html")
    page.evaluate("""() => {
        const box = document.createElement("div")
        box.className = "st-tablebox"
        box.dataset.table = "sort"
        const rows = '<tr><td>=1+1</td><td>-4</td></tr><tr><td>a "b", c</td><td> @x</td></tr>'
        box.innerHTML = '<div class="st-scroll"><table><caption>Odd ones</caption><thead><tr><th>A</th>' +
            `<th>B</th></tr></thead><tbody>${rows}</tbody></table></div>`
        document.querySelector(".md-content__inner").append(box)
    }""")
    page.add_script_tag(url=f"{address}/javascripts/stocktake.js")
    with page.expect_download() as download:
        page.get_by_label("These rows as CSV: Odd ones").click()
    text = Path(download.value.path()).read_bytes().decode()
    name = download.value.suggested_filename
    page.close()

    assert text == 'A,B\r\n\'=1+1,-4\r\n"a ""b"", c",\'@x\r\n'
    assert name == "odd-ones.csv"


def test_a_table_of_many_on_a_page_has_a_file_of_its_own(home: Path) -> None:
    rows = list(csv.reader(io.StringIO((home / "coverage-parts.csv").read_bytes().decode())))

    assert rows[0][:3] == ["Part", "Records", "Questions"]
    assert rows[1][0] == "the whole estate"


def test_a_table_on_one_page_has_no_file_of_rows() -> None:
    made = dict(site(render_estate.empty(), {}))

    # There are rules even where there is no record.
    assert {path for path in made if path.endswith("_rows.js")} <= {"docs/rule/index_rows.js"}


def test_plain_is_what_a_reader_sees() -> None:
    cell = el("td", el("a", "a < b & c", title="x > y"), el("br"), "second")

    assert plain(cell) == "a < b & c second"
    assert plain(Markup("")) == ""
    assert plain("<b>") == "<b>"


def test_a_page_holds_fewer_rows_where_they_are_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "PAGE_ROWS", 500)
    rows = [("x" * 9_000, number) for number in range(100)]
    view = View(render_estate.empty(), {})
    shown = paged.filed(view, "here.md", "rows", ("What", "Number"), rows, "Rows", "")

    assert [len(part) for part in paged.parted(rows)] == [77, 23]
    assert [len(part) for part in paged.parted([("x" * 2_000_000,), ("y",)])] == [1, 1]
    assert paged.parted([]) == [[]]
    assert shown.count("<tr>") == 1 + 16
    assert "and 84 more. " in shown
