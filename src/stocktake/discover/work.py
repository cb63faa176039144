"""What a line of a shell does with a store: bring its schema up to date, dump it, or restore it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from stocktake.discover import engines
from stocktake.values import dsn

MIGRATE, DUMP, RESTORE = "migrate", "dump", "restore"
LONGEST = 1000
_MIGRATORS = (
    r"alembic\s[^|;&]{0,200}?\bupgrade",
    r"flask\s+db\s+upgrade",
    r"manage\.py\s+migrate(?!\s+--(?:check|plan))",
    r"(?:rails|rake)\s+db:(?:migrate|prepare)(?!:)",
    r"flyway\s[^|;&]{0,200}?\bmigrate",
    r"liquibase\s[^|;&]{0,200}?\bupdate(?!-sql)",
    r"prisma\s+(?:migrate\s+deploy|db\s+push)",
    r"knex\s[^|;&]{0,200}?migrate:latest",
    r"sequelize(?:-cli)?\s+db:migrate(?!:)",
    r"typeorm(?:-\S+)?\s[^|;&]{0,200}?migrations?:run",
    r"drizzle-kit\s+(?:migrate|push)",
    r"artisan\s+migrate(?!:)",
    r"doctrine:migrations:migrate",
    r"dotnet[- ]ef\s+database\s+update",
    r"goose\s[^|;&]{0,200}\bup\b",
    r"dbmate\s[^|;&]{0,200}\b(?:up|migrate)\b",
    r"migrate\s+-(?:path|source|database)\s[^|;&]{0,200}\bup\b",
    r"atlas\s+(?:migrate|schema)\s+apply",
    r"sqlx\s+migrate\s+run",
    r"diesel\s+migration\s+run",
    r"ecto\.migrate",
    r"node-pg-migrate\s+up",
    r"sqitch\s+deploy",
    r"yoyo\s+apply",
    r"skeema\s+push",
    r"(?:npm|pnpm|yarn|bun|npx|make|just|task)\s+(?:run\s+)?(?:[\w-]+:)?migrat(?:e|ions?)(?::(?:deploy|latest|run|up))?(?=\s|$)",
)
# Each with the engine that it is made for, empty where it is made for several.
_PROGRAMS = (
    (
        DUMP,
        "postgresql",
        r"pg_dump(?:all)?|pg_basebackup|pgbackrest\b[^|;&]{0,200}\sbackup|wal-g\s+backup-push|barman\s+backup",
    ),
    (DUMP, "mysql", r"mysqldump|mariadb-dump|mydumper|xtrabackup\s+--backup|mariabackup\s+--backup"),
    (DUMP, "mongodb", r"mongodump"),
    (DUMP, "redis", r"redis-cli\b[^|;&]{0,200}\s--rdb|redis-cli\b[^|;&]{0,200}\s(?:BG)?SAVE"),
    (DUMP, "sqlite", r"sqlite3\b[^|;&]{0,200}\s[\"']?\.(?:dump|backup)|litestream\s+replicate"),
    (DUMP, "etcd", r"etcdctl\b[^|;&]{0,200}\ssnapshot\s+save"),
    (DUMP, "clickhouse", r"clickhouse-backup\s+(?:create|upload)"),
    (DUMP, "neo4j", r"neo4j-admin\s+(?:database\s+)?(?:dump|backup)"),
    (DUMP, "influxdb", r"influxd?\s+backup"),
    (DUMP, "", r"aws\s+rds\s+create-db-(?:cluster-)?snapshot|gcloud\s+sql\s+(?:export\s+\w+|backups\s+create)"),
    (DUMP, "dynamodb", r"aws\s+dynamodb\s+create-backup"),
    (
        RESTORE,
        "postgresql",
        r"pg_restore|pgbackrest\b[^|;&]{0,200}\srestore|wal-g\s+backup-fetch|psql\b[^|;&<]{0,200}<\s*\S",
    ),
    (RESTORE, "mysql", r"(?:mysql|mariadb)\s[^|;&<]{0,200}<\s*\S|myloader"),
    (RESTORE, "mongodb", r"mongorestore"),
    (RESTORE, "etcd", r"etcdctl\b[^|;&]{0,200}\ssnapshot\s+restore"),
    (RESTORE, "clickhouse", r"clickhouse-backup\s+restore"),
    (RESTORE, "neo4j", r"neo4j-admin\s+(?:database\s+)?(?:load|restore)"),
    (RESTORE, "", r"aws\s+rds\s+restore-db-\S+|gcloud\s+sql\s+(?:import\s+\w+|backups\s+restore)"),
    (MIGRATE, "postgresql", r"psql\b[^|;&<]{0,200}\s(?:-f|--file)[ =]?\S"),
    (MIGRATE, "", "|".join(_MIGRATORS)),
)
_WORD = re.compile(
    r"(?<![\w./-])(?:[\w./-]{0,200}/)?(?:"
    + "|".join(f"(?P<w{n}>{pattern})" for n, (_, _, pattern) in enumerate(_PROGRAMS))
    + ")"
)
_HINT = re.compile(
    r"migrat|dump|backup|restore|upgrade|update|deploy|psql|mysql|mariadb|snapshot|save|sql|db|goose|atlas|pgbackrest|wal-g|influx|push|apply|\brdb\b|loader",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:^|\s)(?:-h\s*|--host[= ])[\"']?([^\s\"']{1,253})")
_PORT = re.compile(r"(?:^|\s)(?:-p\s+|-P\s*|--port[= ])[\"']?(\d{2,5})(?=[\s\"']|$)")
_DATABASE = re.compile(r"(?:^|\s)(?:-d\s*|--dbname[= ]|--db[= ]|--database[= ])[\"']?([\w$-][\w$.{}-]{0,100})")
_INSTANCE = re.compile(
    r"--(?:db-(?:instance|cluster)-identifier|instance|table-name)[= ][\"']?([\w.-]{1,100})|"
    r"gcloud\s+sql\s+(?:export|import)\s+\w+\s+([A-Za-z][\w-]{0,100})"
)
_INSIDE = re.compile(
    r"docker(?:-|\s+)compose\b[^|;&]{0,200}\sexec\s+(?:-\S+\s+(?:[\w.]+=\S+\s+)?)*([A-Za-z][\w.-]{0,100})\s"
)
_BUCKET = re.compile(r"\b(s3|gs)://([a-z0-9][a-z0-9._-]{1,62})(?=[/\s\"']|$)")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
_TESTS = re.compile(
    r"\b(?:pytest|tox|nox|rspec|phpunit|pest|jest|vitest|mocha|cypress|playwright|go\s+test|cargo\s+(?:test|nextest)|dotnet\s+test|"
    r"ctest|(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|e2e)\S*|(?:mvn|mvnw|gradle|gradlew)\s[^|;&]{0,200}\b(?:test|verify|check)|"
    r"manage\.py\s+test|rails\s+test|rake\s+(?:test|spec)|artisan\s+test|make\s+\S*test\S*)\b"
)
_STARTS_OWN = re.compile(
    r"docker(?:-|\s+)compose\b[^|;&]{0,200}\s(?:up|start|run)\b|"
    r"docker\s+run\b[^|;&]{0,300}\s(?:[\w./-]{1,100}/)?(?:postgres|postgis|mysql|mariadb|mongo|redis|valkey)(?::|\s|$)|service\s+\w+\s+start|supabase\s+start"
)


class Work(NamedTuple):
    """What a line does, with which engine, and where as far as it is written; `bucket` is (engine, name)."""

    what: str
    engine: str
    host: str = ""
    port: int | None = None
    database: str = ""
    bucket: tuple[str, str] = ("", "")


def of_line(line: str, settings: Callable[[], Mapping[str, str]]) -> Iterator[Work]:
    """What a line of a shell does with a store, its variables filled in where they are known; mostly nothing."""
    line = line[:LONGEST]
    if line.lstrip().startswith(("#", "//", "echo ")) or not _HINT.search(line):
        return
    found = _WORD.search(line)
    if found is None:
        return
    what, engine, _ = _PROGRAMS[int(str(found.lastgroup)[1:])]
    known = settings() if "$" in line else {}
    filled = _VARIABLE.sub(lambda match: known.get(match[1], match[0]), line)[: 2 * LONGEST]
    place = next((each for _, _, each in dsn.find(filled) if engines.agree(each.engine, engine)), None)
    instance = _INSTANCE.search(filled)
    if place:
        host, port, database = place.host or "", place.port, place.database or ""
        engine = place.engine or engine
    else:
        inside = _INSIDE.search(filled)
        host = _first(_HOST, filled) or (inside[1] if inside else "")
        port_ = _first(_PORT, filled)
        port, database = int(port_) if port_ else None, _first(_DATABASE, filled)
    if instance:
        database = instance[1] or instance[2]
    yield Work(
        what, engine, _plain(host).lower(), port, _plain(database), _bucket(filled) if what == DUMP else ("", "")
    )


def bucket_of(line: str) -> tuple[str, str]:
    """The bucket that a line copies to."""
    return _bucket(line[:LONGEST]) if re.search(r"\b(?:cp|sync|mv|rsync|copy|put)\b|rcat", line) else ("", "")


def is_trial(line: str) -> bool:
    """Whether a line runs tests, or starts stores of its own: what is done beside it is done to those."""
    return bool(_TESTS.search(line[:LONGEST]) or _STARTS_OWN.search(line[:LONGEST]))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _plain(text: str) -> str:
    """A name that is written in full; nothing for one that is filled in where it runs."""
    return "" if re.search(r"[${}<>*()]", text) else text


def _bucket(text: str) -> tuple[str, str]:
    found = _BUCKET.search(text)
    return ({"gs": "gcs"}.get(found[1], found[1]), found[2]) if found else ("", "")
