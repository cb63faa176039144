"""The opinion of the audit report, worked out from the answers by a formula that stands on the page."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.outcome import SEVERITIES, UNKNOWN
from stocktake.render.outcomes import failing
from stocktake.render.parts import counted, share
from stocktake.render.view import View

ADVERSE, DISCLAIMED, QUALIFIED, UNQUALIFIED = "adverse", "disclaimer", "qualified", "unqualified"
# In this order: the first that fits is the opinion.
FORMULA = (
    (ADVERSE, "A finding of critical severity is open, known or not."),
    (DISCLAIMED, "Nothing was asked, or at least half of the questions have no answer."),
    (QUALIFIED, "A finding that counts is open, known or not, or a question as grave has no answer."),
    (UNQUALIFIED, "None of these."),
)


class Opinion(NamedTuple):
    """One of the four words of auditors, how it is shown, and the figures that led to it."""

    word: str
    tone: str
    reason: str


def opinion(view: View) -> Opinion:
    """What the answers amount to; known failures count here, since a list does not mend anything."""
    tallies = view.audit.tallies.values()
    asked, unknown = sum(one.asked for one in tallies), sum(one.unknown for one in tallies)
    open_ = [*failing(view), *failing(view, known=True)]
    critical = sum(one.severity == "critical" for one in open_)
    least = SEVERITIES.index(view.estate.settings.fail_on)
    serious = sum(SEVERITIES.index(one.severity) >= least for one in open_)
    doubts = sum(one.state == UNKNOWN and SEVERITIES.index(one.severity) >= least for one in view.audit.outcomes)
    part = f"{counted(unknown, 'question')} of {asked:,} ({share(unknown, asked)}) have no answer"
    if critical:
        about = counted(len({one.subject for one in open_ if one.severity == "critical"}), "subject")
        return Opinion(ADVERSE, "bad", f"{counted(critical, 'critical finding')} about {about}; {part}.")
    if not asked or not view.estate.records:
        return Opinion(DISCLAIMED, "info", "Nothing was asked, so nothing can be concluded.")
    if 2 * unknown >= asked:
        return Opinion(DISCLAIMED, "warn", f"{part}: too many to conclude anything.")
    if serious or doubts:
        name = view.estate.settings.fail_on
        told = f"{counted(serious, 'finding')} of severity {name} or worse, {counted(doubts, 'doubt')} as grave"
        return Opinion(QUALIFIED, "warn", f"{told}; {part}.")
    return Opinion(UNQUALIFIED, "good", f"Nothing that counts is open; {part}.")
