"""Env files: `.env`, `env.sample`, `api.env`, `.envrc`; what is commented out counts if it is a real secret."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, Configuration
from stocktake.discover.entries import entries
from stocktake.discover.page import Page, exposed
from stocktake.discover.places import is_sample

_NAME = re.compile(r"^\.?(envrc|dotenv)$|(^|[._-])env([._-][\w.-]*)?$", re.IGNORECASE)
_FOLDERS = frozenset((".env.d", ".envs", "env-files", "env.d", "envs"))
_CODE = re.compile(r"\.(py|js|ts|mjs|cjs|rb|php|go|java|sh|md|json|ya?ml|toml|html|txt|d|rs|lock)$", re.IGNORECASE)
_COMMENTED = re.compile(r"^#\s*(?:export\s+)?([A-Za-z_]\w*)=(\S+)$")


def wants(path: str) -> bool:
    """Names that hold `env` as a word and are no code; everything in a folder `.envs` or `env.d`."""
    name = basename(path)
    is_inside = not _FOLDERS.isdisjoint(path.lower().split("/")[:-1])
    return (is_inside or bool(_NAME.search(name))) and not _CODE.search(name)


def scan(path: str, text: str) -> Claims:
    """One setting a line."""
    page = Page(path, text)
    settings = tuple(page.setting(entry.keys[-1], entry.value, entry.line) for entry in entries(page.lines))
    for number, line in enumerate(page.lines, 1):
        if line.startswith("#") and (match := _COMMENTED.match(line[:1000])) and _is_random(match[2]):
            what = exposed(match[1], match[2])
            if what:
                page.expose(number, f"{what}, commented out", match[1])
    return Claims(configurations=(Configuration(path, settings, True, is_sample(path)),), secrets=page.secrets)


def _is_random(value: str) -> bool:
    return len(value) >= 12 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
