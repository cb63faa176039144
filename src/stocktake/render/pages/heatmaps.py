"""Where it is weak, at a glance: five tables whose cells lead to the lists behind them."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.render import grids
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, el
from stocktake.render.heatmap import heatmap
from stocktake.render.parts import code, lead, muted
from stocktake.render.view import View

_HERE = "heatmaps.md"


def pages(view: View) -> Iterator[Page]:
    """The page; where there is nothing to colour it says what to do."""
    intro = lead("Where is it weak? ", muted("Each cell says how many of what, and leads to the list."))
    blocks: list[Markup | Heading | None] = [intro]
    if not view.estate.records:
        told = ("There is no record yet: run ", code("stocktake discover"), " or ", code("stocktake new"), ".")
        blocks.append(el("p", *told, class_="st-empty"))
    else:
        asked = any(tally.asked for tally in view.audit.tallies.values())
        well = "Every question that was asked has an answer, and no answer is a failure."
        nothing = el("p", well if asked else "No rule asked anything, so nothing is known.", class_="st-empty")
        blocks += [Heading("By owner"), heatmap(view, _HERE) or nothing]
        blocks += [Heading("By criticality"), grids.grid(view, _HERE, "criticality", grids.by_criticality(view, _HERE))]
        if view.coverage:
            blocks += [
                Heading("Questions answered"),
                grids.grid(view, _HERE, "answers", grids.answers(view, _HERE, view.coverage)),
            ]
        if view.estate.of("asset"):
            blocks += [Heading("By type of asset"), grids.grid(view, _HERE, "types", grids.by_type(view, _HERE))]
            blocks += [Heading("Freshness"), grids.grid(view, _HERE, "freshness", grids.freshness(view, _HERE))]
    yield document(_HERE, "Heatmaps", blocks, wide=True, searched=False)
