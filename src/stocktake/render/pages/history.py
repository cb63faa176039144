"""What changed in the registry, and who agreed: the history of configuration, and the ledger of approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from stocktake.model.chronicle import Touch
from stocktake.render.chronicle import APPROVALS, HEADERS, HISTORY, came_with, names, row, when
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.paged import paged
from stocktake.render.parts import badge, code, counted, lead, muted, note
from stocktake.render.prose import summary
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href

SIGNATURES = ".stocktake/approvals/"
_SIGNATURE = ".sig"
# The newest; what is older is told by Git.
_ROWS, _ENTRIES = 2_000, 1_000
_LINKS = 4
_LEDGER = (
    Column("When"),
    "Came with",
    Column("What it was for", wide=True),
    Column("Records", wide=True),
    Column("Written by", facet=True),
    Column("Approved by"),
    Column("Approval", facet=True),
    Column("Commits", number=True),
)
_TONES = {"signed": "is-pass", "not verified": "is-fail"}
Blocks = list[Markup | Heading | None]


class _Entry(NamedTuple):
    """What came in together: with one pull request, or in one commit."""

    touches: list[Touch]

    def signed(self, view: View) -> list[tuple[str, str]]:
        """Of whom signatures came with it, and why each proves nothing; those that are gone are only files."""
        paths = {touch.path for touch in self.touches if touch.path.startswith(SIGNATURES)}
        found = {path: view.past.signatures.get(path) for path in paths if path.endswith(_SIGNATURE)}
        return sorted(
            {
                (one.by, one.flaw) if one else (path.rpartition("/")[2].removesuffix(_SIGNATURE), "is not kept")
                for path, one in found.items()
            }
        )

    @property
    def claimed(self) -> list[str]:
        """Who approved it as trailers say."""
        return list(dict.fromkeys(name for touch in self.touches for name in touch.deed.claimed))


def pages(view: View) -> Iterator[Page]:
    """Both pages, also where there is no history: they say why."""
    touches = [touch for touch in view.past.touches if not touch.path.startswith(SIGNATURES)]
    rows = [_with_record(view, touch) for touch in touches[:_ROWS]]
    headers = (HEADERS[0], Column("Record", wide=True), *HEADERS[1:])
    intro: Blocks = [_history_lead(view), _told(view), _bound(len(touches), _ROWS, "change")]
    empty = "Nothing was committed below registry/ yet."
    for path, part in paged(view, HISTORY, headers, rows, "What changed, newest first", empty):
        yield document(path, "Change history", [*intro, part], wide=True, searched=False)
    entries = list(islice(_entries(view.past.touches), _ENTRIES + 1))
    ledger = [_entry(view, one) for one in entries[:_ENTRIES]]
    intro = [_ledger_lead(view), _told(view), _bound(len(entries), _ENTRIES, "entry", "entries")]
    for path, part in paged(view, APPROVALS, _LEDGER, ledger, "What came in and who agreed", empty):
        yield document(path, "Approvals", [*intro, part], wide=True, searched=False)


def _history_lead(view: View) -> Markup:
    return lead(
        "Who changed what, when, and why? ",
        muted(
            "Every change of a record or of the settings, from the history in Git. "
            "Names are those that Git has: anybody can write them, unless commits are signed. ",
            anchor("Who agreed", href(HISTORY, APPROVALS)),
            ".",
        ),
    )


def _ledger_lead(view: View) -> Markup:
    return lead(
        "Who agreed to what came in? ",
        muted(
            "One line for each pull request, as messages of merges name it, and for each commit without one. ",
            badge("signed", "is-pass"),
            " means that a signature came with it, which was verified again for this page, as at its day; ",
            badge("not verified", "is-fail"),
            " that one came which proves nothing: ",
            code("stocktake approve --kept"),
            " says why; ",
            badge("claimed", "is-unknown"),
            " that a trailer names somebody, which anybody can write and nothing counts.",
        ),
    )


def _told(view: View) -> Markup | None:
    return note("info", view.past.told) if view.past.told else None


def _bound(number: int, most: int, one: str, many: str = "") -> Markup | None:
    if number <= most:
        return el("p", counted(number, one, many), ".", class_="st-muted") if number else None
    words = f"The newest {most:,} {many or f'{one}s'}. "
    return el("p", words, code("git log -- registry"), " tells the rest.", class_="st-muted")


def _with_record(view: View, touch: Touch) -> tuple[object, ...]:
    first, *others = row(touch)
    return (first, _record(view, HISTORY, touch), *others)


def _record(view: View, here: str, touch: Touch) -> Markup:
    return view.link(here, touch.address) if touch.address else code(touch.path)


def _entries(touches: Sequence[Touch]) -> Iterator[_Entry]:
    """Newest first; a pull request stands where its newest commit does."""
    by: dict[str, _Entry] = {}
    for touch in touches:
        by.setdefault(touch.deed.request or touch.deed.commit, _Entry([])).touches.append(touch)
    yield from by.values()


def _entry(view: View, entry: _Entry) -> tuple[object, ...]:
    newest = entry.touches[0].deed
    authors = sorted({touch.deed.author for touch in entry.touches})
    signed, claimed = entry.signed(view), entry.claimed
    signers = [by for by, flaw in signed if not flaw]
    doubtful = [by for by, flaw in signed if flaw]
    word = "signed" if signers else "not verified" if doubtful else "claimed" if claimed else "nobody named"
    agreed = join(_agreed(signers, doubtful, claimed), "; ") if signed or claimed else None
    return (
        when(newest.time),
        came_with(newest) or code(newest.commit[:8]),
        summary(newest.subject, 90),
        _records(view, entry),
        Cell(", ".join(summary(one, 90) for one in authors[:3]), authors[0], authors[0]),
        agreed,
        Cell(badge(word, _TONES.get(word, "is-unknown")), word, word),
        len({touch.deed.commit for touch in entry.touches}),
    )


def _agreed(signers: Sequence[str], doubtful: Sequence[str], claimed: Sequence[str]) -> Iterator[Markup]:
    if signers:
        yield names(signers, "signed", "a signature came with it, and is good")
    if doubtful:
        yield names(doubtful, "not verified", "a signature came with it, and proves nothing")
    if claimed:
        yield names(claimed, "claimed", "a trailer says so, which anybody can write")


def _records(view: View, entry: _Entry) -> Markup | None:
    touched = [touch for touch in entry.touches if not touch.path.startswith(SIGNATURES)]
    first = {touch.address or touch.path: touch for touch in reversed(touched)}
    links = [_record(view, APPROVALS, first[name]) for name in sorted(first)[:_LINKS]]
    more = [f"and {len(first) - _LINKS:,} more"] if len(first) > _LINKS else []
    return join((*links, *more), ", ") if links else None
