"""Where Stocktake is installed from, as pip reads it: `stocktake==1.2.3` or `stocktake @ file:///...`."""

from __future__ import annotations

import re
from urllib.parse import quote

from stocktake.errors import UsageError

_REQUIREMENT = re.compile(
    r"stocktake *(?:\[[a-z, ]*\])? *((?:(?:[=~!<>]=|[<>])[^ \"'\\;]+|@ *[^ \"'\\]+)?)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[a-z+]+://[^ \"'\\]+")
_EXTRAS = "[site,diagrams]"


def requirement(given: str, folder: str) -> str:
    """The requirement without extras that a version, an address or a path says; a path is relative to `folder`."""
    if match := _REQUIREMENT.fullmatch(given.strip()):
        return _joined(match[1])
    if _ADDRESS.fullmatch(given):
        return _joined(f"@ {given}")
    if given.startswith(("/", "./", "../")) or given.endswith((".whl", ".tar.gz")):
        path = given if given.startswith("/") else f"{folder}/{given.removeprefix('./')}"
        return _joined(f"@ file://{quote(path)}")
    raise UsageError(
        f"{given!r} does not say where Stocktake comes from",
        "Give a requirement such as stocktake==1.2.3, an address, or the path of a wheel.",
    )


def with_extras(plain: str) -> str:
    """The same requirement, with what the site and the diagrams need."""
    return plain.replace("stocktake", f"stocktake{_EXTRAS}", 1)


def _joined(rest: str) -> str:
    if rest.startswith("@"):
        return f"stocktake @ {rest[1:].strip()}"
    return f"stocktake{rest}"
