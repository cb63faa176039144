"""How outcomes look: as rows of a table and as boxes on the page of what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED, Outcome
from stocktake.model.rule import FAMILIES
from stocktake.model.weight import RANKS
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import SEVERITY_ORDER, badge, bar, code, counted, muted, severity, state
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

HEADERS = (
    Column("Severity", facet=True),
    Column("State", facet=True),
    Column("Rule", facet=True),
    Column("What", wide=True),
    Column("About"),
    Column("Environment", facet=True),
    Column("Owner", facet=True),
    Column("Criticality", facet=True),
    Column("Stops with it", number=True),
    Column("Where"),
)

# What tells a finding apart, for short lists.
BRIEF = (
    Column("Severity"),
    Column("State"),
    Column("Rule"),
    Column("What", wide=True),
    Column("About"),
    Column("Owner"),
    Column("Due"),
)

_MOST_MISSING, _MOST_BOXES, _MOST_PLACES = 10, 5, 3
_MOST_NAMES, _MOST_IDENTITIES = 4, 40


def outcome_table(view: View, here: str, outcomes: Iterable[Outcome], caption: str, empty: object) -> Markup:
    """All that is known of outcomes, one a row."""
    return table(HEADERS, (row(view, here, outcome) for outcome in outcomes), caption, empty)


def row(view: View, here: str, outcome: Outcome) -> tuple[object, ...]:
    """One outcome as cells under `HEADERS`."""
    owner, family = view.owner(outcome.subject), outcome.rule.rstrip("0123456789")
    what = join((outcome.message, _field(outcome), _timed(outcome)), " ")
    return (
        severity(outcome.severity),
        state(outcome),
        Cell(view.rule(here, outcome.rule), outcome.rule, FAMILIES.get(family, family)),
        what,
        view.subject(here, outcome.subject),
        outcome.environment,
        Cell(view.link(here, f"team/{owner}") if owner else None, owner, owner or "nobody"),
        Cell(
            outcome.criticality or muted("unknown"),
            -RANKS.get(outcome.criticality, 0),
            outcome.criticality or "unknown",
        ),
        outcome.reach,
        view.file(outcome.path, outcome.line) if outcome.path else None,
    )


def first(outcome: Outcome) -> tuple[object, ...]:
    """What needs attention first: the worst, new before known, then what matters more and what more stops with."""
    rank, weight = SEVERITY_ORDER.get(outcome.severity, 9), RANKS.get(outcome.criticality, 0)
    return rank, outcome.known, -weight, -outcome.reach, outcome.identity


def distinct(outcomes: Iterable[Outcome], most: int) -> list[list[Outcome]]:
    """The first few, those that only the environment tells apart as one."""
    alike: dict[tuple[object, ...], list[Outcome]] = {}
    for one in outcomes:
        alike.setdefault((one.rule, one.subject, one.message, one.field, one.known, one.timed), []).append(one)
    return list(alike.values())[:most]


def briefly(view: View, here: str, group: list[Outcome]) -> tuple[object, ...]:
    """Outcomes that only the environment tells apart as cells under `BRIEF`."""
    places = [one.environment for one in group if one.environment]
    told = f"in {', '.join(places)}" if len(places) <= _MOST_PLACES else f"in {len(places)} environments"
    cells = brief(view, here, group[0])
    return (*cells[:3], join((cells[3], muted(told)), " "), *cells[4:]) if places else cells


def brief(view: View, here: str, outcome: Outcome) -> tuple[object, ...]:
    """One outcome as cells under `BRIEF`."""
    cells = row(view, here, outcome)
    taken = next((view.tracked[name] for name in outcome.identities if name in view.tracked), None)
    due = str(taken.data.get("due") or "") if taken else ""
    late = badge("overdue", "is-fail") if due and due < view.audit.today.isoformat() else None
    word = join((due, late), " ") if due else muted("no day" if taken else "not taken up")
    return (*cells[:5], cells[6], Cell(word, due or "9999"))


def boxes(view: View, here: str, outcomes: Iterable[Outcome]) -> Markup:
    """Outcomes about one record, worst first, with what to do; what is the same in several environments is told once,
    and what to do once for each rule.
    """
    alike: dict[tuple[object, ...], list[Outcome]] = {}
    for one in outcomes:
        alike.setdefault((one.rule, one.message, one.state, one.known, one.field, one.waiver), []).append(one)
    told: set[str] = set()
    found = []
    groups = list(alike.values())
    for group in groups[:_MOST_BOXES]:
        found.append(_box(view, here, group, group[0].rule in told))
        told |= {group[0].rule} if group[0].state == FAIL else set()
    others = groups[_MOST_BOXES:]
    return join((el("ul", *found, class_="st-findings"), _others(view, here, others), _identities(groups)))


def _identities(groups: list[list[Outcome]]) -> Markup | None:
    """Those that stand in no box, so that a search for one leads here."""
    boxed = (group[_MOST_NAMES:] for group in groups[:_MOST_BOXES])
    names = [one.identity for group in (*boxed, *groups[_MOST_BOXES:]) for one in group]
    if not names:
        return None
    more = el("p", f"and {len(names) - _MOST_IDENTITIES:,} more.") if len(names) > _MOST_IDENTITIES else None
    title = el("summary", counted(len(names), "identity", "identities"), " more", data_search_exclude="yes")
    shown = el("p", join(map(code, names[:_MOST_IDENTITIES]), " "), class_="st-identity")
    return el("details", title, shown, more, class_="st-details")


def _others(view: View, here: str, groups: list[list[Outcome]]) -> Markup | None:
    """Those for which a page has no room, in short."""
    if not groups:
        return None
    query = urlencode({"q": view.name(groups[0][0].subject)})
    names = join((join((view.rule(here, one.rule), " ", one.message)) for one, *_ in groups[:_MOST_BOXES]), "; ")
    more = anchor("all of them among the findings", f"{href(here, 'findings.md')}?{query}")
    return el(
        "p",
        f"and {len(groups):,} more: ",
        names,
        " … " if len(groups) > _MOST_BOXES else "; ",
        more,
        ".",
        data_search_exclude="yes",
    )


def _box(view: View, here: str, group: list[Outcome], is_told: bool) -> Markup:
    """One box; what to do is left out where a box above it says so."""
    outcome = group[0]
    environments = [one.environment for one in group if one.environment]
    said = el("span", outcome.message, class_="st-finding-what")
    marks = (severity(outcome.severity).content, state(outcome).content, view.rule(here, outcome.rule), said)
    head = el("div", join(marks, " "), class_="st-finding-head", data_search_exclude="yes")
    places = (
        f"in {', '.join(environments)}" if environments else None,
        _place(view, outcome),
        _field(outcome),
        _waiver(view, here, outcome),
        _timed(outcome),
    )
    detail = join((place for place in places if place), " · ")
    fix = view.advice.get(outcome.rule) if outcome.state == FAIL and not is_told else None
    advice = fix and el("section", el("b", "To do: "), fix, class_="st-finding-fix", data_search_exclude="yes")
    names = join((code(one.identity) for one in group[:_MOST_NAMES]), " ")
    foot = el(
        "div",
        el("span", detail, data_search_exclude="yes"),
        " ",
        el("span", names, class_="st-identity"),
        class_="st-finding-foot",
    )
    tone = outcome.severity if outcome.state == FAIL else outcome.state
    return el("li", head, foot, advice, class_=f"st-finding st-finding-{tone}")


def _place(view: View, outcome: Outcome) -> Markup | None:
    """Where it stands; in the file of the record itself the line is enough."""
    record = view.estate.by_address.get(outcome.subject)
    if not outcome.path or (record and record.path == outcome.path and not outcome.line):
        return None
    return view.file(outcome.path, outcome.line)


def unanswered(view: View, here: str, outcomes: Iterable[Outcome]) -> Markup:
    """Questions without an answer by what is missing, since one look answers many of them."""
    missing: dict[str, list[Outcome]] = {}
    for one in outcomes:
        missing.setdefault(one.message, []).append(one)
    rows = []
    for message, group in list(missing.items())[:_MOST_MISSING]:
        environments = ", ".join(sorted({one.environment for one in group if one.environment}))
        names = [name for one in group for name in one.asked]
        asked = join((view.rule(here, name) for name in dict.fromkeys(names)), " ")
        rows.append((severity(group[0].severity), message, environments, len(names), asked))
    headers = (
        "Worst",
        Column("What is missing", wide=True),
        "Environments",
        Column("Questions", number=True),
        "Rules",
    )
    return join((table(headers, rows, "Questions without an answer"), _rest(view, here, missing)))


def _rest(view: View, here: str, missing: Mapping[str, list[Outcome]]) -> Markup | None:
    if len(missing) <= _MOST_MISSING:
        return None
    subject = next(iter(missing.values()))[0].subject
    query = urlencode({"q": view.name(subject), "state": "unknown"})
    more = anchor("among all findings", f"{href(here, 'findings.md')}?{query}")
    return el("p", f"and {len(missing) - _MOST_MISSING:,} more, ", more, ".", class_="st-muted")


def _field(outcome: Outcome) -> Markup | None:
    return code(outcome.field) if outcome.field else None


def _waiver(view: View, here: str, outcome: Outcome) -> Markup | None:
    return join(("waived by ", view.link(here, f"waiver/{outcome.waiver}"))) if outcome.waiver else None


def _timed(outcome: Outcome) -> Markup | None:
    return badge("time", "plain", "fails only because time passed") if outcome.timed else None


def totals(view: View) -> list[tuple[str, int]]:
    """How often all rules together gave each of the five answers."""
    tallies = view.audit.tallies.values()
    return [
        ("pass", sum(tally.passed for tally in tallies)),
        ("fail", sum(tally.failed for tally in tallies)),
        ("unknown", sum(tally.unknown for tally in tallies)),
        ("waived", sum(tally.waived for tally in tallies)),
        ("not-applicable", sum(tally.not_applicable for tally in tallies)),
    ]


def asked(view: View) -> list[tuple[str, int]]:
    """How the questions that apply were answered: the parts add up to all that were asked."""
    return [(name, count) for name, count in totals(view) if name != "not-applicable"]


def failing(view: View, known: bool = False) -> list[Outcome]:
    """Failures that count, or those on the list of known findings."""
    return [outcome for outcome in view.audit.outcomes if outcome.state == FAIL and outcome.known is known]


def by_state(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """Counts of failures, known failures, unknown and waived answers."""
    found = {"fail": 0, "known": 0, "unknown": 0, "waived": 0}
    names = {FAIL: "fail", UNKNOWN: "unknown", WAIVED: "waived"}
    for outcome in outcomes:
        if outcome.state in names:
            found["known" if outcome.known and outcome.state == FAIL else names[outcome.state]] += 1
    return found


def by_family(view: View, here: str) -> Markup:
    """How the questions of each family of rules were answered, and the findings and doubts that this gave."""
    given = Counter((one.rule.rstrip("0123456789"), one.state) for one in view.audit.outcomes)
    found: dict[str, list[int]] = {}
    for rule in view.audit.rules:
        if tally := view.audit.tallies.get(rule.id):
            counts = [tally.asked, tally.passed, tally.failed, tally.unknown, tally.waived, tally.not_applicable]
            sums = found.setdefault(rule.family, [0] * len(counts))
            found[rule.family] = [a + b for a, b in zip(sums, counts, strict=True)]
    found = {family: [*counts, given[family, FAIL], given[family, UNKNOWN]] for family, counts in found.items()}
    rows = [(_family(here, family), *counts, bar(_named(counts))) for family, counts in sorted(found.items())]
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*found.values(), strict=True)]
        rows.append((el("b", "All"), *(el("b", f"{number:,}") for number in sums), bar(_named(sums))))
    titles = ("Asked", "Pass", "Fail", "Unknown", "Waived", "Not applicable", "Findings", "Doubts")
    numbers = [Column(title, number=True) for title in titles]
    return table(
        (Column("Family"), *numbers, Column("Answers")), rows, "Answers by family of rules", "No rule was asked."
    )


def _named(counts: list[int]) -> list[tuple[str, int]]:
    return list(zip(("pass", "fail", "unknown", "waived"), counts[1:5], strict=True))


def _family(here: str, letters: str) -> Markup:
    name = FAMILIES.get(letters, letters)
    return join((anchor(name, f"{href(here, 'findings.md')}?{urlencode({'rule': name})}"), muted(f" {letters}")))
