"""Make an input that breaks something as small as it can be while it still does."""

from __future__ import annotations

from collections.abc import Callable


def shrunk(raw: bytes, breaks: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """The shortest input found with lines, then bytes, cut out in ever smaller pieces."""
    for split in (
        lambda whole: whole.splitlines(keepends=True),
        lambda whole: [whole[i : i + 1] for i in range(len(whole))],
    ):
        parts = split(raw)
        size = len(parts) // 2
        while size and tries > 0:
            at = 0
            while at < len(parts) and tries > 0:
                fewer = parts[:at] + parts[at + size :]
                tries -= 1
                if breaks(b"".join(fewer)):
                    parts = fewer
                else:
                    at += size
            size //= 2
        raw = b"".join(parts)
    return raw
