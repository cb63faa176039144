"""Whether a declared and an observed value of one fact say the same."""

from __future__ import annotations

from typing import Any

from stocktake.values import version


def agree(name: str, declared: Any, observed: Any) -> bool | None:
    """True or False, or None where the two cannot be compared (a version against `latest`).

    Versions agree as far as both are told. Lists agree whatever their order. Numbers and truth values agree with their
    text, since settings, environment variables and YAML write the same value differently.
    """
    if declared == observed:
        return True
    if name == "version" or name.endswith(".version"):
        return version.agrees(str(declared), str(observed))
    if isinstance(declared, (list, tuple)) and isinstance(observed, (list, tuple)):
        return sorted(map(_plain, declared)) == sorted(map(_plain, observed))
    return _plain(declared) == _plain(observed)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
