"""What is not as declared: each baseline beside what runs, in words, with the two commands that answer a difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from stocktake.model.baseline import AREAS, Difference
from stocktake.model.drift import comparable
from stocktake.model.sheet import Sheet
from stocktake.render import facts
from stocktake.render.compared import KINDS, Compared
from stocktake.render.differences import MOST, PAGE, WORDS, differences, kind, look, place, verdict
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.freshness import doubts
from stocktake.render.live import clean, content, state, where
from stocktake.render.live import day as on
from stocktake.render.paged import filed
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted, note
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href, page_of

_HERE, _COMPARED = PAGE, "environments.md"
_ROOM = 400_000  # letters of all differences; what does not fit stands on the pages of its baselines alone
_AREAS = ("settings", "schema", "access")
Blocks = list[Markup | Heading | None]


def pages(view: View) -> Iterator[Page]:
    """Everything that differs, baseline by baseline."""
    found = view.baselines
    blocks: Blocks = [
        lead("What is not as declared? ", muted("What runs, beside its baseline: what people agreed it should be.")),
        _figures(view, found),
        el("p", "Whether it is the same everywhere: ", anchor("environments compared", href(_HERE, _COMPARED)), "."),
    ]
    if found:
        told = dict(_fitting(view, found))
        blocks += [Heading("By kind"), _by_kind(found), Heading("Baselines"), _summary(view, found, told)]
        blocks += [Heading("Differences"), *_differences(found, told)]
        blocks += [Heading("Expected differences"), _expected(view, found)]
        blocks += [Heading("Not compared"), _silent(view, found)]
    else:
        blocks.append(_empty())
    yield document(_HERE, "Drift", [*blocks, Heading("Facts that differ"), _facts(view)], wide=True)


def _empty() -> Markup:
    how = (
        code("stocktake observe"),
        " looks, ",
        code("stocktake baseline accept ASSET --environment E"),
        " writes one.",
    )
    return note("info", el("b", "No baseline is recorded, so nothing was compared. "), *how)


def _figures(view: View, found: list[Compared]) -> Markup:
    unexpected, meant = _count(found)
    areas = sum(one.areas for one in found)
    told = sum(bool(one.differences) for one in found)
    checked = sum(1 for group in view.audit.sheets.values() for sheet in group for _ in _fresh(sheet))
    return cards(
        (
            Card(
                unexpected if areas else "–",
                f" in {told} of {counted(len(found), 'baseline')}",
                "Differences",
                "that nobody expected" if areas else "not known: nothing was compared",
                "#differences" if found else None,
                "bad" if unexpected else "plain" if areas else "unknown",
            ),
            Card(meant, f" of {unexpected + meant}", "Expected differences", "with a reason and an end"),
            Card(
                areas,
                f" of {len(AREAS) * len(found)}",
                "Areas compared",
                "grants, roles, schema and settings of each baseline",
                "#not-compared" if found else None,
                "plain" if areas == len(AREAS) * len(found) else "unknown",
            ),
            Card(
                len(view.audit.drift),
                f" of {checked:,}",
                "Facts that differ",
                "of those both declared and freshly seen",
                "#facts-that-differ",
                "bad" if view.audit.drift else "plain" if checked else "unknown",
            ),
        )
    )


def _fresh(sheet: Sheet) -> Iterator[str]:
    for name, _, seen in comparable(sheet):
        if seen.fresh:
            yield name


def _count(found: Iterable[Compared]) -> tuple[int, int]:
    pairs = [(len(one.differences), len(one.expected)) for one in found]
    return sum(first for first, _ in pairs), sum(second for _, second in pairs)


def _by_kind(found: list[Compared]) -> Markup:
    every = [one for baseline in found for one in baseline.differences]
    rows = [
        (
            kind(name),
            *(sum(one.what == name and one.area == area for one in every) for area in _AREAS),
            _of(every, name),
        )
        for name in KINDS
    ]
    numbers = [Column(area.capitalize(), number=True) for area in _AREAS]
    return table(("What", *numbers, Column("All", number=True)), rows, "Differences by kind and area")


def _of(every: list[Difference], name: str) -> str:
    return f"{sum(one.what == name for one in every)} of {len(every)}"


def _summary(view: View, found: list[Compared], told: Collection[str]) -> Markup:
    rows = []
    for one in found:
        counts = [sum(each.what == name for each in one.differences) for name in KINDS]
        cells = counts if one.is_compared else [muted("not known")] * len(counts)
        silent = badge(counted(len(one.silent), "area"), "is-unknown") if one.silent else muted("nothing")
        rows.append(
            (
                _jump(one, told),
                view.link(_HERE, one.asset),
                one.environment,
                verdict(one),
                *cells,
                len(one.expected),
                silent,
            )
        )
    numbers = [Column(WORDS[name].capitalize(), number=True) for name in KINDS]
    headers: list[str | Column] = ["Baseline", "Asset", Column("Environment", facet=True)]
    headers += [Column("State", facet=True), *numbers]
    headers += [Column("Expected", number=True), "Not compared"]
    return filed(view, _HERE, "baselines", headers, rows, "Baselines", "", MOST)


def _jump(one: Compared, told: Collection[str]) -> Markup:
    """To the differences: on this page, or where there is no room for them on that of the baseline."""
    if not one.differences:
        return el("span", one.record.title)
    there = f"#{place(one)}" if one.record.address in told else href(_HERE, page_of(one.record.address), "differences")
    return anchor(one.record.title, there)


def _fitting(view: View, found: list[Compared]) -> Iterator[tuple[str, list[Markup]]]:
    """(address of a baseline, its differences), as many as fit on the page."""
    room = _ROOM
    for one in found:
        if one.differences:
            title = el("h3", one.record.title, id=place(one))
            blocks = [title, _told(view, one), differences(view, _HERE, one, MOST)]
            room -= sum(map(len, blocks))
            if room < 0:
                return
            yield one.record.address, blocks


def _differences(found: list[Compared], told: Mapping[str, list[Markup]]) -> Iterator[Markup]:
    differing = sum(bool(one.differences) for one in found)
    if not differing:
        some = any(one.is_compared for one in found)
        yield el(
            "p", "Nothing differs that was compared." if some else "Not known: nothing was compared.", class_="st-empty"
        )
    for blocks in told.values():
        yield from blocks
    if differing > len(told):
        more = f"and {counted(differing - len(told), 'more baseline')}, each on its own page: see the table above."
        yield el("p", more, class_="st-muted")


def _told(view: View, one: Compared) -> Markup:
    seen = look(one)
    parts = (
        view.link(_HERE, one.asset),
        f"in {one.environment}",
        view.file(one.record.path),
        join((state(seen), " ", where(seen))),
    )
    return el("p", join(parts, " · "), class_="st-small")


def _expected(view: View, found: list[Compared]) -> Markup:
    today = view.audit.today.isoformat()
    rows = [
        (
            view.link(_HERE, one.record.address),
            one.environment,
            clean(each.words),
            why.reason,
            _until(why.expires, today),
        )
        for one in found
        for each, why in one.expected
    ]
    headers = (
        "Baseline",
        Column("Environment", facet=True),
        Column("Difference", wide=True),
        Column("Reason", wide=True),
        "Expires",
    )
    empty = "No difference was seen that a baseline expects."
    return filed(view, _HERE, "expected", headers, rows, "Expected differences", empty, MOST)


def _until(day: str, today: str) -> Cell:
    expired = badge("expired", "is-fail", "argue it again or remove the difference") if day < today else None
    return Cell(join((on(day), expired), " "), day)


def _silent(view: View, found: list[Compared]) -> Markup:
    rows = [
        (
            view.link(_HERE, one.record.address),
            one.environment,
            area,
            badge("not compared", "is-unknown"),
            clean(reason),
        )
        for one in found
        for area, reason in one.silent
    ]
    headers = (
        "Baseline",
        Column("Environment", facet=True),
        Column("Area", facet=True),
        "State",
        Column("Reason", wide=True),
    )
    empty = "Every area of every baseline was compared."
    return filed(view, _HERE, "not-compared", headers, rows, "Not compared", empty, MOST)


def _facts(view: View) -> Markup:
    rows = [
        (
            view.link(_HERE, item.address),
            item.environment,
            code(item.name),
            facts.plain(item.declared),
            content(item.name, item.observed) if item.name.startswith("settings[") else facts.plain(item.observed),
            _where(view, item.address, item.environment, item.name),
        )
        for item in view.audit.drift
    ]
    if view.audit.drift:
        empty: object = ""
    elif any(seen.looked for seen in view.estate.observations):
        sure = not doubts(view.audit)
        none = "No observed fact differs from its declared one."
        empty = none if sure else "None is known to differ, but not every source was seen whole and lately."
    else:
        empty = join(
            (
                "Not known: no machine has looked yet. Run ",
                code("stocktake discover"),
                " or ",
                code("stocktake observe"),
                ".",
            )
        )
    headers = ("Record", Column("Environment", facet=True), "Fact", "Declared", "Observed", "Where and when seen")
    return filed(view, _HERE, "facts", headers, rows, "Facts that differ", empty, MOST)


def _where(view: View, address: str, environment: str | None, name: str) -> Markup:
    for sheet in view.audit.sheets.get(address, ()):
        if sheet.environment == environment and (seen := sheet.observed(name)):
            return facts.when(seen)
    return muted("–")
