"""A dependency matrix: a row is a producer, a column a consumer, a cell the type and the criticality."""

from __future__ import annotations

import re

from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.draft import Draft, Found, kept, one_line
from stocktake.exchange.adopt.table import Table
from stocktake.values.text import slug

_CORNER = re.compile(r"producer|provider|\\|from|to$", re.IGNORECASE)
_PART = re.compile(r"[,;()\n]")


def is_matrix(table: Table) -> bool:
    """Whether the corner of a table says that it is one."""
    corner = table.columns[0].lower()
    return "consumer" in corner and _CORNER.search(corner) is not None


def read(table: Table) -> Found:
    """A draft for each cell that says something."""
    drafts = []
    for row in table.rows:
        producer = one_line(row.cells[0]) if row.cells else ""
        for heading, text in list(zip(table.columns, row.cells, strict=False))[1:]:
            if producer and text.strip() and one_line(text).lower() not in words.NOTHING:
                drafts.append(_draft(producer, heading, text, f"{table.name}:{row.line}"))
    told = f"{table.name}: a matrix, each cell dependency: row -> to, column -> from"
    return Found(tuple(drafts), (told,))


def _draft(producer: str, consumer: str, text: str, place: str) -> Draft:
    facts = {"from": one_line(consumer), "to": producer}
    rest = []
    for part in filter(None, (one_line(part) for part in _PART.split(text))):
        if "type" not in facts and slug(part) in words.DEPENDENCY:
            facts["type"] = words.DEPENDENCY[slug(part)]
        elif "criticality" not in facts and slug(part) in words.CRITICALITY:
            facts["criticality"] = words.CRITICALITY[slug(part)]
        elif slug(part) not in ("x", "yes"):
            rest.append(("matrix", part))
    labels, prose = kept(rest)
    identity = slug(f"{consumer}-{facts.get('type', 'uses')}-{producer}")
    return Draft("dependency", identity, facts, place, labels, prose)
