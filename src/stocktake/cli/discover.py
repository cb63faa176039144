"""The verb `discover`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from stocktake.cli import console
from stocktake.cli.console import paint
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.files import Tree
    from stocktake.model.observation import Observation
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

    Without PATHS, all `sources` of stocktake.yaml are looked at and what was seen is written to observed/. A PATH that is no source of a
    Stocktake repository is only reported. Nothing in a scanned tree is run, and nothing is written into it.
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
    from stocktake.load.files import schema_folder
    from stocktake.load.schemas import read_schemas
    from stocktake.load.settings import read_settings

    settings = read_settings(tree, read_schemas(Files(schema_folder()), tree))
    known = {os.path.realpath(os.path.join(tree.root, source.path)) for source in settings.sources}
    return all(os.path.realpath(path) in known for path in paths)


def _report_only(paths: tuple[str, ...], form: str) -> int:
    from stocktake.errors import UsageError
    from stocktake.pipeline.discover import look_at
    from stocktake.discover.neutral import neutral

    if not paths:
        raise UsageError(
            "There is nothing to look at", "Name a folder, or run this inside a repository made by `stocktake init`."
        )
    seen = [look_at(path, os.path.basename(os.path.abspath(path)), None) for path in paths]
    if form == "json":
        console.data(neutral(seen))
    else:
        for one in seen:
            console.lines(_seen_lines(one))
    return _bugs(seen)


def _inside(tree: Tree, paths: tuple[str, ...], add: bool, dry_run: bool, today: Any, form: str) -> int:
    from stocktake.pipeline import discover as flow
    from stocktake.pipeline.estate import open_estate
    from stocktake.write import write_all

    found = flow.discover(tree, paths, today)
    if not dry_run:
        _keep(tree, flow.observed_files(found))
    written = [] if dry_run or not add else write_all(tree.root, flow.record_files(found, open_estate(tree), today))
    if form == "json":
        from stocktake.discover.neutral import neutral

        console.data(flow.as_data(found, neutral(found.fresh)))
    else:
        console.lines(_comparison_lines(found, written, add))
    return _bugs(found.fresh)


def _keep(tree: Tree, files: list[tuple[str, bytes]]) -> None:
    """Write observed/, and remove observations of sources that are gone."""
    from stocktake.write import remove, write_all

    names = {path for path, _ in files}
    write_all(tree.root, files)
    for path, _ in tree.walk("observed"):
        if path.endswith(".json") and path not in names:
            remove(os.path.join(tree.root, path))


def _bugs(seen: Any) -> int:
    bugs = [problem for one in seen for problem in one.problems if problem.message.startswith("bug:")]
    for problem in bugs:
        console.trace(f"{shown(problem.file)}: {shown(problem.message)}")
    return 3 if bugs else 0


def _seen_lines(seen: Observation) -> Iterator[str]:
    yield f"{shown(seen.source)}: {len(seen.things)} things, {len(seen.edges)} edges, {len(seen.secrets)} exposed secrets"
    for thing in seen.things:
        engine = " ".join(str(thing.facts[name]) for name in ("engine", "version") if name in thing.facts)
        kind = f"{thing.facts.get('type', 'unknown')}{f' ({engine})' if engine else ''}"
        yield f"  {shown(thing.name)}: {shown(kind)}, {_sure(thing.confidence)}{_places(thing)}"
    for edge in seen.edges:
        yield f"  {shown(edge.source)} {edge.type} {shown(edge.target)}, {_sure(edge.confidence)}{_places(edge)}"
    for secret in seen.secrets:
        yield f"  {paint('secret', 'high')}: {shown(secret.file)}:{secret.line}: {shown(secret.what)}"
    for problem in seen.problems:
        yield f"  not understood: {shown(problem.file)}:{problem.line}: {shown(problem.message)}"


def _sure(confidence: float) -> str:
    return f"confidence {'high' if confidence >= 0.8 else 'medium' if confidence >= 0.5 else 'low'}"


def _places(one: Any) -> str:
    places = [shown(place.text()) for place in one.evidence]
    more = f" and {len(places) - _EVIDENCE} more" if len(places) > _EVIDENCE else ""
    return f", seen at {', '.join(places[:_EVIDENCE])}{more}" if places else ""


def _comparison_lines(found: Discovery, written: list[str], add: bool) -> Iterator[str]:
    reconciliation = found.audit.reconciliation
    sources = {one.source for one in found.fresh}
    matched = [one for one in reconciliation.matched if one.source in sources]
    undocumented = [one for one in reconciliation.undocumented if one.source in sources]
    for one in undocumented:
        yield f"{paint('undocumented', 'medium')}: {shown(one.thing.name)} ({one.thing.facts.get('type', '?')}), {_sure(one.thing.confidence)}{_places(one.thing)}"
    for hint in found.hints:
        yield f"  {shown(hint.thing.name)} may be {hint.address}: if so, add `{shown(hint.identifier)}` to its identifiers"
    for odd in reconciliation.ambiguous:
        yield f"{paint('ambiguous', 'medium')}: {shown(odd.thing.name)} fits {', '.join(odd.addresses)} and joins none{_places(odd.thing)}"
    orphaned = [one for one in reconciliation.orphaned if one.source in sources]
    for orphan in orphaned:
        yield f"{paint('orphaned', 'medium')}: {orphan.address} was not seen in {shown(orphan.source)} as {shown(orphan.identifier)}"
    for verdict in reconciliation.edges:
        if verdict.verdict == "undeclared" and verdict.source in sources:
            yield f"{paint('undeclared', 'low')}: {verdict.ends[0]} {verdict.seen.type} {verdict.ends[1]}{_places(verdict.seen)}"
    secrets = [(one.source, secret) for one in found.fresh for secret in one.secrets]
    for source, secret in secrets:
        yield f"{paint('secret', 'high')}: {shown(source)}: {shown(secret.file)}:{secret.line}: {shown(secret.what)}"
    for path in written:
        yield f"added {path}"
    yield f"{len(matched)} matched, {len(undocumented)} undocumented, {len(orphaned)} orphaned, {len(reconciliation.ambiguous)} ambiguous"
    if found.new and not add:
        yield f"`stocktake discover --write` adds {len(found.new)} records"
