"""Formulas of plan lines about who answers for what."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.render.plan.measures import Count, members
from stocktake.render.view import View


class Reachable(NamedTuple):
    """Assets whose owner says how to be reached."""

    @property
    def words(self) -> str:
        return "assets whose owner is a team with a `contact` ÷ all assets"

    @property
    def todo(self) -> str:
        return "State the `owner` of each asset, and the `contact` of each team."

    def measured(self, view: View) -> Count:
        owners = _owners(view)
        return Count(sum(owner is not None and bool(owner.data.get("contact")) for owner in owners), len(owners))


class Shared(NamedTuple):
    """Assets that more than one person looks after."""

    @property
    def words(self) -> str:
        return "assets whose owner is a team with two `members` or more who have not left ÷ all assets"

    @property
    def todo(self) -> str:
        return "State the `owner` of each asset, and the `members` of each team."

    def measured(self, view: View) -> Count:
        owners = _owners(view)
        return Count(sum(owner is not None and _size(owner) > 1 for owner in owners), len(owners))


def _owners(view: View) -> list[Record | None]:
    entries = [view.entry(address) for address in members(view, "assets")]
    return [view.estate.by_address.get(f"team/{entry.owner}") for entry in entries]


def _size(team: Record) -> int:
    people = team.data.get("members") or {}
    return sum(not (person or {}).get("left") for person in people.values())
