"""Manifests of Kubernetes: workloads, services, their configuration, and stores that an operator runs."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims
from stocktake.discover.manifests import objects
from stocktake.discover.page import Page
from stocktake.discover.yaml import NotUnderstoodError, documents
from stocktake.model.observation import Unreadable

_LOOKS_LIKE = re.compile(r"""^[\s{,-]{0,8}["']?apiVersion["']?\s*:""", re.MULTILINE)


def wants(path: str) -> bool:
    """Every YAML and JSON file; templates of charts are read once they are filled in."""
    return path.lower().endswith((".yaml", ".yml", ".json")) and basename(path) not in (
        "package.json",
        "package-lock.json",
    )


def scan(path: str, text: str) -> Claims:
    """The objects of the file; nothing for anything else."""
    if not looks_like(text) or ("{{" in text and "templates" in path.split("/")[:-1]):
        return Claims()
    page = Page(path, text)
    try:
        found = tuple(objects(page, documents(text)))
    except NotUnderstoodError as error:
        return Claims(problems=(Unreadable(path, error.line, error.message),))
    return Claims(objects=found, secrets=page.secrets)


def looks_like(text: str) -> bool:
    """A cheap first look, before anything is parsed."""
    return "apiVersion" in text and "kind" in text and bool(_LOOKS_LIKE.search(text))
