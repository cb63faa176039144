"""Dependencies, third part: what an edge should say, and whether both of its ends fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_of_others, may_be_vital
from stocktake.rules.ends import both_run, edge_of, needed
from stocktake.rules.rule import rule
from stocktake.values.text import lacking, listed, person

_LEVELS = ("low", "medium", "high", "critical")


@rule(
    "DEP009",
    severity="low",
    kind="dependency",
    when=both_run,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-03"),
)
def dependency_that_says_too_little(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A dependency does not say how much it matters, who knows it, or which version it takes.

    Why:
    These are what an impact analysis needs, and what everybody asks first when it breaks.
    As long as they are missing, the answers of other rules about it are unknown.

    Fix:
    Ask the owners of both ends, and set `criticality`, `maintainers` and `version_lock`.

    False positives:
    `version_lock` is not asked of what leads to somebody else's service, where others choose the version.
    Edges from or to planned and retired assets are not asked.

    Example:
    ```yaml
    criticality: high
    maintainers: ["@ada", "@bela"]
    version_lock: pinned
    ```
    """
    entry = context.index.get(f"asset/{edge.get('to')}")
    is_of_others = bool(entry and entry.type in context.types["externals"])
    asked = ("criticality", "maintainers", *(() if is_of_others else ("version_lock",)))
    missing = [name for name in asked if not edge.get(name)]
    if missing:
        yield Hit(lacking(missing), field=missing[0])


@rule(
    "DEP010",
    severity="medium",
    kind="dependency",
    when=both_run,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def depends_on_what_goes(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Something that stays depends on what is on its way out.

    Why:
    It stops on the day on which the other is switched off, and that day comes nearer without anybody moving.

    Fix:
    Move to what takes its place before that day, and retire the dependency once nothing uses it.

    False positives:
    An edge between two assets that are both `deprecated` does not fail.
    What leads to something retired already, DEP008 finds.

    Example:
    `web` calls `old-search`, whose `lifecycle` is `deprecated`.
    """
    known = edge_of(edge)
    going, needy = map(context.index.get, known.breaks() or (known.target, known.source))
    if going and needy and going.lifecycle == "deprecated" and needy.lifecycle != "deprecated":
        yield Hit(f"{going.address} is deprecated", field="to" if going.address == known.target else "from")


@rule(
    "DEP011",
    severity="medium",
    kind="dependency",
    when=both_run,
    controls=("ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 ID.AM-05"),
)
def matters_less_than_what_needs_it(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Something critical cannot run without what is called less critical.

    Why:
    A chain is as strong as its weakest link.
    What counts as less important is repaired later, watched less and backed up more rarely, and everything that needs
    it goes down with it.

    Fix:
    Raise `criticality` of what is needed, or give the dependency a `fallback` and say that it hardly matters.

    False positives:
    A dependency with a fallback or of low criticality stops nothing, and does not fail.
    Where one of the two has no criticality, the answer is unknown.

    Example:
    `shop` is `critical` and reads `prices`, which is `low`.
    """
    pair = needed(edge, context)
    if pair is None:
        return
    provider, needy = pair
    if silent := [entry.address for entry in pair if not entry.criticality]:
        yield Unknown(f"criticality of {listed(silent)} is not known", field="type")
    elif _LEVELS.index(provider.criticality) < _LEVELS.index(needy.criticality):
        said = f"{needy.address} is {needy.criticality}, {provider.address} only {provider.criticality}"
        yield Hit(said, field="type")


@rule(
    "DEP012",
    severity="medium",
    kind="dependency",
    when=both_run,
    needs=("maintainers",),
    controls=("ISO/IEC 27001:2022 A.5.2", "ISO/IEC 27001:2022 A.6.5", "NIST CSF 2.0 GV.RR-04"),
)
def maintainer_who_left(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A dependency is said to be known by somebody who has left.

    Why:
    Whoever is called when it breaks does not answer, and what that person knew is gone unless somebody asked in time.

    Fix:
    Hand the knowledge over, and name those who have it now in `maintainers`.

    False positives:
    Somebody has left who stands in a team with a day in `left` and in no other team without one.
    Names are compared with the key and the handle of each member.

    Example:
    `maintainers: ["@emre"]`, and the team `orders` says of `emre` that he left in March.
    """
    gone = [one for one in edge["maintainers"] if person(str(one)) in context.index.left]
    if gone:
        yield Hit(f"{listed(map(str, gone))} left", field="maintainers")


@rule(
    "DEP013",
    severity="low",
    kind="asset",
    when=is_of_others,
    controls=("ISO/IEC 27001:2022 A.5.19", "ISO/IEC 27001:2022 A.5.20", "NIST CSF 2.0 GV.SC-05"),
)
def external_without_an_agreement(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nothing says on what terms somebody else's service is used.

    Why:
    How long it may be away, what happens to the data and how one gets out again stand in a contract, and nobody finds
    that in the night in which it matters.

    Fix:
    Name the contract, the agreement on processing data and the way out under `contract`, and link to the status page in
    `links`; or write a decision that says how to leave.

    False positives:
    Any link, or a decision, a source or a runbook about the service counts; the rule does not read them.

    Example:
    ```yaml
    type: external-saas
    links: ["https://contracts.example/payments"]
    ```
    """
    told = (context.index.referrers(asset.address, kind) for kind in ("adr", "source", "runbook"))
    is_agreed = any(name.startswith("contract.") for name in asset.names())
    if not asset.get("links") and not is_agreed and not any(told):
        yield Hit("nothing says on what terms it is used", field="links")


@rule(
    "DEP014",
    severity="low",
    kind="asset",
    when=lambda asset, context: may_be_vital(asset, context) and bool(context.graph.touching.get(asset.address)),
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-03"),
)
def critical_asset_in_no_flow(asset: Sheet, context: Context) -> Iterator[Hit]:
    """No flow says what a critical asset is used for.

    Why:
    Dependencies say what talks to what.
    Which order, payment or report stops with it, and which data travels how far, only a flow says.

    Fix:
    Write down the journeys that matter with `stocktake new flow`, step by step along the dependencies.

    False positives:
    Assets of high and critical criticality that stand in a dependency are asked.

    Example:
    ```yaml
    # registry/flows/placing-an-order.yaml
    steps:
      - {dependency: web-calls-api}
      - {dependency: api-stores-orders}
    ```
    """
    edges = context.graph.touching[asset.address]
    if not any(context.index.is_named(edge.address, "flow") for edge in edges):
        yield Hit("stands in no flow")


RULES = (
    dependency_that_says_too_little,
    depends_on_what_goes,
    matters_less_than_what_needs_it,
    maintainer_who_left,
    external_without_an_agreement,
    critical_asset_in_no_flow,
)
