"""Every kind of page in a real browser: light and dark, wide and narrow, with scripts and without."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import render_estate
import render_site
import shots
from servers import axe
from stocktake.render import map_data
from stocktake.render.escape import dot, mermaid
from stocktake.render.view import View

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = 1280, 390
# What the theme alone has: a search box that is a dialog without a name.
OF_THE_THEME = {("aria-dialog-name", ".md-search")}
AXE = """wanted => axe.run({...wanted, resultTypes: ["violations"]}).then(found => found.violations.flatMap(
    one => one.nodes.map(node => [one.id, node.target.flat().join(" ")])))"""
FOCUSED = """() => { const one = document.activeElement, style = getComputedStyle(one)
    return style.outlineStyle !== "none" || style.boxShadow !== "none" ? "" : `${one.tagName} ${one.className}` }"""
EVERYTHING: Mapping[str, Any] = {}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


class Quiet(SimpleHTTPRequestHandler):
    """Serves and says nothing."""

    def log_message(self, *args: object) -> None:
        """Requests are not news."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both sites as folders."""
    estates = {"shop": render_estate.whole, "hostile": render_estate.hostile}
    return {
        name: render_site.built(render_site.write(tmp_path_factory.mktemp(name), estate()))
        for name, estate in estates.items()
    }


