"""Take pictures of one page of each kind of a built site: `python tests/shots.py SITE PICTURES [PAGE...]`."""

import os
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


class Handler(SimpleHTTPRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *args: object) -> None:
        """Requests are not news."""


def pages(site: Path) -> Iterator[str]:
    """The pages at the top, and of each folder its index and its first page."""
    yield from sorted(path.name for path in site.glob("*.html"))
    for folder in sorted(path for path in site.iterdir() if path.is_dir()):
        found = sorted(folder.rglob("*.html"), key=lambda path: (path.name != "index.html", path))
        yield from (path.relative_to(site).as_posix() for path in found[:2])


def main(site: Path, pictures: Path, wanted: list[str]) -> None:
    """Whole pages, in every size and colour scheme, named after page, size and scheme."""
    pictures.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                for address in wanted or pages(site):
                    page.goto(f"http://127.0.0.1:{server.server_address[1]}/{address}")
                    name = address.removesuffix(".html").replace("/", "-")
                    page.screenshot(
                        path=pictures / f"{name}.{size}.{scheme}.png", full_page=True, animations="disabled"
                    )
                page.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
