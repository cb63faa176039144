"""Secrets in values and texts: found, told by kind and never by value, and taken out before anything is shown.

A false alarm is silenced on its own line with `# not-secret: REASON`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from stocktake.values import dsn
from stocktake.values.placeholder import is_placeholder, settle
from stocktake.values.secret_key import names_a_secret, says_no_secret
from stocktake.values.suspicion import is_suspicious

_TOKENS = (
    ("Azure key", r"(?:AccountKey|SharedAccessKey)=(?=[A-Za-z+/]{0,200}[0-9])[A-Za-z0-9+/]{16,200}={0,2}"),
    ("key in a URL", r"(?<=://)(?=[A-Za-z]{0,127}[0-9])[A-Za-z0-9]{32,128}(?=@)"),  # as in the DSN of Sentry
    ("AWS access key id", r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    ("GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}"),
    ("GitLab token", r"glpat-[A-Za-z0-9_-]{20,80}"),
    ("Slack token", r"xox[abeprs]-[A-Za-z0-9-]{20,200}"),
    ("Slack webhook", r"hooks\.slack\.com/services/[A-Z0-9]{6,14}/[A-Z0-9]{6,14}/[A-Za-z0-9]{20,40}"),
    ("Stripe key", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}"),
    ("Google API key", r"AIza[A-Za-z0-9_-]{35}"),
    ("API key", r"sk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,250}"),
    ("SendGrid key", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("npm token", r"npm_[A-Za-z0-9]{36}"),
    ("PyPI token", r"pypi-AgE[A-Za-z0-9_-]{50,250}"),
    ("Vault token", r"hv[sb]\.[A-Za-z0-9_-]{24,250}"),
    ("DigitalOcean token", r"do[opr]_v1_[a-f0-9]{64}"),
    ("Docker token", r"dckr_pat_[A-Za-z0-9_-]{20,60}"),
    ("age key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,64}"),
    ("JSON web token", r"eyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{0,1000}"),
    ("private key", r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
)
_TOKEN = re.compile("(?<![A-Za-z0-9_])(?:" + "|".join(f"({pattern})" for _, pattern in _TOKENS) + ")")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{1,60}-----")
_USER_INFORMATION = re.compile(
    r"://([^\s/?#\"'`<>@:]{0,200}:((?:\$\{[^{}$\s]{0,200}\}|[^\s/\"'`@])[^\s/\"'`@]{0,200}))@"
)
_WORD = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)
_KEY = re.compile(
    r"(?<![A-Za-z0-9_.])(?<![A-Za-z0-9]-)([A-Za-z_][A-Za-z0-9_.-]{0,100})[\"'\]]{0,2} {0,40}(?::=|=>|[:=]) {0,40}"
)
_VALUE = re.compile(
    r"\"((?:[^\"\\\n]|\\.){0,500})\"|'((?:[^'\\\n]|\\.){0,500})'|((?:\$\{[^{}$\n]{0,200}\}|[^\s\"'#,;\[({])[^\s,;]{0,500})"
)
_REQUIREPASS = re.compile(r"requirepass[ \t]{1,8}[\"']?([^\s\"']{1,200})")
_LINE_START = re.compile(r"[ \t]*(?:- |export |ENV |ARG |set |--)?[\"']?\Z")
_LINE_END = re.compile(r"[ \t]*(?:[#;].*)?[ \t\r]*\Z|[ \t]+[#\\]")
_CODE = re.compile(r"[(\[{]|^[&*!|>@]|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^\w+::")
_EXCUSE = re.compile(r"#[ \t]{0,8}not-secret:[ \t]{0,8}(\S[^\n]*)")

_Span = tuple[int, int, str, str]  # start, end, what it is, what may be shown instead


def find(name: str, value: str) -> str | None:
    """Why a value looks like a secret under its name, or None; a well-known default counts, a placeholder does not."""
    if is_placeholder(value):
        return None
    for _, _, what, _ in _tokens(value):
        return what
    parsed = dsn.parse(value)
    if (parsed and parsed.secret) or any(found.secret for _, _, found in dsn.find(value)):
        return "password in a connection string"
    if next(_user_information(value), None):
        return "password in a URL"
    return None if parsed else _by_key(name, value)


def in_text(text: str) -> list[tuple[int, str]]:
    """Where secrets begin in a whole file, and what each is; lines with `# not-secret: REASON` are left out."""
    if not is_suspicious(text):
        return []
    found = [(start, what) for start, _, what, _ in _spans(text, strict=True)]
    silent = [(text.rfind("\n", 0, each.start()) + 1, each.end()) for each in _EXCUSE.finditer(text)] if found else []
    starts = [start for start, _ in silent]
    return [(at, what) for at, what in found if not _is_inside(at, starts, silent)]


def excused(text: str) -> list[tuple[int, str]]:
    """The lines that say `# not-secret: REASON`, with the reason."""
    if "not-secret:" not in text:
        return []
    lines = enumerate(text.split("\n"), 1)
    return [(number, found[1].strip()) for number, line in lines if (found := _EXCUSE.search(line))]


def redact(text: str) -> str:
    """The text with every secret as `•••`; when in doubt it is taken out."""
    if not is_suspicious(text):
        return text
    shown, end = [], 0
    for start, stop, _, instead in _spans(text, strict=False):
        shown += [text[end:start], instead]
        end = stop
    return "".join([*shown, text[end:]])


def _spans(text: str, strict: bool) -> Iterator[_Span]:
    """Secrets in order; where two overlap, the one that begins first, then the longer one."""
    spans = [*_tokens(text), *_user_information(text), *_assigned(text, strict)]
    spans += [
        (start, end, "password in a connection string", each.text())
        for start, end, each in dsn.find(text)
        if each.secret
    ]
    last = 0
    for start, end, what, instead in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= last:
            continue
        if start >= last or not strict:
            yield max(start, last), end, what, instead
            last = end


def _tokens(text: str) -> Iterator[_Span]:
    open_ended = False
    for found in _TOKEN.finditer(text):
        what, end = _TOKENS[(found.lastindex or 1) - 1][0], found.end()
        if found[0].endswith("EXAMPLE"):  # as in the documentation of AWS
            continue
        if what == "private key" and not open_ended:
            close = _KEY_END.search(text, end)
            open_ended = close is None
            end = close.end() if close else len(text)
        yield found.start(), end, what, "•••"


def _user_information(text: str) -> Iterator[_Span]:
    if "://" in text and "@" in text:
        for found in _USER_INFORMATION.finditer(text):
            if not is_placeholder(found[2]):
                yield found.start(1), found.end(1), "password in a URL", "•••"


def _assigned(text: str, strict: bool) -> Iterator[_Span]:
    """Values of password-like keys; strictly only those that are quoted, or alone on a line as in settings."""
    end = 0
    for word in _WORD.finditer(text):
        if word.start() >= end:
            start = text.rfind("\n", end, word.start()) + 1 or end
            end = text.find("\n", word.start()) + 1 or len(text) + 1
            for first, last, what in _assigned_in_line(text[start : end - 1], strict):
                yield start + first, start + last, what, "•••"


def _assigned_in_line(line: str, strict: bool) -> Iterator[tuple[int, int, str]]:
    end = 0
    for key in _KEY.finditer(line):
        value = _VALUE.match(line, key.end()) if key.start() >= end and _WORD.search(key[1]) else None
        if value is None or key[1] == "not-secret":
            continue
        group = value.lastindex or 0
        bare = group == 3
        if bare and strict and not _is_setting(line, key.start(), value.end()):
            continue
        if bare and _CODE.search(settle(value[group])):
            continue
        if what := _by_key(key[1], value[group]):
            end = value.end()
            yield value.start(group), value.end(group), what
    for found in _REQUIREPASS.finditer(line) if "requirepass" in line else ():
        if not is_placeholder(found[1]):
            yield found.start(1), found.end(1), "value of a password-like key"


def _by_key(name: str, value: str) -> str | None:
    return None if is_placeholder(value) or says_no_secret(name, value) else names_a_secret(name, value)


def _is_setting(line: str, start: int, end: int) -> bool:
    begins = start <= 40 and _LINE_START.match(line[:start])
    return bool(begins and _LINE_END.match(line, end))


def _is_inside(at: int, starts: list[int], spans: list[tuple[int, int]]) -> bool:
    before = bisect_right(starts, at) - 1
    return before >= 0 and at < spans[before][1]
