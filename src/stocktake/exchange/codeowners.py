"""CODEOWNERS: which team the forge asks to review which record, as the registry says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from stocktake.model.estate import Estate
from stocktake.model.record import Record

BEGIN = "# Owners of records, written by `stocktake codeowners`: do not edit between these two lines."
END = "# End of the owners of records."
# Forges know no way to quote in a path, so only plain ones can be named.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
_PLAIN_HANDLE = re.compile(r"[^\s#\\]+")


class Owners(NamedTuple):
    """`lines` of the block; `silent` are the teams that own records but have no handle, by address; `unnamed` the
    records, by path, that nobody owns or whose path cannot be named.
    """

    lines: tuple[str, ...]
    silent: tuple[str, ...]
    unnamed: tuple[str, ...]


def owners(estate: Estate) -> Owners:
    """One line for each record that a team owns, sorted by path."""
    handles = {record.address: _handle(record) for record in estate.of("team")}
    lines, silent, unnamed = [], set(), []
    for record in sorted(estate.records, key=lambda record: record.path):
        team = team_of(estate, record.address)
        if not team or not _PLAIN_PATH.fullmatch(record.path):
            unnamed.append(record.path)
        elif handle := handles.get(team, ""):
            lines.append(f"/{record.path} {handle}")
        else:
            silent.add(team)
    return Owners(tuple(lines), tuple(sorted(silent)), tuple(unnamed))


def _handle(record: Record) -> str:
    found = str(record.data.get("handle") or "")
    return found if _PLAIN_HANDLE.fullmatch(found) else ""


def team_of(estate: Estate, address: str) -> str:
    """The team of a record, or of what it is about: an asset's system, a dependency's user, a baseline's asset."""
    asked, seen = [address], {""}
    for here in asked:
        record = estate.by_address.get(here)
        if record is None or here in seen:
            continue
        seen.add(here)
        if record.kind == "team":
            return record.address
        if owner := record.data.get("owner"):
            return f"team/{owner}"
        asked += _about(record)
    return ""


def _about(record: Record) -> list[str]:
    one = (("system", "system"), ("asset", "asset"), ("from", "asset"))
    found = [f"{kind}/{record.data[field]}" for field, kind in one if isinstance(record.data.get(field), str)]
    about = record.data.get("about")
    return [*found, *(about if isinstance(about, list) else [about] if isinstance(about, str) else [])]


def merged(text: str, lines: Iterable[str]) -> str:
    """The file with the block in its place, at its end where it has none; everything else stays as it is. Where nobody
    can be named there is no block.

    What stands behind the block counts more than the block, and what stands before it less: forges take the last line
    that fits.
    """
    inside = tuple(lines)
    block = "\n".join((BEGIN, *inside, END)) + "\n" if inside else ""
    end = text.rfind(END)
    start = text.rfind(BEGIN, 0, max(end, 0))
    if start < 0 or end < 0:
        if not block:
            return text
        before = text if not text or text.endswith("\n") else f"{text}\n"
        return f"{before}{chr(10) if before else ''}{block}"
    after = text[end + len(END) :]
    after = after.removeprefix(chr(13)).removeprefix(chr(10))
    before = text[:start] if block or after else f"{text[:start].rstrip(chr(10))}\n".lstrip("\n")
    return f"{before}{block}{after}"
