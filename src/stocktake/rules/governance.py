"""Governance: whether exceptions are still what somebody agreed to, and evidence is what a machine wrote."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.digest import is_intact
from stocktake.model.observation import NOT_LOOKED, Observation
from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.rule import rule
from stocktake.values.text import shown

_RECORD = "record:"  # the identifier of a thing that was looked at because a user named its record


@rule(
    "GOV001",
    severity="medium",
    kind="waiver",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def waiver_expired(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver has expired.

    Why:
    An exception was agreed to for a time.
    From now on the finding counts again, and nobody has agreed to live with it.

    Fix:
    Fix what was accepted and delete the waiver, or have the exception approved again with a new date.

    False positives:
    None: the date is the only thing that is looked at.
    The last day itself is still covered.

    Example:
    `expires: "2026-03-31"` fails from 1 April 2026.
    """
    if waiver["expires"] < context.today.isoformat():
        yield Hit(f"expired on {waiver['expires']}", field="expires")


@rule(
    "GOV002",
    severity="low",
    kind="waiver",
    after=True,
    controls=("ISO/IEC 27001:2022 A.5.36", "NIST CSF 2.0 ID.RA-07"),
)
def waiver_matches_nothing(waiver: Sheet, context: Context) -> Iterator[Hit]:
    """A waiver accepts a finding that does not exist.

    Why:
    Either the finding has been fixed and the exception is no longer needed, or its identity is misspelt and the
    exception does nothing.
    An unused exception covers the next finding of the same identity without anybody having agreed to it.

    Fix:
    Delete the waiver, or correct `target` to the identity that `stocktake check` prints.
    Where it names a rule and a selector, loosen a condition that no record fits; where the identity of a finding has a
    `#`, `details` of the selector must name what stands behind it.

    False positives:
    A waiver of something that is not known at the moment, because a source was not looked at, does not fail.
    A record that was renamed is found under its former name if it lists that in `formerly`.

    Example:
    The waiver targets `BKP001@asset/orders-db`, and the store has a backup plan by now.
    """
    if waiver.id in context.waived:
        return
    said = str(waiver.get("rule") or waiver["target"])
    field = "rule" if "rule" in waiver else "target"
    rule_id = said.partition("@")[0]
    if context.asked and rule_id not in context.asked:
        yield Hit(f"no rule {shown(rule_id)} is asked here", field=field)
    elif field == "rule":
        yield Hit(f"no finding of {shown(rule_id)} fits the selector", field="selector")
    else:
        yield Hit(f"no finding is {shown(said)}", field=field)


@rule(
    "GOV003",
    severity="high",
    kind="",
    controls=("ISO/IEC 27001:2022 A.8.15", "NIST CSF 2.0 ID.RA-07"),
)
def observation_edited_by_hand(context: Context) -> Iterator[Hit]:
    """A file of what was seen is not what a machine wrote.

    Why:
    What machines saw is the evidence against which records are judged.
    Once somebody has edited it, it proves nothing, and a difference may have been taken out of sight.

    Fix:
    Look again with `stocktake discover --write` or `stocktake observe`, and commit what that writes.
    If what is seen is wrong, correct the system or report the mistake of the collector.

    False positives:
    A merge of two branches that both looked can leave a mixture: look again.

    Example:
    Somebody changed the version of a store in `observed/bookshop.json` to that of its record.
    """
    for seen in context.evidence or ():
        if not is_intact(seen):
            why = "its digest is not that of its content" if seen.digest else "it has no digest"
            yield Hit(f"{seen.source} was edited by hand: {why}", detail=seen.source, path=_file(seen.source))


@rule(
    "GOV004",
    severity="high",
    kind="",
    controls=("ISO/IEC 27001:2022 A.8.15", "NIST CSF 2.0 ID.RA-07"),
)
def look_that_cannot_be(context: Context) -> Iterator[Hit]:
    """The day of a look cannot be true.

    Why:
    The day decides whether what was seen still counts.
    A day that is still to come would keep old evidence fresh for ever, and a look that left nothing behind proves
    nothing.

    Fix:
    Look again with `stocktake discover --write` or `stocktake observe`, which writes the day and removes sources that
    are gone.

    False positives:
    Days are those of UTC, on which all machines agree.
    A clock that is wrong writes wrong days.

    Example:
    `observed/last-looked.json` says `2099-01-01`, or names a source of which `observed/` holds nothing.
    """
    seen = {observation.source: observation for observation in context.evidence or ()}
    for source, day in sorted(context.looked.items()):
        if day > context.today:
            yield _look(source, f"{source} was looked at on {day}, a day that is still to come")
        elif source not in seen:
            yield _look(source, f"{source} was looked at on {day}, and {_file(source)} is not there")
    for source in sorted(seen.keys() - context.looked.keys()):
        if seen[source].status != NOT_LOOKED:
            yield _look(source, f"{source} was seen, and nothing says on which day")


@rule(
    "GOV005",
    severity="medium",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.RA-07"),
)
def observation_of_nothing_that_is_named(context: Context) -> Iterator[Hit]:
    """What was seen is of a source that nobody looks at any more.

    Why:
    Nothing says where to look again, so the evidence grows old and stays, and it still confirms or contradicts records.

    Fix:
    Name the source under `sources` in `stocktake.yaml`, or give the asset its `connection` again.
    A tree that lies elsewhere needs no `path`: `stocktake discover NAME=PATH` says where it is.
    If the source is gone for good, delete its file under `observed/`.

    False positives:
    A store whose asset is proposed or retired does not fail.

    Example:
    `observed/shop.json` is there, and `sources` in `stocktake.yaml` names only `bookshop`.
    """
    named = {look.source for look in context.looks}
    for seen in context.evidence or ():
        if seen.source not in named and not _is_at_rest(seen, context):
            yield Hit(f"nothing names the source {seen.source}", detail=seen.source, path=_file(seen.source))


def _is_at_rest(seen: Observation, context: Context) -> bool:
    """Whether a user once named the asset that was looked at, and it is not in use."""
    named = (name for thing in seen.things for name in thing.identifiers if name.startswith(_RECORD))
    entries = [context.index.get(name.removeprefix(_RECORD)) for name in named]
    return any(entry and entry.lifecycle in ("proposed", "retired") for entry in entries)


def _look(source: str, message: str) -> Hit:
    return Hit(message, detail=source, path=_file("last-looked"))


def _file(name: str) -> str:
    return f"observed/{name}.json"


RULES = (
    waiver_expired,
    waiver_matches_nothing,
    observation_edited_by_hand,
    look_that_cannot_be,
    observation_of_nothing_that_is_named,
)
