"""Pictures: deterministic, legible, with the same parts as the registry."""

import render_estate
from render_estate import dependency, judged, record
from stocktake.pipeline.pictures import draw, pictures
from stocktake.render.architecture import architecture
from stocktake.render.diagram.picture import MOST_ARROWS
from stocktake.render.dot import MOST_NODES, neighbourhood, wrapped
from stocktake.render.pages import architecture as architecture_page
from stocktake.render.pictures import dots
from stocktake.render.svg import embed_icons
from stocktake.render.view import View


def crowd(assets: int) -> list[object]:
    """One asset that all others read."""
    others = range(assets)
    return [
        record("asset/hub", {"name": "Hub", "type": "relational-db"}),
        *(record(f"asset/a{n}", {"name": f"A {n}", "type": "api", "system": f"s{n % 3}"}) for n in others),
        *(
            record(f"dependency/d{n}", dependency(f"a{n}", "hub", "reads", criticality="low" if n else "critical"))
            for n in others
        ),
        *(record(f"system/s{n}", {"name": f"System {n}"}) for n in range(3)),
    ]


def test_each_record_with_a_dependency_has_a_picture() -> None:
    drawn = [name for name in dots(render_estate.shop()) if name.startswith("asset/")]

    assert drawn == ["asset/api", "asset/index", "asset/orders-db", "asset/pay"]


def test_a_neighbourhood_links_to_pages_and_marks_its_centre() -> None:
    drawn = neighbourhood(render_estate.shop(), "asset/api")

    assert 'URL="orders-db.html"' in drawn
    assert 'URL="_index.html"' in drawn
    assert drawn.count("st-centre") == 1
    assert 'label="reads and writes", class="st-edge st-crit-critical"' in drawn


def test_a_crowd_shows_the_most_critical_and_counts_the_rest() -> None:
    drawn = neighbourhood(judged(crowd(100)), "asset/hub")

    assert drawn.count('class="st-node') == MOST_NODES
    assert '"n-asset-a0"' in drawn
    assert '"+85 more", class="st-more", shape=plain, URL="../dependencies.html#focus=asset/hub"' in drawn


def test_a_long_name_is_cut_and_says_so() -> None:
    assert wrapped("x" * 10_000, 10) == ["x" * 10, "x" * 9 + "…"]


def test_a_picture_is_the_same_alone_and_among_others() -> None:
    texts = {name: text for name, text in dots(judged(crowd(8))).items() if name != "data-flow"}
    together = draw(texts)

    assert len(texts) > 10
    assert any("subgraph" in text for text in texts.values())
    assert {name: draw({name: text})[name] for name, text in texts.items()} == together


def test_the_poster_is_the_same_at_every_run_and_names_icons() -> None:
    first, second = architecture(render_estate.shop()), architecture(render_estate.shop())

    assert first is not None
    assert first == second
    assert any(path.endswith("postgresql.png") for path in first.icons)
    assert "asset/orders-db.html" in first.source


def test_a_long_name_stands_whole_in_the_poster() -> None:
    name = "Ledger of everything that was ever paid back by a customer of the northern branch"
    poster = architecture(judged([record("asset/a", {"name": name, "type": "relational-db"})]))

    assert poster is not None
    assert all(word in poster.source for word in name.split())
    assert "…" not in poster.source


def test_icons_are_of_one_size_however_long_the_label_is() -> None:
    drawn = '<svg><image xlink:href="/i.png" width="120px" height="90px" x="10" y="-50"/></svg>'

    assert '<use xlink:href="#icon-0" x="41.0" y="-50.0" width="58" height="58"/>' in embed_icons(
        drawn, {"/i.png": b""}
    )


def test_a_large_estate_is_drawn_by_system() -> None:
    poster = architecture(judged(crowd(60)))

    assert poster is not None
    assert "System 1" in poster.source
    assert "A 1\n" not in poster.source


def test_a_poster_without_room_keeps_the_most_critical_and_says_how_many_are_left_out() -> None:
    systems = [record(f"system/s{n:02}", {"name": f"System {n:02}"}) for n in range(60)]
    assets = [
        record(
            f"asset/a{n}",
            {"name": f"A {n}", "type": "api", "system": f"s{n:02}", **({"criticality": "critical"} if n > 55 else {})},
        )
        for n in range(60)
    ]
    pairs = [(a, b) for a in range(60) for b in range(a) if a > 55 or b > 40]
    edges = [record(f"dependency/d{a}-{b}", dependency(f"a{a}", f"a{b}", "reads")) for a, b in pairs]
    audit = judged([*systems, *assets, *edges])
    poster = architecture(audit)

    assert poster is not None
    assert all(f"System {n}" in poster.source for n in range(56, 60))
    assert 'label="+20 more"' in poster.source
    assert 'URL="system/index.html"' in poster.source
    assert poster.source.count(" -> ") <= MOST_ARROWS

    page = page_of_architecture(View(audit, pictures(audit)[0]))

    assert page.count("the 40 most critical of 60 systems") == 2
    assert page.count("most critical of") == 4
    assert "+20 more</text>" in page
    assert 'href="system/index.html">All systems</a>' in page


def test_a_poster_with_room_for_all_leaves_nothing_out() -> None:
    audit = render_estate.shop()
    page = page_of_architecture(View(audit, pictures(audit)[0]))

    assert "All assets and their dependencies" in page
    assert "most critical of" not in page


def page_of_architecture(view: View) -> str:
    return dict(architecture_page.pages(view))["docs/architecture.md"].decode()


def test_an_empty_estate_has_no_poster() -> None:
    assert architecture(render_estate.empty()) is None
