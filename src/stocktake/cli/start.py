"""Where the command begins and ends.

It collects no garbage: a check or a comparison is over before there is garbage worth looking for.
"""

import gc
import os

gc.disable()

from stocktake.cli.main import main as run  # noqa: E402 - what is imported here is what takes the time

__all__ = ["main"]


def main() -> None:
    """Run one command; a check or a comparison ends at once, since taking the process apart would be a sixth of it."""
    try:
        run()
    except SystemExit as stop:
        from stocktake.cli import console

        if console.finish() and gc.isenabled():  # another verb, which may have more to tidy up
            raise
        os._exit(stop.code if isinstance(stop.code, int) else 0)


if __name__ == "__main__":
    main()
