"""What an issue that was opened with a form says of a new record."""

from __future__ import annotations

from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem, UsageError
from stocktake.exchange.issue_form import LONGEST, Answer, answers, questions
from stocktake.load.files import Tree, real, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.load.yaml import parse
from stocktake.pipeline.check_files import Checker
from stocktake.pipeline.new import resolved
from stocktake.values.text import person, shown, slug

FORMS = ".github/ISSUE_TEMPLATE"
_BYTES = 4 * LONGEST


class Told(NamedTuple):
    """The id that a record gets, its facts, and what was answered that is no fact: it stays in the issue."""

    identity: str
    facts: dict[str, Any]
    left: tuple[str, ...]


def from_issue(tree: Tree, kind: str, path: str, identity: str = "") -> Told:
    """The facts in an issue of the form `.github/ISSUE_TEMPLATE/KIND.yml`; `path` is where the text of the issue lies.
    Only a question whose id is a fact of the kind gives a fact.

    Raises UsageError where there is no such form, InputError where the issue does not fit it.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    form = f"{FORMS}/{kind}.yml"
    if kind not in schemas.folders() or not tree.has(form):
        raise UsageError(f"There is no form {shown(form)}", "`stocktake new KIND ID` needs none.")
    parsed, wrong = parse(tree.read(form), form)
    if wrong:
        raise InputError(wrong)
    folder, _, name = real(path).rpartition("/")
    raw = Tree(folder or "/").read(name, _BYTES)
    if len(raw) > _BYTES:
        raise InputError([Problem(path, 0, 0, "", f"is longer than {LONGEST:,} characters, and so no issue")])
    asked = questions(parsed)
    found, problems = answers(asked, raw.decode("utf-8", "replace"), path)
    facts_of = resolved(schemas, kind)["properties"]
    facts, labels = {}, {question.id: question.label for question in asked}
    checker = Checker(tree, schemas)
    for field, given in found.items():
        if field in facts_of:
            facts[field], wrong = _value(
                checker, facts_of[field], given, Problem(path, given.line, 1, labels[field], "")
            )
            problems += wrong
    if problems:
        raise InputError(problems)
    left = tuple(labels[field] for field in found if field not in facts)
    return Told(identity or slug(str(facts.get("name", ""))), facts, left)


def _value(checker: Checker, schema: Any, given: Answer, place: Problem) -> tuple[str, list[Problem]]:
    """One answer as a fact; a team may be called by its name."""
    if "\n" in given.text:
        return "", [place._replace(message="is more than one line")]
    target = schema.get("x-ref") if isinstance(schema, dict) else None
    if not isinstance(target, str):
        return given.text, []
    ids = checker.ids(target)
    if given.text in ids:
        return given.text, []
    wanted = person(given.text)
    fitting = [one for one in sorted(ids) if wanted in (one, person(_called(checker.tree, ids[one])))]
    if len(fitting) == 1:
        return fitting[0], []
    hint = f"There are {', '.join(sorted(ids)[:20])}." if ids else f"There is none yet: `stocktake new {target} ID`."
    return "", [place._replace(message=f'names "{shown(given.text[:60])}", which is no {target} here', hint=hint)]


def _called(tree: Tree, path: str) -> str:
    data, _ = parse(tree.read(path), path)
    return str(data.get("name") or "") if isinstance(data, dict) else ""
