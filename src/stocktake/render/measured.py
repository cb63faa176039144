"""Count what the trends show, of one audit, in the same way as the pages on each subject count it."""

from __future__ import annotations

from collections import Counter

from stocktake.model.audit import Audit
from stocktake.model.outcome import FAIL
from stocktake.model.trend import Figures
from stocktake.render.outcomes import asked, by_state
from stocktake.render.recovery import plans
from stocktake.render.view import View


def measured(audit: Audit, unread: int = 0) -> Figures:
    """The figures as of the day of the audit; `unread` files were left out of it."""
    view = View(audit, {})
    open_ = Counter(one.severity for one in audit.outcomes if one.state == FAIL)
    answers = dict(asked(view))
    found, today = plans(view), audit.today.isoformat()
    return Figures(
        critical=open_["critical"],
        high=open_["high"],
        medium=open_["medium"],
        low=open_["low"],
        info=open_["info"],
        waived=by_state(audit.outcomes)["waived"],
        questions=sum(answers.values()),
        answered=sum(answers.values()) - answers["unknown"],
        assets=len(audit.estate.of("asset")),
        seen=sum(address.startswith("asset/") for address in view.seen_assets),
        plans=len(found),
        drilled=sum(plan.is_current(today) for plan in found),
        records=len(audit.estate.records),
        unread=unread,
    )
