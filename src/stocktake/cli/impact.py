"""The verb `impact`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.errors import UsageError

if TYPE_CHECKING:
    from stocktake.analyse.impact import Impact, Reached
    from stocktake.model.graph import Graph


@click.command()
@click.argument("address")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(address: str, form: str, folder: str) -> None:
    """Show what stops when ADDRESS (asset/ID, or an asset's ID) stops, what goes on with less, and whom to tell.

    Something goes on if its dependency has a `fallback`, or is of low criticality.
    """
    from stocktake.analyse.impact import impact
    from stocktake.load.files import find
    from stocktake.pipeline import graph as flow
    from stocktake.pipeline.estate import open_estate

    estate = open_estate(find(folder)).sound()
    found = flow.graph(estate)
    wanted = address if "/" in address else f"asset/{address}"
    if wanted not in found.nodes:
        from stocktake.values.text import closest, shown

        name = wanted.partition("/")[2]
        guess = closest(name, (node.partition("/")[2] for node in found.nodes)) if wanted.startswith("asset/") else ""
        raise UsageError(f'There is no asset "{shown(address)}"', f"Did you mean asset/{guess}?" if guess else "")
    result = impact(found, wanted, flow.recovery_times(estate))
    if form == "json":
        lists = {name: [one._asdict() for one in getattr(result, name)] for name in ("stops", "degrades", "late")}
        console.data({"schema": 1, **result._asdict(), **lists})
    else:
        console.lines(_lines(result, found))


def _lines(result: Impact, graph: Graph) -> Iterator[str]:
    from stocktake.values.text import shown

    name = shown(graph.nodes[result.address].name)
    count = len(result.stops)
    others = f"{count} others stop" if count > 1 else "one other stops" if count else "nothing else stops"
    yield f"When {name} ({result.address}) stops, {others}."
    for one in result.stops:
        yield f"  {_hit(one)}"
    if result.degrades:
        less = len(result.degrades)
        yield f"{less} other{'s go' if less > 1 else ' goes'} on with less."
    for one in result.degrades:
        yield f"  {_hit(one)}: {shown(one.fallback)}"
    for late in result.late:
        where = f" in {late.environment}" if late.environment else ""
        yield (
            f"{late.address} promises to be back within {_words(late.rto)}{where}, but {result.address} takes up to "
            f"{_words(late.provider_rto)}."
        )
    yield f"It needs: {', '.join(result.needs) or 'nothing that is declared'}."
    yield f"Tell: {', '.join(result.owners) or 'nobody is named as owner'}."
    if result.is_single_point:
        yield "It is a single point of failure: without it, a part of the estate is cut off from the rest."
    if result.cycle:
        yield f"It is part of a cycle: {', '.join(result.cycle)}."


def _hit(one: Reached) -> str:
    details = [f"{one.steps} step{'s' * (one.steps > 1)} away by {one.through} ({one.type})"]
    details += [f"criticality {one.criticality}"] if one.criticality else []
    details += [f"owner {one.owner}"] if one.owner else ["no owner"]
    return f"{one.address}: {', '.join(details)}"


def _words(length: str) -> str:
    from stocktake.values import duration

    return duration.words(duration.seconds(length))
