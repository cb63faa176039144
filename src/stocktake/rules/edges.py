"""Dependencies, second half: whether people, promises and versions on both ends fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import VITAL, is_there
from stocktake.rules.ends import both_run, needed
from stocktake.rules.rule import rule
from stocktake.values import duration


def _is_in_use(edge: Sheet, context: Context) -> bool:
    return is_there(edge, context) and both_run(edge, context)


def _may_be_vital(edge: Sheet, context: Context) -> bool:
    """In use, and of high or critical criticality, or of one that nobody said."""
    return edge.get("criticality") in (None, *VITAL) and _is_in_use(edge, context)


def _is_of_ours(edge: Sheet, context: Context) -> bool:
    """One that may be vital and leads to something of which we choose the version."""
    entry = context.index.get(f"asset/{edge.get('to')}")
    return _may_be_vital(edge, context) and not (entry and entry.type in context.types["externals"])


@rule(
    "DEP005",
    severity="medium",
    kind="dependency",
    when=_may_be_vital,
    needs=("criticality", "maintainers"),
    controls=("ISO/IEC 27001:2022 A.5.2", "NIST CSF 2.0 GV.RR-03"),
)
def one_maintainer(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Only one person knows a critical dependency.

    Why:
    It breaks while that person is away, and everybody else has to learn how it works while users wait.

    Fix:
    Let a second person make the next change on it, and list both in `maintainers`.

    False positives:
    Dependencies of high and critical criticality are asked.
    A handle of a team, such as `@bookshop/platform`, counts as several people.
    Where nobody said who knows it, the answer is unknown.

    Example:
    ```yaml
    maintainers: ["@ada", "@bela"]
    ```
    """
    people = {str(one).casefold() for one in edge["maintainers"]}
    if len(people) < 2 and not any(one.startswith("@") and "/" in one for one in people):
        yield Hit(f"only {', '.join(sorted(people)) or 'nobody'} knows it", field="maintainers")


@rule(
    "DEP006",
    severity="medium",
    kind="dependency",
    when=_is_in_use,
    controls=("ISO/IEC 27001:2022 A.5.30", "NIST CSF 2.0 GV.OC-04", "NIST CSF 2.0 GV.OC-05"),
)
def recovery_sooner_than_what_it_needs(edge: Sheet, context: Context) -> Iterator[Hit]:
    """Something is to be back before that which it cannot run without.

    Why:
    The promise cannot be kept, and nobody notices before the day on which it matters.

    Fix:
    Bring the recovery of the provider down, promise less, or build a fallback that lasts until the provider is back.

    False positives:
    The rule compares `backup.rto` of both ends.
    A dependency with a `fallback`, and one of low criticality, does not fail.
    Where only the end that needs the other has a promise, the answer is unknown.

    Example:
    The shop is to be back within an hour, and its database within four.
    """
    pair = needed(edge, context)
    if pair is None or not pair[1].rto:
        return
    provider, needy = pair
    if not provider.rto:
        yield Unknown(f"the recovery time of {provider.address} is not known", field="type")
    elif duration.seconds(provider.rto) > duration.seconds(needy.rto):
        sooner, later = (duration.words(duration.seconds(one.rto)) for one in (needy, provider))
        yield Hit(f"{needy.address} is to be back within {sooner}, {provider.address} within {later}", field="type")


@rule(
    "DEP007",
    severity="low",
    kind="dependency",
    when=_is_of_ours,
    needs=("criticality", "version_lock"),
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-02"),
)
def version_left_open(edge: Sheet, context: Context) -> Iterator[Hit]:
    """A critical dependency takes whatever version is newest.

    Why:
    A release of somebody else reaches production without anybody of ours having tried it.

    Fix:
    Pin the version, let a program propose newer ones as pull requests, and set `version_lock` to `pinned` or `range`.

    False positives:
    Dependencies of high and critical criticality are asked.
    Services that others run (`external-api`, `external-saas`, `identity-provider`) have the version that they have.

    Example:
    ```yaml
    version_lock: pinned
    ```
    """
    if edge["version_lock"] == "floating":
        yield Hit("takes whatever version is newest", field="version_lock")


RULES = (one_maintainer, recovery_sooner_than_what_it_needs, version_left_open)
