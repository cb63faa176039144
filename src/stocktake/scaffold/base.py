"""What the scaffold last wrote into a repository: `.stocktake/scaffold.json`, from which `upgrade` merges.

The texts themselves are kept, a line a line, since nobody can render them again without the version that did. Of a
copy of a schema only the digest is kept: it is replaced and never merged.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem

FILE = ".stocktake/scaffold.json"
_HINT = "Take it back from Git: only `init` and `upgrade` write it."
_PATH = re.compile(r"(?!/)(?!(?:.*/)?\.{1,2}(?:/|\Z))(?!(?:.*/)?\.git/)[^\\\0]+\Z")
_RULE = re.compile(r"[A-Z]{2,3}[0-9]{3}\Z")
_SHA = re.compile(r"[0-9a-f]{64}\Z")


class Kept(NamedTuple):
    """A file as the scaffold wrote it; `text` is None where only its digest is kept."""

    digest: str
    executable: bool = False
    text: str | None = None


class Base(NamedTuple):
    """`version` of the Stocktake that wrote it, the answers it was rendered with, the rules that it knew, its files."""

    version: str
    answers: Mapping[str, str]
    rules: frozenset[str]
    files: Mapping[str, Kept]


def kept(text: str, executable: bool = False, whole: bool = True) -> Kept:
    """What is kept of a file."""
    return Kept(hashlib.sha256(text.encode()).hexdigest(), executable, text if whole else None)


def base_text(base: Base) -> str:
    """The record as the file holds it."""
    data = {
        "schema": 1,
        "stocktake": base.version,
        "answers": dict(sorted(base.answers.items())),
        "rules": sorted(base.rules),
        "files": {path: _written(one) for path, one in sorted(base.files.items())},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _written(one: Kept) -> dict[str, Any]:
    said: dict[str, Any] = {"executable": True} if one.executable else {}
    return said | ({"sha256": one.digest} if one.text is None else {"text": one.text.split("\n")})


def read_base(raw: bytes) -> Base:
    """The record from the content of the file.

    Raises InputError where it is not as `base_text` writes it.
    """
    try:
        data = json.loads(raw)
        json.dumps(data, ensure_ascii=False).encode()  # half of a character can be written in JSON, and nowhere else
    except (ValueError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        raise _refused("is not JSON", "", line, column) from None
    if not isinstance(data, dict) or data.get("schema") != 1:
        raise _refused("is not what this Stocktake can read", "schema")
    answers = data.get("answers")
    if not isinstance(answers, dict) or not all(isinstance(value, str) for value in answers.values()):
        raise _refused("is not a mapping of texts", "answers")
    version, rules, files = (data.get(name) for name in ("stocktake", "rules", "files"))
    if not isinstance(version, str) or not version:
        raise _refused("is not a version", "stocktake")
    if not isinstance(rules, list) or not all(isinstance(one, str) and _RULE.match(one) for one in rules):
        raise _refused("is not a list of ids of rules", "rules")
    if not isinstance(files, dict):
        raise _refused("is not a mapping of files", "files")
    return Base(version, answers, frozenset(rules), {path: _read(path, one) for path, one in files.items()})


def _read(path: str, one: Any) -> Kept:
    if not _PATH.match(path):
        raise _refused(f"{path!r} is not a path in this repository", "files")
    if isinstance(one, dict):
        executable, lines, digest = one.get("executable") is True, one.get("text"), one.get("sha256")
        if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            return kept("\n".join(lines), executable)
        if isinstance(digest, str) and _SHA.match(digest):
            return Kept(digest, executable)
    raise _refused(f"{path!r} has neither a text nor a digest", "files")


def _refused(message: str, field: str = "", line: int = 0, column: int = 0) -> InputError:
    return InputError([Problem(FILE, line, column, field, message, _HINT)])
