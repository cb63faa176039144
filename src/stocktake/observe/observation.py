"""Facts of a live store as an observation: no secret in it, the same facts always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stocktake import __version__
from stocktake.model.digest import is_intact, signed
from stocktake.model.observation import NOT_LOOKED, PARTIAL, SEEN, Observation, Thing
from stocktake.observe.look import OWN, PER_CONNECTION, Fact
from stocktake.values.name import decode_key, encode_key
from stocktake.values.secret import redact
from stocktake.values.text import shown

COLLECTOR = "observe"
_GAPS = ("not_read[", "not_visible[")
# A piece of SQL can hold a secret only in quotes; most have none, and a big catalogue has very many of them.
_CODE = (".columns", ".indexes", ".keys", ".kind", ".owner", ".type")
_REASON_AT_MOST = 2000
_MARK = "⟨U+"  # how a hidden character is shown
_KEY = re.compile(r"\[([^\[\]]*)\]")
_KEY_AT_MOST, _LINE_AT_MOST = 200, 400  # as in a record


def seen(asset: str, source: str, environment: str | None, facts: Iterable[Fact], role: str | None) -> Observation:
    """What was seen of one asset; partial where something was refused or could not be read."""
    known = {
        _legible(name): value if _is_harmless(name, value) else _plain(_without_secret(name, value))
        for name, value in facts
        if value is not None
    }
    reason = _reason(known)
    thing = Thing(asset, asset, (f"record:asset/{asset}",), facts=known)
    status = PARTIAL if reason else SEEN
    found = Observation(
        source, COLLECTOR, __version__, status, (thing,), environment=environment, role=role, reason=reason
    )
    return signed(found)


def not_looked(before: Observation | None, source: str, environment: str | None, reason: str) -> Observation:
    """An observation that could not be made; what an earlier look saw stays, under its own day.

    Where that was edited by hand, its digest stays too, so that it still shows.
    """
    kept = before or signed(Observation(source, COLLECTOR, __version__, NOT_LOOKED))
    now = kept._replace(version=__version__, status=NOT_LOOKED, environment=environment, reason=reason)
    return signed(now) if is_intact(kept) else now


def _is_harmless(name: str, value: Any) -> bool:
    """A list of definitions in which nothing is quoted, hidden or long: nearly all that a big catalogue holds."""
    if type(value) is not list or not name.endswith(_CODE):
        return False
    try:
        text = "".join(value)
    except TypeError:
        return False
    return (
        "'" not in text and text.isascii() and text.isprintable() and max(map(len, value), default=0) <= _LINE_AT_MOST
    )


def _without_secret(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value if name.endswith(_CODE) else redact(value)
    if not isinstance(value, list | tuple):
        return value
    if name.endswith(_CODE):
        return [redact(item) if "'" in item else item for item in value]
    return [redact(item) if isinstance(item, str) else item for item in value]


def _legible(name: str) -> str:
    """The fact's name with keys as a record may hold them: on one line, nothing hidden, not too long."""
    if name.isascii() and "%" not in name and len(name) <= _KEY_AT_MOST:
        return name
    return _KEY.sub(lambda found: f"[{encode_key(_short(_plainly(decode_key(found[1])), _KEY_AT_MOST))}]", name)


def _plainly(text: str, multiline: bool = False) -> str:
    """The text with hidden characters as code points; one that looks so by itself stays another text."""
    return shown(text.replace(_MARK, f"⟨U+{ord(_MARK[0]):04X}⟩{_MARK[1:]}"), multiline)


def _short(text: str, at_most: int) -> str:
    """A long text as its beginning and a digest, so that a change at its end still shows."""
    if len(text) <= at_most:
        return text
    from hashlib import blake2b

    return f"{text[: at_most - 21]}~{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=10).hexdigest()}"


def _plain(value: Any) -> Any:
    """The value with nothing hidden in it; each item of a list on one line, as in a record."""
    if isinstance(value, str):
        return _plainly(value, multiline=True)
    if isinstance(value, list | tuple):
        return [_short(_plainly(item), _LINE_AT_MOST) if isinstance(item, str) else item for item in value]
    return value


def _reason(facts: Mapping[str, Any]) -> str:
    """All gaps in one line."""
    told = []
    for start, word in zip(_GAPS, ("not read", "not visible"), strict=True):
        for name in sorted(name for name in facts if name.startswith(start)):
            group = decode_key(name[len(start) :].partition("]")[0])
            if facts[name] not in (OWN, PER_CONNECTION):
                told.append(f"{group} {word}: {facts[name]}")
    text = "; ".join(told)
    return text if len(text) <= _REASON_AT_MOST else f"{text[: _REASON_AT_MOST - 1]}…"
