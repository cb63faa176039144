"""When a question makes sense: the conditions that several rules share, so that each is worked out once for a sheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from stocktake.model.rule import Context
from stocktake.model.sheet import Sheet
from stocktake.values import version
from stocktake.values.name import encode_key

VITAL = frozenset({"critical", "high"})
SHIELDED = frozenset({"confidential", "restricted"})
# Classes of data, the most delicate last.
LADDER = ("public", "internal", "confidential", "restricted")
# Data about people.
PERSONAL = frozenset({"personal", "pseudonymised", "special-category"})

# These hold copies of what is kept elsewhere.
_COPIES = frozenset({"backup-repository"})
# These are opened as files on the machine itself, or never run on their own.
_WITHOUT_A_WIRE = frozenset({"embedded-db", "library", "spreadsheet"})
# What people call a member that follows the primary.
_FOLLOWERS = ("replica", "standby", "secondary", "follower")


Condition = Callable[[Sheet, Context], bool]


def only_on(engine: str) -> Callable[[Condition], Condition]:
    """Says of a condition that it holds on this engine alone, so that it is not asked of anything else."""

    def marked(condition: Condition) -> Condition:
        vars(condition)["engine"] = engine
        return condition

    return marked


def engine_of(condition: Condition | None) -> str:
    """The engine on which alone a condition holds; empty where it holds on others too."""
    return str(vars(condition).get("engine", "")) if condition else ""


def looks_at(*names: str) -> Callable[[Condition], Condition]:
    """Says of a condition that it looks at these facts of a sheet and at no others, so that one answer does for all
    sheets that agree in them.
    """

    def marked(condition: Condition) -> Condition:
        vars(condition)["facts"] = names
        return condition

    return marked


def facts_of(condition: Condition | None) -> tuple[str, ...]:
    """The facts that a condition looks at; none where it does not say, or looks at more than single facts."""
    return vars(condition).get("facts", ()) if condition else ()


@looks_at("lifecycle")
def is_there(asset: Sheet, context: Context) -> bool:
    """It exists today: neither only planned nor retired."""
    return asset.get("lifecycle", "") not in ("proposed", "retired")


@looks_at("lifecycle", "type")
def is_there_and_no_library(asset: Sheet, context: Context) -> bool:
    """It exists today, and not only as code inside of other components."""
    return is_there(asset, context) and asset.get("type") != "library"


@looks_at("lifecycle")
def is_kept(asset: Sheet, context: Context) -> bool:
    """Somebody has to look after it: anything but retired."""
    return bool(asset.get("lifecycle") != "retired")


@looks_at("lifecycle", "type")
def keeps_data(asset: Sheet, context: Context) -> bool:
    """A store in use that does not itself hold backups."""
    return is_there(asset, context) and asset.get("type") in context.types["stores"] - _COPIES


@looks_at("lifecycle", "type")
def needs_a_plan(asset: Sheet, context: Context) -> bool:
    """A store whose content is nowhere else: a cache holds copies."""
    return keeps_data(asset, context) and asset.get("type") != "cache"


@looks_at("criticality", "lifecycle")
def may_be_vital(asset: Sheet, context: Context) -> bool:
    """In use, and of high or critical criticality, or of one that nobody said."""
    return asset.get("criticality") in (None, *VITAL) and is_there(asset, context)


@looks_at("criticality", "lifecycle", "type")
def may_be_vital_store(asset: Sheet, context: Context) -> bool:
    """A store in use that is not known to be of little importance."""
    return may_be_vital(asset, context) and asset.get("type") in context.types["stores"]


@looks_at("criticality", "lifecycle", "type")
def may_be_vital_original(asset: Sheet, context: Context) -> bool:
    """A store whose content is nowhere else, not known to be of little importance."""
    return may_be_vital(asset, context) and needs_a_plan(asset, context)


def has_plans(asset: Sheet, context: Context) -> bool:
    """A store whose content is nowhere else, with at least one backup plan."""
    return needs_a_plan(asset, context) and bool(asset.keys("backup.plans[]"))


@looks_at("lifecycle", "type")
def runs_here(asset: Sheet, context: Context) -> bool:
    """A store or a component in use that we run ourselves: not a library, not somebody else's service."""
    kinds = context.types
    return is_there(asset, context) and asset.get("type") in (kinds["stores"] | kinds["components"]) - {"library"}


@looks_at("criticality", "lifecycle", "type")
def runs_here_and_may_be_vital(asset: Sheet, context: Context) -> bool:
    """One that we run ourselves and whose loss may stop something."""
    return may_be_vital(asset, context) and runs_here(asset, context)


@looks_at("lifecycle", "type")
def is_of_others(asset: Sheet, context: Context) -> bool:
    """A service in use that somebody else runs."""
    return is_there(asset, context) and asset.get("type") in context.types["externals"]


@looks_at("lifecycle")
def is_deprecated(asset: Sheet, context: Context) -> bool:
    """It is on its way out."""
    return bool(asset.get("lifecycle") == "deprecated")


@looks_at("status")
def is_over(incident: Sheet, context: Context) -> bool:
    """An incident of which nothing goes on any more."""
    return incident.get("status") in ("resolved", "closed")


@looks_at("classification", "lifecycle", "type")
def may_carry_shielded_data(asset: Sheet, context: Context) -> bool:
    """Reached over a network, and not known to hold only public or internal data."""
    if asset.get("type") in _WITHOUT_A_WIRE or not is_there(asset, context):
        return False
    return asset.get("classification") in (None, *SHIELDED)


@only_on("postgresql")
def is_postgresql(asset: Sheet, context: Context) -> bool:
    """A PostgreSQL server in use, declared or seen to be one."""
    return asset.get("engine") == "postgresql" and is_there(asset, context)


@lru_cache(maxsize=32)
def since(first: str) -> Condition:
    """A PostgreSQL server of this version or newer, or of one that is not known; the same function each time."""

    @only_on("postgresql")
    def is_recent(asset: Sheet, context: Context) -> bool:
        return is_postgresql(asset, context) and version.compare(str(asset.get("version", "")), first) in (None, 0, 1)

    return is_recent


@only_on("postgresql")
def keeps_a_log(asset: Sheet, context: Context) -> bool:
    """A PostgreSQL server with a backup plan that keeps its write-ahead log."""
    return is_postgresql(asset, context) and any(
        asset.get(f"backup.plans[{encode_key(key)}].kind") == "log" for key in asset.keys("backup.plans[]")
    )


@only_on("postgresql")
def has_replicas(asset: Sheet, context: Context) -> bool:
    """A PostgreSQL server whose record names members that follow it."""
    return is_postgresql(asset, context) and bool(replicas(asset))


def replicas(asset: Sheet) -> list[str]:
    """The members of a cluster that follow the primary, by name."""
    roles = {key: str(asset.get(f"members[{encode_key(key)}].role", "")).lower() for key in asset.keys("members[]")}
    return [key for key, role in roles.items() if any(word in role for word in _FOLLOWERS)]


@only_on("sqlite")
def is_sqlite(asset: Sheet, context: Context) -> bool:
    """An SQLite file in use, declared or seen to be one."""
    return asset.get("engine") == "sqlite" and is_there(asset, context)
