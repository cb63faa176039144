"""An estate in which every field of every kind holds a word of its own, once for each classification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import render_estate
from planted import filled
from stocktake.model.audience import INTERNAL, PUBLIC, RESTRICTED
from stocktake.model.audit import Audit
from stocktake.model.estate import Change
from stocktake.model.observation import Evidence, ExposedSecret, Observation, SeenEdge, Thing, Unreadable
from stocktake.model.record import Record
from stocktake.model.settings import Settings, Source
from stocktake.pipeline.audit import Revision

CLASSES = {"public": PUBLIC, "internal": INTERNAL, "confidential": RESTRICTED, "restricted": RESTRICTED}
# By hand, so that a table that says too little is seen: whatever else a kind says, this is for nobody else.
NEVER_BELOW_RESTRICTED = (
    *("host", "endpoint", "machine", "connection", "identifiers[]", "failure_domain", "access.method"),
    *("members[].host", "monitoring.dashboards[]", "backup.plans[].location", "retirement.evidence[]", "auth"),
)
NEVER_PUBLIC = (
    *("aliases[]", "labels[]", "engine", "version", "region", "zone", "backup.rpo", "datasets[].purpose"),
    *("protocol", "fallback", "members[]", "members[].handle", "contact", "handle", "maintainers[]"),
)


class Word(NamedTuple):
    """Where a planted word stands: in a field of a kind, or of a record that is classified; else `what` says it."""

    kind: str
    pattern: str
    of_class: str = ""


class Planted(NamedTuple):
    """The audit, and every word that was planted in it."""

    audit: Audit
    words: Mapping[str, Word]


def planted() -> Planted:
    """Everything that can be said, each with a word that stands nowhere else."""
    words: dict[str, Word] = {}

    def plant(kind: str, pattern: str, of_class: str = "") -> str:
        word = f"canary{len(words):05d}x"
        words[word] = Word(kind, pattern, of_class)
        return word

    records = list(_records(plant))
    looks = tuple(_observations(plant))
    settings = Settings(
        name="Estate",
        environments=(plant("settings", "environment"),),
        sources=(Source(plant("settings", "source"), plant("settings", "source.path")),),
        repository=f"https://{plant('settings', 'repository')}.example/x",
        modules=(plant("settings", "module"),),
    )
    history = {
        one.path: Change(plant("git", "author"), 1_790_000_000, plant("git", "commit"), plant("git", "subject"))
        for one in records
    }
    revision = Revision(history, plant("git", "head"), "2026-11-23")
    return Planted(render_estate.judged(records, looks, settings, revision), words)


def _records(plant: Any) -> Iterator[Record]:
    for said in CLASSES:
        names = {kind: f"{said}-{kind}" for kind in render_estate.SCHEMAS.kinds()}
        for name, kind in sorted(render_estate.SCHEMAS.kinds().items()):
            data = filled(kind, lambda pattern, name=name, said=said: plant(name, pattern, said), names.__getitem__)
            data["links"] = [
                {"title": plant(name, "links[]", said), "url": f"https://{plant(name, 'links[]', said)}.x"}
            ]
            data.update({key: "production" for key in ("lifecycle",) if key in data})
            if name == "asset":
                data.update(classification=said, type="relational-db")
                for instance in data["instances"].values():
                    instance.update(classification=said, lifecycle="production")
            if name == "dependency":
                data.update({"from": names["asset"], "to": f"{said}-other", "type": "reads"})
            yield render_estate.record(f"{name}/{names[name]}", data, plant(name, "body", said))
        other = {"name": plant("asset", "name", said), "type": "api", "classification": said, "owner": names["team"]}
        yield render_estate.record(f"asset/{said}-other", other)


def _observations(plant: Any) -> Iterator[Observation]:
    def of(what: str) -> str:
        return str(plant("observation", what))

    evidence = (Evidence(of("file"), 3, of("digest")),)
    for said in CLASSES:
        facts = {"host": of("host"), "engine": of("engine"), f"settings[{of('key')}].value": of("value"), "x": of("x")}
        things = (
            Thing(of("key"), of("name"), (f"x:{of('identifier')}",), (of("alias"), f"{said}-asset"), facts, evidence),
            Thing("known", of("name"), (f"x:{of('identifier')}",), (), facts, evidence),
        )
        yield Observation(
            of("source"),
            of("collector"),
            of("tool"),
            "seen",
            things,
            (SeenEdge(things[0].key, "known", "reads", evidence),),
            (ExposedSecret(of("secret.file"), 1, of("secret.what"), of("secret.name")),),
            (Unreadable(of("unread.file"), 1, of("unread.message")),),
            (of("scope"),),
            None,
            of("role"),
            of("reason"),
            of("digest"),
            render_estate.TODAY,
        )
