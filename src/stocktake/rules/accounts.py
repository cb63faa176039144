"""Access and protection, fourth part: the accounts of a baseline, and what may be done with which data."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import in_environment
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import PERSONAL, is_there, keeps_data
from stocktake.rules.personal import is_bound_to_regions
from stocktake.rules.rule import rule
from stocktake.values.text import lacking

_STRONG = ("superuser", "bypassrls", "createrole", "replication")


def _is_of_what_is_there(baseline: Sheet, context: Context) -> bool:
    entry = context.index.get(f"asset/{baseline.get('asset')}")
    return not (entry and entry.lifecycle == "retired")


@rule(
    "ACC016",
    severity="medium",
    kind="baseline",
    when=_is_of_what_is_there,
    each="access.principals[]",
    controls=("ISO/IEC 27001:2022 A.5.16", "NIST CSF 2.0 PR.AA-01"),
)
def account_of_several_people(principal: Sheet, context: Context) -> Iterator[Hit]:
    """Several people share one account.

    Why:
    No log says who it was, and its password leaves with everybody who leaves.

    Fix:
    Give each of them an account of their own with the same roles, and take this one away.

    False positives:
    Accounts for emergencies are of type `break-glass` and do not fail.

    Example:
    ```yaml
    access:
      principals:
        reporting: {type: shared, owner: controlling}
    ```
    """
    if principal.get("type") == "shared":
        yield Hit("several people share it", field="type")


@rule(
    "ACC017",
    severity="low",
    kind="baseline",
    when=_is_of_what_is_there,
    each="access.principals[]",
    controls=("ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2022 A.5.18", "NIST CSF 2.0 PR.AA-01"),
)
def account_of_nobody(principal: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody answers for an account.

    Why:
    An account without an owner is never taken away: nobody knows whether it is still needed, so nobody dares.

    Fix:
    Name the team that answers for it in `owner`, and who uses it in `type`.

    False positives:
    An account of one person (`human`) needs no team.
    A role that may not log in only carries rights, and is not asked.

    Example:
    ```yaml
    access:
      principals:
        orders_app: {type: service, owner: orders}
    ```
    """
    if principal.get("type") == "human" or principal.get("login") is False:
        return
    missing = [name for name in ("type", "owner") if not principal.get(f"{principal.prefix}.{name}")]
    if missing:
        yield Hit(lacking(missing))


@rule(
    "ACC018",
    severity="medium",
    kind="baseline",
    when=_is_of_what_is_there,
    each="access.principals[]",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.6.5", "NIST CSF 2.0 PR.AA-01"),
)
def account_past_its_end(principal: Sheet, context: Context) -> Iterator[Hit]:
    """An account that should be gone still stands in the desired state.

    Why:
    What the baseline lists is what is believed to be right, so nobody will take the account away.

    Fix:
    Take it out of the store and out of the baseline, or agree on another last day with its owner.

    False positives:
    Not every account has a last day: one without `valid_until` does not fail.
    The last day itself is still fine.

    Example:
    `valid_until: "2026-03-31"` fails from 1 April 2026.
    """
    until = principal.get("valid_until")
    if until and until < context.today.isoformat():
        yield Hit(f"was to be gone after {until}", field="valid_until")


@rule(
    "ACC019",
    severity="high",
    kind="baseline",
    when=_is_of_what_is_there,
    each="access.principals[]",
    controls=("ISO/IEC 27001:2022 A.8.2", "NIST CSF 2.0 PR.AA-05"),
)
def program_with_every_right(principal: Sheet, context: Context) -> Iterator[Hit]:
    """A program is meant to connect with rights that no program needs.

    Why:
    One mistake in the program, or one hole in it, and whoever uses it reads and deletes everything, makes accounts and
    switches off what would tell.

    Fix:
    Give it a role that may do what it does and no more, and keep the strong role for people and migrations.

    False positives:
    Accounts of type `service` and `shared` that may log in are looked at.
    A program that copies the whole server needs `replication`: a waiver is the place to say so.

    Example:
    ```yaml
    access:
      principals:
        orders_app: {type: service, owner: orders, superuser: true}
    ```
    """
    if principal.get("type") not in ("service", "shared") or principal.get("login") is False:
        return
    strong = [name for name in _STRONG if principal.get(f"{principal.prefix}.{name}") is True]
    if strong:
        yield Hit(f"a program with {' and '.join(strong)}", field=strong[0])


