"""Sites of the audits in `render_estate`, built by the real builders."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from stocktake.model.audit import Audit
from stocktake.model.trend import Figures, Point, Trend
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.pictures import pictures
from stocktake.render.site import files, opened, parts

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}

# A past without anything to count at first, then one that fell and rose.
TREND = Trend(
    (
        Point("2026-09-01", 1_788_256_800, "a" * 40, Figures()),
        Point("2026-10-01", 1_790_848_800, "b" * 40, Figures(1, 4, 9, 2, 0, 1, 80, 40, 6, 0, 3, 0, 20, 2)),
        Point("2026-11-24", 1_795_521_600, "", Figures(0, 2, 11, 5, 1, 0, 90, 81, 7, 5, 3, 1, 22)),
    ),
    9,
    "This is a shallow clone.",
)


def site(*arguments: Any, **named: Any) -> Iterator[tuple[str, bytes]]:
    """Everything that the site builder needs beside the hand-written pages, part by part in one process."""
    view = opened(*arguments, **named)
    for part in parts(view):
        yield from files(view, part)


def write(folder: Path, audit: Audit, drawn: bool = True) -> Path:
    """The pages of a site, with our own mkdocs.yml and hand-written pages beside them."""
    found = pictures(audit)[0] if drawn else {}
    for path, content in site(audit, found, coverage=coverage(audit), trend=TREND):
        target = folder / "build" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    records = shutil.ignore_patterns("runbooks")
    shutil.copytree(ROOT / "docs", folder / "build" / "docs", ignore=records, dirs_exist_ok=True)
    return folder


def built(folder: Path) -> Path:
    """The site as MkDocs makes it; a warning is an error."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return folder / "build" / "site"


def built_by_zensical(folder: Path) -> Path:
    """The site as Zensical makes it."""
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--clean"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return folder / "build" / "site"


class Page(HTMLParser):
    """What a page holds: `ids`, `links`, `scripts` (inline text), `handlers`, and its visible `words`."""

    def __init__(self, path: Path):
        super().__init__(convert_charrefs=True)
        self.path = path
        self.ids: set[str] = set()
        self.repeated: set[str] = set()
        self.links: list[str] = []
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._inside = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag
        for name, value in attrs:
            if name == "id":
                (self.repeated if value in self.ids else self.ids).add(value or "")
            if name in ("href", "src", "xlink:href", "action", "formaction", "srcset"):
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside in ("script", "style") else self.words).append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    @property
    def text(self) -> str:
        """All that a reader sees."""
        return "".join(self.words)


def pages(folder: Path) -> Iterator[Page]:
    """All pages of a built site, sorted."""
    for path in sorted(folder.rglob("*.html")):
        yield Page(path)
