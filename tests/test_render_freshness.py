"""What was seen counts for a while: then pages say since when it is not known, and no list reads as complete."""

import re
from datetime import date

import pytest

import render_estate
from stocktake.model.audit import Audit
from stocktake.model.observation import PARTIAL, SEEN, Evidence, Observation, SeenEdge, Thing
from stocktake.model.settings import Settings, Source
from stocktake.render.pages import home, reconciliation
from stocktake.render.view import View

LATER = date(2027, 3, 1)


def page(audit: Audit, which: object = reconciliation) -> str:
    """The words of a page, without its marks."""
    [(_, content), *_] = which.pages(View(audit, {}))  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content.decode()))


def badges(audit: Audit) -> list[tuple[str, str]]:
    """(tone, words) of every badge of the page."""
    [(_, content)] = reconciliation.pages(View(audit, {}))
    return re.findall(r'class="st-badge st-([a-z-]+)[^"]*"[^>]*>([^<]*)<', content.decode())


def small(status: str = SEEN, looked: date = render_estate.TODAY, today: date = render_estate.TODAY) -> Audit:
    """Two assets and the edge between them, all seen in one source."""
    records = [
        render_estate.record("asset/a", {"name": "A", "type": "api", "identifiers": ["compose:x/a"]}),
        render_estate.record("asset/b", {"name": "B", "type": "relational-db", "identifiers": ["compose:x/b"]}),
        render_estate.record("dependency/a-b", render_estate.dependency("a", "b", "reads")),
    ]
    evidence = (Evidence("compose.yaml", 1),)
    things = tuple(Thing(name, name, (f"compose:x/{name}",), evidence=evidence) for name in "ab")
    edges = (SeenEdge("a", "b", "reads", evidence),)
    seen = Observation("x", "files", "1", status, things, edges, scopes=("compose:x/",), looked=looked)
    return render_estate.judged(records, (seen,), Settings(sources=(Source("x", "x"),)), today=today)


def test_a_fresh_whole_look_confirms_and_an_empty_list_means_none() -> None:
    text, shown = page(small()), badges(small())

    assert ("is-pass", "seen") in shown
    assert ("is-pass", "verified") in shown
    assert "Everything that was seen has a record." in text
    assert "Not everything is known" not in text


def test_a_stale_look_is_not_green_anywhere_and_says_since_when() -> None:
    audit = small(today=LATER)
    text, shown = page(audit), badges(audit)

    assert [words for tone, words in shown if tone == "is-pass"] == []
    assert ("is-unknown", "not known since 2026-11-24") in shown
    assert "was verified" in text
    assert "Assets seen lately 0 of 2" in text
    assert "Everything that was seen has a record." not in text
    assert "x was last looked at on 2026-11-24" in text


def test_a_partial_look_is_not_complete() -> None:
    audit = small(PARTIAL)

    assert ("is-unknown", "partly seen") in badges(audit)
    assert "Everything that was seen has a record." not in page(audit)
    assert "x was seen only in part" in page(audit)


def test_a_look_on_a_day_to_come_counts_for_nothing() -> None:
    assert [words for tone, words in badges(small(looked=date(2099, 1, 1))) if tone == "is-pass"] == []


@pytest.mark.parametrize(("today", "seen"), [(render_estate.TODAY, 1), (LATER, 0)])
def test_the_home_page_counts_only_what_was_seen_lately(today: date, seen: int) -> None:
    text = page(render_estate.shop(today), home)

    assert f"Assets seen lately by a machine {seen} of 4" in text
