"""Architecture diagrams: what they show, that they stay legible, and that no name breaks out of any language."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

import render_estate
from render_estate import dependency, judged, record
from stocktake.load.files import Tree
from stocktake.model.audit import Audit
from stocktake.model.record import Record
from stocktake.pipeline.pictures import KEPT, pictures
from stocktake.render import theme
from stocktake.render.diagram.catalogue import catalogue, sequences, sources
from stocktake.render.diagram.dot import dot
from stocktake.render.diagram.mermaid import mermaid
from stocktake.render.diagram.picture import MOST_ARROWS, MOST_BOXES, Arrow, Box, Frame, Picture, fitted
from stocktake.render.diagram.plantuml import plantuml
from stocktake.render.diagram.structurizr import workspace
from stocktake.render.map_data import positions
from stocktake.render.view import View

PLAIN = r"[\w .,:()\-]|<U\+[0-9A-F]{4,6}>"
PLANTUML = re.compile(
    rf"@startuml|@enduml|!include <C4/C4_Deployment>|autonumber|(title|caption) ({PLAIN})*|\s*}}"
    rf'|\s*\w+\(\w+(, (\w+|"({PLAIN})*"))+\)( {{)?|participant "({PLAIN})*" as p\d+|p\d+ -> p\d+ : ({PLAIN})*',
    re.ASCII,
)
TEXT = r"(?:[^#\"'<>&`;%{}\[\]()|\\]|#\d+;|<br/>)*"
MERMAID = re.compile(
    rf'---|title: "{TEXT}"|flowchart LR|sequenceDiagram|\s*end|\s*autonumber|\s*subgraph f\d+\["{TEXT}"\]'
    rf'|\s*(?:n\d+|more)[(\[]{{1,2}}"{TEXT}"[)\]]{{1,2}}|\s*n\d+ <?-->(?:\|"{TEXT}"\|)? n\d+'
    rf"|  participant p\d+ as {TEXT}|  p\d+->>p\d+: {TEXT}"
)


def town(assets: int = 3, systems: int = 2) -> Audit:
    """Systems whose services call each other, with stores, an external system, two environments, and a flow."""
    records = [record(f"system/s{n}", {"name": f"System {n}"}) for n in range(systems)]
    records += [record("asset/pay", {"name": "Payments", "type": "external-api"})]
    for n in range(assets):
        place = {"production": {"region": "eu-1", "zone": f"z{n % 2}", "host": f"h{n}"}, "test": {}}
        data = {"name": f"API {n}", "type": "api", "system": f"s{n % systems}", "instances": place}
        records.append(record(f"asset/a{n}", data))
        records.append(record(f"dependency/p{n}", dependency(f"a{n}", "pay", "calls")))
        if n:
            chain = {**dependency(f"a{n - 1}", f"a{n}", "calls"), "data_classes": ["orders"]}
            records.append(record(f"dependency/d{n}", chain))
    store = {"datasets": {"public.orders": {"classification": "confidential"}}}
    records.append(record("asset/db", {"name": "Orders", "type": "relational-db", "system": "s0", **store}))
    records.append(record("dependency/rw", dependency("a0", "db", "reads-writes")))
    steps = [{"dependency": "rw", "description": "Writes the order"}, {"dependency": "d1"}]
    records.append(record("flow/order", {"name": "Order", "steps": steps}))
    return judged(records)


def drawn(audit: Audit) -> dict[str, Picture]:
    return catalogue(View(audit, {}))


def arrows(picture: Picture) -> set[tuple[str, str]]:
    return {(arrow.source, arrow.target) for arrow in picture.arrows}


def test_the_context_of_a_system_shows_other_systems_as_one_box_each() -> None:
    found = drawn(town())["context/s0"]

    assert arrows(found) == {("system/s0", "system/s1"), ("system/s1", "system/s0"), ("system/s0", "asset/pay")}
    assert [box.address for box in found.boxes if box.is_centre] == ["system/s0"]


def test_the_containers_of_a_system_stand_in_its_frame_and_others_outside() -> None:
    found = drawn(town())["containers/s0"]

    framed = {box.address: box.frame for box in found.boxes}
    assert framed == {
        "asset/a0": "system/s0",
        "asset/a2": "system/s0",
        "asset/db": "system/s0",
        "asset/pay": "",
        "system/s1": "",
    }
    assert ("asset/a0", "system/s1") in arrows(found)


def test_datasets_are_the_components_of_a_store() -> None:
    [box] = drawn(town())["components/s0"].boxes

    assert (box.name, box.kind, box.frame) == ("public.orders", "dataset, confidential", "asset/db")
    assert "components/s1" not in drawn(town())


def test_data_flows_from_who_gives_it_with_its_classes() -> None:
    found = drawn(town())["data-flow"]

    assert ("asset/pay", "asset/a0") in arrows(found)  # a call is answered
    [both] = [arrow for arrow in found.arrows if arrow.is_both_ways]
    assert {both.source, both.target} == {"asset/a0", "asset/db"}
    assert {arrow.words for arrow in found.arrows if arrow.source == "asset/a1"} >= {"orders"}


def test_a_deployment_nests_places_and_shows_only_its_environment() -> None:
    found = drawn(town())["deployment/production"]

    titles = {frame.identity: (frame.title, frame.inside) for frame in found.frames}
    assert {box.address for box in found.boxes} == {"asset/a0", "asset/a1", "asset/a2"}
    assert sorted(titles.values())[-1] == ("zone z1", "/region:eu-1")
    assert not drawn(town())["deployment/test"].frames


def test_a_big_estate_is_grouped_and_what_does_not_fit_is_counted() -> None:
    found = drawn(town(assets=130, systems=60))

    assert all(len(picture.boxes) <= MOST_BOXES for picture in found.values())
    assert found["context"].left_out == 21
    assert '"+21 more"' in dot(found["context"])
    assert all(box.address.startswith("system/") for box in found["data-flow"].boxes if box.address != "asset/pay")


def test_a_thicket_keeps_the_most_critical_arrows_and_counts_the_rest() -> None:
    boxes = tuple(Box(f"asset/a{number}", f"A {number}") for number in range(20))
    ends = [(one.address, other.address) for one in boxes for other in boxes if one < other]
    arrows = tuple(Arrow(*pair, criticality="low" if number else "critical") for number, pair in enumerate(ends))
    cut = fitted(Picture("T", "D", "t.md", boxes, arrows[::-1]))

    assert (len(cut.arrows), cut.arrows_left_out) == (MOST_ARROWS, 190 - MOST_ARROWS)
    assert arrows[0] in cut.arrows
    assert cut == fitted(Picture("T", "D", "t.md", boxes, arrows))


def test_frames_that_no_arrow_touches_stand_in_columns() -> None:
    frames = tuple(Frame(f"f{n}", f"Host {n}") for n in range(9))
    boxes = tuple(Box(f"b{n}", f"Box {n}", frame=f"f{n}") for n in range(9))
    source = dot(Picture("Hosts", "Nine hosts.", "architecture.md", boxes, (), frames))
    plain = subprocess.run(["dot", "-Tplain"], input=source, capture_output=True, text=True, check=True).stdout
    across = {line.split()[2] for line in plain.splitlines() if line.startswith("node")}

    assert len(across) == 3


def test_all_of_it_is_the_same_at_every_run() -> None:
    first, second = ([*sources(seen(town()))] for _ in range(2))

    assert first == second
    assert len(first) > 20


def seen(audit: Audit) -> View:
    view = View(audit, {})
    view.diagrams, view.sequences = catalogue(view), sequences(view)
    return view


@pytest.fixture(scope="module")
def hostile() -> dict[str, str]:
    """The sources of an estate in which every text is hostile, by their file names."""
    files = {path: content.decode() for path, content in sources(seen(render_estate.hostile()))}
    assert {path.rpartition(".")[2] for path in files} == {"dot", "dsl", "mmd", "puml"}
    return files


@pytest.mark.parametrize(("ending", "grammar"), [("mmd", MERMAID), ("puml", PLANTUML)])
def test_no_name_breaks_out_of_a_line(hostile: dict[str, str], ending: str, grammar: re.Pattern[str]) -> None:
    lines = [line for path, text in hostile.items() if path.endswith(ending) for line in text.splitlines()]

    assert [line for line in lines if not grammar.fullmatch(line)] == []


def test_strings_of_structurizr_are_closed_and_name_no_constant(hostile: dict[str, str]) -> None:
    text = hostile["docs/diagram/workspace.dsl"]

    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    assert bare.count("{") == bare.count("}") > 5
    assert re.fullmatch(r'[\w\s{}"=!*#>-]+', bare)
    assert "${" not in text


def test_two_systems_with_one_name_are_two_elements_of_structurizr() -> None:
    systems = [record(f"system/{name}", {"name": "Shop"}) for name in ("north", "south")]
    assets = [record(f"asset/{one.id}", {"name": "API", "type": "api", "system": one.id}) for one in systems]
    text = workspace(View(judged([*systems, *assets]), {}), "Estate")
    names = re.findall(r'(?:softwareSystem|container) ("[^"]+")', text)

    assert '"Shop (system/north)"' in names
    assert len(names) == len(set(names)) == 4


def test_dot_takes_the_names_literally(hostile: dict[str, str]) -> None:
    texts = [text for path, text in hostile.items() if path.endswith(".dot")]
    done = subprocess.run(["dot", "-Tjson0"], input="\n".join(texts), capture_output=True, text=True, check=True)
    read = [json.loads(part) for part in re.split(r"(?<=^\})\n", done.stdout, flags=re.MULTILINE) if part.strip()]

    links = [item["URL"] for graph in read for item in graph.get("objects", []) if "URL" in item]
    assert len(read) == len(texts)
    assert links
    assert not any(":" in link or link.startswith("/") for link in links)


def test_the_languages_say_the_same() -> None:
    found = drawn(town())["containers/s0"]

    assert mermaid(found).count("-->") == plantuml(found).count("Rel(") == dot(found).count(" -> ") == len(found.arrows)


def test_a_big_estate_brings_the_places_of_its_map_along() -> None:
    found, _ = pictures(judged([*crowd(320)]))

    places = positions(found["map"])
    assert len(places) == 320
    assert len(set(places.values())) > 300
    assert "map" not in pictures(town())[0]


def crowd(assets: int) -> Iterator[Record]:
    """A tree of services."""
    for n in range(assets):
        yield record(f"asset/a{n}", {"name": f"A {n}", "type": "api"})
        if n:
            yield record(f"dependency/d{n}", dependency(f"a{n}", f"a{(n - 1) // 4}", "calls"))


def test_vendored_scripts_are_what_their_table_says() -> None:
    folder = Path(theme.__file__).parent / "vendor"
    table = dict(re.findall(r"^\| (\S+\.js) .* ([0-9a-f]{64}) \|$", (folder / "README.md").read_text(), re.MULTILINE))

    assert table == {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.js")}


def test_what_was_drawn_before_starts_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, log = tmp_path / "bin" / "dot", tmp_path / "log"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho started >>"{log}"\nexec "{shutil.which("dot")}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    tree, audit = Tree(str(tmp_path)), town()

    first, _ = pictures(audit, tree)
    starts = log.read_text().count("started")
    again, _ = pictures(audit, tree)
    assert first == again
    assert log.read_text().count("started") == starts > 0

    (tmp_path / KEPT).write_text("[broken")
    assert pictures(audit, tree)[0] == first
    assert log.read_text().count("started") == 2 * starts
