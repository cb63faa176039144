"""Access and protection, second half: what may be kept, for how long, and how well it is shielded where it lies."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import LADDER, PERSONAL, SHIELDED, is_there
from stocktake.rules.rule import rule


def _may_hold_shielded_data(asset: Sheet, context: Context) -> bool:
    """A store in use that is not known to hold only public or internal data."""
    stores = context.types["stores"]
    return is_there(asset, context) and asset.get("type") in stores and asset.get("classification") in (None, *SHIELDED)


def is_bound_to_regions(asset: Sheet, context: Context) -> bool:
    """In use, with data about people, where `stocktake.yaml` says in which regions that may be kept."""
    if not context.regions or not is_there(asset, context):
        return False
    return any(each.get("personal_data") in PERSONAL for each in asset.parts("datasets[]"))


@rule(
    "ACC004",
    severity="medium",
    kind="asset",
    when=is_there,
    needs=("personal_data",),
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def personal_data_without_retention(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how long personal data is kept.

    Why:
    Personal data may be kept only as long as its purpose asks for.
    What has no end is kept for ever, and every leak is larger than it had to be.

    Fix:
    Agree with the owner of the data on how long it is needed, and set `retention` of the dataset.

    False positives:
    Datasets whose `personal_data` is `none` do not fail.
    Where nobody said whether a dataset is about people, the answer is unknown.

    Example:
    ```yaml
    datasets:
      customers: {personal_data: personal, retention: P10Y}
    ```
    """
    if dataset["personal_data"] in PERSONAL and not dataset.get(f"{dataset.prefix}.retention"):
        yield Hit("personal data is kept for an unknown time", field="retention")


@rule(
    "ACC005",
    severity="medium",
    kind="asset",
    when=is_there,
    needs=("personal_data",),
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 ID.AM-08"),
)
def personal_data_without_deletion(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how personal data is deleted.

    Why:
    A time after which data is to go is only a wish as long as nothing and nobody removes it.

    Fix:
    Decide what removes the data at its end, build it, and describe it in `deletion` of the dataset.

    False positives:
    The rule does not judge the way: "by hand" passes.
    Datasets whose `personal_data` is `none` do not fail.

    Example:
    ```yaml
    datasets:
      customers: {personal_data: personal, deletion: A job removes what is older every night}
    ```
    """
    if dataset["personal_data"] in PERSONAL and not dataset.get("deletion"):
        yield Hit("nothing says how personal data is deleted", field="deletion")


@rule(
    "ACC006",
    severity="high",
    kind="asset",
    when=is_bound_to_regions,
    needs=("region",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.31", "ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 GV.OC-03"),
)
def personal_data_outside_allowed_regions(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Personal data is kept in a region in which it must not be.

    Why:
    Where data lies decides which law holds and who can demand it.
    Moving it back after a complaint is slow, and the copies are forgotten.

    Fix:
    Move the store to a region of `personal_data.regions` in `stocktake.yaml`, or have the region allowed by whoever
    answers for data protection and add it there.

    False positives:
    It is asked only where `stocktake.yaml` lists regions, of assets in use with a dataset about people.
    Regions are compared as they are written.

    Example:
    ```yaml
    personal_data:
      regions: [eu-central-1, eu-west-1]
    ```
    """
    if asset["region"] not in context.regions:
        yield Hit(f"personal data is kept in {asset['region']}", field="region")


@rule(
    "ACC007",
    severity="medium",
    kind="asset",
    when=is_there,
    needs=("classification",),
    each="datasets[]",
    controls=("ISO/IEC 27001:2022 A.5.12", "NIST CSF 2.0 ID.AM-05"),
)
def dataset_above_its_asset(dataset: Sheet, context: Context) -> Iterator[Hit]:
    """A dataset is more delicate than what it is kept in.

    Why:
    Whoever protects the asset goes by its classification.
    What lies in it and needs more care gets too little.

    Fix:
    Raise `classification` of the asset to that of its most delicate dataset, or move the dataset.

    False positives:
    A dataset without a classification of its own has that of its asset and does not fail.
    Where the asset has none, the answer is unknown.

    Example:
    The store is `internal`, and its dataset `customers` is `confidential`.
    """
    entry = context.index.get(dataset.address)
    asset = entry.classification if entry else ""
    if not asset:
        yield Unknown("the classification of the asset is not known", field="classification")
    elif LADDER.index(dataset["classification"]) > LADDER.index(asset):
        yield Hit(f"{dataset['classification']} data is kept in what is only {asset}", field="classification")


@rule(
    "ACC008",
    severity="high",
    kind="asset",
    when=_may_hold_shielded_data,
    needs=("classification", "access.encryption_at_rest"),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-01"),
)
def encryption_at_rest_off(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Confidential data lies on a disk in the clear.

    Why:
    Disks are replaced, sold, stolen and copied as snapshots, and whoever has one can read everything on it.

    Fix:
    Encrypt the disk, let the provider do it, or switch it on in the engine, and set `access.encryption_at_rest`.

    False positives:
    Stores in use that are confidential or restricted are asked.
    Where the classification is missing, the answer is unknown.

    Example:
    ```yaml
    classification: confidential
    access: {encryption_at_rest: disk}
    ```
    """
    if asset["access.encryption_at_rest"] == "none":
        yield Hit(f"{asset['classification']} data is kept in the clear", field="access.encryption_at_rest")


RULES = (
    personal_data_without_retention,
    personal_data_without_deletion,
    personal_data_outside_allowed_regions,
    dataset_above_its_asset,
    encryption_at_rest_off,
)
