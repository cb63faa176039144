"""How much is known of an estate and of each of its parts."""

from __future__ import annotations

from datetime import date

from stocktake.analyse import coverage as analyse
from stocktake.history.changes import history
from stocktake.load.files import Tree
from stocktake.model.audit import Audit
from stocktake.model.coverage import Coverage, Known, Part
from stocktake.model.sheet import Sheet
from stocktake.pipeline.audit import Revision, context_of
from stocktake.pipeline.audit import audit as audit_of
from stocktake.pipeline.estate import open_estate
from stocktake.rules.engine import judge
from stocktake.values.name import pattern


def judged(tree: Tree, today: date) -> tuple[Audit, tuple[str, ...]]:
    """A repository as judged today, with what Git says of when its records were written, and tracebacks of our bugs.

    Raises InputError where the registry is wrong.
    """
    estate = open_estate(tree).sound()
    past = history(tree.root, dict.fromkeys(kind.folder for kind in estate.kinds.values()))
    return audit_of(estate, today, revision=Revision(past.changes, past.commit, past.committed), everywhere=False)


def coverage(audit: Audit) -> Coverage:
    """The coverage of an audit. The rules are asked again for each system and each team, since an audit only counts
    what passes; rules about the whole estate belong to no part.
    """
    context = context_of(audit.estate, audit.today, audit.index, audit.graph, audit.reconciliation)
    rules = [rule for rule in audit.rules if rule.kind and not rule.after]
    tallies = {(analyse.ESTATE, ""): audit.tallies}
    for place, sheets in _parts(audit).items():
        tallies[place] = judge(rules, sheets, context).tallies
    return analyse.coverage(audit, tallies)


def _parts(audit: Audit) -> dict[tuple[str, str], dict[str, tuple[Sheet, ...]]]:
    found: dict[tuple[str, str], dict[str, tuple[Sheet, ...]]] = {}
    for address, (system, team) in analyse.homes(audit).items():
        for place in ((analyse.SYSTEM, system), (analyse.TEAM, team)):
            found.setdefault(place, {})[address] = audit.sheets[address]
    return found


def as_data(found: Coverage) -> dict[str, object]:
    """The coverage as plain data, for machines."""
    return {
        "schema": 1,
        "today": found.today,
        "parts": [_part(part) for part in found.parts],
        "records": [_record(one, found) for one in found.records],
        "expires": [one._asdict() for one in found.expiries],
        "refuted_by": [
            {"kind": kind, "fact": fact, "collectors": collectors}
            for (kind, fact), collectors in sorted(found.refuted_by.items())
        ],
    }


def _record(record: Known, found: Coverage) -> dict[str, object]:
    kind = record.address.partition("/")[0]
    facts = [
        {**fact._asdict(), "refuted_by": found.refuted_by.get((kind, pattern(fact.name)), ())} for fact in record.facts
    ]
    return {**record._asdict(), "facts": facts}


def _part(part: Part) -> dict[str, object]:
    rules = [rule._asdict() for rule in part.rules]
    return {**part._asdict(), "asked": part.asked, "answered": part.answered, "rules": rules}
