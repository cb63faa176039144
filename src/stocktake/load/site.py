"""What mkdocs.yml says of the site: only its address, since the rest of that file is the site builder's own."""

from __future__ import annotations

import re

from stocktake.errors import InputError
from stocktake.load.files import Tree

# A line of its own at the left edge. The file may hold tags that only MkDocs understands, so it is not parsed as YAML.
_ADDRESS = re.compile(r"""^site_url:[ ]*["']?(https?://[^\s"'<>#?]+)["']?[ ]*(?:#.*)?$""", re.MULTILINE)


def site_url(tree: Tree) -> str:
    """Where the site will be, with a slash at its end; "" where nobody said."""
    try:
        text = tree.read("mkdocs.yml").decode("utf-8", "replace") if tree.has("mkdocs.yml") else ""
    except InputError:
        return ""
    found = _ADDRESS.search(text)
    return f"{found[1].rstrip('/')}/" if found else ""
