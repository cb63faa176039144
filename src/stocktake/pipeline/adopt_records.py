"""Write drafts as records that `check` accepts, and judge them beside those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from stocktake.edit.new import dump, record_text
from stocktake.errors import InputError, Problem
from stocktake.exchange.adopt.draft import Draft, label, shortened
from stocktake.load import known
from stocktake.load.files import Tree
from stocktake.load.over import Over
from stocktake.model.audit import Audit
from stocktake.model.kind import Kind
from stocktake.model.outcome import FAIL
from stocktake.pipeline.check import check
from stocktake.pipeline.estate import Opened, open_estate
from stocktake.pipeline.new import resolved

# Without these a record of some kind is none.
_NEEDED = ("date", "from", "method", "name", "statement", "status", "to", "type", "when", "where")


def texts(drafts: Iterable[Draft], opened: Opened, tree: Tree, today: date) -> tuple[dict[str, bytes], list[str]]:
    """The records as files. A fact that `check` would refuse becomes a label, and is told."""
    work = {_path(opened.schemas.kind(one.kind), one.id): one for one in drafts}
    told: list[str] = []
    while True:
        files = {path: _text(path, draft, opened, today) for path, draft in work.items()}
        wrong = [one for one in open_estate(Over(tree, files)).problems if one.path in work]
        if not wrong:
            return files, told
        for path in sorted({one.path for one in wrong}):
            problem = next(one for one in wrong if one.path == path)
            mended, note = _without(work[path], problem)
            told.append(note)
            if mended:
                work[path] = mended
            else:
                del work[path]


def _path(kind: Kind, identity: str) -> str:
    return f"{kind.folder}/{identity}.{'md' if kind.format == 'markdown' else 'yaml'}"


def _without(draft: Draft, problem: Problem) -> tuple[Draft | None, str]:
    """The draft without what is refused; none where nothing can be left out of it."""
    facts, labels = dict(draft.facts), dict(draft.labels)
    field = next(
        (name for name in facts if problem.field == name or problem.field.startswith((f"{name}.", f"{name}["))), ""
    )
    said = f"{draft.place}: {problem.field}: {problem.message}"
    if field in _NEEDED or (not field and not (problem.field.startswith("labels") and labels)):
        return None, f"{said}; it is left out"
    if field:
        labels[label(field.replace(".", "-"))] = shortened(str(facts.pop(field)))
        return draft._replace(facts=facts, labels=labels), f"{said}; it is kept as a label"
    name = next((one for one in labels if one in problem.field), next(iter(labels)))
    del labels[name]
    return draft._replace(labels=labels), f"{said}; the label is left out"


def _text(path: str, draft: Draft, opened: Opened, today: date) -> bytes:
    nested: dict[str, Any] = {}
    for name, value in draft.facts.items():
        *outer, last = name.split(".")
        here = nested
        for step in outer:
            here = here.setdefault(step, {})
        here[last] = value
    if draft.prose:
        nested["description"] = "\n\n".join(filter(None, (nested.get("description", ""), *draft.prose)))
    labels = dict(draft.labels)
    if draft.kind != "source":
        labels["adopted-from"] = shortened(draft.place)
    nested["labels"] = dict(sorted(labels.items()))
    kind = opened.schemas.kind(draft.kind)
    if kind.format == "markdown":
        return f"---\n{dump(nested)}---\n\n{draft.body}\n".encode()
    schema = resolved(opened.schemas, draft.kind)
    return record_text(kind, schema, draft.id, nested, today.isoformat(), "../" * path.count("/")).encode()


def judged(tree: Tree, files: Mapping[str, bytes], today: date) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """What the rules find with the new records and not without them, and the list of known findings with it."""
    if not files:
        return (), "", ()
    before, after = check(tree, today), check(Over(tree, files), today)
    if after.audit is None:
        raise InputError(after.problems)
    old = _failing(before.audit)
    found = sorted({*_failing(after.audit), *(one.identity for one in after.counting)} - old)
    listed = {**known.read_known(tree), **dict.fromkeys(found, today.isoformat())}
    return tuple(found), known.known_text(listed), after.bugs


def _failing(judged: Audit | None) -> set[str]:
    return {one.identity for one in judged.outcomes if one.state == FAIL} if judged else set()
