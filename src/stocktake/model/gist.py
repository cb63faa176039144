"""What a whole estate must know of each record at once; all else of a record can stay packed until it is asked for."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping
from sys import intern
from typing import Any, NamedTuple

from stocktake.model.graph import Edge, Entry
from stocktake.model.record import Record


class Gist(NamedTuple):
    """`references` are fields and addresses by turns; `ends` are those of a dependency.

    `is_sound` says that all that it names is there, if `typed`, pairs of an address and asset types, are of these
    types. `connects` says whether it may name a live store.
    """

    entry: Entry
    type: str
    references: tuple[str, ...] = ()
    edge: Edge | None = None
    ends: tuple[str, str, str] | None = None
    former: tuple[str, ...] = ()
    typed: tuple[tuple[str, frozenset[str]], ...] = ()
    is_sound: bool = False
    connects: bool = True


Row = tuple[Any, ...]
Hashes = tuple[int, ...]
Fetch = Callable[[int, int], bytes]


class Packed(Record):
    """A record of which only the gist is at hand; its data is fetched each time it is asked for, and not kept.

    `is_alone` is whether no other record can claim anything that this one claims.
    """

    __slots__ = ("_fetch", "_size", "_start", "gist", "is_alone")

    def __init__(self, kind: str, gist: Gist, start: int, size: int, fetch: Fetch):
        self.kind = kind
        self.path = gist.entry.path
        self.origin = ""
        self.gist = gist
        self._start = start
        self._size = size
        self._fetch = fetch
        self.is_alone = False

    def _fetched(self) -> tuple[dict[str, Any], str]:
        found: tuple[dict[str, Any], str] = marshal.loads(self._fetch(self._start, self._size))  # noqa: S302 (of ours)
        return found

    @property
    def id(self) -> str:  # type: ignore[override]  # a slot there
        """What its file is called."""
        return self.gist.entry.address.partition("/")[2]

    @property
    def data(self) -> Mapping[str, Any]:  # type: ignore[override]  # a slot there
        """What the record says."""
        return self._fetched()[0]

    @property
    def body(self) -> str:  # type: ignore[override]  # a slot there
        """The Markdown below it."""
        return self._fetched()[1]


def gist_of(record: Record) -> Gist | None:
    """The gist of a packed record; None of one that lies open."""
    return record.gist if isinstance(record, Packed) else None


def pack(records: Iterable[tuple[Record, Gist, Hashes]]) -> tuple[bytes, bytes]:
    """Records as bytes to be handed to another process of ours: their gists, hashes of what they claim, and what
    they say.
    """
    rows: list[Row] = []
    data: list[bytes] = []
    for record, gist, claims in records:
        said = marshal.dumps((dict(record.data), record.body))
        plain = (tuple(gist.entry), *gist[1:3], gist.edge and tuple(gist.edge), *gist[4:])
        rows.append((record.kind, len(said), claims, plain))
        data.append(said)
    return marshal.dumps(rows), b"".join(data)


def unpack(rows: bytes, start: int, fetch: Fetch) -> Iterator[tuple[Packed, Hashes]]:
    """The records again; what they say begins at `start` of what `fetch` gives parts of."""
    same: dict[Any, Any] = {}
    for kind, size, claims, plain in marshal.loads(rows):  # noqa: S302
        entry, known_as, references, edge, ends, former, typed, *rest = plain
        gist = Gist(
            Entry._make([intern(one) if type(one) is str else _shared(one, same) for one in entry]),
            intern(known_as),
            tuple(map(intern, references)),
            edge and Edge._make(map(intern, edge)),
            ends and (intern(ends[0]), intern(ends[1]), intern(ends[2])),
            former,
            tuple((intern(target), _shared(types, same)) for target, types in typed),
            *rest,
        )
        yield Packed(intern(kind), gist, start, size, fetch), claims
        start += size


def _shared(value: Any, same: dict[Any, Any]) -> Any:
    """The same value only once in memory."""
    return same.setdefault(value, value) if value else value
