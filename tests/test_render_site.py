"""The site as it is built: strict, closed to the outside, the same every time, and literal about hostile text."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import render_estate
import render_site
from render_estate import HOSTILE
from render_site import site
from stocktake.model.audit import Audit
from stocktake.values.text import shown

RUNS = re.compile(r"\s*(?:javascript|vbscript|data(?!:image/png;base64,)):", re.IGNORECASE)
ESTATES = {"empty": render_estate.empty, "hostile": render_estate.hostile, "shop": render_estate.whole}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All three estates, built strictly."""
    return {
        name: render_site.built(render_site.write(tmp_path_factory.mktemp(name), estate()))
        for name, estate in ESTATES.items()
    }


@pytest.fixture(scope="module")
def shop() -> Audit:
    return render_estate.shop()


def test_every_link_leads_to_a_page_and_a_place_in_it(sites: dict[str, Path]) -> None:
    broken = []
    for root in sites.values():
        found = {page.path: page for page in render_site.pages(root)}
        for path, page in found.items():
            if path.name == "404.html":
                continue
            for link in page.links:
                parts = urlsplit(link)
                if parts.scheme or not (parts.path or parts.fragment):
                    continue
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                target = target / "index.html" if target.is_dir() else target
                place = "" if parts.fragment.startswith("focus=") else parts.fragment  # what the map shows
                if not target.exists() or (place and target in found and place not in found[target].ids):
                    broken.append(f"{path.relative_to(root)}: {link}")

    assert broken == []


def test_no_page_asks_another_host_for_anything(sites: dict[str, Path]) -> None:
    asked = re.compile(
        r"<(?:script|img|iframe|link|source|video|audio|embed|object)\b[^>]*(?:src|href)=\"?(?:https?:)?//"
    )
    found = [
        f"{page.relative_to(root)}: {match[0]}"
        for root in sites.values()
        for page in root.rglob("*.html")
        for match in asked.finditer(page.read_text(encoding="utf-8"))
        if "canonical" not in match[0]
    ]

    assert found == []


def test_hostile_text_never_becomes_an_element_an_attribute_or_a_script(sites: dict[str, Path]) -> None:
    live = []
    for page in render_site.pages(sites["hostile"]):
        live += [f"{page.path.name}: script {text[:60]}" for text in page.scripts if "canary" in text]
        live += [f"{page.path.name}: {handler}" for handler in page.handlers]
        live += [f"{page.path.name}: {link[:60]}" for link in page.links if RUNS.match(link)]
        live += [f"{page.path.name}: {tag}" for tag in page.tags & {"img", "iframe", "object", "embed", "base"}]

    assert live == []


def test_the_name_of_a_site_is_text_for_both_builders(tmp_path: Path) -> None:
    folder = render_site.write(tmp_path, render_estate.empty(), drawn=False)
    settings = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    name = json.dumps('"><script>window.canary=1</script> R&D')
    settings = re.sub(r"(?m)^site_(name|description):.*", lambda line: f"site_{line[1]}: {name}", settings)
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    for build in (render_site.built, render_site.built_by_zensical):
        page = render_site.Page(build(folder) / "index.html")

        assert [script for script in page.scripts if "canary" in script] == []
        assert '"><script>window.canary=1</script> R&D' in page.text


def test_hostile_text_is_shown_as_it_is(sites: dict[str, Path]) -> None:
    literal = " ".join(shown(HOSTILE, multiline=True).split())[:150]
    silent = []
    for name in (
        "access",
        "asset/a",
        "asset/index",
        "backups",
        "drift",
        "environments",
        "findings",
        "observations",
        "reconciliation",
        "team/x",
        "system/x",
        "dependency/d",
        "waiver/index",
        "adr/index",
        *map(render_estate.every, render_estate.SCHEMAS.kinds()),
    ):
        page = render_site.Page(sites["hostile"] / f"{name}.html")
        if literal[:60] not in " ".join(page.text.split()):
            silent.append(name)

    assert silent == []
    assert "⟨U+202E⟩" in render_site.Page(sites["hostile"] / "asset" / "a.html").text


def test_a_page_has_each_id_once(sites: dict[str, Path]) -> None:
    repeated = {
        str(page.path): page.repeated for root in sites.values() for page in render_site.pages(root) if page.repeated
    }

    assert repeated == {}


