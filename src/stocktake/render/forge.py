"""Where the forge shows a file of the repository, lets it be edited, lists its changes and gives it raw."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

SHOWN, EDIT, CHANGES, RAW = "shown", "edit", "changes", "raw"

_FORGES: Mapping[str, Mapping[str, str]] = {
    "gitea": {CHANGES: "commits/branch", EDIT: "_edit", RAW: "raw/branch", SHOWN: "src/branch"},
    "github": {CHANGES: "commits", EDIT: "edit", RAW: "raw", SHOWN: "blob"},
    "gitlab": {CHANGES: "-/commits", EDIT: "-/edit", RAW: "-/raw", SHOWN: "-/blob"},
}
# Part of the host by which a forge is known; those without an entry above have addresses of another form.
_HOSTS: Mapping[str, str] = {
    "azure": "azure",
    "bitbucket": "bitbucket",
    "codeberg": "gitea",
    "forgejo": "gitea",
    "gitea": "gitea",
    "gitlab": "gitlab",
    "visualstudio": "azure",
}


def address(repository: str, forge: str, branch: str, what: str, path: str) -> str:
    """The address of one of the four for a file; "" where nobody said where the repository is or what keeps it.

    `forge` is the setting; without it the name of the host tells, and a host that tells nothing is taken for GitHub.
    """
    if not repository.startswith(("https://", "http://")):
        return ""
    host = urlsplit(repository).netloc.lower()
    known = forge or next((name for part, name in _HOSTS.items() if part in host), "github")
    way = _FORGES.get(known, {}).get(what)
    return f"{repository.rstrip('/')}/{way}/{quote(branch)}/{quote(path)}" if way else ""
