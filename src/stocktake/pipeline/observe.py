"""Look at the live stores that the registry names a connection for, and keep what was seen."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

from stocktake import run
from stocktake.errors import FailedProgramError, InputError, LookError, MissingProgramError, Problem, UsageError
from stocktake.load.files import Tree
from stocktake.model.estate import Estate
from stocktake.model.observation import NOT_LOOKED, Observation
from stocktake.observe import observation
from stocktake.observe.connect import open as door
from stocktake.observe.look import ROLE, Fact
from stocktake.observe.probes.table import PROBES
from stocktake.observe.query import Options
from stocktake.observe.script import Answers
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.include import refuse_included
from stocktake.values.text import closest

AT_ONCE = 8
_ANSWERS_AT_MOST = 512_000_000


class Target(NamedTuple):
    """One asset in one environment, and the variable that holds its URL."""

    asset: str
    environment: str | None
    variable: str

    @property
    def source(self) -> str:
        """The name of its observation."""
        return f"{self.asset}-{self.environment}" if self.environment else self.asset


class Looked(NamedTuple):
    """`fresh` is what this run saw or could not see; `every` is what belongs under observed/; `bugs` are ours."""

    fresh: tuple[Observation, ...]
    every: tuple[Observation, ...]
    bugs: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """3 our bug, 4 where something could not be looked at, else 0."""
        return 3 if self.bugs else 4 if any(one.status == NOT_LOOKED for one in self.fresh) else 0


Look = Callable[[Target], tuple[list[Fact], str | None]]


def targets(estate: Estate) -> list[Target]:
    """Everything that names a connection, sorted; an instance's own stands over the asset's."""
    found = []
    for record in estate.of("asset"):
        instances = record.data.get("instances") or {None: {}}
        for environment, instance in instances.items():
            if variable := (instance or {}).get("connection") or record.data.get("connection"):
                found.append(Target(record.id, environment, variable))
    return sorted(found, key=lambda target: (target.asset, target.environment or ""))


def chosen(estate: Estate, assets: Iterable[str], environment: str | None) -> list[Target]:
    """The targets that are meant.

    Raises UsageError where there is none to one that was named.
    """
    every = targets(estate)
    wanted = [name.removeprefix("asset/") for name in assets]
    for name in wanted:
        if (record := estate.by_address.get(f"asset/{name}")) is not None:
            refuse_included(record)
        else:
            guess = closest(name, [record.id for record in estate.of("asset")])
            raise UsageError(f"There is no asset {name}", f"Did you mean {guess}?" if guess else "")
        if not any(target.asset == name for target in every):
            raise UsageError(
                f"asset/{name} names no connection",
                "Write the name of the environment variable that holds its URL into `connection`.",
            )
    if environment is not None and environment not in estate.settings.environments:
        raise UsageError(f"{environment} is not one of the environments in stocktake.yaml")
    meant = [
        target
        for target in every
        if (not wanted or target.asset in wanted) and environment in (None, target.environment)
    ]
    if not meant:
        raise UsageError("There is nothing to look at", "No asset names a `connection` there.")
    return meant


def observe(
    tree: Tree,
    assets: Iterable[str],
    environment: str | None,
    variables: Mapping[str, str],
    today: date,
    options: Options = Options(),  # noqa: B008 - it cannot change
    answers: str | None = None,
) -> Looked:
    """Look at what is meant; `answers` is a file to read in the place of a connection."""
    estate = open_estate(tree).sound()
    _refuse_clashes(estate)
    meant = chosen(estate, assets, environment)
    if answers is not None and len(meant) != 1:
        raise UsageError("Answers in a file are of one store", "Name one asset and one environment.")
    look = _from_file(answers, options) if answers is not None else _live(tree.root, variables, options)
    with ThreadPoolExecutor(AT_ONCE) as executor:
        return looked(estate, meant, look, today, executor)


def looked(estate: Estate, meant: Iterable[Target], look: Look, today: date, executor: Executor) -> Looked:
    """Look at each target, and put what was seen in the place of what was seen before."""
    before = {one.source: one for one in estate.observations if one.collector == observation.COLLECTOR}
    bugs: list[str] = []

    def see(target: Target) -> Observation:
        last = before.get(target.source)
        try:
            facts, role = look(target)
            seen = observation.seen(target.asset, target.source, target.environment, facts, role)
            return seen._replace(looked=today)
        except LookError as error:
            return observation.not_looked(last, target.source, target.environment, str(error))
        except Exception:  # noqa: BLE001  one probe on one store: our bug, and the others are still looked at
            bugs.append(f"{target.source}: {traceback.format_exc()}")
            reason = "a mistake in Stocktake"
            return observation.not_looked(last, target.source, target.environment, reason)

    fresh = tuple(executor.map(see, meant))
    names = {one.source for one in fresh}
    there = {target.source for target in targets(estate)}
    kept = [
        one
        for one in estate.observations
        if one.source not in names and (one.source in there or one.collector != observation.COLLECTOR)
    ]
    return Looked(fresh, tuple(sorted([*kept, *fresh], key=lambda one: one.source)), tuple(sorted(bugs)))


def _live(root: str, variables: Mapping[str, str], options: Options) -> Look:
    def look(target: Target) -> tuple[list[Fact], str | None]:
        url = variables.get(target.variable, "").strip()
        if not url:
            raise LookError(f"the environment variable {target.variable} is not set")
        engine = door.engine_of(url)
        with door.connect(url, root) as ask:
            facts, role = _probed(engine, ask, options._replace(every_database=not ask.names_a_database))
        if engine == "sqlite":
            facts += _in_git(os.path.join(root, door.path_of(url)))
        return facts, role

    return look


def _from_file(path: str, options: Options) -> Look:
    folder, name = os.path.split(os.path.abspath(path))
    text = Tree(folder).read(name, _ANSWERS_AT_MOST).decode("utf-8", "replace")

    def look(target: Target) -> tuple[list[Fact], str | None]:
        try:
            return _probed("postgresql", Answers(text), options)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise LookError("the file holds answers that PostgreSQL does not give") from None

    return look


def _probed(engine: str, ask: Any, options: Options) -> tuple[list[Fact], str | None]:
    """The facts, and the role that saw them."""
    facts = list(PROBES[engine](ask, options))
    role = next((str(value) for name, value in facts if name == ROLE), None)
    return [fact for fact in facts if fact[0] != ROLE], role


def _in_git(path: str) -> list[Fact]:
    """Whether Git keeps the file; the folder's own settings of Git must not start a program."""
    folder, name = os.path.split(os.path.abspath(path))
    command = ["git", "-c", "core.fsmonitor=false", "-C", folder, "ls-files", "--error-unmatch", "--", name]
    try:
        run.run(command, timeout=10)
    except MissingProgramError:
        return []
    except FailedProgramError:
        return [("file.tracked_by_git", False)]
    return [("file.tracked_by_git", True)]


def _refuse_clashes(estate: Estate) -> None:
    """Two observations must not share a file."""
    taken = {source.name: f"sources.{source.name}" for source in estate.settings.sources}
    problems = []
    for target in targets(estate):
        what = f"asset/{target.asset} in {target.environment}" if target.environment else f"asset/{target.asset}"
        if other := taken.get(target.source):
            message = f"{what} and {other} would both be written to observed/{target.source}.json"
            path = estate.by_address[f"asset/{target.asset}"].path
            problems.append(Problem(path, 0, 0, "connection", message, "Rename one of them."))
        taken.setdefault(target.source, what)
    if problems:
        raise InputError(problems)
