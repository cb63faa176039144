"""The tables of docs/benchmarks.md."""

from collections.abc import Iterable, Mapping, Sequence

from .accuracy import SECTIONS, Counts, Entry, together
from .measure import Timing, floor

NOT_MEASURED = "not measured"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first hold figures."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def timings(found: Mapping[str, Timing], bases: Mapping[str, str], unit: float, suffix: str) -> str:
    """One row for each command; `bases` are the commands of the ratio columns with their headings."""
    heads = ["Command", f"wall, median ({suffix})", f"wall, least ({suffix})", f"CPU, median ({suffix})", "memory (MB)"]
    rows = []
    for name, timing in found.items():
        seconds = (timing.median("wall"), timing.least("wall"), timing.median("cpu"))
        figures = [f"{value * unit:.{1 if unit > 1 else 2}f}" for value in seconds]
        ratios = [ratio(found, name, base) for base in bases]
        rows.append([name, *figures, _memory(timing), *ratios])
    return table([*heads, *bases.values()], rows)


def _memory(timing: Timing) -> str:
    return f"{'at most ' * (timing.median('memory') <= floor())}{timing.median('memory') / 1e6:.0f}"


def ratio(found: Mapping[str, Timing], name: str, base: str) -> str:
    """Wall and CPU time as multiples of another command's."""
    if base not in found or name not in found:
        return NOT_MEASURED
    return f"{found[name].over(found[base], 'wall'):.2f} / {found[name].over(found[base], 'cpu'):.2f}"


def target(what: str, found: Mapping[str, Timing], name: str, base: str, most: float, field: str = "wall") -> list[str]:
    """One row: what must be reached, and what was."""
    if base not in found:
        return [what, f"at most {most}", NOT_MEASURED, "-"]
    return reached(what, found[name].over(found[base], field), most)


def reached(what: str, measured: float, most: float) -> list[str]:
    """One row of a figure that is at hand."""
    places = 2 if most >= 0.1 else 4
    return [what, f"at most {most:g}", f"{measured:.{places}f}", "yes" if measured <= most else "no"]


def accuracies(entries: Sequence[Entry]) -> str:
    """F1 by tree and section, and all together; `-` where there was nothing to find and nothing was found."""
    rows = [[entry.name, *(_f1(entry.counts[section]) for section in SECTIONS)] for entry in entries]
    composed = [entry for entry in entries if entry.has_compose]
    for label, group in (("with a Compose file", composed), ("all", entries)):
        counts = [together(list(group), section) for section in SECTIONS]
        rows.append([f"**{label}: {len(group)} trees**", *map(_f1, counts)])
        rows.append([f"{label}: right, wrong, missed", *(f"{one.right}, {one.wrong}, {one.missed}" for one in counts)])
    return table(["F1", *SECTIONS], rows)


def _f1(counts: Counts) -> str:
    return "-" if counts.f1 is None else f"{counts.f1:.3f}"
