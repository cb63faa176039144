"""Texts that a parser of the standard library reads, and what is raised of one that no parser can."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

_AT_LINE = re.compile(r"at line (\d+)")
_DEEP = "nested too deep"


class NotUnderstoodError(Exception):
    """A text that cannot be read, and the line from which on; 0 where nobody can say."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(message)


def from_json(text: str) -> Any:
    """The value of a text. Raises NotUnderstoodError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise NotUnderstoodError(0, _DEEP) from None
    except ValueError as error:
        raise NotUnderstoodError(getattr(error, "lineno", 0), getattr(error, "msg", "not JSON")) from None


def from_toml(text: str) -> dict[str, Any]:
    """The tables of a text. Raises NotUnderstoodError."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise NotUnderstoodError(0, _DEEP) from None
    except ValueError as error:
        line = _AT_LINE.search(str(error))
        raise NotUnderstoodError(int(line[1]) if line else 0, str(error)) from None
