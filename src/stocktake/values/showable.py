"""A problem as it may be shown: what hides is made visible, and secrets are taken out."""

from stocktake.errors import Problem
from stocktake.values.secret import find, redact
from stocktake.values.text import shown

_SHOWN_AT_MOST = 60


def showable(problem: Problem) -> Problem:
    """Each part by itself, since `passwd: is outside` would read like a key with its value."""
    path, field, message, hint = (
        redact(shown(part)) for part in (problem.path, problem.field, problem.message, problem.hint)
    )
    return problem._replace(path=path, field=field, message=message, hint=hint)


def quoted(name: str, value: str) -> str:
    """What stands under a name, in quotes and cut where it is long; a secret only as `•••`."""
    text = redact(value)
    if text == value and find(name, value.strip()):  # a block of text ends with a line end
        text = "•••"
    return f'"{shown(text if len(text) <= _SHOWN_AT_MOST else f"{text[: _SHOWN_AT_MOST - 3]}...")}"'
