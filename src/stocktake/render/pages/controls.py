"""Controls of frameworks: which rules give evidence on which, and what they answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b

from stocktake.model.controls import about, split
from stocktake.model.outcome import Tally
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import badge, code, counted, lead, muted, share
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

_HERE = "control/index.md"
_MOST_RECORDS = 20
_HEADERS = (
    Column("Control"),
    Column("What it is about, in our words", wide=True),
    Column("Rules"),
    Column("Asked", number=True),
    Column("Pass", number=True),
    Column("Fail", number=True),
    Column("Unknown", number=True),
    Column("Waived", number=True),
    Column("State", facet=True),
)
_FAILS, _UNKNOWN, _PASSES, _SILENT = "something fails", "not known", "all pass", "nothing asked"
_TONES = {_FAILS: "is-fail", _UNKNOWN: "is-unknown", _PASSES: "is-pass", _SILENT: "plain"}

Rules = Mapping[str, list[Rule]]


def pages(view: View) -> Iterator[Page]:
    """The index of frameworks, and a page for each."""
    frameworks = _frameworks(view)
    yield document(_HERE, "Controls", [_lead(), _index(view, frameworks)], wide=True)
    for framework, controls in frameworks.items():
        yield _page(view, framework, controls)


def _lead() -> Markup:
    return lead(
        "Rules point at controls of frameworks that auditors know. ",
        muted(
            "An answer is one piece of evidence: it does not say that a control is met, ",
            "and no control is met by rules alone.",
        ),
    )


def _frameworks(view: View) -> dict[str, Rules]:
    """Rules by framework and number."""
    found: dict[str, dict[str, list[Rule]]] = {}
    for rule in sorted(view.audit.rules, key=lambda rule: rule.id):
        for control in rule.controls:
            framework, number = split(control)
            found.setdefault(framework, {}).setdefault(number, []).append(rule)
    return {name: dict(sorted(found[name].items(), key=lambda pair: _order(pair[0]))) for name in sorted(found)}


def _order(number: str) -> list[tuple[int, str]]:
    """A.5.9 before A.5.10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"[.-]", number)]


def _index(view: View, frameworks: Mapping[str, Rules]) -> Markup:
    rows = []
    for framework, controls in frameworks.items():
        states = [_state(_tally(view, rules)) for rules in controls.values()]
        known = sum(state in (_FAILS, _PASSES) for state in states)
        rows.append(
            (
                anchor(framework or "Others", href(_HERE, _path(framework))),
                len(controls),
                len({rule.id for rules in controls.values() for rule in rules}),
                states.count(_FAILS),
                states.count(_PASSES),
                f"{known} of {len(states)} ({share(known, len(states))})",
            )
        )
    figures = (Column(name, number=True) for name in ("Controls", "Rules", "Something fails", "All pass"))
    headers: list[str | Column] = ["Framework", *figures, "Known"]
    return table(headers, rows, "Frameworks", "No rule names a control.")


def _page(view: View, framework: str, controls: Rules) -> Page:
    here = _path(framework)
    above = el("div", anchor("Controls", href(here, _HERE)), class_="st-crumb")
    named = _named(view, framework)
    rows = [_row(view, here, framework, number, rules) for number, rules in controls.items()]
    told = el(
        "p", f"{counted(len(controls), 'control')} of it; the others are not asked by any rule here.", class_="st-muted"
    )
    blocks: list[Markup | Heading | None] = [
        _lead(),
        told,
        table(_HEADERS, rows, f"Controls of {framework}", filtered=True),
    ]
    blocks += [Heading("Named by records"), _records(view, here, named)]
    return document(here, framework or "Other controls", blocks, above=above, wide=True)


def _row(view: View, here: str, framework: str, number: str, rules: list[Rule]) -> tuple[object, ...]:
    tally = _tally(view, rules)
    state = _state(tally)
    return (
        code(number),
        about(framework, number) or muted("Named by a rule of one's own."),
        join([view.rule(here, rule.id) for rule in rules], " "),
        tally.asked,
        tally.passed,
        tally.failed,
        tally.unknown,
        tally.waived,
        Cell(badge(state, _TONES[state]), None, state),
    )


def _tally(view: View, rules: list[Rule]) -> Tally:
    """The answers of several rules together."""
    whole = Tally()
    for one in (view.audit.tallies.get(rule.id) for rule in rules):
        for name in Tally.__slots__ if one else ():
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole


def _state(tally: Tally) -> str:
    return _FAILS if tally.failed else _SILENT if not tally.asked else _UNKNOWN if tally.unknown else _PASSES


def _named(view: View, framework: str) -> dict[str, list[Record]]:
    """Records that name a control of the framework themselves, such as findings, by its number."""
    found: dict[str, list[Record]] = {}
    for record in view.estate.records:
        controls = record.data.get("controls")
        for control in controls if isinstance(controls, list) else ():
            name, number = split(str(control))
            if name == framework:
                found.setdefault(number, []).append(record)
    return dict(sorted(found.items(), key=lambda pair: _order(pair[0])))


def _records(view: View, here: str, named: Mapping[str, list[Record]]) -> Markup:
    rows = [
        (
            code(number),
            join([view.link(here, record.address) for record in records[:_MOST_RECORDS]], ", "),
            len(records),
        )
        for number, records in named.items()
    ]
    empty = join(("No record names one. Say which controls a finding is about under ", code("controls"), "."))
    return table(("Control", "Records", Column("How many", number=True)), rows, "Records by control", empty)


def _path(framework: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", framework.lower()).strip("-")
    if plain and plain != "index" and len(plain) <= 80:
        return f"control/{plain}.md"
    return f"control/{blake2b(framework.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}.md"
