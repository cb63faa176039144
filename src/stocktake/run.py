"""The door for programs of the system: no shell, a time limit, and errors that say what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from stocktake.errors import FailedProgramError, MissingProgramError

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
WHAT_TO_INSTALL: Mapping[str, str] = {
    "chromium": "Install Chromium or Chrome (Debian: apt install chromium; macOS: brew install --cask chromium), "
    "or name one in the environment variable CHROMIUM.",
    "dot": "Install Graphviz (Debian: apt install graphviz; macOS: brew install graphviz).",
    "git": "Install Git (Debian: apt install git; macOS: brew install git).",
    "ssh-keygen": "Install OpenSSH (Debian: apt install openssh-client; macOS has it).",
}


def run(
    argv: Sequence[str],
    *,
    input: bytes | None = None,  # noqa: A002 - the word that subprocess uses
    timeout: float = 60.0,
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
) -> bytes:
    """What the program prints; it gets `input`, or an empty standard input.

    `user` is another user to run it as, which only root may ask for.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise MissingProgramError(argv[0], WHAT_TO_INSTALL.get(argv[0], "Install it, or put it on the PATH."))
    try:
        done = subprocess.run(
            [program, *argv[1:]],
            input=input or b"",
            capture_output=True,
            timeout=timeout,
            cwd=cwd,
            env=env,
            user=user,
            extra_groups=None if user is None else [],
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FailedProgramError(argv[0], f"ran longer than {timeout:g} seconds") from None
    if done.returncode:
        raise FailedProgramError(argv[0], f"ended with exit code {done.returncode}", _last_lines(done.stderr))
    return done.stdout


def is_there(program: str) -> bool:
    """Whether the program is installed."""
    return shutil.which(program) is not None


def place(program: str) -> str:
    """Where the program is installed; "" where it is not."""
    return shutil.which(program) or ""


def _last_lines(output: bytes, most: int = 20) -> str:
    lines = _COLOUR.sub("", output.decode("utf-8", "replace")).strip().splitlines()[-most:]
    return "\n".join(
        "".join(character if character.isprintable() else "�" for character in line)[:300] for line in lines
    )
