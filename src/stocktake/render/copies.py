"""Where copies go on from the place where a backup puts them, and in which regions they lie."""

from __future__ import annotations

from stocktake.model.sheet import Sheet
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.parts import badge, muted
from stocktake.render.recovery import Plan
from stocktake.render.view import View


def onward(view: View, here: str, plan: Plan) -> Markup:
    """The assets that hold a copy of the copy: the targets of the target's own plans, and its replicas."""
    found = further(view, plan.target)
    if found:
        return join((view.link(here, address) for address in found), ", ")
    return muted("nowhere declared") if plan.target else badge("not known", "is-unknown")


def further(view: View, target: str) -> list[str]:
    """The same as addresses, sorted; a copy back onto itself counts for nothing."""
    sheets = view.audit.sheets.get(target, ())
    named = {
        f"asset/{found}"
        for sheet in sheets
        for name in sheet.keys("backup.plans[]")
        if (found := sheet.within("backup.plans[]", name).get("target"))
    }
    edges = view.audit.graph.touching.get(target, ())
    named |= {edge.target for edge in edges if edge.type == "replicates-to" and edge.source == target}
    return sorted(named - {target})


def regions(view: View, plan: Plan) -> Markup:
    """The region of the store and that of its copies; what nobody said has its own look."""
    sheets = view.audit.sheets.get(plan.target, ())
    there = next((one for one in sheets if one.environment == plan.environment), sheets[0] if sheets else None)
    return el("span", _region(plan.sheet), " → ", _region(there))


def _region(sheet: Sheet | None) -> object:
    found = sheet.get("region") if sheet else None
    return str(found) if found else badge("not said", "is-unknown")
