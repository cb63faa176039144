"""dbt: projects, the warehouses that their profiles name, and the sources that a compiled manifest lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stocktake.discover import engines
from stocktake.discover.claims import Claims, Contract, Manifest
from stocktake.discover.page import Page
from stocktake.discover.reading import from_json
from stocktake.discover.yaml import NOTHING, Node, documents

_PROFILES = ("profiles.yml", "profiles.yaml")
_PROJECTS = ("dbt_project.yml", "dbt_project.yaml")
_DEFAULT = re.compile(r"\{\{\s*env_var\(\s*['\"][^'\"]{1,100}['\"]\s*,\s*['\"]([^'\"]{1,200})['\"]\s*\)[^}]{0,60}\}\}")
_NAME = re.compile(r"[\w.-]{1,100}")
_NO_PRODUCTION = re.compile(r"(^|[-_])(dev\w*|local|test\w*|ci|sandbox)([-_]|$)", re.IGNORECASE)
_KEYS = {
    "bigquery": ("project", "database"),
    "databricks": ("catalog",),
    "snowflake": ("database",),
}


def wants(path: str) -> bool:
    """The three files that say something of more than models."""
    return basename(path) in (*_PROFILES, *_PROJECTS, "manifest.json")


def scan(path: str, text: str) -> Claims:
    """A project as a manifest, everything else as stores."""
    if basename(path) == "manifest.json":
        return _manifest(path, text)
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    if basename(path) in _PROJECTS:
        name = root.get("name")
        if not _NAME.fullmatch(name.text()):
            return Claims()
        return Claims(manifests=(Manifest(path, name.text(), frozenset(("dbt project",)), page.evidence(name.line)),))
    return Claims(contracts=tuple(_profiles(page, root)))


def _profiles(page: Page, root: Node) -> Iterator[Contract]:
    """Of each profile the outputs that are not for development, or all if there are no others.

    Connections that name a host are told where all configuration is read.
    """
    for profile, node in root.items():
        outputs = node.get("outputs").items()
        real = [output for name, output in outputs if not _NO_PRODUCTION.search(name)]
        for output in real or [output for _, output in outputs]:
            engine = engines.of_word(output.get("type").text())
            if engine in _KEYS:
                host = _host(engine, output)
                names = [_known(output.get(key).text()) for key in _KEYS[engine]]
                line = output.get("type").line
                yield Contract(
                    page.path,
                    engine,
                    host,
                    next(filter(None, names), ""),
                    page.evidence(line),
                    way="reads-writes",
                    title=profile[:200],
                )


def _host(engine: str, output: Node) -> str:
    if engine == "snowflake":
        account = _known(output.get("account").text()).lower().removesuffix(".snowflakecomputing.com")
        return f"{account}.snowflakecomputing.com" if account else ""
    return _known(output.get("host").text()).lower()


def _known(text: str) -> str:
    """A value, or the default of the variable in its place; nothing for one that is filled in elsewhere."""
    found = _DEFAULT.fullmatch(text.strip())
    value = found[1] if found else text
    return value if _NAME.fullmatch(value) else ""


def _manifest(path: str, text: str) -> Claims:
    """The databases of the sources, each once."""
    if '"dbt_schema_version"' not in text or '"sources"' not in text:
        return Claims()
    page = Page(path, text)
    data = from_json(text)
    metadata, sources = (data.get(key) if isinstance(data, dict) else None for key in ("metadata", "sources"))
    if not isinstance(metadata, dict) or not isinstance(sources, dict):
        return Claims()
    engine = engines.of_word(str(metadata.get("adapter_type", "")))
    databases = {
        source["database"]
        for source in sources.values()
        if isinstance(source, dict) and isinstance(source.get("database"), str) and _NAME.fullmatch(source["database"])
    }
    line = next((number for number, line in enumerate(page.lines, 1) if '"sources"' in line), 1)
    title = str(metadata.get("project_name", ""))[:200]
    return Claims(
        contracts=tuple(
            Contract(path, engine, "", name, page.evidence(line), way="reads", title=title)
            for name in sorted(databases if engine else ())
        )
    )
