"""Files that tell a platform what to run: Fly, Render, Heroku, App Engine, DigitalOcean, and Procfiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import basename
from typing import Any

from stocktake.discover.claims import Claims
from stocktake.discover.page import Page
from stocktake.discover.reading import NotUnderstoodError, from_toml
from stocktake.discover.resources import Resource, Told
from stocktake.discover.yaml import NOTHING, Node, documents

_PROCESS = re.compile(r"^([A-Za-z][\w-]{0,60}):\s*(\S.*)$")
_ADDONS: Mapping[str, str] = {
    "bonsai": "elasticsearch",
    "cleardb": "mysql",
    "cloudamqp": "rabbitmq",
    "cloudkarafka": "kafka",
    "heroku-kafka": "kafka",
    "heroku-postgresql": "postgresql",
    "heroku-redis": "redis",
    "jawsdb": "mysql",
    "jawsdb-maria": "mariadb",
    "memcachedcloud": "memcached",
    "memcachier": "memcached",
    "mongolab": "mongodb",
    "ormongo": "mongodb",
    "rediscloud": "redis",
    "redistogo": "redis",
    "searchbox": "elasticsearch",
    "stackhero-postgresql": "postgresql",
}
_KINDS = {"cron": "job", "static": "frontend", "worker": "worker", "background": "worker", "release": "job"}


def wants(path: str) -> bool:
    """The names that the platforms give their files."""
    return basename(path) in _FILES


def scan(path: str, text: str) -> Claims:
    """What the platform runs, as resources; a file that cannot be read is told where configuration is read."""
    try:
        page = Page(path, text)
        found = tuple(_FILES[basename(path)](page, text))
    except NotUnderstoodError:
        return Claims()
    # Pairs of a key and a value: what is written otherwise is told where configuration is read.
    is_paired = basename(path).startswith("render") or any(each.text("is_paired") for each in found)
    return Claims(resources=found, secrets=page.secrets if is_paired else ())


def _made(page: Page, kind: str, name: str, line: int, properties: Mapping[str, Any]) -> Resource:
    address = re.sub(r"[^\w-]+", "-", name) or "app"
    return Resource(page.path, f"{kind}-{address}", f"platform_{kind}", dict(properties), page.evidence(line), (name,))


def _root(text: str) -> Node:
    return next(iter(documents(text)), NOTHING)


def _told(page: Page, key: str, node: Node, line: int) -> Told:
    setting = page.setting(key, node.text(), node.line or line)
    return Told(setting.value, setting.evidence)


def _named(node: Node) -> list[Node]:
    """The members of a list that have a name."""
    return [each for each in node.each() if each.get("name").text()]


def _render(page: Page, text: str) -> Iterator[Resource]:
    """`render.yaml`: services, stores, and which of them a variable comes from."""
    root = _root(text)
    stores = {each.get("name").text() for each in _named(root.get("databases"))}
    for each in _named(root.get("databases")):
        properties: dict[str, Any] = {"engine": "postgres", "version": each.get("postgresMajorVersion").text()}
        yield _made(page, "store", each.get("name").text(), each.line, properties)
    for each in _named(root.get("services")):
        kind, name = each.get("type").text(), each.get("name").text()
        if kind in ("redis", "keyvalue"):
            yield _made(page, "store", name, each.line, {"engine": "redis"})
            stores.add(name)
            continue
        variables: dict[str, Any] = {}
        for pair in each.get("envVars").each():
            key, place = pair.get("key").text(), page.evidence(pair.line)
            source = pair.get("fromDatabase").get("name").text() or pair.get("fromService").get("name").text()
            prefix = "store" if source in stores or pair.get("fromDatabase").items() else None
            address = re.sub(r"[^\w-]+", "-", source)
            if source and prefix:
                variables[key] = Told("${store-" + address + "}", place)
            elif source:
                variables[key] = Told(f"http://{source}", place)
            else:
                variables[key] = _told(page, key, pair.get("value"), pair.line)
        is_static = each.get("env").text() == "static" or each.get("runtime").text() == "static"
        folder = each.get("rootDir").text()
        properties = {"variables": variables, "code_uri": f"./{folder}" if folder else ""}
        yield _made(page, "frontend" if is_static else _KINDS.get(kind, "service"), name, each.line, properties)


def _heroku(page: Page, text: str) -> Iterator[Resource]:
    """`app.json` with add-ons."""
    root = _root(text)
    if not (root.get("addons").value or root.get("formation").value or root.get("buildpacks").value):
        return
    variables: dict[str, Any] = {
        key: _told(page, key, node if node.text() else node.get("value"), node.line)
        for key, node in root.get("env").items()
    }
    for each in root.get("addons").each():
        plan = (each.text() or each.get("plan").text()).partition(":")[0]
        engine = _ADDONS.get(plan)
        if engine:
            yield _made(page, "store", plan, each.line, {"engine": engine})
            variables[plan.upper()] = Told("${store-" + plan + "}", page.evidence(each.line))
    yield _made(page, "service", root.get("name").text() or "app", 1, {"variables": variables})


def _fly(page: Page, text: str) -> Iterator[Resource]:
    data = from_toml(text)
    told = data.get("env")
    lines = {line.split("=")[0].strip(): number for number, line in enumerate(page.lines, 1) if "=" in line}
    variables = {}
    for key, value in (told if isinstance(told, dict) else {}).items():
        setting = page.setting(key, str(value), lines.get(key, 1))
        variables[key] = Told(setting.value, setting.evidence)
    name = data.get("app")
    yield _made(
        page, "service", name if isinstance(name, str) else "app", lines.get("app", 1), {"variables": variables}
    )


def _app_engine(page: Page, text: str) -> Iterator[Resource]:
    """`app.yaml` of App Engine, or of DigitalOcean."""
    root = _root(text)
    if root.get("runtime").text():
        variables = {key: _told(page, key, node, node.line) for key, node in root.get("env_variables").items()}
        yield _made(page, "service", root.get("service").text() or "default", 1, {"variables": variables})
    elif root.get("services").value and root.get("name").text():
        yield from _digital_ocean(page, root)


def _digital_ocean(page: Page, root: Node) -> Iterator[Resource]:
    engines = {
        "PG": "postgres",
        "MYSQL": "mysql",
        "REDIS": "redis",
        "VALKEY": "valkey",
        "MONGODB": "mongodb",
        "KAFKA": "kafka",
    }
    stores = {}
    for each in _named(root.get("databases")):
        name, engine = each.get("name").text(), engines.get(each.get("engine").text(), "postgres")
        stores[name] = f"store-{name}"
        yield _made(page, "store", name, each.line, {"engine": engine, "version": each.get("version").text()})
    for part, kind in (("services", "service"), ("workers", "worker"), ("jobs", "job"), ("static_sites", "frontend")):
        for each in _named(root.get(part)):
            variables: dict[str, Any] = {}
            for pair in each.get("envs").each():
                key, value = pair.get("key").text(), _told(page, pair.get("key").text(), pair.get("value"), pair.line)
                bound = re.match(r"\$\{([\w-]+)\.\w+\}$", value)
                source = stores.get(bound[1]) if bound else None
                variables[key] = Told("${" + source + "}", value.evidence) if source else value
            yield _made(page, kind, each.get("name").text(), each.line, {"variables": variables, "is_paired": "true"})


def _procfile(page: Page, text: str) -> Iterator[Resource]:
    for number, line in enumerate(page.lines, 1):
        match = _PROCESS.match(line)
        if match and match[1] != "release":
            kind = "service" if match[1] == "web" else _KINDS.get(match[1], "worker")
            yield _made(page, kind, match[1], number, {"is_process": "true"})


_FILES: Mapping[str, Callable[[Page, str], Iterator[Resource]]] = {
    "Procfile": _procfile,
    "app.json": _heroku,
    "app.yaml": _app_engine,
    "app.yml": _app_engine,
    "fly.toml": _fly,
    "render.yaml": _render,
    "render.yml": _render,
}
