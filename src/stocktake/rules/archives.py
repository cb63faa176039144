"""Backup and recovery, fourth part: whether backups run by themselves, can be read back, and lie where they should."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import LADDER, PERSONAL, SHIELDED, has_plans, is_there, keeps_data, may_be_vital
from stocktake.rules.rule import rule
from stocktake.values import duration
from stocktake.values.text import listed, shown

_WHOLE = frozenset({"full", "logical-dump", "snapshot"})
_PARTS = frozenset({"differential", "incremental", "log"})


def _may_be_vital_with_plans(asset: Sheet, context: Context) -> bool:
    return may_be_vital(asset, context) and has_plans(asset, context)


def _may_hold_shielded_data(asset: Sheet, context: Context) -> bool:
    return keeps_data(asset, context) and asset.get("classification") in (None, *SHIELDED)


@rule(
    "BKP019",
    severity="high",
    kind="asset",
    when=has_plans,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def nothing_to_start_from(asset: Sheet, context: Context) -> Iterator[Hit]:
    """There are only increments and logs, and no backup to which they could be applied.

    Why:
    An increment says what changed since another backup.
    Without that one, no restore can begin.

    Fix:
    Add a plan of kind `full`, `snapshot` or `logical-dump` that runs often enough for the increments to be short.

    False positives:
    Where one plan has no `kind`, the answer is unknown.
    Stores without any plan fail another rule, BKP001.

    Example:
    ```yaml
    backup:
      plans:
        weekly: {kind: full, schedule: "0 2 * * 0"}
        archive: {kind: log}
    ```
    """
    kinds = [plan.get("kind") for plan in asset.parts("backup.plans[]")]
    if _WHOLE.isdisjoint(kinds) and not _PARTS.isdisjoint(kinds):
        if None in kinds:
            yield Unknown("the kind of a plan is not known", field="backup.plans")
        else:
            yield Hit(f"only {listed(sorted(set(map(str, kinds))))}, and nothing whole", field="backup.plans")


@rule(
    "BKP020",
    severity="high",
    kind="asset",
    when=_may_hold_shielded_data,
    needs=("classification", "encryption"),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-11"),
)
def backup_that_anybody_can_read(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup of confidential data is not encrypted.

    Why:
    Whoever gets hold of the backup has all the data, whatever protects the store itself, and backups lie around for
    long in places that few people look at.

    Fix:
    Encrypt before the backup leaves the machine, keep the key somewhere else, and set `encryption` to `client-side`.
    `server-side` protects against a stolen disk, not against a stolen account.

    False positives:
    Stores that are known to hold only public or internal data are not asked.

    Example:
    ```yaml
    classification: confidential
    backup:
      plans:
        nightly: {kind: full, encryption: client-side}
    ```
    """
    if plan["encryption"] == "none":
        yield Hit(f"{plan['classification']} data lies in it in the clear", field="encryption")


