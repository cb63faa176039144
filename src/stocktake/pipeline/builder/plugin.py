"""A plugin for MkDocs: what was made of a page is kept, and made again only when something changes that it depends on.

The site is the same without it, byte for byte. Pages of our own form are ours; everything else is left to MkDocs.
"""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import BasePlugin
from mkdocs.structure.toc import get_toc
from mkdocs.utils import meta

from stocktake.pipeline.builder.convert import html, leads_nowhere
from stocktake.pipeline.builder.index import sections
from stocktake.pipeline.builder.kept import Kept, Memory, digest

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_OURS = '---\ntitle: "'
_FOR_SEARCH = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")


class _Made:
    """What is known of one page while the site is built."""

    __slots__ = ("entries", "kept", "key")

    def __init__(self, key: str, kept: Kept | None) -> None:
        self.key = key
        self.kept = kept
        self.entries: list[dict[str, Any]] = kept.entries if kept else []


class MemoryPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """`common` is what all pages depend on."""

    def __init__(self, memory: Memory, common: str) -> None:
        super().__init__()
        self._memory = memory
        self._common = common
        self._made: dict[str, _Made] = {}
        self._around = ""

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Take the search index over, which makes its entries from the HTML of each page."""
        self._nav = nav
        search: Any = config.plugins["material/search"]
        index = search.search_index
        index.add_entry_from_context = partial(self._index, index, index.add_entry_from_context, config)

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> None:
        """Read and convert the page ourselves, where it is one of ours."""
        source = page.file.content_string
        if not source.startswith(_OURS) or not leads_nowhere(source) or page.file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            return
        path = page.file.dest_uri
        key = digest("\n".join((self._common, page.file.src_uri, path, source)))
        self._made[path] = _Made(key, self._memory.page(path, key))
        page.read_source = partial(_read, page, source)  # type: ignore[method-assign]
        page.render = partial(_wait, page)  # type: ignore[method-assign]

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """Now all titles are known, and so is what stands around every page."""
        self._around = digest(repr([_told(item) for item in self._nav]))
        return _Environment(env, self)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep what was made for the next build."""
        self._memory.save()

    def page(self, template: Any, context: Any) -> str:
        """The HTML file of a page: as it was, if nothing changed that it shows, else from the template."""
        page = context.get("page")
        made = self._made.get(page.file.dest_uri) if page else None
        if page is None or made is None:
            return str(template.render(context))
        path = page.file.dest_uri
        if made.kept and made.kept.around == self._around and (before := self._memory.html(path, made.kept)):
            self._memory.keep(path, made.kept)
            return before
        if made.kept:
            _convert(page, context["config"])
            page.content = _FOR_SEARCH.sub("", page.content or "")
        now = str(template.render(context))
        page.content, page.toc = "", get_toc([])  # so that the pages of a large site are never in memory all at once
        self._memory.keep(path, Kept(made.key, self._around, digest(now), made.entries))
        return now

    def _index(self, index: Any, otherwise: Any, config: MkDocsConfig, page: Page) -> None:
        made = self._made.get(page.file.dest_uri)
        if made is None:
            otherwise(page)
        elif made.kept:
            index.entries += made.entries
        else:
            _convert(page, config)
            before = len(index.entries)
            _add(index, otherwise, page)
            made.entries = index.entries[before:]


class _Environment:
    """Templates, of which those of pages may be spared."""

    def __init__(self, env: Any, plugin: MemoryPlugin) -> None:
        self._env = env
        self._plugin = plugin

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_template(self, name: str) -> _Template:
        return _Template(self._env.get_template(name), self._plugin)


class _Template:
    def __init__(self, template: Any, plugin: MemoryPlugin) -> None:
        self._template = template
        self._plugin = plugin

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, context: Any) -> str:
        return self._plugin.page(self._template, context)


class _Anchors(HTMLParser):
    """The places of a page that links may lead to, looked for when somebody asks."""

    def __init__(self, page: Page, config: MkDocsConfig) -> None:
        super().__init__()
        self._make = partial(_html, page, config)
        self._found: set[str | None] = set()
        self._is_read = False

    def __contains__(self, anchor: str) -> bool:
        if not self._is_read:
            self._is_read = True
            self.feed(self._make()[0])
        return anchor in self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._found |= {value for name, value in attrs if name == "id" or (name == "name" and tag == "a")}


def _read(page: Page, source: str, config: MkDocsConfig) -> None:
    """Only what stands at the top of the page: it holds the title, which other pages may show."""
    _, page.meta = meta.get_data(source)
    page.markdown = ""


def _wait(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Leave the HTML for later: most pages do not need it."""
    page.content, page.toc = "", get_toc([])
    page.present_anchor_ids = _Anchors(page, config)  # type: ignore[assignment]
    page.links_to_anchors = {}


def _convert(page: Page, config: MkDocsConfig) -> None:
    page.content, titles = _html(page, config)
    page.toc = get_toc(titles)


def _html(page: Page, config: MkDocsConfig) -> tuple[str, list[Any]]:
    text, _ = meta.get_data(page.file.content_string)
    return html(text, config["markdown_extensions"], config["mdx_configs"] or {})


def _add(index: Any, otherwise: Any, page: Page) -> None:
    """What the theme does, with sections found faster."""
    if (page.meta.get("search") or {}).get("exclude"):
        return
    found = sections(page.content or "")
    if found is None:
        otherwise(page)
        return
    for section in found:
        if not section.is_excluded():
            index.create_entry_for_section(section, page.toc, page.url, page)


def _told(item: Any) -> tuple[Any, ...]:
    """All that a template may show of an entry of the navigation."""
    inside = [_told(child) for child in item.children or ()]
    return type(item).__name__, item.title, getattr(item, "url", ""), getattr(item, "meta", {}), inside
