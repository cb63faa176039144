"""Tell secrets in the files of a repository: where each stands, and what it looks like, but never its value."""

from __future__ import annotations

from stocktake.errors import Problem
from stocktake.load.files import TOLD_AT_MOST, told
from stocktake.load.places import fact
from stocktake.load.strict import Document, parse
from stocktake.model.kind import Shape
from stocktake.values import secret

_IN_RECORD = "A secret never enters a record: name where it is kept, or end the line with `# not-secret: REASON`."
_IN_PAGE = "A secret never enters a page: name where it is kept, or end the line with `<!-- # not-secret: REASON -->`."


def in_record(front: str, body: str, path: str, shape: Shape) -> list[Problem]:
    """Secrets in a record, each with the fact that holds it, where it stands in one."""
    document = parse(front)
    text = f"{front}\n{body}" if body else front  # the empty line stands for the second fence
    found = [(*_place(text, offset), what) for offset, what in secret.in_text(text)[: TOLD_AT_MOST + 1]]
    lines = front.count("\n") + 1
    rows = [(line, column, _fact(document, front, line, column, shape), what) for line, column, what in found]
    return told(
        [
            Problem(path, line, column, name if line <= lines else "", _said(what), _IN_RECORD)
            for line, column, name, what in rows
        ]
    )


def in_page(text: str, path: str) -> list[Problem]:
    """Secrets in a hand-written page."""
    found = secret.in_text(text)[: TOLD_AT_MOST + 1]
    return told([Problem(path, *_place(text, offset), "", _said(what), _IN_PAGE) for offset, what in found])


def _said(what: str) -> str:
    return f"looks like a secret ({what})"


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _fact(document: Document, text: str, line: int, column: int, shape: Shape) -> str:
    """The name of the fact whose value holds a place; a comment and a key hold none."""
    before = text.split("\n")[line - 1][: column - 1] if line <= text.count("\n") + 1 else ""
    if before.lstrip().startswith("#") or " #" in before:
        return ""
    values = [(place, len(path), path) for path, place in document.values.items() if place <= (line, column)]
    keys = [(place, len(path), ()) for path, place in document.keys.items() if place <= (line, column)]
    return fact(max([*values, *keys], key=lambda one: one[:2], default=((0, 0), 0, ()))[2], shape)
