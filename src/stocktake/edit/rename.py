"""Give a record another id in a text: references to it and the list of its former ids, and nothing else."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from stocktake.edit.fix import Mend, rewritten

Path = tuple[str | int, ...]
Place = tuple[int, int]
FORMERLY = "formerly"


def replaced(text: str, values: Mapping[Path, Place], changes: Mapping[Path, tuple[str, str]]) -> str:
    """The text with values replaced, each (old, new), in the quotes that it had; `values` says where each begins.

    A value that is written otherwise, over several lines for example, stays.
    """
    lines = text.split("\n")
    mends = []
    for path, (old, new) in changes.items():
        line, column = values[path]
        rest = lines[line - 1][column - 1 :]
        quote = rest[:1] if rest[:1] in ("'", '"') else ""
        written = new.strip('"') if quote else new
        mends.append(Mend(path, line, column, f"{quote}{old}{quote}", f"{quote}{written}{quote}"))
    return rewritten(text, mends)


def remembered(text: str, values: Mapping[Path, Place], former: Sequence[str] | None, old: str, end: int) -> list[str]:
    """Texts in which `old` stands among the former ids, the one to prefer first; `former` are those of before.

    `end` is the line before which a new line still belongs to the record, counted from 1.
    """
    lines = text.split("\n")
    ending = "\r" if lines[0].endswith("\r") else ""
    if former is None:
        if lines[values[()][0] - 1].startswith("{", values[()][1] - 1):
            return [_inserted(lines, values[()], f"{FORMERLY}: [{old}], ")]
        first = values[()][0]
        return ["\n".join([*lines[: n - 1], f"{FORMERLY}: [{old}]{ending}", *lines[n - 1 :]]) for n in (end, first)]
    line, column = values[(FORMERLY,)]
    head, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if rest.startswith("["):
        return [_inserted(lines, (line, column), f"{old}, " if former else old)]
    if head.strip():
        return []
    return ["\n".join([*lines[: line - 1], f"{head}- {old}{ending}", *lines[line - 1 :]])]


def _inserted(lines: Sequence[str], place: Place, what: str) -> str:
    """The text with something put behind the bracket that stands at a place."""
    line, column = place
    changed = f"{lines[line - 1][:column]}{what}{lines[line - 1][column:]}"
    return "\n".join([*lines[: line - 1], changed, *lines[line:]])


def relinked(text: str, page: str, old: str, new: str, was: str) -> str:
    """A hand-written text whose links to a record lead to where it is now, be it to its page or to its file.

    `page` is where the text stands, `old` and `new` are addresses, and `was` is the path of the record's file.
    """
    stem, later = old.partition("/")[2], new.partition("/")[2]

    def moved(link: re.Match[str]) -> str:
        target = link[2]
        folder, _, name = target.rpartition("/")
        if not name.startswith(f"{stem}."):
            return link[0]
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
        is_page = name[len(stem) :] in _PAGES and _UPWARDS.sub("", target) == f"{old}{name[len(stem) :]}"
        if not is_page and file != was:
            return link[0]
        return f"{link[1]}{folder}{'/' if folder else ''}{later}{name[len(stem) :]}"

    return _LINK.sub(moved, text)


# What leads somewhere: a link or picture in the text, or a definition at the beginning of a line.
_LINK = re.compile(r"(\]\(<?|^ {0,3}\[[^\]\n]+\]: *<?)([^\s()<>#?]+)", re.MULTILINE)
_UPWARDS = re.compile(r"^(?:\.{1,2}/)+")
_PAGES = (".html", ".md", ".svg")
