"""The verb `discover`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from stocktake.cli import console
from stocktake.cli.console import paint
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.files import Tree
    from stocktake.model.observation import Observation, SeenEdge, Thing
    from stocktake.pipeline.discover import Discovery

_EVIDENCE = 3


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False))
@click.option("--write", "add", is_flag=True, help="Also add a record for what no record names yet.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@click.option("--today", metavar="DAY", help="The day of this look.")
@click.option("--output-format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(paths: tuple[str, ...], add: bool, dry_run: bool, today: str | None, form: str, folder: str) -> int:
    """Find what source trees really contain, and compare it with the registry.

    Without PATHS, all `sources` of stocktake.yaml are looked at and what was seen is written to observed/. A PATH
    that is no source of a Stocktake repository is only reported. Nothing in a scanned tree is run, and nothing is
    written into it.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import Tree, repository

    root = repository(folder)
    tree = Tree(root) if root else None
    if tree is None or not _are_sources(tree, paths):
        return _report_only(paths, form)
    return _inside(tree, paths, add, dry_run, day(today), form)


def _are_sources(tree: Tree, paths: tuple[str, ...]) -> bool:
    from stocktake.load.files import Tree as Files
    from stocktake.load.files import real, schema_folder
    from stocktake.load.schemas import read_schemas
    from stocktake.load.settings import read_settings

    settings = read_settings(tree, read_schemas(Files(schema_folder()), tree))
    known = {real(os.path.join(tree.root, source.path)) for source in settings.sources}
    return all(real(path) in known for path in paths)


def _report_only(paths: tuple[str, ...], form: str) -> int:
    from stocktake.errors import UsageError
    from stocktake.pipeline.discover import look_at, seen_data

    if not paths:
        raise UsageError(
            "There is nothing to look at", "Name a folder, or run this inside a repository made by `stocktake init`."
        )
    seen = [look_at(path, os.path.basename(os.path.abspath(path)), None) for path in paths]
    if form == "json":
        console.data(seen_data(seen))
    else:
        for one in seen:
            console.lines(_seen_lines(one))
    return _bugs(seen)


def _inside(tree: Tree, paths: tuple[str, ...], add: bool, dry_run: bool, today: Any, form: str) -> int:
    from stocktake.pipeline import discover as flow
    from stocktake.pipeline.estate import open_estate
    from stocktake.pipeline.observed import keep, observed_files
    from stocktake.write import write_all

    found = flow.discover(tree, paths, today)
    if not dry_run:
        keep(tree, observed_files(found.audit.estate.observations))
    written = [] if dry_run or not add else write_all(tree.root, flow.record_files(found, open_estate(tree), today))
    if form == "json":
        console.data(flow.as_data(found))
    else:
        console.lines(_comparison_lines(found, written, add))
    return _bugs(found.fresh)


def _bugs(seen: Any) -> int:
    bugs = [problem for one in seen for problem in one.problems if problem.message.startswith("bug:")]
    for problem in bugs:
        console.trace(f"{shown(problem.file)}: {shown(problem.message)}")
    return 3 if bugs else 0


def _seen_lines(seen: Observation) -> Iterator[str]:
    counts = f"{len(seen.things)} things, {len(seen.edges)} edges, {len(seen.secrets)} exposed secrets"
    yield f"{shown(seen.source)}: {counts}"
    for thing in seen.things:
        yield f"  {_thing(thing)}"
    for edge in seen.edges:
        yield f"  {shown(edge.source)} {edge.type} {shown(edge.target)}, {_proof(edge)}"
    yield from _secret_lines(seen)
    for problem in seen.problems:
        yield f"  not understood: {shown(problem.file)}:{problem.line}: {shown(problem.message)}"


def _secret_lines(seen: Observation) -> Iterator[str]:
    for secret in seen.secrets:
        yield f"  {paint('secret', 'high')}: {shown(secret.file)}:{secret.line}: {shown(secret.what)}"


def _thing(thing: Thing) -> str:
    engine = " ".join(str(thing.facts[name]) for name in ("engine", "version") if name in thing.facts)
    kind = f"{thing.facts.get('type', 'unknown')}{f' ({engine})' if engine else ''}"
    return f"{shown(thing.name)}: {shown(kind)}, {_proof(thing)}"


def _proof(one: Thing | SeenEdge) -> str:
    """How sure it is, and where it was seen."""
    sure = "high" if one.confidence >= 0.8 else "medium" if one.confidence >= 0.5 else "low"
    places = [shown(place.text()) for place in one.evidence]
    more = f" and {len(places) - _EVIDENCE} more" if len(places) > _EVIDENCE else ""
    return f"confidence {sure}" + (f", seen at {', '.join(places[:_EVIDENCE])}{more}" if places else "")


def _comparison_lines(found: Discovery, written: list[str], add: bool) -> Iterator[str]:
    yield from _difference_lines(found)
    for seen in found.fresh:
        if seen.secrets or seen.problems:
            yield from list(_seen_lines(seen))[1 + len(seen.things) + len(seen.edges) :]
    for path in written:
        yield f"added {path}"
    reconciliation = found.audit.reconciliation
    names = ("matched", "undocumented", "orphaned", "ambiguous")
    yield ", ".join(f"{len(_fresh(found, getattr(reconciliation, name)))} {name}" for name in names)
    if found.new and not add:
        yield f"`stocktake discover --write` adds {len(found.new)} records"


def _fresh(found: Discovery, items: Iterable[Any]) -> list[Any]:
    """What came from this look, not from an older one of another source."""
    sources = {one.source for one in found.fresh}
    return [item for item in items if item.source in sources]


def _difference_lines(found: Discovery) -> Iterator[str]:
    reconciliation = found.audit.reconciliation
    for one in _fresh(found, reconciliation.undocumented):
        yield f"{paint('undocumented', 'medium')}: {_thing(one.thing)}"
    for hint in found.hints:
        name = shown(hint.identifier)
        yield f"  {shown(hint.thing.name)} may be {hint.address}: if so, add `{name}` to its identifiers"
    for odd in _fresh(found, reconciliation.ambiguous):
        yield f"{paint('ambiguous', 'medium')}: {_thing(odd.thing)} fits {', '.join(odd.addresses)} and joins none"
    for orphan in _fresh(found, reconciliation.orphaned):
        name = shown(orphan.identifier)
        yield f"{paint('orphaned', 'medium')}: {orphan.address} was not seen in {shown(orphan.source)} as {name}"
    for verdict in _fresh(found, reconciliation.edges):
        if verdict.verdict == "undeclared":
            source, target = verdict.ends
            yield f"{paint('undeclared', 'low')}: {source} {verdict.seen.type} {target}, {_proof(verdict.seen)}"
