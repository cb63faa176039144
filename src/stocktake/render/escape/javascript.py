"""JavaScript: values as literals of a script file, in ASCII, with nothing that could end a script element."""

from __future__ import annotations

import json


def literal(value: object) -> str:
    """A value of strings, numbers, lists and mappings as an expression."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
