"""Coverage of the audit plan: each line with the artifact that answers it, and its state by a formula on the page."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import badge, bar, code, lead, muted, share
from stocktake.render.plan.lines import LINES, PHASES, Line
from stocktake.render.plan.measures import ANSWERED, ENOUGH, NOT_YET, PARTLY, Count, state
from stocktake.render.prose import prose
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

_HERE = "plan.md"
_TONES = {ANSWERED: "pass", PARTLY: "waived", NOT_YET: "unknown"}
_HEADERS = (
    Column("Line"),
    Column("The plan asks", wide=True),
    Column("Artifact"),
    Column("State", facet=True),
    Column("Known", number=True),
    Column("Formula", wide=True),
    Column("What to do", wide=True),
)


def pages(view: View) -> Iterator[Page]:
    """The whole plan, phase by phase."""
    counts = {line.id: line.measure.measured(view) for line in LINES}
    found = {line.id: _state(line, counts[line.id]) for line in LINES}
    blocks: list[Markup | Heading] = [_lead(), _summary(found)]
    for phase, title in PHASES.items():
        lines = [line for line in LINES if line.phase == phase]
        rows = [_row(line, counts[line.id], found[line.id]) for line in lines]
        blocks += [Heading(title), table(_HEADERS, rows, title)]
    yield document(_HERE, "Coverage of the audit plan", blocks, wide=True)


def states(view: View) -> dict[str, str]:
    """Whether each line, by its id, is answered, partly answered or not answered yet."""
    return {line.id: _state(line, line.measure.measured(view)) for line in LINES}


def totals(view: View) -> dict[str, int]:
    """How many lines are answered, partly answered and not answered yet."""
    found = list(states(view).values())
    return {name: found.count(name) for name in (ANSWERED, PARTLY, NOT_YET)}


def _state(line: Line, count: Count) -> str:
    found = state(count) if line.page else NOT_YET
    return PARTLY if found == ANSWERED and line.missing else found


def _lead() -> Markup:
    return lead(
        "What a database audit asks for, line by line. ",
        muted(
            f"A line is answered only where its artifact exists and its formula reaches {ENOUGH} %; "
            "it is partly answered where the formula is above zero, or where a part of the line has no artifact yet. "
            "Nothing here is set by hand."
        ),
    )


def _summary(known: dict[str, str]) -> Markup:
    rows: list[tuple[object, ...]] = []
    for phase, title in PHASES.items():
        found = [state_ for line, state_ in known.items() if line.partition(".")[0] == phase]
        counts = [(name, found.count(name)) for name in (ANSWERED, PARTLY, NOT_YET)]
        shown = bar(
            [(_TONES[name], count) for name, count in counts], ", ".join(f"{count} {name}" for name, count in counts)
        )
        rows.append((anchor(title, f"#{_slug(title)}"), *(count for _, count in counts), len(found), shown))
    found = list(known.values())
    numbers = [found.count(name) for name in (ANSWERED, PARTLY, NOT_YET)]
    shown = bar(
        list(zip(_TONES.values(), numbers, strict=True)),
        f"{numbers[0]} answered, {numbers[1]} partly, {numbers[2]} not yet",
    )
    rows.append((el("b", "All phases"), *(el("b", number) for number in numbers), el("b", len(found)), shown))
    numbered = (Column(name, number=True) for name in ("Answered", "Partly", "Not yet", "Lines"))
    columns = (Column("Phase"), *numbered, Column("Share"))
    return table(columns, rows, "Phases of the plan")


def _slug(title: str) -> str:
    """As the site builder makes the id of a heading."""
    return "-".join("".join(letter for letter in title.lower() if letter.isalnum() or letter in " -").split())


def _row(line: Line, count: Count, found: str) -> tuple[object, ...]:
    artifact = anchor(line.artifact, href(_HERE, line.page)) if line.page else muted(line.artifact)
    known = (
        join((f"{count.known:,} of {count.total:,}", el("br"), muted(share(count.known, count.total))))
        if count.total
        else muted("nothing to count")
    )
    first = line.measure.todo if state(count) != ANSWERED else ""
    todo = None if found == ANSWERED else prose(f"{first} {line.missing}".strip())
    return (
        Cell(code(line.id)),
        line.text,
        artifact,
        Cell(badge(found, f"is-{_TONES[found]}"), list(_TONES).index(found), found),
        Cell(known, count.known / count.total if count.total else -1),
        el("span", prose(line.measure.words), class_="st-small"),
        el("span", todo, class_="st-small") if todo else muted("nothing"),
    )
