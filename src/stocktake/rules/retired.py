"""Retired assets: whether they are really gone, whether nobody still counts on them, and whether somebody vouches for
what became of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stocktake.model.audit import Reconciliation
from stocktake.model.retirement import vouched
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_deprecated, is_kept, keeps_data
from stocktake.rules.ends import ends
from stocktake.rules.rule import rule
from stocktake.values import duration
from stocktake.values.name import encode_key
from stocktake.values.text import listed

_RETIRED = "retired"


def _is_retired(asset: Sheet, context: Context) -> bool:
    return bool(asset.get("lifecycle") == _RETIRED)


def _is_retired_store(asset: Sheet, context: Context) -> bool:
    return _is_retired(asset, context) and asset.get("type") in context.types["stores"]


@rule(
    "DEP008",
    severity="medium",
    kind="dependency",
    when=is_kept,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-03", "NIST CSF 2.0 ID.AM-08"),
)
def dependency_of_something_retired(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A dependency leads to or from something that was retired.

    Why:
    Either the record is wrong and something still uses what is gone, or nobody cleaned up and every answer about impact
    counts an edge that is not there.

    Fix:
    Let what is still in use depend on what took its place.
    If the edge is gone too, run `stocktake retire` on the dependency, or delete it.

    False positives:
    A dependency between two retired assets does not fail, and a retired dependency is not asked.

    Example:
    `report` reads `orders-db`, and `orders-db` has `lifecycle: retired`.
    """
    found = zip(("from", "to"), ends(edge, context), strict=True)
    gone = [(end, entry) for end, entry in found if entry and entry.lifecycle == _RETIRED]
    if len(gone) == 1:
        [(end, entry)] = gone
        yield Hit(f"{entry.address} was retired", field=end)


