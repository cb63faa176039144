"""What a dump in plain SQL may hold for psql: statements and data, no commands of psql itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_HARMLESS = (b"\\.", b"\\connect ", b"\\restrict ", b"\\unrestrict ")
_END = (b"-- PostgreSQL database dump complete", b"-- PostgreSQL database cluster dump complete")


def odd_command(lines: Iterable[bytes]) -> str:
    """The first command of psql that pg_dump never writes, such as `\\!`; psql would run it."""
    in_data = False
    for line in lines:
        if in_data:
            in_data = line.rstrip() != b"\\."
        elif line.startswith(b"COPY ") and line.rstrip().endswith(b" FROM stdin;"):
            in_data = True
        elif line.startswith(b"\\") and not line.startswith(_HARMLESS):
            return line.decode("utf-8", "replace").strip()[:80]
    return ""


def is_complete(lines: Iterable[bytes]) -> bool:
    """Whether pg_dump came to its end: psql loads half of a dump without a word."""
    return any(line.startswith(_END) for line in lines)


def globals_only(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Roles and what they may do, without places on the disk of another machine."""
    for line in lines:
        if not line.startswith((b"\\", b"CREATE TABLESPACE", b"ALTER TABLESPACE", b"GRANT ALL ON TABLESPACE")):
            yield line
