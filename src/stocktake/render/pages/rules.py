"""What is asked: an index of all rules with how they were answered, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import Tally
from stocktake.model.rule import FAMILIES, Rule
from stocktake.model.rule_facts import facts, sections
from stocktake.render.document import Aside, Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.outcomes import outcome_table
from stocktake.render.paged import paged
from stocktake.render.parts import badge, bar, code, counted, lead, legend, muted, note, severity
from stocktake.render.prose import line, prose
from stocktake.render.table import Column, pairs
from stocktake.render.view import View, href

_HERE = "rule/index.md"
_MOST = 200
_SEARCHED = frozenset({"Why", "What to do"})
_HEADERS = (
    Column("Rule"),
    Column("What is wrong where it fails", wide=True),
    Column("Severity", facet=True),
    Column("Family", facet=True),
    Column("Asked", number=True),
    Column("Pass", number=True),
    Column("Fail", number=True),
    Column("Unknown", number=True),
    Column("Waived", number=True),
)


def pages(view: View) -> Iterator[Page]:
    """The index, then all rules by id."""
    rules = sorted((*view.audit.rules, *view.audit.unasked), key=lambda rule: rule.id)
    off = f", {len(view.unasked)} of them switched off here" if view.unasked else ""
    intro = lead(
        "Questions asked of every record they apply to. ",
        muted(counted(len(rules), "rule"), off, "; each answer is pass, fail, unknown, waived or not applicable."),
    )
    told = len(_HEADERS) if view.is_full else 4  # what was answered is not for everybody
    rows = [_row(view, rule)[:told] for rule in rules]
    for path, part in paged(view, _HERE, _HEADERS[:told], rows, "Rules", "No rule is active."):
        yield document(path, "Rules", [intro, part], wide=True)
    for rule in rules:
        yield _page(view, rule)


def _row(view: View, rule: Rule) -> tuple[object, ...]:
    tally = view.audit.tallies.get(rule.id) or Tally()
    family = FAMILIES.get(rule.family, rule.family)
    title, is_off = anchor(rule.title, href(_HERE, f"rule/{rule.id}.md")), rule.id in view.unasked
    counts = (tally.asked, tally.passed, tally.failed, tally.unknown, tally.waived)
    return (
        view.rule(_HERE, rule.id),
        join((title, badge("switched off", "is-unknown")), " ") if is_off else title,
        severity(rule.severity),
        family,
        *((muted("not asked"), *[muted("–")] * 4) if is_off else counts),
    )


def _page(view: View, rule: Rule) -> Page:
    here = f"rule/{rule.id}.md"
    above = el("div", anchor("Rules", href(here, _HERE)), muted(" / "), code(rule.id), class_="st-crumb")
    blocks: list[Markup | Heading] = [_badges(rule), *_off(view, rule), _facts(rule)]
    for title, content in sections(rule):
        blocks += [Heading(title) if title in _SEARCHED else Aside(title), el("div", prose(content), class_="st-prose")]
    if view.is_full and rule.id not in view.unasked:
        blocks += [Aside("Answers"), *_answers(view, here, rule)]
    return document(here, f"{rule.id}: {rule.title}", blocks, above=above, boost=0.5)


def _off(view: View, rule: Rule) -> Iterator[Markup]:
    """That nobody asks it here, and by which setting."""
    if rule.id in view.unasked:
        settings = view.audit.estate.settings
        named = rule.id in settings.disable or rule.family in settings.disable
        how = ("named under ", code("rules.disable")) if named else ("not named under ", code("rules.select"))
        told = (" It is ", *how, " in ", code("stocktake.yaml"), ", so what it asks for is not judged.")
        yield note("warn", el("b", "This rule is switched off here."), *told)


def _badges(rule: Rule) -> Markup:
    marks = [severity(rule.severity).content, badge(FAMILIES.get(rule.family, rule.family), "plain")]
    if rule.timed:
        marks.append(badge("time", "plain", "fails only because time passed"))
    return el("p", *marks, class_="st-badges")


def _facts(rule: Rule) -> Markup:
    return pairs((label, line(text)) for label, text in facts(rule))


def _answers(view: View, here: str, rule: Rule) -> list[Markup]:
    tally = view.audit.tallies.get(rule.id) or Tally()
    counts = [
        ("pass", tally.passed),
        ("fail", tally.failed),
        ("unknown", tally.unknown),
        ("waived", tally.waived),
        ("not-applicable", tally.not_applicable),
    ]
    found = view.answers.get(rule.id, [])
    empty = "It was asked of nothing." if not tally.asked else f"All {counted(tally.asked, 'answer')} are pass."
    blocks = [el("div", bar(counts), legend(counts, sum(count for _, count in counts)), class_="st-panel")]
    blocks.append(outcome_table(view, here, found[:_MOST], f"Answers of {rule.id}", empty))
    if len(found) > _MOST:
        blocks.append(
            el(
                "p",
                f"and {len(found) - _MOST:,} more on ",
                anchor("the list of findings", href(here, "findings.md")),
                ".",
            )
        )
    return blocks
