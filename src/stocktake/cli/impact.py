"""The verb `impact`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.errors import UsageError

if TYPE_CHECKING:
    from stocktake.analyse.impact import Impact
    from stocktake.model.graph import Graph


@click.command()
@click.argument("address")
@click.option("--output-format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(address: str, form: str, folder: str) -> None:
    """Show what stops when ADDRESS (asset/ID, or an asset's ID) stops, and whom to tell."""
    from stocktake.analyse.impact import impact
    from stocktake.load.files import find
    from stocktake.pipeline.estate import open_estate
    from stocktake.pipeline.graph import graph

    found = graph(open_estate(find(folder)).sound())
    wanted = address if "/" in address else f"asset/{address}"
    if wanted not in found.nodes:
        from stocktake.values.text import closest, shown

        guess = closest(wanted.partition("/")[2], (node.partition("/")[2] for node in found.nodes))
        raise UsageError(f'There is no asset "{shown(address)}"', f"Did you mean asset/{guess}?" if guess else "")
    result = impact(found, wanted)
    if form == "json":
        console.data({"schema": 1, **result._asdict(), "stops": [one._asdict() for one in result.stops]})
    else:
        console.lines(_lines(result, found))


def _lines(result: Impact, graph: Graph) -> Iterator[str]:
    from stocktake.values.text import shown

    name = shown(graph.nodes[result.address].name)
    count = len(result.stops)
    others = f"{count} others stop" if count > 1 else "one other stops" if count else "nothing else stops"
    yield f"When {name} ({result.address}) stops, {others}."
    for one in result.stops:
        details = [f"{one.steps} step{'s' * (one.steps > 1)} away"]
        details += [f"criticality {one.criticality}"] if one.criticality else []
        details += [f"owner {one.owner}"] if one.owner else ["no owner"]
        yield f"  {one.address}: {', '.join(details)}"
    yield f"It needs: {', '.join(result.needs) or 'nothing that is declared'}."
    yield f"Tell: {', '.join(result.owners) or 'nobody is named as owner'}."
    if result.is_single_point:
        yield "It is a single point of failure: without it, a part of the estate is cut off from the rest."
    if result.cycle:
        yield f"It is part of a cycle: {', '.join(result.cycle)}."
