"""Workflow commands, which GitHub shows as annotations of the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.cli.formats.concise import line
from stocktake.cli.formats.told import Result, Told
from stocktake.render.escape.workflow import command

_SHOWN_AT_MOST = 10  # of each run


def lines(result: Result) -> Iterator[str]:
    """An annotation for each of the first things, and how many more there are."""
    found = result.open
    for one in found[:_SHOWN_AT_MOST]:
        level = "error" if one.counts else "warning"
        title = one.identity if one.rule else ""
        yield command(level, _message(one), file=one.path, line=one.line, col=one.line and one.column, title=title)
    if len(found) > _SHOWN_AT_MOST:
        yield command("notice", f"{len(found) - _SHOWN_AT_MOST} more: `stocktake check` lists all.")


def _message(one: Told) -> str:
    return one.advised(one.message) if one.rule else line(one)
