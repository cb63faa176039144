"""Backup and recovery, second half: whether what was backed up comes back."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import PERSONAL, keeps_data
from stocktake.rules.overdue import overdue
from stocktake.rules.rule import rule
from stocktake.rules.tiers import tier_of
from stocktake.values import duration
from stocktake.values.text import shown

CONTROLS = ("ISO/IEC 27001:2022 A.5.30", "ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 RC.RP-03")

# A backup of these kinds is only restored together with a full one, or holds no data.
_NOT_ALONE = frozenset({"config-only", "differential", "incremental", "log"})
_ABOUT = ("asset", "environment", "plan", "backup_set")


@rule(
    "BKP002",
    severity="high",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=CONTROLS,
)
def backup_never_restored(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup was never restored.

    Why:
    A backup is a hope until somebody has restored it.
    The usual surprises - a missing role, a lost key, an empty file - show only then.

    Fix:
    Run `stocktake drill ASSET --plan PLAN`: it restores the newest backup into a sandbox, compares it with the
    source and writes the record.
    For an engine that it does not know, restore by hand and write the record with `stocktake new drill`.

    False positives:
    Plans of the kinds `log`, `incremental` and `differential` are restored together with a full backup and are
    not asked, nor are those of `config-only`.
    A drill counts for its own store, environment and plan only, and only with evidence that is about it.

    Example:
    ```yaml
    # registry/drills/orders-db-production-2026-11-24.yaml
    asset: orders-db
    environment: production
    plan: nightly
    result: passed
    ```
    """
    if plan.get("kind") not in _NOT_ALONE and "drill.record" not in plan:
        yield Hit("no backup of this plan was ever restored")


