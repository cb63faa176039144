"""Heatmaps beside that of owners and families: tables with text in every cell, each cell a link to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from stocktake.model.coverage import Coverage
from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.rule import FAMILIES
from stocktake.render.escape.html import Markup, el, join, plain
from stocktake.render.heatmap import UNASKED
from stocktake.render.paged import beside
from stocktake.render.parts import SEVERITY_ORDER, counted, muted, share
from stocktake.render.table import Column
from stocktake.render.view import View, href

LEVELS = ("critical", "high", "medium", "low", "unknown")
_LATELY, _EARLIER, _NEVER = "seen lately", "seen earlier", "never seen"
Ranks = Mapping[tuple[str, str], Counter[str]]


class Spot(NamedTuple):
    """One cell: what it says, a smaller word below, its tone, and the list behind it. None in its place: nothing was
    asked.
    """

    words: str
    below: str = ""
    tone: str = ""
    url: str = ""


class Grid(NamedTuple):
    """A whole heatmap; `told` is the formula of a cell, `rows` are heads with their cells."""

    title: str
    told: str
    corner: str
    columns: Sequence[Markup]
    rows: Iterable[tuple[Markup, Sequence[Spot | None]]]


def grid(view: View, here: str, name: str, one: Grid) -> Markup:
    """The table with its formula above it, and below it all of its cells as a file."""
    heads = (el("th", column, scope="col") for column in one.columns)
    head = el("tr", el("th", one.corner, scope="col", class_="st-corner"), *heads)
    rows = [(head, [_spot(spot) for spot in spots]) for head, spots in one.rows]
    body = [el("tr", el("th", head, scope="row"), *cells) for head, cells in rows]
    caption = el("caption", one.title, class_="st-hidden")
    drawn = el("table", caption, el("thead", head), el("tbody", *body), class_="st-matrix st-heatmap")
    box = el("div", drawn, class_="st-scroll", role="region", tabindex="0", aria_label=one.title)
    columns = [Column(plain(title)) for title in (one.corner, *one.columns)]
    offer = beside(view, here, name, columns, [(head, *cells) for head, cells in rows])
    return join((el("p", one.told, class_="st-muted"), box, offer))


def _spot(spot: Spot | None) -> Markup:
    if spot is None:
        return el("td", el("span", UNASKED), class_="st-heat-unasked")
    words = (spot.words, *((el("br"), el("small", spot.below)) if spot.below else ()))
    inner = el("a", *words, href=spot.url) if spot.url else el("span", *words)
    return el("td", inner, class_=f"st-heat st-heat-{spot.tone}" if spot.tone else None)


def by_criticality(view: View, here: str) -> Grid:
    """Findings and doubts by how critical what they are about is."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for outcome in view.audit.outcomes:
        if outcome.state in (FAIL, UNKNOWN):
            what = outcome.severity if outcome.state == FAIL else UNKNOWN
            place = (outcome.criticality or "unknown", outcome.rule.rstrip("0123456789"))
            found.setdefault(place, Counter())[what] += 1
    families, asked = _families(view), _asked(view)
    rows = [
        (
            el("span", level),
            [_found(here, found, level, one) if asked[one] or (level, one) in found else None for one in families],
        )
        for level in LEVELS
    ]
    told = (
        "Findings, known ones too, then doubts, by the criticality of what they are about; "
        "the colour is the worst severity. Where nobody said how critical it is, it stands under unknown. "
        "Under each family stands how many questions of it were asked at all, which is not counted by criticality: "
        "0 is neither finding nor doubt, not that all was asked."
    )
    title = "Findings and doubts by criticality and family of rules"
    heads = [join((_abbreviated(one), el("br"), muted(f"{asked[one]:,} asked"))) for one in families]
    return Grid(title, told, "criticality ↓ family →", heads, rows)


def by_type(view: View, here: str) -> Grid:
    """How many assets of each type fail in each family of rules, and of how many something is not known."""
    failed: dict[tuple[str, str], dict[str, str]] = {}
    unknown: dict[tuple[str, str], set[str]] = {}
    for outcome in view.audit.outcomes:
        place = (view.entry(outcome.subject).type, outcome.rule.rstrip("0123456789"))
        if place[0] and outcome.state == FAIL:
            worst = failed.setdefault(place, {}).get(outcome.subject, outcome.severity)
            failed[place][outcome.subject] = min(worst, outcome.severity, key=lambda name: SEVERITY_ORDER.get(name, 9))
        elif place[0] and outcome.state == UNKNOWN:
            unknown.setdefault(place, set()).add(outcome.subject)
    families, asked = _families(view), _asked(view, "asset")
    every = Counter(view.entry(record.address).type for record in view.estate.of("asset"))
    rows = [
        (
            el("span", type_, " ", muted(f"{total:,}")),
            [
                _failing(failed.get((type_, one), {}), unknown.get((type_, one), set()), total, here, type_)
                if asked[one] or (type_, one) in failed or (type_, one) in unknown
                else None
                for one in families
            ],
        )
        for type_, total in sorted(every.items())
        if type_
    ]
    told = (
        "Assets with a finding, known ones too, ÷ all assets of the type, then those with a doubt; "
        "the colour is the worst severity. Nothing was asked of any asset where a cell says so; "
        "0 is neither finding nor doubt, not that all were asked."
    )
    title = "Assets that fail by type and family of rules"
    return Grid(title, told, "type ↓ family →", [_abbreviated(family) for family in families], rows)


