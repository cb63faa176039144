"""Files that hold one secret value and nothing else, as Compose and Swarm read them."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, SecretFile
from stocktake.discover.places import is_sample
from stocktake.model.observation import ExposedSecret
from stocktake.values import secret

_WORD = re.compile(r"passw|secret|passwd|credential|token|api.?key|private", re.IGNORECASE)
_ENDINGS = (".txt", ".key", ".secret", ".password", ".pem", ".token")


def wants(path: str) -> bool:
    """Plain files whose name or folder says `password`, `secret` or the like."""
    name = basename(path)
    return bool(_WORD.search("/".join(path.split("/")[-2:]))) and (
        "." not in name.lstrip(".") or name.endswith(_ENDINGS)
    )


def scan(path: str, text: str) -> Claims:
    """One line without a space is a value; a private key is one whatever its name."""
    if "-----BEGIN" in text and "PRIVATE KEY" in text:
        return Claims(secrets=(ExposedSecret(path, text[: text.index("-----BEGIN")].count("\n") + 1, "private key"),))
    value = text.strip()
    if (
        not value
        or len(value) > 500
        or re.search(r"\s", value)
        or is_sample(path)
        or not secret.find("password", value)
    ):
        return Claims()
    is_plain = bool(_WORD.search(basename(path))) and (path.endswith(_ENDINGS) or "secrets" in path.split("/")[:-1])
    return Claims(secret_files=(SecretFile(path, is_plain),))
