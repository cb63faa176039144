"""Where the command begins: without the garbage collector, since a check is over before there is garbage worth
looking for.
"""

import gc

gc.disable()

from stocktake.cli.main import main  # noqa: E402 - what is imported here is what takes the time

__all__ = ["main"]
