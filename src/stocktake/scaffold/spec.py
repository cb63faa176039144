"""Where Stocktake is installed from, as pip reads it: `stocktake==1.2.3` or `stocktake @ file:///...`."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from stocktake.errors import UsageError

_REQUIREMENT = re.compile(r"stocktake(?:\[[a-z,]*\])?((?:[=~!<>]=|[<>]|@)[^\s\"'\\;]+)?")
_ADDRESS = re.compile(r"[a-z+]+://[^\s\"'\\]+")
_EXTRAS = "[site,diagrams]"


def requirement(given: str, folder: str) -> str:
    """The requirement without extras that a version, an address or a path says; a path is relative to `folder`."""
    if match := _REQUIREMENT.fullmatch(given.replace(" ", "")):
        rest = match[1] or ""
        return f"stocktake @ {rest[1:]}" if rest.startswith("@") else f"stocktake{rest}"
    if _ADDRESS.fullmatch(given):
        return f"stocktake @ {given}"
    if given.startswith(("/", "./", "../")) or given.endswith((".whl", ".tar.gz")):
        return f"stocktake @ file://{quote(os.path.normpath(os.path.join(folder, given)))}"
    raise UsageError(
        f"{given!r} does not say where Stocktake comes from",
        "Give a requirement such as stocktake==1.2.3, an address, or the path of a wheel.",
    )


def with_extras(plain: str) -> str:
    """The same requirement, with what the site and the diagrams need."""
    return plain.replace("stocktake", f"stocktake{_EXTRAS}", 1)
