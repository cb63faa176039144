"""Change and incident: whether people know what to do, and why things are as they are."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import may_be_vital_store
from stocktake.rules.overdue import overdue
from stocktake.rules.rule import rule


@rule(
    "CHG001",
    severity="medium",
    kind="runbook",
    when=lambda runbook, context: runbook.get("status") == "active",
    needs=("last_exercised",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.24", "ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 ID.IM-02"),
)
def runbook_not_exercised(runbook: Sheet, context: Context) -> Iterator[Hit]:
    """A runbook has not been followed for more than a year.

    Why:
    Systems change and texts do not.
    A runbook that nobody has followed lately fails in the night in which it is needed.

    Fix:
    Let somebody who did not write it follow it from start to end, correct what was wrong, and set `last_exercised`.

    False positives:
    Following it for real counts as well as an exercise.
    Drafts and retired runbooks are not asked.
    The time allowed is `limits.exercise` in `stocktake.yaml`, a year unless it says otherwise.
    A runbook without the date has an unknown answer.

    Example:
    ```yaml
    status: active
    last_exercised: "2026-10-01"
    ```
    """
    if ago := overdue(runbook["last_exercised"], "exercise", context):
        yield Hit(f"last exercised on {runbook['last_exercised']}, more than {ago} ago", field="last_exercised")


@rule(
    "CHG002",
    severity="low",
    kind="asset",
    when=may_be_vital_store,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def no_decision_record(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody wrote down why a critical store is the way it is.

    Why:
    Choosing an engine, its durability and its place is hard to take back.
    Without the reasons, the next team either fears to touch it or repeats what was already tried.

    Fix:
    Write a decision record in `adr/` that names the store in `about`: what was decided, what else was considered, and
    what was given up for it.

    False positives:
    The question is asked of stores of high and critical criticality that are in use.
    Where nobody said how critical one is, the answer is unknown.
    A decision about the whole system does not count unless it names the store.

    Example:
    ```yaml
    name: Keep orders in PostgreSQL
    status: accepted
    date: "2026-03-02"
    about: [asset/orders-db]
    ```
    """
    if not context.index.is_named(asset.address, "adr"):
        yield Hit("no decision record is about this store")


RULES = (runbook_not_exercised, no_decision_record)
