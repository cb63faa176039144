"""How PostgreSQL makes sure who somebody is: pg_hba.conf and passwords."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.live import on_postgresql
from stocktake.rules.postgresql.hba import Login, logins
from stocktake.rules.postgresql.members import groups
from stocktake.rules.visibility import doubts, entries, setting
from stocktake.values.text import shown

_PROMISES_TLS = frozenset({"mutual-tls", "tls"})


@on_postgresql(
    "PG004",
    severity="critical",
    sees=("access.hba[]",),
    controls=("ISO/IEC 27001:2022 A.8.5", "NIST CSF 2.0 PR.AA-03"),
)
def trusts_without_proof(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL lets somebody in without any proof.

    Why:
    With `trust` whoever reaches the server is whoever they say they are, the administrator too.
    Locally that means every program and every account of the machine.

    Fix:
    Use `scram-sha-256` or certificates over the network and `peer` on the local socket, and reload.

    False positives:
    A server that runs inside a test and dies with it may trust; declare it as an environment of its own.
    Rules further up may already have sent everybody away; the order of the file is not judged here.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`, which `pg_monitor` does not include.

    Example:
    `host all all 10.0.0.0/8 trust` becomes `hostssl orders app 10.1.2.0/24 scram-sha-256`.
    """
    yield from doubts(asset, "access.hba[]")
    for login in logins(asset):
        if login.method == "trust":
            yield Hit(f"trusts without proof: {login.words}", field="access.method", detail=login.words)


