"""Backup and recovery: what is left after a loss."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import keeps_data, needs_a_plan
from stocktake.rules.rule import rule
from stocktake.values import cron, duration


@rule(
    "BKP001",
    severity="critical",
    kind="asset",
    when=needs_a_plan,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def no_backup_plan(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A store has no backup plan.

    Why:
    One wrong statement, one lost disk or one intruder, and the data is gone.
    A replica does not help: it repeats the wrong statement within milliseconds.

    Fix:
    Set up a backup and describe it under `backup.plans`: what it keeps, when it runs, how long it is kept and where.

    False positives:
    A cache (`type: cache`) is not asked, since it holds copies; what holds more than copies is of another type.
    Some other stores hold nothing that cannot be made again.
    Accept those with a waiver that says from what the content is made again and how long that takes.
    Stores that hold backups themselves (`backup-repository`) are not asked, nor are planned and retired ones.

    Example:
    ```yaml
    backup:
      rpo: P1D
      plans:
        nightly:
          kind: full
          schedule: "0 2 * * *"
          retention: P35D
          target: backups
    ```
    """
    if not asset.keys("backup.plans[]"):
        yield Hit("no backup plan", field="backup.plans")


@rule(
    "BKP004",
    severity="high",
    kind="asset",
    when=keeps_data,
    needs=("schedule", "backup.rpo"),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def interval_longer_than_rpo(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup runs less often than the recovery point objective asks for.

    Why:
    What was written since the last backup is lost.
    If at most an hour may be lost and the backup runs at night, the promise is broken on every ordinary day.

    Fix:
    Run it more often, add a plan of kind `log` or `incremental` that runs often enough, or agree on a longer
    `backup.rpo` with the owner of the data.

    False positives:
    A weekly full backup is fine beside a log backup every few minutes: a plan does not fail where another plan of the
    same store keeps data often enough, or keeps the log without a schedule, which is all the time.
    Plans of kind `config-only` keep no data and are not measured.
    The longest gap of the schedule counts, so a plan for working days only has a gap of three days.

    Example:
    ```yaml
    backup:
      rpo: PT15M
      plans:
        weekly: {kind: full, schedule: "0 2 * * 0"}
        log: {kind: log, schedule: "*/10 * * * *"}
    ```
    """
    if plan.get("kind") == "config-only":
        return
    gap = _gap(plan["schedule"])
    try:
        limit = duration.seconds(plan["backup.rpo"])
        if gap is None:
            cron.parse(plan["schedule"])
    except ValueError as error:
        yield Unknown(str(error), field="schedule")
        return
    if gap is None:
        yield Hit(f'the schedule "{plan["schedule"]}" never runs', field="schedule")
    elif gap > limit and not _has_faster_plan(plan, limit):
        often = f"up to {duration.words(gap)} pass between two runs"
        yield Hit(f"{often}, but at most {duration.words(limit)} of data may be lost", field="schedule")


def _has_faster_plan(plan: Sheet, limit: int) -> bool:
    """Whether any plan of the same store keeps data often enough."""
    plans = plan.parts("backup.plans[]")
    return any(other.get("kind") != "config-only" and _is_fast_enough(other, limit) for other in plans)


def _is_fast_enough(plan: Sheet, limit: int) -> bool:
    if "schedule" not in plan:
        return bool(plan.get("kind") == "log")  # kept all the time
    gap = _gap(plan["schedule"])
    return gap is not None and gap <= limit


@lru_cache(maxsize=1024)
def _gap(schedule: str) -> int | None:
    """The longest time between two runs, or None where it never runs or nobody can tell; schedules repeat."""
    try:
        return cron.longest_gap(schedule)
    except ValueError:
        return None


RULES = (no_backup_plan, interval_longer_than_rpo)
