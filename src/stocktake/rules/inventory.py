"""Inventory: whether what exists is on record, and whether somebody answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.audit import Reconciliation
from stocktake.model.looks import Expected
from stocktake.model.observation import Thing
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_kept, is_there
from stocktake.rules.looked import doubts
from stocktake.rules.overdue import overdue
from stocktake.rules.rule import rule
from stocktake.rules.tiers import tier_of
from stocktake.values import identity
from stocktake.values.text import shown


@rule(
    "INV001",
    severity="medium",
    kind="asset",
    when=is_kept,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def no_owner(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody owns an asset.

    Why:
    Without an owner nobody decides about it, nobody is called when it breaks, and nobody notices when it is no longer
    needed.

    Fix:
    Agree on a team and name it in `owner`, or give the asset a `system` that has an owner.

    False positives:
    An asset without an owner of its own belongs to the owner of its system and does not fail.
    Services that others run need an owner too: the team that holds the contract and the keys.
    Retired assets are not asked.

    Example:
    ```yaml
    owner: orders
    ```
    """
    system = context.index.get(f"system/{asset.get('system')}")
    if not asset.get("owner") and not (system and system.owner):
        yield Hit("no owner", field="owner")


@rule(
    "INV002",
    severity="low",
    kind="asset",
    when=is_there,
    needs=("reviewed",),
    timed=True,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def not_reviewed(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A record has not been reviewed for too long.

    Why:
    Records age even if nobody touches them: people leave, systems grow, and what was true is so no more.

    Fix:
    Let the owner read the whole record, correct it, and set `reviewed` to the day.

    False positives:
    The time allowed is `limits.review` in `stocktake.yaml`, a year unless it says otherwise,
    or `review` of the tier of its criticality there.
    A record without the date has an unknown answer.

    Example:
    ```yaml
    reviewed: "2026-10-01"
    ```
    """
    if ago := overdue(asset["reviewed"], "review", context, tier_of(asset, context).review):
        yield Hit(f"last reviewed on {asset['reviewed']}, more than {ago} ago", field="reviewed")


@rule(
    "INV003",
    severity="medium",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-01", "NIST CSF 2.0 ID.AM-02"),
)
def undocumented(context: Context) -> Iterator[Hit]:
    """Something exists that no record describes.

    Why:
    What is not on record has no owner, no backup and no place in any plan, and it is found by somebody else first.

    Fix:
    Run `stocktake discover --write` for a record to start from and fill it in.
    If a record exists already, add the identifier that the message shows to its `identifiers`.

    False positives:
    Things that run only in examples or tests: leave their paths out under `sources` in `stocktake.yaml`.

    Example:
    The Compose file starts `redis:7` as `cache`, and no record has the identifier `compose:bookshop/cache`.
    """
    yield from doubts(context)
    for found in _reconciliation(context).undocumented:
        thing = found.thing
        said = f"{_described(thing)} has no record{_place(thing)}"
        hint = f"; does {' or '.join(found.proposals)} describe it?" if found.proposals else ""
        yield _about(context, found.source, thing, said + hint)


@rule(
    "INV004",
    severity="medium",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def orphaned(context: Context) -> Iterator[Hit]:
    """A record describes something that is not there.

    Why:
    Plans are made with it, and people look for it when it matters.
    Or it should be there and has been lost.

    Fix:
    If it is gone on purpose, set `lifecycle: retired` or run `stocktake retire`.
    If it moved, correct its `identifiers`.
    If it should be there, bring it back.

    False positives:
    A source says that something is missing only if it saw everything that could hold it.
    Planned and retired assets are not asked.

    Example:
    `asset/cache` has the identifier `compose:bookshop/cache`, and the Compose file has no such service.
    """
    yield from doubts(context)
    for found in _reconciliation(context).orphaned:
        entry = context.index.get(found.address)
        if entry is None or entry.lifecycle not in ("proposed", "retired"):
            message = f"{shown(found.identifier)} is not in {found.source}, which was seen completely"
            yield Hit(message, field="identifiers", subject=found.address, detail=found.source)


@rule(
    "INV005",
    severity="medium",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-01"),
)
def fits_several_records(context: Context) -> Iterator[Hit]:
    """Something that exists fits several records.

    Why:
    Nobody can tell which record it proves, so it proves none of them, and what was seen of it is not compared with
    anything.

    Fix:
    Remove the identifier from all records but one.
    If the records describe the same thing, merge them and list the old ids in `formerly`.

    False positives:
    Two databases in one server need identifiers that name the database, such as `host:db.internal:5432/orders`.

    Example:
    `asset/orders-db` and `asset/reports-db` both have the identifier `compose:bookshop/db`.
    """
    yield from doubts(context)
    for found in _reconciliation(context).ambiguous:
        fits = f"{_described(found.thing)} fits {' and '.join(found.addresses)}{_place(found.thing)}"
        yield _about(context, found.source, found.thing, fits)


@rule(
    "INV006",
    severity="high",
    kind="",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 DE.CM-09", "NIST CSF 2.0 ID.AM-08"),
)
def not_looked_at_lately(context: Context) -> Iterator[Hit]:
    """A source or a live store has not been looked at for too long.

    Why:
    Whatever changed there since the last look is not known, and every answer that rests on it has become unknown.

    Fix:
    Run `stocktake discover` on the source, or `stocktake observe` on the store, and commit what it writes.
    Let a scheduled workflow do it, and call somebody when it cannot.

    False positives:
    The time allowed is `freshness` in `stocktake.yaml`, 30 days unless it says otherwise.
    Sources that `stocktake.yaml` names are asked, and assets in use that name a `connection` if `stocktake observe` can
    look at their engine.
    A look that failed does not count; what was seen before it keeps its day.

    Example:
    `bookshop` was last looked at on 1 January, and today is 1 March.
    """
    days = {seen.source: seen.looked for seen in context.evidence or ()}
    named = {one.source: one for one in context.looks}
    if not named and not days:
        yield Unknown("nothing is named that could be looked at")
    for source in sorted({*named, *days}):
        look, day = named.get(source, Expected(source)), days.get(source)
        ago = overdue(day.isoformat(), "freshness", context) if day else ""
        if day and not ago:
            continue
        message = f"last looked at on {day}, more than {ago} ago" if day else "never looked at"
        if look.address:
            yield Hit(message, field="connection", subject=look.address, environment=look.environment)
        else:
            yield Hit(f"{source} was {message}", detail=source, path="stocktake.yaml")


def _reconciliation(context: Context) -> Reconciliation:
    return context.reconciliation or Reconciliation()


def _about(context: Context, source: str, thing: Thing, message: str) -> Hit:
    of_source = (seen.environment for seen in context.evidence or () if seen.source == source)
    return Hit(message, subject=identity.seen(source, thing.key), environment=next(of_source, None))


def _described(thing: Thing) -> str:
    """Its name with what it is, and the identifier by which a record would join it."""
    what = thing.facts.get("engine") or thing.facts.get("type")
    named = f"{thing.name} ({what})" if what else thing.name
    return shown(f"{named} {thing.identifiers[0]}" if thing.identifiers else named)


def _place(thing: Thing) -> str:
    return f", seen in {shown(thing.evidence[0].text())}" if thing.evidence else ""


RULES = (no_owner, not_reviewed, undocumented, orphaned, fits_several_records, not_looked_at_lately)
