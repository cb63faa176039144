"""How names of objects are written in the names and values of facts."""

from __future__ import annotations

import re

from stocktake.values.name import encode_key

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$-"
_PLAIN = re.compile(r"[A-Za-z0-9_$-]+")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_$-]+(?:\.[A-Za-z0-9_$-]+)*")
_LONGEST, _KEY_AT_MOST = 2000, 900

# Schemas that belong to the server itself; a user cannot make one that begins with pg_.
USERS_OWN = "left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'"


def written(name: str) -> str:
    """A name as it is; in double quotes where it holds something that could be taken for something else."""
    if _PLAIN.fullmatch(name) and name != "PUBLIC":
        return name
    return '"' + name.replace('"', '""') + '"'


def written_in_sql(column: str) -> str:
    """The same, worked out by the server."""
    quoted = f"""'"' || replace({column}::text, '"', '""') || '"'"""
    # quote_ident is quick and settles nearly all; it alone would also quote capitals and words of the language.
    plain = f"quote_ident({column}) = {column}::text OR translate({column}, '{_LETTERS}', '') = ''"
    return f"CASE WHEN {plain} THEN {column}::text ELSE {quoted} END"


def path(*names: str) -> str:
    """Names joined by dots, such as `orders.public.books`."""
    return ".".join(written(name) for name in names)


def key(*names: str) -> str:
    """A path between brackets; one that is too long is cut and told apart by a digest."""
    plain = ".".join(names)
    is_plain = len(plain) <= _KEY_AT_MOST and _PLAIN_PATH.fullmatch(plain) and plain.count(".") == len(names) - 1
    if is_plain and "PUBLIC" not in names:
        return plain  # a big catalogue has very many of these
    return shortened(encode_key(path(*names)), _KEY_AT_MOST)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text of at most so many characters; what is longer ends in a digest of all of it."""
    if len(text) <= longest:
        return text
    from hashlib import blake2b

    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{text[: longest - 20]}…~{digest}"


def rounded(number: float) -> int:
    """A number that always moves, with two digits that count, so that an idle store gives an unchanged file."""
    whole = int(number)
    size = len(str(abs(whole))) - 2
    return whole if size <= 0 else round(whole, -size)


def listed(texts: list[str]) -> list[str]:
    """Texts sorted, and none of them too long."""
    if max(map(len, texts)) > _LONGEST:
        texts = [shortened(text) for text in texts]
    texts.sort()
    return texts
