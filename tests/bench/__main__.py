"""`scripts/bench`: measure, print the tables and write them into docs/benchmarks.md."""

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from math import log
from multiprocessing import Process
from pathlib import Path

from . import branch, catalogue, commands, contents, past, reach, registry, site, source, start
from .accuracy import accuracy
from .commands import ROOT, ajv, python, stocktake
from .measure import Timing, by_turns
from .tables import NOT_MEASURED, accuracies, reached, table, target, timings

BUILD = ROOT / "build/bench"
PAGE = ROOT / "docs/benchmarks.md"
NOTHING, CHECK, AJV = "`python -c pass`", "`stocktake check`", "ajv-cli"
REFERENCES, JSONSCHEMA = "`stocktake check .`, schemas and references", "check-jsonschema"
COLD, WARM = "`stocktake check`, all rules", "the same again, nothing changed"
PARSER, READER, DISCOVER = "yaml-rs, parse only", "Python, read only", "`stocktake discover`"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer records and rounds; print only")
    parser.add_argument("--only", help="measure one section and leave the others as they are")
    parser.add_argument("--records", type=int, default=5_000, help="how many the measured site has")
    parser.add_argument("--truth", type=Path, help="also score discovery against a folder with fixtures/ and score.py")
    chosen = parser.parse_args()
    measures: dict[str, Callable[[], str]] = {
        "speed": lambda: speed(chosen.quick, commands.install_ajv(BUILD)),
        "many": lambda: many(chosen.quick),
        "site": lambda: whole_site(300 if chosen.quick else chosen.records, 1 if chosen.quick else 2),
        "verification": lambda: verification(chosen.quick),
        "start": lambda: from_nothing(chosen.quick),
        "history": lambda: long_history(chosen.quick),
        "catalogue": lambda: big_catalogue(chosen.quick),
        "diff": lambda: a_branch(chosen.quick),
    }
    if chosen.truth:
        measures["accuracy"] = lambda: accuracies(accuracy(chosen.truth.resolve(), BUILD))
    sections = {name: measure() for name, measure in measures.items() if chosen.only in (None, name)}
    sys.stdout.write("\n".join(sections.values()))
    if not chosen.quick:
        page = PAGE.read_text()
        for name, text in sections.items():
            page = _between(page, name, text)
        PAGE.write_text(page)


def speed(is_quick: bool, node: tuple[Path, str] | None) -> str:
    """All that is timed, as Markdown."""
    flat = commands.write_flat_schemas(BUILD / "schemas")
    program = node[0] if node else None
    count = 2_000 if is_quick else 10_000
    one = one_file(5 if is_quick else 30, program, flat)
    whole = whole_tree(count, 2 if is_quick else 5, program, flat)
    peers = commands.install_peers(BUILD)
    beside = slow_peer(200 if is_quick else 2_000, peers, flat)
    ways = reach.measured(_fresh("reach"), 1_000 if is_quick else 10_000, 2 if is_quick else 5, peers)
    looked, files = discovery(20 if is_quick else 100, 2 if is_quick else 5)
    judged = [
        target("check of one file, over `python -c pass`", one, CHECK, NOTHING, 8),
        target("check of one file, over ajv-cli", one, CHECK, AJV, 0.4),
        target("schemas and references, over ajv-cli, CPU", whole, REFERENCES, AJV, 0.5, "cpu"),
        target("schemas and references, over the parser alone, CPU", whole, REFERENCES, PARSER, 1.75, "cpu"),
        target("schemas and references, over check-jsonschema, CPU", beside, REFERENCES, JSONSCHEMA, 0.033, "cpu"),
        target("all rules, over ajv-cli, CPU", whole, CHECK, AJV, 0.8, "cpu"),
        target("reach of all nodes, over rustworkx, CPU", ways, reach.OURS, reach.LIBRARY, 0.01, "cpu"),
    ]
    return "\n".join(
        [
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with {_machine(node)}.\n",
            table(["What must be reached", "target", "wall time unless it says CPU", "reached"], judged),
            "### One file in a registry of 1,000\n",
            timings(one, {NOTHING: "times `python -c pass`, wall / CPU", AJV: "times ajv-cli, wall / CPU"}, 1e3, "ms"),
            f"### The whole registry of {count:,} records\n",
            timings(whole, {PARSER: "times the parser, wall / CPU", AJV: "times ajv-cli, wall / CPU"}, 1, "s"),
            f"### {200 if is_quick else 2_000:,} records beside check-jsonschema\n",
            timings(beside, {JSONSCHEMA: "times check-jsonschema, wall / CPU"}, 1, "s"),
            f"### How far each of {1_000 if is_quick else 10_000:,} failures reaches\n",
            timings(ways, {reach.LIBRARY: "times rustworkx, wall / CPU"}, 1e3, "ms"),
            f"### Discovery in a tree of {files:,} files\n",
            timings(looked, {READER: "times reading, wall / CPU"}, 1, "s"),
        ]
    )


