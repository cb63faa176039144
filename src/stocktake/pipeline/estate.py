"""Open a repository: settings, schemas, records and observations, with every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.errors import InputError, Problem
from stocktake.load import (
    claims,
    copies,
    edges,
    environments,
    evidence,
    known,
    observations,
    references,
    registry,
    sequence,
    settings,
)
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.estate import Estate
from stocktake.model.gist import Gist, Packed, gist_of
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.model.settings import Settings
from stocktake.pipeline import documents, many

if TYPE_CHECKING:
    from stocktake.load.strict import Document
    from stocktake.pipeline.include import Included


class Opened(NamedTuple):
    """An estate and where it came from; with `problems` the estate holds what could be read."""

    tree: Tree
    schemas: Schemas
    estate: Estate
    problems: tuple[Problem, ...]

    def sound(self) -> Estate:
        """The estate, where nothing is wrong.

        Raises InputError with every problem.
        """
        if self.problems:
            raise InputError(self.problems)
        return self.estate


def open_estate(tree: Tree, with_rules: bool = True, sound: registry.Sound | None = None) -> Opened:
    """Everything in a repository; the rules of its own only where they will be asked. `sound` are records that were
    read elsewhere by the same schemas.

    Raises InputError where schemas cannot be read at all.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    configured, problems = _read(lambda: settings.read_data(tree, schemas), {})
    excused, wrong = _read(lambda: known.read_known(tree), {})
    problems += wrong
    said = settings.settings(configured)
    included = _included(tree, said, schemas, problems)
    joined = [record for one in included for record in one.joined()]
    records, wrong = _records(tree, schemas, joined, sound)
    problems += wrong
    seen, looked, wrong = observations.read_observations(tree, schemas)
    problems += wrong
    shown = evidence.read_evidence(tree)
    own, wrong = _own_rules(tree, said, schemas) if with_rules else ((), [])
    problems += wrong
    kinds = {name: kind for one in included for name, kind in one.schemas.kinds().items()} | schemas.kinds()
    differing = copies.differing(Tree(schema_folder()), tree)
    estate = Estate(records, kinds, schemas.groups, said, seen, excused, shown, looked, own, joined, differing)
    problems += _rules(tree, estate, configured) if with_rules and not wrong else ()
    if len(included) == len(said.includes):  # else much may be missing that a registry has which is not here
        problems += references.untold(
            [*_names(tree, schemas, estate, configured, not problems), *_claims(tree, schemas, estate, included)],
            problems,
        )
    problems += _between(estate, included)
    problems += documents.problems(tree, schemas.folders(), estate.by_address.__contains__)
    return Opened(tree, schemas, estate, tuple(sorted(set(problems))))


def _records(
    tree: Tree, schemas: Schemas, joined: list[Record], sound: registry.Sound | None
) -> tuple[list[Record], list[Problem]]:
    """Our records; packed where there are many. `joined` are those of other registries."""
    files, problems = registry.listed(tree, schemas)
    if len(files) < many.MANY:
        records, wrong = registry.read_files(tree, schemas, files, sound)
    else:
        records, wrong = many.read_packed(tree, schemas, files, joined, environments.read_environments(tree))
    return records, [*problems, *wrong, *registry.duplicates(records)]


