"""What tbls writes of a database (`schema.json`): its engine, its version and its name."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover import engines
from stocktake.discover.claims import Claims, Contract
from stocktake.discover.page import Page
from stocktake.discover.reading import from_json

_VERSION = re.compile(r"\d+(?:\.\d+){0,3}")
_NAME = re.compile(r"[\w.-]{1,100}")


def wants(path: str) -> bool:
    """The one name that it gives its files."""
    return basename(path) == "schema.json"


def scan(path: str, text: str) -> Claims:
    """One store; nothing for a schema of anything else."""
    if '"tables"' not in text or '"driver"' not in text:
        return Claims()
    page = Page(path, text)
    data = from_json(text)
    driver = data.get("driver") if isinstance(data, dict) else None
    name = data.get("name") if isinstance(data, dict) else None
    if not isinstance(driver, dict) or not isinstance(data.get("tables"), list):
        return Claims()
    engine = engines.of_word(str(driver.get("name", "")))
    version = _VERSION.search(str(driver.get("database_version", "")))
    if not engine:
        return Claims()
    line = next((number for number, line in enumerate(page.lines, 1) if '"driver"' in line), 1)
    database = name if isinstance(name, str) and _NAME.fullmatch(name) else ""
    return Claims(
        contracts=(Contract(path, engine, "", database, page.evidence(line), version=version[0] if version else ""),)
    )
