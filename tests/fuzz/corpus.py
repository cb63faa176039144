"""What is mutated: real files of every kind, each with the path at which it stands in a repository."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import Schemas, read_schemas

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/cases/schemas"
SCHEMAS: Schemas = read_schemas(Tree(schema_folder()))
KNOWN = "2026-01-31 INV001@asset/orders-db\n# Said\n2026-01-31 CFG003@asset/orders-db/production#x%20y\n"
OWN_SCHEMA = "schemas/pump.schema.json"
OWN_RECORD = "registry/pumps/p.yaml"
PUMP = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://stocktake.dev/schemas/pump.schema.json",
  "title": "Pump", "description": "A pump of the works.", "type": "object",
  "x-registry": {"folder": "registry/pumps", "format": "yaml", "title": "name", "plural": "Pumps", "columns": ["name"]},
  "allOf": [{"$ref": "common.schema.json#/$defs/base"}],
  "properties": {
    "owner": {"$ref": "common.schema.json#/$defs/id", "x-ref": "team"},
    "serial": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$", "errorMessage": "is not a serial number"},
    "valves": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
  },
  "required": ["name"], "unevaluatedProperties": false
}
"""
_FOLDERS = ("adr", "observed", "registry")
_OF_NO_KIND = {
    "last-looked": "observed/last-looked.json",
    "observation": "observed/full.json",
    "settings": "stocktake.yaml",
}


class Sample(NamedTuple):
    """A file of a repository, and the schema that judges it; empty where none does."""

    path: str
    text: str
    schema: str = ""


def repository(folder: Path) -> Path:
    """Our own repository once more, for what a mutated file names to be there."""
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "stocktake.yaml", folder)
    others = {
        ".stocktake/known.txt": "",
        "docs/page.md": "# Page\n",
        OWN_SCHEMA: PUMP,
        OWN_RECORD: "name: P\nserial: AB1234\n",
    }
    for name, text in others.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def samples() -> list[Sample]:
    """All of them, in one order on every machine."""
    return [*_of_ours(), *_cases(), *_others()]


def _of_ours() -> list[Sample]:
    folders = SCHEMAS.folders()
    found = []
    for kind, folder in folders.items():
        paths = sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in (".md", ".yaml"))
        found += [Sample(str(path.relative_to(ROOT)), path.read_text("utf-8"), kind) for path in paths[:12]]
    return [sample for sample in found if not sample.path.endswith("README.md")]


def _cases() -> list[Sample]:
    found = []
    for path in sorted(CASES.glob("*/valid/*.yaml")):
        name = path.parts[-3]
        text = path.read_text("utf-8")
        found.append(Sample(_path(name, SCHEMAS.folders()), _page(text) if _is_page(name) else text, name))
    return found


def _others() -> list[Sample]:
    seen = sorted((ROOT / "observed").rglob("*.json"), key=lambda path: path.stat().st_size)
    return [
        Sample("stocktake.yaml", (ROOT / "stocktake.yaml").read_text("utf-8"), "settings"),
        *(Sample(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in seen[:3]),
        Sample(".stocktake/known.txt", KNOWN),
        Sample("docs/page.md", "# Page\n\nText with [a link](../registry/x.md) and `code`.\n"),
        Sample(OWN_SCHEMA, PUMP),
    ]


def _path(schema: str, folders: Mapping[str, str]) -> str:
    if schema in _OF_NO_KIND:
        return _OF_NO_KIND[schema]
    return f"{folders[schema]}/{'0099-full.md' if _is_page(schema) else 'full.yaml'}"


def _is_page(schema: str) -> bool:
    return schema in SCHEMAS.folders() and SCHEMAS.form(schema) == "markdown"


def _page(text: str) -> str:
    return f"---\n{text}---\n\n# Title\n\nText.\n"
