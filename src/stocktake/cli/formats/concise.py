"""One line for each thing, without colour or counts: for logs and other programs."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.cli.formats.told import Result, Told


def lines(result: Result) -> Iterator[str]:
    """`path:line:column: what`, and for what is wrong also what to do."""
    for one in result.open:
        yield line(one)


def line(one: Told) -> str:
    """One thing on one line."""
    return one.headline() if one.rule else one.advised(one.headline())
