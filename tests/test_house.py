"""The house stands as the design draws it, and each guard sees the breach that it is there for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house import disorderly_tables, open_doors, oversized, tables, undescribed, unfinished

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/stocktake"

LONG = "def long():\n" + "    x = 1\n" * 50
CONTRACTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]

BREACHES = [
    (open_doors, "analyse", "import os\n\n\ndef f(p):\n    return os.walk(p)\n", "reads files with os.walk"),
    (open_doors, "render", "from pathlib import Path\n", "reads files with pathlib.Path"),
    (open_doors, "rules", "x = open('a')\n", "reads files with open"),
    (
        open_doors,
        "rules",
        "from datetime import date as d\n\n\nx = d.today()\n",
        "asks the date with datetime.date.today",
    ),
    (
        open_doors,
        "rules",
        "import datetime\n\n\nx = datetime.datetime.now()\n",
        "asks the date with datetime.datetime.now",
    ),
    (open_doors, "load", "from time import time\n", "asks the date with time.time"),
    (open_doors, "load", "import subprocess\n", "runs a program with subprocess"),
    (open_doors, "discover", "import urllib.request\n", "connects with urllib.request"),
    (open_doors, "exchange", "import socket as s\n", "connects with socket"),
    (open_doors, "exchange", "import os as o\n\n\no.replace('a', 'b')\n", "writes with os.replace"),
    (open_doors, "analyse", "print(1)\n", "prints with print"),
    (open_doors, "pipeline", "import click\n\n\nclick.echo(1)\n", "prints with click.echo"),
    (open_doors, "render", "import git\n", "reads Git with git"),
    (disorderly_tables, "rules", "from stocktake.rules import b, a\n\nALL = (b.RULES, a.RULES)\n", "ALL is not in"),
    (disorderly_tables, "rules", "from stocktake.rules import a, b\n\nALL = [*b.ALL, *a.ALL]\n", "ALL is not in"),
    (disorderly_tables, "rules", "from stocktake.rules import a, b\n\nALL: dict = {'y': a, 'x': b}\n", "ALL is not in"),
    (oversized, "rules", '"""Doc."""\n' + "x = 1\n" * 301, "has 301 lines"),
    (oversized, "rules", LONG, "long has 51 lines"),
    (undescribed, "rules", "x = 1\n", "does not say what it is for"),
    (unfinished, "rules", "# TODO: later\n", "TODO"),
    (unfinished, "rules", "raise NotImplementedError\n", "NotImplementedError"),
    (unfinished, "rules", "pytest.skip()\n", "pytest.skip"),
]


@pytest.mark.parametrize("guard", [open_doors, disorderly_tables, oversized, undescribed, unfinished])
def test_the_house_is_in_order(guard):
    assert list(guard(PACKAGE)) == []


def test_the_tables_of_plugs_are_those_that_the_guard_looks_at():
    assert {table for _, table, _ in tables(PACKAGE)} >= {"FAMILIES", "PAGES", "SCANNERS"}


def test_no_test_is_left_out_or_put_off():
    assert list(unfinished(ROOT / "tests")) == []


@pytest.mark.parametrize(("guard", "room", "code", "told"), BREACHES)
def test_a_guard_sees_a_planted_breach(tmp_path, guard, room, code, told):
    (tmp_path / room).mkdir()
    (tmp_path / room / "planted.py").write_text(code)

    [breach, *_] = guard(tmp_path)

    assert breach.startswith((f"{room}.planted", f"{room}/planted"))
    assert told in breach


@pytest.mark.parametrize(
    "code",
    [
        "import os\n\nx = os.path.join('a', 'b')\n",
        "from pathlib import PurePosixPath\n",
        "def f(open):\n    return opened\n",
    ],
)
def test_what_touches_nothing_needs_no_door(tmp_path, code):
    (tmp_path / "pure.py").write_text(code)

    assert list(open_doors(tmp_path)) == []


def test_docstrings_do_not_count_as_length(tmp_path):
    (tmp_path / "long.py").write_text('def f():\n    """' + "Said.\n    " * 60 + '"""\n')

    assert list(oversized(tmp_path)) == []


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("values/planted.py", "stocktake.model.record", "The folder is the floor"),
        ("load/planted.py", "stocktake.pipeline", "The folder is the floor"),
        ("load/planted.py", "stocktake.discover", "The folder is the floor"),
        ("write.py", "stocktake.run", "The folder is the floor"),
        ("parlour/__init__.py", "stocktake.values", "The folder is the floor"),
    ],
)
def test_the_import_contracts_see_a_planted_breach(tmp_path, module, imported, contract):
    shutil.copytree(PACKAGE, tmp_path / "src/stocktake", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "src/stocktake" / module
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a") as file:
        file.write(f"\nimport {imported}\n")

    done = subprocess.run(
        [*CONTRACTS, "--no-cache"], cwd=tmp_path, env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
