"""A restore test: what was restored, what it took, what was checked, and how that compares with what was promised."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render import facts
from stocktake.render.anatomy import said
from stocktake.render.backup_plans import RESULTS
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean
from stocktake.render.parts import badge, code, muted, note
from stocktake.render.recovery import MET, MISSED, verdict
from stocktake.render.table import Cell, Column, pairs, table
from stocktake.render.view import View, href

TELLS = frozenset(
    {
        "owner",
        "status",
        "asset",
        "environment",
        "plan",
        "backup_set",
        "backups",
        "type",
        "started",
        "finished",
        "measured_rto",
        "measured_rpo",
        "checks",
        "result",
        "failure_cause",
        "evidence",
        "next_due",
    }
)
_CHECKS = {"pass": "is-pass", "fail": "is-fail", "unknown": "is-unknown"}
_TONE = {"passed": "good", "failed": "bad"}


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a drill below its title."""
    result, cause = said.word(record, "result"), said.word(record, "failure_cause")
    why = f" The cause: {cause}." if cause not in ("", "none") else ""
    told = el("b", badge(result or "no result", RESULTS.get(result, "plain")), " ")
    yield note(
        _TONE.get(result, "info"),
        told,
        f"{said.word(record, 'type')} of plan ",
        code(said.word(record, "plan")),
        f".{why}",
    )
    yield _line(view, here, record)
    yield Heading("What was promised and measured")
    yield _promises(view, here, record)
    yield Heading("Checks")
    yield _checks(record)
    yield Heading("Backups that were considered")
    yield _backups(record)


def _line(view: View, here: str, record: Record) -> Markup:
    started, ended = said.word(record, "started"), said.word(record, "finished")
    length = said.between(started, ended)
    asset, proof = f"asset/{said.word(record, 'asset')}", said.word(record, "evidence")
    return pairs(
        (
            ("Store", view.link(here, asset)),
            ("Environment", said.word(record, "environment")),
            ("Backup restored", code(said.word(record, "backup_set"))),
            ("Held", join((said.moment(started), muted(f", {length}") if length else None)) if started else None),
            ("Counts until", said.until(view, record.data.get("next_due"), False)),
            ("Evidence", view.file(proof) if proof else said.missing("none")),
            ("All", anchor("backups and drills", href(here, "backups.md"))),
        )
    )


def _promises(view: View, here: str, record: Record) -> Markup:
    asset, environment = f"asset/{said.word(record, 'asset')}", record.data.get("environment")
    sheets = view.audit.sheets.get(asset, ())
    sheet = next((one for one in sheets if one.environment == environment), sheets[0] if sheets else None)
    rows = []
    for name, words in (("rto", "How long until it is back"), ("rpo", "How much may be lost")):
        promised = str(sheet.get(f"backup.{name}") or "") if sheet else ""
        measured = said.word(record, f"measured_{name}")
        found = verdict(promised, measured)
        shown = facts.plain(measured) if measured not in ("", "not-measured") else said.missing("not measured")
        tone = {MET: "is-pass", MISSED: "is-fail"}.get(found, "is-unknown")
        rows.append(
            (
                join((name.upper(), muted(f" {words}"))),
                facts.plain(promised) if promised else said.missing("not promised"),
                shown,
                badge(found, tone),
            )
        )
    return table(("Objective", "Promised", "Measured", "Verdict"), rows, "Promised and measured")


def _checks(record: Record) -> Markup:
    rows = []
    for name, one in sorted(said.entries(record, "checks").items()):
        result = str(one.get("result") or "")
        rows.append(
            (
                code(name),
                Cell(badge(result or "no result", _CHECKS.get(result, "plain")), None, result),
                clean(one.get("message") or ""),
            )
        )
    return table(("Check", "Result", Column("What was seen", wide=True)), rows, "Checks", "Nothing was checked.")


def _backups(record: Record) -> Markup:
    rows = []
    for name, one in said.entries(record, "backups").items():
        size = one.get("size")
        shown = f"{size:,}" if isinstance(size, int) else None
        rows.append(
            (
                code(clean(name)),
                str(one.get("use") or ""),
                clean(one.get("taken") or ""),
                shown,
                clean(one.get("reason") or ""),
            )
        )
    headers = ("Backup", "Use", "Taken", Column("Bytes", number=True), Column("Why it was passed over", wide=True))
    return table(headers, rows[:200], "Backups", "No backup was there.")
