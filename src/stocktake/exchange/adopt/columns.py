"""Which fact a column is, by its heading: the names that people give columns, and ours."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.values.text import slug

LABEL = ""

_COMMON = {
    "description": ("comment", "comments", "details", "note", "notes", "purpose", "remarks", "what-it-is-for"),
    "id": ("key", "ref", "reference"),
    "aliases": ("alias", "also-known-as", "other-names"),
    "links": ("documentation", "docs", "link", "wiki"),
    "tags": ("keywords", "tag"),
}
_OWNED = {
    "owner": ("owned-by", "owner-team", "owning-team", "responsible", "responsible-team", "team", "service-owner"),
    "criticality": ("business-criticality", "importance", "priority", "tier"),
}
_ASSET = {
    "name": (
        *("application", "asset", "asset-name", "component", "data-store", "database", "database-name", "datastore"),
        *("db", "instance", "resource", "service", "service-name", "store", "title"),
    ),
    "id": ("asset-id", "ci", "cmdb-id"),
    "type": ("asset-type", "category", "class", "kind", "store-type"),
    "system": ("app", "part-of", "product", "solution", "system-name"),
    "environment": ("env", "environments", "stage"),
    "classification": ("confidentiality", "data-classification", "data-sensitivity", "sensitivity"),
    "lifecycle": ("lifecycle-state", "state", "status"),
    "engine": ("db-engine", "dbms", "platform", "software", "technology"),
    "version": ("engine-version", "db-version", "release"),
    "endpoint": ("address", "connection", "url"),
    "host": ("fqdn", "hostname", "server"),
    "region": ("location",),
    "zone": ("availability-zone", "az"),
    "access.encryption_at_rest": ("encryption-at-rest",),
    "access.encryption_in_transit": ("encryption-in-transit", "tls"),
    "access.method": ("access-method", "authentication", "connection-method"),
    "access.mfa": ("mfa",),
    "access.rotation": ("credential-rotation", "password-rotation"),
    "backup.rpo": ("rpo", "recovery-point-objective"),
    "backup.rto": ("rto", "recovery-time-objective"),
    "backup.plans.main.kind": ("backup-kind", "backup-type"),
    "backup.plans.main.method": ("backup-method", "backup-tool"),
    "backup.plans.main.retention": ("backup-retention",),
    "backup.plans.main.schedule": ("backup-frequency", "backup-schedule"),
    "backup.plans.main.target": ("backup-location", "backup-target"),
    "retention": ("data-retention",),
    "reviewed": ("last-review", "last-reviewed", "review-date"),
}
_DEPENDENCY = {
    "from": ("caller", "client", "consumer", "dependent", "source"),
    "to": ("dependency", "depends-on", "provider", "server", "target", "uses"),
    "type": ("access", "dependency-type", "kind", "relation"),
    "protocol": (),
    "auth": ("authentication",),
    "encryption_in_transit": ("encryption", "encryption-in-transit", "tls"),
    "fallback": ("fallback-strategy",),
    "redundancy": (),
    "version_lock": ("version-lock", "version-lock-policy"),
    "data_classes": ("data", "data-classes"),
}
_RISK = {
    "name": ("risk", "title"),
    "statement": ("risk-statement", "scenario"),
    "about": ("affected", "asset", "assets"),
    "likelihood": ("probability",),
    "impact": ("consequence",),
    "inherent": ("inherent-risk", "level", "rating", "risk-level", "severity"),
    "residual": ("residual-risk",),
    "treatment": ("response", "strategy"),
    "controls": ("measures", "mitigation"),
    "status": ("state",),
    "review_date": ("next-review", "review", "review-date", "review-by"),
    "ticket": ("issue",),
    "vulnerability": ("vulnerabilities", "weakness"),
    "vulnerability_status": ("mitigation-progress", "progress", "vulnerability-status"),
}
_TEAM = {"name": ("team", "team-name"), "contact": ("channel", "e-mail", "email", "mail"), "handle": ("github",)}
_SYSTEM = {"name": ("application", "product", "system"), "domain": ("area", "business-domain")}

# The kinds that a table can be read as, and by dotted name of a fact the headings that mean it.
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "asset": {**_COMMON, **_OWNED, **_ASSET, "id": (*_COMMON["id"], *_ASSET["id"])},
    "dependency": {**_COMMON, **_DEPENDENCY, "name": (), "criticality": _OWNED["criticality"]},
    "risk": {**_COMMON, "owner": _OWNED["owner"], **_RISK},
    "system": {**_COMMON, **_OWNED, **_SYSTEM},
    "team": {**_COMMON, **_TEAM},
}


def field(heading: str, kind: str) -> str:
    """The fact that a heading means; LABEL for none."""
    plain = slug(heading)
    for name, others in FIELDS[kind].items():
        if plain in (slug(name), *others) or heading.strip() == name:
            return name
    return LABEL


def fields(headings: tuple[str, ...], kind: str, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The fact of each column; one fact has one column, the first whose heading is our own word for it.

    `chosen` are facts by heading that somebody gave.
    """
    asked = [chosen.get(heading, field(heading, kind)) for heading in headings]
    homes: dict[str, int] = {}
    for number, name in enumerate(asked):
        is_ours = headings[number] in chosen or slug(headings[number]) == slug(name)
        if name and (name not in homes or (is_ours and headings[homes[name]] not in chosen)):
            homes[name] = number
    return tuple(name if homes.get(name) == number else LABEL for number, name in enumerate(asked))


def kind_of(headings: tuple[str, ...]) -> str:
    """What a table lists, by its headings."""
    plain = {slug(heading) for heading in headings}
    if {"likelihood", "probability"} & plain or "risk" in plain:
        return "risk"
    if {field(one, "dependency") for one in headings} >= {"from", "to"} and not {"type", "owner"} <= plain:
        return "dependency"
    return "asset"
