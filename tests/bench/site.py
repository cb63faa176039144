"""How long the site of many records takes, beside MkDocs on the same Markdown, and what it weighs."""

import hashlib
import os
import shutil
import subprocess
import sys
from math import log
from pathlib import Path

from . import registry
from .commands import ROOT, STOCKTAKE
from .measure import Command, Run, Timing, once

COLD, WARM = "`stocktake build`, diagrams there already", "the same after one changed record"
PLAIN, PAGES, DRAWN = "`mkdocs build` of the same pages", "`stocktake build --pages-only`", "the same, diagrams too"
TOGETHER, ONE_BY_ONE = "100 small diagrams", "100 starts of `dot`"
_MKDOCS = str(Path(sys.executable).parent / "mkdocs")
_DAY = "2026-11-25"
_SMALL = """
import sys
from stocktake.pipeline.pictures import draw
from stocktake.run import run
texts = {str(n): f'digraph g {{ a{n} [label="Node {n}"]; b{n}; c{n}; a{n} -> b{n} -> c{n} }}' for n in range(100)}
if sys.argv[1:]:
    print(len([run(["dot", "-Tsvg"], input=text.encode(), timeout=60) for text in texts.values()]))
else:
    print(len(draw(texts)))
"""


def write(root: Path, count: int) -> Path:
    """A registry of so many records with what the site is made by; the record that is going to change."""
    assets = registry.write(root, count)
    text = (ROOT / "src/stocktake/scaffold/files/mkdocs.yml").read_text()
    (root / "mkdocs.yml").write_text(text.replace("<<name>>", "Measured estate"))
    return root / assets[len(assets) // 2]


def measured(root: Path, count: int, rounds: int) -> dict[str, Timing]:
    """Each build as often as asked, by turns. What is built after a change must be what is built from nothing."""
    record = write(root, count)
    runs: dict[str, list[Run]] = {}
    for number in range(rounds):
        _forget(root, "docs", "site", "pages.json", "pictures.json")
        _run(runs, DRAWN, _build(root, "--pages-only"))
        _forget(root, "docs")
        _run(runs, PAGES, _build(root, "--pages-only"))
        _forget(root, "docs")
        _run(runs, COLD, _build(root))
        _run(runs, PLAIN, Command((_MKDOCS, "build", "--quiet", "--strict", "--site-dir", "build/plain"), root))
        _forget(root, "plain")
        record.write_text(record.read_text().replace("name: ", f"name: Changed {number} ", 1))
        _run(runs, WARM, _build(root))
        warm = digest(root)
        _forget(root, "docs", "site", "pages.json")
        once(_build(root))
        if warm != digest(root):
            raise SystemExit("what is built after a change is not what is built from nothing")
    return {name: Timing(tuple(found)) for name, found in runs.items()}


def grown(root: Path, count: int, few: Timing, times: int) -> tuple[float, Timing]:
    """The exponent with which CPU time grows up to `times` as many records, and how long those take."""
    write(root, count * times)
    once(_build(root, "--pages-only"))
    _forget(root, "docs")
    many = Timing((once(_build(root)),))
    return log(many.least("cpu") / few.least("cpu"), times), many


def small_diagrams(root: Path, rounds: int) -> dict[str, Timing]:
    """Drawn together, and each with a start of its own."""
    runs: dict[str, list[Run]] = {}
    for _ in range(rounds):
        _run(runs, TOGETHER, Command((sys.executable, "-c", _SMALL), root))
        _run(runs, ONE_BY_ONE, Command((sys.executable, "-c", _SMALL, "apart"), root))
    return {name: Timing(tuple(found)) for name, found in runs.items()}


def starts(root: Path, count: int) -> tuple[int, int]:
    """How often `dot` starts for a first site, and for the same again."""
    write(root, count)
    tools, said = root / "tools", root / "starts"
    tools.mkdir()
    (tools / "dot").write_text(f'#!/bin/sh\necho >>"{said}"\nexec "{shutil.which("dot")}" "$@"\n')
    (tools / "dot").chmod(0o755)
    found = []
    for _ in range(2):
        said.write_text("")
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        command = [STOCKTAKE, "build", "--pages-only", "--today", _DAY]
        subprocess.run(command, cwd=root, env=os.environ | {"PATH": path}, check=True, capture_output=True)
        found.append(len(said.read_text()))
    return found[0], found[1]


def weights(root: Path) -> tuple[int, int, int]:
    """Bytes of the heaviest page of an asset, of the heaviest page of all, and of the search index."""
    site = root / "build/site"
    heaviest = max(path.stat().st_size for path in site.rglob("*.html"))
    records = {path.stem for path in (root / "registry/assets").iterdir()}
    assets = (path for path in (site / "asset").iterdir() if path.stem in records and path.suffix == ".html")
    return max(path.stat().st_size for path in assets), heaviest, (site / "search/search_index.json").stat().st_size


def digest(root: Path) -> str:
    """All files of the site by name and content."""
    found = hashlib.sha256()
    for path in sorted((root / "build/site").rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def _run(runs: dict[str, list[Run]], name: str, command: Command) -> None:
    runs.setdefault(name, []).append(once(command))


def _build(root: Path, *options: str) -> Command:
    return Command((STOCKTAKE, "build", "--today", _DAY, *options), root)


def _forget(root: Path, *names: str) -> None:
    for name in names:
        path = root / "build" / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