def one_file(rounds: int, program: Path | None, flat: Path) -> dict[str, Timing]:
    """From process start to exit, beside the shortest Python program there is and ajv-cli."""
    folder = _fresh("one")
    assets = registry.write(folder, 1_000)
    path = assets[len(assets) // 2 | 1]
    timed = {NOTHING: python(folder, "pass"), CHECK: stocktake(folder, "check", path)}
    if program:
        timed[AJV] = ajv(program, flat, folder, path)
    return by_turns(timed, rounds)


def whole_tree(count: int, rounds: int, program: Path | None, flat: Path) -> dict[str, Timing]:
    """Everything: schemas, references, rules; ajv-cli only has the schemas, and runs once for each of four kinds."""
    folder = _fresh("whole")
    registry.write(folder, count)
    accept = Process(target=registry.accept, args=(folder,))  # so that we stay small, see `Run`
    accept.start()
    accept.join()
    timed = {
        PARSER: python(folder, commands.PARSE),
        REFERENCES: stocktake(folder, "check", "."),
        CHECK: stocktake(folder, "check", "--no-cache"),
    }
    if program:
        timed[AJV] = ajv(program, flat, folder)
    return by_turns(timed, rounds)


def slow_peer(count: int, peers: Path | None, flat: Path) -> dict[str, Timing]:
    """Fewer records, since it takes minutes for many; that is to our disadvantage, as our start counts for more."""
    folder = _fresh("peer")
    registry.write(folder, count)
    timed = {REFERENCES: stocktake(folder, "check", ".")}
    if peers:
        timed[JSONSCHEMA] = commands.check_jsonschema(peers, flat, folder)
    return by_turns(timed, 2)


def many(is_quick: bool) -> str:
    """As many records as a large organisation has, on all processors."""
    few, count = (2_000, 20_000) if is_quick else (10_000, 100_000)
    folders = {size: _fresh(f"many-{size}") for size in (few, count)}
    for size, folder in folders.items():
        registry.write(folder, size)
        accept = Process(target=registry.accept, args=(folder,))
        accept.start()
        accept.join()
    folder, cache = folders[count], BUILD / "cache"
    small = f"{CHECK} of {few:,}"
    found = by_turns(
        {
            PARSER: python(folder, commands.PARSE),
            COLD: commands.remembering(folder, cache, anew=True),
            WARM: commands.remembering(folder, cache, anew=False),
            small: stocktake(folders[few], "check", "--no-cache"),
        },
        1 if is_quick else 2,
    )
    growth = log(found[COLD].least("cpu") / found[small].least("cpu"), count / few)
    judged = [
        target("all rules, nothing remembered, over the parser alone", found, COLD, PARSER, 2.5),
        target("the same again, over the parser alone", found, WARM, PARSER, 1),
        reached(f"exponent of the growth of CPU time from {few:,} records", growth, 1.05),
        reached("memory of the largest process, MB", found[COLD].median("memory") / 1e6, 300),
    ]
    return "\n".join(
        [
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with {os.cpu_count()} processors.\n",
            table(["What must be reached", "target", "measured", "reached"], judged),
            f"### {count:,} records\n",
            timings(found, {PARSER: "times the parser, wall / CPU"}, 1, "s"),
        ]
    )


def whole_site(count: int, rounds: int) -> str:
    """Pages and diagrams of many records, beside MkDocs on the same pages and the starts of `dot` that they spare."""
    root = _fresh("site")
    found = site.measured(root, count, rounds)
    asset, page, index = site.weights(root)
    growth, many = site.grown(_fresh("site-twice"), count, found[site.COLD], 2)
    small = site.small_diagrams(_fresh("diagrams"), rounds + 1)
    first, again = site.starts(_fresh("site-small"), 100)
    drawing = (found[site.DRAWN].least("wall") - found[site.PAGES].least("wall")) / found[site.PAGES].least("wall")
    judged = [
        target("a first build without diagrams, over MkDocs", found, site.COLD, site.PLAIN, 1.1),
        target("a build after one changed record, over a first one", found, site.WARM, site.COLD, 0.15),
        reached(f"exponent of the growth of CPU time to {2 * count:,} records", growth, 1.05),
        reached("heaviest page of an asset, kB", asset / 1e3, 60),
        reached("heaviest page of all, kB", page / 1e3, 1_000),
        reached("search index, kB: 500, and 1.2 for each record", index / 1e3, 500 + 1.2 * count),
        reached(
            "memory of the largest process, MB",
            max(found[name].median("memory") for name in (site.DRAWN, site.COLD)) / 1e6,
            400,
        ),
        target("100 small diagrams, over a start of `dot` for each", small, site.TOGETHER, site.ONE_BY_ONE, 0.25),
        reached("all diagrams, over all pages", drawing, 1),
        reached(f"starts of `dot` where nothing changed; {first} before", again, 0),
    ]
    return "\n".join(
        [
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with {os.cpu_count()} processors.\n",
            table(["What must be reached", "target", "wall time unless it says otherwise", "reached"], judged),
            f"### The site of {count:,} records\n",
            timings(found | {f"{site.COLD}, {2 * count:,} records": many}, {}, 1, "s"),
        ]
    )


def discovery(projects: int, rounds: int) -> tuple[dict[str, Timing], int]:
    """A source tree, beside reading all its files."""
    folder = _fresh("source")
    files = source.write(folder, projects)
    look = stocktake(folder, "discover", ".", "--output-format", "json")
    return by_turns({READER: python(folder, commands.READ), DISCOVER: look}, rounds), files


def verification(is_quick: bool) -> str:
    """What a restore drill does to compare contents, beside a dump of the same data; a dump may take half as long."""
    rows = 100_000 if is_quick else 1_000_000
    found = contents.measured(_fresh("contents"), rows, 2 if is_quick else 7)
    pairs = (
        (contents.VERIFY_POSTGRESQL, contents.DUMP_POSTGRESQL),
        (contents.VERIFY_SQLITE, contents.DUMP_SQLITE),
    )
    judged = [target(f"{mine}, over its dump as plain text", found, mine, dump, 2) for mine, dump in pairs]
    tables = [
        timings({dump: found[dump], mine: found[mine]}, {dump: "times the dump, wall / CPU"}, 1, "s")
        for mine, dump in pairs
    ]
    return "\n".join(
        [
            table(["What must be reached", "target", "wall time, measured", "reached"], judged),
            f"### {rows:,} rows of five columns; of a server only the client's CPU time shows\n",
            *tables,
        ]
    )


def from_nothing(is_quick: bool) -> str:
    """A new repository, and the hook in one."""
    folder = _fresh("start")
    found = start.measured(folder, 2 if is_quick else 7)
    size = start.hook(folder, BUILD)
    hook = "packages of the hook in prek's environment, MB"
    judged = [
        reached("a new repository and its first check, seconds", found[start.START].median("wall"), 3),
        [hook, "at most 60", NOT_MEASURED, "-"] if size is None else reached(hook, size, 60),
    ]
    heads = ["What must be reached", "target", "measured", "reached"]
    return "\n".join([table(heads, judged), "### From nothing to a green check\n", timings(found, {}, 1, "s")])


def long_history(is_quick: bool) -> str:
    """Who changed what over many commits, beside Git's own list of changed files."""
    files = 1_000 if is_quick else 10_000
    found = past.measured(_fresh("past"), BUILD / "past-cache", files, 2 if is_quick else 5)
    judged = [
        target("who changed each record, over `git log --name-status`", found, past.RECORDS, past.GIT, 1.5),
        target("each fact before and after, over `git log --name-status`", found, past.FIELDS, past.GIT, 6),
        target("what ten commits add, over all of it", found, past.NEW, past.FIELDS, 0.05),
    ]
    return "\n".join(
        [
            table(["What must be reached", "target", "wall time, measured", "reached"], judged),
            f"### {files:,} records, {2 * files:,} commits\n",
            timings(found, {past.GIT: "times `git log --name-status`, wall / CPU"}, 1, "s"),
        ]
    )


def big_catalogue(is_quick: bool) -> str:
    """Everything that PostgreSQL tells of many tables, beside asking for it and doing nothing with the answers."""
    tables = 1_000 if is_quick else 10_000
    found = catalogue.measured(_fresh("catalogue"), tables, 2 if is_quick else 7)
    judged = [
        target("read a catalogue, over the queries alone", found, catalogue.OBSERVE, catalogue.RAW, 1.3),
        target("read a catalogue, over SQLAlchemy's inspector", found, catalogue.OBSERVE, catalogue.INSPECTOR, 0.5),
    ]
    bases = {catalogue.RAW: "times the queries, wall / CPU"}
    return "\n".join(
        [
            table(["What must be reached", "target", "wall time, measured", "reached"], judged),
            f"### {tables:,} tables of seven columns; of a server only the client's CPU time shows\n",
            timings(found, bases, 1, "s"),
        ]
    )


def a_branch(is_quick: bool) -> str:
    """The digest of a change, beside `git diff` and checks of both sides."""
    count = 1_000 if is_quick else 10_000
    found = branch.measured(_fresh("branch"), count, 1 if is_quick else 3)
    judged = [target("compare a change, over the bound", found, branch.DIFF, branch.BOUND, 1)]
    return "\n".join(
        [
            table(["What must be reached", "target", "wall time, measured", "reached"], judged),
            f"### {branch.CHANGED} of {count:,} records changed; the bound is {branch.BOUND}\n",
            timings(found, {branch.BOUND: "times the bound, wall / CPU"}, 1, "s"),
        ]
    )


def _fresh(name: str) -> Path:
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _machine(node: tuple[Path, str] | None) -> str:
    javascript = f"{commands.AJV.replace('@', ' ')} on Node {node[1]}" if node else "no npm, so without ajv-cli"
    return f"{os.cpu_count()} processors, Python {platform.python_version()}, {javascript}"


def _between(page: str, name: str, text: str) -> str:
    begin, end = f"<!-- {name}: written by scripts/bench -->\n", f"<!-- {name}: end -->"
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    main()
