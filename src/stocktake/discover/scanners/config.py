"""Configuration of any program: connection strings, addresses and passwords in YAML, JSON, TOML, INI and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stocktake.discover.claims import Claims, Configuration, Setting
from stocktake.discover.entries import Entry, entries
from stocktake.discover.page import Page
from stocktake.discover.places import is_sample
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.scanners import (
    cloudformation,
    compose,
    env,
    kubernetes,
    pipelines,
    platforms,
    serverless,
    traces,
)
from stocktake.discover.yaml import documents, leaves
from stocktake.model.observation import Unreadable

_LINES = (".cfg", ".cnf", ".conf", ".config", ".ini", ".properties", ".toml", ".vcl")
_NESTED = (".json", ".json5", ".jsonc", ".yaml", ".yml")
_COPIES = (".bak", ".dist", ".example", ".j2", ".sample", ".template", ".tmpl", ".tpl")
_OTHERS_LISTED = (
    "composer.json package.json package-lock.json pnpm-lock.yaml pipfile pyproject.toml setup.cfg tsconfig.json "
    "tox.ini pytest.ini "
    "mkdocs.yml .pre-commit-config.yaml openapi.json openapi.yaml swagger.json swagger.yaml cargo.toml "
    "poetry.lock uv.lock renovate.json "
    ".readthedocs.yaml .readthedocs.yml .eslintrc.json manifest.json angular.json nx.json turbo.json biome.json"
)
_OTHERS = frozenset(_OTHERS_LISTED.split())
_TRIGGER = re.compile(
    r"://|host|server|broker|endpoint|passw|secret|token|api.?key|upstream|@tcp\(|dsn|:\d{4,5}\b", re.IGNORECASE
)
_PLACE = re.compile(r"://|[@;=]|:\d{2,5}|jdbc:|-----BEGIN|\.(?:s3db|db3?|sqlite3?|duckdb)\b", re.IGNORECASE)
_KEY = re.compile(
    r"host|server|broker|endpoint|pass|pwd|secret|token|key|cred|url|uri|dsn|addr|upstream|engine|dialect|type|adapter|driver|client|"
    r"connect|provider|vendor|port|database|db|name|bucket|file|path|issuer|node|target|service|backend|seed|contact|proxy|base|api|"
    r"peer|instance|origin|kind",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_COMMENTS = re.compile(r"^[ \t]*//.*$", re.MULTILINE)  # as .NET and editors allow in JSON
_BROKEN_LINES = 5000
_ELSEWHERE = frozenset(("!Condition", "!FindInMap", "!GetAtt", "!ImportValue", "!Ref", "!env_var", "!secret", "!vault"))


def wants(path: str) -> bool:
    """Names that end like configuration, also as a sample or template, and Caddyfiles; manifests, lock files aside."""
    name = basename(path).lower()
    if name in _OTHERS or "lock" in name or "schema" in name or env.wants(path):
        return False
    return _bare(name).endswith((*_LINES, *_NESTED)) or _is_caddy(name)


def scan(path: str, text: str) -> Claims:
    """The settings of the file."""
    if (
        not _TRIGGER.search(text)
        or traces.looks_like(text)
        or (compose.looks_like(text) and compose.scan(path, text).compositions)
    ):
        return Claims()
    page = Page(path, text)
    name = _bare(basename(path).lower())
    problems: tuple[Unreadable, ...] = ()
    try:
        found = _parsed(text) if name.endswith(_NESTED) else _lines(page, name)
        if pipelines.reads_lines(path):
            found = (entry for entry in found if "\n" not in entry.value)
        settings = tuple(_setting(page, entry) for entry in found if _may_tell(entry))
    except NotUnderstoodError as error:
        if not _TEMPLATE.search(text) and not name.startswith("tsconfig"):
            problems = (Unreadable(path, error.line, error.message),)
        settings = tuple(_setting(page, entry) for entry in entries(page.lines[:_BROKEN_LINES], nested=True))
    if (
        kubernetes.looks_like(text)
        or cloudformation.looks_like(text)
        or serverless.wants(path)
        or platforms.wants(path)
    ):
        # Their settings belong to pods and functions, and only secrets are looked for here.
        return Claims(secrets=page.secrets, problems=problems)
    told = tuple(setting for setting in settings if setting.value)
    return Claims(
        configurations=(Configuration(path, told, False, is_sample(path)),), secrets=page.secrets, problems=problems
    )


def _bare(name: str) -> str:
    """The name without what marks a copy."""
    for ending in _COPIES:
        name = name.removesuffix(ending)
    return name


def _parsed(text: str) -> Iterator[Entry]:
    text = _COMMENTS.sub("", text) if text.startswith("{") else text
    for document in documents(text):
        for keys, node in leaves(document):
            if node.text() and node.tag not in _ELSEWHERE:
                yield Entry(keys, node.text(), node.line)


def _lines(page: Page, name: str) -> Iterator[Entry]:
    return entries(page.lines, words=name.endswith((".conf", ".cnf", ".vcl")) or _is_caddy(name))


def _is_caddy(name: str) -> bool:
    return name.endswith("caddyfile")


def _may_tell(entry: Entry) -> bool:
    """Whether an entry can be an address, a secret or what belongs to one; most of what is configured is not."""
    if _PLACE.search(entry.value):
        return True
    return entry.value.count(" ") < 3 and bool(_KEY.search(entry.keys[-1] if entry.keys else ""))


def _setting(page: Page, entry: Entry) -> Setting:
    """The key with its parents; whether a value is a secret is judged by the last one alone."""
    setting = page.setting(entry.keys[-1] if entry.keys else "", entry.value, entry.line, entry.keys[:-1])
    return setting._replace(key=".".join(entry.keys))
