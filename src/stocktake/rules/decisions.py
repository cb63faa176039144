"""Change and incident, third part: decisions that were made, changes that were tried out, and what an outage left."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_over, may_be_vital_store
from stocktake.rules.overdue import overdue
from stocktake.rules.rule import rule
from stocktake.values.text import lacking

_GRAVE = ("critical", "high")


def _is_accepted(adr: Sheet, context: Context) -> bool:
    return bool(adr.get("status") == "accepted")


def _is_done(change: Sheet, context: Context) -> bool:
    return bool(change.get("done")) and change.get("outcome") != "cancelled"


@rule(
    "CHG008",
    severity="low",
    kind="adr",
    when=lambda adr, context: adr.get("status") == "proposed",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def decision_left_open(adr: Sheet, context: Context) -> Iterator[Hit]:
    """A decision was proposed long ago and never made.

    Why:
    Some work as if it had been accepted and some as if it had not, and both can point to the same page.

    Fix:
    Decide, and set `status` to `accepted` or `rejected`.

    False positives:
    The time allowed is `limits.review` in `stocktake.yaml`, a year unless it says otherwise.

    Example:
    `status: proposed` and `date: "2025-03-02"`.
    """
    if "date" in adr and (ago := overdue(adr["date"], "review", context)):
        yield Hit(f"proposed on {adr['date']}, more than {ago} ago", field="status")


@rule(
    "CHG009",
    severity="low",
    kind="adr",
    when=_is_accepted,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def decision_at_no_price(adr: Sheet, context: Context) -> Iterator[Hit]:
    """A decision does not say what was given up for it.

    Why:
    Every decision costs something.
    Who does not know what, undoes it as soon as the cost shows, and pays the other price instead.

    Fix:
    Write in `trade_offs` what is worse because of it, and what would make you decide again.

    False positives:
    Only accepted decisions are asked.

    Example:
    ```yaml
    trade_offs: Reports are up to five minutes old.
    ```
    """
    if not adr.get("trade_offs"):
        yield Hit("nothing says what was given up", field="status")


@rule(
    "CHG010",
    severity="medium",
    kind="adr",
    when=lambda adr, context: adr.get("status") == "superseded",
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def superseded_by_nothing(adr: Sheet, context: Context) -> Iterator[Hit]:
    """A decision was superseded, and nothing says by which.

    Why:
    Whoever finds it learns that it no longer holds, and not what does.

    Fix:
    Name this decision in `supersedes` of the one that took its place, or set `status` to `deprecated` if none did.

    False positives:
    None: one decision that names it is enough.

    Example:
    `0003-use-mongodb` has `status: superseded`, and no decision has `supersedes: 0003-use-mongodb`.
    """
    if not context.index.is_named(adr.address, "adr"):
        yield Hit("no decision supersedes it", field="status")


@rule(
    "CHG011",
    severity="medium",
    kind="change",
    when=lambda change, context: change.get("outcome") != "cancelled",
    needs=("risk",),
    controls=("ISO/IEC 27001:2022 A.8.29", "ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 PR.PS-06"),
)
def risky_change_untried(change: Sheet, context: Context) -> Iterator[Hit]:
    """A risky change was not tried out, not looked at by anybody else, or is rolled out all at once.

    Why:
    What goes wrong in production could have gone wrong elsewhere first, where nobody is hurt.

    Fix:
    Name who looked at it in `review`, what was tried where in `tests`, and how it comes to production in `rollout`: to
    a part first, and what tells whether to go on.

    False positives:
    Changes of high and critical `risk` are asked; those that were called off are not.
    Where nobody rated the risk, the answer is unknown.

    Example:
    ```yaml
    risk: high
    review: https://git.example/orders/pulls/12
    tests: [Restored last night's backup into staging and ran the migration there]
    rollout: [One replica, The others after an hour without errors]
    ```
    """
    missing = [name for name in ("review", "tests", "rollout") if not change.get(name)]
    if change["risk"] in _GRAVE and missing:
        yield Hit(f"{change['risk']} risk, with {lacking(missing)}", field="risk")


@rule(
    "CHG012",
    severity="low",
    kind="change",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def change_that_leads_nowhere(change: Sheet, context: Context) -> Iterator[Hit]:
    """A change names no ticket, no review and no decision.

    Why:
    An auditor asks for the trace from what runs back to who wanted it, and here it ends.

    Fix:
    Link to the ticket, the pull request or the decision in `ticket`, `review` or `decision`.

    False positives:
    One of them is enough.

    Example:
    ```yaml
    ticket: OPS-412
    ```
    """
    if not any(change.get(name) for name in ("ticket", "review", "decision")):
        yield Hit(f"done on {change['done']}, with neither ticket, nor review, nor decision", field="done")


@rule(
    "CHG013",
    severity="medium",
    kind="change",
    when=lambda change, context: change.get("type") == "emergency" and _is_done(change, context),
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def emergency_nobody_looked_at_again(change: Sheet, context: Context) -> Iterator[Hit]:
    """A change that was made in a hurry was never looked at again.

    Why:
    In an emergency there is no time for a second pair of eyes.
    What was bent then stays bent unless somebody looks at it in daylight.

    Fix:
    Look at it together, put right what was only meant for the night, and name who looked in `review`.

    False positives:
    Only changes of type `emergency` that were made are asked.

    Example:
    ```yaml
    type: emergency
    done: "2026-09-15"
    review: Dana and Emre, 17 September
    ```
    """
    if not change.get("review"):
        yield Hit(f"made on {change['done']}, and not reviewed since", field="type")


@rule(
    "CHG014",
    severity="low",
    kind="change",
    when=lambda change, context: change.get("outcome") in ("failed", "rolled-back"),
    controls=("ISO/IEC 27001:2022 A.5.27", "NIST CSF 2.0 ID.IM-03"),
)
def failure_without_an_incident(change: Sheet, context: Context) -> Iterator[Hit]:
    """A change failed, and nothing was written down about it.

    Why:
    The next one fails for the same reason.

    Fix:
    Write an incident with what happened and what was learnt, and name it in `incident`.

    False positives:
    Where the tests of the change caught it and nobody noticed anything, an incident of severity `info` says so.

    Example:
    ```yaml
    outcome: rolled-back
    incident: orders-could-not-be-placed
    ```
    """
    if not change.get("incident"):
        yield Hit(f"{change['outcome']}, and no incident is named", field="outcome")


@rule(
    "CHG015",
    severity="medium",
    kind="asset",
    when=may_be_vital_store,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2022 A.5.37", "NIST CSF 2.0 RS.MA-01"),
)
def critical_store_without_a_runbook(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody wrote down what to do when a critical store fails.

    Why:
    At night and under pressure people do what is written, or what they remember.

    Fix:
    Write a runbook with `stocktake new runbook` that names the store in `about`: how to tell what is wrong, how to
    restore it, how to go back, and whom to call.

    False positives:
    Stores of high and critical criticality are asked; a runbook in draft counts here.
    A runbook about the system of the store counts as well.

    Example:
    ```yaml
    # docs/runbooks/restore-orders.md
    name: Restore the orders
    status: active
    about: [asset/orders-db]
    ```
    """
    system = str(asset.get("system") or "")
    about = [asset.address, *([f"system/{system}"] if system else [])]
    if not any(context.index.is_named(one, "runbook") for one in about):
        yield Hit("no runbook is about it")


