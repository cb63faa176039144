"""What happened to every record, from the history in Git: read once, then only what is new."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, NamedTuple

from stocktake.errors import InputError
from stocktake.history.approvals import FOLDER as APPROVALS
from stocktake.history.touches import Committed, Touched, Walked, requests, walked
from stocktake.load import yaml
from stocktake.load.files import Tree, real, schema_folder
from stocktake.load.flatten import flatten
from stocktake.load.front_matter import split
from stocktake.load.schemas import read_schemas
from stocktake.model.chronicle import ADDED, RENAMED, Chronicle, Deed, Edit, Touch
from stocktake.model.estate import Estate
from stocktake.model.kind import Kind, Shape
from stocktake.model.ledger import Entry
from stocktake.pipeline.cached import folder_of, put, taken
from stocktake.pipeline.kept import tool
from stocktake.values.secret import redact

NO_GIT = "This folder is not in Git, or nothing is committed yet, so nothing is told about who changed what."
SHALLOW = (
    "This is a shallow clone, in which older revisions are missing. "
    "`git fetch --unshallow` gets them; in a workflow, check out with `fetch-depth: 0`."
)
PARTIAL = (
    "This is a partial clone: what files held is not here, and nobody is asked for it. "
    "Clone the whole repository to see who changed what."
)
_EDITS_AT_MOST = 8
_VALUE_AT_MOST = 100

Facts = Mapping[str, Any]
Edits = tuple[tuple[Edit, ...], int]


class _Known(NamedTuple):
    """What was read of the history: commits and touches, newest first, and what each touch edited."""

    commits: tuple[Committed, ...]
    touched: tuple[Touched, ...]
    edits: tuple[Edits, ...]


def chronicle(tree: Tree, estate: Estate, revision: str = "HEAD") -> Chronicle:
    """All touches of the records and settings of a repository up to a revision."""
    kinds = tuple(estate.kinds.values())
    folders = (kind.folder for kind in kinds if not kind.folder.startswith("registry/"))
    paths = ("registry", "stocktake.yaml", APPROVALS, *sorted(set(folders)))
    with walked(tree.root, paths, revision) as found, _uncollected():
        if found is None:
            return Chronicle((), NO_GIT)
        if found.is_partial:
            return Chronicle((), PARTIAL)
        known = _known(tree, found, kinds, paths, revision == "HEAD")
        told = SHALLOW if found.is_shallow else ""
    addresses = {record.path: record.address for record in estate.records}
    touches = tuple(_touches(known, addresses))
    are_signed = any(touch.path.startswith(APPROVALS) for touch in touches)
    return Chronicle(touches, told, _signatures(tree.root, revision) if are_signed else None)


def _signatures(root: str, revision: str) -> dict[str, Entry]:
    """The approvals that the revision keeps, by path; each is verified by a program, so only where there are some."""
    from stocktake.pipeline.ledger import ledger

    return {f"{APPROVALS}/{one.path}": one for one in ledger(root, revision)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """So many values are made here, and all are kept, that looking for those that are not would double the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _known(tree: Tree, found: Walked, kinds: tuple[Kind, ...], paths: tuple[str, ...], keep: bool) -> _Known:
    """What was kept with what is new; everything anew where the branch does not lead to what was kept."""
    folder, key = folder_of(tree.root), f"{tool()} {found.is_shallow} {_digest((paths, *map(_form, kinds)))}"
    name = f"history-{_digest(real(tree.root))}.json"
    before = taken(folder, name)
    if before is not None and before.get("key") == key and before.get("head") == found.head:
        return _read(before)
    old = _read(before) if before is not None and before.get("key") == key else None
    walk = found.walk(str(before["head"])) if old and before and found.has(str(before["head"])) else None
    if walk is None or not walk.is_joined:
        old, walk = None, found.walk()
    edits = _edits(found, walk.touched, kinds)
    known = _Known(
        (*walk.commits, *(old.commits if old else ())),
        (*walk.touched, *(old.touched if old else ())),
        (*edits, *(old.edits if old else ())),
    )
    if keep:
        put(folder, name, {"key": key, "head": found.head, **_written(known)})
    return known


def _form(kind: Kind) -> str:
    """What the facts of a kind rest on: where its records lie, and which of their keys are fixed."""

    def form(shape: Shape) -> object:
        fields = sorted((name, form(inner)) for name, inner in (shape.fields or {}).items())
        return fields, form(shape.item) if shape.item else None

    return f"{kind.name} {kind.folder} {form(kind.shape)}"


