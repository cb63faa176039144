"""Access and protection: who can read along."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import LADDER, is_kept, may_carry_shielded_data
from stocktake.rules.ends import edge_of
from stocktake.rules.rule import rule

# Along these travel tokens, measurements and code rather than the data that the classification is about.
WITHOUT_DATA = frozenset({"authenticates-with", "builds-from", "monitors"})


@rule(
    "ACC001",
    severity="high",
    kind="asset",
    when=may_carry_shielded_data,
    needs=("classification", "access.encryption_in_transit"),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def encryption_in_transit_off(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Confidential data travels in the clear.

    Why:
    Whoever can see the network between the two ends can read everything that passes, and change it.
    A private network is not an answer: one taken-over container on it is enough.

    Fix:
    Switch TLS on where the data is served, let clients insist on it, and set `access.encryption_in_transit` to `tls` or
    `mutual-tls`.
    Where nothing leaves the machine, say `local`; where a tunnel does the work, say `ssh` or `vpn`.

    False positives:
    The question is asked of everything that is classified as confidential or restricted and is reached over a network.
    If the data is less delicate than that, correct `classification` instead.
    Where the classification is missing, the answer is unknown and not fine.

    Example:
    ```yaml
    classification: confidential
    access:
      encryption_in_transit: tls
    ```
    """
    if asset["access.encryption_in_transit"] == "none":
        yield Hit(f"{asset['classification']} data travels in the clear", field="access.encryption_in_transit")


@rule(
    "ACC002",
    severity="high",
    kind="dependency",
    when=lambda edge, context: edge.get("type") not in WITHOUT_DATA and is_kept(edge, context),
    controls=("ISO/IEC 27001:2022 A.5.12", "ISO/IEC 27001:2022 A.8.11", "NIST CSF 2.0 ID.AM-05"),
)
def classification_falls(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Data flows to where it is less protected than where it comes from.

    Why:
    A copy needs the same care as its source.
    Where confidential data ends up in something that is only classified as internal, too many people can read it,
    and nobody thinks of it when data has to be deleted or a leak has to be reported.

    Fix:
    Give the receiving end the classification of what it receives, with everything that follows from it.
    Or make sure that only harmless data flows (masked, aggregated, fewer columns) and accept what is left with a waiver
    that says how.

    False positives:
    The rule knows how delicate both ends are, not which part of the data crosses this edge.
    A waiver is the place to say that only harmless columns do.
    Tokens, measurements and code (`authenticates-with`, `monitors`, `builds-from`) are not looked at.

    Example:
    `orders-db` is `confidential`, and `report` reads from it but is classified as `internal`:
    either the report becomes `confidential` too, or a waiver says that it reads totals only.
    """
    known = edge_of(edge)
    ends, flows = (known.source, known.target), known.producers()
    entries = {end: context.index.get(end) for end in ends}
    classes = {end: entry.classification if entry else "" for end, entry in entries.items()}
    for end in ends if flows else ():
        if not classes[end]:
            yield Unknown(
                f"the classification of {end} is not known", field="from" if end == ends[0] else "to", detail=end
            )
    for producer, consumer in flows if all(classes.values()) else ():
        if LADDER.index(classes[producer]) > LADDER.index(classes[consumer]):
            message = f"{classes[producer]} data of {producer} reaches {consumer}, which is only {classes[consumer]}"
            yield Hit(message, field="type")


RULES = (encryption_in_transit_off, classification_falls)
