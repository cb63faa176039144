"""Files of Terraform and OpenTofu, and their variables, as blocks."""

from __future__ import annotations

from importlib.util import find_spec

from stocktake.discover.claims import Blocks, Claims
from stocktake.discover.page import Page
from stocktake.discover.scanners.code import UNREAD
from stocktake.model.observation import Unreadable

_ENDINGS = (".tf", ".tfvars", ".tofu")


def wants(path: str) -> bool:
    """`*.tf`, `*.tofu` and `*.tfvars`."""
    return path.endswith(_ENDINGS)


def scan(path: str, text: str) -> Claims:
    """The blocks of the file, without secrets."""
    if not find_spec("tree_sitter_hcl"):
        return Claims(problems=(Unreadable(path, 0, f"Terraform {UNREAD}"),))
    from stocktake.discover.hcl import read

    page = Page(path, text)
    return Claims(blocks=(Blocks(path, read(page, text)),), secrets=page.secrets)
