"""Fill the templates: a placeholder is `<<words>>`, and its value is escaped for the language of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stocktake.errors import UsageError
from stocktake.scaffold.actions import ACTIONS
from stocktake.scaffold.spec import with_extras

HOSTS = ("github", "gitlab")
# What judges a pull request, and so needs somebody else's eyes.
_JUDGES = (
    *("/stocktake.yaml", "/schemas/", "/rules/", "/.stocktake/", "/observed/"),
    *("/scripts/", "/tests/", "/pyproject.toml", "/.pre-commit-config.yaml"),
)
_ON_HOST = {"github": ("/.github/",), "gitlab": ("/.gitlab/", "/.gitlab-ci.yml")}
_PLACEHOLDER = re.compile(r"<<([a-z][a-z /-]*)>>")
_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_ID = re.compile(r"[a-z][a-z0-9-]*")
_NO_TEXT = frozenset({"false", "n", "no", "null", "off", "on", "true", "y", "yes"})
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|&~-])")


class Wishes(NamedTuple):
    """What differs between one new repository and another; `spec` is a requirement without extras.

    `source` names the trees that were looked at, one a line, and `path` where each lies in the repository, if it does;
    `host` is where it is kept, and `owner` how the host knows who reviews what judges the others.
    """

    name: str
    spec: str
    today: str
    source: str = ""
    path: str = ""
    host: str = "github"
    owner: str = ""


def render(templates: Iterable[tuple[str, str]], wishes: Wishes) -> Iterator[tuple[str, bytes, bool]]:
    """Every file of a new repository as (path, content, executable).

    Raises UsageError for a template that asks for what this version does not know.
    """
    for path, text in templates:
        if _is_wanted(path, wishes.host):
            values = _values(wishes, path.endswith(".md"))
            yield path, _filled(path, text, values).encode(), path.startswith("scripts/")


def _is_wanted(path: str, host: str) -> bool:
    """Whether a file is for every host, or for this one: its name begins with that of the host."""
    return not any(path.startswith(f".{other}") for other in HOSTS if other != host)


def _filled(path: str, text: str, values: Mapping[str, str]) -> str:
    try:
        return _PLACEHOLDER.sub(lambda match: values[match[1]], text)
    except KeyError as error:
        hint = "It is of a newer Stocktake: install that one."
        raise UsageError(f"The template of {path} asks for {error.args[0]!r}", hint) from None


def _values(wishes: Wishes, in_markdown: bool) -> Mapping[str, str]:
    return {
        **ACTIONS,
        "code owners": _code_owners(wishes),
        "handle": f"handle: {_quoted(wishes.owner)}\n" if wishes.owner else "",
        "name": _MARKDOWN.sub(r"\\\1", wishes.name) if in_markdown else _scalar(wishes.name),
        "sources": _sources(wishes),
        "spec": _quoted(wishes.spec),
        "spec with extras": _quoted(with_extras(wishes.spec)),
        "today": wishes.today,
    }


def _code_owners(wishes: Wishes) -> str:
    """The lines on who reviews what judges a pull request; comments where nobody was named."""
    who, mark = (wishes.owner, "") if wishes.owner else ("@your-organisation/maintainers", "# ")
    return "\n".join(f"{mark}{path} {who}" for path in (*_JUDGES, *_ON_HOST[wishes.host]))


def _sources(wishes: Wishes) -> str:
    """The lines that name what was looked at; none where nothing was."""
    if not wishes.source:
        return ""
    names = wishes.source.split("\n")
    paths = [*wishes.path.split("\n"), *[""] * len(names)]
    return "".join(("sources:\n", *(_source(*one) for one in zip(names, paths, strict=False))))


def _source(name: str, path: str) -> str:
    place = f"{{path: {_quoted(path)}}}" if path else "{}"
    hint = "" if path else f"  # it lies elsewhere: stocktake discover {name}=PATH"
    return f"  {name if _ID.fullmatch(name) and name not in _NO_TEXT else _quoted(name)}: {place}{hint}\n"


def _scalar(value: str) -> str:
    """A value of YAML: as it is where nobody can read it as anything but text."""
    return value if _PLAIN.fullmatch(value) and value.lower() not in _NO_TEXT else _quoted(value)


def _quoted(value: str) -> str:
    """A string of JSON is one of YAML and of TOML too."""
    return json.dumps(value, ensure_ascii=False)
