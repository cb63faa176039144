"""Whether a PostgreSQL server is supported, and runs with the settings that its files say."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.live import on_postgresql
from stocktake.rules.postgresql.grants import path
from stocktake.rules.postgresql.logs import libraries
from stocktake.rules.rule import rule
from stocktake.rules.visibility import doubts, entries, setting
from stocktake.values import support
from stocktake.values.name import encode_key
from stocktake.values.text import shown
from stocktake.values.version import compare, parse

_CHANGES = ("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01")
_PATCHES = ("ISO/IEC 27001:2022 A.8.8", "NIST CSF 2.0 PR.PS-02")


@on_postgresql("PG029", severity="medium", sees=("settings[].value",), controls=_CHANGES)
def waits_for_a_restart(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A setting was changed in the files and waits for a restart.

    Why:
    The server does not run as its files say, and the next restart, perhaps in the middle of an incident, changes how it
    behaves or keeps it from starting.

    Fix:
    Plan a restart, or take the change back.

    False positives:
    A restart that is planned for the next window is fine until then: accept it with a waiver that expires after it.

    Privilege:
    Some settings are shown to `pg_read_all_settings` only, which `pg_monitor` includes; the new value is not visible.

    Example:
    `shared_buffers` was doubled, and the server was only reloaded.
    """
    yield from doubts(asset, "settings[].pending_restart")
    for name, facts in entries(asset, "settings"):
        if facts.get("pending_restart"):
            yield Hit(f"{shown(name)} was changed and waits for a restart; its new value is not visible", detail=name)


