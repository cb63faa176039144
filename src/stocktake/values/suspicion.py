"""Whether a text may hold a secret: cheap, so that most texts need not load what `secret` knows."""

import re

_WORDS = (b"pass", b"key", b"secret", b"token", b"pwd")
_GOES_ON = re.compile(rb"[a-z]{3}[a-z0-9_.-]{0,103}[\"'\]]{0,2} {0,40}(?::=|=>|[:=])|(?<=require)pass|(?<=private )key")
_LONG = b"a" * 16
_LONG_WORD = bytes(97 if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))


def is_suspicious(text: str) -> bool:
    """Never no for a text with a secret: a connection string, a password-like key with a value, a long word."""
    raw = text.encode("utf-8", "surrogatepass")
    lower = raw.lower() if text.isascii() else text.lower().encode("utf-8", "surrogatepass")
    return _is_suspicious(raw, lower)


def may_be_suspicious(raw: bytes) -> bool:
    """The same of a file that was not decoded yet."""
    return _is_suspicious(raw, raw.lower()) if raw.isascii() else is_suspicious(raw.decode(errors="replace"))


def _is_suspicious(raw: bytes, lower: bytes) -> bool:
    if b"@" in raw and (b"://" in raw or b"@tcp" in raw):
        return True
    for word in _WORDS:
        if word in lower and _holds_a_value(word, lower):
            return True
    if _LONG in raw.translate(_LONG_WORD):
        return True
    # Tokens whose long words may hold `-` or `_`; a rare letter is sought first, since that costs nothing.
    return (
        (b"x" in raw and b"xox" in raw)
        or (b"z" in raw and b"AIza" in raw)
        or (b"G" in raw and b"SG." in raw)
        or (b"pat" in raw and (b"glpat-" in raw or b"dckr_pat_" in raw))
    )


def _holds_a_value(word: bytes, lower: bytes) -> bool:
    """Whether a value follows one of the places of a word; one expression for all words takes far longer."""
    at = lower.find(word)
    while at >= 0:
        if _GOES_ON.match(lower, at):
            return True
        at = lower.find(word, at + len(word))
    return False
