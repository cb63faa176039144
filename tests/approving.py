"""A registry in Git with two teams and real keys, for tests of who may approve what."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

from stocktake.history.approvals import FOLDER, Change, open_approvals
from stocktake.history.revisions import past
from stocktake.load.environments import FILE
from stocktake.load.files import Tree
from stocktake.load.held import Held
from stocktake.load.reviews import Reviews
from stocktake.load.signers import MAILMAP
from stocktake.model.approval import Ballot
from stocktake.pipeline.approvals import judged
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.signatures import NAMESPACE, Statement
from stocktake.pipeline.weaker import weaker
from test_history import Repository

TODAY = date(2026, 11, 25)
ASSET = "registry/assets/orders-db.yaml"
STRICT = "name: Orders\ntype: relational-db\nowner: storefront\nbackup: {rpo: PT15M}\n"
LOOSE = STRICT.replace("PT15M", "PT1H")
FILES = {
    "stocktake.yaml": "schema: 1\nenvironments: {production: {}}\ngates: {approvers: {default: platform}}\n",
    ASSET: STRICT,
    "registry/teams/platform.yaml": "name: Platform\nmembers:\n"
    '  dana: {handle: "@dana-x", emails: [dana@example.org]}\n'
    '  emre: {handle: "@emre-x", emails: [emre@example.org]}\n'
    '  gone: {handle: "@gone-x", emails: [gone@example.org], left: 2026-01-31}\n'
    '  ada: {handle: "@ada-x", emails: [ada@example.org]}\n',
    "registry/teams/storefront.yaml": "name: Storefront\nmembers:\n"
    '  bela: {handle: "@bela-x", emails: [bela@example.org]}\n',
}


class World(Repository):
    """`keys` lie outside of the repository; `main` is what a change is compared with."""

    def __init__(self, folder: Path):
        super().__init__(folder / "repository")
        self.keys = folder / "keys"
        self.keys.mkdir()
        who = ("dana", "emre", "gone", "ada", "bela")
        self.put({**FILES, ".stocktake/allowed_signers": "".join(map(self.line, who))})
        self.main = self.save("Begin", "emre")
        self.git("switch", "-q", "-c", "change")

    def copy(self, folder: Path) -> World:
        """The same in another folder."""
        shutil.copytree(self.keys.parent, folder)
        other = World.__new__(World)
        other.__dict__ = {**self.__dict__, "folder": folder / "repository", "keys": folder / "keys"}
        return other

    def restart(self, files: dict[str, str | bytes]) -> None:
        """Commit these to the main branch, and begin the change anew from there."""
        self.git("switch", "-q", "main")
        self.put(files)
        self.main = self.save("Prepare", "emre")
        self.git("switch", "-q", "-C", "change")

    def line(self, who: str, principals: str = "", options: str = "") -> str:
        """A line of `allowed_signers`; the key is made where there is none."""
        key = self.keys / who
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", str(key)], check=True)
        kind, data = key.with_suffix(".pub").read_text().split()[:2]
        return f"{principals or f'{who}@example.org'} {options}{' ' if options else ''}{kind} {data}\n"

    def put(self, files: dict[str, str | bytes]) -> None:
        for path, content in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def save(self, message: str = "Change it", who: str = "ada", mail: str = "") -> str:
        self.time += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, author=who.title(), mail=mail or f"{who}@example.org")
        return self.git("rev-parse", "HEAD")

    def loosen(self, who: str = "ada", mail: str = "") -> str:
        self.put({ASSET: LOOSE})
        return self.save("Loosen", who, mail)

    def change(self, base: str = "", head: str = "") -> Change:
        found = open_approvals(str(self.folder))
        return found.change(base or self.main, head or self.git("rev-parse", "HEAD"))

    def statement(self) -> Statement:
        return Statement(self.change().digest, self.main)

    def signature(self, said: bytes, who: str, namespace: str = NAMESPACE) -> bytes:
        self.line(who)
        command = ["ssh-keygen", "-Y", "sign", "-f", str(self.keys / who), "-n", namespace]
        return subprocess.run(command, input=said, check=True, capture_output=True).stdout

    def approve(self, who: str, said: Statement | None = None, namespace: str = NAMESPACE, by: str = "") -> str:
        """A commit that adds a signature, by whoever signed."""
        said = said or self.statement()
        folder = f"{FOLDER}/{said.folder()}"
        signature = self.signature(said.text(), who, namespace)
        self.put({f"{folder}/statement": said.text(), f"{folder}/{who}.sig": signature})
        return self.save("Approve", by or who)

    def tree(self, commit: str) -> Tree:
        with past(str(self.folder), ("registry", "observed", ".stocktake", "schemas", FILE, MAILMAP)) as found:
            assert found
            blobs = found.files(commit)
            held = {path: found.read(blob) for path, blob in blobs.items()}
        return Held({path: len(content) for path, content in held.items()}, held.__getitem__)

    def ballot(self, host: Reviews | None = None, today: date = TODAY, base: str = "") -> Ballot:
        head = self.git("rev-parse", "HEAD")
        one, two = self.tree(base or self.main), self.tree(head)
        before, after = open_estate(one).sound(), open_estate(two).sound()
        history = open_approvals(str(self.folder))
        change = history.change(base or self.main, head)
        return judged(weaker(one, two, before, after), history, change, one, before, today, host)

    def flaws(self, host: Reviews | None = None, today: date = TODAY) -> list[tuple[str, str]]:
        """Who approved, and why that does not count."""
        return [(one.approval.by, one.why) for one in self.ballot(host, today).approvals]


def by(ballot: Ballot) -> list[tuple[str, ...]]:
    """Whose approval counts for each weakening."""
    return [one.by for one in ballot.verdicts]
