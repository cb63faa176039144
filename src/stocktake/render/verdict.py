"""Say who must approve what becomes weaker, whose approval counts and whose does not: as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stocktake.model.approval import CLAIMED, SITES, Author, Ballot, Counted, Verdict
from stocktake.model.weakening import HandEdit
from stocktake.render.escape.markdown import code, escape
from stocktake.values.text import listed

_HOW = {"host": "review", "signature": "signature", "trailer": "trailer"}
_NAME = "name this address in `emails` of a member, in .mailmap, or as a signer"
_SITE = "the site wrote for somebody, and only the host knows for whom: commit it under an address of your own"


def text_lines(ballot: Ballot, edits: Sequence[HandEdit]) -> Iterator[str]:
    """What is refused first, then what was approved, then each approval."""
    for one in sorted(ballot.verdicts, key=lambda one: not one.is_refused):
        yield f"{_state(one)}: {one.weakening.text()} ({one.weakening.gate})"
        yield f"  {_who(one)}"
    for edit in edits:
        yield f"refused: {edit.path} {edit.words}"
        yield "  look again with `stocktake discover --write` or `stocktake observe`, and commit what that writes"
    if not ballot.verdicts:
        return
    for found in ballot.approvals:
        yield _approval(found)
    for author in ballot.unknown:
        yield f"unknown author: {author.text()}: {_advice(author)}"


def total(ballot: Ballot, edits: Sequence[HandEdit]) -> str:
    """All of it in one sentence."""
    refused, found = len(ballot.refused), len(ballot.verdicts)
    weaker = (
        f"{found} thing{'s' * (found != 1)} become{'s' * (found == 1)} weaker" if found else "Nothing becomes weaker"
    )
    parts = [weaker]
    if found:
        parts.append(f"{refused} not approved" if refused else "all approved or with nobody to ask")
    if edits:
        parts.append(f"{len(edits)} file{'s' * (len(edits) != 1)} of observations edited by hand")
    return f"{', '.join(parts)}."


def markdown_lines(ballot: Ballot, edits: Sequence[HandEdit]) -> Iterator[str]:
    """The same as tables; nothing in it is taken for Markdown."""
    if ballot.verdicts:
        yield "| Becomes weaker | What | Gate | Who must approve | Approved by |"
        yield "| --- | --- | --- | --- | --- |"
        for one in sorted(ballot.verdicts, key=lambda one: not one.is_refused):
            weak = one.weakening
            where = f" in {weak.environment}" if weak.environment else ""
            by = escape(listed(one.by)) if one.by else "**nobody**" if one.is_asked else "nobody is there to ask"
            what = f"{weak.field}{where}: {weak.words}" if weak.field else weak.words
            yield f"| {code(weak.subject)} | {escape(what)} | {code(weak.gate)} | {escape(one.wanted())} | {by} |"
    if edits:
        yield ""
        yield "| Edited by hand | How it shows |"
        yield "| --- | --- |"
        for edit in edits:
            yield f"| {code(edit.path)} | {escape(edit.words)} |"
    if ballot.verdicts and ballot.approvals:
        yield ""
        yield "| Approval | Of | Counts |"
        yield "| --- | --- | --- |"
        for found in ballot.approvals:
            why = escape(f"no, it {found.why}") if found.why else "yes"
            yield f"| {_HOW[found.approval.how]} | {escape(found.approval.by)} | {why} |"
    for advice in dict.fromkeys(map(_advice, ballot.unknown if ballot.verdicts else ())):
        who = listed(escape(author.text()) for author in ballot.unknown if _advice(author) == advice)
        yield ""
        yield f"Nobody knows who {who} is: {escape(advice)}"


def _advice(author: Author) -> str:
    """What makes an unknown author known."""
    return _SITE if author.email in SITES else _NAME


def _state(one: Verdict) -> str:
    return "approved" if one.by else "refused" if one.is_asked else "not asked"


def _who(one: Verdict) -> str:
    if one.by:
        return f"by {listed(one.by)}"
    if not one.is_asked:
        return f"nobody else is known {f'in {one.team}' if one.team else 'in any team'} by handle or e-mail address"
    return f"needs {one.wanted()}"


def _approval(found: Counted) -> str:
    one = found.approval
    state = "claimed" if one.how == CLAIMED else "does not count" if found.why else "counts"
    place = f" ({one.place})" if one.place else ""
    return f"{_HOW[one.how]} of {one.by}{place} {state}{f': it {found.why}' if found.why else ''}"
