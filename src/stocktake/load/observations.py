"""Read `observed/`, and write an observation as the text of its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem
from stocktake.load.files import READ_AT_MOST, Tree, flawed
from stocktake.load.schemas import Schemas
from stocktake.load.validate import FAULTS_AT_MOST
from stocktake.model.observation import Evidence, ExposedSecret, Observation, SeenEdge, Thing, Unreadable
from stocktake.values.text import shown

FOLDER = "observed"
LOOKED = f"{FOLDER}/last-looked.json"
_HINT = "Machines write this file: restore it from Git, or delete it and run `stocktake discover` again."


def read_observations(tree: Tree, schemas: Schemas) -> tuple[tuple[Observation, ...], dict[str, date], list[Problem]]:
    """All observations, by source, the day of the last look by source, and what is wrong with their files."""
    problems: list[Problem] = []
    looked: dict[str, date] = {}
    found = []
    for path, flaw in tree.walk(FOLDER):
        if not path.endswith(".json") and not flaw:
            continue
        data, wrong = ({}, [flawed(path, flaw)]) if flaw else read_file(tree, path, schemas)
        problems += wrong
        if wrong:
            continue
        if path == LOOKED:
            looked = {source: date.fromisoformat(day) for source, day in data["sources"].items()}
        else:
            found.append(from_data(data))
    dated = tuple(seen._replace(looked=looked.get(seen.source)) for seen in sorted(found, key=lambda seen: seen.source))
    return dated, looked, problems


def read_file(tree: Tree, path: str, schemas: Schemas) -> tuple[Any, list[Problem]]:
    """The checked data of one file in the folder, or what is wrong with it."""
    try:
        raw = tree.read(path)
        if len(raw) > READ_AT_MOST:
            return None, [Problem(path, 0, 0, "", f"is larger than {READ_AT_MOST:,} bytes", _HINT)]
        data = _parse(raw)
    except InputError as error:
        return None, list(error.problems)
    except (ValueError, RecursionError) as error:
        place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        why = f": {error.msg}" if isinstance(error, json.JSONDecodeError) else _why(error)
        return None, [Problem(path, *place, "", f"is not JSON{why}", _HINT)]
    if found := fault(data, schemas, "last-looked" if path == LOOKED else "observation"):
        said = f"is not what a collector writes ({found.keyword})"
        return None, [Problem(path, *_place(raw, found.path), found.where, said, _HINT)]
    home = f"{FOLDER}/{data['source']}.json" if "source" in data else path
    if path != home:
        said = f'"{shown(data["source"])}" belongs into {shown(home)}'
        return None, [Problem(path, *_place(raw, ("source",)), "source", said, _HINT)]
    return data, []


def _place(raw: bytes, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Where a part of a file stands, or else the nearest thing around it."""
    from stocktake.load.objects import places

    found = places(raw.decode())
    return next(found[path[:size]] for size in range(len(path), -1, -1) if path[:size] in found)


class Fault(NamedTuple):
    """The first thing that is wrong with the data of a file in the folder."""

    path: tuple[str | int, ...]
    keyword: str

    @property
    def where(self) -> str:
        """The path as people read it."""
        return ".".join(shown(str(part)) for part in self.path)


def fault(data: Any, schemas: Schemas, kind: str = "observation") -> Fault | None:
    """What is wrong with data, if anything is."""
    validator = schemas.validator(kind)
    if validator.is_valid(data):
        return None
    first = min(
        islice(validator.faults(data), FAULTS_AT_MOST), key=lambda fault: (*map(str, fault.path), fault.keyword)
    )
    return Fault(first.path, first.keyword)


def _parse(raw: bytes) -> Any:
    """The data; ValueError where no other program would read the same: doubled keys, NaN, half characters."""
    text = raw.decode()
    data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    if "\\ud" in text.lower():
        json.dumps(data, ensure_ascii=False).encode()
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _OddError("a key stands in it twice")
    return found