@rule(
    "INV011",
    severity="medium",
    kind="asset",
    when=_is_retired,
    controls=("ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def retired_and_still_there(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Something that was retired is still there.

    Why:
    Nobody patches, watches or backs it up any more, and whoever finds it finds its data and its accounts as well.

    Fix:
    Switch it off, and remove it from where it was seen.
    If it is still needed, set `lifecycle` to what is true and give it an owner.

    False positives:
    What was seen before the day in `retirement.date` does not count.
    Where nobody looked since that day, and no complete source misses it, the answer is unknown.
    A restored backup of it does not count.

    Example:
    `orders-db` was retired on 1 March, and the Compose file of 5 March starts it.
    """
    since = str(asset.get("retirement.date") or "")
    days = {seen.source: seen.day for name, seen in asset.seen.items() if seen.fresh and not name.startswith("backup.")}
    still = sorted((day, source) for source, day in days.items() if day and day.isoformat() >= since)
    if still:
        day, source = still[-1]
        retired = f"retired on {since}" if since else "retired"
        yield Hit(f"seen in {source} on {day}, although it was {retired}", field="lifecycle")
    elif not any(gone.address == asset.address for gone in _reconciliation(context).orphaned):
        yield Unknown("nobody has looked since it was retired")


def _reconciliation(context: Context) -> Reconciliation:
    return context.reconciliation or Reconciliation()


@rule(
    "INV012",
    severity="medium",
    kind="asset",
    when=is_kept,
    controls=("ISO/IEC 27001:2022 A.5.2", "ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 GV.RR-02"),
)
def of_a_team_or_system_that_is_gone(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An asset belongs to a team or a system that was retired.

    Why:
    On paper somebody answers for it, and in truth nobody does: mail to that team is read by nobody.

    Fix:
    Name the team or system that took over in `owner` or `system`, or retire the asset too.

    False positives:
    The owners of datasets count as well. Retired assets are not asked.

    Example:
    `orders-db` has `owner: storefront`, and that team was dissolved.
    """
    datasets = (f"datasets[{encode_key(key)}].owner" for key in asset.keys("datasets[]"))
    for field in ("owner", "system", *datasets):
        home = f"{'system' if field == 'system' else 'team'}/{asset.get(field)}"
        entry = context.index.get(home)
        if entry and entry.lifecycle == _RETIRED:
            yield Hit(f"{home} was retired", field=field, detail=field)


@rule(
    "BKP016",
    severity="high",
    kind="asset",
    when=keeps_data,
    each="backup.plans[]",
    per="environment",
    needs=("target",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def backup_to_something_retired(plan: Sheet, context: Context) -> Iterator[Hit]:
    """Backups are written to a store that was retired.

    Why:
    Either they go nowhere, or they lie in a place that nobody looks after.

    Fix:
    Name the store that takes them now in `target`, and let a drill prove that it does.

    False positives:
    None are known: a store that still takes backups is not retired.

    Example:
    The plan `nightly` has `target: old-dumps`, and `old-dumps` has `lifecycle: retired`.
    """
    entry = context.index.get(f"asset/{plan['target']}")
    if entry and entry.lifecycle == _RETIRED:
        yield Hit(f"{entry.address} was retired", field="target")


@rule(
    "BKP017",
    severity="low",
    kind="asset",
    when=_is_retired_store,
    each="backup.plans[]",
    controls=("ISO/IEC 27001:2022 A.8.10", "ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 ID.AM-08"),
)
def retired_and_still_backed_up(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A retired store is still to be backed up on a schedule.

    Why:
    A job that has nothing to do fails every night, until nobody reads its alarms, or it pushes the last good backup out
    of its retention.

    Fix:
    End the job, and delete `schedule` from the plan; the rest of it says where the last backup lies.

    False positives:
    A plan without `schedule` does not fail.

    Example:
    `orders-db` has `lifecycle: retired`, and its plan `nightly` runs at `0 2 * * *`.
    """
    if "schedule" in plan:
        yield Hit(f"still runs at {plan['schedule']}", field="schedule")


@rule(
    "BKP018",
    severity="medium",
    kind="asset",
    when=_is_retired_store,
    needs=("retirement.date", "retirement.last_backup.kept_until"),
    controls=("ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def last_backup_kept_too_short(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The last backup of a retired store is kept for less than its data must be.

    Why:
    The original is gone, so this backup is all there is for those who ask within the time that the law or a contract
    sets.

    Fix:
    Keep the backup longer, and correct `retirement.last_backup.kept_until`.
    If the data was moved elsewhere, say so in `retirement.not_needed.last_backup`.

    False positives:
    The longest of `retention` and the retentions of the datasets counts, from the day in `retirement.date`.
    Where nobody said until when the backup is kept, the answer is unknown.

    Example:
    `datasets[public.orders].retention` is `P10Y`, and the last backup is kept for a year.
    """
    if asset.get("retirement.not_needed.last_backup"):
        return
    day, kept = (date.fromisoformat(asset[name]) for name in ("retirement.date", "retirement.last_backup.kept_until"))
    datasets = (f"datasets[{encode_key(key)}].retention" for key in asset.keys("datasets[]"))
    asked = ((asset[field], field) for field in ("retention", *datasets) if field in asset)
    due = max(((duration.after(day, length), field) for length, field in asked), default=None)
    if due and kept < due[0]:
        yield Hit(f"kept until {kept}, but {due[1]} asks for {due[0]}", field="retirement.last_backup.kept_until")


@rule(
    "GOV016",
    severity="medium",
    kind="asset",
    when=_is_retired,
    controls=("ISO/IEC 27001:2022 A.5.11", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def retired_and_nobody_vouches(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Something was retired, and nobody said what became of it.

    Why:
    Data, accounts and host names outlive the machine: what nobody erased, revoked and gave back is found by others.

    Fix:
    Run `stocktake retire` with the address of the asset: it asks each step and writes what it is told.
    What makes no sense here belongs under `retirement.not_needed`, with the reason.

    False positives:
    What is asked depends on the type: a library has no accounts, and a component keeps no data.

    Example:
    ```yaml
    lifecycle: retired
    retirement:
      date: "2026-11-20"
      decided_by: Ada Lovelace
      access_revoked: "2026-11-20"
      not_needed: {data_erased: It held copies in memory only.}
    ```
    """
    wanted = vouched(str(asset.get("type")), context.types, bool(asset.keys("backup.plans[]")))
    missing = [name for name in ("date", "decided_by") if f"retirement.{name}" not in asset]
    missing += [name for name in wanted if not _is_said(asset, name)]
    if missing:
        yield Hit(f"nobody said {listed(missing)}", field="retirement")


def _is_said(asset: Sheet, name: str) -> bool:
    fields = (f"retirement.{name}", f"retirement.{name}.set", f"retirement.not_needed.{name}")
    return any(field in asset for field in fields)


@rule(
    "GOV017",
    severity="medium",
    kind="asset",
    when=is_deprecated,
    needs=("retirement.date",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def not_retired_in_time(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Something was to be retired by now, and is not.

    Why:
    What is on its way out gets no more care, so every day longer is a day without.

    Fix:
    Run `stocktake retire`, or agree on another day and write it into `retirement.date`.

    False positives:
    Assets with `lifecycle: deprecated` are asked. Where nobody said by when, the answer is unknown.

    Example:
    `orders-db` has `lifecycle: deprecated`, and `retirement.date` was in March.
    """
    if asset["retirement.date"] < context.today.isoformat():
        yield Hit(f"was to be retired on {asset['retirement.date']}", field="retirement.date")


RULES = (
    dependency_of_something_retired,
    retired_and_still_there,
    of_a_team_or_system_that_is_gone,
    backup_to_something_retired,
    retired_and_still_backed_up,
    last_backup_kept_too_short,
    retired_and_nobody_vouches,
    not_retired_in_time,
)
