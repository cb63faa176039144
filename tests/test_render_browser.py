"""Every kind of page in a real browser: light and dark, wide and narrow, with scripts and without."""

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import render_estate
import render_site

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
KINDS = (
    "access",
    "access-review",
    "adr/index",
    "architecture",
    "asset/index",
    "backups",
    "catalogue",
    "control/index",
    "control/nist-csf-2-0",
    "dependencies",
    "dependency/index",
    "drift",
    "drill/index",
    "environments",
    "findings",
    "guides",
    "index",
    "matrix",
    "observations",
    "plan",
    "reconciliation",
    "report",
    "risk/index",
    "rule/BKP001",
    "rule/index",
    "schema/asset",
    "schema/index",
    "system/index",
    "waiver/index",
    "trends",
)
SHOP = (
    *KINDS,
    "adr/0002-two",
    "asset/orders-db",
    "baseline/orders",
    "dependency/api-orders",
    "drill/orders-production-2026-11-20",
    "runbook/restore",
    "system/shop",
    "team/data",
)
TRAPS = (
    *KINDS,
    "adr/0001-x",
    "asset/a",
    "asset/b",
    "baseline/p",
    "dependency/d",
    "drill/z",
    "finding/f",
    "runbook/r",
    "team/x",
    "waiver/w",
)
# The hostile estate in one pair of each: its pages are heavy, and what differs between the others is colour.
LOOKS = (
    *(("shop", SHOP, width, scheme) for width in (1280, 390) for scheme in ("light", "dark")),
    ("hostile", TRAPS, 1280, "dark"),
    ("hostile", TRAPS, 390, "light"),
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves and says nothing."""

    def log_message(self, *args: object) -> None:
        """Requests are not news."""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Both sites, each served on a port of its own."""
    servers = {}
    for name, audit in (("shop", render_estate.shop()), ("hostile", render_estate.hostile())):
        folder = render_site.built(render_site.write(tmp_path_factory.mktemp(name), audit))
        servers[name] = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        Thread(target=servers[name].serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{server.server_address[1]}" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


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


@pytest.mark.parametrize(("site", "pages", "width", "scheme"), LOOKS)
def test_a_page_is_quiet_closed_and_as_wide_as_the_screen(
    browser: Browser, addresses: dict[str, str], site: str, pages: tuple[str, ...], width: int, scheme: str
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    wrong = watched(page, addresses[site])
    for name in pages:
        page.goto(f"{addresses[site]}/{name}.html", wait_until="load")
        extent = page.evaluate("document.documentElement.scrollWidth")
        if extent > width:
            wrong.append(f"{name} is {extent} pixels wide")
        if page.evaluate("window.canary"):
            wrong.append(f"{name} ran the canary")
    page.close()

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
