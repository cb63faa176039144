"""axe-core, which finds what people who cannot see or point stumble over; `python -m servers.axe` fetches it."""

from __future__ import annotations

from servers.npm_package import package

VERSION = "4.14.1"


def script() -> str:
    """What is run in a page before it is asked."""
    return (package("axe-core", VERSION) / "axe.min.js").read_text(encoding="utf-8")


if __name__ == "__main__":
    script()
