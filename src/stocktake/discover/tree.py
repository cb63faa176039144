"""One source tree to one observation: files in, things, edges, secrets and problems out; nothing is executed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stocktake import __version__
from stocktake.discover import inventory, places
from stocktake.discover.claims import Claims
from stocktake.discover.draft import Estate
from stocktake.discover.edges import Reader
from stocktake.discover.projects import Project, projects
from stocktake.discover.scanners.table import SCANNERS, Scanner
from stocktake.model.digest import signed
from stocktake.model.observation import PARTIAL, SEEN, ExposedSecret, Observation, Unreadable

BUG = "bug: "


def wanted(path: str) -> bool:
    """Whether any scanner reads a file of this path; the walk opens no other."""
    return any(scanner.wants(path) for scanner in SCANNERS.values())


def discover(
    files: Iterable[tuple[str, str] | Unreadable],
    source: str,
    environment: str | None,
    project: str,
    scanners: Mapping[str, Scanner] = SCANNERS,
) -> Observation:
    """What stands in the files; `project` names what has no name of its own, usually after the tree's folder.

    A problem whose message begins with `BUG` is a mistake of ours, not of the tree.
    """
    claims = _claims(files, scanners)
    running = _without_asides(claims)
    configurations = {file.path: file for file in running.configurations}
    found = projects(running.compositions, configurations, project)
    folders = inventory.Folders(running)
    estate = Estate()
    for each in found:
        inventory.compose(each, folders, estate)
    inventory.programs(folders, estate, project)
    reader = Reader(estate, folders, found)
    reader.services()
    reader.configurations(configurations[path] for path in sorted(configurations))
    reader.finish(project)
    problems = tuple(sorted({*claims.problems, *reader.problems}))
    missed = [problem for problem in problems if not places.is_aside(problem.file) or problem.message.startswith(BUG)]
    things, edges, secrets, scopes = estate.things(), estate.edges(), _secrets(claims, found), _scopes(found, problems)
    seen = Observation(
        source=source,
        collector="discover",
        version=__version__,
        status=PARTIAL if missed else SEEN,
        reason=f"not understood: {len(missed)}" if missed else "",
        things=things,
        edges=edges,
        secrets=secrets,
        problems=problems,
        scopes=scopes,
        environment=environment,
    )
    return signed(seen)


def _claims(files: Iterable[tuple[str, str] | Unreadable], scanners: Mapping[str, Scanner]) -> Claims:
    parts: list[Claims] = []
    for file in files:
        if isinstance(file, Unreadable):
            if wanted(file.file):
                parts.append(Claims(problems=(file,)))
        else:
            parts.extend(_scanned(*file, scanners))
    # Sorted, so that the order in which files come does not matter.
    return Claims._make(
        tuple(sorted((item for part in parts for item in part[n]), key=lambda item: item[0]))
        for n in range(len(Claims._fields))
    )


def _scanned(path: str, text: str, scanners: Mapping[str, Scanner]) -> Iterable[Claims]:
    for name, scanner in scanners.items():
        if scanner.wants(path):
            try:
                yield scanner.scan(path, text)
            except Exception as error:  # noqa: BLE001 - a scanner that fails on one file is our bug, and the others go on
                yield Claims(
                    problems=(Unreadable(path, 0, f"{BUG}the {name} scanner failed with {type(error).__name__}"),)
                )


def _without_asides(claims: Claims) -> Claims:
    """Tests, examples and documentation hold secrets and mistakes, but nothing that runs."""
    return claims._replace(
        compositions=tuple(file for file in claims.compositions if not places.is_aside(file.path)),
        configurations=tuple(file for file in claims.configurations if not places.is_aside(file.path)),
        recipes=tuple(file for file in claims.recipes if not places.is_aside(file.path)),
        manifests=tuple(file for file in claims.manifests if not places.is_aside(file.path)),
    )


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


def _scopes(found: list[Project], problems: tuple[Unreadable, ...]) -> tuple[str, ...]:
    """The projects of which every file was understood; one that was not may belong to any project above it."""
    broken = [places.folder(problem.file) for problem in problems if problem.file.endswith((".yml", ".yaml"))]
    return tuple(
        sorted(
            {
                f"compose:{project.name}/"
                for project in found
                if not any(places.is_below(folder, project.folder) for folder in broken)
            }
        )
    )