@rule(
    "BKP003",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    timed=True,
    controls=CONTROLS,
)
def restore_not_tested_lately(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A restore drill is overdue.

    Why:
    Backups break silently: a disk is full, a password changed, a new table is owned by a new role.
    The last drill says nothing about a backup that was set up differently since.

    Fix:
    Run `stocktake drill ASSET --plan PLAN` again, best of all on a schedule.

    False positives:
    The last day on which a drill counts is `next_due` in its record, but never later than `limits.exercise` of
    `stocktake.yaml` after it, or `exercise` of the tier of its criticality there.
    Where no drill was ever held, the answer is unknown here and a failure of BKP002.

    Example:
    `next_due: "2026-03-31"` fails from 1 April 2026.
    """
    if plan.get("kind") in _NOT_ALONE:
        return
    if "drill.record" not in plan:
        yield Unknown("no drill was ever held")
        return
    finished, due = str(plan.get("drill.finished", ""))[:10], str(plan.get("drill.next_due", ""))
    if due < context.today.isoformat():
        yield Hit(f"the last drill was on {finished}, and the next one was due on {due}")
    elif ago := overdue(finished, "exercise", context, tier_of(plan, context).exercise):
        yield Hit(f"the last drill was on {finished}, more than {ago} ago")


@rule(
    "BKP005",
    severity="critical",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=CONTROLS,
)
def last_drill_failed(plan: Sheet, context: Context) -> Iterator[Hit]:
    """The last restore drill failed.

    Why:
    The newest backup could not be restored, or it does not hold what it should hold.
    As long as that is so, a loss cannot be made good.

    Fix:
    Read the record of the drill: `failure_cause` and `checks` say what was wrong, and its evidence says it in full.
    Put it right, take a new backup and run the drill again; a drill that passes closes this finding.

    False positives:
    A drill that could not decide (`no-verdict`) is no failure: the answer is then unknown, with the cause.

    Example:
    The drill of last night ended with `failure_cause: missing-dependency`, since a role was not in the backup.
    """
    if plan.get("kind") in _NOT_ALONE:
        return
    result, record = plan.get("drill.result"), plan.get("drill.record")
    cause = str(plan.get("drill.failure_cause", "")).replace("-", " ")
    if record is None:
        yield Unknown("no drill was ever held")
    elif result == "failed":
        yield Hit(f"{record} failed: {cause}")
    elif result != "passed":
        yield Unknown(f"{record} reached no verdict: {cause}")


@rule(
    "BKP006",
    severity="high",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=CONTROLS,
)
def recovery_worse_than_promised(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Recovery takes longer, or loses more, than was promised.

    Why:
    The objectives were agreed on with those who depend on the data.
    What was measured is what they would get.

    Fix:
    Restore faster (a physical copy instead of a dump, more parallel work, a standby), back up more often, or
    agree on other objectives and write them into `backup.rto` and `backup.rpo`.

    False positives:
    The objective for lost data is not compared where another plan of the same store, such as one of kind `log`,
    keeps what this one does not.
    What a drill measured on another machine than that of an accident may be too good or too bad.

    Example:
    `backup.rto: PT4H`, and the last drill measured `PT6H`.
    """
    if plan.get("kind") in _NOT_ALONE:
        return
    if plan.get("drill.result") != "passed":
        yield Unknown("no drill that passed has measured it")
        return
    objectives = ["rto"] if _has_companion(plan) else ["rto", "rpo"]
    for name in objectives:
        yield from _measured(plan, name)


def _measured(plan: Sheet, name: str) -> Iterator[Hit]:
    promised, measured = plan.get(f"backup.{name}"), plan.get(f"drill.measured_{name}")
    what = {"rto": "recovery took", "rpo": "the backup was"}[name]
    if promised is None:
        yield Unknown(f"backup.{name} is not known", field=f"backup.{name}", detail=name)
        return
    try:
        took, allowed = duration.seconds(str(measured)), duration.seconds(str(promised))
    except ValueError:
        yield Unknown(f"the last drill did not measure {name.upper()}", detail=name)
        return
    if took > allowed:
        said = f"{what} {duration.words(took)}{' old' if name == 'rpo' else ''}, promised are {duration.words(allowed)}"
        yield Hit(said, field=f"backup.{name}", detail=name)


def _has_companion(plan: Sheet) -> bool:
    plans = plan.parts("backup.plans[]")
    return any(other.get("kind") in _NOT_ALONE - {"config-only"} for other in plans)


@rule("BKP007", severity="high", kind="drill", controls=CONTROLS)
def evidence_of_something_else(drill: Sheet, context: Context) -> Iterator[Hit]:
    """The evidence of a drill is not there, or is about something else.

    Why:
    A record that says that a restore worked is only as good as what shows it.
    Evidence of another store, plan or backup, or of another result, shows nothing about this one; such a drill
    does not count.

    Fix:
    Run the drill again, and let it write both the record and the evidence.

    False positives:
    A drill that people held by hand has its evidence elsewhere in the repository; nobody can compare that, so the
    answer is unknown.
    A file of evidence that was edited after the drill is not what the drill wrote, whatever was changed.

    Example:
    A record about `reports-db` names the evidence that was written for `orders-db`.
    """
    path = str(drill["evidence"])
    if not path.startswith("observed/drills/"):
        yield Unknown("the evidence was not written by a drill", field="evidence")
        return
    if not drill.seen:
        yield Hit(f"{shown(path)} is not there, or is not what a drill writes", field="evidence")
        return
    for name in sorted({*_ABOUT, *drill.seen}):
        declared, seen = drill.declared(name), drill.observed(name)
        if declared != (seen.value if seen else None):
            says = f"says {shown(str(seen.value))[:80]}" if seen else "says nothing"
            yield Hit(f"{name} is {shown(str(declared))[:80]}, the evidence {says}", field=name, detail=name)


@rule(
    "BKP008",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 PR.DS-11"),
)
def personal_data_comes_back(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Restoring a backup brings erased personal data back.

    Why:
    Who asked to be erased stays in every backup that was taken before.
    After a restore that person is back, unless somebody erases again what had been erased since.

    Fix:
    Keep what was erased as SQL that can run any number of times, in a file of this repository or one that the
    erasures are written to, and name it in `erasure_replay`.
    `stocktake drill` runs it after each restore, and a second time to prove that nothing was left.

    False positives:
    Only stores with a dataset whose `personal_data` is not `none` are asked about; for a backup that is kept for
    less time than an erasure may take, accept it with a waiver.
    Plans of kind `config-only` hold no data.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: logical-dump, erasure_replay: ops/erasures.sql}
    ```
    """
    is_about_people = any(each.get("personal_data") in PERSONAL for each in plan.parts("datasets[]"))
    if is_about_people and plan.get("kind") != "config-only" and not plan.get("erasure_replay"):
        yield Hit("holds personal data, and nothing erases again what was erased after the backup")


RULES = (
    backup_never_restored,
    restore_not_tested_lately,
    last_drill_failed,
    recovery_worse_than_promised,
    evidence_of_something_else,
    personal_data_comes_back,
)
