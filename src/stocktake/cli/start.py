"""Where the command begins and ends.

It collects no garbage: a check is over before there is garbage worth looking for.
"""

import gc
import os
import sys

gc.disable()

from stocktake.cli.main import main as run  # noqa: E402 - what is imported here is what takes the time

__all__ = ["main"]


def main() -> None:
    """Run one command; a check ends at once, since taking the process apart would be a sixth of its time."""
    try:
        run()
    except SystemExit as stop:
        if gc.isenabled():  # another verb, which may have more to tidy up
            raise
        os._exit(_flushed(stop.code))


def _flushed(code: object) -> int:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return 141
    return code if isinstance(code, int) else 0