def test_the_search_index_holds_hostile_text_only_escaped(sites: dict[str, Path]) -> None:
    index = json.loads((sites["hostile"] / "search" / "search_index.json").read_text(encoding="utf-8"))

    assert [entry["location"] for entry in index["docs"] if "<script" in entry["title"] + entry["text"]] == []


def test_the_page_of_an_asset_stays_light(sites: dict[str, Path]) -> None:
    heavy = {
        path.name: path.stat().st_size
        for path in (sites["shop"] / "asset").glob("*.html")
        if path.stat().st_size > 60_000
    }

    assert heavy == {}


def test_the_same_audit_gives_the_same_bytes() -> None:
    first, second = (list(site(render_estate.shop(), {})) for _ in range(2))

    assert first == second


def test_no_path_is_written_twice(shop: Audit) -> None:
    paths = [path for path, _ in site(shop, {})]

    assert len(paths) == len(set(paths))
    assert all(path.startswith(("docs/", "overrides/")) for path in paths)


def test_a_record_called_index_does_not_hide_the_index(sites: dict[str, Path]) -> None:
    folder = sites["shop"] / "asset"

    assert "Search index" in render_site.Page(folder / "_index.html").text
    assert "Orders database" in render_site.Page(folder / "index.html").text


def test_pages_without_pictures_show_lists(shop: Audit) -> None:
    pages = dict(site(shop, {}))

    assert b"<svg" not in pages["docs/asset/orders-db.md"]
    assert b"is read and written by" in pages["docs/asset/orders-db.md"]
    assert b"Graphviz" in pages["docs/architecture.md"]


def test_an_observed_value_says_where_and_when_it_was_seen(sites: dict[str, Path]) -> None:
    text = render_site.Page(sites["shop"] / "asset" / "orders-db.html").text

    assert "shop, 2026-11-24 compose.yaml:12" in text
    assert "not as declared" in text


def test_an_entry_that_is_a_plain_value_is_told_once_below_its_mapping() -> None:
    data = {"name": "A", "type": "api", "labels": {"java.script": "yes", "kind": "web"}}
    pages = dict(site(render_estate.judged([render_estate.record("asset/a", data)]), {}))
    facts = pages["docs/asset/a.md"].decode()

    assert facts.count("<code>labels</code>") == 1
    assert "<code>java.<wbr>script</code>" in facts
    assert "labels[java" not in re.sub(r'title="[^"]*"', "", facts)


def test_links_between_files_of_the_repository_lead_to_their_pages(sites: dict[str, Path]) -> None:
    page = render_site.Page(sites["shop"] / "adr" / "0002-two.html")

    assert {"0001-one.html", "../asset/orders-db.html", "https://git.example/shop/blob/main/adr/gone.md"} <= set(
        page.links
    )


def test_nothing_is_called_fine_where_nobody_looked(sites: dict[str, Path]) -> None:
    text = render_site.Page(sites["empty"] / "index.html").text

    assert "Nothing is known yet" in text or "not everything is known" in text
    assert "No serious failure. " not in text


def test_the_audit_plan_is_answered_by_formula_only(sites: dict[str, Path]) -> None:
    empty, shop = (render_site.Page(sites[name] / "plan.html").text for name in ("empty", "shop"))

    assert "All phases00107107" in re.sub(r"\s", "", empty).replace("Allphases", "All phases")
    assert "dependencies with type, criticality ÷ all dependencies" in shop
    assert "2 of 3" in shop


def test_zensical_builds_the_same_pages_with_the_same_anchors(tmp_path: Path, sites: dict[str, Path]) -> None:
    folder = render_site.write(tmp_path, render_estate.whole())
    ours, theirs = (
        {str(page.path.relative_to(root)): page for page in render_site.pages(root) if page.path.name != "404.html"}
        for root in (sites["shop"], render_site.built_by_zensical(folder))
    )

    assert ours.keys() == theirs.keys()
    own = re.compile(r"[a-z][a-z0-9-]*")
    for path, page in ours.items():
        missing = {anchor for anchor in page.ids if own.fullmatch(anchor)} - theirs[path].ids
        assert {anchor for anchor in missing if not anchor.startswith("__")} == set(), path
