"""Bring a repository up to the scaffold of this Stocktake: merge what changed, and list what only new rules find."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from stocktake.errors import InputError, Problem, UsageError
from stocktake.load import known
from stocktake.load.files import Tree
from stocktake.model.outcome import FAIL
from stocktake.pipeline.check import check
from stocktake.pipeline.scaffold import Scaffold, base, managed, schemas, wishes_of
from stocktake.rules.table import BY_ID
from stocktake.scaffold.base import FILE, Base, base_text, read_base
from stocktake.scaffold.pins import moved_on, newer, spec_in
from stocktake.scaffold.plan import Here, New, Step, steps
from stocktake.scaffold.releases import Release, moves, since
from stocktake.scaffold.render import Wishes
from stocktake.scaffold.templates import Older
from stocktake.values.version import compare
from stocktake.write import remove, write_all

CONFLICTS = ".stocktake/conflicts"
_HOOK, _PROJECT = ".pre-commit-config.yaml", "pyproject.toml"
_AT_MOST = 4_000_000


class Plan(NamedTuple):
    """What there is to do: `before` and `after` are the records of the scaffold, `behind` the releases between them,
    `rules` the ids that are new here, `unsettled` the conflicts of before that still lie there.
    """

    before: Base
    after: Base
    steps: tuple[Step, ...]
    behind: tuple[Release, ...]
    rules: tuple[str, ...]
    unsettled: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        """Whether anything is to do; another place to install from, which somebody wrote into both files, is not."""
        return bool(self.steps or self.rules or self.before.version != self.after.version)


class Listed(NamedTuple):
    """The findings of new rules, with the whole list as it is to be, or the problems for which nothing was judged."""

    new: tuple[str, ...]
    text: str
    problems: tuple[Problem, ...]
    bugs: tuple[str, ...]


def plan(tree: Tree, scaffold: Scaffold, spec: str = "", older: Older | None = None, afresh: bool = False) -> Plan:
    """What an upgrade would do; nothing is written.

    `spec` is where Stocktake is installed from, from now on; `older` is the scaffold that made a repository which has
    no record of it, and `afresh` compares such a repository with nothing.
    Raises UsageError where there is no record, or it is of a newer Stocktake.
    """
    before = _before(tree, older, afresh)
    if compare(before.version, scaffold.version) == 1:
        hint = f"Install that one: this is {scaffold.version}."
        raise UsageError(f"This repository was last upgraded by Stocktake {before.version}", hint)
    wishes = wishes_of(before)
    current = _spec(tree, wishes.spec) or wishes.spec
    wishes = wishes._replace(spec=spec or moved_on(current, scaffold.version))
    files, copies = managed(scaffold.templates, wishes), _copies()
    titles = ("yours", f"Stocktake {before.version}", f"Stocktake {scaffold.version}")
    behind = since(before.version, scaffold.releases)
    found = steps(before.files, {**files, **copies}, lambda path: _here(tree, path), moves(behind), titles)
    after = base(scaffold.version, wishes, files, copies)
    still = [path for path in sorted({*before.files, *after.files}) if tree.has(conflict_file(path))]
    return Plan(before, after, tuple(found), behind, tuple(sorted(after.rules - before.rules)), tuple(still))


def conflict_file(path: str) -> str:
    """Where a conflict lies that is to be looked at: where no program takes it for the file itself."""
    return f"{CONFLICTS}/{path}.merge"


def apply(tree: Tree, made: Plan, today: date) -> Listed:
    """Do it. The record of the scaffold comes last, so that a run that was killed is done again from where it began.

    Raises UsageError where a conflict of before was not looked at yet.
    """
    _refuse_open(tree, made)
    write_all(tree.root, _written(made.steps))
    for gone in (step.gone for step in made.steps if step.gone):
        remove(os.path.join(tree.root, gone))
    listed = findings(tree, made.rules, today)
    if listed.problems:  # another run lists what they find, once the registry can be read
        after = made.after._replace(rules=made.before.rules & made.after.rules)
        write_all(tree.root, [(FILE, base_text(after).encode())])
        return listed
    if listed.new:
        write_all(tree.root, [(known.FILE, listed.text.encode())])
    write_all(tree.root, [(FILE, base_text(made.after).encode())])
    return listed


def findings(tree: Tree, rules: Iterable[str], today: date) -> Listed:
    """What these rules find that is not listed as known."""
    new = frozenset(rules)
    if not new:
        return Listed((), "", (), ())
    report = check(tree, today)
    if report.audit is None:
        return Listed((), "", report.problems, ())
    failing = [one for one in report.audit.outcomes if one.state == FAIL and not one.known]
    names = {one.identity for one in (*failing, *report.counting)}
    found = sorted(name for name in names if name.partition("@")[0] in new)
    listed = {**known.read_known(tree), **dict.fromkeys(found, today.isoformat())}
    return Listed(tuple(found), known.known_text(listed), (), report.bugs)


def _before(tree: Tree, older: Older | None, afresh: bool) -> Base:
    has = tree.has(FILE)
    if has and (older or afresh):
        raise UsageError(f"{FILE} says what made this repository", "Leave out --from and --afresh.")
    if has:
        return read_base(tree.read(FILE))
    wishes = Wishes(_name(tree), _spec(tree), "", host="gitlab" if tree.has(".gitlab-ci.yml") else "github")
    if afresh:
        return Base("before", {name: value for name, value in wishes._asdict().items() if value}, frozenset(BY_ID), {})
    if older is None:
        raise UsageError(
            f"There is no {FILE}, which says what the scaffold wrote here",
            "Name the Stocktake that made this repository, a wheel or a checkout, as in `stocktake upgrade --from "
            "stocktake-0.1.0-py3-none-any.whl`; or look at each file that differs with `stocktake upgrade --afresh`.",
        )
    return base(older.version, wishes, managed(older.templates, wishes), _found_copies(tree), older.rules)


def _name(tree: Tree) -> str:
    """What the estate is called, from its settings."""
    from stocktake.load.strict import parse

    data = parse(tree.read("stocktake.yaml").decode(errors="replace")).data
    name = data.get("name") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name else "Data estate"


def _found_copies(tree: Tree) -> New:
    """The copies of our schemas as they are: nobody can tell any more whether somebody changed them."""
    found = {path: _here(tree, path).text for path in _copies()}
    return {path: (text, False) for path, text in found.items() if text is not None}


def _copies() -> Mapping[str, tuple[str, bool]]:
    return {path: (content.decode(), False) for path, content in schemas()}


def _spec(tree: Tree, recorded: str = "") -> str:
    """Where hook and project install Stocktake from: where they differ, what somebody changed in one of them since it
    was recorded; the newer version of two; else what the hook says.
    """
    hook, project = (spec_in(_here(tree, path).text or "") for path in (_HOOK, _PROJECT))
    edited = [one for one in (hook, project) if one not in ("", recorded)]
    return edited[0] if len(edited) == 1 else newer(hook, project)


def _here(tree: Tree, path: str) -> Here:
    mode = tree.mode(path)
    if mode is None:
        return Here(False)
    if not stat.S_ISREG(mode):
        return Here(True)
    try:
        raw = tree.read(path, _AT_MOST)
        text = raw.decode() if len(raw) <= _AT_MOST else None
    except (InputError, UnicodeDecodeError):
        text = None
    return Here(True, text, bool(mode & 0o100))


def _written(found: Iterable[Step]) -> Iterator[tuple[str, bytes, bool]]:
    for step in found:
        if step.text is not None:
            yield step.path, step.text.encode(), step.executable
        if step.conflict is not None:
            yield conflict_file(step.path), step.conflict.encode(), False


def _refuse_open(tree: Tree, made: Plan) -> None:
    """A conflict that is not looked at yet must not be lost under a newer one; one of a run that was killed is the
    same.
    """
    coming = {step.path: step.conflict for step in made.steps if step.conflict is not None}
    lost = [path for path in made.unsettled if path in coming and _here(tree, conflict_file(path)).text != coming[path]]
    if lost:
        wrong = [
            Problem(conflict_file(path), 0, 0, "", "is not looked at yet, and there is a newer one") for path in lost
        ]
        raise InputError([one._replace(hint="Take from it what you want, then delete it.") for one in wrong])
