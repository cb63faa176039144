"""The actions that our workflows use, by commit, so that nobody can change what runs there.

Each pair of commit and tag was read in a public place that names both. Dependabot moves the pins of a repository on
from here, and `upgrade` never moves one back.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Pin(NamedTuple):
    """An action, the tag and the commit that it had, and where the two were seen together."""

    action: str
    tag: str
    commit: str
    seen: str


_SITE = "https://github.com/zizmorcore/zizmor/blob/002690a040675f062eefd532f9112f352cf44ff0/.github/workflows/site.yml"

PINS: tuple[Pin, ...] = (
    Pin("actions/checkout", "v7.0.0", "9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0", _SITE),
    Pin("actions/deploy-pages", "v5.0.0", "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", _SITE),
    Pin(
        "actions/setup-python",
        "v6.3.0",
        "ece7cb06caefa5fff74198d8649806c4678c61a1",
        "https://github.com/cisco-en-programmability/catalystwan-sdk/pull/209",
    ),
    Pin(
        "actions/upload-artifact",
        "v7.0.1",
        "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
        "https://github.com/spiffe/spire/pull/7053",
    ),
    Pin("actions/upload-pages-artifact", "v5.0.0", "fc324d3547104276b827a68afc52ff2a11cc49c9", _SITE),
)

ACTIONS: Mapping[str, str] = {one.action: f"{one.action}@{one.commit} # {one.tag}" for one in PINS}
