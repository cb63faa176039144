"""Type into the search box of a site, as a reader does."""

from playwright.sync_api import Error, Page

BOX = "[data-md-component=search-query]"
BEST = "() => document.querySelector('.md-search-result__item a')?.href.replace(/[?#].*/, '') ?? ''"


def best(page: Page, words: str, wanted: str) -> str:
    """The page of the best result; results come while somebody types, so that some time passes until it is `wanted`."""
    page.locator(BOX).click()
    page.get_by_text("Type to start searching").wait_for()
    page.locator(BOX).press_sequentially(words)
    try:
        page.wait_for_function(f"wanted => ({BEST})() === wanted", arg=wanted, timeout=10_000)
    except Error:
        return str(page.evaluate(BEST))
    return wanted
