"""Dependencies: what stops with what, and what nobody said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.model.audit import EdgeVerdict
from stocktake.model.graph import MEANINGS
from stocktake.model.reach import cycles
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import VITAL, is_kept
from stocktake.rules.ends import ends
from stocktake.rules.looked import doubts
from stocktake.rules.rule import rule
from stocktake.values.text import listed, shown


@rule(
    "DEP001",
    severity="high",
    kind="",
    controls=("ISO/IEC 27001:2022 A.8.14", "NIST CSF 2.0 PR.IR-04"),
)
def cycle_among_critical_assets(context: Context) -> Iterator[Hit]:
    """Critical assets each need one another to run.

    Why:
    If one of them stops, all of them stop, and after a full outage there is no order in which they can be started.

    Fix:
    Break the circle at its weakest edge: hand the work over through a queue, keep a copy of what is needed, or let one
    side start without the other.

    False positives:
    The rule follows who stops when the other does, as the type of each dependency says, whatever its criticality.
    Assets of high and critical criticality count, retired ones do not.
    Where it depends on an asset of which nobody said how critical it is, the answer is unknown.
    If an edge is not really needed to run, its type says too much: correct that.

    Example:
    `orders` calls `stock`, `stock` calls `prices`, and `prices` calls `orders`.
    """
    kept = [entry for entry in context.graph.nodes.values() if entry.lifecycle != "retired"]
    vital = {entry.address for entry in kept if entry.criticality in VITAL}
    unrated = {entry.address for entry in kept if not entry.criticality}
    found = cycles(context.graph, vital)
    for circle in found:
        yield Hit(f"{listed(circle)} each stop when one of the others does", subject=circle[0])
    failing = {circle[0] for circle in found}
    for circle in cycles(context.graph, vital | unrated):
        if circle[0] not in failing and (silent := sorted(unrated.intersection(circle))):
            stops = f"{listed(circle)} each stop when one of the others does"
            yield Unknown(f"{stops}; criticality of {listed(silent)} is not known", subject=circle[0])


def _may_be_vital_edge(edge: Sheet, context: Context) -> bool:
    """One whose failure stops something, not known to be of little importance, between assets that are not retired."""
    if edge.get("criticality") not in (None, *VITAL) or not MEANINGS[edge["type"]].stops:
        return False
    if not is_kept(edge, context):
        return False
    return not any(entry and entry.lifecycle == "retired" for entry in ends(edge, context))


@rule(
    "DEP002",
    severity="high",
    kind="dependency",
    when=_may_be_vital_edge,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.30", "ISO/IEC 27001:2022 A.8.14", "NIST CSF 2.0 PR.IR-04"),
)
def critical_edge_without_fallback(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A critical dependency has no fallback.

    Why:
    When the other end is away, this end stops, and what it does then was not decided by anybody.

    Fix:
    Decide what happens and build it: answer from a copy, queue the work, switch to another provider, or say no.
    Write it down in `fallback`.

    False positives:
    Some things cannot go on without each other, such as a service and its only database.
    Accept that with a waiver whose compensating control says how long the outage may last and who is called.
    Dependencies of high and critical criticality are asked, if one end stops with the other.
    Where nobody said how critical one is, the answer is unknown.

    Example:
    ```yaml
    criticality: critical
    fallback: Shows the prices of the last hour
    ```
    """
    said = str(edge.get("fallback") or "none").strip()
    if said.lower() == "none":
        yield Hit("no fallback", field="fallback")


@rule(
    "DEP003",
    severity="low",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-03"),
)
def undeclared_dependency(context: Context) -> Iterator[Hit]:
    """A source shows a dependency that no record declares.

    Why:
    Who plans an outage or a change asks the registry who is affected, and this edge is missing from the answer.

    Fix:
    Add a dependency between the two assets, or remove what is no longer used from the source.

    False positives:
    A start order in a Compose file is no proof that one uses the other; such edges are seen with less confidence.
    One finding stands for a pair of assets, whatever the number of places that show it.

    Example:
    `compose.yaml` gives `report` the address of `orders-db`, and no dependency leads from one to the other.
    """
    yield from doubts(context)
    for (source, target), found in _by_ends(context, "undeclared").items():
        words = " and ".join(sorted({MEANINGS[verdict.seen.type].words for verdict in found}))
        yield Hit(f"{source} {words} {target} {_shown_in(found)}", subject=source, detail=target)


@rule(
    "DEP004",
    severity="low",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-03"),
)
def dependency_of_another_type(context: Context) -> Iterator[Hit]:
    """A dependency was seen to be of another type than declared.

    Why:
    The type says who stops when the other does and which way data flows.
    If it is wrong, every conclusion about impact and about where data goes is wrong with it.

    Fix:
    Correct `type`, or add a second dependency where both are true.

    False positives:
    A source shows that one has access to the other, not what it does with it: `reads`, `writes` and `reads-writes`
    agree, and so do `publishes-to` and `subscribes-to`.
    If the declared type says more than a source can show, accept the difference with a waiver.

    Example:
    The record says `monitors`, and the program was given the address of the store with an account that writes.
    """
    yield from doubts(context)
    for found in _by_address(context, "differs").values():
        types = " and ".join(sorted({verdict.seen.type for verdict in found}))
        yield Hit(f"seen as {types} {_shown_in(found)}", field="type", subject=found[0].address)


def _by_ends(context: Context, verdict: str) -> dict[tuple[str, str], list[EdgeVerdict]]:
    found: dict[tuple[str, str], list[EdgeVerdict]] = {}
    for edge in _verdicts(context, verdict):
        found.setdefault(edge.ends, []).append(edge)
    return found


def _by_address(context: Context, verdict: str) -> dict[str, list[EdgeVerdict]]:
    found: dict[str, list[EdgeVerdict]] = {}
    for edge in _verdicts(context, verdict):
        found.setdefault(edge.address, []).append(edge)
    return found


def _verdicts(context: Context, verdict: str) -> Iterable[EdgeVerdict]:
    edges = context.reconciliation.edges if context.reconciliation else ()
    return (edge for edge in edges if edge.verdict == verdict)


def _shown_in(found: Iterable[EdgeVerdict]) -> str:
    """The first place that shows it, and how many more there are."""
    places = sorted({place.text() for edge in found for place in edge.seen.evidence})
    if not places:
        return "in a source"
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"in {shown(places[0])}{more}"


RULES = (cycle_among_critical_assets, critical_edge_without_fallback, undeclared_dependency, dependency_of_another_type)
