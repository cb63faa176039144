"""The digest of an observation: who writes one makes it, who reads one makes it again, and an edit by hand shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.model.observation import Observation

# The day stands in a file of its own, and a new version that sees the same has seen nothing new.
_APART = ("digest", "looked", "version")
_EMPTY: tuple[object, ...] = ("", None, (), [], {})


def digest(seen: Observation) -> str:
    """Of everything that an observation says, the same before it is written and after it is read."""
    from hashlib import blake2b
    from json import dumps

    ordered = {
        "things": sorted(seen.things, key=lambda thing: thing.key),
        "edges": sorted(seen.edges),
        "secrets": sorted(seen.secrets),
        "problems": sorted(seen.problems),
    }
    said = {name: value for name, value in (seen._asdict() | ordered).items() if name not in _APART}
    text = dumps(_plain(said), separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def signed(seen: Observation) -> Observation:
    """The observation with its digest."""
    return seen._replace(digest=digest(seen))


def is_intact(seen: Observation) -> bool:
    """Whether nobody changed it since it was written."""
    return seen.digest == digest(seen)


def _plain(value: Any) -> Any:
    """Named values as mappings; what is empty is left out, so that a field that is new changes no old digest.

    Names are put in order here, since the encoder takes twice as long where it is asked to.
    """
    if isinstance(value, str | int | float):
        return value
    if hasattr(value, "_asdict"):
        value = value._asdict()
    elif isinstance(value, list | tuple):
        if value and isinstance(value[0], str):  # a list holds one kind of thing, and most of a catalogue is text
            return value
        return [_plain(item) for item in value]
    elif not isinstance(value, Mapping):
        return value
    return {name: _plain(value[name]) for name in sorted(value) if value[name] not in _EMPTY}
