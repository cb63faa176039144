"""Identifiers that join what was seen to records: `scheme:value`, unique in its scope, written one way only."""

import re
from typing import NamedTuple

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}")
_ADDRESS = r"\[[0-9A-Fa-f:.]{2,45}\]"
_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?:({_ADDRESS})|({_NAME})\.?)(?::([0-9]{{1,5}}))?(?:/(.*))?")
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0]")
_LOOPBACK = re.compile(r"localhost|127\.[0-9.]+|0\.0\.0\.0|\[::1?\]")


class Identifier(NamedTuple):
    """One name by which a thing is known outside the registry."""

    scheme: str
    value: str


def parse(text: str) -> Identifier:
    """The identifier in its one form; ValueError says what is wrong with it."""
    scheme, colon, value = text.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme) or not value:
        raise ValueError(f'"{text[:120]}" is not an identifier such as host:orders.internal:5432/orders')
    scheme = scheme.lower()
    if not value.isprintable() or (scheme != "file" and _UNFIT.search(value)):
        raise ValueError(f'"{scheme}:" is followed by a space or a character that cannot be seen')
    canonical_form = _FORMS.get(scheme)
    return Identifier(scheme, canonical_form(value) if canonical_form else value)


def canonical(text: str) -> str:
    """The one way in which an identifier is written."""
    return ":".join(parse(text))


def from_endpoint(endpoint: str) -> str | None:
    """The identifier of a `host:port/name` or a URL, without user and parameters.

    None for what says no place (`${HOST}`), and for `localhost` and its like, which are another place on every machine.
    """
    place = re.split(r"[?#]", endpoint.strip().partition("://")[2] or endpoint.strip(), maxsplit=1)[0]
    try:
        identifier = parse(f"host:{place.rpartition('@')[2]}")
    except ValueError:
        return None
    return None if _LOOPBACK.match(identifier.value) and _is_loopback(identifier.value) else ":".join(identifier)


def _is_loopback(value: str) -> bool:
    host = re.match(r"\[[^\]]*\]|[^:/]*", value)
    return host is not None and _LOOPBACK.fullmatch(host[0]) is not None


def _host(value: str) -> str:
    found = _HOST.fullmatch(value)
    if not found or "@" in value:
        raise ValueError(f'"{value[:120]}" is not host, host:port or host:port/name')
    address, name, port, path = found.groups()
    if port and not 0 < int(port) < 65_536:
        raise ValueError(f'"{port}" is not a port')
    path = (path or "").strip("/")
    return f"{(address or name).lower()}{f':{int(port)}' if port else ''}{f'/{path}' if path else ''}"


def _compose(value: str) -> str:
    project, slash, service = value.partition("/")
    if not slash or not project or not service or "/" in service:
        raise ValueError(f'"{value[:120]}" is not project/service')
    return f"{project.lower()}/{service}"


def _file(value: str) -> str:
    parts: list[str] = []
    for part in value.split("/"):
        if part == "..":
            if not parts:
                raise ValueError(f'"{value[:120]}" leads out of the tree')
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if value.startswith("/") or not parts:
        raise ValueError(f'"{value[:120]}" is not a path inside the tree')
    return "/".join(parts)


_FORMS = {"compose": _compose, "file": _file, "host": _host}
