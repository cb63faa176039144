"""Health, second half: whether an alarm is raised, reaches somebody, and says how bad it is."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_there, runs_here_and_may_be_vital
from stocktake.rules.rule import rule
from stocktake.values.text import lacking


@rule(
    "HLT003",
    severity="medium",
    kind="asset",
    when=is_there,
    each="monitoring.alerts[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.AE-06"),
)
def alert_without_route(alert: Sheet, context: Context) -> Iterator[Hit]:
    """An alert reaches nobody.

    Why:
    An alarm that ends in a log is seen by whoever reads the log afterwards.

    Fix:
    Decide who has to know and by which way, set it up, and name it in `route`.

    False positives:
    The rule does not try whether the way works: send a test alarm now and then.

    Example:
    ```yaml
    monitoring:
      alerts:
        disk-full: {condition: less than 10 % free, route: pager of the platform team}
    ```
    """
    if not alert.get("route"):
        yield Hit("no route", field="route")


@rule(
    "HLT004",
    severity="medium",
    kind="asset",
    when=runs_here_and_may_be_vital,
    needs=("criticality", "monitoring.layers"),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.AE-06"),
)
def watched_without_an_alert(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A critical asset is watched, and nothing raises an alarm.

    Why:
    Figures that nobody looks at while they turn bad only explain the outage afterwards.

    Fix:
    Choose the one or two conditions that mean harm to users, and describe them under `monitoring.alerts`.

    False positives:
    Stores and components of high and critical criticality that we run ourselves are asked.
    Where nobody said what is watched, the answer is unknown here, and HLT001 fails.

    Example:
    ```yaml
    monitoring:
      layers: [database]
      alerts:
        service-down: {condition: The health check fails, route: pager}
    ```
    """
    if not asset.keys("monitoring.alerts[]"):
        yield Hit("nothing raises an alarm", field="monitoring.layers")


@rule(
    "HLT005",
    severity="low",
    kind="asset",
    when=is_there,
    each="monitoring.alerts[]",
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.25", "NIST CSF 2.0 DE.AE-08"),
)
def alert_without_condition_or_severity(alert: Sheet, context: Context) -> Iterator[Hit]:
    """An alert does not say when it is raised, or how bad that is.

    Why:
    Whoever is called cannot tell whether to get up now or to look in the morning, and nobody can check whether the
    alarm still fits.

    Fix:
    Set `condition` to what raises it in plain words, and `severity` to how bad it is.

    False positives:
    The condition is text for people, and it is not compared with what the monitoring does.

    Example:
    ```yaml
    monitoring:
      alerts:
        disk-full: {condition: less than 10 % free, severity: high}
    ```
    """
    missing = [name for name in ("condition", "severity") if not alert.get(name)]
    if missing:
        yield Hit(lacking(missing), field=missing[0])


RULES = (alert_without_route, watched_without_an_alert, alert_without_condition_or_severity)
