"""One JSON object for other programs, in ASCII; its schema is `docs/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from stocktake.cli.formats.told import Result


def lines(result: Result) -> Iterator[str]:
    """All that was found, unknown answers and waived failures among it."""
    yield from json.dumps(result.data(), indent=2, default=str).splitlines()
