"""What people write into spreadsheets, in the words that records have; None where it is not clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stocktake.exchange.adopt.draft import one_line
from stocktake.values import duration
from stocktake.values.text import slug

NOTHING = frozenset({"", "-", "--", "?", "n/a", "na", "not known", "tbc", "tbd", "unknown"})
_ISO_DAY = re.compile(r"([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T].*)?")
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([12][0-9]{3})")
_SLASHED_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([12][0-9]{3})")
_LINK = re.compile(r"https?://[^ <>\"\\@]+\Z|mailto:[^ <>\"\\]+\Z")
_CRON = re.compile(r"[-0-9*/,A-Za-z]+(?: +[-0-9*/,A-Za-z]+){4}")
_VERSION = re.compile(r"^(.*?)[ /:v-]+(v?[0-9][0-9A-Za-z.+-]*)$")


class Engine(NamedTuple):
    """An engine by its name, and the type of an asset that it makes."""

    name: str
    type: str


Engines = Mapping[str, Engine]

# Names of products beside those of engines that a scanner meets.
PRODUCTS: Engines = {
    **dict.fromkeys(("ms-sql", "microsoft-sql-server", "sql-server"), Engine("mssql", "relational-db")),
    **dict.fromkeys(("excel", "google-sheets", "microsoft-excel"), Engine("", "spreadsheet")),
    "active-directory": Engine("active-directory", "identity-store"),
    "bigquery": Engine("bigquery", "data-warehouse"),
}

CRITICALITY = {
    **{word: word for word in ("low", "medium", "high", "critical")},
    "business-critical": "critical",
    "mission-critical": "critical",
    "very-high": "critical",
    "important": "high",
    "moderate": "medium",
    "normal": "medium",
    "minor": "low",
}
CLASSIFICATION = {
    **{word: word for word in ("public", "internal", "confidential", "restricted")},
    "highly-confidential": "restricted",
    "strictly-confidential": "restricted",
    "secret": "restricted",
    "internal-use-only": "internal",
    "internal-only": "internal",
}
LIFECYCLE = {
    **{word: word for word in ("proposed", "production", "deprecated", "retired")},
    "active": "production",
    "in-use": "production",
    "live": "production",
    "prod": "production",
    "planned": "proposed",
    "experimental": "proposed",
    "legacy": "deprecated",
    "decommissioned": "retired",
    "end-of-life": "deprecated",
}
ENVIRONMENT = {"prod": "production", "live": "production", "prd": "production", "stg": "staging", "stage": "staging"}
SCHEDULE = {
    **dict.fromkeys(("daily", "every-day", "nightly"), "@daily"),
    **{word: f"@{word}" for word in ("hourly", "monthly", "weekly", "yearly")},
    "every-hour": "@hourly",
    "every-month": "@monthly",
    "every-week": "@weekly",
}
DEPENDENCY = {
    **dict.fromkeys(("read", "reads", "reads-from", "consumes"), "reads"),
    **dict.fromkeys(("write", "writes", "writes-to"), "writes"),
    **dict.fromkeys(("read-write", "read-and-write", "reads-writes", "reads-and-writes", "rw", "r-w"), "reads-writes"),
    **dict.fromkeys(("api", "call", "calls", "grpc", "http", "https", "rest", "uses-api"), "calls"),
    **dict.fromkeys(("publish", "publishes", "publishes-to", "produces"), "publishes-to"),
    **dict.fromkeys(("subscribe", "subscribes", "subscribes-to"), "subscribes-to"),
    **dict.fromkeys(("replicates", "replicates-to", "replication"), "replicates-to"),
    **dict.fromkeys(("auth", "authenticates", "authenticates-with", "login", "sso"), "authenticates-with"),
    **dict.fromkeys(("monitors", "monitoring"), "monitors"),
    **dict.fromkeys(("build", "builds-from"), "builds-from"),
}
TYPE = {
    **dict.fromkeys(
        ("database", "db", "rdbms", "relational", "relational-database", "sql", "sql-database"), "relational-db"
    ),
    **dict.fromkeys(("document", "document-database", "document-store"), "document-db"),
    **dict.fromkeys(("key-value-store", "kv"), "key-value"),
    **dict.fromkeys(("graph", "graph-database"), "graph-db"),
    **dict.fromkeys(("time-series-database", "tsdb"), "time-series"),
    **dict.fromkeys(("vector", "vector-database"), "vector-db"),
    **dict.fromkeys(("search", "search-engine"), "search-index"),
    **dict.fromkeys(("broker", "message-broker", "mq", "queue"), "message-queue"),
    **dict.fromkeys(("event-bus", "stream", "streaming", "topic", "kafka-topic"), "event-stream"),
    **dict.fromkeys(("blob", "bucket", "object-storage", "s3-bucket"), "object-store"),
    **dict.fromkeys(("block-storage", "volume"), "block-store"),
    **dict.fromkeys(("file-share", "file-storage", "fileshare", "nas", "nfs"), "file-store"),
    **dict.fromkeys(("datalake", "lake"), "data-lake"),
    **dict.fromkeys(("datawarehouse", "dwh", "warehouse"), "data-warehouse"),
    **dict.fromkeys(("log", "logs"), "log-store"),
    **dict.fromkeys(("embedded", "embedded-database"), "embedded-db"),
    **dict.fromkeys(("excel", "excel-file", "sheet", "workbook"), "spreadsheet"),
    **dict.fromkeys(("backup", "backups"), "backup-repository"),
    **dict.fromkeys(("key-vault", "secrets", "vault"), "secret-store"),
    **dict.fromkeys(("active-directory", "directory"), "identity-store"),
    **dict.fromkeys(("idp", "sso"), "identity-provider"),
    **dict.fromkeys(("app", "application", "backend", "microservice", "server"), "service"),
    **dict.fromkeys(("site", "web-app", "web-application", "web-site"), "website"),
    **dict.fromkeys(("front-end", "ui"), "frontend"),
    **dict.fromkeys(("batch", "cron", "cron-job", "etl", "job", "pipeline"), "batch-job"),
    **dict.fromkeys(("load-balancer", "proxy", "reverse-proxy", "api-gateway"), "gateway"),
    **dict.fromkeys(("saas", "external-service", "external-system"), "external-saas"),
}


def word(table: Mapping[str, str]) -> Callable[[str], str | None]:
    """A reader that looks a text up."""
    return lambda text: table.get(slug(text))


def length(text: str) -> str | None:
    """A duration."""
    return duration.suggest(one_line(text))


def day(text: str) -> str | None:
    """A day; one of which nobody can tell the month from the day of the month is not clear."""
    line = one_line(text)
    if found := _ISO_DAY.fullmatch(line):
        year, month, number = found.groups()
    elif found := _GERMAN_DAY.fullmatch(line):
        number, month, year = found.groups()
    elif (found := _SLASHED_DAY.fullmatch(line)) and (int(found[1]) > 12) != (int(found[2]) > 12):
        number, month = (found[1], found[2]) if int(found[1]) > 12 else (found[2], found[1])
        year = found[3]
    else:
        return None
    return f"{year}-{int(month):02}-{int(number):02}" if int(month) <= 12 and int(number) <= 31 else None


def schedule(text: str) -> str | None:
    """A schedule."""
    line = one_line(text)
    return line if _CRON.fullmatch(line) or line.startswith("@") else SCHEDULE.get(slug(line))


def names(text: str) -> list[str] | None:
    """Names that stand in one cell."""
    return list(dict.fromkeys(filter(None, (one_line(part) for part in re.split(r"[,;|\n]", text))))) or None


def links(text: str) -> list[str] | None:
    """Addresses of pages; where anything else stands among them it is not clear."""
    found = names(text)
    return found if found and all(_LINK.match(one) for one in found) else None


def tags(text: str) -> list[str] | None:
    """Words to group by."""
    return list(dict.fromkeys(slug(part) for part in names(text) or ())) or None


def yes(wanted: str, otherwise: str) -> Callable[[str], str | None]:
    """A reader of yes and no; other words stay as they are."""
    table = {**dict.fromkeys(("yes", "y", "true", "enabled"), wanted), **dict.fromkeys(("no", "n", "false"), otherwise)}
    return lambda text: table.get(slug(text), one_line(text))


def engine(text: str, engines: Engines) -> tuple[str, str, str] | None:
    """(engine, version, type) of a product as people write it, `PostgreSQL 15.4`; an unknown one has no type."""
    line = one_line(text)
    found = _VERSION.match(line)
    name, version = (found[1], found[2]) if found else (line, "")
    candidates = [slug(name), slug(name).replace("-", ""), *slug(name).split("-"), slug(line)]
    known = next((engines[one] for one in candidates if one in engines), None)
    if known:
        return known.name or slug(name), version, known.type
    return (slug(name)[:60], version, "") if name else None


def kind_of_asset(text: str, types: frozenset[str], engines: Engines) -> str | None:
    """The type of an asset: in our words, in others', or of an engine that somebody named in its place."""
    plain = slug(text)
    if plain in types:
        return plain
    if plain in TYPE:
        return TYPE[plain]
    known = engine(text, engines)
    return known[2] or None if known else None


READERS: Mapping[str, Callable[[str], Any]] = {
    "access.encryption_at_rest": one_line,
    "access.encryption_in_transit": yes("tls", "none"),
    "access.mfa": yes("required", "none"),
    "access.rotation": length,
    "aliases": names,
    "backup.rpo": length,
    "backup.rto": length,
    "backup.plans.main.kind": lambda text: slug(text),
    "backup.plans.main.retention": length,
    "backup.plans.main.schedule": schedule,
    "classification": word(CLASSIFICATION),
    "criticality": word(CRITICALITY),
    "controls": names,
    "data_classes": tags,
    "about": names,
    "environment": lambda text: ENVIRONMENT.get(slug(text), slug(text)),
    "lifecycle": word(LIFECYCLE),
    "links": links,
    "retention": length,
    "review_date": day,
    "reviewed": day,
    "tags": tags,
    **dict.fromkeys(("inherent", "residual"), word(CRITICALITY)),
    **dict.fromkeys(("impact", "likelihood", "status", "treatment"), slug),
}
