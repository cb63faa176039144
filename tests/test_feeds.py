"""Feeds: well-formed, with addresses where the site has one, and nothing that a name could break."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import render_estate
from stocktake.load.files import Tree
from stocktake.load.site import site_url
from stocktake.model.audit import Audit
from stocktake.render.pages.feeds import pages
from stocktake.render.view import View


def items(audit: Audit, address: str, path: str) -> list[ET.Element]:
    view = View(audit, {})
    view.site_url = address
    return ET.fromstring(dict(pages(view))[f"docs/{path}"]).findall("channel/item")


def test_changes_name_who_and_when_and_lead_to_the_page() -> None:
    found = items(render_estate.shop(), "https://site.example/", "changes.xml")

    [orders] = [item for item in found if item.findtext("title") == "Orders database changed"]
    assert orders.findtext("description") == "Describe it (Ada)"
    assert orders.findtext("link") == "https://site.example/asset/orders-db.html"
    assert orders.findtext("pubDate") == "Mon, 21 Sep 2026 14:13:20 +0000"


def test_findings_have_their_identity_and_no_day() -> None:
    found = items(render_estate.shop(), "", "findings.xml")

    assert found
    assert all("@" in str(item.findtext("guid")) for item in found)
    assert not any(item.find("link") is not None or item.find("pubDate") is not None for item in found)


@pytest.mark.parametrize("path", ["changes.xml", "findings.xml"])
def test_hostile_text_stays_text(path: str) -> None:
    found = items(render_estate.hostile(), "https://site.example/", path)

    assert any("<script>" in str(item.findtext("title")) for item in found)
    assert all([child.tag for child in item if len(child)] == [] for item in found)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("site_url: https://site.example/audit", "https://site.example/audit/"),
        ('site_url: "https://site.example/"  # ours', "https://site.example/"),
        ("site_url: javascript:alert(1)", ""),
        ("extra:\n  site_url: https://other.example/", ""),
        ("site_name: x", ""),
    ],
)
def test_the_address_of_the_site_is_that_of_mkdocs(tmp_path: Path, line: str, address: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Shop\n{line}\n")

    assert site_url(Tree(str(tmp_path))) == address
