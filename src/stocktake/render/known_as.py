"""What else a record is called and where it answers: what people type into the search box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.model.record import Record
from stocktake.render.escape.html import Markup, join
from stocktake.render.parts import code, muted
from stocktake.render.view import View

_MOST, _LONGEST = 20, 300


def names(record: Record) -> Markup | None:
    """Other names of a record, and those it had before."""
    before = [name for name in _texts(record.data.get("formerly")) if name != record.address]
    return _listed(_texts(record.data.get("aliases")), [f"formerly {name}" for name in before])


def hosts(view: View, record: Record) -> Markup | None:
    """Hosts and endpoints in every environment, declared or seen."""
    found = [value for sheet in view.sheets(record) for name in _PLACES for value in _texts(sheet.get(name))]
    return _listed(found)


_PLACES = ("host", "endpoint")


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list | tuple) else (value,):
        if isinstance(item, str) and item:
            yield item


def _listed(*groups: Iterable[str]) -> Markup | None:
    found = list(dict.fromkeys(name for group in groups for name in group))
    if not found:
        return None
    shown = [code(name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…") for name in found[:_MOST]]
    more = muted(f"and {len(found) - _MOST:,} more") if len(found) > _MOST else None
    return join((*shown, more), " ")
