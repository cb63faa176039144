"""Connection strings that are URLs: `postgresql+psycopg://...`, `mongodb+srv://...`, `jdbc:sqlserver://...`, `sqlite:///x`."""

import re

from stocktake.values.connection import BUCKETS, ENGINES, FILES, Dsn
from stocktake.values.placeholder import MARK, is_placeholder, settle
from stocktake.values.text import percent_decoded

_SCHEMES = "|".join(sorted(ENGINES, key=len, reverse=True))
START = re.compile(rf"(?<![A-Za-z0-9+.])(?:r2dbc:|jdbc:|(?:{_SCHEMES})(?:\+[A-Za-z0-9_]{{1,20}})?://)", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?:\$\{[^{}$\n]{0,200}\}|\{\{[^{}\n]{0,120}\}\}|\{[A-Za-z_][^{}\n\"'`]{0,80}\}"
    r"|<[A-Za-z][A-Za-z0-9_ .-]{0,60}>|[^\s\"'`<>\\,]|,(?!(?:r2dbc:|jdbc:)?[A-Za-z][A-Za-z0-9+]{0,30}:/))+"
)
_JDBC = re.compile(r"(?:jdbc|r2dbc):(?:pool:|aws-wrapper:|otel:)?([a-z0-9]{1,20}):(.*)", re.IGNORECASE | re.DOTALL)
_ORACLE = re.compile(r"(?:thin|oci):([^@]*)@(?://)?(.*)", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9_.-]{1,253}")
_PORT = re.compile(r"[0-9]{1,5}")
_PASSWORDS = frozenset(
    ("password", "pwd", "passwd", "pass", "sslpassword", "token", "authtoken", "secretkey", "secret_key")
)
_USERS = frozenset(("user", "username", "uid"))
_DATABASES = ("database", "databasename", "dbname", "db", "service_name")


def token_end(text: str, start: int) -> int:
    """Where the connection string that begins at `start` ends in a text."""
    found = _TOKEN.match(text, start)
    end = found.end() if found else start
    while end > start and text[end - 1] in ".,;:)]|" and not text.endswith(":memory:", start, end):
        end -= 1
    return end


def parse(text: str) -> Dsn | None:
    """What a URL says, or None if it is none, names no known engine, or lives in memory only."""
    settled = settle(text)
    wrapped = _JDBC.fullmatch(settled)
    if wrapped:
        return _jdbc(wrapped[1].lower(), wrapped[2])
    scheme, _, rest = settled.partition("://")
    return _network_or_file(scheme.lower(), rest) if _ else None


def _jdbc(name: str, rest: str) -> Dsn | None:
    oracle = _ORACLE.fullmatch(rest) if name == "oracle" else None
    if oracle:
        host, _, service = (
            oracle[2].replace("/", ":").rpartition(":") if oracle[2].count(":") > 1 else oracle[2].partition("/")
        )
        user, _, password = oracle[1].partition("/")
        return _network("oracle", "oracle", f"{user}:{password}@{host}/{service}" if user else f"{host}/{service}")
    before, slashes, after = rest.partition("//")
    if slashes and (not before or before.endswith(":")) and name not in ("sqlite", "duckdb"):
        place, _, properties = after.partition(";")
        return _network_or_file(
            name, f"{place}{'&' if '?' in place else '?'}{properties}" if properties else place, remote=True
        )
    kind, _, path = rest.partition(":")
    if kind == "mem":
        return None
    return _file(name, path if kind == "file" else rest) if ENGINES.get(name) in FILES else None


def _network_or_file(scheme: str, rest: str, remote: bool = False) -> Dsn | None:
    engine = ENGINES.get(scheme.partition("+")[0])
    if engine is None:
        return None
    if engine in FILES and not remote:
        return _file(scheme, rest[1:] if rest.startswith("/") else rest)
    if engine in BUCKETS:
        bucket = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
        return Dsn(engine, database=_known(bucket), scheme=scheme, secret=False) if bucket else None
    if engine == "mssql":
        rest = rest.replace(";", "?", 1) if "?" not in rest else rest
    return _network(engine, scheme, rest)


def _file(scheme: str, path: str) -> Dsn | None:
    path = re.split(r"[?;#]", path, maxsplit=1)[0]
    if not path or ":memory:" in path or path == "memory":
        return None
    return Dsn(ENGINES[scheme.partition("+")[0]], database=_known(percent_decoded(path)), scheme=scheme)


def _network(engine: str, scheme: str, rest: str) -> Dsn | None:
    user, place, query = _without_user(rest)
    authority, _, path = place.partition("/")
    reached = [_host_and_port(part) for part in authority.replace("tcp(", "").replace(")", "").split(",")]
    if None in reached:
        return None
    (host, port), *more = [place for place in reached if place]
    pairs = dict(_pairs(query))
    name, _, password = user.partition(":")
    database = next((pairs[key] for key in _DATABASES if key in pairs), None) or path.partition("/")[0]
    secret = not is_placeholder(password) or any(not is_placeholder(pairs[key]) for key in _PASSWORDS & pairs.keys())
    return Dsn(
        engine,
        host,
        port,
        None if engine == "kafka" else _known(percent_decoded(database)),
        bool(name) or bool(_USERS & pairs.keys()),
        secret or "pwd%3d" in query.lower(),
        scheme,
        tuple(f"{other}:{number}" if number else other for other, number in more if other),
    )


def _without_user(rest: str) -> tuple[str, str, str]:
    """User information, host and path, and query; a password may hold `/`, `?`, `#` or `@` that nobody encoded."""
    place, query = _without_query(rest)
    port = place.partition("/")[0].rpartition(":")[2]
    if "@" in place:
        user, _, place = place.rpartition("@")
        return user, place, query
    if "@" in query and ":" in place and not _PORT.fullmatch(port):
        user, _, rest = rest.rpartition("@")
        return user, *_without_query(rest)
    return "", place, query


def _without_query(rest: str) -> tuple[str, str]:
    place, *query = re.split(r"[?#]", rest, maxsplit=1)
    return place, query[0] if query else ""


def _host_and_port(text: str) -> tuple[str | None, int | None] | None:
    """Host and port, each None where it is filled in later; nothing at all for what is no host."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    if MARK in host:
        host = ""
    elif host and not _HOST.fullmatch(host) and not text.startswith("["):
        return None
    if MARK in port or not port:
        return host.lower() or None, None
    return (host.lower() or None, int(port)) if _PORT.fullmatch(port) and 0 < int(port) < 65_536 else None


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = (part.partition("=") for part in re.split(r"[&;]", query))
    return [(key.strip().lower(), value) for key, _, value in parts]


def _known(text: str) -> str | None:
    return None if MARK in text or not text else text
