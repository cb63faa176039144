"""A door: print results on stdout and progress on stderr, in colour only where a person looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
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
_AT_ONCE = 500


def has_colour(stream: TextIO | None) -> bool:
    """NO_COLOR forbids, FORCE_COLOR demands, else a terminal decides; click itself knows neither."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream is not None and stream.isatty())


def is_coloured() -> bool:
    """Whether the result is written in colour."""
    return has_colour(sys.stdout)


def say(text: str = "") -> None:
    """One line of the result."""
    click.echo(text, color=has_colour(sys.stdout))


def lines(texts: Iterable[str]) -> None:
    """Many lines of the result, written many at once: flushing each would double the time of a long one.

    Not all at once: where PYTHONUNBUFFERED is set, Python would not notice that the reader left within one long write.
    """
    every = list(texts)
    for start in range(0, len(every), _AT_ONCE):
        say("\n".join(every[start : start + _AT_ONCE]))


def raw(content: bytes) -> None:
    """A file as the result, byte for byte."""
    click.echo(content, nl=False)


def data(value: Any) -> None:
    """The result as one JSON object, in ASCII, so that nothing in it reorders or hides what stands around it."""
    import json

    lines(json.dumps(value, indent=2, default=str).splitlines())


def finish() -> bool:
    """Hand over all that was said; false where nobody takes it, which was told before."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # none was given to this process
                stream.flush()
    except OSError:
        return False
    return True


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
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(text, err=True)


def is_asked() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


def ask(question: str, default: str, choices: tuple[str, ...] = ()) -> str:
    """What somebody answers; the default where it is only confirmed."""
    kind = click.Choice(choices) if choices else str
    return str(click.prompt(question, default=default, type=kind, show_default=bool(default), err=True))


def paint(text: str, colour: str, bold: bool = True) -> str:
    """Text in the colour of a severity or role; removed again where no colour is wanted."""
    return click.style(text, fg=_COLOURS.get(colour), bold=bold)
