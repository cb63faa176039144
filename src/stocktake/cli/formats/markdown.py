"""Markdown for a comment or a job summary: counts, and a table of what to mend."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.cli.formats.told import Result, Told
from stocktake.render.escape.markdown import code, escape


def lines(result: Result) -> Iterator[str]:
    """A heading, the counts, and a row for each thing; no text in it is taken for Markdown."""
    yield "## Stocktake check"
    yield ""
    for text, _ in result.footer:
        yield f"- {escape(text)}"
    found = result.open
    if not found:
        return
    yield ""
    yield "| Counts | Severity | Rule | Where | What | What to do |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in found:
        yield f"| {' | '.join(_cells(one))} |"


def _cells(one: Told) -> Iterator[str]:
    where = one.path + (f":{one.line}" if one.line else "")
    yield "yes" if one.counts else "no"
    yield one.severity if one.rule else "wrong input"
    yield escape(one.rule) if one.rule else ""
    yield code(where) if where else ""
    yield ": ".join(escape(text) for text in (one.about(), one.message) if text)
    yield escape(one.hint) if one.hint else ""
