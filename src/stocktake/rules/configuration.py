"""Configuration: what is set, what should be, and what should not stand there."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.drift import comparable
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Seen, Sheet
from stocktake.rules.applies import is_there
from stocktake.rules.looked import doubts
from stocktake.rules.rule import rule
from stocktake.values import secret
from stocktake.values.agreement import agree
from stocktake.values.identity import seen as seen_subject
from stocktake.values.name import decode_key
from stocktake.values.text import shown


@rule(
    "CFG001",
    severity="high",
    kind="*",
    controls=("ISO/IEC 27001:2022 A.5.17", "NIST CSF 2.0 PR.AA-01"),
)
def secret_looking_value(record: Sheet, context: Context) -> Iterator[Hit]:
    """A value looks like a secret.

    Why:
    Everybody who can read this repository, now or later, can read the value, and Git never forgets it.

    Fix:
    Change the secret where it is used, since it has been seen.
    Then name the place where it is kept with `secret_ref` and `plane: secret`, and remove the value.

    False positives:
    Whatever has the shape of a key or a token is refused when the registry is loaded.
    This rule looks at the names that people chose, such as `settings[db_password]` or a label `api-key`, and a name can
    mislead.
    Give it a clearer name, or accept it with a waiver that says what the value is.

    Example:
    ```yaml
    settings:
      db_password:
        secret_ref: vault:orders/db#password
        plane: secret
    ```
    """
    for name, value in record.items():
        if "[" in name and isinstance(value, str) and (what := _looks_secret(name, value)):
            yield Hit(f"looks like a secret: {what}", field=name, detail=name)


def _looks_secret(name: str, value: str) -> str | None:
    """What a value under a name that people chose looks like; fields of ours beside the value are never asked."""
    named = name.removesuffix(".value")
    return secret.find(decode_key(named[named.rindex("[") + 1 : -1]), value) if named.endswith("]") else None


@rule(
    "CFG002",
    severity="medium",
    kind="baseline",
    each="expected_differences[]",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def expected_difference_expired(difference: Sheet, context: Context) -> Iterator[Hit]:
    """A difference between environments that was meant to be temporary is still there.

    Why:
    An environment that differs proves less about the others, and a difference that nobody looks at any more hides the
    next one.

    Fix:
    Bring the environments together and remove the entry, or argue the difference again and move `expires`.

    False positives:
    The rule compares the date only.
    A difference that is gone needs no entry: remove it.

    Example:
    ```yaml
    expected_differences:
      max_connections:
        environment: staging
        reason: Staging has a tenth of the traffic.
        expires: "2026-12-31"
    ```
    """
    if difference["expires"] < context.today.isoformat():
        yield Hit(f"was expected until {difference['expires']}", field="expires")


@rule(
    "CFG003",
    severity="medium",
    kind="asset",
    when=is_there,
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def declared_and_observed_differ(asset: Sheet, context: Context) -> Iterator[Hit]:
    """What was seen is not what is declared.

    Why:
    Either the record is out of date, and everybody who relies on it is misled, or the system was changed without
    anybody agreeing to it.

    Fix:
    Find out which of the two is right.
    Correct the record in a pull request, or correct the system and look again.

    False positives:
    A source tree may speak for another environment than the one that was compared: say which in `sources` of
    `stocktake.yaml`.
    Versions agree as far as both are told: `16` agrees with `16.4`.
    What was seen too long ago, and what was never looked at, is unknown and not fine.

    Example:
    The record says `version: "15"`, and the Compose file starts `postgres:16.4`.
    """
    if not asset.seen:
        yield Unknown("no source was looked at in which it was seen")
    for name, declared, seen in comparable(asset):
        same = agree(name, declared, seen.value) if seen.fresh else None
        if same is False:
            both = f"declared {_quoted(declared)}, seen {_quoted(seen.value)}"
            yield Hit(f"{name}: {both} in {_where(seen)}", field=name, detail=name)
        elif same is None:
            yield Unknown(_why_unknown(name, declared, seen, context), field=name, detail=name)


def _why_unknown(name: str, declared: object, seen: Seen, context: Context) -> str:
    if seen.fresh:
        return f"{name}: {_quoted(declared)} and {_quoted(seen.value)} cannot be compared"
    limit = context.limits.get("freshness", "P30D")
    return f"{name} was last seen on {seen.day or 'an unknown day'}, longer ago than {limit}"


def _quoted(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(shown(str(item)) for item in value)}]"
    return f'"{shown(str(value))}"'


def _where(seen: Seen) -> str:
    return f"{shown(seen.evidence)} ({seen.source})" if seen.evidence else seen.source


@rule(
    "CFG004",
    severity="high",
    kind="",
    controls=("ISO/IEC 27001:2022 A.5.17", "NIST CSF 2.0 PR.AA-01"),
)
def secret_exposed(context: Context) -> Iterator[Hit]:
    """A secret stands in the open in a source tree.

    Why:
    Everybody who can read the tree can use it, and it stays in the history of the tree after it has been removed.

    Fix:
    Change the secret first, then take it out: from a secret store, an environment variable without a default, or a file
    that is not committed.

    False positives:
    Well-known passwords of examples and tests are reported too, since they tend to reach production.
    End the line with `# not-secret: REASON` where the value protects nothing; such lines are counted.

    Example:
    `POSTGRES_PASSWORD: postgres` in a Compose file becomes `POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}`.
    """
    yield from doubts(context)
    for observation in context.evidence or ():
        met: dict[tuple[str, str], int] = {}
        for found in sorted(observation.secrets, key=lambda found: (found.file, found.line)):
            # A line number would make every moved line a new finding, and the kind alone would hide a new secret.
            told = found.name or found.what
            met[found.file, told] = ordinal = met.get((found.file, told), 0) + 1
            detail = told if ordinal == 1 else f"{told} {ordinal}"
            place = f"{shown(found.file)}:{found.line}"
            under = f" under {shown(found.name)}" if found.name else ""
            yield Hit(
                f"{shown(found.what)}{under} in {place}",
                detail=detail,
                subject=seen_subject(observation.source, found.file),
                environment=observation.environment,
            )


RULES = (secret_looking_value, expected_difference_expired, declared_and_observed_differ, secret_exposed)
