"""The index of hand-written pages names each as it names itself, and says what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

import render_estate
from stocktake.render.pages.guides import pages
from stocktake.render.view import View


def shown(documents: Mapping[str, str]) -> str:
    """The page, from its title on."""
    [(path, content)] = pages(View(render_estate.empty(), {}, documents))
    assert path == "docs/guides.md"
    return content.decode().partition("</p>")[2]


def links(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', page)


def test_pages_stand_by_folder_the_first_steps_first() -> None:
    page = shown(
        {
            "zebra.md": "# Zebras\n",
            "how-to/edit.md": "# Edit records\n",
            "getting-started.md": "# Getting started\n",
            "concepts.md": "# What the words mean\n",
            "api.md": "# Apples\n",
            "picture.svg": "",
        }
    )

    assert [address for address, _ in links(page)] == [
        *("getting-started.html", "concepts.html", "api.html", "zebra.html", "how-to/edit.html")
    ]
    assert "<h2>How to</h2>" in page


def test_a_page_is_told_by_its_first_sentence() -> None:
    page = shown({"a.md": "---\ntitle: Alarms\n---\n\n# Alarms\n\n![x](y.png)\n\nWhat to do `at` night. And more.\n"})

    assert links(page) == [("a.html", "Alarms")]
    assert "What to do <code>at</code> night." in page
    assert "And more" not in page


def test_a_page_without_a_title_goes_by_its_file() -> None:
    assert links(shown({"on_call-rota.markdown": ""})) == [("on_call-rota.html", "On call rota")]
    assert links(shown({"teams/README.md": "text"})) == [("teams/index.html", "Readme")]


def test_what_a_page_says_is_shown_and_never_run() -> None:
    page = shown(
        {"a.md": "# <script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)> is this.\n"}
    )

    assert "<script>" not in page
    assert "<img" not in page
    assert "javascript:" not in page


def test_without_a_page_it_says_what_to_do() -> None:
    assert "put a Markdown file into <code>docs/</code>" in shown({})