@rule(
    "ACC020",
    severity="medium",
    kind="asset",
    when=is_there,
    needs=("personal_data",),
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 GV.OC-03"),
)
def personal_data_for_no_purpose(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said what personal data is kept for.

    Why:
    Personal data may be kept for a purpose and for as long as that asks for.
    Where nobody knows the purpose, nobody can say whether it is still needed, and nobody may use it.

    Fix:
    Ask the owner of the data and write one sentence in `purpose` of the dataset.

    False positives:
    Datasets whose `personal_data` is `none` do not fail.
    Where nobody said whether a dataset is about people, the answer is unknown.

    Example:
    ```yaml
    datasets:
      customers: {personal_data: personal, purpose: Delivering what they ordered}
    ```
    """
    if dataset["personal_data"] in PERSONAL and not dataset.get("purpose"):
        yield Hit("nothing says what personal data is kept for", field="purpose")


@rule(
    "ACC021",
    severity="medium",
    kind="asset",
    when=is_there,
    needs=("personal_data",),
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.8.11", "NIST CSF 2.0 PR.DS-01"),
)
def special_data_unmasked(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how the most delicate data about people is masked.

    Why:
    Health, faith, origin and the like hurt people for good when they become known, and most of those who work with a
    store never need to see them.

    Fix:
    Hide them from everybody who does not need them, in copies for tests above all, and say in `masking` how.

    False positives:
    Only datasets whose `personal_data` is `special-category` fail.
    The rule does not judge the way: a sentence such as "nobody but the medical service sees it" passes.

    Example:
    ```yaml
    datasets:
      diagnoses: {personal_data: special-category, masking: Replaced in every copy for tests}
    ```
    """
    if dataset["personal_data"] == "special-category" and not dataset.get("masking"):
        yield Hit("nothing says how it is masked", field="masking")


@rule(
    "ACC022",
    severity="low",
    kind="asset",
    when=keeps_data,
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def dataset_kept_for_ever(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how long a dataset is kept, or how it is deleted.

    Why:
    Data that nobody may delete grows until it is the largest cost and the largest risk, and data that must be kept is
    deleted by somebody who needs the space.

    Fix:
    Agree on a time with its owner, and set `retention` and `deletion` of the dataset, or `retention` of the store.

    False positives:
    Data about people is asked by ACC004 and ACC005 and does not fail here.
    A retention of the store holds for its datasets.

    Example:
    ```yaml
    datasets:
      clicks: {personal_data: none, retention: P1Y, deletion: A job drops old partitions}
    ```
    """
    if dataset.get("personal_data") in PERSONAL:
        return
    missing = [name for name in ("retention", "deletion") if not dataset.get(name)]
    if missing:
        yield Hit(lacking(missing), field=missing[0])


@rule(
    "ACC023",
    severity="high",
    kind="asset",
    when=is_bound_to_regions,
    needs=("target",),
    each="backup.plans[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.31", "ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 GV.OC-03"),
)
def personal_backup_outside_allowed_regions(plan: Sheet, context: Context) -> Iterator[Hit]:
    """A backup of personal data lies in a region in which it must not be.

    Why:
    A backup is a whole copy of the data, and the same law holds for it.
    Copies that were sent far away for safety are the ones that everybody forgets.

    Fix:
    Let the backup go to a store in a region of `personal_data.regions` in `stocktake.yaml`, or have the region allowed
    by whoever answers for data protection and add it there.

    False positives:
    It is asked only where `stocktake.yaml` lists regions, of stores with a dataset about people.
    A plan whose `covers` names none of these datasets does not fail.
    Where nobody said in which region the target is, the answer is unknown.

    Example:
    `orders-db` is in `eu-central-1`, and its backups go to `vault` in `us-east-1`.
    """
    covered = plan.get("covers")
    people = [key for key in plan.keys("datasets[]") if plan.within("datasets[]", key).get("personal_data") in PERSONAL]
    target = context.index.get(f"asset/{plan['target']}")
    if target is None or (covered is not None and not set(covered) & set(people)):
        return
    regions = in_environment(target.regions, plan.environment)
    if not regions:
        yield Unknown(f"the region of {target.address} is not known", field="target")
    elif outside := sorted(regions - context.regions):
        yield Hit(f"personal data is copied to {' and '.join(outside)}", field="target")


RULES = (
    account_of_several_people,
    account_of_nobody,
    account_past_its_end,
    program_with_every_right,
    personal_data_for_no_purpose,
    special_data_unmasked,
    dataset_kept_for_ever,
    personal_backup_outside_allowed_regions,
)
