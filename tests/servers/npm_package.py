"""Packages from npm, kept in build/servers like the servers of `matrix`: a second run needs no network."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from servers.matrix import CACHE, npm


def package(name: str, version: str) -> Path:
    """The folder of a package with what it needs beside it, fetched where it is not there yet."""
    folder = CACHE / f"{name}-{version}"
    if not folder.is_dir():
        _fetch(folder, f"{name}@{version}")
    return folder / "node_modules" / name


def _fetch(folder: Path, wanted: str) -> None:
    """Let npm fetch it; none of its scripts is run."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        fresh = Path(name) / "package"
        fresh.mkdir()
        quiet = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund")
        subprocess.run([*npm(), "install", *quiet, "--prefix", str(fresh), wanted], check=True)
        try:
            fresh.rename(folder)
        except OSError:  # another worker was quicker
            shutil.rmtree(fresh)
