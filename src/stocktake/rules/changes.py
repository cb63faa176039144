"""Change and incident, second half: whether changes could be taken back, and whether incidents taught anything."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_over
from stocktake.rules.rule import rule
from stocktake.values.text import lacking


def _is_not_called_off(change: Sheet, context: Context) -> bool:
    return bool(change.get("outcome") != "cancelled")


def _is_done(change: Sheet, context: Context) -> bool:
    return bool(change.get("done"))


@rule(
    "CHG003",
    severity="medium",
    kind="change",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.RA-07"),
)
def change_without_approval(change: Sheet, context: Context) -> Iterator[Hit]:
    """A change was made that nobody approved.

    Why:
    The second pair of eyes is what catches the mistake that the first cannot see, and afterwards nobody can say that
    the risk was accepted.

    Fix:
    Let somebody other than whoever made it look at it, and set `approver` and `approved`.
    For an emergency that is done the day after.

    False positives:
    Changes without a date in `done` are not asked.
    A standard change names whoever approved the way in which it is always made.

    Example:
    ```yaml
    approver: Ada
    approved: "2026-09-11"
    done: "2026-09-15"
    ```
    """
    missing = [name for name in ("approver", "approved") if not change.get(name)]
    if missing:
        yield Hit(f"done on {change['done']} with {lacking(missing)}", field="done")


@rule(
    "CHG004",
    severity="medium",
    kind="change",
    when=_is_not_called_off,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 PR.PS-01"),
)
def change_without_rollback(change: Sheet, context: Context) -> Iterator[Hit]:
    """A change does not say how it is taken back.

    Why:
    When it goes wrong, the way back is thought up under pressure, by those who are tired, on a system that is broken.

    Fix:
    List the steps in `rollback` before the change is made, and try them.

    False positives:
    Where there is no way back, say so as the one step: then everybody who approves knows it.
    Changes that were called off are not asked.

    Example:
    ```yaml
    rollback:
      - Write the old key into the environment
      - Start the service anew
    ```
    """
    if not change.get("rollback"):
        yield Hit("no rollback", field="rollback")


@rule(
    "CHG005",
    severity="low",
    kind="change",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.8.32", "NIST CSF 2.0 ID.IM-03"),
)
def change_without_outcome(change: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how a change ended.

    Why:
    How often changes fail is the measure of how they are made, and it cannot be told where the end is missing.

    Fix:
    Set `outcome`, and name the `incident` if it set one off.

    False positives:
    Changes without a date in `done` are not asked.

    Example:
    ```yaml
    done: "2026-09-15"
    outcome: succeeded-with-issues
    ```
    """
    if not change.get("outcome"):
        yield Hit(f"done on {change['done']}, and nothing says how it ended", field="done")


@rule(
    "CHG006",
    severity="medium",
    kind="incident",
    when=is_over,
    controls=("ISO/IEC 27001:2022 A.5.27", "NIST CSF 2.0 ID.IM-03"),
)
def incident_without_cause_or_lessons(incident: Sheet, context: Context) -> Iterator[Hit]:
    """An incident is over, and nobody wrote down why it happened or what was learnt.

    Why:
    What is not understood happens again, and the next team pays for the same lesson.

    Fix:
    Sit down together while people remember, ask what made the mistake likely rather than who made it, and write
    `cause` and `lessons`.

    False positives:
    Incidents that are new, ongoing or dismissed are not asked.
    "Not found" is a cause too, if the text says what was looked at.

    Example:
    ```yaml
    status: closed
    cause: The worker read its key only once.
    lessons: [An alarm during a change was taken for the change]
    ```
    """
    missing = [name for name in ("cause", "lessons") if not incident.get(name)]
    if missing:
        yield Hit(f"{incident['status']} with {lacking(missing)}", field="status")


@rule(
    "CHG007",
    severity="medium",
    kind="incident",
    when=lambda incident, context: bool(incident.get("status") != "dismissed"),
    each="actions[]",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.27", "NIST CSF 2.0 ID.IM-03"),
)
def action_overdue(action: Sheet, context: Context) -> Iterator[Hit]:
    """What was to be done after an incident has not been done in time.

    Why:
    The cause is still there, and everybody believes that it is being removed.

    Fix:
    Do it and set `status: done`; or agree on another day, or drop it and say so.

    False positives:
    Actions that are done or dropped do not fail.
    Open ones without a day have an unknown answer.

    Example:
    An action that is `open` and due on 31 January fails from 1 February.
    """
    if action["status"] not in ("open", "in-progress"):
        return
    if "due" not in action:
        yield Unknown("due is not known", field="due")
    elif action["due"] < context.today.isoformat():
        yield Hit(f"was due on {action['due']}", field="due")


RULES = (
    change_without_approval,
    change_without_rollback,
    change_without_outcome,
    incident_without_cause_or_lessons,
    action_overdue,
)
