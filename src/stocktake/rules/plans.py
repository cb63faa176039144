"""Backup and recovery, third part: what was promised, and whether a backup outlives what destroys the original."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import in_environment
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import has_plans, keeps_data, may_be_vital, needs_a_plan
from stocktake.rules.rule import rule
from stocktake.values import duration
from stocktake.values.text import lacking, listed


def _may_be_vital_and_keeps_data(asset: Sheet, context: Context) -> bool:
    return may_be_vital(asset, context) and keeps_data(asset, context)


@rule(
    "BKP009",
    severity="high",
    kind="asset",
    when=keeps_data,
    needs=("target", "failure_domain"),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11", "NIST CSF 2.0 PR.IR-02"),
)
def backup_beside_the_data(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup lies where its original lies.

    Why:
    A fire, a lost disk or a locked account takes both at once, and that is what the backup was for.

    Fix:
    Keep at least one copy in another `failure_domain`: another machine, site or account.

    False positives:
    A store does not fail where another of its plans keeps data in another failure domain.
    Two names for one place are not recognised, nor are two places under one name.
    Where nobody said in which failure domain either end stands, the answer is unknown.

    Example:
    The database and the object store that keeps its dumps both have `failure_domain: shop-1`.
    """
    own = plan["failure_domain"]
    domains = _domains(plan["target"], plan.environment, context)
    if not domains:
        yield Unknown(f"the failure domain of asset/{plan['target']} is not known", field="target")
    elif own in domains and not _has_plan_elsewhere(plan, own, context):
        yield Hit(f"asset/{plan['target']} stands in {own} as well", field="target")


def _domains(target: str, environment: str | None, context: Context) -> frozenset[str]:
    """Where a store stands: in the same environment if it is there, else in any."""
    entry = context.index.get(f"asset/{target}")
    return in_environment(entry.domains if entry else (), environment)


def _has_plan_elsewhere(plan: Sheet, own: str, context: Context) -> bool:
    plans = plan.parts("backup.plans[]")
    targets = {str(other["target"]) for other in plans if "target" in other and other.get("kind") != "config-only"}
    return any(found and own not in found for found in (_domains(one, plan.environment, context) for one in targets))


@rule(
    "BKP010",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_without_retention(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how long a backup is kept.

    Why:
    Kept too shortly, all copies hold the mistake by the time it is noticed.
    Kept for ever, they cost money and hold what should have been deleted long ago.

    Fix:
    Ask how late a loss may be noticed, and set `retention` of the plan.

    False positives:
    `retention` of the asset is how long its data is kept, and does not count for its backups.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, retention: P35D}
    ```
    """
    if not plan.get(f"{plan.prefix}.retention"):
        yield Hit("kept for an unknown time", field="retention")


@rule(
    "BKP011",
    severity="medium",
    kind="asset",
    when=_may_be_vital_and_keeps_data,
    needs=("criticality", "immutability"),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_that_can_be_destroyed(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup of a critical store can be deleted at any time.

    Why:
    Whoever takes over a system looks for its backups first, and a mistake in a script of ours is as thorough.

    Fix:
    Lock what was written for some days, with a lock that the writing account cannot lift, and set `immutability`.

    False positives:
    Stores of high and critical criticality are asked.
    A store does not fail where another of its plans locks what it writes.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, immutability: P14D}
    ```
    """
    plans = plan.parts("backup.plans[]")
    locked = (str(other["immutability"]) for other in plans if "immutability" in other)
    if not any(duration.seconds(length) for length in locked):
        yield Hit("nothing keeps it from being deleted", field="immutability")


@rule(
    "BKP012",
    severity="medium",
    kind="asset",
    when=needs_a_plan,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 PR.DS-11", "NIST CSF 2.0 RC.RP-03"),
)
def nothing_promised(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how much of a store may be lost, or how long it may be away.

    Why:
    Without the two figures no backup is good or bad, and after a loss everybody has expected something else.

    Fix:
    Ask the owner of the data what an hour without it and an hour of lost work would cost, and set `backup.rpo` and
    `backup.rto`.

    False positives:
    Caches and stores of backups are not asked.

    Example:
    ```yaml
    backup: {rpo: PT1H, rto: PT4H}
    ```
    """
    missing = [name for name in ("backup.rpo", "backup.rto") if name not in asset]
    if missing:
        yield Hit(lacking(missing), field=missing[0])


@rule(
    "BKP013",
    severity="low",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 DE.AE-06"),
)
def failed_backup_reaches_nobody(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody is told when a backup fails.

    Why:
    Backups stop in silence, and the day on which that is noticed is the day on which one is needed.

    Fix:
    Send the failure, and the absence of a success, to somebody, and name the way in `alert_route`.

    False positives:
    A job that is watched from outside has a way too: name it here.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, alert_route: pager of the platform team}
    ```
    """
    if not plan.get("alert_route"):
        yield Hit("no alert route", field="alert_route")


@rule(
    "BKP014",
    severity="high",
    kind="asset",
    when=has_plans,
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def dataset_in_no_backup(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A dataset of a store is in none of its backups.

    Why:
    A new table or bucket is easily forgotten, and everybody believes that the store is backed up.

    Fix:
    Add the dataset to what a plan keeps, and to its `covers`.

    False positives:
    Stores with a plan are asked; that there is none is a failure of BKP001.
    Where a plan does not say what it covers, the answer is unknown.
    What can be made again needs no backup: accept it with a waiver that says from what.

    Example:
    ```yaml
    datasets: {orders: {}, invoices: {}}
    backup:
      plans:
        nightly: {kind: full, covers: [orders]}
    ```
    """
    plans = asset.parts("backup.plans[]")
    covered = {name for plan in plans for name in plan.get("covers", ())}
    missing = [key for key in asset.keys("datasets[]") if key not in covered]
    if missing and any("covers" not in plan and plan.get("kind") != "config-only" for plan in plans):
        yield Unknown(f"whether any plan covers {listed(missing)} is not known", field="backup.plans")
    elif missing:
        yield Hit(f"no plan covers {listed(missing)}", field="backup.plans")


RULES = (
    backup_beside_the_data,
    backup_without_retention,
    backup_that_can_be_destroyed,
    nothing_promised,
    failed_backup_reaches_nobody,
    dataset_in_no_backup,
)
