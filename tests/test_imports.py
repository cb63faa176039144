"""Checking one good file imports nothing that it does not need: this runs at every save and every commit."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = "registry/assets/orders-db.yaml"

# Each of these costs a millisecond or, mostly, much more.
HEAVY = {
    *("dataclasses", "hashlib", "logging", "pprint", "shutil", "subprocess", "tempfile", "traceback"),
    *("argparse", "asyncio", "concurrent.futures", "importlib.metadata", "multiprocessing", "ssl", "http.client"),
    *("diagrams", "git", "jsonschema", "mkdocs", "networkx", "referencing", "rich", "ruamel.yaml", "sqlalchemy"),
    *("yaml", "stocktake.load.strict", "stocktake.pipeline.estate", "stocktake.values.secret", "stocktake.write"),
    *("stocktake.analyse", "stocktake.discover", "stocktake.edit", "stocktake.history", "stocktake.render"),
    *("stocktake.rules", "stocktake.run", "stocktake.scaffold"),
}
CODE = """
import sys
from stocktake.cli.main import main
try:
    main(["check", "-C", sys.argv[1], sys.argv[2]])
except SystemExit as stop:
    print(stop.code, *sys.modules)
"""


def imported(source: Path, file: str = FILE) -> set[str]:
    """What is imported when the package in `source` checks a file of our registry and finds it good."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(ROOT), file],
        env={"PYTHONPATH": str(source)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    assert code == "0", done.stdout
    return set(modules)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its schemas, to plant things in."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src/stocktake", root / "src/stocktake", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "schemas", root / "schemas")
    return root / "src"


@pytest.mark.parametrize("file", [FILE, "registry/dependencies/api-stores-orders.yaml"])
def test_a_check_of_one_file_imports_nothing_heavy(file):
    assert imported(ROOT / "src", file) & HEAVY == set()


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("cli/check.py", "import subprocess"),
        ("load/record.py", "import jsonschema"),
        ("pipeline/check_files.py", "from stocktake.rules import table"),
        ("values/text.py", "from dataclasses import dataclass"),
    ],
)
def test_a_planted_import_is_seen(copy, module, planted):
    path = copy / "stocktake" / module
    before = path.read_text()
    path.write_text(f"{before}\n{planted}\n")

    found = imported(copy) & HEAVY
    path.write_text(before)

    assert planted.replace("from stocktake.rules", "import stocktake.rules").split()[1] in found
