"""Show how a running system differs from its baseline, and accept what runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.edit.baseline import accept as accepted
from stocktake.edit.baseline import desired, names
from stocktake.errors import UsageError
from stocktake.load.files import Tree
from stocktake.model.audit import Audit
from stocktake.model.baseline import Difference, differences, not_compared
from stocktake.model.record import Record
from stocktake.model.sheet import Sheet
from stocktake.pipeline.audit import audit
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.include import refuse_included
from stocktake.values.text import closest, shown


class Shown(NamedTuple):
    """A baseline beside what was seen: every difference, and what could not be compared with the reason."""

    address: str
    differences: tuple[Difference, ...]
    not_compared: tuple[tuple[str, str], ...]


def show(tree: Tree, asset: str, environment: str, today: date) -> Shown:
    """How what runs differs from the baseline.

    Raises UsageError where there is no such asset or no baseline.
    """
    judged, _ = audit(open_estate(tree).sound(), today)
    _refuse(judged, asset)
    record = _baseline(judged, asset, environment)
    if record is None:
        hint = f"Make one with `stocktake baseline accept {asset} --environment {environment}`."
        raise UsageError(f"{asset} has no baseline in {environment}", hint)
    sheet = judged.sheets[record.address][0]
    return Shown(record.address, tuple(differences(sheet, str(sheet.get("engine", "")))), tuple(not_compared(sheet)))


def accept(tree: Tree, asset: str, environment: str, only: Collection[str], today: date) -> tuple[str, str, str]:
    """(path, text before, text after) of the baseline with what was seen; the text before is empty for a new one.

    Raises UsageError where nothing was seen, or nothing of the names in `only`.
    """
    opened = open_estate(tree)
    judged, _ = audit(opened.sound(), today)
    _refuse(judged, asset)
    facts = _observed(judged, asset, environment)
    record = _baseline(judged, asset, environment)
    path = record.path if record else f"{opened.schemas.kind('baseline').folder}/{asset}-{environment}.yaml"
    before = tree.read(path).decode() if record else ""
    name = judged.estate.by_address[f"asset/{asset}"].name
    head = {"name": f"{name} in {environment}", "asset": asset, "environment": environment}
    wanted = desired(facts, str(facts.get("engine", "")))
    if only:
        _refuse_unknown(names(wanted) | names(record.data if record else {}), only)
    return path, before, accepted(before, head, wanted, only)


def _baseline(judged: Audit, asset: str, environment: str) -> Record | None:
    for record in judged.estate.of("baseline"):
        if record.data.get("asset") == asset and record.data.get("environment") == environment:
            return record
    return None


def _observed(judged: Audit, asset: str, environment: str) -> Mapping[str, Any]:
    sheet = _sheet(judged, asset, environment)
    facts = {name: fact.value for name, fact in sheet.seen.items() if fact.fresh}
    if not facts:
        hint = f"Run `stocktake observe {asset} --environment {environment}` first."
        raise UsageError(f"nothing fresh was seen of {asset} in {environment}", hint)
    return facts


def _sheet(judged: Audit, asset: str, environment: str) -> Sheet:
    sheets = judged.sheets.get(f"asset/{asset}")
    if sheets is None:
        guess = closest(asset, [record.id for record in judged.estate.of("asset")])
        raise UsageError(f'There is no asset "{shown(asset)}"', f"Did you mean {guess}?" if guess else "")
    return next((sheet for sheet in sheets if sheet.environment == environment), sheets[0])


def _refuse(judged: Audit, asset: str) -> None:
    record = judged.estate.by_address.get(f"asset/{asset}")
    if record is not None:
        refuse_included(record)


def _refuse_unknown(known: Collection[str], only: Collection[str]) -> None:
    for name in only:
        if name not in known:
            guess = closest(name, known)
            raise UsageError(
                f'"{shown(name)}" is no setting, role, table, extension or grant that was seen or is in the baseline',
                f"Did you mean {guess}?" if guess else "",
            )
