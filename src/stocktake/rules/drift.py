"""Drift: what runs is not what the baseline says."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.answer import excuse, expected
from stocktake.model.baseline import Difference, differences, not_compared
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.rule import rule
from stocktake.values.text import shown

_CONTROLS = ("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01")


def _hits(baseline: Sheet, context: Context, area: str) -> Iterator[Hit]:
    engine = str(baseline.get("engine", ""))
    for where, reason in not_compared(baseline):
        if where.partition(".")[0] == area and "names no" not in reason:
            yield Unknown(f"{where}: {reason}", field=where, detail=where)
    meant = expected(baseline)
    for found in differences(baseline, engine):
        if found.area == area and excuse(found, meant) is None:
            yield Hit(shown(found.words), field=_field(found), detail=found.detail)


def names_access(baseline: Sheet, context: Context) -> bool:
    """Whether the baseline says who should get in."""
    return _names(baseline, "access.")


def names_schema(baseline: Sheet, context: Context) -> bool:
    """Whether the baseline says how the schema should be."""
    return _names(baseline, "schema.tables[") or "schema.fingerprint" in baseline


def names_settings(baseline: Sheet, context: Context) -> bool:
    """Whether the baseline says how the system should be set."""
    return _names(baseline, "settings[")


def _names(baseline: Sheet, start: str) -> bool:
    return any(name.startswith(start) and baseline.declared(name) is not None for name in baseline.names())


def _field(found: Difference) -> str:
    return found.name.partition(".value")[0] if found.area == "settings" else found.name


@rule("CFG005", severity="high", kind="baseline", when=names_settings, controls=_CONTROLS)
def setting_not_as_the_baseline_says(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """A setting of a running system is not what its baseline says.

    Why:
    A setting that was changed by hand is lost at the next rebuild, or was a mistake that nobody reviewed.

    Fix:
    Put the setting back, or accept what runs with `stocktake baseline accept` in a pull request that says why.

    False positives:
    Values are compared by what they mean: `128MB` is `16384` pages of 8kB, `yes` is `on`, and an empty text is a value.
    Settings that every server has for itself, such as its port and folders, are left out, and so are values that the
    engine works out from another setting that differs too.
    A setting that the baseline does not name means the default of that version.

    Example:
    The baseline says `max_connections: 100`, somebody ran `ALTER SYSTEM SET max_connections = 500`.
    """
    yield from _hits(baseline, context, "settings")


@rule("CFG006", severity="high", kind="baseline", when=names_schema, controls=_CONTROLS)
def schema_not_as_the_baseline_says(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """A table, column, constraint or index is not what the baseline says.

    Why:
    A change of the schema that is in no migration is missing in every other environment, and in the next restore test.

    Fix:
    Write the change down as a migration, or undo it, and accept the new schema into the baseline.

    False positives:
    Definitions are compared in the engine's own words, which can change with its major version.
    Tables are compared only where the baseline names them; otherwise the fingerprint tells that something changed.

    Example:
    Somebody added the column `notes` to `public.orders` by hand during an incident.
    """
    yield from _hits(baseline, context, "schema")


@rule(
    "ACC003",
    severity="high",
    kind="baseline",
    when=names_access,
    controls=("ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.8.2", "NIST CSF 2.0 PR.AA-05"),
)
def access_not_as_the_baseline_says(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """A role, right or grant of a running system is not what the baseline says.

    Why:
    A right that nobody approved is how data leaves, and a missing one is how a service fails at night.

    Fix:
    Revoke or grant what differs, or accept it into the baseline in a pull request that the owner of the data approves.

    False positives:
    Roles that the engine makes itself (`pg_...`) are left out.
    A right that the baseline does not name, such as `superuser`, counts as not meant.

    Example:
    The baseline names the roles `app` and `reporting`; a role `temp_admin` with `superuser` exists too.
    """
    yield from _hits(baseline, context, "access")


RULES = (access_not_as_the_baseline_says, schema_not_as_the_baseline_says, setting_not_as_the_baseline_says)
