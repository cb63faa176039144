"""Each baseline beside what was seen: what differs, what was expected to, and what could not be compared."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.answer import Expected, excuse, expected
from stocktake.model.audit import Audit
from stocktake.model.baseline import AREAS, Difference, differences, not_compared
from stocktake.model.record import Record
from stocktake.model.sheet import Sheet

KINDS = ("missing", "extra", "changed", "pending-restart")


class Compared(NamedTuple):
    """One baseline. `asset` is the address; `silent` are (area, reason) of what was not compared."""

    record: Record
    sheet: Sheet
    asset: str
    environment: str
    differences: tuple[Difference, ...]
    expected: tuple[tuple[Difference, Expected], ...]
    silent: tuple[tuple[str, str], ...]

    @property
    def is_compared(self) -> bool:
        """Whether at least one area was."""
        return len(self.silent) < len(AREAS)

    @property
    def areas(self) -> int:
        """How many areas were compared."""
        return len(AREAS) - len(self.silent)

    @property
    def looked(self) -> bool:
        """Whether anything was ever seen of it."""
        return bool(self.sheet.seen)


def compared(audit: Audit) -> list[Compared]:
    """All baselines, sorted by address."""
    records = audit.estate.of("baseline")
    return [_compared(record, audit.sheets[record.address][0]) for record in records if record.address in audit.sheets]


def _compared(record: Record, sheet: Sheet) -> Compared:
    meant = expected(sheet)
    found = [(one, excuse(one, meant)) for one in differences(sheet, str(sheet.get("engine", "")))]
    return Compared(
        record,
        sheet,
        f"asset/{record.data.get('asset')}",
        str(record.data.get("environment", "")),
        tuple(one for one, why in found if why is None),
        tuple((one, why) for one, why in found if why is not None),
        tuple(not_compared(sheet)),
    )
