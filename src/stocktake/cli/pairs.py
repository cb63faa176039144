"""Facts as options give them: `--set NAME=VALUE`, again for more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stocktake.errors import UsageError


def nested(pairs: Iterable[str]) -> dict[str, Any]:
    """The facts that options give, as a record nests them.

    Raises UsageError where one has no value, or a value and parts.
    """
    from stocktake.values.name import split
    from stocktake.values.text import shown

    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        try:
            *outer, last = [part for part, _ in split(name)] if equals else []
        except ValueError:
            raise UsageError(
                f'--set "{shown(pair)}" is not NAME=VALUE', "A name is such as type or backup.plans[nightly].schedule."
            ) from None
        here = facts
        for part in outer:
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                raise UsageError(f'--set gives "{shown(part)}" both a value and parts')
        if isinstance(here.get(last), dict):
            raise UsageError(f'--set gives "{shown(last)}" both a value and parts')
        here[last] = value
    return facts
