"""Values of settings as engines write them: sizes, times and switches that mean the same in other words."""

from __future__ import annotations

import re
from fractions import Fraction

_SIZES = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_TIMES = {"us": 1, "ms": 1000, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}
_FACTORS = {
    **{unit: ("size", factor) for unit, factor in _SIZES.items()},
    **{unit: ("time", factor) for unit, factor in _TIMES.items()},
}
_QUANTITY = re.compile(r"([-+]?[0-9]{1,18}(?:\.[0-9]{1,9})?)\s*([A-Za-z]{0,3})\Z")
_SWITCHES = {**dict.fromkeys(("on", "true", "yes"), "on"), **dict.fromkeys(("off", "false", "no"), "off")}

Amount = tuple[str, Fraction]


def amount(text: str, unit: str = "") -> Amount | None:
    """What a text measures and how much, in bytes or microseconds; a bare number counts in `unit`, which may be `8kB`.

    Negative numbers switch something off in most engines, so they never take a unit. None for what is no quantity.
    """
    found = _QUANTITY.match(text.strip())
    if not found:
        return None
    number, own = Fraction(found[1]), found[2]
    if not own and unit and number > 0:
        step = _QUANTITY.match(unit if unit[0].isdigit() else f"1{unit}")
        if step is None or step[2] not in _FACTORS:
            return "number", number
        number, own = number * Fraction(step[1]), step[2]
    if not own:
        return "number", number
    kind, factor = _FACTORS.get(own, ("", 0))
    return (kind, number * factor) if kind else None


def written(value: object) -> str:
    """A value as engines write it: a truth value is a switch."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def same(one: str, other: str, unit: str = "") -> bool:
    """Whether two values of one setting mean the same: `128MB` is `16384` of 8kB, `yes` is `on`, and an empty text is
    only itself.
    """
    if one == other:
        return True
    first, second = amount(one, unit), amount(other, unit)
    if first and second:
        return first == second or (not first[1] and not second[1])
    return bool(one) and _switch(one) == _switch(other)


def _switch(text: str) -> str:
    return _SWITCHES.get(text.strip().lower(), text)


def within(wanted: str, found: str, tolerance: str, unit: str = "") -> bool:
    """Whether a number lies no farther from the wanted one than `tolerance`: a distance in the same unit, or a
    percentage of it.
    """
    first, second = amount(wanted, unit), amount(found, unit)
    if first is None or second is None or first[0] != second[0]:
        return False
    if tolerance.endswith("%"):
        most = abs(first[1]) * Fraction(tolerance[:-1]) / 100
    else:
        distance = amount(tolerance, unit)
        most = distance[1] if distance else Fraction(0)
    return abs(first[1] - second[1]) <= most