def _refuse(constant: str) -> None:
    raise _OddError(f"{constant} is not a number")


class _OddError(ValueError):
    pass


def _why(error: Exception) -> str:
    if isinstance(error, _OddError):
        return f": {error}"
    if isinstance(error, UnicodeError):
        return ": it holds half a character" if isinstance(error, UnicodeEncodeError) else ": it is not UTF-8"
    return ": nested too deep" if isinstance(error, RecursionError) else ""


def from_data(data: Mapping[str, Any]) -> Observation:
    """An observation from checked data."""
    return Observation(
        source=data["source"],
        collector=data["collector"],
        version=data["version"],
        status=data["status"],
        things=tuple(_thing(key, thing) for key, thing in data["things"].items()),
        edges=tuple(
            SeenEdge(
                edge["from"],
                edge["to"],
                edge["type"],
                _evidence(edge),
                edge.get("confidence", 1.0),
                edge.get("last_seen", ""),
            )
            for edge in data["edges"]
        ),
        secrets=tuple(
            ExposedSecret(secret["file"], secret["line"], secret["what"], secret.get("name", ""))
            for secret in data.get("secrets", ())
        ),
        problems=tuple(Unreadable(item["file"], item["line"], item["message"]) for item in data.get("problems", ())),
        scopes=tuple(data.get("scopes", ())),
        environment=data.get("environment"),
        role=data.get("role"),
        reason=data.get("reason", ""),
        digest=data.get("digest", ""),
    )


def _thing(key: str, data: Mapping[str, Any]) -> Thing:
    return Thing(
        key,
        data["name"],
        tuple(data.get("identifiers", ())),
        tuple(data.get("aliases", ())),
        data.get("facts", {}),
        _evidence(data),
        data.get("confidence", 1.0),
        data.get("kind", "asset"),
    )


def _evidence(data: Mapping[str, Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["file"], item["line"], item.get("digest", "")) for item in data.get("evidence", ()))


def to_data(seen: Observation) -> dict[str, Any]:
    """An observation as data, in one fixed order; what is empty is left out."""
    head = {
        "schema": 1,
        "source": seen.source,
        "collector": seen.collector,
        "version": seen.version,
        "role": seen.role,
        "environment": seen.environment,
        "status": seen.status,
        "reason": seen.reason,
        "digest": seen.digest,
        "scopes": list(seen.scopes),
    }
    return {
        **_filled(head),
        "things": {thing.key: _thing_data(thing) for thing in sorted(seen.things, key=lambda thing: thing.key)},
        "edges": [_edge_data(edge) for edge in sorted(seen.edges)],
        **_filled(
            {
                "secrets": [_filled(secret._asdict()) | {"line": secret.line} for secret in sorted(seen.secrets)],
                "problems": [item._asdict() for item in sorted(seen.problems)],
            }
        ),
    }


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


def _thing_data(thing: Thing) -> dict[str, Any]:
    data = {
        "kind": thing.kind,
        "name": thing.name,
        "identifiers": list(thing.identifiers),
        "aliases": list(thing.aliases),
        "facts": dict(sorted(thing.facts.items())),
        "evidence": _evidence_data(thing.evidence),
    }
    return {**_filled(data), "confidence": thing.confidence}


def _edge_data(edge: SeenEdge) -> dict[str, Any]:
    data = {"from": edge.source, "to": edge.target, "type": edge.type, "evidence": _evidence_data(edge.evidence)}
    return {**_filled(data), "confidence": edge.confidence, **({"last_seen": edge.last} if edge.last else {})}


def _evidence_data(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [_filled(item._asdict()) | {"line": item.line} for item in evidence]


def text(data: Mapping[str, Any]) -> bytes:
    """Data as the bytes of a file under `observed/`."""
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def looked_text(looked: Mapping[str, date]) -> bytes:
    """The file that says when each source was last looked at."""
    return text({"schema": 1, "sources": {source: day.isoformat() for source, day in sorted(looked.items())}})
