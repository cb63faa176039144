"""Whether a text may hold a secret: cheap, so that most texts need not load what `secret` knows."""

import re

_KEY = re.compile(
    r"(?:pass|pwd|secret|token|key)[A-Za-z0-9_.-]{0,100}[\"'\]]{0,2} {0,40}(?::=|=>|[:=])|requirepass|private key"
)
_LONG_WORD = bytes(97 if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))


def is_suspicious(text: str) -> bool:
    """Never no for a text with a secret: a connection string, a password-like key with a value, a long word."""
    if "@" in text and ("://" in text or "@tcp" in text):
        return True
    lower = text.lower()
    named = "pass" in lower or "key" in lower or "secret" in lower or "token" in lower or "pwd" in lower
    if named and _KEY.search(lower):
        return True
    words = text.encode("utf-8", "surrogatepass").translate(_LONG_WORD)
    return b"a" * 16 in words or _is_broken_word_inside(text)


def _is_broken_word_inside(text: str) -> bool:
    """Tokens whose long words may hold `-` or `_`; a rare letter is sought first, since that costs nothing."""
    return (
        ("x" in text and "xox" in text)
        or ("z" in text and "AIza" in text)
        or ("G" in text and "SG." in text)
        or ("-" in text and "glpat-" in text)
        or ("_" in text and "dckr_pat_" in text)
    )
