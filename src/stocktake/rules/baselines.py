"""Configuration, third part: whether there is a desired state, who answers for it, and for how long it may differ."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import may_be_vital_original
from stocktake.rules.drift import names_settings
from stocktake.rules.overdue import too_far
from stocktake.rules.rule import rule
from stocktake.values.name import encode_key, keys
from stocktake.values.text import lacking

_OF_A_SETTING = ("owner", "plane", "sensitivity", "update_process")
_STATES = ("settings[]", "access.principals[]", "access.grants", "schema.fingerprint", "schema.tables[]", "health[]")


@rule(
    "CFG009",
    severity="medium",
    kind="",
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def copy_of_a_schema_that_differs(context: Context) -> Iterator[Hit]:
    """A copy of one of our schemas says something else than ours.

    Why:
    Editors go by the copy in `schemas/`, and `stocktake check` goes by its own.
    Where the two differ, the editor accepts what the check refuses, or the other way round, and nobody understands why.

    Fix:
    Run `stocktake upgrade`, which brings the copies up to date, or delete the copy.
    To ask for more than ours do, describe a kind of your own in a schema of another name, use `labels`, or write a rule
    of your own: a changed copy judges nothing.

    False positives:
    How a file is laid out does not matter, only what it says.

    Example:
    Somebody added `cost_centre` to `schemas/asset.schema.json`: the editor completes it, and the check refuses it.
    """
    for path in context.copies:
        name = path.rpartition("/")[2].partition(".")[0]
        yield Hit("the copy differs from the schema that judges", detail=name, path=path)


@rule(
    "CFG010",
    severity="medium",
    kind="asset",
    when=may_be_vital_original,
    needs=("criticality",),
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def critical_store_without_a_baseline(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how a critical store should be configured.

    Why:
    Without a desired state nothing is drift: a setting that somebody changed in a hurry stays, and after a rebuild
    nobody knows what it was.

    Fix:
    Look at the store with `stocktake observe`, then write down what is right with
    `stocktake baseline accept ASSET --environment E`, or begin with `stocktake new baseline`.

    False positives:
    Stores of high and critical criticality are asked; a baseline for one environment is enough.

    Example:
    ```yaml
    # registry/baselines/orders-db-production.yaml
    asset: orders-db
    environment: production
    settings:
      max_connections: {value: 200, plane: runtime, owner: orders}
    ```
    """
    if not context.index.is_named(asset.address, "baseline"):
        yield Hit("no baseline")


@rule(
    "CFG011",
    severity="low",
    kind="baseline",
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def configuration_nobody_can_find(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """A baseline does not say where the configuration comes from.

    Why:
    A setting is changed where it is written.
    Whoever has to look for that place first changes it in the running system, and the next rollout takes it back.

    Fix:
    List the files, variables, secret managers and modules of infrastructure code in `locations`.

    False positives:
    Baselines without settings are not about configuration and do not fail.

    Example:
    ```yaml
    locations: [infra/postgres/postgresql.conf, "env: ORDERS_DB_*"]
    ```
    """
    if baseline.keys("settings[]") and not baseline.get("locations"):
        yield Hit("nothing says where the configuration comes from", field="locations")


@rule(
    "CFG012",
    severity="low",
    kind="baseline",
    when=names_settings,
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def setting_of_nobody(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said who owns a setting, how delicate it is, or how it is changed.

    Why:
    A value without an owner is never questioned, and one without a way to change it is changed by hand.

    Fix:
    Set `owner`, `plane`, `sensitivity` and `update_process` of the setting.

    False positives:
    A baseline lists the settings that matter, and all of these are asked: leave out what does not.

    Example:
    ```yaml
    settings:
      max_connections:
        value: 200
        plane: runtime
        owner: orders
        sensitivity: internal
        update_process: pull request on infra/postgres
    ```
    """
    for key in keys(baseline.declared_names(), "settings[]"):  # not what was seen beside them
        place = f"settings[{encode_key(key)}]"
        if missing := [name for name in _OF_A_SETTING if not baseline.declared(f"{place}.{name}")]:
            yield Hit(lacking(missing), field=place, detail=key)


@rule(
    "CFG013",
    severity="medium",
    kind="baseline",
    each="expected_differences[]",
    controls=("ISO/IEC 27001:2022 A.5.36", "ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 ID.RA-07"),
)
def difference_expected_for_too_long(difference: Sheet, context: Context) -> Iterator[Hit]:
    """A difference between environments is expected for longer than exceptions may last.

    Why:
    What is tried out somewhere else than it runs was not tried out.
    An exception without an end in sight is one that nobody looks at again.

    Fix:
    Bring `expires` nearer, make the environments alike, or leave the setting out of the baseline if it need not be
    alike at all.

    False positives:
    The time allowed is `limits.waiver` in `stocktake.yaml`, a year from today unless it says otherwise.

    Example:
    `expires: "2099-12-31"` is no exception but a setting that may be anything.
    """
    if words := too_far(difference.get("expires", ""), "waiver", context):
        yield Hit(f"expected until {difference['expires']}, more than {words} from now", field="expires")


@rule(
    "CFG014",
    severity="low",
    kind="baseline",
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def baseline_that_says_nothing(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """A baseline asks for nothing.

    Why:
    It looks as if somebody had said how things should be, and whatever runs agrees with it.

    Fix:
    Fill it with `stocktake baseline accept` after a look, or delete it.

    False positives:
    Settings, principals, grants, a schema or measurements of health are something to ask for.

    Example:
    ```yaml
    asset: orders-db
    environment: production
    settings:
      max_connections: {value: 200}
    ```
    """
    said = (name in baseline or (name.endswith("[]") and baseline.keys(name)) for name in _STATES)
    if not any(said):
        yield Hit("says nothing of settings, access, schema or health", field="asset")


RULES = (
    copy_of_a_schema_that_differs,
    critical_store_without_a_baseline,
    configuration_nobody_can_find,
    setting_of_nobody,
    difference_expected_for_too_long,
    baseline_that_says_nothing,
)
