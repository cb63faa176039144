"""Governance, third part: whether what somebody says that they did or saw proves anything, and still does."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.overdue import overdue
from stocktake.rules.rule import rule
from stocktake.values.text import lacking, person

_SETTLED = ("resolved", "dismissed")
_OPEN_REVIEW = ("planned", "in-progress", "in-review")
_ON_PAPER = frozenset({"tabletop", "walkthrough", "simulation"})


def _is_done(review: Sheet, context: Context) -> bool:
    return bool(review.get("state") == "done")


def _is_open(finding: Sheet, context: Context) -> bool:
    return finding.get("status") not in _SETTLED


@rule(
    "GOV018",
    severity="medium",
    kind="finding",
    when=lambda finding, context: finding.get("status") in _SETTLED,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.IM-01"),
)
def settled_without_evidence(finding: Sheet, context: Context) -> Iterator[Hit]:
    """A finding was closed, and nothing shows why.

    Why:
    Whoever closes a finding says that the danger is gone.
    Without anything to look at, that is a wish, and an auditor has to open it again.

    Fix:
    Say in `evidence` what shows it: the change that mended it, the look that no longer finds it, or why it was none.

    False positives:
    The rule sees whether there is a text, not whether it proves anything.
    Findings that are open are not asked.

    Example:
    ```yaml
    status: resolved
    evidence: Merged in pull request 12; the look of 3 October finds no account without a password.
    ```
    """
    if not finding.get("evidence"):
        yield Hit(f"{finding['status']}, with no evidence", field="status")


@rule(
    "GOV019",
    severity="medium",
    kind="finding",
    when=_is_open,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-06"),
)
def finding_of_nobody(finding: Sheet, context: Context) -> Iterator[Hit]:
    """A finding has no owner, or no day by which it should be mended.

    Why:
    What belongs to nobody and has no day is done by nobody on no day.

    Fix:
    Name the team that mends it in `owner`, and agree with it on `due`.

    False positives:
    Findings that are resolved or dismissed are not asked.

    Example:
    ```yaml
    owner: platform
    due: "2027-01-31"
    ```
    """
    missing = [name for name in ("owner", "due") if not finding.get(name)]
    if missing:
        yield Hit(lacking(missing), field="status")


@rule(
    "GOV020",
    severity="medium",
    kind="review",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def review_that_looked_at_nothing(review: Sheet, context: Context) -> Iterator[Hit]:
    """A review is done, and nothing shows that anybody looked.

    Why:
    "Reviewed, all fine" proves that somebody could write a file.
    A review counts by what was looked at and what was found there.

    Fix:
    Write down in `checklist` what was asked and what came out, or in `sampled` what was looked at.

    False positives:
    One item or one sample is enough; the rule does not know how many there should be.

    Example:
    ```yaml
    state: done
    sampled: [asset/orders-db]
    checklist:
      Every account has an owner: {result: pass}
    ```
    """
    if not review.keys("checklist[]") and not review.get("sampled"):
        yield Hit("done, with neither a check-list nor samples", field="state")


@rule(
    "GOV021",
    severity="low",
    kind="review",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def review_by_one_alone(review: Sheet, context: Context) -> Iterator[Hit]:
    """Only one person, or nobody who is named, took part in a review.

    Why:
    Who looks at one's own work alone sees what one expects to see.

    Fix:
    Let somebody take part who does not run what is reviewed, and list everybody in `participants`.

    False positives:
    The same person with and without `@` counts once.
    Where a whole team took part, list two of its people.

    Example:
    ```yaml
    participants: [Dana, "@emre"]
    ```
    """
    people = {person(str(one)) for one in review.get("participants") or ()}
    if len(people) < 2:
        yield Hit(f"{'one person' if people else 'nobody'} is named as taking part", field="state")


@rule(
    "GOV022",
    severity="low",
    kind="review",
    when=_is_done,
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def review_without_a_debrief(review: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody talked about what a review found.

    Why:
    A list of findings changes nothing until those who can change something have agreed on what comes first.

    Fix:
    Sit down with the owners, and write what was agreed in `debrief` or what was decided in `decisions`.

    False positives:
    One of the two is enough.

    Example:
    ```yaml
    debrief: Access first, since two programs share one account. Backups in January.
    ```
    """
    if not review.get("debrief") and not review.get("decisions"):
        yield Hit("done, with neither a debrief nor decisions", field="state")


