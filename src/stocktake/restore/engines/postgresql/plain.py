"""What a dump in plain SQL may hold for psql: statements and data, no commands of psql itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_HARMLESS = (b"\\.", b"\\restrict ", b"\\unrestrict ")
_END = (b"-- PostgreSQL database dump complete", b"-- PostgreSQL database cluster dump complete")


def odd_command(lines: Iterable[bytes]) -> str:
    r"""The first command of psql that is not harmless: `\!` runs a program, `\connect` goes to another database."""
    in_data = False
    for line in lines:
        if in_data:
            in_data = line.rstrip() != b"\\."
        elif line.startswith(b"COPY ") and line.rstrip().endswith(b" FROM stdin;"):
            in_data = True
        elif line.startswith(b"\\") and not line.startswith(_HARMLESS):
            return line.decode("utf-8", "replace").strip()[:80]
    return ""


def restricted(lines: Iterable[bytes], key: str) -> Iterator[bytes]:
    """The same for psql with all its commands switched off: one may also stand in the middle of a line."""
    yield f"\\restrict {key}\n".encode()
    for line in lines:
        if not line.startswith((b"\\restrict ", b"\\unrestrict ")):
            yield line
    yield f"\n\\unrestrict {key}\n".encode()


def is_complete(lines: Iterable[bytes]) -> bool:
    """Whether pg_dump came to its end: psql loads half of a dump without a word."""
    return any(line.startswith(_END) for line in lines)


def globals_only(lines: Iterable[bytes], superuser: str) -> Iterator[bytes]:
    """Roles and what they may do, without places on the disk of another machine; not the databases after them.

    The role that restores stays as it is: it might be one that may not log in, or that only reads by default.
    """
    name = superuser.encode()
    own = (b"ALTER ROLE " + name + b" ", b'ALTER ROLE "' + name.replace(b'"', b'""') + b'" ')
    for line in lines:
        if line.startswith(b"\\connect"):
            return
        if not line.startswith((b"\\", b"CREATE TABLESPACE", b"ALTER TABLESPACE", b"GRANT ALL ON TABLESPACE", *own)):
            yield line
