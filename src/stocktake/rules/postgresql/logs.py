"""What a PostgreSQL server writes down of who did what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import SHIELDED
from stocktake.rules.live import on_postgresql
from stocktake.rules.visibility import setting
from stocktake.values.quantity import same
from stocktake.values.text import shown

_CONTROLS = ("ISO/IEC 27001:2022 A.8.15", "NIST CSF 2.0 PR.PS-04")
_ESCAPES = {"the time": "mnts", "the role": "u", "the database": "d", "where it came from": "hrL"}
# Formats that write every field whatever the prefix.
_WHOLE = frozenset({"csvlog", "jsonlog"})


def libraries(asset: Sheet) -> list[str] | None:
    """What is loaded at start, or None where the role may not know."""
    value = setting(asset, "shared_preload_libraries")
    return None if value is None else [part.strip().strip('"') for part in value.split(",") if part.strip()]


@on_postgresql(
    "PG019",
    severity="medium",
    sees=("settings[log_connections].value", "settings[log_disconnections].value"),
    controls=_CONTROLS,
)
def logins_not_logged(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not log who connects.

    Why:
    After a leak nobody can say who was logged in, from where, and for how long.

    Fix:
    Set `log_connections` and `log_disconnections` to `on` (since PostgreSQL 18 also a list such as
    `receipt,authentication`), and reload.

    False positives:
    A pooler hides who connects behind its own account; it needs a log of its own.
    With many short connections the log grows: a pooler is the better answer to that as well.

    Privilege:
    Every role may read it.

    Example:
    ```ini
    log_connections = on
    log_disconnections = on
    ```
    """
    for name in ("log_connections", "log_disconnections"):
        value = str(setting(asset, name))
        if not value or same(value, "off"):
            yield Hit(f"{name} is off", detail=name)


@on_postgresql("PG020", severity="medium", sees=("settings[log_statement].value",), controls=_CONTROLS)
def schema_changes_not_logged(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not log changes of the schema and of rights.

    Why:
    Nobody can say who dropped a table or granted a right, and when.

    Fix:
    Set `log_statement = ddl`, or load `pgaudit`, which also tells what was read.

    False positives:
    The rule passes where `pgaudit` is loaded.
    `log_statement` can be set for a single role or database too; that is not followed.

    Privilege:
    Every role may read it; what is loaded takes `pg_read_all_settings`, which `pg_monitor` includes.

    Example:
    ```ini
    log_statement = 'ddl'
    ```
    """
    if setting(asset, "log_statement") != "none":
        return
    loaded = libraries(asset)
    if loaded is None:
        yield Unknown("log_statement is none, and whether pgaudit is loaded is not visible")
    elif "pgaudit" not in loaded:
        yield Hit("log_statement is none, and pgaudit is not loaded")


@on_postgresql(
    "PG021",
    severity="medium",
    needs=("classification",),
    sees=("settings[shared_preload_libraries].value",),
    controls=_CONTROLS,
)
def reading_not_logged(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nothing records who reads confidential data.

    Why:
    After a leak the law and the customers ask what was read, and by whom.
    Without a record the honest answer is: perhaps everything.

    Fix:
    Load `pgaudit`, and let it log `read` and `write` on the delicate tables.

    False positives:
    Only stores that are classified as confidential or restricted are asked; where the classification is missing, the
    answer is unknown.
    A proxy or the service itself may keep the record; accept that with a waiver that says where.

    Privilege:
    `pg_read_all_settings`, which `pg_monitor` includes.

    Example:
    ```ini
    shared_preload_libraries = 'pgaudit'
    pgaudit.log = 'read, write, ddl, role'
    ```
    """
    if asset["classification"] in SHIELDED and "pgaudit" not in (libraries(asset) or ()):
        yield Hit(f"the data is {asset['classification']}, and pgaudit is not loaded", field="classification")


@on_postgresql(
    "PG042",
    severity="medium",
    sees=("settings[log_line_prefix].value", "settings[log_destination].value"),
    controls=_CONTROLS,
)
def log_lines_say_not_who(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Lines of the log do not say when, who and from where.

    Why:
    A line that cannot be tied to a role, a database and a client proves nothing after an incident.

    Fix:
    Set `log_line_prefix = '%m [%p] %q%u@%d %h '`, or log as `csvlog` or `jsonlog`, which hold every field.

    False positives:
    Where all logs are `csvlog` or `jsonlog`, the prefix does not matter and the rule passes.
    `syslog` and the journal add the time themselves; say so with a waiver.

    Privilege:
    Every role may read it.

    Example:
    The default `%m [%p] ` says when, but not who.
    """
    destinations = {part.strip() for part in str(setting(asset, "log_destination")).split(",")}
    if destinations <= _WHOLE:
        return
    prefix = str(setting(asset, "log_line_prefix"))
    found = {letter for letter in re.findall(r"%-?[0-9]*([a-zA-Z%])", prefix) if letter != "%"}
    if missing := [what for what, letters in _ESCAPES.items() if not found.intersection(letters)]:
        yield Hit(f'log_line_prefix "{shown(prefix)}" leaves out {", ".join(missing)}')


RULES = (logins_not_logged, schema_changes_not_logged, reading_not_logged, log_lines_say_not_who)
