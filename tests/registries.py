"""Small registries to check, and a way to run the command on them without starting a process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from stocktake.cli.main import main

CASES = Path(__file__).parent / "cases" / "registries"
SETTINGS = "schema: 1\nenvironments:\n  production: {}\n"
STORE = "name: Orders\ntype: relational-db\n"


class Said(NamedTuple):
    """What one command left behind."""

    exit_code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Said]


def runner(capfd: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `stocktake` with its arguments in this process."""

    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        out, err = capfd.readouterr()
        code = stopped.value.code
        assert code is None or isinstance(code, int)
        return Said(code or 0, out, err)

    return run


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A registry of these files below `folder`; settings are added where none are given."""
    for path, content in {"stocktake.yaml": SETTINGS, "registry/.gitkeep": "", **files}.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
