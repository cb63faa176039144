"""The workflow that posts the digest takes its artifact for a text of a stranger: its step runs here as it is, and a
stand-in for `gh` answers from files and keeps what it is told.
"""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from stocktake.scaffold.templates import FOLDER

WORKFLOW = Path(FOLDER) / ".github/workflows/comment.yml"
COMMIT = "1f0c7a52c1d1f6a3f6b2c6b0a8f5a9d2e4c3b1a0"
MARK = "<!-- stocktake:digest -->"
GH = """#!/usr/bin/env bash
printf '%s\\0' "$@" >>"$ANSWERS/calls"
echo >>"$ANSWERS/calls"
filter=(cat)
for ((at = 1; at <= $#; at++)); do
    [ "${!at}" != --jq ] || { next=$((at + 1)) && filter=(jq -r "${!next}"); }
    [ "${!at}" != --input ] || { next=$((at + 1)) && cp "${!next}" "$ANSWERS/posted.json"; }
done
case "$*" in
*--method\\ PATCH* | *--method\\ POST*) ;;
*/zip*) cat "$ANSWERS/digest.zip" ;;
*/artifacts*) "${filter[@]}" <"$ANSWERS/artifacts.json" ;;
*/comments*) "${filter[@]}" <"$ANSWERS/comments.json" ;;
*/pulls*) "${filter[@]}" <"$ANSWERS/pulls.json" ;;
*) exit 9 ;;
esac
"""


class Host:
    """What the host answers, and what it is asked to post."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH)
        (folder / "bin/gh").chmod(0o755)
        (folder / "runner").mkdir()
        self.answer("pulls", [{"number": 7, "head": {"sha": COMMIT}}])
        self.answer("artifacts", {"artifacts": [{"id": 5, "name": "digest", "size_in_bytes": 900}]})
        self.answer("comments", [])
        self.digest({"digest.md": "## Nothing changes\n"})

    def answer(self, name: str, value: Any) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(value))

    def digest(self, files: dict[str, str | bytes]) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        (self.folder / "digest.zip").write_bytes(content.getvalue())

    def run(self, branch: str = "change") -> str:
        """What the step prints."""
        [step] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["post"]["steps"]
        said = {"REPOSITORY": "acme/estate", "RUN": "42", "RUN_URL": "https://example.org/42", "COMMIT": COMMIT}
        env = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "ANSWERS": str(self.folder), "OWNER": "stranger", **said}
        env |= {"BRANCH": branch, "RUNNER_TEMP": str(self.folder / "runner"), "GH_TOKEN": "t0p-secret"}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def calls(self) -> list[list[str]]:
        return [line.split("\0")[:-1] for line in (self.folder / "calls").read_text().splitlines()]

    @property
    def posted(self) -> str | None:
        path = self.folder / "posted.json"
        return str(json.loads(path.read_text("utf-8"))["body"]) if path.exists() else None


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_the_digest_becomes_a_comment_under_a_mark(host: Host) -> None:
    host.run()

    assert host.posted == (
        f"{MARK}\n## Nothing changes\n\n\n[The run that wrote this](https://example.org/42) keeps it whole."
    )
    assert host.calls[-1][:5] == ["api", "--silent", "--method", "POST", "repos/acme/estate/issues/7/comments"]


def test_the_next_digest_takes_the_place_of_the_last(host: Host) -> None:
    bot = {"login": "github-actions[bot]"}
    stranger = {"id": 1, "user": {"login": "stranger"}, "body": f"{MARK}\nmine"}
    host.answer("comments", [stranger, {"id": 2, "user": bot, "body": "x"}, {"id": 3, "user": bot, "body": MARK}])
    host.run()

    assert host.calls[-1][:5] == ["api", "--silent", "--method", "PATCH", "repos/acme/estate/issues/comments/3"]


@pytest.mark.parametrize(
    "pulls",
    [[], [{"number": 7, "head": {"sha": "0" * 40}}], [{"number": n, "head": {"sha": COMMIT}} for n in (7, 8)]],
)
def test_nothing_is_posted_where_the_pull_request_is_not_certain(host: Host, pulls: list[Any]) -> None:
    host.answer("pulls", pulls)

    assert "nothing is posted" in host.run()
    assert host.posted is None


def test_the_number_comes_from_the_event_and_never_from_the_artifact(host: Host) -> None:
    host.digest({"number": "1", "pr_number.txt": "1", "digest.md": "number=1\n"})
    host.run()

    assert "repos/acme/estate/issues/7/comments" in host.calls[-1]


@pytest.mark.parametrize("artifacts", [[], [{"id": 5, "name": "digest", "size_in_bytes": 5_000_000}]])
def test_an_artifact_of_another_size_is_not_fetched(host: Host, artifacts: list[Any]) -> None:
    host.answer("artifacts", {"artifacts": artifacts})

    assert "nothing is posted" in host.run()
    assert not any("zip" in part for call in host.calls for part in call)


def test_an_artifact_that_unpacks_to_gigabytes_is_cut_and_not_posted(host: Host) -> None:
    host.digest({"digest.md": b"x" * 300_000_000})
    host.run()

    assert host.posted
    assert "The digest is too long for a comment." in host.posted
    assert (host.folder / "runner/digest.md").stat().st_size == 260_000


def test_nothing_of_an_artifact_is_unpacked_by_its_name(host: Host) -> None:
    host.digest({"../../evil.md": "x", "/tmp/evil.md": "x"})
    host.run()

    assert host.posted
    assert "There is no digest." in host.posted
    assert not list(host.folder.rglob("evil.md"))


def test_nobody_is_called_and_nothing_hidden_is_posted(host: Host) -> None:
    host.digest({"digest.md": b"@acme/everyone mail@x.org \xff\x00\x1b[31m\xe2\x80\xaetxt\n| a |\r\n"})
    host.run()

    assert host.posted
    assert "@\u200bacme/everyone mail@\u200bx.org \ufffd[31mtxt\n| a |\n" in host.posted


@pytest.mark.parametrize(
    "branch", ["$(touch pwned)", "a'; touch pwned; '", "x&state=closed", "--output=x", "::set-env"]
)
def test_the_name_of_a_branch_does_nothing(host: Host, branch: str) -> None:
    host.run(branch)

    assert f"head=stranger:{branch}" in host.calls[0]
    assert not list(host.folder.rglob("pwned"))
