"""Make HTML of a page as MkDocs does, without reading again as Markdown what is HTML already."""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from stocktake.pipeline.builder.tokens import elements

_BEFORE_HTML = 20.5  # Python-Markdown takes HTML out of the text at 20
_TITLE = re.compile(r"#{1,6} \S.*")


def leads_nowhere(text: str) -> bool:
    """Whether no link or image can be written in it as Markdown, so that it stays right whatever becomes of other
    pages.
    """
    return "](" not in text and "]:" not in text


def html(text: str, extensions: list[str], settings: dict[str, Any]) -> tuple[str, list[Any]]:
    """The page, and its headings as the extension `toc` tells them."""
    # A new converter for each page, as MkDocs does: extensions may remember the page before.
    converter = Markdown(extensions=[*extensions, _Blocks()], extension_configs=settings)
    return converter.convert(text), getattr(converter, "toc_tokens", [])


class _Blocks(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is theirs
        md.preprocessors.register(_Stash(md), "stocktake_blocks", _BEFORE_HTML)


class _Stash(Preprocessor):  # type: ignore[misc]
    """Put elements that fill a line aside, as Python-Markdown does after it has parsed them.

    Only where the page holds nothing else but headings: in other text an element may stand inside of another block.
    """

    def run(self, lines: list[str]) -> list[str]:
        before = ["", *lines]
        if any(line and (before[number] or not _follows(lines, number)) for number, line in enumerate(lines)):
            return lines
        blocks = [self._blocks(line) if line else [] for line in lines]
        if any(found is None for found in blocks):
            return lines
        stored = (self._stored(found, line) for found, line in zip(blocks, lines, strict=True))
        return [part for text in stored for part in text.split("\n")]

    def _blocks(self, line: str) -> list[str] | None:
        """The elements that fill the line, none where it is a heading; None where it is something else."""
        if not line.startswith("<"):
            return [] if _TITLE.fullmatch(line) else None
        found = elements(line)
        is_all = found and all(self.md.is_block_level(tag) for tag, _ in found)
        return [html for _, html in found] if found and is_all else None

    def _stored(self, blocks: list[str] | None, line: str) -> str:
        if not blocks:
            return line
        *first, last = blocks
        return "\n\n".join(self.md.htmlStash.store(html) for html in (*first, f"{last}\n"))


def _follows(lines: list[str], number: int) -> bool:
    """Whether an empty line comes next, or nothing."""
    return not any(lines[number + 1 : number + 2])
