"""What `stocktake.yaml` asks of assets by how critical they are."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.settings import Tier
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_there_and_no_library, keeps_data
from stocktake.rules.rule import rule
from stocktake.values import duration

_NONE = Tier()


def tier_of(asset: Sheet, context: Context) -> Tier:
    """What is asked of assets of its criticality; nothing where nobody said."""
    return context.tiers.get(str(asset.get("criticality")), _NONE) if context.tiers else _NONE


def _is_in_a_tier(asset: Sheet, context: Context) -> bool:
    return bool(tier_of(asset, context).required) and is_there_and_no_library(asset, context)


@rule(
    "BKP015",
    severity="high",
    kind="asset",
    when=lambda asset, context: bool(tier_of(asset, context).rpo) and keeps_data(asset, context),
    needs=("backup.rpo",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 GV.OC-04"),
)
def rpo_longer_than_its_tier_allows(asset: Sheet, context: Context) -> Iterator[Hit]:
    """More may be lost of a store than its tier allows.

    Why:
    The tier is what the organisation agreed on.
    A store that promises less lets everybody down who built on the agreement.

    Fix:
    Promise a shorter `backup.rpo` and back it up as often as that takes, or correct the criticality of the store.

    False positives:
    It is asked only where `stocktake.yaml` sets `rpo` for the criticality of the store.

    Example:
    ```yaml
    # stocktake.yaml
    tiers:
      critical: {rpo: PT1H}
    ```
    """
    limit = duration.seconds(tier_of(asset, context).rpo)
    promised = duration.seconds(asset["backup.rpo"])
    if promised > limit:
        lost = f"{duration.words(promised)} may be lost"
        yield Hit(f"{lost}, {duration.words(limit)} are allowed for {asset['criticality']} stores", field="backup.rpo")


@rule(
    "GOV014",
    severity="medium",
    kind="asset",
    when=_is_in_a_tier,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 GV.PO-01"),
)
def required_fact_missing(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Something is not known that has to be known of assets this critical.

    Why:
    What is unknown of an important asset is unknown in the night in which it matters.

    Fix:
    Find it out and write it down.

    False positives:
    It is asked only where `stocktake.yaml` lists `required` facts for the criticality of the asset.
    What was freshly seen counts as known, and so does anything below the name: `backup.plans` is there with one plan.
    Libraries are not asked.

    Example:
    ```yaml
    # stocktake.yaml
    tiers:
      critical: {required: [backup.rto, region]}
    ```
    """
    for name in tier_of(asset, context).required:
        if name not in asset and not any(fact.startswith((f"{name}.", f"{name}[")) for fact in asset.names()):
            yield Hit(f"{name} is not known, and has to be", field=name, detail=name)


RULES = (rpo_longer_than_its_tier_allows, required_fact_missing)
