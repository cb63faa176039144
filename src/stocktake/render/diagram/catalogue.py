"""All architecture diagrams of a site by name, the files to download, and how one stands on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b

from stocktake.model.record import Record
from stocktake.render import svg
from stocktake.render.diagram.deployment import deployment, environments
from stocktake.render.diagram.dot import dot
from stocktake.render.diagram.mermaid import mermaid
from stocktake.render.diagram.outline import Outline
from stocktake.render.diagram.picture import Picture
from stocktake.render.diagram.plantuml import plantuml
from stocktake.render.diagram.sequence import Sequence, as_mermaid, as_plantuml, drawn, sequence
from stocktake.render.diagram.structurizr import workspace
from stocktake.render.diagram.views import components, containers, context, data_flow, landscape
from stocktake.render.document import Heading, Page
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import counted, muted
from stocktake.render.table import Column, table
from stocktake.render.topology import topologies
from stocktake.render.view import View, href, page_of

FOLDER = "diagram"
WORKSPACE = f"{FOLDER}/workspace.dsl"


def catalogue(view: View) -> dict[str, Picture]:
    """Every diagram that shows something, by its name: `context`, `containers/orders`, `deployment/production` ..."""
    outline = Outline(view)
    places = environments(outline)
    found = {"context": landscape(outline), "data-flow": data_flow(outline)}
    for environment in places:
        found[f"deployment/{environment}"] = deployment(outline, environment)
    for system in outline.systems:
        found[f"context/{system}"] = context(outline, system)
        found[f"containers/{system}"] = containers(outline, system)
        found[f"components/{system}"] = components(outline, system)
        found[f"data-flow/{system}"] = data_flow(outline, system)
        for environment in places:
            found[f"deployment/{environment}/{system}"] = deployment(outline, environment, system)
    found |= {f"backups/{system}": picture for system, picture in topologies(view).items()}
    return {name: picture for name, picture in found.items() if picture.boxes}


def sequences(view: View) -> dict[str, Sequence]:
    """The sequence diagrams by the address of their flow."""
    found = ((record.address, sequence(view, record)) for record in view.estate.of("flow"))
    return {address: way for address, way in found if way}


def sources(view: View) -> Iterator[Page]:
    """The text of each diagram in each language, below docs/diagram/."""
    if not view.diagrams and not view.sequences:
        return
    for name, picture in view.diagrams.items():
        for ending, writer in (("dot", dot), ("mmd", mermaid), ("puml", plantuml)):
            yield f"docs/{_file(name)}.{ending}", _bytes(writer(picture))
    for address, way in view.sequences.items():
        yield f"docs/{_file(address)}.mmd", _bytes(as_mermaid(way))
        yield f"docs/{_file(address)}.puml", _bytes(as_plantuml(way))
    yield f"docs/{WORKSPACE}", _bytes(workspace(view, view.estate.settings.name or "Stocktake"))


def _file(name: str) -> str:
    """Below docs/; a name that is no usual file name is told by a digest."""
    plain = name.replace("/", ".")
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}", plain):
        return f"{FOLDER}/{plain}"
    return f"{FOLDER}/{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=10).hexdigest()}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def shown(view: View, name: str, identity: str) -> Markup | None:
    """A diagram as it stands on its page: the picture, the same as lists, and its sources; None where there is none."""
    picture = view.diagrams.get(name)
    if picture is None:
        return None
    parts: list[object] = []
    if drawing := view.pictures.get(name):
        parts.append(svg.figure(svg.inline(drawing, identity, picture.title, picture.description), picture.title))
    else:
        parts.append(el("p", "The picture is not drawn, since Graphviz was not there.", class_="st-empty"))
    parts.append(_lists(view, picture, is_open=not drawing))
    parts.append(_downloads(picture.here, name, ("dot", "mmd", "puml")))
    return join(parts)


def _lists(view: View, picture: Picture, is_open: bool) -> Markup:
    names = {box.address: box.name for box in picture.boxes}
    places = {frame.identity: frame.title for frame in picture.frames}
    linked = {
        box.address: anchor(box.name, href(picture.here, box.page)) if box.page else box.name for box in picture.boxes
    }
    boxes = [(linked[box.address], box.kind, places.get(box.frame, "")) for box in picture.boxes]
    arrows = [(linked[arrow.source], arrow.words, linked[arrow.target]) for arrow in picture.arrows]
    told = f"{counted(len(names), 'box', 'boxes')} and {counted(len(arrows), 'arrow')}"
    more = anchor(f"{picture.left_out} more", href(picture.here, picture.more)) if picture.left_out else None
    fewer = counted(picture.arrows_left_out, "more arrow") if picture.arrows_left_out else None
    without = join((part for part in (more, fewer) if part), " and ")
    return el(
        "details",
        el(
            "summary", "The same as lists: ", told, ", and " if without else "", without, " left out" if without else ""
        ),
        table((Column("What"), "Kind", "In"), boxes, f"Boxes: {picture.title}"),
        table((Column("From"), "How", "To"), arrows, f"Arrows: {picture.title}", "No arrow."),
        class_="st-details",
        open=is_open,
    )


def _downloads(here: str, name: str, endings: tuple[str, ...]) -> Markup:
    words: Mapping[str, str] = {"dot": "DOT", "mmd": "Mermaid", "puml": "PlantUML"}
    found = [anchor(words[ending], href(here, f"{_file(name)}.{ending}"), download=True) for ending in endings]
    found.append(anchor("Structurizr", href(here, WORKSPACE), download=True))
    return el("p", muted("Source: "), join(found, ", "), class_="st-small")


def shown_sequence(view: View, address: str) -> Markup | None:
    """The sequence diagram of a flow; its steps stand beside it as a table."""
    way = view.sequences.get(address)
    if way is None:
        return None
    words = f"{counted(len(way.steps), 'step')} between {counted(len(way.participants), 'participant')}."
    figure = svg.figure(drawn(way, "way", words), way.title)
    return join((figure, _steps(view, way), _downloads(way.here, address, ("mmd", "puml"))))


def _steps(view: View, way: Sequence) -> Markup:
    rows = [
        (step.number, view.link(way.here, step.source), view.link(way.here, step.target), step.words)
        for step in way.steps
    ]
    return table((Column("Step", number=True), "From", "To", Column("What happens", wide=True)), rows, "Steps")


_OF_SYSTEM = (
    ("Context", "context"),
    ("Containers", "containers"),
    ("Components", "components"),
    ("Data flow", "data-flow"),
)


def of_record(view: View, record: Record) -> Iterator[Markup | Heading]:
    """The diagrams that stand on the page of a system or a flow."""
    if record.kind == "flow" and (way := shown_sequence(view, record.address)):
        yield Heading("Sequence")
        yield way
    if record.kind == "system":
        yield from _titled(view, [(title, f"{name}/{record.id}") for title, name in _OF_SYSTEM])
        yield from _backups(view, record)
        yield from _deployments(view, record.id)


def _backups(view: View, record: Record) -> Iterator[Markup | Heading]:
    """Where the copies of a system lie, or where the picture of that stands."""
    picture = view.diagrams.get(name := f"backups/{record.id}")
    if picture is None:
        return
    here = page_of(record.address)
    yield Heading("Where its copies lie")
    if picture.here == here and (figure := shown(view, name, "view-backups")):
        yield figure
    else:
        yield el("p", anchor(picture.title, href(here, picture.here, "where-the-copies-lie")), class_="st-small")


def of_estate(view: View) -> Iterator[Markup | Heading]:
    """The diagrams of the whole estate, for the page on its architecture."""
    yield from _titled(view, [("Context", "context"), ("Data flow", "data-flow")])
    yield from _deployments(view, "")


def _titled(view: View, named: list[tuple[str, str]]) -> Iterator[Markup | Heading]:
    for title, name in named:
        if figure := shown(view, name, f"view-{name.partition('/')[0]}"):
            yield Heading(title)
            yield figure


def _deployments(view: View, system: str) -> Iterator[Markup | Heading]:
    """One for each environment, of the estate where `system` is empty."""
    named = [(name, name.split("/")) for name in view.diagrams if name.startswith("deployment/")]
    found = [(parts[1], name) for name, parts in named if "/".join(parts[2:]) == system]
    if found:
        yield Heading("Deployment")
    for number, (environment, name) in enumerate(found):
        if figure := shown(view, name, f"view-deployment-{number}"):
            yield el("h3", "In ", environment)
            yield figure