@rule(
    "BKP021",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_when_somebody_thinks_of_it(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said when a backup runs.

    Why:
    What is started by hand is forgotten in the week in which it is needed, and nobody can tell how much would be lost.

    Fix:
    Let a timer, a pipeline or the provider start it, and write that down as a cron expression in `schedule`.

    False positives:
    Logs are kept all the time: a plan of kind `log` does not fail.
    A schedule such as `@daily` counts.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, schedule: "0 2 * * *"}
    ```
    """
    if not plan.get("schedule") and plan.get("kind") != "log":
        yield Hit("no schedule", field="schedule")


@rule(
    "BKP022",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_nobody_can_find(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said where a backup goes.

    Why:
    Whoever restores has to find it first, and nobody can ask whether it lies beside its original.

    Fix:
    Describe the store that keeps it as an asset, and name that in `target`.

    False positives:
    None: every backup lies somewhere, if only on the same disk.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, target: backups}
    ```
    """
    if not plan.get("target"):
        yield Hit("no target", field="target")


@rule(
    "BKP023",
    severity="medium",
    kind="asset",
    when=_may_be_vital_with_plans,
    needs=("criticality",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2022 A.8.14", "NIST CSF 2.0 PR.DS-11"),
)
def all_copies_in_one_place(asset: Sheet, context: Context) -> Iterator[Hit]:
    """All backups of a critical store lie in one place.

    Why:
    A fire, a stolen account or a mistake in the settings of that one place takes them all, and the original is in
    trouble already: that is why somebody looks for a backup.

    Fix:
    Copy them to a second place under another account, best of all with another provider, as a plan with a target of its
    own.

    False positives:
    Places are told apart by `target`; a target that copies itself elsewhere shows that with a dependency
    `replicates-to`, and counts as two.
    Where a plan has no target, the answer is unknown, unless the others have two already.

    Example:
    ```yaml
    backup:
      plans:
        nightly: {kind: full, target: backups}
        weekly: {kind: full, target: vault-of-another-provider}
    ```
    """
    plans = [plan for plan in asset.parts("backup.plans[]") if plan.get("kind") != "config-only"]
    targets = {f"asset/{plan['target']}" for plan in plans if "target" in plan}
    copies = {
        edge.target
        for target in targets
        for edge in context.graph.touching.get(target, ())
        if edge.type == "replicates-to" and edge.source == target
    }
    if len(targets | copies) >= 2 or not plans:
        return
    if any("target" not in plan for plan in plans):
        yield Unknown("where a backup goes is not known", field="backup.plans")
    else:
        yield Hit(f"all backups lie in {listed(sorted(targets))}", field="backup.plans")


@rule(
    "BKP024",
    severity="medium",
    kind="asset",
    when=lambda asset, context: is_there(asset, context) and bool(asset.keys("backup.plans[]")),
    needs=("target",),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.12", "ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_in_a_less_protected_place(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup goes to a store that is classified lower than its original.

    Why:
    A backup is a whole copy.
    Where it lies in a place for less delicate data, too many people can read it, and it is looked after less.

    Fix:
    Give the target the classification of the most delicate data that it keeps, with everything that follows from it.

    False positives:
    A backup that is encrypted on the client's side is unreadable there and does not fail.
    Where one of the two has no classification, the answer is unknown.

    Example:
    `orders-db` is `confidential`, and its target `backups` is `internal`.
    """
    own = str(plan.get("classification") or "")
    target = context.index.get(f"asset/{plan['target']}")
    if plan.get("encryption") == "client-side" or target is None:
        return
    if not own or not target.classification:
        who = target.address if own else plan.address
        yield Unknown(f"the classification of {who} is not known", field="target")
    elif LADDER.index(own) > LADDER.index(target.classification):
        yield Hit(f"{own} data lies in {target.address}, which is only {target.classification}", field="target")


@rule(
    "BKP025",
    severity="medium",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def backup_outlives_the_data(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup of personal data is kept for longer than the data itself may be.

    Why:
    What was deleted because its time was over still lies in the backup, and counts as kept.

    Fix:
    Keep the backup for a shorter time, or keep it apart without the data about people.

    False positives:
    Where `covers` says what a plan saves, only that is looked at.
    Plans and datasets without a `retention` do not fail here; that nobody said is another finding.

    Example:
    The dataset `applicants` is kept for `P6M`, and the plan `yearly` for `P2Y`.
    """
    kept = plan.get(f"{plan.prefix}.retention")
    if not kept:
        return
    covered = plan.get("covers")
    for key in plan.keys("datasets[]"):
        dataset = plan.within("datasets[]", key)
        allowed = dataset.get(f"{dataset.prefix}.retention")
        is_saved = covered is None or key in covered
        if is_saved and allowed and dataset.get("personal_data") in PERSONAL:
            long, short = duration.seconds(str(kept)), duration.seconds(str(allowed))
            if long > short:
                said = f"kept for {duration.words(long)}, {shown(key)} only for {duration.words(short)}"
                yield Hit(said, field="retention", detail=key)


RULES = (
    nothing_to_start_from,
    backup_that_anybody_can_read,
    backup_when_somebody_thinks_of_it,
    backup_nobody_can_find,
    all_copies_in_one_place,
    backup_in_a_less_protected_place,
    backup_outlives_the_data,
)
