"""Health of the observation itself: what was looked at, when, by which role, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.observation import NOT_LOOKED, PARTIAL, SEEN, Observation
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.freshness import is_fresh
from stocktake.render.live import Refusal, clean, day, folded, refusals, running
from stocktake.render.looks import Missing, connections, missing
from stocktake.render.paged import filed
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted
from stocktake.render.table import Cell, Column
from stocktake.render.view import View
from stocktake.values import duration

_HERE = "observations.md"
_MOST, _MOST_GROUPS = 200, 500
_LIVE = "observe"
_TONES = {SEEN: "is-pass", PARTIAL: "is-waived", NOT_LOOKED: "is-unknown"}
_WORDS = {SEEN: "seen", PARTIAL: "partly seen", NOT_LOOKED: "not looked"}


def pages(view: View) -> Iterator[Page]:
    """All sources, what is missing, and what they could not read."""
    found = view.estate.observations
    never = missing(view)
    blocks: list[Markup | Heading | None] = [
        lead("How much of this can be trusted? ", muted("Every other page is as good as the look behind it.")),
        _figures(view, found, never),
        Heading("Never looked at"),
        _missing(view, never),
        Heading("Sources"),
        _sources(view, found),
        Heading("Refused"),
        _refused(view),
        Heading("Not understood"),
        _problems(view, found),
        Heading("Secrets in the open"),
        _secrets(view, found),
    ]
    yield document(_HERE, "Observations", blocks, wide=True)


def _figures(view: View, found: tuple[Observation, ...], never: list[Missing]) -> Markup:
    total = len(found) + len(never)
    fresh = sum(is_fresh(view.audit, seen) and seen.status != NOT_LOOKED for seen in found)
    whole = sum(seen.status == SEEN for seen in found)
    live = connections(view)
    names = {seen.source for seen in found if seen.status != NOT_LOOKED and seen.collector == _LIVE}
    done = sum(name in names for _, _, name in live)
    problems = sum(len(seen.problems) for seen in found)
    return cards(
        (
            Card(
                fresh,
                f" of {total}",
                "Looked at and fresh",
                f"not older than {_limit(view)}",
                "#sources",
                "unknown" if fresh < total or not total else "plain",
            ),
            Card(
                whole,
                f" of {len(found)}",
                "Seen completely",
                "the rest in part or not at all",
                "#sources",
                "unknown" if whole < len(found) else "plain",
            ),
            Card(
                done,
                f" of {len(live)}",
                "Live stores looked at",
                "of those that name a connection",
                "#never-looked-at",
                "unknown" if done < len(live) or not live else "plain",
            ),
            Card(
                problems,
                f" in {counted(len(found), 'source')}",
                "Files not understood",
                "the rest of the source was read",
                "#not-understood",
                "bad" if problems else "plain",
            ),
        )
    )


def _limit(view: View) -> str:
    try:
        return duration.words(duration.seconds(view.estate.settings.freshness))
    except ValueError:
        return view.estate.settings.freshness


def _missing(view: View, never: list[Missing]) -> Markup:
    rows = [
        (
            view.link(_HERE, one.address) if one.address else code(one.name),
            one.kind,
            one.environment,
            badge("never looked", "is-unknown"),
            code(one.command),
        )
        for one in never
    ]
    anything = view.estate.observations or view.estate.settings.sources
    empty: object = "Everything that is configured was looked at."
    if not anything:
        empty = join(
            (
                "Nothing is configured to be looked at: name trees under ",
                code("sources"),
                " in ",
                code("stocktake.yaml"),
                ", and an environment variable under ",
                code("connection"),
                " of a store.",
            )
        )
    headers = ("What", Column("Kind", facet=True), Column("Environment", facet=True), "State", "How to look")
    return filed(view, _HERE, "never", headers, rows, "Never looked at", empty, _MOST)


def _sources(view: View, found: tuple[Observation, ...]) -> Markup:
    rows = [_source(view, seen) for seen in sorted(found, key=lambda seen: (is_fresh(view.audit, seen), seen.source))]
    headers = (
        Column("Source"),
        Column("State", facet=True),
        Column("Last looked", facet=True),
        Column("Environment", facet=True),
        Column("Role"),
        Column("Things", number=True),
        Column("Edges", number=True),
        Column("Secrets", number=True),
        Column("Remarks", wide=True),
    )
    empty = join(
        (
            "No source was looked at yet, so nothing is confirmed. Run ",
            code("stocktake discover"),
            " or ",
            code("stocktake observe"),
            ".",
        )
    )
    return filed(view, _HERE, "sources", headers, rows, "Sources", empty, _MOST)


def _source(view: View, seen: Observation) -> tuple[object, ...]:
    fresh = is_fresh(view.audit, seen)
    age = badge("fresh", "is-pass") if fresh else badge("stale" if seen.looked else "never", "is-unknown")
    looked = seen.looked.isoformat() if seen.looked else "no day"
    word = _WORDS.get(seen.status, seen.status)
    remarks = [clean(seen.reason)] if seen.reason else []
    if seen.problems and not remarks:
        remarks.append(counted(len(seen.problems), "place not understood", "places not understood"))
    return (
        Cell(join((code(seen.source), el("br"), muted(f"{seen.collector} {seen.version}".strip()))), seen.source),
        Cell(
            badge(word, _TONES.get(seen.status, "is-unknown")),
            list(_TONES).index(seen.status) if seen.status in _TONES else 9,
            word,
        ),
        Cell(join((day(looked), age), " "), looked, "fresh" if fresh else "stale"),
        seen.environment,
        code(seen.role) if seen.role else muted("none needed") if seen.collector != _LIVE else None,
        len(seen.things),
        len(seen.edges),
        len(seen.secrets),
        "; ".join(remarks),
    )


def _refused(view: View) -> Markup:
    """Refusals of one store for one reason stand in one row: there may be hundreds of settings among them."""
    rows = []
    for record in view.estate.of("asset"):
        for sheet in running(view, record.address):
            by_reason: dict[tuple[str, str], list[Refusal]] = {}
            for one in refusals(sheet):
                by_reason.setdefault((one.word, one.reason), []).append(one)
            for (word, reason), groups in sorted(by_reason.items()):
                rows.append(
                    (
                        view.link(_HERE, record.address),
                        sheet.environment,
                        badge(word, "is-unknown"),
                        _groups(groups),
                        clean(reason),
                    )
                )
    live = any(seen.collector == _LIVE and seen.status != NOT_LOOKED for seen in view.estate.observations)
    empty = "Nothing was refused." if live else "Not known: no live store was looked at yet."
    headers = (
        Column("Store", facet=True),
        Column("Environment", facet=True),
        "State",
        "Facts",
        Column("Reason", wide=True),
    )
    return filed(view, _HERE, "refused", headers, rows, "Refused", empty, _MOST)


def _groups(groups: list[Refusal]) -> Markup:
    names = [code(one.group) for one in groups]
    if len(names) <= 3:
        return join(names, ", ")
    return folded(
        counted(len(names), "group"), el("ul", *(el("li", name) for name in names[:_MOST_GROUPS]), class_="st-list")
    )


def _problems(view: View, found: tuple[Observation, ...]) -> Markup:
    rows = [
        (code(seen.source), view.file(problem.file, problem.line), clean(problem.message))
        for seen in found
        for problem in seen.problems
    ]
    empty = "Every file that was looked at was understood." if found else "Not known: nothing was looked at yet."
    headers = (Column("Source", facet=True), "File", Column("Why", wide=True))
    return filed(view, _HERE, "not-understood", headers, rows, "Files not understood", empty, _MOST)


def _secrets(view: View, found: tuple[Observation, ...]) -> Markup:
    rows = [
        (code(seen.source), view.file(one.file, one.line), clean(one.what)) for seen in found for one in seen.secrets
    ]
    empty = "No secret was seen in the open." if found else "Not known: nothing was looked at yet."
    headers = (Column("Source", facet=True), "File", "What it is")
    return filed(view, _HERE, "secrets", headers, rows, "Secrets in the open", empty, _MOST)
