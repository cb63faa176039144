"""What somebody has to vouch for when an asset is retired, since no machine can see it."""

from __future__ import annotations

from collections.abc import Mapping

# The facts of `retirement`, in the order in which the work is done.
VOUCHED = (
    "last_backup",
    "access_revoked",
    "secrets_withdrawn",
    "data_erased",
    "names_released",
    "monitoring_removed",
)
# These hold copies of what is kept elsewhere.
_COPIES = frozenset({"backup-repository", "cache"})


def vouched(asset_type: str, groups: Mapping[str, frozenset[str]], has_plans: bool) -> tuple[str, ...]:
    """The facts that make sense for a type of asset; `groups` are types by group, and `has_plans` says whether it was
    backed up.
    """
    if asset_type == "library":
        return ()
    if asset_type in groups["externals"]:
        skipped = {"last_backup", "names_released"}
    elif asset_type in groups["components"]:
        skipped = {"last_backup", "data_erased"}
    else:
        skipped = {"last_backup"} if asset_type in _COPIES and not has_plans else set()
    return tuple(name for name in VOUCHED if name not in skipped)
