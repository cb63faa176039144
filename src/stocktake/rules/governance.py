"""Governance: whether exceptions are still what somebody agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.rule import rule
from stocktake.values.text import shown


@rule(
    "GOV001",
    severity="medium",
    kind="waiver",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def waiver_expired(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver has expired.

    Why:
    An exception was agreed to for a time.
    From now on the finding counts again, and nobody has agreed to live with it.

    Fix:
    Fix what was accepted and delete the waiver, or have the exception approved again with a new date.

    False positives:
    None: the date is the only thing that is looked at.
    The last day itself is still covered.

    Example:
    `expires: "2026-03-31"` fails from 1 April 2026.
    """
    if waiver["expires"] < context.today.isoformat():
        yield Hit(f"expired on {waiver['expires']}", field="expires")


@rule(
    "GOV002",
    severity="low",
    kind="waiver",
    after=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def waiver_matches_nothing(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver accepts a finding that does not exist.

    Why:
    Either the finding has been fixed and the exception is no longer needed, or its identity is misspelt and the
    exception does nothing.
    An unused exception covers the next finding of the same identity without anybody having agreed to it.

    Fix:
    Delete the waiver, or correct `target` to the identity that `stocktake check` prints.

    False positives:
    A waiver of something that is not known at the moment, because a source was not looked at, does not fail.
    A record that was renamed is found under its former name if it lists that in `formerly`.

    Example:
    The waiver targets `BKP001@asset/orders-db`, and the store has a backup plan by now.
    """
    if waiver.id not in context.waived:
        yield Hit(f"no finding is {shown(str(waiver['target']))}", field="target")


RULES = (waiver_expired, waiver_matches_nothing)
