"""Inventory, second half: whether a record says what every plan begins with, and whether more than one person knows."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_kept, is_there, is_there_and_no_library
from stocktake.rules.rule import rule


@rule(
    "INV007",
    severity="medium",
    kind="team",
    when=lambda team, context: context.index.is_named(team.address, "asset"),
    controls=("ISO/IEC 27001:2022 A.5.2", "NIST CSF 2.0 GV.RR-03"),
)
def team_of_one(team: Sheet, context: Context) -> Iterator[Hit]:
    """Assets depend on a team in which hardly anybody is left.

    Why:
    When the one who knows is ill, on leave or gone, nobody can run what the team owns, and nobody can approve what
    that person does.

    Fix:
    Bring a second person in, let both do the work in turns, and list both in `members`.
    Or hand the assets over to a larger team.

    False positives:
    Members with a date in `left` do not count.
    Teams that no asset names are not asked.
    Where the people are listed elsewhere, list at least two of them here.

    Example:
    ```yaml
    members:
      dana: {handle: "@dana"}
      emre: {handle: "@emre", left: "2026-03-31"}
    ```
    """
    present = [key for key in team.keys("members[]") if "left" not in team.within("members[]", key)]
    if not present:
        yield Hit("nobody is listed as a member", field="members")
    elif len(present) == 1:
        yield Hit(f"{present[0]} is the only member", field="members")


@rule(
    "INV008",
    severity="medium",
    kind="asset",
    when=is_there,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-05"),
)
def no_criticality(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how critical an asset is.

    Why:
    Criticality decides what is restored first, who is woken at night, and which rules are asked.
    As long as it is missing, the answers of many other rules are unknown.

    Fix:
    Ask the owner what stops without it and how soon that hurts, and set `criticality`.

    False positives:
    Planned and retired assets are not asked.
    Everything else has a criticality, if only `low`.

    Example:
    ```yaml
    criticality: high
    ```
    """
    if not asset.get("criticality"):
        yield Hit("no criticality", field="criticality")


@rule(
    "INV009",
    severity="medium",
    kind="asset",
    when=is_there_and_no_library,
    controls=("ISO/IEC 27001:2022 A.5.12", "NIST CSF 2.0 ID.AM-05"),
)
def no_classification(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how delicate the data of an asset is.

    Why:
    Without a classification nobody knows who may see the data and how it has to be protected, and rules about
    encryption and copies cannot answer.

    Fix:
    Ask the owner of the data, and set `classification` to that of the most delicate data that it handles.

    False positives:
    Libraries are not asked, nor are planned and retired assets.
    What handles no data at all is `public`.

    Example:
    ```yaml
    classification: confidential
    ```
    """
    if not asset.get("classification"):
        yield Hit("no classification", field="classification")


@rule(
    "INV010",
    severity="low",
    kind="asset",
    when=is_kept,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-02"),
)
def no_description(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A record does not say what an asset is for.

    Why:
    Whoever meets it in an alarm or a bill has only its name to go by, and what nobody can explain nobody dares to
    change or to switch off.

    Fix:
    Write in `description` what it is for and what a newcomer should know; two sentences are enough.

    False positives:
    Retired assets are not asked.
    The rule sees whether there is a text, not whether it helps.

    Example:
    ```yaml
    description: Books, customers and orders. Nothing can be sold while it is away.
    ```
    """
    if not asset.get("description"):
        yield Hit("no description", field="description")


RULES = (team_of_one, no_criticality, no_classification, no_description)
