"""In a browser: a row of the list of findings that is opened shows what its rule says, once, and as text."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

import render_estate
from stocktake.model.audit import Audit
from stocktake.render.pages import findings
from stocktake.render.view import View

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCRIPT = Path(__file__).parents[1] / "src" / "stocktake" / "render" / "theme" / "told.js"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


def opened(page: Page, audit: Audit) -> str:
    """The text of the first row of the list once it was opened, closed and opened again."""
    body = dict(findings.pages(View(audit, {})))["docs/findings.md"].decode().split("---\n", 2)[2]
    page.set_content(f"<!doctype html><meta charset=utf-8>{body}")
    page.add_script_tag(path=SCRIPT)
    row = page.locator("details.st-more").first
    for _ in range(3):
        row.locator("summary").click()
        page.wait_for_timeout(50)
    return row.inner_text()


def test_an_opened_row_tells_criteria_effect_and_fix_once(page: Page) -> None:
    text = opened(page, render_estate.shop())

    assert [text.count(word) for word in ("Identity\n", "Criteria\n", "Effect\n", "Fix\n")] == [1, 1, 1, 1]


def test_hostile_text_in_an_opened_row_runs_nothing(page: Page) -> None:
    opened(page, render_estate.hostile())

    assert page.evaluate("window.canary") is None
