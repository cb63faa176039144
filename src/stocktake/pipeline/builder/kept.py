"""What was made of each page at the last build, and what all pages depend on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import jinja2
import markdown
import material
import mkdocs
import pygments
import pymdownx

from stocktake.errors import InputError
from stocktake.load.files import Tree
from stocktake.write import write

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

_KEPT_AT_MOST = 500_000_000
_PAGE_AT_MOST = 64_000_000

# What depends on the text of a page and on nothing else.
_EXTENSIONS = frozenset(
    {
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "fenced_code",
        "footnotes",
        "pymdownx.details",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "pymdownx.tasklist",
        "sane_lists",
        "tables",
        "toc",
    }
)
_SEARCH = "material/search"
# What a template could show of more than its own page.
_OF_OTHERS = re.compile(rb"\b(?:pages|build_date_utc|update_date)\b")
_CODE = (jinja2, markdown, material, mkdocs, pygments, pymdownx)


class Kept(NamedTuple):
    """What one page gave: what it was made of, what stood around it, what came out, and its search entries."""

    key: str
    around: str
    html: str
    entries: list[dict[str, Any]]


class Memory:
    """The pages of the last build, of which the HTML lies in `site`, and those of this one."""

    __slots__ = ("_before", "_file", "_now", "_site", "_tree")

    def __init__(self, root: str, site: str) -> None:
        self._tree = Tree(root)
        self._site = site
        self._file = memory(site)
        self._before = _read(self._tree, self._file)
        self._now: dict[str, Kept] = {}

    def page(self, path: str, key: str) -> Kept | None:
        """What this page gave, if it was made of the same."""
        found = self._before.get(path)
        return found if found and found.key == key else None

    def html(self, path: str, kept: Kept) -> str | None:
        """The page as it was made, if it lies there as it was."""
        try:
            text = self._tree.read(f"{self._site}/{path}", _PAGE_AT_MOST).decode()
        except (InputError, UnicodeDecodeError):
            return None
        return text if digest(text) == kept.html else None

    def keep(self, path: str, kept: Kept) -> None:
        """Remember a page for the next build."""
        self._now[path] = kept

    def save(self) -> None:
        """Write all of it down; what is no page any more is forgotten."""
        write(os.path.join(self._tree.root, self._file), json.dumps(self._now).encode(), durable=False)


def memory(site: str) -> str:
    """The file that remembers the pages of a site: each has its own."""
    return "build/pages.json" if site == "build/site" else f"{site}.json"


def digest(text: str) -> str:
    """A text as a short name of its own."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def common(config: MkDocsConfig) -> str | None:
    """What every page depends on, as a digest; None where the site depends on more than can be known here."""
    folder = config.theme.custom_dir
    if not _is_known(config):
        return None
    parts = [
        json.dumps(config.user_configs, sort_keys=True, default=_named),
        *(f"{module.__name__} {module.__version__}" for module in _CODE[:-1]),
        str(pymdownx.__meta__.__version__),
    ]
    if folder:
        tree = Tree(folder)
        if any(name.startswith(".") for name in tree.names("")):
            return None
        for path, flaw in tree.walk(""):
            content = b"" if flaw else tree.read(path)
            if flaw or _OF_OTHERS.search(content):
                return None
            parts.append(f"{path} {blake2b(content, digest_size=16).hexdigest()}")
    return digest("\n".join(parts))


def _is_known(config: MkDocsConfig) -> bool:
    """Whether everything that has a say in the pages is something of which we know what it depends on."""
    plain = config.theme.name == "material" and not config.hooks and {*config["markdown_extensions"]} <= _EXTENSIONS
    return plain and {*config.plugins} == {_SEARCH} and bool(config.plugins[_SEARCH].config.enabled)


def _named(value: object) -> str:
    """A function that mkdocs.yml names, by its name: how it prints changes at every run."""
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"


def _read(tree: Tree, file: str) -> Mapping[str, Kept]:
    try:
        found = json.loads(tree.read(file, _KEPT_AT_MOST)) if tree.has(file) else {}
        return {path: Kept(*parts) for path, parts in found.items()}
    except (InputError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
