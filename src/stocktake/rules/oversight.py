"""Governance, second half: whether exceptions, risks, findings and evidence have somebody who answers for them."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.overdue import too_far
from stocktake.rules.rule import rule
from stocktake.values.text import lacking, person, shown

_GRAVE = ("critical", "high")


def _is_open_risk(risk: Sheet, context: Context) -> bool:
    return bool(risk.get("status") != "closed")


@rule(
    "GOV006",
    severity="medium",
    kind="waiver",
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def waiver_lasts_too_long(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver lasts longer than exceptions may.

    Why:
    An exception without an end in sight is a decision that nobody will look at again, while what justified it changes.

    Fix:
    Bring `expires` nearer, and ask again when it has come.

    False positives:
    The time allowed is `limits.waiver` in `stocktake.yaml`, a year from today unless it says otherwise.

    Example:
    `expires: "2099-12-31"` is no exception but a rule that was switched off.
    """
    if words := too_far(waiver["expires"], "waiver", context):
        yield Hit(f"lasts until {waiver['expires']}, more than {words} from now", field="expires")


@rule(
    "GOV007",
    severity="medium",
    kind="waiver",
    controls=("ISO/IEC 27001:2022 A.5.3", "ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 GV.RR-02"),
)
def waiver_approved_by_its_owner(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver was approved by those who asked for it, or by those who would have to do the work.

    Why:
    Whoever has to do the work is not the one to decide that it need not be done.

    Fix:
    Let somebody outside of the owning team decide, best of all whoever bears the risk, and name that person in
    `approver`.

    False positives:
    The approver fails who is the owning team itself, by id or by name, a member of it by key or handle, or the `author`
    of the waiver.
    Whoever is called otherwise in `approver` than in the record of the team is not recognised: write the handle.

    Example:
    ```yaml
    owner: platform    # whose member `ada` is
    approver: "@ada"
    ```
    """
    team = context.index.get(f"team/{waiver.get('owner')}")
    approver = person(str(waiver.get("approver", "")))
    itself = {person(name) for name in (str(waiver.get("owner", "")), team.name if team else "") if name}
    if not approver:
        return
    if approver in itself:
        yield Hit(f"{shown(waiver['approver'])} owns it and approved it", field="approver")
    elif team and any(approver in names for names in (*team.people, *team.left)):
        yield Hit(f"{shown(waiver['approver'])} is of the team that owns it, and approved it", field="approver")
    elif approver == person(str(waiver.get("author", ""))):
        yield Hit(f"{shown(waiver['approver'])} asked for it and approved it", field="approver")


@rule(
    "GOV015",
    severity="low",
    kind="waiver",
    after=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def finding_with_two_waivers(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """Another waiver accepts the same finding, and for longer.

    Why:
    Two people decided about one thing, perhaps on different terms.
    Whoever lets one of them run out believes that the finding counts again, and it does not.

    Fix:
    Keep the decision that is meant and delete the other, or narrow the selector of the wider one.

    False positives:
    The waiver that lasts longest is the one in force, and does not fail; nor does one that has expired.
    One finding that is accepted twice is named, though there may be more.

    Example:
    One waiver targets `BKP013@asset/cache#nightly`, another one accepts `BKP013` of every cache.
    """
    if found := context.overlaps.get(waiver.id):
        finding, other = found
        yield Hit(f"waiver/{other} accepts {shown(finding)} too, and lasts longer", field="target")


@rule(
    "GOV008",
    severity="low",
    kind="waiver",
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-06"),
)
def waiver_without_compensating_control(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver does not say what keeps the harm small instead.

    Why:
    The danger is still there.
    What stands in its way has to be known, or it is removed one day by somebody who does not know what it was for.

    Fix:
    Write down in `compensating_control` what limits the harm, or what would tell that it has happened.

    False positives:
    Where nothing at all is needed, say why: that is a sentence too.

    Example:
    ```yaml
    compensating_control: The worker looks for forgotten orders every ten minutes.
    ```
    """
    if not waiver.get("compensating_control"):
        yield Hit("no compensating control", field="compensating_control")


@rule(
    "GOV009",
    severity="medium",
    kind="risk",
    when=_is_open_risk,
    needs=("review_date",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-06"),
)
def risk_review_overdue(risk: Sheet, context: Context) -> Iterator[Hit]:
    """A risk was to be looked at again, and was not.

    Why:
    Likelihood and harm change, and a treatment that was planned may have been forgotten.

    Fix:
    Look at it with its owner, correct what has changed, and set the next `review_date`.

    False positives:
    Closed risks are not asked.
    A risk without the date has an unknown answer.

    Example:
    `review_date: "2026-06-30"` fails from 1 July 2026.
    """
    if risk["review_date"] < context.today.isoformat():
        yield Hit(f"was to be reviewed on {risk['review_date']}", field="review_date")


@rule(
    "GOV010",
    severity="medium",
    kind="risk",
    when=_is_open_risk,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-06"),
)
def grave_risk_without_treatment(risk: Sheet, context: Context) -> Iterator[Hit]:
    """A grave risk has no owner, or nobody decided what to do about it.

    Why:
    A risk that is only written down is as large as before, and everybody thinks that somebody else sees to it.

    Fix:
    Name the team that answers for it in `owner`, and decide on a `treatment`.
    To accept it is a decision as well.

    False positives:
    Risks count as grave by `residual`, or by `inherent` where nobody said what is left; high and critical ones fail.
    Where both are missing, the answer is unknown.

    Example:
    ```yaml
    inherent: critical
    treatment: mitigate
    owner: platform
    ```
    """
    level = risk.get("residual") or risk.get("inherent")
    missing = [name for name in ("owner", "treatment") if not risk.get(name)]
    if not level:
        yield Unknown("neither residual nor inherent is known", field="statement")
    elif level in _GRAVE and missing:
        yield Hit(f"{level}, with {lacking(missing)}", field="statement")


@rule(
    "GOV011",
    severity="low",
    kind="source",
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.RA-07"),
)
def attestation_that_counts_for_nothing(source: Sheet, context: Context) -> Iterator[Hit]:
    """A source supports nothing, or nobody vouches for it.

    Why:
    Evidence answers three questions: who looked, at what it bears on, and what was found.
    Where one of them is open, it cannot be checked, and it proves nothing.

    Fix:
    Name who looked in `by`, the records that it is about in `about`, and what it says in `claims`.
    If there is nothing to say, remove the record.

    False positives:
    A source that only raised `questions` says something and needs no claims.

    Example:
    ```yaml
    by: Dana
    about: [asset/orders-db]
    claims: [Orders are kept for ten years]
    ```
    """
    missing = [name for name in ("by", "about") if not source.get(name)]
    if not source.get("claims") and not source.get("questions"):
        missing.append("claims")
    if missing:
        yield Hit(lacking(missing), field="method")


@rule(
    "GOV012",
    severity="medium",
    kind="finding",
    when=lambda finding, context: finding.get("status") not in ("resolved", "dismissed"),
    needs=("due",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-06"),
)
def finding_overdue(finding: Sheet, context: Context) -> Iterator[Hit]:
    """A finding was to be fixed by now, and is not.

    Why:
    A date that passes without anybody asking teaches everybody that dates do not matter.

    Fix:
    Fix it and set `status: resolved`, or agree on another day with whoever bears the risk.

    False positives:
    Findings that are resolved or dismissed are not asked.
    Those without a day have an unknown answer.

    Example:
    `due: "2026-03-31"` fails from 1 April 2026.
    """
    if finding["due"] < context.today.isoformat():
        yield Hit(f"was due on {finding['due']}", field="due")


@rule(
    "GOV013",
    severity="medium",
    kind="review",
    when=lambda review, context: review.get("state") == "done",
    each="checklist[]",
    controls=("ISO/IEC 27001:2022 A.5.35", "NIST CSF 2.0 ID.IM-01"),
)
def failed_item_without_finding(item: Sheet, context: Context) -> Iterator[Hit]:
    """A review found something wrong, and nothing follows from it.

    Why:
    A list that is put away with a cross on it changes nothing, and the next review finds the same.

    Fix:
    Write a finding with an owner and a day, and name it in `finding` of the item.

    False positives:
    Reviews that are not done yet are not asked.

    Example:
    ```yaml
    checklist:
      Who connects as whom: {result: fail, finding: everything-uses-the-owner}
    ```
    """
    if item.get("result") == "fail" and not item.get("finding"):
        yield Hit("failed, and no finding follows", field="result")


RULES = (
    waiver_lasts_too_long,
    waiver_approved_by_its_owner,
    finding_with_two_waivers,
    waiver_without_compensating_control,
    risk_review_overdue,
    grave_risk_without_treatment,
    attestation_that_counts_for_nothing,
    finding_overdue,
    failed_item_without_finding,
)
