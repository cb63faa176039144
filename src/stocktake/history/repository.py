"""A door: the repository around a folder, and what all that read it ask of it first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from stocktake.errors import UsageError

if TYPE_CHECKING:
    from git import Repo

T = TypeVar("T")


@contextmanager
def opened(folder: str, make: Callable[[Repo], T | None]) -> Iterator[T | None]:
    """What is made of the repository around a folder, which is closed behind it; None outside of Git, and where Git
    refuses what is asked of it.
    """
    try:
        from git import GitCommandError, InvalidGitRepositoryError, NoSuchPathError, Repo
    except ImportError:  # GitPython refuses to load where the program is missing
        yield None
        return
    refusals = (GitCommandError, InvalidGitRepositoryError, NoSuchPathError, ValueError, OSError)
    try:
        repository = Repo(folder, search_parent_directories=True)
    except refusals:
        yield None
        return
    with repository:
        try:
            found = make(repository)
        except refusals:
            found = None
        yield found


def required(folder: str, hint: str) -> Repo:
    """The repository around a folder.

    Raises UsageError with the hint where there is none.
    """
    try:
        from git import InvalidGitRepositoryError, NoSuchPathError, Repo
    except ImportError:  # as above
        raise UsageError("Git is not installed", hint) from None
    try:
        return Repo(folder, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise UsageError("This folder is not in Git", hint) from None


def top(repository: Repo, folder: str) -> str:
    """The folder that is checked out; of a repository without a checkout, the one that was asked for."""
    return os.path.realpath(str(repository.working_tree_dir or folder))


def prefix(repository: Repo, folder: str) -> str:
    """What paths below a folder begin with in the repository: its own path with a slash, empty at the top."""
    inside = os.path.relpath(os.path.realpath(folder), top(repository, folder)).replace(os.sep, "/")
    return "" if inside == "." else f"{inside}/"


def is_shallow(repository: Repo) -> bool:
    """Whether older commits were cut off."""
    return bool(repository.git.rev_parse("--is-shallow-repository") == "true")


def is_partial(repository: Repo) -> bool:
    """Whether contents were left where they came from, so that reading them would need the network."""
    with repository.config_reader("repository") as config:
        told = any(config.has_option(section, "promisor") for section in config.sections())
        return bool(told or config.has_option("extensions", "partialclone"))
