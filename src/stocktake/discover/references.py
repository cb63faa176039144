"""Whom the settings of a program point at: connection strings, URLs, hosts, files and the names of clients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename
from typing import NamedTuple

from stocktake.discover import engines, externals
from stocktake.discover.claims import Setting
from stocktake.discover.externals import External
from stocktake.values import dsn

LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "host.docker.internal", "host-gateway"))
_NOWHERE = frozenset(("0.0.0.0", "::", "*", "true", "false", "none", "null"))  # noqa: S104
_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])([a-z][a-z0-9+]{1,14})://(\$\{[^{}]*\}|[A-Za-z0-9_.-]{1,253}|\[[0-9a-fA-F:]+\])?(?::(\d{1,5})(?!\d))?(/[^\s\"'<>,;]*)?"
)
_SCHEME_NAMES = "http https ws wss grpc grpcs tcp udp ldap ldaps smtp smtps sftp h2c tls nats lb"
_SCHEMES = frozenset(_SCHEME_NAMES.split())
_SCHEME_ENGINES = {"ldap": "ldap", "ldaps": "ldap", "sftp": "sftp"}
_PLACE = re.compile(r"(?<![A-Za-z0-9_./@:-])([A-Za-z][A-Za-z0-9_.-]{0,252}):(\d{2,5})(?![\d.:-])")
_OPTION = re.compile(r"(?:^|\s)(?:-h|-H|--host)[ =]([A-Za-z][A-Za-z0-9_.-]{0,252})(?=\s|$)")
_IGNORED = re.compile(
    r"(cors|origins?|allowed|redirect|callback|advertised?|listen(ers?)?|bind|cookie|referers?|trusted|whitelist|no_proxy|frontend|"
    r"healthcheck|^hostname|server_name|virtual_host|domain|schema|docs?|help|homepage|repository|logo|icon|image|link)([._-]|$)",
    re.IGNORECASE,
)
OWN = re.compile(
    r"(^|[._-])(app|site|public|base|web|root|server|external|host|nextauth|self|www|webhook|next_public_(app|site|base))[._-]?(url|uri|host|base)$",
    re.IGNORECASE,
)
_PLACES = re.compile(r"(host|hostname|domain|server_name)s?$")
_HOST_KEYS = re.compile(
    r"(host|hosts|hostname|addr|address|addresses|server|servers|broker|brokers|node|nodes|endpoint|endpoints|url|uri|urls|uris|upstream|"
    r"service|target|targets|backend|connect|seeds?|contactpoints?|contact_points|bootstrap_servers|peers|origin|instance|proxy|pass|issuer|(?<!data)base|api)$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(url|uri|urls|address|endpoint|endpoints|host|issuer|server|base|api|webhook|gateway|authority|metadata)$",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"oidc|oauth|issuer|saml|jwks|idp|sso|openid|keycloak", re.IGNORECASE)
_AZURE = re.compile(r"(?:^|;)\s*(AccountName|BlobEndpoint|EndpointSuffix)\s*=\s*([^;]{1,300})", re.IGNORECASE)
_FILE = re.compile(r"\.(sqlite3?|db3?|duckdb|sdb)$", re.IGNORECASE)
_FILES = ("duckdb", "h2", "sqlite")
_FILE_KEY = re.compile(
    r"(^|[._-])(db|database|sqlite|duckdb|store|datasource)([._-]|$)|(database|sqlite|db)(path|file|name|url)?$",
    re.IGNORECASE,
)
_BUCKET = re.compile(
    r"(^|_)(S3|AWS_S3|AWS_STORAGE|AWS|GCS|GS|MINIO|STORAGE|SPACES|R2)(_[A-Z]+)*_BUCKET(_NAME)?$", re.IGNORECASE
)
_ANY_BUCKET = re.compile(r"(^|_)BUCKET(_NAME)?$", re.IGNORECASE)
_CLOUDS = (("s3", ("aws_", "s3_")), ("gcs", ("gcp_", "gcs_", "google_")), ("minio", ("minio_",)))
_CLOUD = (
    ("sqs", re.compile(r"(^|\.)sqs[.-][a-z0-9.-]*amazonaws\.com$")),
    ("s3", re.compile(r"(^|\.)s3[.-]([a-z0-9.-]*\.)?amazonaws\.com$")),
    ("gcs", re.compile(r"^storage\.googleapis\.com$")),
    ("azure-blob", re.compile(r"\.blob\.core\.windows\.net$")),
)
_ENGINE_KEYS = (
    "connection",
    "engine",
    "driver",
    "dialect",
    "type",
    "client",
    "adapter",
    "vendor",
    "provider",
    "backend",
    "kind",
)
_PORT_KEYS = ("port",)
_NAME_KEYS = ("name", "database", "db", "dbname", "database_name")


class Target(NamedTuple):
    """What a setting points at; `host` is empty if filled in later, `engine` is what the client expects there.

    `client` names the system whose client reads the setting, whoever answers there; `is_web` is an HTTP address,
    which alone does not make a store.
    """

    engine: str = ""
    host: str = ""
    port: int | None = None
    database: str = ""
    path: str = ""
    external: External | None = None
    client: str = ""
    is_web: bool = False
    is_sure: bool = True


def find(settings: Iterable[Setting], is_sample: bool = False) -> Iterator[tuple[Setting, Target]]:
    """Every setting that points at something, with what it points at."""
    settings = tuple(settings)
    by_key = {setting.key.lower(): setting.value for setting in settings}
    for setting in settings:
        if _IGNORED.search(setting.key):
            continue
        client = externals.of_setting(setting.key)
        found = list(_targets(setting, by_key, is_sample))
        if found:
            name = client.name if client else ""
            yield from ((setting, target._replace(external=target.external or client, client=name)) for target in found)
        elif client:
            yield setting, Target(external=client, client=client.name, is_sure=bool(setting.value))


def _targets(setting: Setting, by_key: Mapping[str, str], is_sample: bool) -> Iterator[Target]:
    key, value = setting.key, setting.value
    if not value or value.lower() in _NOWHERE:
        return
    if account := _azure_account(value):
        yield account
        return
    strings = dsn.find(value) if "://" in value or "=" in value or "@tcp" in value or "jdbc:" in value else []
    for _, _, found in strings:
        yield _of_dsn(found)
    if strings:
        return
    if "://" in value:
        yield from _urls(key, value, by_key, is_sample)
    elif _FILE.search(value) and " " not in value and (_FILE_KEY.search(key) or _sibling_engine(key, by_key) in _FILES):
        yield Target(
            "duckdb" if "duckdb" in f"{key}{value}".lower() else "sqlite", path=value, database=basename(value)
        )
    elif engine := _bucket_engine(key, by_key):
        yield Target(
            engine,
            database="" if "$" in value or externals.is_nobodys(value) else value,
            is_sure="$" not in value,
        )
    else:
        yield from _hosts(key, value, by_key)


def _azure_account(value: str) -> Target | None:
    """The storage account of a connection string as Azure writes it."""
    parts = {key.lower(): part.strip() for key, part in _AZURE.findall(value)}
    account, endpoint = parts.get("accountname", ""), _URL.search(parts.get("blobendpoint", ""))
    if endpoint and endpoint[2] and "$" not in endpoint[2]:
        number = int(endpoint[3]) if endpoint[3] else None
        return Target("azure-blob", endpoint[2].lower(), number, account)
    if re.fullmatch(r"[a-z0-9]{3,24}", account):
        return Target("azure-blob", f"{account}.blob.{parts.get('endpointsuffix', 'core.windows.net')}", None, account)
    return None


def _of_dsn(found: dsn.Dsn) -> Target:
    if found.engine in ("sqlite", "duckdb", "h2") and not found.host:
        return Target(found.engine, path=found.database or "", database=basename(found.database or ""))
    return Target(found.engine, found.host or "", found.port, found.database or "")


def _bucket_engine(key: str, by_key: Mapping[str, str]) -> str:
    """Whose bucket a setting names: by its own words, else by the settings of one cloud beside it."""
    if not _BUCKET.search(key):
        clouds = [engine for engine, starts in _CLOUDS if any(other.startswith(starts) for other in by_key)]
        return clouds[0] if len(clouds) == 1 and _ANY_BUCKET.search(key) else ""
    words = key.upper().split("_")
    return "gcs" if "GCS" in words or "GS" in words else "minio" if "MINIO" in words else "s3"


def _urls(key: str, value: str, by_key: Mapping[str, str], is_sample: bool) -> Iterator[Target]:
    last = re.split(r"[._-]", key)[-1]
    for scheme, host, port, path in _URL.findall(value):
        if scheme not in _SCHEMES or not host or host in _NOWHERE:
            continue
        number = int(port) if port else None
        name = "" if host.startswith("$") else host.lower()
        engine = _SCHEME_ENGINES.get(scheme) or engines.of_setting(key) or engines.of_port(number)
        cloud = next((cloud for cloud, pattern in _CLOUD if pattern.search(name)), "")
        if cloud:
            yield Target(cloud, name, database=basename(path) if cloud == "sqs" else "")
        elif name:
            is_own = any(other == name and _PLACES.search(word) for word, other in by_key.items())
            external = None if is_own else _external(key, last, name, is_sample)
            yield Target(engine, name, number, external=external, is_web=True)
        elif engines.of_setting(key):
            yield Target(engine, "", number, is_sure=False)


def _external(key: str, last: str, host: str, is_sample: bool) -> External | None:
    """The system of others behind a host with a full name; nothing for what is nobody's or the user's own address."""
    known = externals.of_host(host)
    if known:
        return known
    if (
        "." not in host
        or host in LOCAL
        or externals.is_nobodys(host)
        or is_sample
        or OWN.search(key)
        or re.fullmatch(r"[\d.]+", host)
    ):
        return None
    if host.endswith((".local", ".internal", ".cluster.local", ".svc", ".localhost", ".lan")) or not _CALLED.search(
        last
    ):
        return None
    return External(host, "identity-provider" if _IDENTITY.search(key) else "external-api", host=host)


def _hosts(key: str, value: str, by_key: Mapping[str, str]) -> Iterator[Target]:
    """`host:port` anywhere; a bare host only under a key that speaks of one."""
    engine = engines.of_setting(key)
    places = _PLACE.findall(value)
    for host, port in places:
        yield Target(
            engine or _sibling_engine(key, by_key) or engines.of_port(int(port)),
            host.lower(),
            int(port),
            is_sure=bool(_HOST_KEYS.search(key)),
        )
    yield from (Target(engine, host.lower()) for host in _OPTION.findall(value))
    last = re.split(r"[._-]", key)[-1]
    if places or not _HOST_KEYS.search(last):
        return
    bare = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}", value)
    if bare or (value.startswith("${") and last.lower() in ("host", "hostname", "server")):
        name = value.lower() if bare else ""
        database = _sibling(key, by_key, _NAME_KEYS)
        port = _sibling(key, by_key, _PORT_KEYS)
        number = int(port) if port.isdigit() and len(port) < 6 else None
        engine = engine or _sibling_engine(key, by_key) or engines.of_port(number) or engines.of_setting(value)
        known = externals.of_host(name)
        yield Target(engine, name, number, database if "$" not in database else "", external=known, is_sure=bool(name))


def _sibling(key: str, by_key: Mapping[str, str], names: Iterable[str]) -> str:
    """The value of a key with the same beginning: `DB_PORT` beside `DB_HOST`."""
    start = re.sub(r"[A-Za-z]+$", "", key).lower()
    return next((by_key[start + name] for name in names if by_key.get(start + name)), "")


def _sibling_engine(key: str, by_key: Mapping[str, str]) -> str:
    start = re.sub(r"[._-]?(url[._-])?[A-Za-z]+$", "", key).lower()
    return engines.of_word(_sibling(key, by_key, _ENGINE_KEYS) or by_key.get(start, ""))
