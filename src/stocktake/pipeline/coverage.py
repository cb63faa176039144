"""How much is known of an estate and of each of its parts."""

from __future__ import annotations

from stocktake.analyse import coverage as analyse
from stocktake.model.audit import Audit
from stocktake.model.coverage import Coverage, Part
from stocktake.model.sheet import Sheet
from stocktake.pipeline.audit import context_of
from stocktake.rules.engine import judge


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
        "records": [{**one._asdict(), "facts": [fact._asdict() for fact in one.facts]} for one in found.records],
        "expires": [one._asdict() for one in found.expiries],
        "refuted_by": [
            {"kind": kind, "fact": fact, "collectors": collectors}
            for (kind, fact), collectors in sorted(found.refuted_by.items())
        ],
    }


def _part(part: Part) -> dict[str, object]:
    rules = [rule._asdict() for rule in part.rules]
    return {**part._asdict(), "asked": part.asked, "answered": part.answered, "rules": rules}
