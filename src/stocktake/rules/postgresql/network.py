"""How a PostgreSQL server is reached, and who can read along."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_postgresql, only_on, since
from stocktake.rules.live import on_postgresql
from stocktake.rules.visibility import setting
from stocktake.values.text import shown

_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 (compared, not bound)
# Ways to protect the wire that are not the server's own.
_OTHERWISE = frozenset({"local", "ssh", "vpn"})
_OLD_PROTOCOLS = ("", "TLSv1", "TLSv1.1")
# What no list of ciphers should switch on; the lists name them with or without a sign that moves or removes them.
_CIPHERS = """
    3DES ADH AECDH ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT DES EXP EXPORT EXPORT40 EXPORT56 IDEA LOW MD5 NULL RC2 RC4
    aNULL eNULL
"""
_WEAK = frozenset(_CIPHERS.split())


def _listens(asset: Sheet) -> list[str]:
    return [part.strip() for part in str(setting(asset, "listen_addresses") or "").split(",") if part.strip()]


def _is_reached(asset: Sheet) -> bool:
    """Whether it listens on a network at all, as far as is known."""
    return setting(asset, "listen_addresses") != ""


@on_postgresql(
    "PG001",
    severity="high",
    sees=("settings[listen_addresses].value",),
    controls=("ISO/IEC 27001:2022 A.8.20", "NIST CSF 2.0 PR.AA-05"),
)
def listens_on_every_address(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL listens on every address of its machine.

    Why:
    A network that is added to the machine later, or one that nobody thought of, reaches the server too.
    Only the rules for logging in are then left between it and the data.

    Fix:
    Name the addresses in `listen_addresses`, or leave only the local socket, and restart the server.

    False positives:
    In a container the server has only the addresses of that container: the firewall around it does the work.
    Accept that with a waiver that names what limits the access instead.

    Privilege:
    Every role may read it.

    Example:
    ```ini
    listen_addresses = 'localhost, 10.1.2.3'
    ```
    """
    for address in sorted(_EVERYWHERE.intersection(_listens(asset))):
        yield Hit(f"listens on {address}", field="endpoint", detail=address)


@on_postgresql(
    "PG002",
    severity="high",
    sees=("settings[ssl].value",),
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def tls_off(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not offer TLS.

    Why:
    Passwords, queries and rows travel in the clear, and whoever sits between the two ends can read and change them.

    Fix:
    Give the server a certificate, set `ssl = on`, and let clients ask for `sslmode=verify-full`.

    False positives:
    Where the record says that the wire is `local`, or that `ssh` or a `vpn` protects it, the rule passes.
    It also passes where the server listens on no network at all.

    Privilege:
    Every role may read it.

    Example:
    ```ini
    ssl = on
    ssl_cert_file = 'server.crt'
    ssl_key_file = 'server.key'
    ```
    """
    is_protected = asset.declared("access.encryption_in_transit") in _OTHERWISE or not _is_reached(asset)
    if setting(asset, "ssl") != "on" and not is_protected:
        yield Hit("TLS is off", field="access.encryption_in_transit")


@only_on("postgresql")
def serves_tls(asset: Sheet, context: Context) -> bool:
    """PostgreSQL with TLS, or where nobody knows."""
    return is_postgresql(asset, context) and setting(asset, "ssl") != "off"


@only_on("postgresql")
def serves_tls_since_12(asset: Sheet, context: Context) -> bool:
    """The same from version 12 on, where the oldest protocol became a setting."""
    return serves_tls(asset, context) and since("12")(asset, context)


@on_postgresql(
    "PG003",
    severity="medium",
    when=serves_tls,
    sees=("settings[ssl_ciphers].value",),
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def weak_ciphers(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL accepts weak ciphers.

    Why:
    A client, or somebody in between who pretends to be one, picks the weakest cipher that the server accepts.

    Fix:
    Leave `ssl_ciphers` at its default, or name strong suites only, such as `HIGH:!aNULL`.

    False positives:
    The words of the list are judged, not what the OpenSSL beneath makes of them.
    The default of PostgreSQL passes, since OpenSSL has left the weak suites out of it since 1.1.0.
    TLS 1.3 has ciphers of its own, which are all strong.

    Privilege:
    `pg_read_all_settings`, which `pg_monitor` includes, on some versions; else every role.

    Example:
    `HIGH:RC4` fails, and `HIGH:MEDIUM:+3DES:!aNULL` passes.
    """
    words = str(setting(asset, "ssl_ciphers")).replace(",", ":").replace(" ", ":").split(":")
    removed = {word[1:] for word in words if word[:1] in ("!", "-")}
    for word in sorted(_WEAK.intersection(words) - removed):
        yield Hit(f"ssl_ciphers switches on {word}", detail=word)


@on_postgresql(
    "PG041",
    severity="high",
    when=serves_tls_since_12,
    sees=("settings[ssl_min_protocol_version].value",),
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def old_tls_accepted(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL accepts TLS older than 1.2.

    Why:
    TLS 1.0 and 1.1 have known weaknesses and were withdrawn in 2021.
    Somebody in between can make both ends fall back to the oldest one that both accept.

    Fix:
    Set `ssl_min_protocol_version` to `TLSv1.2` or `TLSv1.3`, and reload.

    False positives:
    The setting exists since PostgreSQL 12, so older servers are not asked.
    The machine's own OpenSSL settings may refuse old protocols too; that is not seen from here.

    Privilege:
    `pg_read_all_settings`, which `pg_monitor` includes.

    Example:
    `TLSv1` fails.
    """
    protocol = str(setting(asset, "ssl_min_protocol_version"))
    if protocol in _OLD_PROTOCOLS:
        yield Hit(f"accepts {shown(protocol) or 'every version of TLS'}")


RULES = (listens_on_every_address, tls_off, weak_ciphers, old_tls_accepted)
