"""Connection strings that are no URLs: `host=db dbname=x` (libpq), `Server=db;Uid=x` (ADO.NET), `u@tcp(db)/x` (Go)."""

import re
from collections.abc import Iterator

from stocktake.values.connection import Dsn
from stocktake.values.placeholder import MARK, is_placeholder, settle

_LIBPQ = re.compile(
    r"(?<![A-Za-z0-9_.-])(host|hostaddr|port|dbname|user|password|sslmode|application_name|connect_timeout"
    r"|options|target_session_attrs|TimeZone)=('(?:[^'\\\n]|\\.)*'|(?:\$\{[^{}$\n]{0,200}\}|[^\s'\"`;,])+)"
)
_ADO_KEYS = (
    "server|data source|datasource|host|address|addr|network address|database|initial catalog|user id|userid|uid|user"
    "|username|password|pwd|port|driver|integrated security|trusted_connection|encrypt|trustservercertificate|pooling"
    "|ssl ?mode|multipleactiveresultsets|persist security info|connect timeout|connection timeout|application name"
)
_ADO_VALUE = r"(?:\$\{[^{}$\n]{0,200}\}|\{[^{}\n]{0,80}\}|[^;\"'\n{}])*"
_ADO = re.compile(rf"(?<![A-Za-z0-9_.-])({_ADO_KEYS}) ?= ?({_ADO_VALUE})", re.IGNORECASE)
_GO = re.compile(r"@(?:tcp|tcp6)\(([^()\s\"'`]{0,300})\)/([^\s\"'`?<>]{0,200})(\?[^\s\"'`<>]{0,1000})?")
_GO_USER = re.compile(r"[^\s\"'`=]*\Z")
_SERVERS = ("server", "data source", "datasource", "host", "address", "addr", "network address")
_DATABASES = frozenset(("database", "initial catalog"))
_USERS = frozenset(("user id", "userid", "uid", "user", "username"))
_HOST = re.compile(r"[A-Za-z0-9_.\\-]{1,253}|\(local\)")
_PORTS = {5432: "postgresql", 3306: "mysql", 1433: "mssql", 1521: "oracle"}
_DRIVERS = (
    ("postgres", "postgresql"),
    ("mariadb", "mariadb"),
    ("mysql", "mysql"),
    ("sql server", "mssql"),
    ("oracle", "oracle"),
)

Found = tuple[int, int, Dsn]


def find(text: str) -> Iterator[Found]:
    """Every such connection string in a text, each on one line."""
    if "dbname=" in text or ("host=" in text and "sslmode=" in text):
        yield from _libpq(text)
    if "=" in text and (";" in text or "ource=" in text):
        yield from _ado(text)
    if "@tcp" in text:
        yield from _go(text)


def _libpq(text: str) -> Iterator[Found]:
    for start, end, pairs in _groups(_LIBPQ.finditer(text), text, " \t"):
        if "dbname" in pairs or {"host", "sslmode"} <= pairs.keys():
            host = _value(pairs, "host") or _value(pairs, "hostaddr")
            unix = bool(host) and str(host).startswith("/")
            yield (
                start,
                end,
                Dsn(
                    "postgresql",
                    None if unix or not host else host.lower(),
                    _port(_value(pairs, "port")),
                    _value(pairs, "dbname"),
                    "user" in pairs,
                    not is_placeholder(pairs.get("password", "")),
                    "libpq",
                ),
            )


def _ado(text: str) -> Iterator[Found]:
    for start, end, pairs in _groups(_ADO.finditer(text), text, "; \t"):
        server = next((pairs[key] for key in _SERVERS if key in pairs), None)
        if server is None or not (_DATABASES | _USERS | {"data source"}) & pairs.keys():
            continue
        host, port = _server(server)
        port = _port(_value(pairs, "port")) or port
        engine = _ado_engine(pairs, port)
        database = _value(pairs, "database") or _value(pairs, "initial catalog")
        password = pairs.get("password") or pairs.get("pwd") or ""
        user = bool(_USERS & pairs.keys())
        if engine == "sqlite":
            host, database = None, _value({"path": server}, "path")
        if engine:
            yield start, end, Dsn(engine, host, port, database, user, not is_placeholder(password), "ado")


def _ado_engine(pairs: dict[str, str], port: int | None) -> str | None:
    """The engine that the words used give away: every driver has its own."""
    driver = pairs.get("driver", "").lower()
    for part, engine in _DRIVERS:
        if part in driver:
            return engine
    if port in _PORTS:
        return _PORTS[port]
    if pairs.get("data source", "").lower().endswith((".db", ".sqlite", ".sqlite3")):
        return "sqlite"
    if "username" in pairs and "host" in pairs:
        return "postgresql"
    if "uid" in pairs and "server" in pairs:
        return "mysql"
    signs = {"user id", "initial catalog", "integrated security", "trusted_connection", "trustservercertificate"}
    return "mssql" if signs & pairs.keys() else None


def _go(text: str) -> Iterator[Found]:
    end = 0
    for found in _GO.finditer(text):
        user = _GO_USER.search(text, max(end, found.start() - 256), found.start())
        start = user.start() if user else found.start()
        end = found.end()
        host, port = _server(found[1].replace(":", ","))
        name, _, password = text[start : found.start()].partition(":")
        yield (
            start,
            end,
            Dsn(
                "mysql", host, port, _value({"name": found[2]}, "name"), bool(name), not is_placeholder(password), "tcp"
            ),
        )


def _groups(matches: Iterator[re.Match[str]], text: str, between: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Pairs that stand next to each other, with where they begin and end."""
    start, end = 0, -1
    pairs: dict[str, str] = {}
    for found in matches:
        if end < 0 or len(text[end : found.start()]) > 8 or text[end : found.start()].strip(between):
            if pairs:
                yield start, end, pairs
            start, pairs = found.start(), {}
        pairs[found[1].lower()] = found[2].strip().strip("'")
        end = found.end()
    if pairs:
        yield start, end, pairs


def _server(text: str) -> tuple[str | None, int | None]:
    """ADO.NET's `tcp:host\\instance,1433`."""
    host, _, port = settle(text).removeprefix("tcp:").replace(":", ",").partition(",")
    host = host.partition("\\")[0].strip().lower()
    return host if _HOST.fullmatch(host) else None, _port(port.strip())


def _port(text: str | None) -> int | None:
    return (
        int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65_536 else None
    )


def _value(pairs: dict[str, str], key: str) -> str | None:
    value = settle(pairs.get(key, "")).strip()
    return None if MARK in value or not value else value
