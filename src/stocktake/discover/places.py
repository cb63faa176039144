"""What the path of a file says about it."""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath

_ASIDE_FOLDERS_LISTED = (
    "__tests__ demo demos doc docs documentation e2e example examples fixture fixtures integration-tests sample "
    "samples spec specs "
    "test testdata testing tests .agents .circleci .claude .devcontainer .github .gitlab .vscode"
)
_PIPELINES = frozenset((".circleci", ".github", ".gitlab"))
_ASIDE_FOLDERS = frozenset(_ASIDE_FOLDERS_LISTED.split())
_ASIDE_NAME = re.compile(r"(^|[._-])(tests?|testing|ci|e2e|example-data|integration)([._-]|$)", re.IGNORECASE)
_SAMPLE = re.compile(r"(^|[._-])(sample|example|template|tmpl|tpl|dist|defaults?)([._-]|$)", re.IGNORECASE)


def is_aside(path: str) -> bool:
    """Tests, examples and documentation: what they name is not what runs, only their secrets are looked for."""
    *folders, name = path.lower().split("/")
    return any(folder in _ASIDE_FOLDERS for folder in folders) or bool(_ASIDE_NAME.search(name))


def is_aside_pipeline(path: str) -> bool:
    """The same of a pipeline, which lies in a folder that is no part of what runs, and whose name often says `ci`."""
    folders = [name for name in path.lower().split("/")[:-1] if name not in _PIPELINES]
    return not _ASIDE_FOLDERS.isdisjoint(folders)


def is_sample(path: str) -> bool:
    """A file to be copied and filled in: its hosts and keys are nobody's real ones."""
    return bool(_SAMPLE.search(basename(path)))


def folder(path: str) -> str:
    """The folder of a path, empty for the root."""
    return dirname(path)


def resolve(base: str, path: str) -> str | None:
    """A path written in the folder `base`, seen from the root; None where it leaves the tree or is absolute."""
    if path.startswith(("/", "~", "$")) or "://" in path:
        return None
    found = normpath(join(base, path))
    if found == ".." or found.startswith("../"):
        return None
    return "" if found == "." else found


def is_below(path: str, above: str) -> bool:
    """Whether a path lies in a folder; everything lies in the root."""
    return not above or path == above or path.startswith(above + "/")
