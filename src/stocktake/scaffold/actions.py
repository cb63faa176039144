"""The actions that our workflows use, by commit, so that nobody can change what runs there.

Each pair of commit and tag was taken from a public file that names both; `SOURCES` says which. Dependabot moves the
pins of a repository on from here.
"""

from collections.abc import Mapping

_ZIZMOR = "https://github.com/zizmorcore/zizmor/blob/002690a040675f062eefd532f9112f352cf44ff0/.github/workflows"

ACTIONS: Mapping[str, str] = {
    "actions/checkout": "actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0",
    "actions/deploy-pages": "actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0",
    "actions/setup-python": "actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0",
    "actions/upload-pages-artifact": "actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0",
}

SOURCES: Mapping[str, str] = {
    "actions/checkout": f"{_ZIZMOR}/site.yml",
    "actions/deploy-pages": f"{_ZIZMOR}/site.yml",
    "actions/setup-python": "https://github.com/cisco-en-programmability/catalystwan-sdk/pull/209",
    "actions/upload-pages-artifact": f"{_ZIZMOR}/site.yml",
}
