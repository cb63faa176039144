"""The table of gates, and all that a change makes weaker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from stocktake.analyse.gates import judges, records, waivers
from stocktake.model.weakening import Changed, Weakening

Gate = Callable[[Changed], Iterable[Weakening]]

GATES: Mapping[str, Gate] = {
    "approvers": judges.approvers,
    "backup-plan": records.backup_plan,
    "classification": records.classification,
    "criticality": records.criticality,
    "encryption": records.encryption,
    "fallback": records.fallback,
    "gates": judges.gates,
    "known-findings": waivers.known_findings,
    "record": records.record,
    "recovery": records.recovery,
    "retention": records.retention,
    "rules": judges.rules,
    "schema": judges.schema,
    "second-factor": records.second_factor,
    "settings": judges.settings,
    "severity": records.severity,
    "waiver": waivers.waiver,
}


def weakenings(changed: Changed) -> tuple[Weakening, ...]:
    """Everything that becomes weaker, by subject."""
    found = {one for gate in GATES.values() for one in gate(changed)}
    return tuple(sorted(found, key=lambda one: (one.subject, one.field, one.environment, one.gate, one.words)))
