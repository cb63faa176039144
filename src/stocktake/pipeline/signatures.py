"""Make and verify signatures of approvals with `ssh-keygen`."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from stocktake.errors import FailedProgramError, MissingProgramError
from stocktake.load.signers import Signer, groups
from stocktake.run import run
from stocktake.values.text import shown
from stocktake.write import kept_for_a_moment

# A signature that was made for anything else, such as a commit or a log-in, is none of these.
NAMESPACE = "approval@stocktake.dev"
_STATEMENT = re.compile(rb"stocktake approval 1\nchange sha256:([0-9a-f]{64})\nbase ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n")
_NOT_VALID = "is not a signature by a key that the base allows on this day"


class Statement(NamedTuple):
    """What is signed: the digest of a change, and the revision that it leaves from."""

    digest: str
    base: str

    def text(self) -> bytes:
        """As it is signed."""
        return f"stocktake approval 1\nchange sha256:{self.digest}\nbase {self.base}\n".encode()

    def folder(self) -> str:
        """The name of the folder in which its signatures lie."""
        return sha256(self.text()).hexdigest()[:32]


class Allowed(NamedTuple):
    """Who may sign: the file, its lines that name people one by one, and the keys that were revoked."""

    raw: bytes = b""
    signers: tuple[Signer, ...] = ()
    revoked: bytes = b""


class Signed(NamedTuple):
    """Whose signature it is, by all names of that person, or why it counts for nobody."""

    by: str
    names: frozenset[str]
    flaw: str = ""


def statement(raw: bytes) -> Statement | None:
    """The statement in a file; None where it is none."""
    found = _STATEMENT.fullmatch(raw)
    return Statement(found[1].decode(), found[2].decode()) if found else None


def verified(said: bytes, signature: bytes, allowed: Allowed, today: date) -> Signed:
    """Whose signature it is, as at noon of a day."""
    if not allowed.signers:
        return Signed("", frozenset(), "cannot count: the base has no .stocktake/allowed_signers that names people")
    files = [("allowed", allowed.raw), ("signature", signature), ("revoked", allowed.revoked)]
    try:
        with kept_for_a_moment(files) as folder:
            return _verified(said, folder, allowed, f"{today:%Y%m%d}120000")
    except MissingProgramError as error:
        return Signed("", frozenset(), f"could not be verified: {error}")


def _verified(said: bytes, folder: str, allowed: Allowed, moment: str) -> Signed:
    common = ["-f", f"{folder}/allowed", "-s", f"{folder}/signature", f"-Overify-time={moment}"]
    try:
        found = _ssh_keygen(["-Y", "find-principals", *common]).decode("utf-8", "replace").splitlines()
    except FailedProgramError:
        return Signed("", frozenset(), _NOT_VALID)
    signer = next((one for one in allowed.signers if found and found[0] in one.principals), None)
    if signer is None:
        return Signed("", frozenset(), "is by a key whose line in allowed_signers names nobody alone")
    by = signer.principals[0]
    check = ["-Y", "verify", *common, "-n", NAMESPACE, "-I", by, "-r", f"{folder}/revoked"]
    names = groups(tuple(one for one in allowed.signers if one.key == signer.key))[0]
    try:
        _ssh_keygen(check, said)
    except FailedProgramError:
        return Signed(shown(by), names, "is no valid signature: of something else, or by a key that was revoked")
    return Signed(shown(by), names)


def sign(said: bytes, key: str) -> bytes:
    """A signature; a password of the key is asked for on the terminal."""
    return run(["ssh-keygen", "-Y", "sign", "-f", key, "-n", NAMESPACE], input=said, timeout=300)


def _ssh_keygen(options: list[str], said: bytes = b"") -> bytes:
    return run(["ssh-keygen", *options], input=said, env={"LC_ALL": "C", "TZ": "UTC0"})
