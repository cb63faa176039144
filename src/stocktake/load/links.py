"""Links of hand-written pages to pages of records: where each stands, and which record it asks for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\([ \t]*<?([^()\s<>#?]+)|^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s<>#?]+)", re.MULTILINE)
_NOT_BLANK = re.compile(r"[^\n]")
_INDEX = re.compile(r"index(?:_[0-9]+)?\Z")


def to_records(text: str, path: str, kinds: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """(address, line, column) of each link to the page of a record; `path` is that of the page below docs/."""
    if "](" not in text and "]:" not in text:
        return
    for hidden in (_FENCE, _CODE):
        text = hidden.sub(lambda found: _NOT_BLANK.sub(" ", found[0]), text)
    for link in _LINK.finditer(text):
        group = 1 if link[1] else 2
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[group]))
        kind, _, name = target.rpartition("/")
        if kind in kinds and name.endswith(".md") and not _INDEX.match(name.removesuffix(".md")):
            start = link.start(group)
            yield (
                f"{kind}/{name.removesuffix('.md')}",
                text.count("\n", 0, start) + 1,
                start - text.rfind("\n", 0, start),
            )
