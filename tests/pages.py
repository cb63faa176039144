"""The pages of the documentation as things to do: files to write, changes to make, commands to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"^(`{3,})(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language, the files that its title names, and what stands in it."""

    language: str
    paths: tuple[str, ...]
    text: str

    @property
    def commands(self) -> list[str]:
        """The lines to run: all of a shell block, and of a console those after the prompt."""
        lines = self.text.splitlines()
        if self.language == "sh":
            return [line for line in lines if line and not line.startswith("#")]
        return (
            [line.removeprefix("$ ") for line in lines if line.startswith("$ ")] if self.language == "console" else []
        )

    @property
    def shown(self) -> list[str]:
        """What a console shows after its commands."""
        return [line for line in self.text.splitlines() if not line.startswith("$ ")]


def blocks(text: str) -> Iterator[Block]:
    """All blocks of a page, in order."""
    for _, language, title, inner in BLOCK.findall(text):
        yield Block(language, tuple(title.split()), inner)


def apply(block: Block, folder: Path) -> None:
    """Write or change the files that the block names; code for a module that is there goes above its table of rules."""
    for path in block.paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        before = place.read_text("utf-8") if place.exists() else ""
        if block.language == "diff":
            place.write_text(changed(before, block.text), "utf-8")
        elif block.language == "python" and before:
            place.write_text(before.replace("\nRULES = (", f"\n{block.text}\n\nRULES = (", 1), "utf-8")
        else:
            place.write_text(block.text, "utf-8")


def changed(text: str, diff: str) -> str:
    """The text with the lines of a difference that begin with `-` replaced by those that begin with `+`."""
    lines = diff.splitlines(keepends=True)
    before, after = ("".join(line[1:] for line in lines if line[0] != mark) for mark in "+-")
    assert text.count(before) == 1, f"stands there {text.count(before)} times:\n{before}"
    return text.replace(before, after)
