"""Documents about interfaces and data, joined with what else describes the same: they support, and rarely say more."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.discover import engines, externals, places
from stocktake.discover.claims import Contract
from stocktake.discover.draft import Draft
from stocktake.discover.edges import LIKELY, Reader, edge_type
from stocktake.discover.references import LOCAL, Target
from stocktake.values.text import hostile, slug

LOW = 0.5


def served(contracts: Iterable[Contract], reader: Reader) -> None:
    """Programs by the hosts at which their own descriptions of an interface say that they are reached."""
    for each in contracts:
        owner = _owner(each, reader)
        is_own = each.is_served and not externals.of_host(each.host) and not _is_nowhere(each.host)
        if owner and is_own and owner.type not in engines.STORES:
            reader.hosts.serve(each.host, owner)
            owner.evidence.add(each.evidence)


def read(contracts: Iterable[Contract], reader: Reader) -> None:
    """Stores, and who publishes and subscribes to them."""
    for each in contracts:
        if each.is_served or any(hostile(text) for text in (each.host, each.database, each.title)):
            continue
        store = _store(each, reader)
        if store is None:
            continue
        if not store.project and not store.homes:
            store.evidence.add(each.evidence)
        store.version = store.version or each.version
        owner = _owner(each, reader) if each.way else None
        if owner:
            fits = (store.type in engines.BROKERS) == (each.way in ("publishes-to", "subscribes-to"))
            type_ = each.way if fits else edge_type(owner, store)
            reader.estate.connect(owner, store, type_, LIKELY, [each.evidence])


def _store(each: Contract, reader: Reader) -> Draft | None:
    target = Target(each.engine, each.host, each.port, each.database)
    found = reader.hosts.find(target, None)
    if found:
        return found
    if each.engine not in engines.ENGINES or not (each.host or each.database) or _is_nowhere(each.host):
        return None
    return reader.hosts.store(target, LOW)


def _is_nowhere(host: str) -> bool:
    return host in LOCAL or bool(host and externals.is_nobodys(host))


def _owner(each: Contract, reader: Reader) -> Draft | None:
    """The one program whose folder the document lies in, or the one that has its title as name."""
    folder = places.folder(each.path)
    while folder:
        living = reader.owners.get(folder, ())
        if living:
            return living[0] if len(living) == 1 else None
        folder = places.folder(folder)
    word = slug(each.title)
    found = [draft for draft in reader.estate.drafts.values() if word and word in (slug(draft.key), slug(draft.name))]
    at_root = reader.owners.get("", ())
    return found[0] if len(found) == 1 else at_root[0] if len(at_root) == 1 else None
