"""When a question makes sense: the conditions that several rules share, so that each is worked out once for a sheet."""

from __future__ import annotations

from stocktake.model.rule import Context
from stocktake.model.sheet import Sheet

VITAL = frozenset({"critical", "high"})
SHIELDED = frozenset({"confidential", "restricted"})

# These hold copies of what is kept elsewhere.
_COPIES = frozenset({"backup-repository"})
# These are opened as files on the machine itself, or never run on their own.
_WITHOUT_A_WIRE = frozenset({"embedded-db", "library", "spreadsheet"})


def is_there(asset: Sheet, context: Context) -> bool:
    """It exists today: neither only planned nor retired."""
    return asset.get("lifecycle", "") not in ("proposed", "retired")


def is_kept(asset: Sheet, context: Context) -> bool:
    """Somebody has to look after it: anything but retired."""
    return bool(asset.get("lifecycle") != "retired")


def keeps_data(asset: Sheet, context: Context) -> bool:
    """A store in use that does not itself hold backups."""
    return is_there(asset, context) and asset.get("type") in context.types["stores"] - _COPIES


def is_vital(asset: Sheet, context: Context) -> bool:
    """Of high or critical criticality, and in use."""
    return asset.get("criticality") in VITAL and is_there(asset, context)


def is_vital_store(asset: Sheet, context: Context) -> bool:
    """A store of high or critical criticality, in use."""
    return is_vital(asset, context) and asset.get("type") in context.types["stores"]


def runs_here(asset: Sheet, context: Context) -> bool:
    """A store or a component in use that we run ourselves: not a library, not somebody else's service."""
    kinds = context.types
    return is_there(asset, context) and asset.get("type") in (kinds["stores"] | kinds["components"]) - {"library"}


def runs_here_and_is_vital(asset: Sheet, context: Context) -> bool:
    """One that we run ourselves and whose loss stops something."""
    return is_vital(asset, context) and runs_here(asset, context)


def may_carry_shielded_data(asset: Sheet, context: Context) -> bool:
    """Reached over a network, and not known to hold only public or internal data."""
    if asset.get("type") in _WITHOUT_A_WIRE or not is_there(asset, context):
        return False
    return asset.get("classification") in (None, *SHIELDED)