@rule(
    "CHG016",
    severity="low",
    kind="incident",
    when=is_over,
    controls=("ISO/IEC 27001:2022 A.5.27", "ISO/IEC 27001:2022 A.5.28", "NIST CSF 2.0 ID.IM-03"),
)
def incident_that_changed_nothing(incident: Sheet, context: Context) -> Iterator[Hit]:
    """An incident is over, and nothing is to be done about it, or nobody knows what happened when.

    Why:
    Lessons that nobody acts on are repeated, and what happened when is forgotten within days.

    Fix:
    Write down the `timeline` while logs and people remember, and one action for what would have kept it small.

    False positives:
    Where nothing should change, an action with status `dropped` says that somebody decided so.

    Example:
    ```yaml
    actions:
      alert-on-lag: {description: Wake somebody when a standby is late, status: done, owner: platform}
    ```
    """
    missing = ["timeline"] if not incident.get("timeline") else []
    missing += ["actions"] if not incident.keys("actions[]") else []
    if missing:
        yield Hit(f"{incident['status']}, with {lacking(missing)}", field="status")


RULES = (
    decision_left_open,
    decision_at_no_price,
    superseded_by_nothing,
    risky_change_untried,
    change_that_leads_nowhere,
    emergency_nobody_looked_at_again,
    failure_without_an_incident,
    critical_store_without_a_runbook,
    incident_that_changed_nothing,
)
