"""Text from outside: what hides in it made visible, the word that was meant, and safe parts of an identity."""

import re
from collections.abc import Iterable, Sequence

_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, all but tab and newline
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"  # no width, direction marks
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"  # separators, bidirectional controls, fillers
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f"  # half characters, no characters, tags
)
# Compiled at their first use, since most runs need none of them and each takes half a millisecond.
_HOSTILE = f"[{_HIDDEN}]"
_HOSTILE_OR_BREAK = f"[\\t\\n{_HIDDEN}]"
_ENCODED = f"[#%\\s{_HIDDEN}]"
_CONTROL_BYTES = bytes([*range(9), *range(11, 32), 127])
_LONGEST = 80
_BEGINNING = 3  # letters, from which on a word is taken for the beginning of another


def hostile(text: str) -> list[tuple[int, str]]:
    """Where a control, bidirectional or zero-width character stands, and which (`U+202E`); tab and newline are fine."""
    if text.isascii() and len(text.encode().translate(None, _CONTROL_BYTES)) == len(text):
        return []
    return [(found.start(), f"U+{ord(found[0]):04X}") for found in re.finditer(_HOSTILE, text)]


def shown(text: str, multiline: bool = False) -> str:
    """The text with every character that hides or reorders others written as its code point, `⟨U+202E⟩`."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_HOSTILE if multiline else _HOSTILE_OR_BREAK, _code_point, text)


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant: one of the same letters, as `from` for `form`, else the only one that
    begins so, else the nearest; the first in order if several are equally near.
    """
    plain, candidates = _plain(word), list(candidates)
    if not plain or len(plain) > 64:
        return None
    best: tuple[int, str] | None = None
    for candidate in candidates:
        cut = max(1, min(3, len(plain) // 3)) if best is None else best[0]
        distance = _distance(plain, _plain(candidate), cut)
        if distance is not None and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    nearest = best[1] if best else None
    if len(plain) < _BEGINNING or (nearest and sorted(_plain(nearest)) == sorted(plain)):
        return nearest
    begun = [one for one in candidates if _plain(one).startswith(plain)]
    return begun[0] if len(begun) == 1 else nearest


def only_one(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was meant, where no other is as near."""
    every = list(candidates)
    first = closest(word, every)
    second = closest(word, [other for other in every if other != first])
    if first is None or second is None:
        return first
    plain, most = _plain(word), len(word)
    near, far = (_distance(plain, _plain(one), most) for one in (first, second))
    return first if near is not None and (far is None or near < far) else None


def listed(words: Iterable[str]) -> str:
    """Words as people list them: `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def lacking(words: Sequence[str]) -> str:
    """What is not there as people say it: `no a, b or c`."""
    *most, last = words
    return f"no {', '.join(most)} or {last}" if most else f"no {last}"


def slug(text: str) -> str:
    """Text as an id: small letters, digits and hyphens."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:80].strip("-") or "unnamed"


def person(name: str) -> str:
    """A name of a person or a team as it is compared with others: `@Ada` and `ada` are the same."""
    return name.strip().lstrip("@").casefold()


def percent(text: str) -> str:
    """The text as one part of an identity: `#`, `%`, white space and hidden characters encoded, long ones hashed."""
    if text.isascii() and text.isidentifier() and len(text) <= _LONGEST:  # most are, as `production`
        return text
    encoded = re.sub(_ENCODED, _percent_encoded, text)
    if len(encoded) <= _LONGEST:
        return encoded
    from hashlib import blake2b  # only long texts need it, and importing it costs a millisecond

    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    kept = text[: _LONGEST - 21]
    while len(start := re.sub(_ENCODED, _percent_encoded, kept)) > _LONGEST - 21:
        kept = kept[:-1]
    return f"{start}~{digest}"


def percent_decoded(text: str) -> str:
    """The inverse of `%` encoding; a `%` that encodes nothing stays."""
    if "%" not in text:
        return text
    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", _decoded, text)


def _code_point(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def _percent_encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def _decoded(found: re.Match[str]) -> str:
    raw = bytes.fromhex(found[0].replace("%", ""))
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _plain(word: str) -> str:
    return word.lower().replace("_", "-").replace(" ", "-")


def _distance(one: str, other: str, most: int) -> int | None:
    """Edits from one word to the other (a swap of neighbours is one edit), or None if more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
