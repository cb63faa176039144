"""Pages of the finished site as PDF, printed by a browser that is installed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import quote

from stocktake.errors import FailedProgramError, MissingProgramError, UsageError
from stocktake.load.files import Tree
from stocktake.load.site import site_url
from stocktake.render.printed import printed
from stocktake.run import WHAT_TO_INSTALL, is_there, run
from stocktake.write import kept_for_a_moment, write

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# It asks nobody for anything, whatever stands on the page, and shares nothing with a browser that runs already.
_QUIET = (
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-first-run",
    "--generate-pdf-document-outline",
    "--no-pdf-header-footer",
)
_PAGE_AT_MOST, _PAPER_AT_MOST = 64_000_000, 256_000_000
_SECONDS = 180
_NODE = re.compile(rb"\(node(\d{8})\)")
_DAY = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^)]*\)")


def browser(environment: Mapping[str, str]) -> str:
    """The browser that prints: the one that CHROMIUM names, else the first that is installed.

    Raises MissingProgramError where there is none.
    """
    named = environment.get("CHROMIUM")
    found = next(filter(is_there, (named,) if named else _BROWSERS), None)
    if found is None:
        raise MissingProgramError(named or "chromium", WHAT_TO_INSTALL["chromium"])
    return found


def papers(tree: Tree, site: str, wanted: Iterable[str], program: str) -> list[str]:
    """Print pages of the site below `site`, named as addresses of records or as paths, into build/pdf; the paths.

    Raises UsageError for a page that the site has not, FailedProgramError where the browser prints nothing.
    """
    built, address = Tree(site), site_url(tree)
    names = [_page(built, name) for name in dict.fromkeys(wanted)]
    found = []
    for name in names:
        path = f"build/pdf/{name.removesuffix('.html')}.pdf"
        html = built.read(name, _PAGE_AT_MOST).decode("utf-8", "replace")
        place = f"file://{quote(os.path.abspath(os.path.join(site, name)))}"
        ready = printed(html, place, f"{address}{name}" if address else "")
        write(os.path.join(tree.root, path), _print(program, ready), durable=False)
        found.append(path)
    return found


def _page(site: Tree, wanted: str) -> str:
    """The file of a page, whichever way it is named."""
    plain = re.sub(r"\.(?:html|md)$", "", wanted.strip("/"))
    for name in (f"{plain}.html", f"{plain}/index.html"):
        if ".." not in name.split("/") and site.has(name) and not site.has_folder(name):
            return name
    near = get_close_matches(plain, [page.removesuffix(".html") for page in _pages(site)], n=1)
    hint = f"Did you mean {near[0]}?" if near else "Name it as its address ends, such as report or asset/orders-db."
    raise UsageError(f"the site has no page {wanted!r}", hint)


def _pages(site: Tree) -> Sequence[str]:
    return [path for path, flaw in site.walk("") if path.endswith(".html") and not flaw]


def _print(program: str, page: str) -> bytes:
    with kept_for_a_moment([("page.html", page.encode("utf-8", "replace"))]) as folder:
        sandbox = () if os.geteuid() else ("--no-sandbox",)  # as root it starts no other way
        own = (
            f"--user-data-dir={folder}/browser",
            f"--print-to-pdf={folder}/page.pdf",
            f"file://{quote(folder)}/page.html",
        )
        run([program, *_QUIET, *sandbox, *own], timeout=_SECONDS)
        made = Tree(folder)
        if not made.has("page.pdf"):
            raise FailedProgramError(program, "printed nothing")
        content = made.read("page.pdf", _PAPER_AT_MOST)
    # Of the same length, so that every place in the file stays where it is: the page itself says as of when it is.
    return numbered(_DAY.sub(lambda found: b" " * len(found[0]), content))


def numbered(content: bytes) -> bytes:
    """Nodes of the outline numbered from one: a busy browser counts others in between. Their order stays."""
    ranks = {number: rank for rank, number in enumerate(sorted(set(_NODE.findall(content))), 1)}
    return _NODE.sub(lambda found: b"(node%08d)" % ranks[found[1]], content)
