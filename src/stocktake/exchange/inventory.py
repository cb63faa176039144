"""The inventory sheet of the audit plan as a table."""

from __future__ import annotations

from stocktake.exchange.table import Table
from stocktake.model.audit import Audit
from stocktake.model.inventory import COLUMNS, rows

NAME = "inventory"


def table(audit: Audit) -> Table:
    """One row for each asset, with what is known today: seen lately, else declared."""
    return Table(NAME, COLUMNS, rows(audit))
