"""Of what everything was seen: what is declared there and was not seen is gone."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.discover import places
from stocktake.discover.projects import Project
from stocktake.discover.walk import CLOSED, LEAVES
from stocktake.model.observation import Observation, Thing, Unreadable


def scopes(
    found: Iterable[Project], problems: Iterable[Unreadable], things: Iterable[Thing], before: Observation | None
) -> tuple[str, ...]:
    """The projects of which every file was understood, and what an earlier look saw: a whole project may vanish.

    A file that was not understood may belong to any project above it.
    """
    broken = [places.folder(problem.file) for problem in problems if _may_hold_services(problem)]
    whole = {
        f"compose:{project.name}/"
        for project in found
        if project.is_composed and not any(places.is_below(folder, project.folder) for folder in broken)
    }
    return tuple(sorted(whole | (_of_earlier(before, things) if before else set())))


def _may_hold_services(problem: Unreadable) -> bool:
    return problem.file.endswith((".yml", ".yaml")) or problem.message in (CLOSED, LEAVES)


def _of_earlier(before: Observation, things: Iterable[Thing]) -> set[str]:
    """The scopes of the look before, and each identifier that is not seen any more, unless it lies in one of them."""
    there = {name for thing in things for name in thing.identifiers}
    projects = tuple(scope for scope in before.scopes if scope.endswith("/"))
    names = {scope for scope in before.scopes if not scope.endswith("/")}
    names |= {name for thing in before.things for name in thing.identifiers}
    return {*projects, *(name for name in names - there if not name.startswith(projects))}
