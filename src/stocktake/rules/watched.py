"""Health, third part: whether every layer is watched, and whether anybody would notice that it got slower."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import VITAL, runs_here_and_may_be_vital
from stocktake.rules.rule import rule
from stocktake.values.text import listed

# What has to be watched besides the machine: the store itself, or the program.
_OWN_LAYERS = {"stores": ("database",), "components": ("application", "api")}


def _is_of_a_vital_asset(baseline: Sheet, context: Context) -> bool:
    entry = context.index.get(f"asset/{baseline.get('asset')}")
    return bool(entry and entry.criticality in VITAL and entry.lifecycle not in ("proposed", "retired"))


@rule(
    "HLT006",
    severity="low",
    kind="asset",
    when=runs_here_and_may_be_vital,
    needs=("criticality", "monitoring.layers"),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.CM-09"),
)
def layer_nobody_watches(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A layer of a critical asset is not watched.

    Why:
    The machine is idle while every query waits for a lock, and the program answers while its disk fills up: each layer
    has failures that no other one shows.

    Fix:
    Watch the missing layer as well and add it to `monitoring.layers`.

    False positives:
    Of stores `database` and `infrastructure` are asked, of components `application` or `api`, and `infrastructure`.
    Where the provider watches the machine for you, list `infrastructure` all the same, and say so in `description`.
    Where no layer is named at all, the answer is unknown here, and HLT001 fails.

    Example:
    ```yaml
    monitoring:
      layers: [database, infrastructure]
    ```
    """
    layers = set(asset["monitoring.layers"])
    group = "stores" if asset.get("type") in context.types["stores"] else "components"
    missing = [] if layers.intersection(_OWN_LAYERS[group]) else [" or ".join(_OWN_LAYERS[group])]
    missing += [] if "infrastructure" in layers else ["infrastructure"]
    if layers and missing:
        yield Hit(f"nobody watches {listed(missing)}", field="monitoring.layers")


@rule(
    "HLT007",
    severity="low",
    kind="asset",
    when=runs_here_and_may_be_vital,
    needs=("criticality",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.6", "ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.CM-09"),
)
def no_dashboard(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody can see at a glance how a critical asset is doing.

    Why:
    During an outage everybody asks the same three questions, and each of them is answered by hand until somebody finds
    the right graph.

    Fix:
    Build a dashboard with traffic, errors, duration and what runs out first, and link to it in `monitoring.dashboards`.

    False positives:
    Assets of high and critical criticality that we run ourselves are asked.
    The rule does not open the link.

    Example:
    ```yaml
    monitoring:
      dashboards: ["https://grafana.example/d/orders"]
    ```
    """
    if not asset.get("monitoring.dashboards"):
        yield Hit("no dashboard", field="monitoring.dashboards")


@rule(
    "HLT008",
    severity="low",
    kind="baseline",
    when=_is_of_a_vital_asset,
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def nobody_knows_what_is_normal(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody wrote down how fast a critical store answers when all is well.

    Why:
    After a release "it feels slower" is all that anybody can say, and by the time that everybody agrees the change that
    did it is weeks old.

    Fix:
    Measure a quiet and a busy week, and write down under `health` what is normal: the median, the slowest in twenty,
    and by how much it may vary.

    False positives:
    Baselines of assets of high and critical criticality are asked.

    Example:
    ```yaml
    health:
      query_milliseconds: {p50: 3, p95: 40, band: 0.3}
    ```
    """
    if not baseline.keys("health[]"):
        yield Hit("nothing says how fast it answers when all is well", field="asset")


@rule(
    "HLT009",
    severity="low",
    kind="baseline",
    each="health[]",
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 DE.AE-02"),
)
def normal_without_a_band(measure: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said by how much a measurement may vary.

    Why:
    No two days are alike.
    Without a band every difference is an alarm or none is, and both end with nobody looking.

    Fix:
    Look at how much it varied while all was well, and set `band`: 0.3 allows thirty percent.

    False positives:
    None: what may not vary at all has a band of 0.

    Example:
    ```yaml
    health:
      query_milliseconds: {p50: 3, p95: 40, band: 0.3}
    ```
    """
    if measure.get(f"{measure.prefix}.band") is None:
        yield Hit("nothing says by how much it may vary", field="")


RULES = (layer_nobody_watches, no_dashboard, nobody_knows_what_is_normal, normal_without_a_band)
