"""The digest of an observation is the same on both sides of its file, and shows every edit by hand."""

from __future__ import annotations

import json
from datetime import date

import pytest

from stocktake.load.observations import from_data, text, to_data
from stocktake.model.digest import is_intact, signed
from stocktake.model.observation import PARTIAL, Evidence, ExposedSecret, Observation, SeenEdge, Thing, Unreadable
from stocktake.observe.observation import not_looked

SEEN = signed(
    Observation(
        "shop",
        "discover",
        "1",
        PARTIAL,
        (
            Thing("z", "Z", facts={"tags": ("a", "b"), "engine": "redis", "ä": 1.5}),
            Thing("a", "A", ("compose:shop/a",), ("alias",), {}, (Evidence("compose.yaml", 3, "0123456789"),), 0.5),
        ),
        (SeenEdge("z", "a", "calls"), SeenEdge("a", "z", "calls", (Evidence("a.env", 1),), 0.5)),
        (ExposedSecret("b.env", 2, "password"), ExposedSecret("a.env", 9, "key")),
        (Unreadable("c.yaml", 0, "is not YAML"),),
        ("compose:shop/",),
        "production",
        "reader",
        "not understood: 1",
    )
)


def read(data: object) -> Observation:
    return from_data(json.loads(text(data)))  # type: ignore[arg-type]


def test_what_was_written_is_intact_when_it_is_read() -> None:
    assert is_intact(read(to_data(SEEN)))


def test_neither_the_day_nor_the_version_of_the_collector_changes_the_digest() -> None:
    later = SEEN._replace(looked=date(2026, 1, 2), version="2")

    assert signed(later).digest == SEEN.digest


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("things", "a", "name"), "B"),
        (("things", "z", "facts", "engine"), "valkey"),
        (("things", "z", "facts", "version"), "8"),
        (("things", "z", "confidence"), 0.25),
        (("things", "new"), {"kind": "asset", "name": "N", "confidence": 1.0}),
        (("edges", 0, "type"), "reads"),
        (("secrets",), []),
        (("problems",), []),
        (("scopes",), []),
        (("status",), "seen"),
        (("reason",), "nothing to see"),
        (("environment",), "staging"),
        (("role",), "admin"),
        (("source",), "other"),
        (("digest",), "0" * 32),
        (("digest",), ""),
    ],
)
def test_an_edit_by_hand_shows(path: tuple[str | int, ...], value: object) -> None:
    data = to_data(SEEN)
    place = data
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]

    assert not is_intact(read(data))


def test_an_edit_still_shows_after_a_look_that_failed() -> None:
    edited = SEEN._replace(scopes=())

    assert is_intact(not_looked(SEEN, "shop", None, "connection refused"))
    assert is_intact(not_looked(None, "shop", None, "connection refused"))
    assert not is_intact(not_looked(edited, "shop", None, "connection refused"))
