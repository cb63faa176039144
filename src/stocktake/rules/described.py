"""Inventory, third part: what a record should say of place, version and content, and who could confirm it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import (
    is_deprecated,
    is_there_and_no_library,
    may_be_vital,
    may_be_vital_original,
    needs_a_plan,
    runs_here,
)
from stocktake.rules.rule import rule
from stocktake.values.text import lacking

_PLACES = ("region", "zone", "host", "failure_domain", "machine", "endpoint", "connection", "members[]")
# These are opened by whatever program somebody has.
_FILES = frozenset({"block-store", "file-store", "spreadsheet"})
# Services that their providers change without telling a number.
_WITHOUT_VERSIONS = frozenset({"azure-blob", "dynamodb", "gcs", "redshift", "s3", "snowflake", "sqs"})


@rule(
    "INV013",
    severity="low",
    kind="asset",
    when=runs_here,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-01"),
)
def place_unknown(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said where an asset runs.

    Why:
    In the night of an outage somebody has to find it, and what lies beside it falls with it.

    Fix:
    Set one of `host`, `region`, `zone`, `failure_domain`, `machine` or `endpoint`, here or in `instances`.

    False positives:
    A `connection` or a member with a name counts as a place.
    Libraries and services of others are not asked, nor are planned and retired assets.

    Example:
    ```yaml
    instances:
      production: {region: eu-central-1, host: db1.internal}
    ```
    """
    if not any(name in asset or (name.endswith("[]") and asset.keys(name)) for name in _PLACES):
        yield Hit("nothing says where it is", field="host")


def _runs_on_an_engine(asset: Sheet, context: Context) -> bool:
    return asset.get("type") not in _FILES and needs_a_plan(asset, context)


