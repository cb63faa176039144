"""Health: whether trouble would be noticed, and what would happen then."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_there, runs_here_and_may_be_vital
from stocktake.rules.rule import rule


@rule(
    "HLT001",
    severity="high",
    kind="asset",
    when=runs_here_and_may_be_vital,
    needs=("criticality",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.CM-09"),
)
def critical_asset_not_monitored(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody watches a critical asset.

    Why:
    What is not watched is reported by customers, hours later and without a hint at the cause.

    Fix:
    Watch at least the layer that its users depend on and the machine below it, and list what is watched in
    `monitoring.layers`.

    False positives:
    Stores and components of high and critical criticality are asked, in each environment in which they run.
    Where nobody said how critical one is, the answer is unknown.
    Libraries and services that somebody else runs are not.

    Example:
    ```yaml
    monitoring:
      layers: [database, infrastructure]
    ```
    """
    if not asset.get("monitoring.layers"):
        yield Hit("no layer is monitored", field="monitoring.layers")


@rule(
    "HLT002",
    severity="medium",
    kind="asset",
    when=is_there,
    each="monitoring.alerts[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2022 A.5.37", "NIST CSF 2.0 RS.MA-01"),
)
def alert_without_runbook(alert: Sheet, context: Context) -> Iterator[Hit]:
    """An alert does not say what to do.

    Why:
    Whoever is woken by it has to find out what it means, and what must not be done, while the damage grows.

    Fix:
    Write a runbook in `docs/runbooks/` and name it in the alert.
    If there is nothing to do, the alert should not wake anybody: remove it.

    False positives:
    Several alerts may share a runbook.

    Example:
    ```yaml
    monitoring:
      alerts:
        disk-full:
          condition: less than 10 % free
          runbook: disk-full
    ```
    """
    if not alert.get("runbook"):
        yield Hit("no runbook", field="runbook")


RULES = (critical_asset_not_monitored, alert_without_runbook)
