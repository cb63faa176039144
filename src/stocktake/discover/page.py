"""One file while it is read: lines become evidence, keys and values become settings, and secrets are dropped here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

from stocktake.discover.claims import Setting
from stocktake.discover.commands import Word, words
from stocktake.model.observation import Evidence, ExposedSecret
from stocktake.values import secret

HIDDEN = "•••"
LONGEST = 4000
LONGEST_COMMAND = 20_000
LONGEST_NAME = 200
MOST_CHANGES = 4
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_CHANGE = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])")
_USER = re.compile(r"(?<=//)[^/\s\"'<>|]*@")
_PASSWORD = re.compile(
    r"((?:password|passwd|pwd|secret|token|accountkey|sharedaccesskey)\s*=\s*)[^;&\s\"']+", re.IGNORECASE
)
_PAIR = re.compile(r"""^\W*(?P<key>[\w.-]{1,200}?)["']?\s*(?:=|:(?!//))\s*["']?(?P<value>.*)""")
_IN_LIST = re.compile(r"(?:^|;)\s*([A-Za-z][\w .-]{0,60}?)\s*=\s*([^;]{1,1000})")
_DEFAULT = re.compile(r"^\$\{[\w.-]+(?::?-|:)(?P<value>[^${}?+-][^${}]*)\}$")
_FILLED_IN = re.compile(  # by the shell that runs a command, or by a cloud from where it keeps secrets
    r"\$\(.*|`.*|\$\$\{?[A-Z][A-Z0-9_]*\}?|@Microsoft\.KeyVault\(.*|\{\{resolve:.*", re.DOTALL
)
_PASSES_ON = re.compile(r"(^|\.)(proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$")  # of nginx


class Page:
    """A file's path and lines, and the secrets met so far; `origins` are the lines that it was made from."""

    __slots__ = ("_evidence", "_exposed", "_origins", "lines", "path")

    def __init__(self, path: str, text: str, origins: list[int] | None = None) -> None:
        self.path = path
        self._origins = origins
        self.lines = text.split("\n")
        self._exposed: dict[tuple[int, str, int], ExposedSecret] = {}
        self._evidence: dict[int, Evidence] = {}

    @property
    def secrets(self) -> tuple[ExposedSecret, ...]:
        """Where a secret stands in the open; several on one line are told apart by their names."""
        return tuple(sorted(set(self._exposed.values())))

    def evidence(self, line: int) -> Evidence:
        """A line as evidence; its digest is of the line without its secret."""
        if line not in self._evidence:
            text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
            shown = _without_secret(text.strip()[:LONGEST])
            shown_line = self._origins[line - 1] if self._origins and 0 < line <= len(self._origins) else line
            self._evidence[line] = Evidence(self.path, shown_line, blake2b(shown.encode(), digest_size=8).hexdigest())
        return self._evidence[line]

    def shown(self) -> str:
        """The text without its secrets."""
        return "\n".join(_without_secret(line[:LONGEST]) for line in self.lines)

    def setting(self, key: str, value: str, line: int, above: tuple[str, ...] = ()) -> Setting:
        """A setting without its secret, which is noted under its key and the keys above it."""
        value = value[:LONGEST]
        what = exposed(key, value)
        if what:
            self.expose(line, what, key, above, value)
        return Setting(key, safe(key, value, what), self.evidence(line))

    def command(self, line_of_words: Iterable[tuple[str, int]], above: tuple[str, ...]) -> list[tuple[str, int]]:
        """The words of a command line, each with its line, without the passwords in it, which are noted."""
        listed, told, at = list(line_of_words), list[tuple[str, int]](), 0
        found = _secret_words(" ".join(word for word, _ in listed))
        for word, line in listed:
            end = at + len(word)
            for each, what in (one for one in reversed(found) if one[0].start < end and one[0].end > at):
                if each.start >= at:
                    self.expose(line, what, each.name, above, each.value)
                word = word[: max(each.start - at, 0)] + HIDDEN + word[each.end - at :]
            told.append((word, line))
            at = end + 1
        return told

    def expose(self, line: int, what: str, key: str, above: tuple[str, ...] = (), value: str = "") -> None:
        """Note a secret under its name; `# not-secret: REASON` on the line silences it.

        What stands in one place and is merged into several, as with the anchors of YAML, is named by its key alone.
        """
        if "not-secret:" in (self.lines[line - 1] if 0 < line <= len(self.lines) else ""):
            return
        place, name = (line, key, hash(value)), ".".join(filter(None, (*above, key)))
        if place in self._exposed and self._exposed[place].name != name:
            name = key
        self._exposed[place] = ExposedSecret(self.path, line, what, name if _is_name(name) else "")


def _is_name(text: str) -> bool:
    """Whether a key may be shown: a line that was cut in the wrong place can put a part of a secret there."""
    is_random = any(len(_CHANGE.findall(run)) >= MOST_CHANGES for run in _RUN.findall(text))
    return len(text) <= LONGEST_NAME and not is_random and secret.redact(text) == text


def exposed(key: str, value: str) -> str | None:
    """Why a value is a secret in the open; the default of a variable is a value too, `sk_...` is none."""
    if "..." in value or "…" in value or value.startswith("driver://"):  # as alembic writes its first file
        return None
    if _FILLED_IN.fullmatch(value):
        return None
    if _PASSES_ON.search(key):
        key = ""
    elif key.lower() in ("masterauth", "rediscli_auth", "requirepass"):
        key = "password"
    default = _DEFAULT.match(value)
    plain = default["value"] if default else value
    found = secret.find(key, plain)
    if found is None and ('":' in plain or "':" in plain or ";" in plain):  # JSON or a list of pairs in one value
        pairs = (secret.find(*pair.groups()) for pair in _IN_LIST.finditer(plain))
        return next(filter(None, pairs), None) or next((what for _, what in secret.in_text(plain)), None)
    return found


def _secret_words(text: str) -> list[tuple[Word, str]]:
    """The words of a command line that are secrets, in order, and what each is."""
    found: list[tuple[Word, str]] = []
    for word in sorted(words(text[:LONGEST_COMMAND]), key=lambda word: word.start):
        what = exposed(word.name, word.value)
        if what and (not found or word.start >= found[-1][0].end):
            found.append((word, what))
    return found


def safe(key: str, value: str, what: str | None) -> str:
    """The value without user and password; empty where it is a secret as a whole."""
    if "@" in value or "=" in value:
        bare = _without_user_of_go(_PASSWORD.sub(rf"\1{HIDDEN}", _USER.sub("", value)))
        if "://" in value or "@tcp(" in value or bare != value:
            # A password may hold the very signs that end it: what still looks like one is not kept.
            return "" if what and "@" in bare.replace("@tcp(", "").replace("@unix(", "") else bare
    return "" if what else value


def _without_user_of_go(value: str) -> str:
    """`user:password@tcp(host:port)/name` without what stands before the `@`."""
    place = max(value.find("@tcp("), value.find("@unix("))
    if place < 0:
        return value
    start = max(value.rfind(sign, 0, place) for sign in " \t\"'=")
    return value[: start + 1] + value[place:]


def _without_secret(line: str) -> str:
    pair = _PAIR.match(line)
    if pair and exposed(pair["key"], pair["value"].strip().rstrip(",").strip("\"'")):
        line = line[: pair.start("value")] + HIDDEN
    for word, _ in reversed(_secret_words(line)):
        line = line[: word.start] + HIDDEN + line[word.end :]
    return secret.redact(_PASSWORD.sub(rf"\1{HIDDEN}", _USER.sub("", line)))
