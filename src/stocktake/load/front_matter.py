"""Markdown records: YAML between two lines of three hyphens, then the text."""

from __future__ import annotations

from stocktake.errors import Problem

_FENCES = (b"---\n", b"---\r\n")


def split(raw: bytes, path: str) -> tuple[bytes, str, list[Problem]]:
    """(front matter, body, problems); the front matter keeps its line numbers: an empty line stands for the first
    fence.
    """
    from stocktake.load.yaml import encoding_problems

    if problems := encoding_problems(raw, path, tabs=True):
        return b"", "", problems
    lines = raw.splitlines(keepends=True)
    if not lines or lines[0] not in _FENCES:
        return (
            b"",
            "",
            [
                Problem(
                    path,
                    1,
                    1,
                    "",
                    "does not begin with front matter",
                    "The first line is ---, then YAML, then --- again.",
                )
            ],
        )
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == b"---":
            return b"\n" + b"".join(lines[1:number]), b"".join(lines[number + 1 :]).decode(), []
    return b"", "", [Problem(path, 1, 1, "", "the front matter does not end", "Put a line of --- below it.")]
