"""A comparison as Markdown: a comment that a host takes, or a whole summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stocktake.model.comparison import Comparison, Picture
from stocktake.render.comparison import words
from stocktake.render.escape.markdown import code, escape
from stocktake.render.escape.mermaid import quoted
from stocktake.render.verdict import markdown_lines

MARK = "<!-- stocktake:digest -->"
# A comment may hold 65,536 characters, and whoever posts it adds a line or two.
COMMENT, SUMMARY = 60_000, 900_000
Block = Sequence[str]


def markdown(found: Comparison, most: int) -> str:
    """The verdict and as many whole sections as fit into so many characters; what does not fit is named."""
    text = [MARK, f"## {escape(words.headline(found).capitalize())}"]
    end = ["", f"<sub>{escape(words.as_of(found))}</sub>", ""]
    left = most - sum(len(line) + 1 for line in (*text, *end)) - 2_000  # for what names what does not fit
    missing = []
    for title, block in _sections(found):
        body = list(block)
        if not body:
            continue
        kept = _fitted(["", f"### {title}", "", *body], left)
        text += kept
        left -= sum(len(line) + 1 for line in kept)
        if len(kept) < len(body) + 3:
            missing.append(title)
    if missing:
        text += [
            "",
            f"> {escape('Not all of this fits: ' + ', '.join(missing) + '. The whole digest is kept with the run.')}",
        ]
    return "\n".join([*text, *end])


def _fitted(block: Block, left: int) -> list[str]:
    """The block, or the rows of its table that fit; a picture fits whole or not at all."""
    size = sum(len(line) + 1 for line in block)
    if size <= left:
        return list(block)
    if not block[-1].startswith("|"):
        return []
    kept: list[str] = []
    for number, line in enumerate(block):
        left -= len(line) + 1
        if left < 0:
            return kept if number > 5 else []  # a heading and a table without rows say nothing
        kept.append(line)
    return kept


def _sections(found: Comparison) -> Iterator[tuple[str, Iterator[str]]]:
    yield "Must be approved", markdown_lines(found.ballot, found.edits)
    yield "New findings", _findings(found)
    yield "What changes", _records(found)
    yield (
        "Findings that are gone",
        _table(("Finding", "Now"), [(code(one.identity), escape(one.now or "gone")) for one in found.vanished]),
    )
    yield "Waivers", _waivers(found)
    yield "Drift accepted", _accepted(found)
    yield (
        "Recovery objectives that cannot be kept",
        _table(("What",), [(escape(words.conflict(one)),) for one in found.conflicts]),
    )
    edges = [("seen, not declared", one) for one in found.undeclared] + [
        ("declared, not seen", one) for one in found.unseen
    ]
    yield (
        "Dependencies",
        _table(
            ("Is", "From", "", "To", "Where"),
            [(what, code(one.source), escape(one.type), code(one.target), code(one.place)) for what, one in edges],
        ),
    )
    yield "What judges, and differs", _table(("File",), [(code(path),) for path in found.judges])
    yield (
        "Stops with what changed",
        _table(
            ("Asset", "Criticality", "Owner"),
            [(code(one.address), escape(one.criticality or "-"), code(one.owner or "-")) for one in found.reached],
        ),
    )
    yield "Whom to ask", _table(("Team",), [(code(owner),) for owner in found.owners])
    yield "Before and after", _pictures(found)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"| {' | '.join(heads)} |"
        yield f"|{' --- |' * len(heads)}"
        yield from (f"| {' | '.join(row)} |" for row in rows)


def _findings(found: Comparison) -> Iterator[str]:
    rows = []
    for one in found.appeared:
        place = f"{one.path}:{one.line}" if one.path and one.line else one.path
        counts = "yes" if one.counts else "no"
        rows.append((counts, one.severity, code(one.identity), code(place) if place else "", escape(one.message)))
    return _table(("Counts", "Severity", "Finding", "Where", "What"), rows)


def _waivers(found: Comparison) -> Iterator[str]:
    rows = [
        (one.how, code(one.address), code(one.accepts), escape(one.until), escape(one.until_now), escape(one.reason))
        for one in found.waivers
    ]
    return _table(("", "Waiver", "Accepts", "Until, before", "Until, after", "Why"), rows)


def _accepted(found: Comparison) -> Iterator[str]:
    rows = []
    for one in found.accepted:
        where = f" in {one.environment}" if one.environment else ""
        step = f"{escape(one.meant or 'nothing')} → {escape(one.accepted or 'nothing')}"
        rows.append((code(one.address), code(f"{one.field}{where}"), step))
    return _table(("Record", "Fact", "Meant before → meant now"), rows)


def _records(found: Comparison) -> Iterator[str]:
    rows = []
    for how in words.ORDER:
        for one in found.records:
            if one.how == how:
                former = f" formerly {code(one.former)}" if one.former else ""
                rows.append((how, f"{code(one.address)}{former}", escape(one.name), "", ""))
                for fact in one.changes:
                    where = f" in {fact.environment}" if fact.environment else ""
                    weaker = " **weaker**" if fact.gates else ""
                    step = f"{escape(fact.before or 'nothing')} → {escape(fact.after or 'nothing')}{weaker}"
                    rows.append(("", "", "", code(f"{fact.field}{where}"), step))
    return _table(("", "Record", "Name", "Fact", "Before → after"), rows)


def _pictures(found: Comparison) -> Iterator[str]:
    before, after = found.pictures
    if before == after or not (before.nodes or after.nodes):
        return
    yield "<details><summary>The neighbourhood of what changes</summary>"
    for title, picture in (("Before", before), ("After", after)):
        yield ""
        yield f"**{title}**"
        yield ""
        yield "```mermaid"
        yield from _mermaid(picture)
        yield "```"
    yield ""
    yield "</details>"


def _mermaid(picture: Picture) -> Iterator[str]:
    names = {address: f"n{number}" for number, (address, _) in enumerate(picture.nodes, 1)}
    yield "flowchart LR"
    for address, name in picture.nodes:
        yield f"  {names[address]}[{quoted(name)}]"
    for source, target, verb in picture.edges:
        yield f"  {names[source]} -->|{quoted(verb)}| {names[target]}"
