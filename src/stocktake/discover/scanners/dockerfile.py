"""Dockerfiles: which image the result comes from and what it starts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from posixpath import basename

from stocktake.discover.claims import Claims, Recipe, Setting
from stocktake.discover.interpolate import interpolate
from stocktake.discover.page import Page

_NAME = re.compile(r"^(dockerfile|containerfile)([._-].*)?$|\.dockerfile$", re.IGNORECASE)
_FROM = re.compile(r"^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$", re.IGNORECASE)
_PAIR = re.compile(r"""([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)""")


def wants(path: str) -> bool:
    """`Dockerfile`, `Containerfile`, with an ending or as one."""
    return bool(_NAME.search(basename(path))) and not path.endswith((".dockerignore", ".md"))


def scan(path: str, text: str) -> Claims:
    """The recipe; nothing where no image is named."""
    page = Page(path, text)
    stages: dict[str, str] = {}
    arguments: dict[str, str] = {}
    settings: list[Setting] = []
    ports: list[int] = []
    last, command, line_of_last = "", "", 0
    for line, word, rest in _instructions(page.lines):
        if word == "FROM" and (match := _FROM.match(f"FROM {rest}")):
            image = interpolate(match[1], arguments)
            last = (match[2] or f"stage {len(stages)}").lower()
            stages[last] = stages.get(image.lower(), image)
            line_of_last, command = line, ""
        elif word == "ARG":
            key, _, value = rest.partition("=")
            arguments[key.strip()] = value.strip().strip("\"'")
            settings.extend([page.setting(key.strip(), arguments[key.strip()], line)] if value else [])
        elif word == "ENV":
            settings.extend(page.setting(key, value, line) for key, value in _environment(rest))
        elif word == "EXPOSE":
            ports.extend(int(port) for port in re.findall(r"(?<!\S)\d{2,5}(?=$|[\s/])", rest))
        elif word in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"):
            [(started, _)] = page.command([(_command(rest), line)], (word,))
            started = page.setting("", started, line, (word,)).value
            command = f"{command} {started}".strip() if word in ("CMD", "ENTRYPOINT") else command
    if not last:
        return Claims(secrets=page.secrets)
    recipe = Recipe(path, stages, stages[last], command, tuple(settings), page.evidence(line_of_last), tuple(ports))
    return Claims(recipes=(recipe,), secrets=page.secrets)


def _instructions(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """(line, instruction, rest), with continued lines joined."""
    start, parts = 0, list[str]()
    for number, line in enumerate(lines, 1):
        if not parts and (not line.strip() or line.lstrip().startswith("#")):
            continue
        start = start if parts else number
        stripped = line.rstrip()
        parts.append(stripped.removesuffix("\\"))
        if not stripped.endswith("\\"):
            word, _, rest = " ".join(parts).strip().partition(" ")
            yield start, word.upper(), rest.strip()
            parts = []


def _environment(rest: str) -> Iterator[tuple[str, str]]:
    pairs = _PAIR.findall(rest)
    if pairs:
        yield from ((key, value.strip("\"'")) for key, value in pairs)
    else:
        key, _, value = rest.partition(" ")
        yield key, value.strip()


def _command(rest: str) -> str:
    if rest.startswith("["):
        try:
            return " ".join(str(word) for word in json.loads(rest))
        except ValueError:
            return rest
    return rest