@rule(
    "GOV023",
    severity="medium",
    kind="review",
    when=lambda review, context: review.get("state") in _OPEN_REVIEW,
    needs=("period",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def review_overdue(review: Sheet, context: Context) -> Iterator[Hit]:
    """A review was to be done by now, and is not.

    Why:
    A review that slips is the first thing that goes when there is much to do, and then it has been a year.

    Fix:
    Finish it and set `state: done`, or call it off and say why in `debrief`.

    False positives:
    Reviews that are done or cancelled are not asked.
    Without a `period` the answer is unknown.

    Example:
    `period: 2026-07-01/2026-09-30` fails from 1 October 2026 while `state` is `in-progress`.
    """
    last = str(review["period"]).partition("/")[2]
    if last and last < context.today.isoformat():
        yield Hit(f"{review['state']}, and was to be done by {last}", field="period")


@rule(
    "GOV024",
    severity="low",
    kind="system",
    when=lambda system, context: context.index.is_named(system.address, "asset"),
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def system_never_reviewed(system: Sheet, context: Context) -> Iterator[Hit]:
    """No review was ever about a system.

    Why:
    What everybody works on and nobody steps back from collects compromises that each were fine for a week.

    Fix:
    Plan one with `stocktake new review`, and name the system in `scope`.

    False positives:
    A review of an asset of the system counts; one that is only planned counts too, and GOV023 sees whether it is held.
    Systems without assets are not asked.

    Example:
    ```yaml
    type: architecture
    scope: [system/shop]
    state: planned
    ```
    """
    assets = [address for address, _ in context.index.referrers(system.address, "asset")]
    if not any(context.index.is_named(one, "review") for one in (system.address, *assets)):
        yield Hit("no review is about it")


@rule(
    "GOV025",
    severity="low",
    kind="source",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.RA-07"),
)
def word_that_grew_old(source: Sheet, context: Context) -> Iterator[Hit]:
    """What somebody said or read is too old to rest on.

    Why:
    People move on and systems change; an interview of two years ago describes what was there then.

    Fix:
    Ask again, or look whether the document was changed since, and set `when`.
    Delete the record if nothing rests on it any more.

    False positives:
    The time allowed is `limits.review` in `stocktake.yaml`, a year unless it says otherwise.

    Example:
    ```yaml
    method: interview
    when: "2026-10-02"
    ```
    """
    if "when" in source and (ago := overdue(source["when"], "review", context)):
        yield Hit(f"of {source['when']}, more than {ago} ago", field="when")


@rule(
    "GOV026",
    severity="low",
    kind="source",
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.RA-07"),
)
def question_left_open(source: Sheet, context: Context) -> Iterator[Hit]:
    """An interview or a document left a question that nobody has answered.

    Why:
    A question that was good enough to write down is a gap in the inventory with a name.

    Fix:
    Ask whoever can know, write the answer into the record that it belongs to, and delete the question.

    False positives:
    None: a question that is answered has no place here.

    Example:
    ```yaml
    questions: [Who may delete an invoice?]
    ```
    """
    count = len(source.get("questions") or ())
    if count:
        yield Hit(f"{count} question{'s' * (count != 1)} open", field="questions")


@rule(
    "GOV027",
    severity="low",
    kind="risk",
    when=lambda risk, context: risk.get("status") != "closed",
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-05"),
)
def risk_that_nobody_rated(risk: Sheet, context: Context) -> Iterator[Hit]:
    """A risk does not say how likely it is, how much it hurts, what it is about, or when it is looked at again.

    Why:
    Risks are compared with one another, and one that nobody rated is compared with nothing.

    Fix:
    Set `likelihood` and `impact`, name in `about` what it is about, and set `review_date`.

    False positives:
    Closed risks are not asked.

    Example:
    ```yaml
    likelihood: possible
    impact: major
    about: [asset/orders-db]
    review_date: "2027-01-31"
    ```
    """
    missing = [name for name in ("likelihood", "impact", "about", "review_date") if not risk.get(name)]
    if missing:
        yield Hit(lacking(missing), field="statement")


@rule(
    "GOV028",
    severity="medium",
    kind="drill",
    when=lambda drill, context: drill.get("result") == "passed",
    controls=("ISO/IEC 27001:2022 A.5.30", "ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 RC.RP-03"),
)
def drill_that_proves_nothing(drill: Sheet, context: Context) -> Iterator[Hit]:
    """A drill passed without anything having been restored or checked.

    Why:
    Talking a restore through finds gaps in the runbook, not in the backup.
    A pass that rests on talk alone makes a store look safe that nobody has ever restored.

    Fix:
    Hold a real one with `stocktake drill ASSET`, which restores into a sandbox, checks what came out and writes the
    evidence.

    False positives:
    Drills of type `tabletop`, `walkthrough` and `simulation` fail where they claim a pass, and any drill without a
    check.
    Whether the evidence is what a drill wrote, BKP007 asks.

    Example:
    A drill with `type: tabletop` and `result: passed`; `no-verdict` is what it can claim.
    """
    if drill.get("type") in _ON_PAPER:
        yield Hit(f"a {drill['type']} restores nothing", field="type")
    elif not drill.keys("checks[]"):
        yield Hit("nothing was checked", field="result")


RULES = (
    settled_without_evidence,
    finding_of_nobody,
    review_that_looked_at_nothing,
    review_by_one_alone,
    review_without_a_debrief,
    review_overdue,
    system_never_reviewed,
    word_that_grew_old,
    question_left_open,
    risk_that_nobody_rated,
    drill_that_proves_nothing,
)
