"""Configuration, second half: which version is declared, and whether anybody still corrects it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import is_there
from stocktake.rules.rule import rule
from stocktake.values import support
from stocktake.values.text import shown
from stocktake.values.version import parse


def _has_a_lifetime(asset: Sheet, context: Context) -> bool:
    """In use, and of an engine that the table knows; what was seen of a live PostgreSQL is asked by its own rules."""
    return is_there(asset, context) and asset.get("engine") in support.ENGINES


@rule(
    "CFG007",
    severity="medium",
    kind="asset",
    when=_has_a_lifetime,
    needs=("version",),
    per="environment",
    timed=True,
    controls=("ISO/IEC 27001:2022 A.8.8", "NIST CSF 2.0 PR.PS-02"),
)
def version_past_its_end(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A version gets no corrections any more.

    Why:
    The next hole in it stays open, and everybody knows where to look for it.

    Fix:
    Move to a version that is supported, and correct `version`.

    False positives:
    The ends are in a table that is part of Stocktake, with the day and the source of each engine, which the finding
    names; support that is paid for may last longer: say so in a waiver.
    Versions that the table does not know, and all that had not ended when the table has grown old, are unknown.

    Example:
    ```yaml
    engine: mysql
    version: "5.7"
    ```
    """
    engine, version = str(asset["engine"]), str(asset["version"])
    ends = support.ends(engine, version)
    if isinstance(ends, str):
        yield Unknown(ends, field="version")
    elif ends < context.today:
        source = support.ENGINES[engine].source
        yield Hit(f"{engine} {shown(version)} ended on {ends}, as {source} says", field="version")
    elif support.is_old(context.today, as_of := support.ENGINES[engine].as_of):
        yield Unknown(f"the table of ends is of {as_of}, and too old to tell", field="version")


@rule(
    "CFG008",
    severity="low",
    kind="asset",
    when=is_there,
    needs=("version",),
    per="environment",
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def version_that_says_nothing(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A version is a word that means another one tomorrow.

    Why:
    Nobody can tell what runs, whether it has a known hole, or what changed when it broke.

    Fix:
    Name the version by its numbers in the record, and pin it where it is installed.

    False positives:
    Names without a number, such as `latest` or `stable`, and ranges such as `^8.0` fail.
    A version that is a digest fails too: it is exact, and no human can compare it; name the release beside it.

    Example:
    `version: latest` becomes `version: "7.4"`.
    """
    if not parse(str(asset["version"])):
        yield Hit(f'"{shown(str(asset["version"]))}" is not a version', field="version")


RULES = (version_past_its_end, version_that_says_nothing)