@on_postgresql("PG030", severity="high", sees=("settings_file.errors",), controls=_CHANGES)
def settings_file_has_errors(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL cannot apply a line of its settings files.

    Why:
    A file with a mistake is not applied at a reload, and at a restart the server may not come up at all.

    Fix:
    Correct the line; `SELECT * FROM pg_file_settings WHERE error IS NOT NULL` shows where it stands.

    False positives:
    A setting that only waits for a restart does not fail; see PG029.

    Privilege:
    `SELECT` on `pg_file_settings` and `EXECUTE` on `pg_show_all_file_settings()`, which `pg_monitor` does not include.

    Example:
    `work_mem = much`.
    """
    waiting = {name for name, facts in entries(asset, "settings") if facts.get("pending_restart")}
    for error in asset["settings_file.errors"]:
        if str(error).partition(":")[0] not in waiting:
            yield Hit(f"not applied: {shown(str(error))}", detail=str(error))


@on_postgresql("PG031", severity="high", needs=("version",), timed=True, controls=_PATCHES)
def past_its_end_of_life(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL runs in a version that gets no corrections any more.

    Why:
    Holes that are found from now on stay open, and are described in the notes of the versions that are mended.

    Fix:
    Plan the move to a newer major version with `pg_upgrade` or logical replication, and rehearse it on a restored
    backup.

    False positives:
    Some vendors and distributions mend old versions longer: accept that with a waiver that expires with their promise.
    The rule knows the ends of life from a table with a date; what is newer than the table is unknown.

    Privilege:
    None: a declared version is enough.

    Example:
    PostgreSQL 13 ended on 13 November 2025.
    """
    version = str(asset["version"])
    known = support.postgresql(version)
    if isinstance(known, str):
        yield Unknown(known, field="version")
    elif known.ends < context.today:
        yield Hit(f"version {shown(version)} has had no corrections since {known.ends}", field="version")


@on_postgresql("PG047", severity="high", sees=("version",), controls=_PATCHES)
def minor_release_missing(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL runs without the newest corrections of its version.

    Why:
    Minor releases mend holes and lost data only; they need no dump and no conversion, just new programs and a restart.

    Fix:
    Install the newest minor release, read its notes for indexes that have to be built again, and restart.

    False positives:
    The rule compares with a table that has a date: a newer release than that is not missed, and once the table is older
    than a year the answer is unknown where it would be pass.
    Distributions may mend a hole without a new number: accept that with a waiver.

    Privilege:
    Every role may read it.

    Example:
    16.4 runs, and 16.16 is out.
    """
    version = str(asset["version"])
    known = support.postgresql(version)
    if isinstance(known, str):
        yield Unknown(known, field="version")
    elif len(parse(version)) < 2:
        yield Unknown(f"only the major version {shown(version)} is known", field="version")
    elif known.newest and compare(version, known.newest) == -1:
        yield Hit(f"{shown(version)} runs, and {known.newest} is out", field="version")
    elif support.is_old(context.today):
        yield Unknown(f"the table of releases is of {support.AS_OF}, and too old to tell", field="version")


def names_extensions(baseline: Sheet, context: Context) -> bool:
    """A baseline that says which extensions should be installed."""
    return bool(_declared(baseline))


def _declared(baseline: Sheet) -> dict[str, str]:
    names = ((key, f"schema.extensions[{encode_key(key)}].version") for key in baseline.keys("schema.extensions[]"))
    return {key: str(value) for key, name in names if (value := baseline.declared(name)) is not None}


@rule("PG032", severity="medium", kind="baseline", when=names_extensions, sees=("schema.read",), controls=_CHANGES)
def extension_not_as_the_baseline_says(baseline: Sheet, context: Context) -> Iterator[Hit]:
    """An extension is installed, missing or of another version than the baseline says.

    Why:
    An extension is code inside the server: one that nobody agreed on is a way in, and one that is missing or older
    breaks what relies on it, a restore for example.

    Fix:
    Install, update or drop it, or accept it into the baseline.

    False positives:
    `plpgsql` comes with every database and does not fail where the baseline leaves it out.
    Only baselines that name extensions are asked.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    The baseline names `orders.pg_stat_statements`, and somebody installed `orders.dblink` too.
    """
    yield from doubts(baseline, "schema.extensions[]")
    wanted = _declared(baseline)
    found = {
        name: str(facts["version"]) for name, facts in entries(baseline, "schema.extensions") if "version" in facts
    }
    for name in sorted({*wanted, *found}):
        if name not in found:
            yield Hit(f"extension {shown(name)} is missing", field="schema.extensions", detail=name)
        elif name not in wanted:
            if path(name)[-1:] != ("plpgsql",):
                yield Hit(f"extension {shown(name)} is not in the baseline", field="schema.extensions", detail=name)
        elif wanted[name] != found[name]:
            message = f"extension {shown(name)} should be {shown(wanted[name])} and is {shown(found[name])}"
            yield Hit(message, field="schema.extensions", detail=name)


@on_postgresql("PG055", severity="low", sees=("schema.read",), controls=_PATCHES)
def extension_not_updated(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An extension runs in an older version than the one that is installed on the machine.

    Why:
    New programs were installed, but the database still has the old functions, with the holes that the new ones mend.

    Fix:
    `ALTER EXTENSION ... UPDATE` in that database.

    False positives:
    An update that needs other work first, as with PostGIS, may wait: accept it with a waiver that expires.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    After an upgrade from 14 to 16 `pg_stat_statements` is still of version 1.9.
    """
    yield from doubts(asset, "schema.extensions[]")
    for name, facts in entries(asset, "schema.extensions"):
        if (available := facts.get("available")) and available != facts.get("version"):
            message = (
                f"extension {shown(name)} is {shown(str(facts.get('version')))}, and {shown(str(available))} is there"
            )
            yield Hit(message, detail=name)


@on_postgresql(
    "PG038",
    severity="low",
    sees=("settings[shared_preload_libraries].value", "settings[track_io_timing].value"),
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 DE.CM-09"),
)
def statements_not_measured(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not measure which statements cost how much.

    Why:
    When the store is slow, nobody can say since when, and because of what.

    Fix:
    Load `pg_stat_statements`, create the extension, and set `track_io_timing = on`.

    False positives:
    Other tools measure from outside, and `pg_stat_monitor` takes the place of `pg_stat_statements`; it passes too.
    On machines with a slow clock `track_io_timing` costs much: `pg_test_timing` tells.

    Privilege:
    `pg_read_all_settings`, which `pg_monitor` includes.

    Example:
    ```ini
    shared_preload_libraries = 'pg_stat_statements'
    track_io_timing = on
    ```
    """
    if not {"pg_stat_monitor", "pg_stat_statements"}.intersection(libraries(asset) or ()):
        yield Hit("pg_stat_statements is not loaded", field="monitoring.layers", detail="pg_stat_statements")
    if setting(asset, "track_io_timing") == "off":
        yield Hit("track_io_timing is off", field="monitoring.layers", detail="track_io_timing")


RULES = (
    waits_for_a_restart,
    settings_file_has_errors,
    past_its_end_of_life,
    minor_release_missing,
    extension_not_as_the_baseline_says,
    extension_not_updated,
    statements_not_measured,
)
