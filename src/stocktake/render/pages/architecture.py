"""The logical architecture: one picture of the estate, its systems, and what lies outside of every system."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.render import svg
from stocktake.render.architecture import MORE, Scene, shown
from stocktake.render.diagram.catalogue import of_estate
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.paged import filed
from stocktake.render.parts import code, counted, criticality, lead, muted
from stocktake.render.prose import line, summary
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href

_HERE = "architecture.md"
PICTURE = "architecture"
_MOST = 200
_GROUPS = (("stores", "data stores"), ("components", "components"), ("externals", "external systems"))


def pages(view: View) -> Iterator[Page]:
    """The picture and the same as tables."""
    counts = [(words, len(view.assets(group))) for group, words in _GROUPS]
    told = ", ".join(f"{count} {words}" for words, count in counts)
    edges = counted(len(view.audit.graph.edges), "dependency", "dependencies")
    intro = lead(
        "Components, data stores and external systems, grouped by the system they belong to. ",
        muted(f"{told}; {edges}."),
    )
    yield document(
        _HERE,
        "Architecture",
        [
            intro,
            _picture(view, told),
            Heading("Systems"),
            _systems(view),
            *of_estate(view),
            Heading("In no system"),
            _alone(view),
        ],
        wide=True,
    )


def _picture(view: View, told: str) -> Markup:
    if drawn := view.pictures.get(PICTURE):
        scene = shown(view.audit)
        left_out = _left_out(scene)
        what = "All assets and their dependencies"
        if scene.by_system:
            what = "The most critical systems" if scene.left_out else "All systems"
            what += " and how they depend on each other"
        words = f"{what}: {told}. {f'{left_out}. ' if left_out else ''}The dependency matrix says the same as a table."
        figure = svg.figure(svg.inline(drawn, "architecture", "Architecture", words), "Architecture", "st-poster")
        more = anchor("All systems", href(_HERE, MORE))
        rest = anchor("all dependencies", href(_HERE, "matrix.md"))
        note = el("p", f"{left_out}. ", more, ", ", rest, ".", class_="st-muted") if left_out else None
        return join((figure, note))
    return el(
        "p",
        "The picture is not drawn: Graphviz (",
        code("dot"),
        ") was not there. The ",
        anchor("matrix", href(_HERE, "matrix.md")),
        " says the same.",
        class_="st-empty",
    )


def _left_out(scene: Scene) -> str:
    """What the picture has no room for, in words; empty where it shows all."""
    shapes, arrows = len(scene.shapes), len(scene.arrows)
    boxes = f"the {shapes} most critical of {shapes + scene.left_out:,} systems" if scene.left_out else ""
    of_all = f"of {arrows + scene.arrows_left_out:,} arrows between what is shown"
    lines = f"the {arrows} most critical {of_all}" if scene.arrows_left_out else ""
    words = " and ".join(part for part in (boxes, lines) if part)
    return f"It shows {words}" if words else ""


def _systems(view: View) -> Markup:
    rows = []
    for record in view.estate.of("system"):
        entry = view.entry(record.address)
        inside = len(view.audit.index.referrers(record.address, "asset"))
        owner = view.link(_HERE, f"team/{entry.owner}") if entry.owner else None
        about = line(summary(str(record.data.get("description", ""))))
        rows.append(
            (
                view.link(_HERE, record.address),
                about,
                Cell(owner, entry.owner, entry.owner),
                criticality(entry.criticality),
                inside,
            )
        )
    headers = ("System", Column("What it is", wide=True), Column("Owner"), "Criticality", Column("Assets", number=True))
    empty = join(("No system yet. Write the first one: ", code("stocktake new system ID"), "."))
    return filed(view, _HERE, "systems", headers, rows, "Systems", empty)


def _alone(view: View) -> Markup:
    entries = [entry for group, _ in _GROUPS for entry in view.assets(group) if not entry.system]
    rows = [(view.link(_HERE, entry.address), entry.type, view.group(entry.address)) for entry in sorted(entries)]
    headers = ("Asset", "Type", "Group")
    return filed(view, _HERE, "alone", headers, rows, "Assets in no system", "Every asset belongs to a system.", _MOST)