def _read(read: Callable[[], dict[str, Any]], otherwise: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    try:
        return read(), []
    except InputError as error:
        return otherwise, list(error.problems)


def _names(
    tree: Tree, schemas: Schemas, estate: Estate, configured: Mapping[str, Any], trusted: bool = False
) -> list[Problem]:
    """What is wrong with the references and environments of all records, and of the settings; `trusted` is whether
    every file that is there is a record.
    """
    by_kind: dict[str, list[str]] = {}
    for record in estate.every:
        by_kind.setdefault(record.kind, []).append(record.id)
    by_address = estate.by_address
    named = environments.read_environments(tree)

    def read(address: str) -> Mapping[str, Any]:
        return by_address[address].data if address in by_address else {}

    def type_of(address: str) -> str:
        record = by_address.get(address)
        gist = record and gist_of(record)
        return gist.type if gist else str(read(address).get("type") or "")

    def ids(kind: str) -> list[str]:
        return by_kind.get(kind, [])

    def positions_in(path: str) -> Document:
        if path not in kept:
            kept.clear()
            kept[path] = positions(tree, path)
        return kept[path]

    kept: dict[str, Document] = {}
    exists = by_address.__contains__
    first = {**edges.first_paths(estate.records), **edges.first_paths(estate.included)}
    problems: list[Problem] = []
    for record in (*estate.records, Record("settings", "stocktake", environments.FILE, configured)):
        kind = schemas.kind(record.kind)
        if trusted and (gist := gist_of(record)) and _is_sound(record, gist, type_of, first):
            continue
        place = partial(positions_in, record.path)
        problems += references.problems(record, kind, exists, type_of, ids, place)
        if record.kind == edges.KIND:
            problems += edges.problems(record, first.__getitem__, place)
        elif record.kind in sequence.KINDS:
            problems += sequence.problems(record, read, place)
        if named is not None and kind.environments:
            problems += references.environment_problems(record, kind, named, place)
    return problems


def _is_sound(record: Record, gist: Gist, type_of: Callable[[str], str], first: Mapping[edges.Ends, str]) -> bool:
    """Whether nothing can be wrong with what a packed record names."""
    if not gist.is_sound:
        return False
    if gist.ends and (gist.ends[0] == gist.ends[1] or first[gist.ends] != record.path):
        return False
    return all(not (found := type_of(target)) or found in types for target, types in gist.typed)


def _claims(tree: Tree, schemas: Schemas, estate: Estate, included: list[Included]) -> list[Problem]:
    """What two records claim, and former ids that are in use."""
    exists = estate.by_address.__contains__
    problems: list[Problem] = []
    claimed: list[claims.Claimed] = []
    for record in estate.every:
        if isinstance(record, Packed) and record.is_alone:
            continue
        found = [claims.Claimed(record, one) for one in claims.claims(record)]
        claimed += found
        if not record.origin and any(one.claim.path[0] == "formerly" for one in found):
            problems += claims.in_use(record, exists, placing(tree, record))

    @cache
    def places_in(path: str) -> Document:
        there = next((one for one in included if path.startswith(one.home)), None)
        return positions(there.tree, path[len(there.home) :]) if there else positions(tree, path)

    return [*problems, *claims.doubled(claimed, estate.settings.distinct, schemas.shape, places_in)]


def _included(tree: Tree, said: Settings, schemas: Schemas, problems: list[Problem]) -> list[Included]:
    """The other registries; what is wrong with them is added to the problems."""
    if not said.includes:
        return []
    from stocktake.pipeline.include import read_included

    included, wrong = read_included(tree, schemas, said.includes)
    problems += wrong
    return included


def _between(estate: Estate, included: list[Included]) -> list[Problem]:
    """What registries that were included have twice, or name and nobody has."""
    if not included:
        return []
    from stocktake.pipeline.include import clashes, reference_problems

    ids = _ids(estate)
    joined = [record for one in included for record in one.joined()]
    return clashes(estate.records, joined) + [
        problem for one in included for problem in reference_problems(one, estate, ids)
    ]


def _ids(estate: Estate) -> Callable[[str], list[str]]:
    """The ids of a kind in the whole estate."""
    by_kind: dict[str, list[str]] = {}
    for record in estate.every:
        by_kind.setdefault(record.kind, []).append(record.id)
    return lambda kind: by_kind.get(kind, [])


def _own_rules(tree: Tree, said: Settings, schemas: Schemas) -> tuple[tuple[Rule, ...], list[Problem]]:
    if tree.home is not tree:  # what lies there was committed once, and is not run
        from stocktake.pipeline.own_rules import rules_of

        return rules_of(tree.home), []
    if not said.modules:
        return (), []
    from stocktake.pipeline.own_rules import read_rules

    return read_rules(tree, said.modules, schemas.folders())


def _rules(tree: Tree, estate: Estate, configured: Mapping[str, Any]) -> list[Problem]:
    """Names in the settings that are neither a rule nor a family."""
    said = estate.settings
    if not (said.select or said.disable or said.severities):
        return []
    from stocktake.rules.tailored import unknown

    place = placing(tree, Record("settings", "stocktake", environments.FILE, configured))
    problems = []
    for field, name, meant in unknown(said, estate.rules):
        line, column = place().place(tuple(field.split(".")))
        hint = f"Did you mean {meant}?" if meant else "`stocktake explain` lists all rules."
        problems.append(Problem(environments.FILE, line, column, field, f'names "{name}", which is no rule', hint))
    return problems


def placing(tree: Tree, record: Record) -> Callable[[], Document]:
    """A function that gives the positions in a record's file, which is parsed again at the first call."""
    kept: list[Document] = []

    def place() -> Document:
        if not kept:
            kept.append(positions(tree, record.path))
        return kept[0]

    return place


def positions(tree: Tree, path: str) -> Document:
    """Where everything in a record's file stands."""
    return places(path, tree.read(path))


def places(path: str, raw: bytes) -> Document:
    """Where everything stands in the content of a record's file."""
    if path.endswith(".md"):
        from stocktake.load.front_matter import split

        raw = split(raw, path)[0]
    from stocktake.load.strict import parse  # which imports PyYAML: only what is wrong needs it

    return parse(raw.decode())