def _failing(failed: Mapping[str, str], unknown: Collection[str], total: int, here: str, type_: str) -> Spot:
    if not failed and not unknown:
        return Spot(f"0 of {total:,}")
    worst = min(failed.values(), key=lambda name: SEVERITY_ORDER.get(name, 9), default=UNKNOWN)
    words = f"{len(failed):,} of {total:,} fail" if failed else f"{len(unknown):,} of {total:,} not known"
    below = f"{worst}, {len(unknown):,} not known" if failed and unknown else worst if failed else ""
    return Spot(words, below, worst, f"{href(here, 'asset/index.md')}?{urlencode({'type': type_})}")


def _families(view: View) -> list[str]:
    return sorted({rule.family for rule in view.audit.rules})


def _abbreviated(family: str) -> Markup:
    return el("abbr", family, title=FAMILIES.get(family, family))


def _asked(view: View, kind: str = "") -> Counter[str]:
    """How many questions of each family were asked, of all records or those of a kind."""
    found: Counter[str] = Counter()
    for name, tally in view.audit.tallies.items():
        rule = view.rules.get(name)
        if rule and (not kind or not rule.kind or rule.kind == kind):
            found[rule.family] += tally.asked
    return found


def _found(here: str, found: Ranks, level: str, family: str) -> Spot:
    counts = found.get((level, family))
    if not counts:
        return Spot("0")
    failed = sum(counts.values()) - counts[UNKNOWN]
    worst = min((name for name in counts if name != UNKNOWN), key=lambda name: SEVERITY_ORDER.get(name, 9), default="")
    words = [counted(failed, "finding")] if failed else []
    words += [counted(counts[UNKNOWN], "doubt")] if counts[UNKNOWN] else []
    query = urlencode({"rule": FAMILIES.get(family, family), "criticality": level})
    return Spot(", ".join(words), worst, worst or UNKNOWN, f"{href(here, 'findings.md')}?{query}")


def answers(view: View, here: str, found: Coverage) -> Grid:
    """The share of questions of each family that have an answer, by team."""
    families = _families(view)
    rows = []
    for part in sorted((part for part in found.parts if part.what == "team"), key=lambda part: (not part.id, part.id)):
        known, total = Counter[str](), Counter[str]()
        for rule in part.rules:
            family = rule.rule.rstrip("0123456789")
            known[family] += rule.answered
            total[family] += rule.asked
        head = view.link(here, f"team/{part.id}") if part.id else muted("nobody")
        spots = [_answered(here, part.id, family, known[family], total[family]) for family in families]
        rows.append((head, spots))
    told = (
        "Questions with an answer ÷ questions that apply to what a team owns. "
        "Hatched where fewer than all have one. Rules about the whole estate "
        "belong to no team."
    )
    title = "Questions answered by owner and family of rules"
    return Grid(title, told, "owner ↓ family →", [_abbreviated(family) for family in families], rows)


def _answered(here: str, team: str, family: str, known: int, total: int) -> Spot | None:
    if not total:
        return None
    query = urlencode({"rule": FAMILIES.get(family, family), "owner": team or "nobody", "state": "unknown"})
    if known == total:
        return Spot(share(known, total), f"{known:,} of {total:,}", "answered")
    return Spot(share(known, total), f"{known:,} of {total:,}", UNKNOWN, f"{href(here, 'findings.md')}?{query}")


def freshness(view: View, here: str) -> Grid:
    """Which assets of each team a machine saw lately, earlier, or never."""
    ever = {match.address for match in view.audit.reconciliation.matched}
    found: dict[str, Counter[str]] = {}
    for record in view.estate.of("asset"):
        state = _LATELY if record.address in view.seen_assets else _EARLIER if record.address in ever else _NEVER
        found.setdefault(view.entry(record.address).owner, Counter())[state] += 1
    rows = []
    for owner, counts in sorted(found.items(), key=lambda item: (not item[0], item[0])):
        head = view.link(here, f"team/{owner}") if owner else muted("nobody")
        rows.append((head, [_seen(view, here, owner, state, counts) for state in (_LATELY, _EARLIER, _NEVER)]))
    told = (
        "Assets ÷ all assets of the owner, by when a machine last saw them. Lately means within "
        f"{view.estate.settings.freshness}, as stocktake.yaml sets it. What was never seen is only declared."
    )
    columns = [el("span", name) for name in (_LATELY, _EARLIER, _NEVER)]
    return Grid("Assets by owner and last look", told, "owner ↓ last look →", columns, rows)


def _seen(view: View, here: str, owner: str, state: str, counts: Counter[str]) -> Spot:
    count, total = counts[state], sum(counts.values())
    if not count:
        return Spot(counted(0, "asset"), f"{share(0, total)} of {total:,}")
    tone = "answered" if state == _LATELY else UNKNOWN
    query = f"?{urlencode({'owner': owner})}" if owner else ""
    url = f"{href(here, 'asset/index.md')}{query}"
    return Spot(counted(count, "asset"), f"{share(count, total)} of {total:,}", tone, url)
