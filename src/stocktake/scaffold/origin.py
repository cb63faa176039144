"""A door: where this Stocktake came from, so that a new repository installs the same one."""

from __future__ import annotations

import json
import os
from importlib.metadata import PackageNotFoundError, distribution

from stocktake import __version__


def origin() -> str:
    """The checkout that it is run from, else what it was installed from, else its version on a package index."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    source, name = os.path.split(package)
    checkout = os.path.dirname(source)
    if name == "stocktake" and os.path.isfile(os.path.join(checkout, "pyproject.toml")):
        return checkout
    try:
        recorded = distribution("stocktake").read_text("direct_url.json")
    except PackageNotFoundError:
        recorded = None
    return address(recorded) if recorded else f"stocktake=={__version__}"


def address(recorded: str) -> str:
    """What pip takes, from what pip wrote down when it installed from no index (PEP 610)."""
    data = json.loads(recorded)
    version = data.get("vcs_info")
    return f"{version['vcs']}+{data['url']}@{version['commit_id']}" if version else str(data["url"])
