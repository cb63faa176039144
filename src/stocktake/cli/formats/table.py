"""The formats by name; the module of one is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stocktake.cli.formats.told import Result

# In each module, `lines(result)` gives the lines of the text.
FORMATS = ("concise", "github", "gitlab", "json", "junit", "markdown", "sarif", "text")


def lines(form: str, result: Result) -> Iterator[str]:
    """A result in one of the formats."""
    module = __import__(f"stocktake.cli.formats.{form}", fromlist=["lines"])
    told: Iterator[str] = module.lines(result)
    return told
