"""What can be done about a difference from a baseline: accept it, track it as a finding, or have expected it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from shlex import quote
from typing import NamedTuple

from stocktake.model.baseline import Difference
from stocktake.model.sheet import Sheet
from stocktake.values import identity
from stocktake.values.name import encode_key, split
from stocktake.values.text import shown, slug

# The rule that fails for a difference of each area.
RULES: Mapping[str, str] = {"access": "ACC003", "schema": "CFG006", "settings": "CFG005"}


class Expected(NamedTuple):
    """A difference that the baseline says is meant, for a reason and until a day; `environment` is the other one that
    differs, None where it is about what runs.
    """

    key: str
    environment: str | None
    reason: str
    expires: str


def expected(sheet: Sheet) -> list[Expected]:
    """All differences that a baseline expects, sorted by key."""
    found = []
    for key in sheet.keys("expected_differences[]"):
        base = f"expected_differences[{encode_key(key)}]"
        reason, expires = (str(sheet.declared(f"{base}.{part}") or "") for part in ("reason", "expires"))
        found.append(Expected(key, sheet.declared(f"{base}.environment"), reason, expires))
    return found


def excuse(found: Difference, meant: Iterable[Expected]) -> Expected | None:
    """The expected difference that is about this one, expired or not: a rule of its own tells that it expired."""
    names = {found.detail, found.name}
    return next((one for one in meant if one.environment is None and one.key in names), None)


def entry(found: Difference) -> str:
    """The name by which `accept --only` takes a difference."""
    if found.name == "access.grants":
        return found.detail
    return next((part for part, keyed in split(found.name) if keyed), found.name)


def accept(found: Difference, asset: str, environment: str) -> str:
    """The command that writes what runs into the baseline; what waits for a restart is seen only after it."""
    which = f"{quote(asset)} --environment {quote(shown(environment))}"
    command = f"stocktake baseline accept {which} --only {quote(shown(entry(found)))}"
    return f"stocktake observe {which} && {command}" if found.what == "pending-restart" else command


def track(found: Difference, baseline: str) -> str:
    """The command that opens a finding; `baseline` is the address of the record."""
    name = identity.format(identity.Identity(RULES[found.area], baseline, None, found.detail))
    facts = {"identity": name, "about": baseline, "severity": "high", "status": "open"}
    given = " ".join(f"--set {quote(f'{key}={value}')}" for key, value in facts.items())
    return f"stocktake new finding {slug(found.detail)} {given}"