@rule(
    "INV014",
    severity="low",
    kind="asset",
    when=_runs_on_an_engine,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2022 A.8.8", "NIST CSF 2.0 ID.AM-02"),
)
def version_unknown(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said which engine a store runs on, or in which version.

    Why:
    When a hole in an engine becomes known, the first question is where it runs, and every hour of looking for that is
    an hour in which the hole is open.

    Fix:
    Set `engine` and `version`, or let `stocktake observe` see them.

    False positives:
    What was freshly seen counts.
    Caches, backup repositories, spreadsheets, disks and folders, planned and retired stores are not asked.
    Services of which nobody sees a version, such as `s3` and `dynamodb`, need none.

    Example:
    ```yaml
    engine: postgresql
    version: "17.2"
    ```
    """
    asked = ("engine",) if asset.get("engine") in _WITHOUT_VERSIONS else ("engine", "version")
    missing = [name for name in asked if not asset.get(name)]
    if missing:
        yield Hit(lacking(missing), field=missing[0])


@rule(
    "INV015",
    severity="low",
    kind="asset",
    when=may_be_vital_original,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-07"),
)
def content_unknown(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said what a critical store holds.

    Why:
    How long data is kept, whether it is about people and who may see it are questions about the data, and without a
    list of the data nobody can ask them.

    Fix:
    Name the datasets that matter under `datasets`, each with its classification and whether it is about people.

    False positives:
    Stores of high and critical criticality are asked.
    One dataset is enough; the rule does not know what is missing.

    Example:
    ```yaml
    datasets:
      orders: {personal_data: personal, retention: P10Y}
    ```
    """
    if not asset.keys("datasets[]"):
        yield Hit("no dataset is named", field="datasets")


@rule(
    "INV016",
    severity="low",
    kind="asset",
    when=is_there_and_no_library,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def nobody_uses_it(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nothing depends on an asset, and it depends on nothing.

    Why:
    Either a dependency is missing, and nobody sees what falls with it, or it is an orphan that costs money and holds
    data for nobody.

    Fix:
    Write down who uses it with `stocktake new dependency`, or retire it with `stocktake retire`.

    False positives:
    A store that is the target of a backup plan is used.
    Libraries, planned and retired assets are not asked.

    Example:
    A store `old-reports` stands in no dependency and no backup plan names it.
    """
    targets = (field for _, field in context.index.referrers(asset.address, "asset"))
    if not context.graph.touching.get(asset.address) and not any(".target" in field for field in targets):
        yield Hit("stands in no dependency")


@rule(
    "INV017",
    severity="low",
    kind="asset",
    when=may_be_vital,
    needs=("criticality",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.RA-07"),
)
def nobody_can_confirm_it(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The record of a critical asset rests on nobody's word.

    Why:
    No machine has ever seen it and no document or interview is about it, so nobody can tell whether it is true.

    Fix:
    Let a machine look: `stocktake discover` or `stocktake observe`.
    Where none can, write down who said so with `stocktake new source`.

    False positives:
    Planned and retired assets are not asked, and neither are those of low or medium criticality.
    Where nobody said how critical one is, the answer is unknown; `stocktake check --coverage` tells of every fact
    whether a machine saw it.
    A look that has grown old still counts here; how fresh it is, other rules ask.

    Example:
    ```yaml
    # registry/sources/interview-with-dana.yaml
    method: interview
    where: Office
    when: "2026-10-02"
    by: Dana
    about: [asset/orders-db]
    claims: [Orders are kept for ten years]
    ```
    """
    if not asset.seen and not context.index.is_named(asset.address, "source"):
        yield Hit("no machine has seen it, and no source is about it")


@rule(
    "INV018",
    severity="medium",
    kind="asset",
    when=may_be_vital,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.5.2", "NIST CSF 2.0 GV.RR-03"),
)
def bus_factor_of_one(asset: Sheet, context: Context) -> Iterator[Hit]:
    """One person alone stands behind a critical asset.

    Why:
    When that person is ill, on leave or gone, nobody can repair it, and the outage lasts until somebody has learnt how.

    Fix:
    Bring a second person in, or let the owner of the system share the work, and list everybody in `members` of the
    teams.

    False positives:
    Counted are the members of the team that owns the asset and of the one that owns its system; those who left do not
    count, and one person in both counts once.
    Where no team is named or none lists its members, the answer is unknown.

    Example:
    The team `orders` owns `orders-db`, and its members are `dana` and, until March, `emre`.
    """
    system = context.index.get(f"system/{asset.get('system')}")
    owners = dict.fromkeys(filter(None, (asset.get("owner"), system.owner if system else "")))
    teams = [team for owner in owners if (team := context.index.get(f"team/{owner}"))]
    people = [names for team in teams for names in team.people]
    first = frozenset(people[0] if people else ())
    if not teams or not any(team.people or team.left for team in teams):
        yield Unknown("the people behind it are not known", field="owner")
    elif not any(first.isdisjoint(names) for names in people):
        yield Hit(f"nobody but {people[0][0] if people else 'people who left'} stands behind it", field="owner")


@rule(
    "INV019",
    severity="low",
    kind="asset",
    when=is_deprecated,
    controls=("ISO/IEC 27001:2022 A.5.9", "NIST CSF 2.0 ID.AM-08"),
)
def deprecated_without_an_end(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An asset is on its way out, and nobody said until when.

    Why:
    What has no last day stays, without care and with all its data, and everybody keeps using it a little longer.

    Fix:
    Agree on the day with those who depend on it and set `retirement.date`.

    False positives:
    Only deprecated assets are asked.

    Example:
    ```yaml
    lifecycle: deprecated
    retirement: {date: "2027-03-31", replaced_by: asset/orders}
    ```
    """
    if not asset.get("retirement.date"):
        yield Hit("deprecated, with no last day", field="lifecycle")


RULES = (
    place_unknown,
    version_unknown,
    content_unknown,
    nobody_uses_it,
    nobody_can_confirm_it,
    bus_factor_of_one,
    deprecated_without_an_end,
)
