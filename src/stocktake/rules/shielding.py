"""Access and protection, third part: who may come in, how they prove who they are, and what travels in the clear."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.access import WITHOUT_DATA
from stocktake.rules.applies import SHIELDED, is_of_others, keeps_data
from stocktake.rules.ends import both_run, ends
from stocktake.rules.rule import rule

_NO_PROOF = frozenset({"anonymous", "no", "none", "nothing", "public", "trust"})
# These are opened as files on the machine itself.
_WITHOUT_ACCOUNTS = frozenset({"embedded-db", "spreadsheet"})


def _carries_shielded_data(edge: Sheet, context: Context) -> bool:
    """In use, with data, and one end is not known to hold only public or internal data."""
    if edge.get("type") in WITHOUT_DATA or not both_run(edge, context):
        return False
    return any(entry and entry.classification in SHIELDED for entry in ends(edge, context))


def _opens_shielded_data(edge: Sheet, context: Context) -> bool:
    """In use, with data, and what it leads to is confidential or restricted."""
    target = context.index.get(f"asset/{edge.get('to')}")
    return bool(target and target.classification in SHIELDED) and _carries_shielded_data(edge, context)


def _holds_shielded_data(asset: Sheet, context: Context) -> bool:
    """A store with accounts, in use, that is not known to hold only public or internal data."""
    if asset.get("type") in _WITHOUT_ACCOUNTS or asset.get("classification") not in (None, *SHIELDED):
        return False
    return keeps_data(asset, context)


@rule(
    "ACC009",
    severity="low",
    kind="asset",
    when=lambda asset, context: keeps_data(asset, context) and asset.get("type") not in _WITHOUT_ACCOUNTS,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.15", "NIST CSF 2.0 PR.AA-05"),
)
def way_in_unknown(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how people and programs get into a store.

    Why:
    Who may come in can only be reviewed where one knows by which door, and the second door is the one nobody watches.

    Fix:
    Describe in `access.method` how one connects and proves who one is.

    False positives:
    Files that are opened on the machine itself, backup repositories, planned and retired stores are not asked.

    Example:
    ```yaml
    access: {method: password from the secret manager over TLS}
    ```
    """
    if not asset.get("access.method"):
        yield Hit("nothing says how one gets in", field="access.method")


