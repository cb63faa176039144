"""`scripts/fuzz`: judge many mutated files, and keep the smallest of those that break something."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from .judge import SECONDS_AT_MOST
from .run import EACH
from .share import share


def main() -> int:
    """Run what was asked for, and say what broke."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="how many files (default: 200000)")
    parser.add_argument(
        "--seed", default=f"{datetime.now(UTC):%Y-%m-%d}", help="what the dice begin with (default: the day)"
    )
    parser.add_argument("--first", type=int, default=0, help="the number of the first file, to see one again")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    chosen = parser.parse_args()
    sys.stdout.write(
        f"seed {chosen.seed}, {chosen.count:,} files from number {chosen.first:,}, limit {SECONDS_AT_MOST} s each\n"
    )
    first = chosen.first // EACH
    batches = [
        (batch, min(EACH, chosen.count - (batch - first) * EACH))
        for batch in range(first, first + -(-chosen.count // EACH))
    ]
    begun = time.monotonic()
    broken = share(chosen.seed, batches, chosen.workers)
    sys.stdout.write(f"{chosen.count:,} files in {time.monotonic() - begun:.0f} s, {broken} broke something\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
