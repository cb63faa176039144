"""The words that pages use with one exact meaning: a short form for tooltips, and more for the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.render.escape.html import Markup, el, text


class Term(NamedTuple):
    """`short` stands in tooltips; `more` says what else a reader should know; `page` is where it is shown."""

    short: str
    more: str = ""
    page: str = ""


GROUPS: Mapping[str, Mapping[str, Term]] = {
    "What is asked and answered": {
        "Doubt": Term("A reason why something is not known.", "One doubt can leave several questions open."),
        "Finding": Term(
            "A question that was answered with no: something is not as it should be.",
            "It has an identity that stays the same from run to run, as in BKP001@asset/orders-db.",
            "findings.md",
        ),
        "Known": Term(
            "Fails, and stands on the list that keeps a young registry green.",
            "The list holds what failed when the registry was begun. It only ever gets shorter.",
            "findings.md",
        ),
        "Not applicable": Term("The rule does not ask this of that record."),
        "Outcome": Term("The answer to one question: pass, fail, unknown, waived or not applicable."),
        "Pass": Term("Somebody looked, and it is as it should be."),
        "Fail": Term("Somebody looked, and it is not as it should be."),
        "Rule": Term("A question that is asked of every record of a kind.", "", "rule/index.md"),
        "Severity": Term("How bad a failure is: info, low, medium, high or critical."),
        "State": Term("Where it stands; of a question: pass, fail, unknown or waived."),
        "Unknown": Term(
            "Nobody looked, the look is too old, or it was refused: nothing is concluded.",
            "It never counts as a pass.",
            "coverage.md",
        ),
        "Waived": Term("Fails, and somebody accepted that for a reason and until a day.", "", "waiver/index.md"),
    },
    "What is recorded": {
        "Asset": Term("One data store, service or external system.", "", "asset/index.md"),
        "Baseline": Term(
            "What one asset should be like in one environment: settings, schema, access.", "", "baseline/index.md"
        ),
        "Classification": Term("How secret the data is: public, internal, confidential or restricted."),
        "Criticality": Term("How much stops when it stops: low, medium, high or critical."),
        "Dependency": Term("One edge: what uses what, how, and what happens without it.", "", "dependency/index.md"),
        "Environment": Term("Where it runs, as in production or staging.", "", "environment/index.md"),
        "Failure domain": Term("What fails together: a machine, a rack, a site or an account."),
        "Fallback": Term("What happens instead when a dependency is away."),
        "Identifier": Term(
            "What joins a record with what machines see.", "As in compose:bookshop/db or host:db.internal:5432/orders."
        ),
        "Lifecycle": Term("Proposed, production, deprecated or retired."),
        "Owner": Term("The team that answers for it.", "", "team/index.md"),
        "Record": Term("One YAML file of the registry, written by people."),
        "Sensitivity": Term("How secret the data is: public, internal, confidential or restricted."),
        "System": Term("Assets that are built, run and owned together.", "", "system/index.md"),
    },
    "What machines see": {
        "Confidence": Term("How sure a machine is: high from 0.8, medium from 0.5, else low."),
        "Declared": Term("What people wrote in a record."),
        "Drift": Term("What was seen is not what was declared.", "", "drift.md"),
        "Fresh": Term("Seen within the freshness limit of the settings, so it counts."),
        "Observation": Term("What a machine saw in one source, with place and day.", "", "observations.md"),
        "Observed": Term("What a machine saw, with where and when."),
        "Orphaned": Term("Declared, and not there where somebody looked.", "", "reconciliation.md"),
        "Stale": Term("Seen too long ago to count: it is unknown again."),
        "Undocumented": Term("There where somebody looked, and in no record.", "", "reconciliation.md"),
    },
    "Protection": {
        "Drill": Term("A test that restores a backup into a sandbox and compares.", "", "drill/index.md"),
        "Immutability": Term("Copies that nobody can change or delete for a time."),
        "Plan": Term("One way in which a store is backed up: kind, schedule, target, retention.", "", "backups.md"),
        "Principal": Term("A user, a role or a service that can get in.", "", "access.md"),
        "Privileged": Term("Can do what others cannot, such as changing rights or reading everything."),
        "RPO": Term("Recovery point objective: how much data, in time, may be lost at most."),
        "RTO": Term("Recovery time objective: how long a restore may take at most."),
    },
    "How things hang together": {
        "Blast radius": Term("Everything that stops when one thing stops.", "", "dependencies.md"),
        "Flow": Term("Dependencies in the order in which one thing happens.", "", "flow/index.md"),
        "Neighbourhood": Term("What an asset uses directly, and what uses it."),
        "Stops with it": Term("How many assets stop when it does, directly or not."),
        "Weak point": Term("What others cannot reach each other without, or part of a circle."),
    },
}
_SHORT = {name.casefold(): term.short for terms in GROUPS.values() for name, term in terms.items()}
_SHORT |= {"doubts": _SHORT["doubt"], "findings": _SHORT["finding"], "failures": _SHORT["finding"]}
_SHORT |= {"rto and measured": _SHORT["rto"], "rpo and measured": _SHORT["rpo"]}


def marked(title: object) -> Markup:
    """A word with its meaning as a tooltip, where it has an exact one."""
    meaning = _SHORT.get(title.casefold()) if isinstance(title, str) else None
    return el("abbr", title, title=meaning) if meaning else text(title)


def slug(name: str) -> str:
    """The place of a term in the glossary."""
    return name.casefold().replace(" ", "-")
