"""The verb `discover`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from stocktake.cli import console
from stocktake.cli.console import paint
from stocktake.model.observation import NOT_LOOKED
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.files import Tree
    from stocktake.model.audit import Drift
    from stocktake.model.observation import Observation, SeenEdge, Thing
    from stocktake.pipeline.discover import Discovery

_EVIDENCE = 3


@click.command()
@click.argument("paths", metavar="[PATH | NAME=PATH]...", nargs=-1)
@click.option("--write", "add", is_flag=True, help="Also add a record for what no record names yet.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@click.option("--today", metavar="DAY", help="The day of this look.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(paths: tuple[str, ...], add: bool, dry_run: bool, today: str | None, form: str, folder: str) -> int:
    """Find what source trees really contain, and compare it with the registry.

    Without arguments, all `sources` of stocktake.yaml that have a `path` are looked at, and what was seen is written
    to observed/. NAME=PATH says where the tree of a source lies, which may be outside of the repository. A PATH that is
    no source of a Stocktake repository is only reported. Nothing in a scanned tree is run, and nothing is written into
    it. Where a source could not be looked at, what was seen before is kept, and the exit code is 4.
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
    from stocktake.load.files import is_folder, real, schema_folder
    from stocktake.load.schemas import read_schemas
    from stocktake.load.settings import read_settings

    settings = read_settings(tree, read_schemas(Files(schema_folder()), tree))
    known = {real(os.path.join(tree.root, source.path)) for source in settings.sources if source.path}
    return all(real(path) in known or not is_folder(path) for path in paths)


def _report_only(paths: tuple[str, ...], form: str) -> int:
    from stocktake.errors import UsageError
    from stocktake.pipeline.discover import seen_data
    from stocktake.pipeline.look import look_at

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
    return _bugs(seen) or (4 if any(one.status == NOT_LOOKED for one in seen) else 0)


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
    return _bugs(found.fresh) or (0 if found.is_complete else 4)


def _bugs(seen: Any) -> int:
    bugs = [problem for one in seen for problem in one.problems if problem.message.startswith("bug:")]
    for problem in bugs:
        console.trace(f"{shown(problem.file)}: {shown(problem.message)}")
    return 3 if bugs else 0


def _seen_lines(seen: Observation) -> Iterator[str]:
    if seen.status == NOT_LOOKED:
        yield f"{paint('not looked at', 'high')}: {shown(seen.source)}: {shown(seen.reason)}"
        yield from _problem_lines(seen)
        return
    counts = f"{len(seen.things)} things, {len(seen.edges)} edges, {len(seen.secrets)} exposed secrets"
    yield f"{shown(seen.source)}: {counts}"
    for thing in seen.things:
        yield f"  {_thing(thing)}"
    for edge in seen.edges:
        yield f"  {shown(edge.source)} {edge.type} {shown(edge.target)}, {_proof(edge)}"
    yield from _secret_lines(seen)
    yield from _problem_lines(seen)


def _problem_lines(seen: Observation) -> Iterator[str]:
    for problem in seen.problems:
        yield f"  not understood: {shown(problem.place())}: {shown(problem.message)}"


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
        if seen.status != NOT_LOOKED:
            yield from (*_secret_lines(seen), *_problem_lines(seen))
    for path in written:
        yield f"added {path}"
    yield from _not_looked_lines(found)
    if any(seen.status != NOT_LOOKED for seen in found.fresh):
        yield _counts(found)
    if found.new and not add:
        yield f"`stocktake discover --write` adds {len(found.new)} records"


def _not_looked_lines(found: Discovery) -> Iterator[str]:
    for seen in found.fresh:
        if seen.status == NOT_LOOKED:
            since = f"; what was seen on {seen.looked} is kept" if seen.looked else ""
            yield f"{paint('not looked at', 'high')}: {shown(seen.source)}: {shown(seen.reason)}{since}"
            yield from _problem_lines(seen)
    for source in found.unbound:
        how = f"stocktake.yaml gives no path: run `stocktake discover {source.name}=PATH`"
        yield f"{paint('not looked at', 'medium')}: {source.name}: {how}"


def _counts(found: Discovery) -> str:
    """How many there are of each, as far as this look tells."""
    reconciliation = found.audit.reconciliation
    names = ("matched", "undocumented", "orphaned", "ambiguous")
    counts = {name: len(_fresh(found, getattr(reconciliation, name))) for name in names}
    differing = [one for one in _fresh(found, reconciliation.edges) if one.verdict == "differs"]
    counts["differ"] = len(_fresh(found, found.audit.drift)) + len(differing)
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _fresh(found: Discovery, items: Iterable[Any]) -> list[Any]:
    """What came from this look, not from an older one."""
    sources = {one.source for one in found.fresh if one.status != NOT_LOOKED}
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
    for drift in _fresh(found, found.audit.drift):
        yield f"{paint('differs', 'medium')}: {_drift(drift)}"
    for verdict in _fresh(found, reconciliation.edges):
        source, target = verdict.ends
        if verdict.verdict == "differs":
            seen = f"{verdict.address} is seen as {source} {verdict.seen.type} {target}"
            yield f"{paint('differs', 'medium')}: {seen}, {_proof(verdict.seen)}"
        elif verdict.verdict == "undeclared":
            yield f"{paint('undeclared', 'low')}: {source} {verdict.seen.type} {target}, {_proof(verdict.seen)}"


def _drift(drift: Drift) -> str:
    where = f" in {drift.environment}" if drift.environment else ""
    at = f", seen at {shown(drift.evidence)}" if drift.evidence else ""
    both = f"declared {_value(drift.declared)}, seen {_value(drift.observed)}"
    return f"{drift.address}{where}: {shown(drift.name)}: {both}{at}"


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(shown(str(item)) for item in value)}]"
    return f'"{shown(str(value))}"'
