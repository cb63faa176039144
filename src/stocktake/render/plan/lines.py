"""The lines of the audit plan with their ids, the artifact that answers each, and the formula of its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.render.plan.live import (
    Alike,
    Baselined,
    Connected,
    Drilled,
    Evidenced,
    Far,
    Kept,
    Listed,
    Opened,
    Planned,
)
from stocktake.render.plan.measures import (
    Asked,
    Changed,
    Compared,
    Known,
    Later,
    Looked,
    Measure,
    Named,
    Passed,
    Seen,
    Tracked,
)

PHASES: Mapping[str, str] = {
    "P0": "Phase 0: Architecture identification",
    "P1": "Phase 1: Discovery and inventory",
    "P2": "Phase 2: Dependency mapping",
    "P3": "Phase 3: Configuration review",
    "P4": "Phase 4: Backup and recovery review",
    "P5": "Phase 5: Performance and health monitoring",
    "P6": "Phase 6: Security and access controls",
    "P7": "Phase 7: Change and incident management",
    "P8": "Phase 8: Continuous improvement and reporting",
    "B": "Best practices",
    "T": "Artifact templates",
}


class Line(NamedTuple):
    """One line of the plan; `page` holds the artifact, "" where there is none yet."""

    id: str
    text: str
    artifact: str
    page: str
    measure: Measure

    @property
    def phase(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


_MEASURED = Later("Measurements over time come in a later version.")
_CYCLES = Later("Audit cycles are recorded in a later version.")
_CHANGES = Later("Records of changes and incidents come in a later version.")
_FORMATS = Later("This format is imported in a later version.")

# One line of the plan is one line here, however long: read it as a table.
# ruff: noqa: E501
# fmt: off
LINES: tuple[Line, ...] = (
    Line("P0.1", "Inspect architecture documents, README, ADRs and design documents", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P0.2", "Inspect source code for configuration and modules", "Sources looked at", "reconciliation.md", Looked()),
    Line("P0.3", "Inspect infrastructure as code", "Sources looked at", "reconciliation.md", Looked()),
    Line("P0.4", "Inspect dependency manifests", "Sources looked at", "reconciliation.md", Looked()),
    Line("P0.5", "Inspect CI/CD pipeline definitions", "Sources looked at", "", Later("Pipelines are read in a later version.")),
    Line("P0.6", "Inspect configuration files", "Sources looked at", "reconciliation.md", Looked()),
    Line("P0.7", "Extract the major components", "Assets", "asset/index.md", Seen("components")),
    Line("P0.8", "Extract the data stores", "Catalogue of data stores", "catalogue.md", Seen("stores")),
    Line("P0.9", "Extract interaction flows", "Dependency matrix", "matrix.md", Seen("dependencies")),
    Line("P0.10", "Extract external integrations", "Assets", "asset/index.md", Seen("externals")),
    Line("P0.11", "Use auto-documentation tools", "Imported documents", "", _FORMATS),
    Line("P0.12", "For legacy systems: static analysis, scan for connection strings", "Sources looked at", "reconciliation.md", Looked()),
    Line("P0.13", "Artifact: logical architecture diagrams", "Architecture", "architecture.md", Known("assets", ("system",))),
    Line("P0.14", "Artifact: catalogue of all data stores and their primary use", "Catalogue of data stores", "catalogue.md", Known("stores", ("description",))),
    Line("P0.15", "Artifact: critical decisions and trade-offs", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P1.1", "Check existing inventories", "Imported lists", "", _FORMATS),
    Line("P1.2", "Interview stakeholders, check onboarding documents", "Interviews", "", Later("Interviews are recorded in a later version.")),
    Line("P1.3", "Manual walk through code, configuration and diagrams", "Assets", "asset/index.md", Known("assets", ("reviewed",))),
    Line("P1.4", "Automated discovery across layers", "Declared and observed", "reconciliation.md", Looked()),
    Line("P1.5", "Scripts that list instances, ports and databases", "Observations", "observations.md", Connected()),
    Line("P1.6", "Crawl backups, data lake and warehouse catalogues", "Catalogues", "", Later("Catalogues of backups and warehouses are read in a later version.")),
    Line("P1.7", "Inventory: all physical and virtual data stores", "Catalogue of data stores", "catalogue.md", Known("stores", ("host",))),
    Line("P1.8", "Inventory: schemas and key datasets with owners", "Catalogue of data stores", "catalogue.md", Known("stores", ("owner", "datasets[]"))),
    Line("P1.9", "Inventory: access, location, type, version, connection, backup status", "Assets", "asset/index.md", Known("stores", ("access.method", "type", "version", "connection", "backup.plans[]"))),
    Line("P1.10", "Inventory linked to a risk and status register", "Findings", "findings.md", Asked(("INV001", "INV002"))),
    Line("P1.11", "Gaps: compare discovered assets with documentation", "Declared and observed", "reconciliation.md", Compared()),
    Line("P1.12", "Gaps: flag orphaned and undocumented resources", "Declared and observed", "reconciliation.md", Compared()),
    Line("P1.13", "Gaps: missing, outdated and duplicated entries", "Findings", "findings.md", Asked(("INV002",))),
    Line("P1.14", "Gaps: close them", "Tracked findings", "finding/index.md", Tracked()),
    Line("P1.15", "Artifact: a living inventory register", "Assets", "asset/index.md", Known("assets", ("type", "owner"))),
    Line("P1.16", "Artifact: risk and status charts", "Home", "index.md", Known("assets", ("owner", "criticality"))),
    Line("P2.1", "Inputs: codebase", "Declared and observed", "reconciliation.md", Looked()),
    Line("P2.2", "Inputs: IaC scripts, manifests, API documents", "Declared and observed", "reconciliation.md", Looked()),
    Line("P2.3", "Inputs: monitoring and log data", "Observed dependencies", "", Later("Logs and traces are read in a later version.")),
    Line("P2.4", "Inputs: interviews", "Interviews", "", Later("Interviews are recorded in a later version.")),
    Line("P2.5", "Approach: tool-based analysis", "Declared and observed", "reconciliation.md", Seen("dependencies")),
    Line("P2.6", "Approach: runtime tracing", "Traces", "", _FORMATS),
    Line("P2.7", "Build diagrams of components, call flows and deployment", "Architecture", "architecture.md", Known("assets", ("system",))),
    Line("P2.8", "Record type, direction, criticality, fallback, maintainers and version lock policy", "Dependencies", "dependency/index.md", Known("dependencies", ("type", "criticality", "fallback", "maintainers", "version_lock"))),
    Line("P2.9", "Review with the team for omissions", "Declared and observed", "reconciliation.md", Compared()),
    Line("P2.10", "Artifact: dependency matrix", "Dependency matrix", "matrix.md", Known("dependencies", ("type", "criticality"))),
    Line("P2.11", "Artifact: annotated dependency graph", "Architecture", "architecture.md", Known("dependencies", ("criticality",))),
    Line("P2.12", "Artifact: change impact assessment", "stocktake impact", "dependency/index.md", Known("dependencies", ("criticality",))),
    Line("P3.1", "Locate all configurations", "Baselines", "baseline/index.md", Named("stores", "baseline", "a baseline")),
    Line("P3.2", "Separate runtime, build-time and secret configuration", "Baselines", "baseline/index.md", Known("baselines", ("settings[]",))),
    Line("P3.3", "Check for missing, extra and undocumented parameters", "Drift", "drift.md", Baselined()),
    Line("P3.4", "Compare development, staging and production", "Environments compared", "environments.md", Alike()),
    Line("P3.5", "Document owner, scope, sensitivity and update process", "Baselines", "baseline/index.md", Known("baselines", ("settings[]",))),
    Line("P3.6", "Validate configuration in CI/CD", "Findings", "findings.md", Asked(("CFG001",))),
    Line("P3.7", "Check periodically against the baseline", "Drift", "drift.md", Baselined()),
    Line("P3.8", "Test for undocumented changes", "Drift", "drift.md", Baselined()),
    Line("P3.9", "Artifact: configuration baselines in version control", "Baselines", "baseline/index.md", Named("stores", "baseline", "a baseline")),
    Line("P3.10", "Artifact: configuration change history", "Last change on each page", "baseline/index.md", Changed()),
    Line("P4.1", "Each asset has a documented backup strategy", "Backups and drills", "backups.md", Known("stores", ("backup.plans[]",))),
    Line("P4.2", "Cover full, incremental, snapshots, configuration", "Backups and drills", "backups.md", Known("stores", ("backup.plans[]", "backup.rpo"))),
    Line("P4.3", "Check automation", "Findings of BKP004", "rule/BKP004.md", Asked(("BKP004",))),
    Line("P4.4", "Storage reliability, rotation and retention", "Backups and drills", "backups.md", Planned("retention")),
    Line("P4.5", "Alerts on failed and missed jobs", "Backups and drills", "backups.md", Planned("alert_route")),
    Line("P4.6", "Restore drills", "Backups and drills", "backups.md", Drilled()),
    Line("P4.7", "Recovery objectives are met", "Backups and drills", "backups.md", Kept()),
    Line("P4.8", "Record test results, fix weaknesses", "Restore drills", "backups.md", Evidenced()),
    Line("P4.9", "Investigate failed restores, adjust runbooks", "Runbooks", "runbook/index.md", Known("runbooks", ("last_exercised",))),
    Line("P4.10", "Remedy gaps in coverage", "Findings of BKP001", "rule/BKP001.md", Passed(("BKP001",))),
    Line("P4.11", "Artifact: backup topology diagrams", "Where the copies lie", "backups.md", Far()),
    Line("P4.12", "Artifact: outcomes of restore tests", "Restore drills", "drill/index.md", Evidenced()),
    Line("P5.1", "Monitor key metrics", "Metrics", "", _MEASURED),
    Line("P5.2", "Cover all layers", "Findings of HLT001", "rule/HLT001.md", Known("critical", ("monitoring.layers",))),
    Line("P5.3", "Alerting is defined", "Findings of HLT002", "rule/HLT002.md", Known("critical", ("monitoring.alerts[]",))),
    Line("P5.4", "Integrate with monitoring tools", "Assets", "asset/index.md", Known("critical", ("monitoring.dashboards",))),
    Line("P5.5", "Baselines and deltas after changes", "Measurements", "", _MEASURED),
    Line("P5.6", "Slow queries, indexes, locks", "Findings", "findings.md", Asked(("PG033", "PG034", "PG035", "PG038", "PG049", "PG050"))),
    Line("P5.7", "Follow root causes to infrastructure or design", "Tracked findings", "finding/index.md", Tracked()),
    Line("P5.8", "Artifact: dashboards and history charts", "Measurements", "", _MEASURED),
    Line("P5.9", "Artifact: periodic performance report", "Report", "", _CYCLES),
    Line("P6.1", "Extract actual users, roles and service accounts", "Access as observed", "access.md", Opened()),
    Line("P6.2", "Compare with policy", "Access as observed", "access.md", Listed()),
    Line("P6.3", "Rotation, MFA and roles", "Assets", "asset/index.md", Known("stores", ("access.method", "access.mfa", "access.rotation"))),
    Line("P6.4", "Expiry, offboarding, revocation", "Access as observed", "access.md", Asked(("ACC003", "PG012", "PG051"))),
    Line("P6.5", "Encryption at rest and in transit", "Findings of ACC001", "rule/ACC001.md", Known("sensitive", ("access.encryption_in_transit", "access.encryption_at_rest"))),
    Line("P6.6", "Audit logging, masking, retention and deletion", "Assets", "asset/index.md", Known("sensitive", ("datasets[]", "retention"))),
    Line("P6.7", "Artifact: security audit log summary", "Report", "", Later("A summary of audit logs comes in a later version.")),
    Line("P6.8", "Artifact: findings and remediation tickets", "Findings", "findings.md", Tracked()),
    Line("P7.1", "Changes are in version control", "Last change on each page", "asset/index.md", Changed()),
    Line("P7.2", "A decision record for each significant decision", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P7.3", "Peer review, test before production, careful rollout", "Changes", "", _CHANGES),
    Line("P7.4", "Incident response and rollback playbooks", "Runbooks", "runbook/index.md", Named("critical", "runbook", "a runbook")),
    Line("P7.5", "Incident reports, postmortems, lessons", "Incidents", "", _CHANGES),
    Line("P7.6", "Artifact: change approval records", "Changes", "", _CHANGES),
    Line("P7.7", "Artifact: rollback and incident runbook", "Runbooks", "runbook/index.md", Known("runbooks", ("last_exercised",))),
    Line("P7.8", "Artifact: living decision log", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P8.1", "Periodic audits with the phases as check-list", "Audit cycles", "", _CYCLES),
    Line("P8.2", "Debrief with stakeholders", "Audit cycles", "", _CYCLES),
    Line("P8.3", "Update architecture, inventory and dependencies continuously", "Findings of INV002", "rule/INV002.md", Passed(("INV002",))),
    Line("P8.4", "Retire what is deprecated", "Assets", "asset/index.md", Known("assets", ("lifecycle",))),
    Line("P8.5", "Audit and improvement reports", "Report", "", _CYCLES),
    Line("P8.6", "Track findings with status and time in a central place", "Tracked findings", "finding/index.md", Tracked()),
    Line("B.1", "Every artifact is living and versioned", "Last change on each page", "asset/index.md", Changed()),
    Line("B.2", "Automate collection and validation", "Declared and observed", "reconciliation.md", Seen("assets")),
    Line("B.3", "Integrate audits with CI/CD", "Findings", "findings.md", Asked(("INV001", "BKP001", "CFG001"))),
    Line("B.4", "Cross-train teams", "Teams", "team/index.md", Known("teams", ("members[]",))),
    Line("B.5", "Communication and visibility", "This site", "index.md", Known("assets", ("owner",))),
    Line("B.6", "Use standard frameworks", "Rules with their controls", "rule/index.md", Asked(("ACC001", "BKP001", "CHG001"))),
    Line("T.1", "Template: architecture documents", "Architecture", "architecture.md", Known("systems", ("description",))),
    Line("T.2", "Template: decision records", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("T.3", "Template: inventory sheet", "Catalogue of data stores", "catalogue.md", Known("stores", ("type", "owner", "classification", "reviewed"))),
    Line("T.4", "Template: dependency matrix", "Dependency matrix", "matrix.md", Known("dependencies", ("type", "criticality"))),
    Line("T.5", "Template: risk register", "Findings", "findings.md", Tracked()),
)
# fmt: on
