"""Pipelines of GitHub Actions, GitLab, CircleCI and Jenkins: jobs that migrate, dump or restore a store.

The stores that a job starts for itself are there for its tests; they are told only so that nothing is taken for more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename

from stocktake.discover import images, work
from stocktake.discover.claims import Claims, Job, Setting
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, Node, documents
from stocktake.model.observation import Evidence

_GITHUB = re.compile(r"(^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$")
_GITLAB = re.compile(
    r"(^|/)(?:\.gitlab-ci[\w.-]*\.ya?ml|\.gitlab/(?:[\w.-]+/)*[\w.-]+\.ya?ml|[\w.-]+\.gitlab-ci\.ya?ml)$"
)
_CIRCLE = re.compile(r"(^|/)\.circleci/[\w.-]+\.ya?ml$")
_JENKINS = re.compile(r"(^|/)(?:Jenkinsfile(?:[._-][\w.-]+)?|[\w.-]+\.jenkinsfile)$", re.IGNORECASE)
_KEYWORDS = frozenset(
    (
        "after_script",
        "before_script",
        "cache",
        "default",
        "image",
        "include",
        "pages",
        "services",
        "spec",
        "stages",
        "variables",
        "workflow",
    )
)
_FOLDER = re.compile(r"(?:^|&&|;)\s*(?:cd|pushd)\s+[\"']?([\w./-]{1,200})")
_STAGE = re.compile(r"\bstage\s*\(?\s*[\"']([^\"'\n]{1,100})[\"']")
_EXPRESSION = re.compile(r"\$\{\{\s{0,8}([\w.-]{1,200})\s{0,8}\}\}")
_IMAGE = re.compile(r"docker\.image\(\s*[\"']([^\"'\n]{1,200})[\"']|^\s*image:?\s+[\"']?([\w./:@-]{1,200})")
_COMMON = frozenset(("build", "cd", "ci", "config", "gitlab-ci", "jenkinsfile", "main", "pipeline"))
_STEP = re.compile(r"""^\s*(?:sh|bat|powershell)\s*\(?(?:\s*script:)?\s*(\"{3}|'{3}|["'])""")
_SET = re.compile(r"^\s*([A-Z][A-Z0-9_]{1,60})\s*=\s*[\"']([^\"'\n]{1,500})[\"']\s*$")


def wants(path: str) -> bool:
    """The names that the four give their files."""
    return any(pattern.search(path) for pattern in (_GITHUB, _GITLAB, _CIRCLE, _JENKINS))


def reads_lines(path: str) -> bool:
    """Whether the scripts of a file are read line by line here, with the secrets in them."""
    return bool(_GITHUB.search(path) or _CIRCLE.search(path))


def scan(path: str, text: str) -> Claims:
    """The jobs that do something with a store."""
    page = Page(path, text)
    if _JENKINS.search(path):
        return Claims(jobs=tuple(_worked(_of_jenkins(page))), secrets=page.secrets)
    root = next(iter(documents(text)), NOTHING)
    if _GITLAB.search(path):
        root = documents(text)[-1] if root.value else NOTHING
    read = _of_github if _GITHUB.search(path) else _of_circle if _CIRCLE.search(path) else _of_gitlab
    return Claims(jobs=tuple(_worked(read(page, root))), secrets=page.secrets)


class _Draft:
    """A job while it is read; what is set for it is looked at only once something is done."""

    def __init__(self, page: Page, name: str, line: int, above: _Draft | None = None) -> None:
        self.page = page
        self.name = name
        self.line = line
        self.above = above
        self.folder = ""
        self.variables: list[tuple[str, str, int]] = []
        self.nodes: list[Node] = []
        self.services: set[str] = set()
        self.works: list[tuple[work.Work, str, Evidence]] = []
        self.is_trial = False
        self.bucket = ("", "")
        self.keys: tuple[str, ...] = (name,)
        self.reads_addresses = True

    def set(self, *nodes: Node) -> None:
        """Take variables in; later ones stand over earlier ones."""
        self.nodes += [node for node in nodes if node.items()]

    def settings(self) -> dict[str, Setting]:
        """Everything that is set, without its secrets."""
        found = self.above.settings() if self.above else {}
        quiet = Page(self.page.path, "")  # the secrets among them are told where configuration is read
        for node in self.nodes:
            for key, value in node.items():
                text = _EXPRESSION.sub(r"${\1}", value.text() or value.get("value").text())
                found[key] = quiet.setting(key, text, value.line)
        for key, text, line in self.variables:
            found[key] = quiet.setting(key, text, line)
        return found

    def start(self, *references: str) -> None:
        found = [images.known(reference) for reference in references if reference]
        self.services.update(image.engine for image in found if image and image.engine)

    def run(self, node: Node, folder: str = "") -> str:
        """The lines of a script, those that end with a backslash joined; the folder in which it ends."""
        place = folder or self.folder
        for command in re.sub(r"\\\n\s*", " ", node.text()).split("\n"):
            self.line_of(command, place, self._where(node, command))
            entered = _FOLDER.search(command)
            place = entered[1] if entered else place
        return place

    def line_of(self, command: str, folder: str, line: int) -> None:
        self.is_trial = self.is_trial or work.is_trial(command)
        entered = _FOLDER.search(command)
        works = list(work.of_line(command, self._values))
        self._expose(command, line)
        for each in works:
            self.works.append((each, entered[1] if entered else folder, self.page.evidence(line)))
        if not works and not self.bucket[0]:
            self.bucket = work.bucket_of(command)

    def _expose(self, command: str, line: int) -> None:
        """Note the passwords in a line, those in addresses too where nobody else reads it line by line."""
        words = [(word, line) for word in command.split()]
        self.page.command(words, self.keys)
        for word, _ in words if self.reads_addresses else ():
            if "://" in word:
                self.page.setting(self.keys[-1], word.strip("\"'"), line, self.keys[:-1])

    def _values(self) -> dict[str, str]:
        return {key: setting.value for key, setting in self.settings().items()}

    def _where(self, node: Node, command: str) -> int:
        last = min(node.line + 2 + node.text().count("\n"), len(self.page.lines))
        for start in (command.strip()[:40], command.strip()[:12]):
            for number in range(node.line, last + 1):
                if start and start in self.page.lines[number - 1]:
                    return number
        return node.line


def _worked(drafts: Iterable[_Draft]) -> Iterator[Job]:
    for draft in drafts:
        if draft.works and draft.name:
            yield Job(
                draft.page.path,
                draft.name[:100],
                draft.page.evidence(draft.line),
                tuple(draft.works),
                tuple(draft.settings().values()),
                tuple(sorted(draft.services)),
                draft.is_trial,
                draft.bucket,
                _stem(draft.page.path),
            )


def _of_github(page: Page, root: Node) -> Iterator[_Draft]:
    for name, node in root.get("jobs").items():
        draft = _Draft(page, name, node.under or node.line)
        draft.set(root.get("env"), node.get("env"))
        draft.start(*(service.get("image").text() for _, service in node.get("services").items()))
        every = [part.get("defaults").get("run").get("working-directory").text() for part in (node, root)]
        draft.folder = next(filter(None, every), "")
        for step in node.get("steps").each():
            draft.set(step.get("env"))
            draft.keys = ("jobs", name, "steps", "run")
            draft.run(step.get("run"), step.get("working-directory").text())
        yield draft


def _of_gitlab(page: Page, root: Node) -> Iterator[_Draft]:
    for name, node in root.items():
        if name in _KEYWORDS or name.startswith(".") or not node.items():
            continue
        draft = _Draft(page, name, node.under or node.line)
        layers = [node, *_extended(root, node), root.get("default"), root]
        draft.set(*(layer.get("variables") for layer in reversed(layers)))
        services = next((layer.get("services").each() for layer in layers if layer.get("services") is not NOTHING), [])
        draft.start(*(each.text() or each.get("name").text() for each in services))
        draft.reads_addresses = False
        for part in ("before_script", "script", "after_script"):
            draft.keys = (name, part)
            lines = next((layer.get(part).each() for layer in layers if layer.get(part).value), [])
            for line in lines:
                for one in line.each():
                    draft.folder = draft.run(one)
        yield draft


def _extended(root: Node, node: Node) -> Iterator[Node]:
    """What a job takes over from others; deeper than a few levels nobody extends."""
    names, seen = [each.text() for each in node.get("extends").each()], set[str]()
    while names:
        name = names.pop()
        if name not in seen:
            seen.add(name)
            yield root.get(name)
            names += [each.text() for each in root.get(name).get("extends").each()]


def _of_circle(page: Page, root: Node) -> Iterator[_Draft]:
    for name, node in root.get("jobs").items():
        draft = _Draft(page, name, node.under or node.line)
        draft.start(*(each.get("image").text() for each in node.get("docker").each()[1:]))
        draft.set(node.get("environment"))
        draft.folder = node.get("working_directory").text() if "~" not in node.get("working_directory").text() else ""
        for step in node.get("steps").each():
            run = step.get("run")
            draft.set(run.get("environment"))
            draft.keys = ("jobs", name, "steps", "run") if run.text() else ("jobs", name, "steps", "run", "command")
            draft.run(run if run.text() else run.get("command"), run.get("working_directory").text())
        yield draft


def _of_jenkins(page: Page) -> Iterator[_Draft]:
    """Groovy is not run and not parsed: stages by their heads, commands by the lines on which they stand."""
    first = _Draft(page, "pipeline", 1)
    drafts = [first]
    for number, line in enumerate(page.lines, 1):
        line = line[: work.LONGEST]
        if stage := _STAGE.search(line):
            drafts.append(_Draft(page, stage[1], number, first))
        if image := _IMAGE.search(line):
            first.start(image[1] or image[2])
        if pair := _SET.match(line):
            page.setting(pair[1], pair[2], number, (drafts[-1].name,))
            drafts[-1].variables.append((pair[1], pair[2], number))
        drafts[-1].reads_addresses = not pair
        drafts[-1].line_of(_STEP.sub("", line), "", number)
    for draft in drafts:
        draft.services |= first.services
    yield from drafts


def _stem(path: str) -> str:
    """What a pipeline is called after its file; empty where every repository calls it so."""
    name = re.sub(r"\.(ya?ml|jenkinsfile)$", "", basename(path), flags=re.IGNORECASE).strip(".")
    return "" if name.lower() in _COMMON else name
