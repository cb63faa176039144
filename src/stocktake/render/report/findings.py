"""The findings of the audit report: the gravest first, each in full, and what was looked for and not found."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import SEVERITIES, Outcome
from stocktake.model.record import Record
from stocktake.render import account
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import folded
from stocktake.render.outcomes import failing
from stocktake.render.parts import SEVERITY_ORDER, badge, counted, muted, severity, state
from stocktake.render.prose import summary
from stocktake.render.table import Column, table
from stocktake.render.view import View, href

_TOP, _IN_FULL, _MOST_NAMED, _MOST_GOOD = 10, 30, 12, 15
Group = tuple[str, list[Outcome]]


def groups(view: View) -> list[Group]:
    """Open findings by rule, the gravest rule first; those on the list of known findings are among them."""
    found: dict[str, list[Outcome]] = {}
    for outcome in sorted([*failing(view), *failing(view, known=True)], key=_gravity):
        found.setdefault(outcome.rule, []).append(outcome)
    return list(found.items())


def _gravity(outcome: Outcome) -> tuple[int, str]:
    return -SEVERITIES.index(outcome.severity), outcome.rule


def by_people(view: View) -> list[Record]:
    """Tracked findings that no rule found and that are not closed, the gravest first."""
    found = [
        record
        for record in view.estate.of("finding")
        if not record.data.get("identity") and record.data.get("status") not in account.CLOSED
    ]
    return sorted(found, key=lambda one: (SEVERITY_ORDER.get(str(one.data.get("severity")), 9), one.id))


def top(view: View, here: str) -> Markup:
    """The ten gravest, one a row."""
    rows = [(SEVERITY_ORDER[found[0].severity], _top_rule(view, here, rule, found)) for rule, found in groups(view)]
    rows += [
        (SEVERITY_ORDER.get(str(record.data.get("severity")), 9), _top_person(view, here, record))
        for record in by_people(view)
    ]
    ranked = [row for _, row in sorted(rows, key=lambda pair: pair[0])[:_TOP]]
    often = (Column("Findings", number=True), Column("Asked", number=True))
    headers = ("Severity", Column("What was found", wide=True), *often, "Owners", Column("Taken on", number=True))
    return table(headers, ranked, "Top findings", "Nothing is open.")


def _top_rule(view: View, here: str, rule: str, found: list[Outcome]) -> tuple[object, ...]:
    least = SEVERITIES.index(view.estate.settings.fail_on)
    is_in_full = SEVERITIES.index(found[0].severity) >= least
    title = view.rules[rule].title if rule in view.rules else found[0].message
    owners = sorted({view.owner(one.subject) for one in found})
    names = [view.link(here, f"team/{one}") if one else badge("nobody", "is-fail") for one in owners[:4]]
    asked = view.audit.tallies[rule].asked if rule in view.audit.tallies else 0
    taken = sum(one.identity in view.tracked for one in found)
    label = anchor(title, f"#{_mark(rule)}" if is_in_full else href(here, f"rule/{rule}.md"))
    return (
        severity(found[0].severity),
        label,
        f"{len(found):,}",
        f"{asked:,}",
        join(names, ", "),
        f"{taken} of {len(found)}",
    )


def _top_person(view: View, here: str, record: Record) -> tuple[object, ...]:
    owner = record.data.get("owner")
    who = view.link(here, f"team/{owner}") if owner else badge("nobody", "is-fail")
    grave = severity(str(record.data.get("severity", "")))
    return grave, join((view.link(here, record.address), muted(" found by a person"))), "1", None, who, "1 of 1"


def in_full(view: View, here: str) -> Iterator[Markup]:
    """Every finding that counts, with all that an auditor asks of one; the rest in a line each."""
    least = SEVERITIES.index(view.estate.settings.fail_on)
    every = groups(view)
    serious = [group for group in every if SEVERITIES.index(group[1][0].severity) >= least]
    people = by_people(view)
    if not every and not people:
        yield el("p", "Nothing is open.", class_="st-empty")
    for number, (rule, found) in enumerate(serious[:_IN_FULL], 1):
        yield _full(view, here, number, rule, found)
    for number, record in enumerate(people[:_IN_FULL], len(serious[:_IN_FULL]) + 1):
        head = el("h3", f"{number}. ", view.link(here, record.address))
        grave = el("p", severity(str(record.data.get("severity", ""))).content, muted(" found by a person"))
        yield el("section", head, grave, account.of_record(view, here, record), class_="st-account")
    if rest := [*serious[_IN_FULL:], *every[len(serious) :]]:
        yield _others(view, here, rest)


def _mark(rule: str) -> str:
    return f"finding-{rule.lower()}"


def _full(view: View, here: str, number: int, rule: str, found: list[Outcome]) -> Markup:
    known = view.rules.get(rule)
    records = [view.tracked[one.identity] for one in found if one.identity in view.tracked]
    record = records[0] if records else None
    more = [view.link(here, one.address) for one in records[1:_MOST_NAMED]]
    title = el("h3", f"{number}. ", known.title if known else found[0].message, id=_mark(rule))
    asked = view.audit.tallies[rule].asked if rule in view.audit.tallies else 0
    marks = el(
        "p", severity(found[0].severity).content, muted(f" {counted(len(found), 'finding')}, asked {asked:,} times")
    )
    told = account.of_rule(view, here, known, _condition(view, here, rule, found), record)
    also = el("p", muted("Also tracked: "), join(more, ", ")) if more else None
    return el("section", title, marks, told, also, class_="st-account")


def _condition(view: View, here: str, rule: str, found: list[Outcome]) -> Markup:
    items = [
        el(
            "li",
            view.subject(here, one.subject),
            f" in {one.environment}" if one.environment else "",
            ": ",
            one.message,
            " ",
            state(one).content if one.known else None,
        )
        for one in found[:_MOST_NAMED]
    ]
    left = len(found) - len(items)
    more = anchor(f"and {left:,} more", href(here, f"rule/{rule}.md"), class_="st-small") if left else None
    return join((el("ul", *items, class_="st-list"), more))


def _others(view: View, here: str, rest: list[Group]) -> Markup:
    rows = [
        (
            severity(found[0].severity),
            view.rule(here, rule),
            view.rules[rule].title if rule in view.rules else found[0].message,
            len(found),
            view.audit.tallies[rule].asked if rule in view.audit.tallies else None,
        )
        for rule, found in rest
    ]
    headers = (
        "Severity",
        "Rule",
        Column("What was found", wide=True),
        Column("Findings", number=True),
        Column("Asked", number=True),
    )
    told = el("p", "Less grave, and told in full on the pages of their rules.", class_="st-muted")
    return join((told, table(headers, rows, "Other findings")))


def accepted(view: View, here: str) -> Markup:
    """What fails and is accepted for a time."""
    today = view.audit.today.isoformat()
    used = {outcome.waiver for outcome in view.audit.outcomes if outcome.waiver}
    rows = []
    for record in view.estate.of("waiver"):
        until = str(record.data.get("expires", ""))
        if record.id in used and until >= today:
            reason = summary(str(record.data.get("reason", "")))
            rows.append((view.link(here, record.address), reason, record.data.get("approver"), until))
    headers = ("Waiver", Column("Reason", wide=True), "Approver", "Expires")
    return table(headers, sorted(rows, key=lambda row: str(row[3])), "Accepted", "No exception is in force.")


def well_run(view: View, here: str) -> Markup:
    """Rules of which every answer is a pass: what was looked for and not found."""
    good = [
        (rule, tally.passed)
        for rule in view.audit.rules
        if (tally := view.audit.tallies.get(rule.id)) and tally.passed and tally.passed == tally.asked
    ]
    asked = sum(1 for tally in view.audit.tallies.values() if tally.asked)
    good.sort(key=lambda pair: (SEVERITY_ORDER.get(pair[0].severity, 9), pair[0].id))
    rows = [
        (
            severity(rule.severity),
            view.rule(here, rule.id),
            rule.title,
            f"{passed:,} of {passed:,}",
            muted(account.pointers(rule.controls)),
        )
        for rule, passed in good
    ]
    headers = (
        "Severity",
        "Rule",
        Column("What was looked for and not found", wide=True),
        Column("Pass", number=True),
        Column("Controls", wide=True),
    )
    told = el(
        "p",
        f"{len(good)} of {counted(asked, 'rule')} that were asked found nothing, and no answer is missing.",
        class_="st-muted",
    )
    first = table(headers, rows[:_MOST_GOOD], "Well-run controls", "No rule was answered with pass throughout.")
    rest = (
        folded(f"{len(rows) - _MOST_GOOD} more", table(headers, rows[_MOST_GOOD:], "More of them"))
        if len(rows) > _MOST_GOOD
        else None
    )
    return join((told, first, rest))
