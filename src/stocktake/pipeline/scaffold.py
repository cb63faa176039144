"""What the scaffold writes into a repository, and the record of it that `upgrade` merges from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stocktake import __version__
from stocktake.load.files import Tree, schema_folder
from stocktake.rules.table import BY_ID
from stocktake.scaffold.base import Base, kept
from stocktake.scaffold.plan import New, is_record
from stocktake.scaffold.releases import RELEASES, Release
from stocktake.scaffold.render import HOSTS, Wishes, render
from stocktake.scaffold.templates import templates


class Scaffold(NamedTuple):
    """The templates of one version of Stocktake, and the releases up to it."""

    version: str
    templates: tuple[tuple[str, str], ...]
    releases: tuple[Release, ...] = RELEASES


def scaffold() -> Scaffold:
    """That of this Stocktake."""
    return Scaffold(__version__, tuple(templates()))


def schemas() -> Iterator[tuple[str, bytes]]:
    """Copies of our schemas, for the editor."""
    ours = Tree(schema_folder())
    for name in ours.names(""):
        if name.endswith(".schema.json"):
            yield f"schemas/{name}", ours.read(name)


def managed(texts: Iterable[tuple[str, str]], wishes: Wishes) -> New:
    """(text, executable) by path of everything that an upgrade looks after; copies of schemas are left out."""
    return {
        path: (content.decode(), executable)
        for path, content, executable in render(texts, wishes)
        if not is_record(path)
    }


def base(version: str, wishes: Wishes, files: New, copies: New, rules: Iterable[str] = BY_ID) -> Base:
    """The record of what was written."""
    answers = {name: value for name, value in wishes._asdict().items() if value}
    told = {path: kept(text, executable) for path, (text, executable) in files.items()}
    told |= {path: kept(text, whole=False) for path, (text, _) in copies.items()}
    return Base(version, answers, frozenset(rules), told)


def wishes_of(found: Base) -> Wishes:
    """The answers that a repository was rendered with; what this version does not ask is left out."""
    answers = {name: value for name, value in found.answers.items() if name in Wishes._fields}
    if answers.get("host", HOSTS[0]) not in HOSTS:
        answers.pop("host")
    return Wishes(**{"name": "Data estate", "spec": "", "today": "", **answers})