@pytest.fixture(scope="module")
def addresses(sites: dict[str, Path]) -> Iterator[dict[str, str]]:
    """Both sites, each served on a port of its own."""
    servers = {
        name: ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        for name, folder in sites.items()
    }
    for server in servers.values():
        Thread(target=server.serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{server.server_address[1]}" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


def watched(page: Page, home: str) -> list[str]:
    """What goes wrong on a page, as it happens."""
    wrong: list[str] = []
    page.on(
        "console", lambda told: wrong.append(f"console: {told.text}") if told.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "request", lambda asked: None if asked.url.startswith((home, "data:")) else wrong.append(f"asked {asked.url}")
    )
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    return wrong


def kinds(site: Path) -> list[str]:
    """Addresses of one page of each kind that we make; those of people are of one kind."""
    by_hand = {
        path.relative_to(render_site.ROOT / "docs").parts[0] for path in (render_site.ROOT / "docs").rglob("*.md")
    }
    ours = [
        page
        for page in shots.pages(site)
        if page != "404.html" and page.split("/")[0].replace(".html", ".md") not in by_hand
    ]
    return [*ours, "getting-started.html", "own-rules.html", "tutorial.html"]


def too_wide(page: Page) -> Iterator[str]:
    """Each width at which a page is wider than the screen."""
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        extent = page.evaluate("document.documentElement.scrollWidth")
        if extent > width:
            yield f"{extent} pixels wide on {width}"
    page.set_viewport_size({"width": WIDE, "height": 800})


def unreached(page: Page) -> Iterator[str]:
    """What keeps somebody with a keyboard from the content."""
    page.keyboard.press("Tab")
    first = page.evaluate(
        """() => { const one = document.activeElement
        return [one.classList[0], !!document.querySelector(one.getAttribute("href"))] }"""
    )
    if first != ["md-skip", True]:
        yield f"the first stop is {first}"


@pytest.mark.parametrize("site", ["shop", "hostile"])
def test_a_page_of_each_kind_is_quiet_closed_and_fits(
    browser: Browser, sites: dict[str, Path], addresses: dict[str, str], site: str
) -> None:
    page = browser.new_page(viewport={"width": WIDE, "height": 800})
    wrong = watched(page, addresses[site])
    for name in kinds(sites[site]):
        page.goto(f"{addresses[site]}/{name}", wait_until="load")
        wrong += [f"{name}: {fault}" for fault in (*unreached(page), *too_wide(page))]
        if page.evaluate("window.canary"):
            wrong.append(f"{name} ran the canary")
    page.close()

    assert wrong == []


@pytest.mark.parametrize(("scheme", "wanted"), [("light", EVERYTHING), ("dark", COLOURS)])
def test_a_page_of_each_kind_breaks_no_rule_of_axe_that_the_theme_keeps(
    browser: Browser, sites: dict[str, Path], addresses: dict[str, str], scheme: str, wanted: Mapping[str, Any]
) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    rules, broken = axe.script(), []
    for name in kinds(sites["shop"]):
        page.goto(f"{addresses['shop']}/{name}", wait_until="load")
        page.evaluate(rules)
        broken += [(name, *found) for found in page.evaluate(AXE, wanted) if tuple(found) not in OF_THE_THEME]
    page.close()

    assert broken == []


def test_a_record_of_each_kind_is_among_the_pages_that_are_looked_at(sites: dict[str, Path]) -> None:
    folders = {
        name.partition("/")[0] for name in kinds(sites["shop"]) if "/" in name and not name.endswith("/index.html")
    }

    assert set(render_estate.SCHEMAS.kinds()) - folders == set()


def test_what_has_the_focus_can_be_seen(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_page()
    unseen = set()
    for name in ("index", "asset/orders-db", "findings"):
        page.goto(f"{addresses['shop']}/{name}.html")
        page.locator("article h1").evaluate("one => { one.tabIndex = -1; one.focus() }")
        for _ in range(25):
            page.keyboard.press("Tab")
            unseen.add(page.evaluate(FOCUSED))
    page.close()

    assert unseen == {""}


def test_without_scripts_no_page_is_wider_than_a_phone_or_loses_its_text(
    browser: Browser, sites: dict[str, Path], addresses: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": 800})
    page = context.new_page()
    wrong = []
    for name in kinds(sites["shop"]):
        page.goto(f"{addresses['shop']}/{name}")
        box, words = page.locator("main article").bounding_box(), page.locator("main article").inner_text()
        if not box or box["x"] + box["width"] > NARROW or len(words) < 20:
            wrong.append(name)
    context.close()

    assert wrong == []


def test_search_shows_hostile_text_and_runs_nothing(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_page()
    wrong = watched(page, addresses["hostile"])
    page.goto(f"{addresses['hostile']}/index.html")
    page.locator("[data-md-component=search-query]").click()
    page.get_by_text("Type to start searching").wait_for()
    page.locator("[data-md-component=search-query]").press_sequentially("evil")
    page.locator(".md-search-result__item").first.wait_for()
    ran, shown = page.evaluate("window.canary"), page.locator(".md-search-result__list").inner_text()
    page.close()

    assert ran is None
    assert "<script>" in shown
    assert wrong == []


def test_the_map_shows_what_is_around_an_asset_and_keeps_it_in_the_address(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page = browser.new_page()
    wrong = watched(page, addresses["shop"])
    page.goto(f"{addresses['shop']}/dependencies.html")
    said = page.locator(".st-map-said")
    before = said.inner_text()
    page.get_by_label("Asset", exact=True).fill("api")
    page.keyboard.press("Enter")
    page.locator(".st-map-canvas[data-layout=elk]").wait_for()
    around, nodes = said.inner_text(), page.locator(".st-map-canvas").get_attribute("data-nodes")
    page.get_by_label("Direction").select_option("needs-it")
    page.get_by_text("API: 0 assets need it within 2 steps.").wait_for()
    narrowed = page.url
    page.go_back()
    page.get_by_text(around).wait_for()
    page.goto(f"{addresses['shop']}/dependencies.html#focus=asset/orders-db&steps=1&direction=needs-it")
    page.reload()
    linked, listed = said.inner_text(), page.locator("#map tbody a").first.get_attribute("href")
    page.close()

    assert before.startswith("4 assets, 3 dependencies.")
    assert around == "API: 0 assets need it within 2 steps; it needs 3 assets."
    assert nodes == "4"
    assert narrowed.endswith("#focus=asset/api&steps=2&direction=needs-it")
    assert linked == "Orders database: 1 asset needs it within 1 step, 1 of them critical or high."
    assert listed == "asset/api.html"
    assert wrong == []


BEHIND = {
    "asset/a": {"name": "A", "type": "api", "criticality": "high"},
    "asset/b": {"name": "B", "type": "api"},
    "asset/c": {"name": "C", "type": "api", "criticality": "critical"},
    "dependency/b-a": {"from": "b", "to": "a", "type": "calls"},
    "dependency/c-b": {"from": "c", "to": "b", "type": "calls"},
}


@pytest.mark.parametrize(
    ("rating", "told", "listed"),
    [
        ("", "", ["B", "C"]),
        ("critical", " Shown: critical, 1 of 2 assets; left out: 1 that nobody rated.", ["C"]),
        ("low", " Shown: low and above, 1 of 2 assets; left out: 1 that nobody rated.", ["C"]),
        ("unrated", " Shown: not rated, 1 of 2 assets.", ["B"]),
    ],
)
def test_a_rating_chooses_what_the_map_shows_and_hides_nothing_behind_an_unrated_asset(
    browser: Browser, addresses: dict[str, str], rating: str, told: str, listed: list[str]
) -> None:
    behind = render_estate.judged(render_estate.record(address, data) for address, data in BEHIND.items())
    page = browser.new_page()
    wrong = watched(page, addresses["shop"])
    page.route(
        "**/data/graph.js",
        lambda route: route.fulfill(body=map_data.data(View(behind, {})), content_type="text/javascript"),
    )
    page.goto(f"{addresses['shop']}/dependencies.html#focus=asset/a&steps=3&direction=needs-it")
    page.locator("#map").get_by_label("Criticality").select_option(rating)
    page.wait_for_function(
        "wanted => (new URLSearchParams(location.hash).get('criticality') || '') === wanted", arg=rating
    )
    said, names = page.locator(".st-map-said").inner_text(), page.locator("#map tbody td:first-child a:first-child")
    shown, nodes = names.all_inner_texts(), page.locator(".st-map-canvas").get_attribute("data-nodes")
    page.close()

    assert said == f"A: 2 assets need it within 3 steps, 1 of them critical or high.{told}"
    assert shown == listed
    assert nodes == str(len(listed) + 1)
    assert wrong == []


def test_the_map_shows_hostile_names_as_text(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_page()
    wrong = watched(page, addresses["hostile"])
    page.goto(f"{addresses['hostile']}/dependencies.html#focus=asset/a&steps=5")
    page.locator(".st-map-canvas[data-layout=elk]").wait_for()
    said, ran = page.locator("#map").inner_text(), page.evaluate("window.canary")
    page.close()

    assert "<script>" in said
    assert ran is None
    assert wrong == []


@pytest.mark.parametrize(("form", "ending", "lines"), [("Mermaid", "mmd", mermaid.lines), ("DOT", "dot", dot.lines)])
@pytest.mark.parametrize(("site", "asset"), [("shop", "orders-db"), ("hostile", "a")])
def test_the_map_can_be_taken_along_as_text(
    browser: Browser,
    addresses: dict[str, str],
    site: str,
    asset: str,
    form: str,
    ending: str,
    lines: Callable[..., str],
) -> None:
    page = browser.new_page(accept_downloads=True)
    wrong = watched(page, addresses[site])
    page.goto(f"{addresses[site]}/dependencies.html#focus=asset/{asset}&steps=1")
    with page.expect_download() as download:
        page.get_by_label(f"This map as {form}").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    name, shown = download.value.suggested_filename, page.locator(".st-map-canvas").get_attribute("data-nodes")
    page.close()
    record = getattr(render_estate, site)().estate.by_address[f"asset/{asset}"]

    assert name == f"{asset}.{ending}"
    assert lines(record.title, record.data["type"]) in text
    assert len(re.findall(r"(?m)^  n[0-9]+ ?\[", text)) == int(shown or "0")
    assert form != "DOT" or subprocess.run(["dot", "-Tplain"], input=text, text=True, capture_output=True, check=True)
    assert wrong == []


def test_tables_sort_and_filter_and_keep_the_filter_in_the_address(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(f"{addresses['shop']}/findings.html?severity=critical")
    rows = page.locator("#all-of-them ~ .st-tablebox tbody tr")
    critical = rows.locator("visible=true").count()
    page.get_by_label("Severity").select_option("")
    everything = rows.locator("visible=true").count()
    page.get_by_label("State").last.select_option("fail")
    page.locator("#all-of-them ~ .st-tablebox th button", has_text="Rule").click()
    rules = rows.locator("visible=true").locator("td:nth-child(3)").all_inner_texts()
    url = page.url
    page.close()

    assert 0 < critical < everything
    assert len(rules) > 1
    assert rules == sorted(rules)
    assert url.endswith("?state=fail&sort=rule")


def test_the_picture_on_a_phone_shows_the_asset_that_the_page_is_about(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for name in ("orders-db", "api"):
        page.goto(f"{addresses['shop']}/asset/{name}.html")
        box = page.locator("figure .st-centre").bounding_box()

        assert box is not None
        assert 0 < box["x"] < box["x"] + box["width"] < 390
    page.close()


def test_the_architecture_is_dark_where_the_page_is_and_its_icons_stay_legible(
    browser: Browser, addresses: dict[str, str]
) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{addresses['shop']}/architecture.html")
        style = "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.fill] }"
        found = [page.locator(f".st-poster {part}").first.evaluate(style) for part in (".st-picture-scroll", "text")]
        tile = page.locator(".st-poster .st-tile").first.evaluate("one => getComputedStyle(one).fill")
        colours[scheme] = found[0][0], found[1][1], tile
        page.close()

    assert colours["light"] == ("rgb(255, 255, 255)", "rgb(27, 35, 48)", "none")
    assert colours["dark"] == ("rgb(22, 26, 32)", "rgb(226, 230, 236)", "rgb(223, 228, 234)")


def test_a_table_that_goes_on_to_the_right_casts_a_shadow_there_until_it_ends(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{addresses['shop']}/catalogue.html")
    box = page.locator(".st-scroll").first
    place = box.bounding_box()
    assert place is not None
    edge = {"x": place["x"] + place["width"] - 12, "y": place["y"] + place["height"] - 6, "width": 10, "height": 4}
    before = page.screenshot(clip=edge)
    box.evaluate("one => { one.scrollLeft = one.scrollWidth }")
    after = page.screenshot(clip=edge)
    page.close()

    assert before != after


@pytest.mark.parametrize("name", ["catalogue", "matrix"])
def test_the_last_column_is_on_a_screen_of_1300_pixels(browser: Browser, addresses: dict[str, str], name: str) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 800})
    page.goto(f"{addresses['shop']}/{name}.html")
    hidden = page.locator(".st-scroll").first.evaluate("one => one.scrollWidth - one.clientWidth")
    page.close()

    assert hidden == 0


def test_on_a_phone_what_was_found_can_be_read_without_scrolling_aside(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    wrong = []
    for name in ("index", "system/shop", "findings"):
        page.goto(f"{addresses['shop']}/{name}.html")
        box = page.locator(".st-stack tbody td:nth-child(4)").first.bounding_box()
        if not box or box["width"] < 250 or box["x"] + box["width"] > NARROW:
            wrong.append((name, box))
    page.close()

    assert wrong == []


def test_a_page_that_no_section_lists_begins_at_the_left_edge(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": WIDE, "height": 800})
    left = []
    for name in ("asset/orders-db", "asset/index"):
        page.goto(f"{addresses['shop']}/{name}.html")
        box = page.locator("main article").bounding_box()
        left.append(box["x"] < 60 if box else None)
    page.close()

    assert left == [True, False]


def test_the_first_screen_says_how_it_stands_and_where_each_reader_goes(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    page.goto(f"{addresses['shop']}/index.html")
    boxes = [page.locator(f".md-typeset {one}").first.bounding_box() for one in (".st-note", ".st-readers", ".st-card")]
    page.close()

    assert all(box and box["y"] < 600 for box in boxes)


def test_without_scripts_every_row_and_picture_is_there(browser: Browser, addresses: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{addresses['shop']}/asset/orders-db.html")
    picture = page.locator("figure svg[role=group]").bounding_box()
    link = page.locator("figure svg a").first.get_attribute("href")
    facts = page.locator(".st-facts tr").count()
    context.close()

    assert picture is not None
    assert picture["width"] > 200
    assert link == "api.html"
    assert facts > 15
