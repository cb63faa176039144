"""Whether a text may hold a secret: cheap, so that most texts need not load what `secret` knows."""

import re

_WORDS = ("pass", "key", "secret", "token", "pwd")
_GOES_ON = re.compile(r"[a-z]{3}[a-z0-9_.-]{0,103}[\"'\]]{0,2} {0,40}(?::=|=>|[:=])|(?<=require)pass|(?<=private )key")
_LONG_WORD = bytes(97 if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))


def is_suspicious(text: str) -> bool:
    """Never no for a text with a secret: a connection string, a password-like key with a value, a long word."""
    if "@" in text and ("://" in text or "@tcp" in text):
        return True
    lower = text.lower()
    for word in _WORDS:
        if word in lower and _holds_a_value(word, lower):
            return True
    words = text.encode("utf-8", "surrogatepass").translate(_LONG_WORD)
    return b"a" * 16 in words or _is_broken_word_inside(text)


def _holds_a_value(word: str, lower: str) -> bool:
    """Whether a value follows one of the places of a word; one expression for all words takes far longer."""
    at = lower.find(word)
    while at >= 0:
        if _GOES_ON.match(lower, at):
            return True
        at = lower.find(word, at + len(word))
    return False


def _is_broken_word_inside(text: str) -> bool:
    """Tokens whose long words may hold `-` or `_`; a rare letter is sought first, since that costs nothing."""
    return (
        ("x" in text and "xox" in text)
        or ("z" in text and "AIza" in text)
        or ("G" in text and "SG." in text)
        or ("-" in text and "glpat-" in text)
        or ("_" in text and "dckr_pat_" in text)
    )
