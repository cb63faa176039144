"""Templates of CloudFormation and SAM, and what the CDK makes: resources with what they refer to."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims
from stocktake.discover.formation import Formation
from stocktake.discover.formation_events import implicit
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, documents

_LOOKS_LIKE = re.compile(r"""Type["']?\s*:\s*["']?AWS::\w""")


def wants(path: str) -> bool:
    """YAML, JSON and `*.template`; a template of CloudFormation has any name."""
    return path.lower().endswith((".json", ".template", ".yaml", ".yml")) and basename(path) != "package.json"


def scan(path: str, text: str) -> Claims:
    """The resources of a template; nothing for anything else."""
    if not looks_like(text):
        return Claims()
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    found = list(Formation(page, root, path).resources())
    found += implicit(found, "api")
    # What configuration is read from tells the secrets in it.
    return Claims(resources=tuple(found), secrets=page.secrets if path.endswith(".template") else ())


def looks_like(text: str) -> bool:
    """A cheap first look, before anything is parsed."""
    return "Resources" in text and bool(_LOOKS_LIKE.search(text))
