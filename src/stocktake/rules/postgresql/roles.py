"""What the roles of a PostgreSQL server may do everywhere, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.agreed import agreed
from stocktake.rules.live import on_postgresql
from stocktake.rules.postgresql.members import groups
from stocktake.rules.visibility import Entry, doubts, entries
from stocktake.values import duration
from stocktake.values.text import shown

_STRONG = ("superuser", "createrole", "bypassrls")
# These predefined roles reach the files and programs of the machine, and so everything.
_MACHINE = frozenset({"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"})
_NEVER = frozenset({"", "infinity"})


def _accounts(asset: Sheet) -> list[tuple[str, Entry]]:
    """Roles that may log in, without the one that the server was made with."""
    roles = entries(asset, "access.principals")
    return [(role, facts) for role, facts in roles if facts.get("login") and not facts.get("bootstrap")]


def _ends(facts: Entry) -> str:
    """The last day of its password as text; empty where it never ends."""
    valid = str(facts.get("valid_until", ""))
    return "" if valid in _NEVER else valid


@on_postgresql(
    "PG012",
    severity="medium",
    needs=("access.rotation",),
    sees=("access.principals[].login",),
    controls=("ISO/IEC 27001:2022 A.5.18", "NIST CSF 2.0 PR.AA-01"),
)
def password_outlives_its_rotation(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A password lasts longer than the record says passwords do.

    Why:
    A promise to change passwords that nothing enforces is forgotten, and a password that leaked years ago still works.

    Fix:
    Give the role an end with `ALTER ROLE app VALID UNTIL '2027-01-31'` whenever its password is changed, or correct
    `access.rotation`.

    False positives:
    Roles without a password do not fail where that can be seen; else accept those that get in by certificate with a
    waiver.
    The role that the server was made with does not fail.

    Privilege:
    Every role may read it; whether there is a password takes `SELECT` on `pg_authid`.

    Example:
    `access.rotation` is `P90D`, and the role `app` has no `VALID UNTIL`.
    """
    yield from doubts(asset, "access.principals[].valid_until")
    rotation = agreed(asset, "access.rotation")
    if rotation is None:
        yield Unknown("access.rotation is not declared", field="access.rotation")
        return
    last = (context.today + timedelta(seconds=rotation)).isoformat()
    for role, facts in _accounts(asset):
        if facts.get("password") != "none" and (not (ends := _ends(facts)) or ends > last):
            words = f"lasts until {ends}" if ends else "never ends"
            message = f"the password of {shown(role)} {words}, and should change every {duration.words(rotation)}"
            yield Hit(message, field="access.rotation", detail=role)


@on_postgresql(
    "PG013",
    severity="high",
    sees=("access.principals[].superuser",),
    controls=("ISO/IEC 27001:2022 A.8.2", "NIST CSF 2.0 PR.AA-05"),
)
def strong_role_may_log_in(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A role that may log in is above the rules of the database.

    Why:
    A superuser may do everything, `createrole` may make itself strong, and `bypassrls` sees the rows that row security
    hides.
    A service with such a role turns a hole in the service into the loss of the whole server.

    Fix:
    Take the attribute away, and give the narrow right in its place: a predefined role, a grant, a function.

    False positives:
    The role that the server was made with does not fail; administrators who log in under their own name do.
    Name them in the baseline and accept each with a waiver, so that a new one is noticed.

    Privilege:
    Every role may read it.

    Example:
    `ALTER ROLE app NOSUPERUSER NOCREATEROLE NOBYPASSRLS`
    takes them away.
    """
    yield from doubts(asset, "access.principals[].superuser")
    for role, facts in _accounts(asset):
        if strong := [name for name in _STRONG if facts.get(name)]:
            yield Hit(f"{shown(role)} has {', '.join(strong)}", field="access.principals_policy", detail=role)


@on_postgresql(
    "PG018",
    severity="low",
    sees=("access.principals[].connection_limit",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def connections_without_limit(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A role may open as many connections as the server has.

    Why:
    One service that leaks connections takes them all, and then nobody else gets in, not even whoever wants to repair
    it.

    Fix:
    Give each service the connections that its pools need, with some to spare: `ALTER ROLE app CONNECTION LIMIT 40`.

    False positives:
    Limits do not hold for superusers, so these do not fail.
    A pooler in front of the server can do the same; accept that with a waiver.

    Privilege:
    Every role may read it.

    Example:
    `ALTER ROLE app CONNECTION LIMIT 40`
    sets one.
    """
    yield from doubts(asset, "access.principals[].connection_limit")
    for role, facts in _accounts(asset):
        if facts.get("connection_limit") == -1 and not facts.get("superuser"):
            yield Hit(f"{shown(role)} has no connection limit", field="access.principals_policy", detail=role)


@on_postgresql(
    "PG051",
    severity="low",
    timed=True,
    sees=("access.principals[].login",),
    controls=("ISO/IEC 27001:2022 A.5.18", "NIST CSF 2.0 PR.AA-01"),
)
def expired_role_still_there(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The password of a role has ended, and the role is still there.

    Why:
    Either nobody needs the role any more, and its rights wait for whoever finds another way in, or somebody still
    does, and cannot log in.

    Fix:
    Drop the role after `REASSIGN OWNED`, take its `LOGIN` away, or set its password and a new end.

    False positives:
    The end is that of the password only: a role that gets in by certificate or `peer` may still be in use.

    Privilege:
    Every role may read it.

    Example:
    The role of a project that ended in spring still has `SELECT` on everything.
    """
    yield from doubts(asset, "access.principals[].valid_until")
    for role, facts in _accounts(asset):
        if (ends := _ends(facts)) and ends < context.today.isoformat():
            yield Hit(f"the password of {shown(role)} ended on {shown(ends)}", detail=role)


@on_postgresql(
    "PG052",
    severity="high",
    sees=("access.principals[].login",),
    controls=("ISO/IEC 27001:2022 A.8.2", "NIST CSF 2.0 PR.AA-05"),
)
def reaches_the_machine(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A role that is no superuser may use the files or programs of the server's machine.

    Why:
    Whoever may write the server's files or start programs as its account can make itself superuser, and reading its
    files shows every database.

    Fix:
    Revoke the membership; let `COPY ... FROM STDIN` and the client's files do the work.

    False positives:
    Loading jobs sometimes need it: give it to a role of their own that may not log in from elsewhere, and accept that
    with a waiver.

    Privilege:
    Every role may read it.

    Example:
    `REVOKE pg_execute_server_program FROM loader`
    takes it away.
    """
    yield from doubts(asset, "access.principals[].roles")
    for role, facts in entries(asset, "access.principals"):
        if facts.get("login") and not facts.get("superuser") and (reached := sorted(_MACHINE & groups(asset, role))):
            message = f"{shown(role)} is a member of {', '.join(reached)}"
            yield Hit(message, field="access.principals_policy", detail=role)


RULES = (
    password_outlives_its_rotation,
    strong_role_may_log_in,
    connections_without_limit,
    expired_role_still_there,
    reaches_the_machine,
)
