"""The quality of the register itself: how much is known, who could refute it, and what runs out."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.coverage import (
    DECLARED_ONLY,
    FACT_STATES,
    OBSERVED,
    STALE,
    UNKNOWN,
    WITHIN,
    Coverage,
    Expiry,
    Known,
    Part,
)
from stocktake.render import trend_charts, unsupported
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day
from stocktake.render.paged import filed
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted, share
from stocktake.render.table import Cell, Column, pairs
from stocktake.render.view import View, href

_HERE = "coverage.md"
_MOST_NAMES = 6
_WORDS = {state: state.replace("-", " ") for state in FACT_STATES}
_FACTS = tuple(Column(word.capitalize(), number=True) for word in _WORDS.values())


def pages(view: View) -> Iterator[Page]:
    """The whole page; there is none where nobody counted."""
    found = view.coverage
    if found is None:
        return
    blocks: list[Markup | Heading | None] = [
        lead(
            "How much of this can be trusted? ", muted("What is known, who could refute it, and until when it holds.")
        ),
        _figures(found),
        trend_charts.beside(view, _HERE, "coverage", "freshness"),
        Heading("What runs out"),
        _expiries(view, found),
        Heading("Systems and teams"),
        _parts(view, found),
        Heading("Facts of each record"),
        pairs((_WORDS[state], meaning) for state, meaning in FACT_STATES.items()),
        _records(view, found),
        Heading("Declared only"),
        el("p", "No machine that looks here could refute these: somebody has to ask, now and then.", class_="st-muted"),
        _unrefuted(view, found),
        Heading("Rules without all their answers"),
        _rules(view, found.parts[0]),
        *unsupported.blocks(view, _HERE),
    ]
    yield document(_HERE, "Quality of the register", blocks, wide=True)


def _figures(found: Coverage) -> Markup:
    whole = found.parts[0]
    total = sum(whole.facts.values())
    soon, late = len(found.between(0, WITHIN[-1])), len(found.overdue)
    figures = (
        (
            whole.answered,
            whole.asked,
            "Questions answered",
            "the others are unknown",
            "#rules-without-all-their-answers",
        ),
        (whole.facts[OBSERVED], total, "Facts seen lately", "declared or not, by a machine", "#facts-of-each-record"),
        (whole.facts[DECLARED_ONLY], total, "Declared only", "no machine here could refute them", "#declared-only"),
        (whole.facts[STALE] + whole.facts[UNKNOWN], total, "Stale or unknown", "nobody knows", "#facts-of-each-record"),
    )
    first = [Card(count, f" of {of:,}", title, told, where) for count, of, title, told, where in figures]
    tone = "bad" if late else "plain"
    return cards(
        (*first, Card(soon, "", "Run out soon", f"within {WITHIN[-1]} days; {late} overdue", "#what-runs-out", tone))
    )


def _expiries(view: View, found: Coverage) -> Markup:
    listed = [*found.overdue, *found.between(0, WITHIN[-1])]
    headers = (
        Column("When", facet=True),
        Column("Day"),
        Column("What", wide=True),
        Column("Environment"),
        Column("Fact"),
    )
    rows = [
        (_when(one), Cell(day(one.day), one.day), view.subject(_HERE, one.address), one.environment, code(one.name))
        for one in listed
    ]
    return filed(view, _HERE, "expiries", headers, rows, "What runs out", f"Nothing runs out within {WITHIN[-1]} days.")


def _when(one: Expiry) -> Cell:
    if one.days < 0:
        return Cell(badge("overdue", "is-fail"), one.days, "overdue")
    word = f"within {next(days for days in WITHIN if one.days <= days)} days"
    return Cell(badge(word, "is-waived"), one.days, word)


def _parts(view: View, found: Coverage) -> Markup:
    headers = (
        Column("Part"),
        *(Column(title, number=True) for title in ("Records", "Questions", "Answered", "Share")),
        *_FACTS,
    )
    rows = [_part(view, part) for part in found.parts]
    return filed(view, _HERE, "parts", headers, rows, "Coverage by system and team", "There is no part.")


def _part(view: View, part: Part) -> tuple[object, ...]:
    known = share(part.answered, part.asked)
    return (_name(view, part), part.records, part.asked, part.answered, known, *part.facts.values())


def _name(view: View, part: Part) -> object:
    if part.id:
        return join((muted(f"{part.what} "), view.link(_HERE, f"{part.what}/{part.id}")))
    return "the whole estate" if part.what == "estate" else muted(f"in no {part.what}")


def _records(view: View, found: Coverage) -> Markup:
    headers = (
        Column("Record"),
        Column("Environment", facet=True),
        *_FACTS,
        Column("Seen last"),
        Column("Written"),
        Column("What is unknown", wide=True),
    )
    rows = [_record(view, record) for record in found.records]
    nothing = "There is no record of what runs."
    return filed(view, _HERE, "records", headers, rows, "Facts of each record", nothing)


def _record(view: View, record: Known) -> tuple[object, ...]:
    last, written = record.seen_last, record.written
    unknown = record.names(UNKNOWN)
    more = muted(f" and {len(unknown) - _MOST_NAMES} more") if len(unknown) > _MOST_NAMES else None
    names = join((join(map(code, unknown[:_MOST_NAMES]), ", "), more)) if unknown else None
    return (
        view.link(_HERE, record.address),
        record.environment,
        *map(record.count, FACT_STATES),
        last and Cell(day(last), last),
        written and Cell(day(written), written),
        names,
    )


def _unrefuted(view: View, found: Coverage) -> Markup:
    rows = [(kind, code(name), count) for kind, name, count in found.unrefuted()]
    headers = (Column("Kind", facet=True), Column("Fact"), Column("How often declared", number=True))
    nothing = "A machine sees each fact that is declared."
    return filed(view, _HERE, "unrefuted", headers, rows, "Facts that nobody can refute", nothing)


def _rules(view: View, whole: Part) -> Markup:
    partly = [rule for rule in whole.rules if rule.answered < rule.asked]
    rows = [(view.rule(_HERE, one.rule), one.asked, one.answered, share(one.answered, one.asked)) for one in partly]
    headers = (Column("Rule"), *(Column(title, number=True) for title in ("Asked of", "Answered by", "Share")))
    told = f"{len(whole.rules) - len(partly)} of {counted(len(whole.rules), 'rule')} that were asked have all answers; "
    intro = el("p", told, anchor("all rules", href(_HERE, "rule/index.md")), ".", class_="st-muted")
    nothing = "Each question was answered."
    return join((intro, filed(view, _HERE, "rules", headers, rows, "Rules without all their answers", nothing)))
