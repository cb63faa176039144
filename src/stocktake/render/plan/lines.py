"""The lines of the audit plan with their ids, the artifact that answers each, and the formula of its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.render.plan.judged import Asked, Controlled, Passed, Tracked
from stocktake.render.plan.live import Alike, Baselined, Connected, Listed, Opened, Settled, Versioned
from stocktake.render.plan.measures import Changed, Known, Later, Measure, Named
from stocktake.render.plan.people import Reachable, Shared
from stocktake.render.plan.protected import Drilled, Evidenced, Far, Kept, Planned
from stocktake.render.plan.seen import Compared, Looked, Seen
from stocktake.render.plan.written import Held, Interviewed, Stated

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
    """One line of the plan; `page` holds the artifact, "" where there is none yet. `missing` is a part of the line for
    which there is none yet: such a line is at most partly answered.
    """

    id: str
    text: str
    artifact: str
    page: str
    measure: Measure
    missing: str = ""

    @property
    def phase(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


_MEASURED = Later("Measurements over time come in a later version.")
_FORMATS = Later("This format is imported in a later version.")
_UNRECORDED = "How many changes in Git have no record is not counted yet."
_CODE = "The text of programs is not read yet."

# One line of the plan is one line here, however long: read it as a table.
# ruff: noqa: E501
# fmt: off
LINES: tuple[Line, ...] = (
    Line("P0.1", "Inspect architecture documents, README, ADRs and design documents", "Decision log", "adr/index.md", Named("assets", "adr", "a decision"), "How many of the documents are recorded as sources is counted in a later version."),
    Line("P0.2", "Inspect source code for configuration and modules", "Declared and observed", "reconciliation.md", Looked("configuration files and modules"), _CODE),
    Line("P0.3", "Inspect infrastructure as code", "Compose files and Dockerfiles, looked at", "reconciliation.md", Looked("Compose files and Dockerfiles"), "Terraform, Kubernetes and other infrastructure code is not read yet."),
    Line("P0.4", "Inspect dependency manifests", "Manifests of Python and Node, looked at", "reconciliation.md", Looked("manifests of Python and Node"), "Manifests of other languages are not read yet."),
    Line("P0.5", "Inspect CI/CD pipeline definitions", "Pipelines", "", Later("Pipelines are read in a later version.")),
    Line("P0.6", "Inspect configuration files", "Configuration files, looked at", "reconciliation.md", Looked("configuration and env files")),
    Line("P0.7", "Extract the major components", "Assets", "asset/index.md", Seen("components")),
    Line("P0.8", "Extract the data stores", "Catalogue of data stores", "catalogue.md", Seen("stores")),
    Line("P0.9", "Extract interaction flows", "Dependency matrix", "matrix.md", Seen("dependencies")),
    Line("P0.10", "Extract external integrations", "Assets", "asset/index.md", Seen("externals")),
    Line("P0.11", "Use auto-documentation tools", "Imported documents", "", _FORMATS),
    Line("P0.12", "For legacy systems: static analysis, scan for connection strings", "Connection strings, looked for", "reconciliation.md", Looked("connection strings in configuration"), _CODE),
    Line("P0.13", "Artifact: logical architecture diagrams", "Architecture", "architecture.md", Known("assets", ("system",))),
    Line("P0.14", "Artifact: catalogue of all data stores and their primary use", "Catalogue of data stores", "catalogue.md", Known("stores", ("description",))),
    Line("P0.15", "Artifact: critical decisions and trade-offs", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P1.1", "Check existing inventories", "Imported lists", "", _FORMATS),
    Line("P1.2", "Interview stakeholders, check onboarding documents", "Sources", "source/index.md", Interviewed("assets")),
    Line("P1.3", "Manual walk through code, configuration and diagrams", "Assets", "asset/index.md", Known("assets", ("reviewed",))),
    Line("P1.4", "Automated discovery across layers", "Declared and observed", "reconciliation.md", Looked("configuration, manifests and Compose files"), "Networks, clouds and orchestrators are not searched yet."),
    Line("P1.5", "Scripts that list instances, ports and databases", "Observations", "observations.md", Connected()),
    Line("P1.6", "Crawl backups, data lake and warehouse catalogues", "Catalogues", "", Later("Catalogues of backups and warehouses are read in a later version.")),
    Line("P1.7", "Inventory: all physical and virtual data stores", "Catalogue of data stores", "catalogue.md", Known("stores", ("host",))),
    Line("P1.8", "Inventory: schemas and key datasets with owners", "Catalogue of data stores", "catalogue.md", Known("stores", ("owner", "datasets[]"))),
    Line("P1.9", "Inventory: access, location, type, version, connection, backup status", "Inventory sheet", "inventory.md", Known("stores", ("access.method", "host", "type", "version", "connection", "backup.plans[]"))),
    Line("P1.10", "Inventory linked to a risk and status register", "Risks", "risk/index.md", Known("assets", ("criticality", "lifecycle")), "How many assets the register of risks names is counted in a later version."),
    Line("P1.11", "Gaps: compare discovered assets with documentation", "Declared and observed", "reconciliation.md", Compared()),
    Line("P1.12", "Gaps: flag orphaned and undocumented resources", "Declared and observed", "reconciliation.md", Compared()),
    Line("P1.13", "Gaps: missing, outdated and duplicated entries", "Findings of INV002", "rule/INV002.md", Passed(("INV002",))),
    Line("P1.14", "Gaps: close them", "Tracked findings", "finding/index.md", Tracked("INV")),
    Line("P1.15", "Artifact: a living inventory register", "Inventory sheet", "inventory.md", Known("assets", ("type", "owner", "reviewed"))),
    Line("P1.16", "Artifact: risk and status charts", "Home", "index.md", Known("assets", ("owner", "criticality"))),
    Line("P2.1", "Inputs: codebase", "Declared and observed", "reconciliation.md", Looked("configuration files and manifests"), _CODE),
    Line("P2.2", "Inputs: IaC scripts, manifests, API documents", "Declared and observed", "reconciliation.md", Looked("Compose files, Dockerfiles and manifests"), "API documents and other infrastructure code are not read yet."),
    Line("P2.3", "Inputs: monitoring and log data", "Observed dependencies", "", Later("Logs and traces are read in a later version.")),
    Line("P2.4", "Inputs: interviews", "Sources", "source/index.md", Interviewed("dependencies")),
    Line("P2.5", "Approach: tool-based analysis", "Declared and observed", "reconciliation.md", Seen("dependencies")),
    Line("P2.6", "Approach: runtime tracing", "Traces", "", _FORMATS),
    Line("P2.7", "Build diagrams of components, call flows and deployment", "Architecture", "architecture.md", Known("assets", ("system",))),
    Line("P2.8", "Record type, direction, criticality, fallback, maintainers and version lock policy", "Dependencies", "dependency/index.md", Known("dependencies", ("type", "criticality", "fallback", "maintainers", "version_lock"))),
    Line("P2.9", "Review with the team for omissions", "Reviews", "review/index.md", Held(("dependency",))),
    Line("P2.10", "Artifact: dependency matrix", "Dependency matrix", "matrix.md", Known("dependencies", ("type", "criticality"))),
    Line("P2.11", "Artifact: annotated dependency graph", "Map of what breaks", "dependencies.md", Known("dependencies", ("criticality",))),
    Line("P2.12", "Artifact: change impact assessment", "What breaks", "dependencies.md", Known("dependencies", ("criticality", "fallback"))),
    Line("P3.1", "Locate all configurations", "Baselines", "baseline/index.md", Versioned("locations")),
    Line("P3.2", "Separate runtime, build-time and secret configuration", "Baselines", "baseline/index.md", Settled(("plane",))),
    Line("P3.3", "Check for missing, extra and undocumented parameters", "Drift", "drift.md", Baselined()),
    Line("P3.4", "Compare development, staging and production", "Environments compared", "environments.md", Alike()),
    Line("P3.5", "Document owner, scope, sensitivity and update process", "Baselines", "baseline/index.md", Settled(("owner", "scope", "sensitivity", "update_process"))),
    Line("P3.6", "Validate configuration in CI/CD", "Drift", "drift.md", Baselined(), "Which pipelines run the check is not recorded yet."),
    Line("P3.7", "Check periodically against the baseline", "Drift", "drift.md", Baselined()),
    Line("P3.8", "Test for undocumented changes", "Drift", "drift.md", Baselined()),
    Line("P3.9", "Artifact: configuration baselines in version control", "Baselines", "baseline/index.md", Versioned()),
    Line("P3.10", "Artifact: configuration change history", "Last change of each baseline", "baseline/index.md", Versioned()),
    Line("P4.1", "Each asset has a documented backup strategy", "Findings of BKP001", "rule/BKP001.md", Passed(("BKP001",))),
    Line("P4.2", "Cover full, incremental, snapshots, configuration", "Backups and drills", "backups.md", Planned(("kind", "covers"))),
    Line("P4.3", "Check automation", "Backups and drills", "backups.md", Planned(("schedule", "method"))),
    Line("P4.4", "Storage reliability, rotation and retention", "Backups and drills", "backups.md", Planned(("target", "retention", "immutability"))),
    Line("P4.5", "Alerts on failed and missed jobs", "Backups and drills", "backups.md", Planned(("alert_route",))),
    Line("P4.6", "Restore drills", "Backups and drills", "backups.md", Drilled()),
    Line("P4.7", "Recovery objectives are met", "Backups and drills", "backups.md", Kept()),
    Line("P4.8", "Record test results, fix weaknesses", "Restore drills", "backups.md", Evidenced()),
    Line("P4.9", "Investigate failed restores, adjust runbooks", "Runbooks", "runbook/index.md", Named("stores", "runbook", "a runbook", "last_exercised")),
    Line("P4.10", "Remedy gaps in coverage", "Findings of BKP001", "rule/BKP001.md", Passed(("BKP001",))),
    Line("P4.11", "Artifact: backup topology diagrams", "Where the copies lie", "backups.md", Far()),
    Line("P4.12", "Artifact: outcomes of restore tests", "Restore drills", "drill/index.md", Evidenced()),
    Line("P5.1", "Monitor key metrics", "Metrics", "", _MEASURED),
    Line("P5.2", "Cover all layers", "Findings of HLT001", "rule/HLT001.md", Known("critical", ("monitoring.layers",))),
    Line("P5.3", "Alerting is defined", "Findings of HLT002", "rule/HLT002.md", Known("critical", ("monitoring.alerts[]",))),
    Line("P5.4", "Integrate with monitoring tools", "Assets", "asset/index.md", Known("critical", ("monitoring.dashboards",))),
    Line("P5.5", "Baselines and deltas after changes", "Measurements", "", _MEASURED),
    Line("P5.6", "Slow queries, indexes, locks", "Findings", "findings.md", Asked(("PG033", "PG034", "PG035", "PG038", "PG049", "PG050"))),
    Line("P5.7", "Follow root causes to infrastructure or design", "Incidents", "incident/index.md", Stated("incident", ("cause", "actions"))),
    Line("P5.8", "Artifact: dashboards and history charts", "Measurements", "", _MEASURED),
    Line("P5.9", "Artifact: periodic performance report", "Reviews", "review/index.md", Held(("performance",))),
    Line("P6.1", "Extract actual users, roles and service accounts", "Access as observed", "access.md", Opened()),
    Line("P6.2", "Compare with policy", "Access as observed", "access.md", Listed()),
    Line("P6.3", "Rotation, MFA and roles", "Assets", "asset/index.md", Known("stores", ("access.method", "access.mfa", "access.rotation"))),
    Line("P6.4", "Expiry, offboarding, revocation", "Access as observed", "access.md", Asked(("ACC003", "PG012", "PG051"))),
    Line("P6.5", "Encryption at rest and in transit", "Findings of ACC001", "rule/ACC001.md", Known("sensitive", ("access.encryption_in_transit", "access.encryption_at_rest"))),
    Line("P6.6", "Audit logging, masking, retention and deletion", "Assets", "asset/index.md", Known("sensitive", ("datasets[].masking", "datasets[].retention", "datasets[].deletion", "settings[log_connections].value"))),
    Line("P6.7", "Artifact: security audit log summary", "Report", "", Later("A summary of audit logs comes in a later version.")),
    Line("P6.8", "Artifact: findings and remediation tickets", "Tracked findings", "finding/index.md", Tracked("ACC", ("owner", "ticket"))),
    Line("P7.1", "Changes are in version control", "Changes", "change/index.md", Stated("change", ("about", "review")), _UNRECORDED),
    Line("P7.2", "A decision record for each significant decision", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P7.3", "Peer review, test before production, careful rollout", "Changes", "change/index.md", Stated("change", ("review", "tests", "rollout")), _UNRECORDED),
    Line("P7.4", "Incident response and rollback playbooks", "Runbooks", "runbook/index.md", Named("critical", "runbook", "a runbook")),
    Line("P7.5", "Incident reports, postmortems, lessons", "Incidents", "incident/index.md", Stated("incident", ("timeline", "cause", "lessons", "actions"))),
    Line("P7.6", "Artifact: change approval records", "Changes", "change/index.md", Stated("change", ("ticket", "approver", "approved")), _UNRECORDED),
    Line("P7.7", "Artifact: rollback and incident runbook", "Runbooks", "runbook/index.md", Named("critical", "runbook", "a runbook", "last_exercised")),
    Line("P7.8", "Artifact: living decision log", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("P8.1", "Periodic audits with the phases as check-list", "Reviews", "review/index.md", Held()),
    Line("P8.2", "Debrief with stakeholders", "Reviews", "review/index.md", Stated("review", ("debrief",), "state", "done")),
    Line("P8.3", "Update architecture, inventory and dependencies continuously", "Findings of INV002", "rule/INV002.md", Passed(("INV002",))),
    Line("P8.4", "Retire what is deprecated", "Assets", "asset/index.md", Known("assets", ("lifecycle",))),
    Line("P8.5", "Audit and improvement reports", "Audit report", "report.md", Held(("audit",))),
    Line("P8.6", "Track findings with status and time in a central place", "Tracked findings", "finding/index.md", Tracked()),
    Line("B.1", "Every artifact is living and versioned", "Last change on each page", "asset/index.md", Changed()),
    Line("B.2", "Automate collection and validation", "Declared and observed", "reconciliation.md", Seen("assets")),
    Line("B.3", "Integrate audits with CI/CD", "Pipelines", "", Later("Which pipelines run the checks is recorded in a later version.")),
    Line("B.4", "Cross-train teams", "Teams", "team/index.md", Shared()),
    Line("B.5", "Communication and visibility", "Teams", "team/index.md", Reachable()),
    Line("B.6", "Use standard frameworks", "Controls, with the rules that give evidence", "control/index.md", Controlled()),
    Line("T.1", "Template: architecture documents", "Architecture", "architecture.md", Known("assets", ("system", "description"))),
    Line("T.2", "Template: decision records", "Decision log", "adr/index.md", Named("critical", "adr", "a decision")),
    Line("T.3", "Template: inventory sheet", "Inventory sheet", "inventory.md", Known("stores", ("type", "owner", "classification", "reviewed"))),
    Line("T.4", "Template: dependency matrix", "Dependency matrix", "matrix.md", Known("dependencies", ("type", "criticality"))),
    Line("T.5", "Template: risk register", "Risks", "risk/index.md", Named("critical", "risk", "a risk")),
)
# fmt: on