def _digest(value: object) -> str:
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _written(known: _Known) -> dict[str, Any]:
    """The same by columns, which are read again much faster than rows."""
    edits = [
        (number, more, [text for edit in some for text in edit])
        for number, (some, more) in enumerate(known.edits)
        if some or more
    ]
    return {
        "commits": [*zip(*known.commits, strict=True)],
        "touched": [*zip(*known.touched, strict=True)],
        "edits": edits,
    }


def _read(before: Mapping[str, Any]) -> _Known:
    commits = [*before["commits"]]
    if commits:
        commits[1], commits[5] = map(tuple, commits[1]), map(tuple, commits[5])
    touched = tuple(map(Touched._make, zip(*before["touched"], strict=True)))
    edits: list[Edits] = [((), 0)] * len(touched)
    for number, more, texts in before["edits"]:
        edits[number] = (tuple(map(Edit._make, zip(*[iter(texts)] * 3, strict=True))), more)
    return _Known(tuple(map(Committed._make, zip(*commits, strict=True))), touched, tuple(edits))


def _edits(found: Walked, touched: tuple[Touched, ...], kinds: tuple[Kind, ...]) -> list[Edits]:
    """What each touch edited, newest first; read oldest first, so that each content is read and parsed once."""
    shape_of = _shape_of(kinds)
    wanted = [one for one in reversed(touched) if one.new and one.old and one.old != one.new]
    needed = {name: one.path for one in wanted for name in (one.old, one.new) if shape_of(one.path)}
    facts = {name: _facts(raw, needed[name], shape_of(needed[name])) for name, raw in found.contents(needed)}
    return [_edited(facts.get(one.old), facts.get(one.new)) if one.old and one.new else ((), 0) for one in touched]


def _shape_of(kinds: tuple[Kind, ...]) -> Callable[[str], Shape | None]:
    """What a file may hold, by the folder that it lies in; only the settings lie in none."""
    folders = {kind.folder: kind.shape for kind in kinds}
    found: dict[str, Shape | None] = {"": read_schemas(Tree(schema_folder())).shape("settings")}

    def shape_of(path: str) -> Shape | None:
        folder = path.rpartition("/")[0]
        if folder not in found:
            above = folder
            while above and above not in folders:
                above = above.rpartition("/")[0]
            found[folder] = folders.get(above)
        return found[folder]

    return shape_of


def _facts(raw: bytes, path: str, shape: Shape | None) -> Facts | None:
    """The facts of a file as it was; None where it cannot be read."""
    try:
        data, _ = yaml.parse(split(raw, path)[0] if path.endswith(".md") else raw, path)
        return flatten(data, shape) if isinstance(data, dict) and shape else None
    except (InputError, UnicodeDecodeError, RecursionError, ValueError):
        return None


def _edited(before: Facts | None, after: Facts | None) -> Edits:
    if before is None or after is None:
        return (), 0
    names = sorted({name for name in {*before, *after} if before.get(name) != after.get(name)})
    edits = (Edit(name, _said(before.get(name)), _said(after.get(name))) for name in names[:_EDITS_AT_MOST])
    return tuple(edits), max(0, len(names) - _EDITS_AT_MOST)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    found = redact(_text(value).strip())
    return found if len(found) <= _VALUE_AT_MOST else f"{found[: _VALUE_AT_MOST - 1]}…"


def _text(value: Any) -> str:
    """A list of words as people write it, anything else as JSON does."""
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return ", ".join(map(str, value))
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else "" if value is None else str(value)
    )


def _touches(known: _Known, addresses: Mapping[str, str]) -> Iterator[Touch]:
    """Newest first, so that a file that was renamed is the record that it is now."""
    deeds = _deeds(known.commits)
    now = dict(addresses)
    for one, (edits, more) in zip(known.touched, known.edits, strict=True):
        address = now.get(one.path, "")
        if one.what == ADDED:  # before that the path was of something else
            now.pop(one.path, None)
        elif one.what == RENAMED:
            now.pop(one.path, None)
            if address:
                now[one.was] = address
        yield Touch(deeds[one.commit], one.path, address, one.what, one.was, edits, more)


def _deeds(commits: Iterable[Committed]) -> Mapping[str, Deed]:
    every = tuple(commits)
    came = requests(every)
    return {
        one.id: Deed(one.id, one.author, one.time, one.subject, *came.get(one.id, (one.request, one.claimed))[::-1])
        for one in every
    }