@on_postgresql(
    "PG005",
    severity="high",
    sees=("access.hba[]",),
    controls=("ISO/IEC 27001:2022 A.8.5", "NIST CSF 2.0 PR.AA-03"),
)
def weak_proof(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL accepts a weak proof of who somebody is.

    Why:
    `password` sends the password itself, `md5` sends what is as good as the password to whoever steals the hash, and
    `ident` believes what the other machine says.

    Fix:
    Use `scram-sha-256`, certificates or Kerberos, after the passwords have been set again with
    `password_encryption = scram-sha-256`.

    False positives:
    With `md5` the server itself changes to SCRAM for a role whose hash is of that kind.
    Where the hashes are visible and all of those who log in have such a hash, an `md5` rule passes.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`; for the hashes, `SELECT` on `pg_authid`.

    Example:
    `host all app 10.1.2.0/24 md5` becomes `hostssl orders app 10.1.2.0/24 scram-sha-256`.
    """
    yield from doubts(asset, "access.hba[]")
    hashes = {facts.get("password") for _, facts in entries(asset, "access.principals") if facts.get("login")}
    weak = {"ident", "password"} if hashes and hashes <= {"scram-sha-256", "none"} else {"ident", "md5", "password"}
    for login in logins(asset):
        if login.method in weak and login.type != "local":
            yield Hit(f"accepts {login.method}: {login.words}", field="access.method", detail=login.words)


@on_postgresql(
    "PG006",
    severity="medium",
    sees=("access.hba[]",),
    controls=("ISO/IEC 27001:2022 A.8.3", "NIST CSF 2.0 PR.AA-05"),
)
def everybody_into_everything(asset: Sheet, context: Context) -> Iterator[Hit]:
    """One rule lets every role into every database over the network.

    Why:
    A password that leaks opens every database on the server, and new databases and roles are reachable before anybody
    has thought about them.

    Fix:
    Write one rule for each service: its database, its role, its network.

    False positives:
    Rules for the machine itself do not count.
    On a server with one database and one role the difference is small; accept it with a waiver.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`.

    Example:
    `host all all 10.0.0.0/8 scram-sha-256` becomes `hostssl orders app 10.1.2.0/24 scram-sha-256`.
    """
    yield from doubts(asset, "access.hba[]")
    for login in logins(asset):
        if login.is_remote and "all" in login.databases and "all" in login.users:
            message = f"every role may enter every database: {login.words}"
            yield Hit(message, field="access.principals_policy", detail=login.words)


@on_postgresql(
    "PG007",
    severity="high",
    sees=("access.hba[]",),
    controls=("ISO/IEC 27001:2022 A.8.20", "NIST CSF 2.0 PR.AA-05"),
)
def from_any_address(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A rule for logging in accepts every address.

    Why:
    Everybody who reaches the server may try passwords, from any network that is ever connected to it.

    Fix:
    Name the networks of those who connect in the address of the rule.

    False positives:
    A firewall or a container network may already limit who can reach the server.
    Accept it with a waiver that says where that limit is written down.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`.

    Example:
    `hostssl orders app 0.0.0.0/0 scram-sha-256` becomes `hostssl orders app 10.1.2.0/24 scram-sha-256`.
    """
    yield from doubts(asset, "access.hba[]")
    for login in logins(asset):
        if login.is_remote and login.is_anywhere:
            yield Hit(f"accepts every address: {login.words}", field="access.method", detail=login.words)


@on_postgresql(
    "PG008",
    severity="medium",
    sees=("access.hba[]",),
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def lets_in_without_tls(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Somebody may log in over the network without TLS, although the record promises it.

    Why:
    `host` rules accept connections with and without TLS, so one client that is set up badly sends everything in the
    clear, and nobody notices.

    Fix:
    Use `hostssl` in place of `host`, so that the server insists.

    False positives:
    The record's `access.encryption_in_transit` decides: where it promises no TLS, this rule passes and ACC001 asks
    whether the data may travel in the clear; where it says nothing, the answer is unknown.
    Rules for the machine itself do not count.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`.

    Example:
    `host orders app 10.1.2.0/24 scram-sha-256` becomes `hostssl orders app 10.1.2.0/24 scram-sha-256`.
    """
    promised = asset.declared("access.encryption_in_transit")
    if promised is None:
        yield Unknown("access.encryption_in_transit is not declared", field="access.encryption_in_transit")
        return
    yield from doubts(asset, "access.hba[]")
    for login in logins(asset) if promised in _PROMISES_TLS else ():
        if login.is_remote and login.type in ("host", "hostnossl"):
            message = f"{promised} is promised, and this rule does not insist: {login.words}"
            yield Hit(message, field="access.encryption_in_transit", detail=login.words)


@on_postgresql(
    "PG009",
    severity="high",
    sees=("access.hba[]", "access.principals[].superuser"),
    controls=("ISO/IEC 27001:2022 A.8.2", "NIST CSF 2.0 PR.AA-05"),
)
def superuser_over_the_network(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A superuser may log in over the network.

    Why:
    A superuser can read and change everything, and can run programs on the machine.
    Over the network one stolen or guessed password is enough.

    Fix:
    Name the roles in the rules instead of `all`, or put `host all postgres 0.0.0.0/0 reject` above them, and work as
    superuser on the machine itself.

    False positives:
    Patterns such as `/^adm` in the rules are not followed.
    A rule higher up that rejects the role from every address is respected; one for a part of the network is not.

    Privilege:
    `SELECT` on `pg_hba_file_rules` and `EXECUTE` on `pg_hba_file_rules()`.

    Example:
    `hostssl all all 10.0.0.0/8 scram-sha-256` lets `postgres` in too.
    """
    yield from doubts(asset, "access.hba[]", "access.principals[].superuser")
    rules = logins(asset)
    for role, facts in entries(asset, "access.principals"):
        if facts.get("superuser") and facts.get("login") and (login := _door(rules, role, groups(asset, role))):
            yield Hit(f"superuser {shown(role)} may enter by {login.words}", field="access.method", detail=role)


def _door(rules: list[Login], role: str, member_of: frozenset[str]) -> Login | None:
    """The first rule that lets a role in from another machine, if none before it sends it away."""
    for login in rules:
        if login.databases == ("replication",) or not login.fits(role, member_of):
            continue
        if login.method == "reject" and login.is_anywhere and "all" in login.databases:
            return None
        if login.is_remote:
            return login
    return None


@on_postgresql(
    "PG010",
    severity="high",
    sees=("settings[password_encryption].value",),
    controls=("ISO/IEC 27001:2022 A.5.17", "NIST CSF 2.0 PR.AA-01"),
)
def new_passwords_as_md5(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL keeps new passwords as MD5 hashes.

    Why:
    An MD5 hash is as good as the password to whoever gets hold of it, in a backup for example, and it can be guessed
    quickly.

    Fix:
    Set `password_encryption = scram-sha-256`, reload, and let everybody set their password again.

    False positives:
    Clients that are too old for SCRAM need MD5 until they are replaced: accept that with a waiver that expires.

    Privilege:
    Every role may read it.

    Example:
    `md5` and `on` fail.
    """
    value = str(setting(asset, "password_encryption"))
    if value != "scram-sha-256":
        yield Hit(f"password_encryption is {shown(value)}", field="access.method")


@on_postgresql(
    "PG011",
    severity="high",
    sees=("access.principals[].password",),
    controls=("ISO/IEC 27001:2022 A.5.17", "NIST CSF 2.0 PR.AA-01"),
)
def password_kept_as_md5(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The password of a role is kept as an MD5 hash.

    Why:
    Whoever reads the hash, in a backup for example, can log in with it, and PostgreSQL 18 warns that MD5 will go.

    Fix:
    Set `password_encryption = scram-sha-256` and give the role its password again.

    False positives:
    Roles that may not log in, and roles without a password, do not fail: those get in by certificate, `peer` or
    another service, or not at all.

    Privilege:
    `SELECT` on `pg_authid`, which only superusers have by default; only the kind of the hash is read.

    Example:
    A role from the time of PostgreSQL 13, whose password was never changed.
    """
    yield from doubts(asset, "access.principals[].password")
    for role, facts in entries(asset, "access.principals"):
        if facts.get("login") and facts.get("password") == "md5":
            yield Hit(f"the password of {shown(role)} is kept as an MD5 hash", field="access.method", detail=role)


RULES = (
    trusts_without_proof,
    weak_proof,
    everybody_into_everything,
    from_any_address,
    lets_in_without_tls,
    superuser_over_the_network,
    new_passwords_as_md5,
    password_kept_as_md5,
)
