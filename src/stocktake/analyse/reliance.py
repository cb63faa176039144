"""Who still relies on a record: what would stop, lose its home or lose its owner without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.model.audit import Audit
from stocktake.model.graph import MEANINGS
from stocktake.model.looks import freshness
from stocktake.model.observation import Observation
from stocktake.model.record import Record

# Records that say what was, which names nothing that is still needed.
_HISTORY = frozenset({"adr", "drill", "review", "source"})
# Records that are closed with what they are about.
_ABOUT = frozenset({"baseline", "finding", "risk"})
# Records that say something of what they name, and need it for nothing.
_MENTIONS = ("about", "caused_by", "change", "decision", "incident", "retirement.replaced_by", "scope", "supersedes")
_WORDS = {"owner": "belongs to it", "system": "is part of it", "target": "is backed up to it"}
_OVER = frozenset({"cancelled", "closed", "deprecated", "dismissed", "done", "rejected", "resolved", "retired"})
_OVER_IF_SET = {"change": "outcome"}


class Reliance(NamedTuple):
    """Something that relies on a record, why, and where that is said."""

    address: str
    why: str
    where: str

    def text(self) -> str:
        """In one clause."""
        return f"{self.address} {self.why}{f' ({self.where})' if self.where else ''}"


def lately(audit: Audit) -> list[Observation]:
    """The looks that still count."""
    is_fresh = freshness(audit.today, audit.estate.settings.freshness)
    return [seen for seen in audit.estate.observations if is_fresh(seen.looked)]


def relying(audit: Audit, record: Record) -> tuple[Reliance, ...]:
    """Everything that relies on a record, declared or seen lately, sorted."""
    found = {*_by_edges(audit, record.address), *_by_name(audit, record), *_seen(audit, record.address)}
    return tuple(sorted(found))


def _by_edges(audit: Audit, address: str) -> Iterator[Reliance]:
    for other, edge in audit.graph.dependents.get(address, ()):
        if is_alive(audit, other):
            meaning = MEANINGS[edge.type]
            words = meaning.words if other == edge.source else meaning.inverse
            yield Reliance(other, f"{words} it", edge.address)


def _by_name(audit: Audit, record: Record) -> Iterator[Reliance]:
    """Records that name it where they need it; dependencies are looked at by what they mean."""
    for address, field in audit.index.referrers(record.address):
        kind = address.partition("/")[0]
        named = field.partition("[")[0]
        if kind in _HISTORY or (kind in _ABOUT and named in ("about", "asset")) or named in _MENTIONS:
            continue
        if (kind == "dependency" and named in ("from", "to")) or address == record.address:
            continue
        if is_alive(audit, address):
            yield Reliance(address, _WORDS.get(field.rpartition(".")[2], "names it"), field)


def _seen(audit: Audit, address: str) -> Iterator[Reliance]:
    """What a source showed lately, and no record declares."""
    days = {seen.source: seen.looked for seen in lately(audit)}
    for verdict in audit.reconciliation.edges:
        meaning = MEANINGS.get(verdict.seen.type)
        if meaning is None or verdict.source not in days or verdict.verdict == "verified":
            continue
        first, second = verdict.ends if meaning.stops == "to" else verdict.ends[::-1]
        if meaning.stops and first == address and is_alive(audit, second):
            words = meaning.inverse if meaning.stops == "to" else meaning.words
            yield Reliance(second, f"{words} it", f"seen in {verdict.source} on {days[verdict.source]}")


def runbooks(audit: Audit, address: str) -> list[str]:
    """The runbooks in force that are about a record."""
    return [
        other
        for other, field in audit.index.referrers(address, "runbook")
        if field.startswith("about") and audit.estate.by_address[other].data.get("status") == "active"
    ]


def open_about(audit: Audit, address: str) -> list[str]:
    """Baselines, and findings and risks that are not closed, about a record."""
    return [
        other
        for other, field in audit.index.referrers(address)
        if other.partition("/")[0] in _ABOUT
        and field.partition("[")[0] in ("about", "asset")
        and not _is_over(audit.estate.by_address[other].data)
    ]


def is_alive(audit: Audit, address: str) -> bool:
    """Whether a record still speaks for something: not retired, closed, expired or about what is."""
    record = audit.estate.by_address.get(address)
    if record is None:
        return False
    data, kind = record.data, record.kind
    if _is_over(data) or data.get(_OVER_IF_SET.get(kind, "")):
        return False
    if kind == "waiver":
        return str(data.get("expires")) >= audit.today.isoformat()
    homes = {"baseline": ("asset",), "dependency": ("from", "to")}.get(kind, ())
    return all(is_alive(audit, f"asset/{data.get(end)}") for end in homes)


def _is_over(data: Mapping[str, Any]) -> bool:
    if data.get("lifecycle") in ("proposed", "production", "deprecated"):
        return False
    return any(data.get(field) in _OVER for field in ("lifecycle", "state", "status"))
