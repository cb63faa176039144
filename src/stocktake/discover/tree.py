"""One source tree to one observation: files in, things, edges, secrets and problems out; nothing is executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stocktake import __version__
from stocktake.discover import backstage, calls, charts, clusters, contracts, inventory, jobs, places, wiring
from stocktake.discover.claims import Claims
from stocktake.discover.draft import Estate
from stocktake.discover.edges import Reader
from stocktake.discover.env_files import is_known_to_be_absent, unread
from stocktake.discover.infrastructure import Infrastructure
from stocktake.discover.projects import Project, projects
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.scanners.code import UNREAD
from stocktake.discover.scanners.table import SCANNERS, Scanner
from stocktake.discover.scopes import scopes
from stocktake.discover.terraform import Modules
from stocktake.model.digest import signed
from stocktake.model.observation import NOT_LOOKED, PARTIAL, SEEN, ExposedSecret, Observation, Unreadable

BUG = "bug: "
_SAID_EVERYWHERE = ("problems", "secret_files", "secrets")


def wanted(path: str) -> bool:
    """Whether any scanner reads a file of this path; the walk opens no other."""
    return any(scanner.wants(path) for scanner in SCANNERS.values())


def discover(
    files: Iterable[tuple[str, str] | Unreadable],
    source: str,
    environment: str | None,
    project: str,
    scanners: Mapping[str, Scanner] = SCANNERS,
    before: Observation | None = None,
) -> Observation:
    """What stands in the files; `project` names what has no name of its own, usually after the tree's folder.

    `before` is what was seen in the same source the last time: what is gone since then is known to be missing. A
    problem whose message begins with `BUG` is a mistake of ours, not of the tree.
    """
    read = list(files)
    claims = _claims(read, scanners)
    running = charts.rendered(_without_asides(claims))
    configurations = {file.path: file for file in running.configurations}
    found = projects(running.compositions, configurations, project)
    folders = inventory.Folders(running)
    found = clusters.joined(found, running, configurations, folders, project)
    estate = Estate()
    for each in found:
        inventory.compose(each, folders, estate)
    resources = [*Modules(running.blocks).resources(), *running.resources]
    declared = Infrastructure(resources, estate, folders, project)
    inventory.programs(folders, estate, project)
    reader = Reader(estate, folders, found)
    contracts.served(running.contracts, reader)
    reader.services()
    wiring.Wiring(declared, reader).connect()
    reader.configurations(configurations[path] for path in sorted(configurations))
    contracts.read(running.contracts, reader)
    calls.read(running.calls, reader)
    backstage.read(running.entities, reader)
    jobs.read(running.jobs, reader, project)
    reader.finish(project)
    problems = tuple(sorted({*running.problems, *reader.problems, *unread(running.compositions, configurations)}))
    status, reason = _status(read, problems)
    things = estate.things()
    seen = Observation(
        source=source,
        collector="discover",
        version=__version__,
        status=status,
        reason=reason,
        things=things,
        edges=estate.edges(),
        secrets=_secrets(claims, found),
        problems=problems,
        scopes=scopes(found, claims.problems, things, before),
        environment=environment,
    )
    return signed(seen)


def _status(read: Iterable[tuple[str, str] | Unreadable], problems: Iterable[Unreadable]) -> tuple[str, str]:
    """How much was seen, and why not more: a tree without a single file to read was not looked at."""
    missed = [problem for problem in problems if _is_missed(problem)]
    if all(isinstance(file, Unreadable) for file in read):
        return NOT_LOOKED, "there is no file that could be read" if missed else "there is no file to read"
    return (PARTIAL, f"not understood: {len(missed)}") if missed else (SEEN, "")


def _is_missed(problem: Unreadable) -> bool:
    if problem.message.startswith(BUG):
        return True
    return not places.is_aside(problem.file) and not is_known_to_be_absent(problem)


def _claims(files: Iterable[tuple[str, str] | Unreadable], scanners: Mapping[str, Scanner]) -> Claims:
    parts: list[Claims] = []
    for file in files:
        if isinstance(file, Unreadable):
            parts.append(Claims(problems=(file,)))
        else:
            parts.extend(scanned(*file, scanners))
    # Sorted, so that the order in which files come does not matter.
    every = Claims._make(
        tuple(sorted((item for part in parts for item in part[n]), key=lambda item: item[0]))
        for n in range(len(Claims._fields))
    )
    return every._replace(problems=tuple(_once(every.problems)))


def _once(problems: Iterable[Unreadable]) -> Iterator[Unreadable]:
    """Of a language that is not read, the first file alone."""
    told: set[str] = set()
    for problem in problems:
        if not problem.message.endswith(UNREAD) or problem.message not in told:
            told.add(problem.message)
            yield problem


def scanned(path: str, text: str, scanners: Mapping[str, Scanner]) -> Iterator[Claims]:
    """What each scanner that wants a file says of it; one that cannot read it says so."""
    for name, scanner in scanners.items():
        if scanner.wants(path):
            try:
                yield scanner.scan(path, text)
            except NotUnderstoodError as error:
                yield Claims(problems=(Unreadable(path, error.line, error.message),))
            except Exception as error:  # noqa: BLE001 - a scanner that fails on one file is our bug, and the others go on
                yield Claims(
                    problems=(Unreadable(path, 0, f"{BUG}the {name} scanner failed with {type(error).__name__}"),)
                )


def _without_asides(claims: Claims) -> Claims:
    """Tests, examples and documentation hold secrets and mistakes, but nothing that runs."""
    running: dict[str, Any] = {
        name: tuple(each for each in found if not _is_aside(name, each))
        for name, found in zip(Claims._fields, claims, strict=True)
        if name not in _SAID_EVERYWHERE
    }
    return claims._replace(**running)


def _is_aside(claim: str, each: Any) -> bool:
    path = each.evidence.file if claim == "resources" else each.path
    return places.is_aside_pipeline(path) if claim == "jobs" else places.is_aside(path)


def _secrets(claims: Claims, found: list[Project]) -> tuple[ExposedSecret, ...]:
    """One for each name on a line, one for each line without a name, and one for each file read as a secret."""
    read = {path for project in found for path in project.secret_files}
    files = [
        ExposedSecret(file.path, 1, "value of a secret file")
        for file in claims.secret_files
        if file.is_plain or file.path in read
    ]
    every = sorted((*claims.secrets, *files))
    named = {(secret.file, secret.line) for secret in every if secret.name}
    first: dict[tuple[str, int, str], ExposedSecret] = {}
    for secret in every:
        if secret.name or (secret.file, secret.line) not in named:
            first.setdefault((secret.file, secret.line, secret.name), secret)
    return tuple(first[place] for place in sorted(first))