@rule(
    "ACC010",
    severity="high",
    kind="dependency",
    when=_carries_shielded_data,
    needs=("encryption_in_transit",),
    controls=("ISO/IEC 27001:2022 A.8.24", "NIST CSF 2.0 PR.DS-02"),
)
def edge_in_the_clear(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A dependency carries confidential data in the clear.

    Why:
    It takes one end without TLS for everybody on the way to read along, whatever the other end could do.

    Fix:
    Let the connection use TLS and check the certificate, and set `encryption_in_transit`.
    Where nothing leaves the machine, say `local`; where a tunnel does the work, say `ssh` or `vpn`.

    False positives:
    It is asked where one end is confidential or restricted, since the rule cannot tell which part of the data travels.
    Tokens, measurements and code (`authenticates-with`, `monitors`, `builds-from`) are not looked at.

    Example:
    ```yaml
    from: api
    to: orders-db
    type: reads-writes
    encryption_in_transit: tls
    ```
    """
    if edge["encryption_in_transit"] == "none":
        yield Hit("carries confidential data in the clear", field="encryption_in_transit")


@rule(
    "ACC011",
    severity="high",
    kind="dependency",
    when=_opens_shielded_data,
    needs=("auth",),
    controls=("ISO/IEC 27001:2022 A.8.5", "NIST CSF 2.0 PR.AA-03"),
)
def edge_without_proof(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Confidential data is handed out to whoever asks.

    Why:
    Without a proof of who asks, one machine that is taken over reads everything, and no log says who it was.

    Fix:
    Let the program prove who it is with a password of its own, a token or a certificate, and say so in `auth`.

    False positives:
    It is asked of edges that lead to what is confidential or restricted.
    `none`, `no`, `nothing`, `trust`, `anonymous` and `public` count as no proof; any other word does not fail.

    Example:
    ```yaml
    auth: client certificate
    ```
    """
    if str(edge["auth"]).strip().casefold() in _NO_PROOF:
        yield Hit(f"authenticates with {edge['auth']}", field="auth")


@rule(
    "ACC012",
    severity="medium",
    kind="asset",
    when=_holds_shielded_data,
    needs=("classification", "access.mfa"),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.5", "NIST CSF 2.0 PR.AA-03"),
)
def one_factor_is_enough(asset: Sheet, context: Context) -> Iterator[Hit]:
    """People get at confidential data with a password alone.

    Why:
    Passwords are guessed, reused and phished; one that leaks opens the store until somebody notices.

    Fix:
    Let people in only through something that asks for a second factor, such as a bastion or single sign-on, and set
    `access.mfa` to `required`.

    False positives:
    `optional` fails: whoever attacks will not choose it.
    Stores that are known to hold only public or internal data are not asked.

    Example:
    ```yaml
    access: {mfa: required}
    ```
    """
    if asset["access.mfa"] != "required":
        yield Hit(
            f"a second factor is {'optional' if asset['access.mfa'] == 'optional' else 'not asked for'}",
            field="access.mfa",
        )


@rule(
    "ACC013",
    severity="medium",
    kind="asset",
    when=_holds_shielded_data,
    needs=("classification",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.17", "NIST CSF 2.0 PR.AA-01"),
)
def secrets_never_change(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said how often the passwords and keys of a store with confidential data change.

    Why:
    A secret that never changes is known to everybody who ever worked here, and to whoever has an old backup.

    Fix:
    Agree on a time, let a machine do it, and set `access.rotation`.

    False positives:
    It is asked whether a time was agreed on, not whether it is kept: that shows only in a look at the store.
    Where access needs no lasting secret, name the lifetime of the tokens.

    Example:
    ```yaml
    access: {rotation: P90D}
    ```
    """
    if not asset.get("access.rotation"):
        yield Hit("nothing says how often passwords and keys change", field="access.rotation")


@rule(
    "ACC014",
    severity="low",
    kind="asset",
    when=_holds_shielded_data,
    needs=("classification",),
    controls=("ISO/IEC 27001:2022 A.5.15", "ISO/IEC 27001:2022 A.5.18", "NIST CSF 2.0 PR.AA-05"),
)
def nobody_said_who_may_come_in(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nobody said who may get at confidential data.

    Why:
    What runs can only be compared with what was meant, and where nobody said what is meant every account looks right.

    Fix:
    Say in `access.principals_policy` who may have an account and who decides, or list the principals in a baseline.

    False positives:
    A baseline of the store counts, also one that lists no principals: another rule asks what it says.

    Example:
    ```yaml
    access:
      principals_policy: One account for each program, people through the bastion; Dana decides.
    ```
    """
    if not asset.get("access.principals_policy") and not context.index.is_named(asset.address, "baseline"):
        yield Hit("neither a policy nor a baseline says who may get in", field="access.principals_policy")


@rule(
    "ACC015",
    severity="medium",
    kind="asset",
    when=lambda asset, context: (
        bool(context.regions) and is_of_others(asset, context) and asset.get("classification") in SHIELDED
    ),
    needs=("region",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.5.19", "ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 GV.OC-03"),
)
def confidential_data_leaves_the_allowed_regions(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Somebody else's service gets confidential data in a region in which personal data may not be kept.

    Why:
    Once handed over, data falls under the law of where it lies, and a promise in a contract does not change that.

    Fix:
    Use the service in an allowed region, hand over only what is not about people, or have the region allowed by whoever
    answers for data protection and add it to `personal_data.regions` in `stocktake.yaml`.

    False positives:
    It is asked only where `stocktake.yaml` lists regions, of external services that are confidential or restricted.
    Where nobody said in which region it is, the answer is unknown.
    Whether the data is about people is not known of others: a waiver is the place to say that it is not.

    Example:
    `payments` is an `external-api` in `us-east-1`, and only `eu-central-1` is allowed.
    """
    if asset["region"] not in context.regions:
        yield Hit(f"{asset['classification']} data goes to {asset['region']}", field="region")


RULES = (
    way_in_unknown,
    edge_in_the_clear,
    edge_without_proof,
    one_factor_is_enough,
    secrets_never_change,
    nobody_said_who_may_come_in,
    confidential_data_leaves_the_allowed_regions,
)
