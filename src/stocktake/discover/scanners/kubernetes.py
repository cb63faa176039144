"""Manifests of Kubernetes: workloads, services, their configuration, and stores that an operator runs."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims
from stocktake.discover.manifests import objects
from stocktake.discover.page import Page
from stocktake.discover.yaml import documents
from stocktake.model.observation import ExposedSecret

_HELD = ("binaryData.", "data.", "stringData.")
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
    found = tuple(objects(page, documents(text)))
    return Claims(objects=found, secrets=tuple(each for each in page.secrets if _is_own(each)))


def _is_own(secret: ExposedSecret) -> bool:
    """Whether only this scanner understands a secret: the others are told where configuration is read."""
    is_word = ".args." in secret.name or ".command." in secret.name
    return secret.name.startswith(_HELD) or (is_word and " in a " not in secret.what)


def looks_like(text: str) -> bool:
    """A cheap first look, before anything is parsed."""
    return "apiVersion" in text and "kind" in text and bool(_LOOKS_LIKE.search(text))
