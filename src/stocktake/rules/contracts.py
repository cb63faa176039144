"""What somebody else runs: whether an agreement covers the data that is handed over, and whether there is a way out."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_of_others, may_be_vital
from stocktake.rules.rule import rule
from stocktake.values.name import encode_key
from stocktake.values.text import listed


def _is_of_others_and_may_be_vital(asset: Sheet, context: Context) -> bool:
    return is_of_others(asset, context) and may_be_vital(asset, context)


@rule(
    "ACC024",
    severity="high",
    kind="asset",
    when=is_of_others,
    controls=("ISO/IEC 27001:2022 A.5.20", "ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 GV.SC-05"),
)
def personal_data_without_an_agreement(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Personal data is handed to somebody else, and no agreement says how it is treated.

    Why:
    Those whose data it is can hold us to what others do with it, and without an agreement we cannot hold the others to
    anything.

    Fix:
    Sign an agreement on processing before the next record is sent, and say where it is found in
    `contract.processing_agreement`.

    False positives:
    Assets of the types `external-saas`, `external-api` and `identity-provider` are asked.
    Pseudonymised data counts as personal.
    Where nobody described the data that it holds under `datasets`, the answer is unknown.

    Example:
    ```yaml
    type: external-saas
    datasets: {newsletter: {personal_data: personal}}
    contract: {processing_agreement: "https://wiki.example/contracts/mail-dpa"}
    ```
    """
    kinds = {key: asset.get(f"datasets[{encode_key(key)}].personal_data") for key in asset.keys("datasets[]")}
    personal = [key for key, kind in kinds.items() if kind not in (None, "none")]
    if asset.get("contract.processing_agreement"):
        return
    if personal:
        yield Hit(f"holds {listed(personal)}, and no agreement on processing is named", field="contract")
    elif not kinds or None in kinds.values():
        yield Unknown("nobody said whether it holds personal data", field="datasets")


@rule(
    "GOV029",
    severity="medium",
    kind="asset",
    when=_is_of_others_and_may_be_vital,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.23", "ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 GV.SC-10"),
)
def no_way_out(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody wrote down how to leave a critical service of somebody else.

    Why:
    Providers raise prices, change terms and close down, and whoever has not thought about leaving stays at any price.

    Fix:
    Find out how the data is fetched back and what could take its place, try it once, and write it into
    `contract.exit_plan`.

    False positives:
    Externals of high and critical criticality are asked; where nobody said how critical one is, the answer is unknown.

    Example:
    ```yaml
    contract: {exit_plan: Two other providers take the same calls; keys of both are kept.}
    ```
    """
    if not asset.get("contract.exit_plan"):
        yield Hit("no exit plan", field="contract.exit_plan")


RULES = (personal_data_without_an_agreement, no_way_out)
