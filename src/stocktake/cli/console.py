"""A door: print results on stdout and progress on stderr, in colour only where a person looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO

import click

_COLOURS = {
    "critical": "red",
    "high": "red",
    "medium": "yellow",
    "low": "blue",
    "info": "cyan",
    "error": "red",
    "good": "green",
    "path": "cyan",
}


def has_colour(stream: TextIO) -> bool:
    """NO_COLOR forbids, FORCE_COLOR demands, else a terminal decides; click itself knows neither."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def say(text: str = "") -> None:
    """One line of the result."""
    click.echo(text, color=has_colour(sys.stdout))


def lines(texts: Iterable[str]) -> None:
    """Many lines of the result, written at once: flushing each would double the time of a long one."""
    if text := "\n".join(texts):
        say(text)


def data(value: Any) -> None:
    """The result as one JSON object, in ASCII, so that nothing in it reorders or hides what stands around it."""
    import json

    click.echo(json.dumps(value, indent=2, default=str))


def finish() -> None:
    """Hand over all that was said; who closed the pipe does not want it."""
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()


def complain(text: str) -> None:
    """What went wrong, on stderr."""
    click.echo(
        f"{paint('error', 'error')}: {text}" if has_colour(sys.stderr) else f"error: {text}",
        err=True,
        color=has_colour(sys.stderr),
    )


def trace(text: str) -> None:
    """A traceback, which is ours to mend."""
    click.echo(text, err=True)


def progress(text: str) -> None:
    """What is going on, on stderr and only on a terminal."""
    if sys.stderr.isatty():
        click.echo(text, err=True)


def paint(text: str, colour: str, bold: bool = True) -> str:
    """Text in the colour of a severity or role; removed again where no colour is wanted."""
    return click.style(text, fg=_COLOURS.get(colour), bold=bold)
