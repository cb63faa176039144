"""Variables in values: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `$NAME`, `$$`; Spring's `${NAME:default}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<operator>:?[-?+]|:)(?P<rest>[^{}]*))?\})"
)
MOST_ROUNDS = 5


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """The text with the variables that are known or have a default; the others stay as they are written."""
    if "$" not in text:
        return text
    for _ in range(MOST_ROUNDS):
        # The innermost variables first, so that a default may hold a variable.
        changed = _VARIABLE.sub(lambda match: _value(match, values), text)
        if changed == text:
            break
        text = changed
    return text.replace("\0", "$")


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    if match["dollar"]:
        return "\0"
    value = values.get(match["bare"] or match["name"])
    operator = match["operator"] or ""
    if operator.endswith("+"):
        return match["rest"] if value else ""
    if value or (value is not None and operator not in (":-", ":")):
        return value
    return match["rest"] if operator.endswith("-") or operator == ":" else match[0]
