"""The dependency matrix: what it has room for, what it says of the rest, and where its cells lead."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs

from render_estate import dependency, judged, record
from stocktake.render.pages import matrix
from stocktake.render.view import View

LINK = re.compile(r'<a href="\?([^"#]+)#as-a-list"><b>(\d+)</b>')


def page(systems: int, edges: list[tuple[int, int, str]]) -> str:
    """The matrix of an estate with two assets in each system; a dependency goes from the first of one to the second
    of another.
    """
    records = [record(f"system/s{n:03}", {"name": f"System {n:03}"}) for n in range(systems)]
    records += [
        record(f"asset/a{n:03}-{one}", {"name": f"A {n} {one}", "type": "api", "system": f"s{n:03}"})
        for n in range(systems)
        for one in range(2)
    ]
    records += [
        record(f"dependency/d{number}", dependency(f"a{source:03}-0", f"a{target:03}-1", type_))
        for number, (source, target, type_) in enumerate(edges)
    ]
    return dict(matrix.pages(View(judged(records), {})))["docs/matrix.md"].decode()


def test_systems_without_room_are_counted_and_those_with_most_dependencies_stay() -> None:
    ring = [(n, (n + 1) % 130, "reads") for n in range(130)]
    shown = page(130, [*ring, (129, 5, "reads"), (129, 7, "reads"), (128, 9, "reads")])
    heads = re.findall(r'<th scope="row">(.*?)</th>', shown.partition('id="as-a-list"')[0])

    assert "The 120 of 130 systems with most dependencies are shown, 10 are only in the list." in shown
    assert any("System 129" in head for head in heads)
    assert not any("System 119" in head for head in heads)
    assert '<a href="#as-a-list">the list below</a>' in shown


def test_a_cell_of_two_systems_leads_to_as_many_rows_as_it_counts() -> None:
    shown = page(40, [*((n, (n + 1) % 40, "reads") for n in range(40)), (0, 1, "writes"), (3, 3, "reads-writes")])
    links = [(parse_qs(unescape(query)), int(count)) for query, count in LINK.findall(shown)]
    rows = [
        re.findall(r'data-facet="([^"]*)"', row)[-2:] for row in re.findall(r"<tr>(.*?)</tr>", shown) if "/d" in row
    ]
    listed = Counter((producer, consumer) for producer, consumer in rows)

    assert len(links) > 35
    assert all(listed[query["producer system"][0], query["consumer system"][0]] == count for query, count in links)
    assert "systems with most dependencies are shown" not in shown


def test_a_thicket_of_systems_leaves_the_page_light() -> None:
    shown = page(70, [(a, b, "reads") for a in range(70) for b in range(70) if a != b])

    assert shown.count("st-heat-unrated") <= 2_000
    assert "of 70 systems with most dependencies are shown" in shown
    assert len(shown) < 900_000
