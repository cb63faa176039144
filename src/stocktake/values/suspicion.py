"""Whether a text may hold a secret: cheap, so that most texts need not load what `secret` knows."""

import re

_KEY = re.compile(
    r"(?:pass|pwd|secret|token|key)[A-Za-z0-9_.-]{0,100}[\"'\]]{0,2} {0,40}(?::=|=>|[:=])|requirepass|private key"
)
_BROKEN_WORDS = ("AIza", "SG.", "dckr_pat_", "glpat-", "xox")  # tokens whose long words may hold `-` or `_`
_LONG_WORD = bytes(97 if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))


def is_suspicious(text: str) -> bool:
    """Never no for a text with a secret: a connection string, a password-like key with a value, a long word."""
    if "@" in text and ("://" in text or "@tcp" in text):
        return True
    lower = text.lower()
    if any(word in lower for word in ("pass", "key", "secret", "token", "pwd")) and _KEY.search(lower):
        return True
    words = text.encode("utf-8", "surrogatepass").translate(_LONG_WORD)
    return b"a" * 16 in words or any(start in text for start in _BROKEN_WORDS)
