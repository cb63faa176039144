"""A new repository, until its first check is green; and the hook as other repositories install it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .commands import ROOT, STOCKTAKE
from .measure import Command, Timing, by_turns

START = "`stocktake init` and `stocktake check`"
PREK = "prek==0.5.11"
_HOOKS = "repos:\n  - repo: file://{repository}\n    rev: {commit}\n    hooks:\n      - id: stocktake\n"


def measured(folder: Path, rounds: int) -> dict[str, Timing]:
    """From nothing to a green check, without the site."""
    steps = f"rm -rf estate && '{STOCKTAKE}' init estate --defaults && '{STOCKTAKE}' check -C estate"
    return by_turns({START: Command(("sh", "-c", steps), folder)}, rounds)


def hook(folder: Path, build: Path) -> float | None:
    """Megabytes that the packages of the hook take where prek installs it; None where prek cannot be installed.

    Raises CalledProcessError where the hook is not green in a new repository.
    """
    prek, repository, estate = build / "prek", folder / "hooks", folder / "estate"
    if not (prek / "bin/prek").exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(prek)], check=False)
        install = [str(prek / "bin/python"), "-m", "pip", "install", "--quiet", PREK]
        if made.returncode or subprocess.run(install, check=False).returncode:
            return None
    subprocess.run(["git", "clone", "-q", str(ROOT), str(repository)], check=True)
    head = ["git", "-C", str(repository), "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    shutil.rmtree(estate, ignore_errors=True)
    subprocess.run([STOCKTAKE, "init", str(estate), "--defaults"], check=True, stdout=subprocess.DEVNULL)
    (estate / ".pre-commit-config.yaml").write_text(_HOOKS.format(repository=repository, commit=commit))
    subprocess.run(["git", "-C", str(estate), "add", "-A"], check=True)
    environment = {**os.environ, "PREK_HOME": str(folder / "home")}
    run = [str(prek / "bin/prek"), "run", "--all-files"]
    subprocess.run(run, cwd=estate, env=environment, check=True, stdout=sys.stderr)
    packages = [path for path in (folder / "home").rglob("site-packages") if path.is_dir()]
    files = (file for path in packages for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files if not _is_pip(file)) / 1e6


def _is_pip(file: Path) -> bool:
    """What a new environment has before anything is installed in it."""
    return any(part == "pip" or part.startswith("pip-") for part in file.parts)
