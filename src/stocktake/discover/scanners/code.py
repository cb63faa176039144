"""Source code: addresses, connection strings, files of stores, settings that it reads, and clients that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import splitext

from stocktake.discover import externals, places
from stocktake.discover.claims import Claims, Configuration, Setting
from stocktake.discover.code import clients
from stocktake.discover.code.languages import LANGUAGES, parser
from stocktake.discover.code.literal import Import, Literal, Source
from stocktake.discover.page import Page
from stocktake.model.observation import Evidence, Unreadable
from stocktake.values import secret

UNREAD = "is read only with the extra `discover`: install stocktake[discover]"
# In small letters; most files hold none of them.
_TRIGGERS = (
    *(
        "://",
        "getenv",
        "environ",
        "env.",
        "env[",
        "env(",
        "env!(",
        "env::var",
        "host",
        "bucket",
        "tablename",
        "connect",
    ),
    *("client", "pool", "sqlite", ".db", "duckdb", "passw", "secret", "token", "api_key", "apikey", "jdbc:"),
    *("stripe", "sentry", "openai", "anthropic", "twilio", "slack", "firebase", "supabase"),
)
_ADDRESS = re.compile(r"://|jdbc:|@tcp\(|^(?:mysql|pgsql|sqlsrv|dblib):", re.IGNORECASE)
_PAIRS = re.compile(r"(?:^|[\s;:])(?:host|server|data source)\s*=\s*\S", re.IGNORECASE)
_WEB = re.compile(
    r"^(?:aiohttp|axios|faraday|fetch|got|guzzle|http|httparty|httpclient|https|httpx|ky|requests|reqwest|restclient|resttemplate|"
    r"rest_template|session|superagent|urllib|webclient)$",
    re.IGNORECASE,
)
_CLASSES = (".cs", ".php", ".rb", ".rs")  # where a class of a library is called by a name that no import gives
_FILE = re.compile(r"^[\w./${}:-]{1,200}\.(?:sqlite3?|db3?|duckdb)$", re.IGNORECASE)
_HOST = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,252}(?::\d{2,5})?$")
_HOST_NAME = re.compile(
    r"^(?:host|hosts|hostname|server|addr|addrs|address|endpoint|endpoints|broker|brokers|nodes|seeds|bootstrap_?servers|contact_?points)$",
    re.IGNORECASE,
)
_PART_NAME = re.compile(
    r"^(?:port|db|database|dbname|db_?name|name|engine|dialect|driver|client|adapter|type)$", re.IGNORECASE
)
_OPENS = re.compile(
    r"^(?:[A-Z]\w*|connect\w*|create\w*|open\w*|new\w*|from_?url|from_?uri|init\w*|dial\w*|get_?client|client|resource|pool|redis|mysql|postgres)$",
    re.IGNORECASE,
)
_SECRET_NAME = re.compile(r"passw|pwd|secret|token|api_?key|credential", re.IGNORECASE)
_SECRET = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[^\s()\[\]{}|?*\\^<>]{8,500}")
_WEB_ADDRESS = re.compile(r"^https?://([A-Za-z0-9.-]+)(:\d+)?", re.IGNORECASE)
_SERVICE = re.compile(
    r"api|base|endpoint|webhook|gateway|server|service|upstream|issuer|authority|backend|host$", re.IGNORECASE
)
LONGEST_LINE = 5_000
_CLOUD = re.compile(
    r"^(?:boto3|aioboto3|botocore|aws-sdk|@aws-sdk/|github\.com/aws/aws-sdk-go|software\.amazon\.awssdk|Amazon\.)",
    re.IGNORECASE,
)
_GOOGLE = re.compile(
    r"^(?:google\.cloud|@google-cloud/storage|cloud\.google\.com/go/storage|com\.google\.cloud\.storage)", re.IGNORECASE
)
_IN_CLOUD = {
    "bucket": "S3_BUCKET",
    "bucketname": "S3_BUCKET",
    "bucket_name": "S3_BUCKET",
    "tablename": "DYNAMODB_TABLE",
    "table_name": "DYNAMODB_TABLE",
}
_BUCKET_CALLS = frozenset(("bucket", "get_bucket"))
# DATABASES = {"default": {"HOST": ...}}, and {connection: {host: ...}}
_CONNECTIONS = frozenset(("connection", "database", "datasource", "db", "dbCredentials", "primary", "redis", "replica"))
_GIVEN_NAMES = frozenset(("host", "hostname", "server"))
_FILE_ENGINES = frozenset(("duckdb", "sqlite"))


def wants(path: str) -> bool:
    """Files whose ending is that of a language; tests and examples show nothing that runs."""
    return splitext(path)[1].lower() in LANGUAGES and not path.endswith((".d.ts", ".pb.go", "_pb2.py"))


def scan(path: str, text: str) -> Claims:
    """What the file points at, and the secrets in it."""
    lower = text.lower()
    if not any(word in lower for word in _TRIGGERS) or _is_minified(text):
        return Claims()
    ending = splitext(path)[1].lower()
    parse = parser(ending)
    if parse is None:
        return Claims(problems=(Unreadable(path, 0, f"{LANGUAGES[ending][2]} {UNREAD}"),))
    source = parse(text)
    page = Page(path, text)
    is_aside = places.is_aside(path)
    modules = {found.name: found.module for found in source.imports if not found.module.startswith(".")}
    settings = tuple(_settings(page, source, modules, is_aside))
    if is_aside:
        return Claims(secrets=page.secrets)
    used = tuple(_clients(page, source.imports))
    if not settings and not used:
        return Claims(secrets=page.secrets)
    return Claims(
        configurations=(Configuration(path, settings, is_code=True, clients=used),),
        secrets=page.secrets,
    )


def _is_minified(text: str) -> bool:
    """Whether a program wrote it: what it was made from says the same, and better."""
    return any(len(line) > LONGEST_LINE for line in text.split("\n"))


def _settings(page: Page, source: Source, modules: Mapping[str, str], is_aside: bool) -> Iterator[Setting]:
    cloud = _of_cloud(source.imports)
    for found in source.literals:
        if is_aside:
            if not found.is_number and secret.find("", found.value):
                page.setting("", found.value, found.line)
        elif key := _key(found, _engine(found, modules, page.path), cloud):
            yield _setting(page, key, found)
        elif _may_be_secret(found):
            page.setting(found.names[-1], found.value, found.line)
    for read in source.reads if not is_aside else ():
        yield page.setting(read.key, read.default, read.line)


def _may_be_secret(found: Literal) -> bool:
    """Whether a text stands directly under a password-like name, and is no word: code is full of names of fields."""
    if found.is_number or not found.names or (found.call and found.place >= 0):
        return False
    return bool(_SECRET_NAME.search(found.names[-1]) and _SECRET.fullmatch(found.value))


def _setting(page: Page, key: str, found: Literal) -> Setting:
    """The key with what leads to it; whether a value is a secret is judged by the last word alone."""
    above, _, last = key.rpartition(".")
    return page.setting(last, found.value, found.line, (above,) if above else ())._replace(key=key)


def _key(found: Literal, engine: str, cloud: str) -> str:
    """The name under which a literal is a setting; empty where it is none."""
    last = found.names[-1] if found.names else ""
    if found.is_number:
        return _number_key(found, engine, last)
    value = found.value
    if len(value) > 1000 or "\n" in value.strip():
        return ""
    if cloud and found.place < 0 and last.lower() in _IN_CLOUD:
        return _IN_CLOUD[last.lower()] if cloud == "aws" else "GCS_BUCKET"
    if cloud == "google" and found.place == 0 and found.call[-1:] and found.call[-1].lower() in _BUCKET_CALLS:
        return "GCS_BUCKET"
    if engine and engine in _FILE_ENGINES:
        return f"{engine}.database" if _FILE.match(value) and found.place <= 0 else ""
    if (
        engine
        and found.place < 0
        and last
        and (_HOST_NAME.match(last) or _PART_NAME.match(last) or _ADDRESS.search(value))
    ):
        return f"{engine}.{_plain(last)}"
    if engine and found.place == 0:
        return f"{engine}.url" if _is_address(value) else f"{engine}.host" if _HOST.match(value) else ""
    return _plain_key(found, last)


def _number_key(found: Literal, engine: str, last: str) -> str:
    if not found.value.isdigit() or not 2 <= len(found.value) <= 5:
        return ""
    if engine:
        return f"{engine}.port" if last.lower() == "port" or found.place == 1 else ""
    return ".".join(found.names) if last.lower().endswith("port") and len(found.names) > 1 else ""


def _plain_key(found: Literal, last: str) -> str:
    """The key of a text that belongs to no known client."""
    value, name = found.value, last.replace(".", "_")
    if _is_address(value):
        if found.place == 0 and found.call and any(map(_WEB.match, (found.call[0], found.call[-1]))):
            return f"{found.call[0]}.url"
        return (".".join(found.names) or ".".join(found.call[-1:])) if _is_called(value, last) else ""
    if _FILE.match(value) and (last or found.call):
        return ".".join(found.names) or ".".join(found.call[-1:])
    if " " in value or not last:
        return ""
    if len(found.names) > 1 and (found.names[0].isupper() or found.names[-2] in _CONNECTIONS):
        return ".".join(found.names) if _HOST_NAME.match(last) or _PART_NAME.match(last) else ""
    is_given = bool(found.call) and found.place < 0 and _OPENS.match(found.call[-1]) and name.lower() in _GIVEN_NAMES
    is_named = bool(re.search(r"[a-z_](?:[Hh]ost|HOST|bootstrap_servers|BOOTSTRAP_SERVERS)$", name))
    return ".".join(found.names[-2:]) if (is_given or is_named) and _HOST.match(value) else ""


def _is_called(value: str, last: str) -> bool:
    """Whether a program is likely to call an address, rather than to show or to name it."""
    found = _WEB_ADDRESS.match(value)
    if not found or found[2] or "." not in found[1] or externals.of_host(found[1]):
        return True
    return bool(_SERVICE.search(last))


def _is_address(value: str) -> bool:
    return bool(_PAIRS.search(value) or (_ADDRESS.search(value) and " " not in value.strip()))


def _plain(name: str) -> str:
    return name.lower() if name.isupper() or name.istitle() else name


def _engine(found: Literal, modules: Mapping[str, str], path: str) -> str:
    """The engine whose client a literal is given to, where that opens a connection."""
    if not found.call or len(found.call) > 3 or not _OPENS.match(found.call[-1]):
        return ""
    module = modules.get(found.call[0]) or (found.call[0] if path.endswith(_CLASSES) else "")
    return clients.engine_of(module)


def _of_cloud(imports: tuple[Import, ...]) -> str:
    if any(_CLOUD.match(found.module) for found in imports):
        return "aws"
    return "google" if any(_GOOGLE.match(found.module) for found in imports) else ""


def _clients(page: Page, imports: tuple[Import, ...]) -> Iterator[tuple[str, Evidence]]:
    """The well-known systems whose clients the file imports, each once."""
    told: set[str] = set()
    for found in imports:
        system = "" if found.module.startswith(".") else clients.system_of(found.module)
        if system and system not in told:
            told.add(system)
            yield system, page.evidence(found.line)
