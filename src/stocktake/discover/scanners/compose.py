"""Compose files and Swarm stacks, one at a time: services as they are written, with their variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from posixpath import basename

from stocktake.discover.claims import Claims, Composition, EnvFile, Service, Setting
from stocktake.discover.page import HIDDEN, Page
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import NOTHING, Node, documents
from stocktake.model.observation import Evidence, Unreadable

_NAME = re.compile(r"(^|[._-])(compose|docker-stack|stack)([._-].*)?\.ya?ml$", re.IGNORECASE)
_SERVICE = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LOOKS_LIKE = re.compile(r"^(services|include):", re.MULTILINE)
_MARKS = frozenset(("image", "build", "extends", "command", "container_name", "depends_on", "env_file", "deploy"))
_ARGUMENT = re.compile(r"^-{0,2}([A-Za-z][\w.-]*)=(.+)$", re.DOTALL)


def wants(path: str) -> bool:
    """Every YAML file: `include`, `extends` and `-f` know Compose files under any name."""
    return path.lower().endswith((".yml", ".yaml")) or bool(_NAME.search(basename(path).rsplit(".", 1)[0]))


def scan(path: str, text: str) -> Claims:
    """The services of a Compose file; nothing for other YAML."""
    if not looks_like(text):
        return Claims()
    page = Page(path, text)
    try:
        found = documents(text)
    except NotUnderstoodError as error:
        return Claims(problems=(Unreadable(path, error.line, error.message),))
    root = found[0] if found else NOTHING
    is_named = bool(_NAME.search(basename(path)))
    services = [(name, node) for name, node in root.get("services").items() if _SERVICE.fullmatch(name)]
    if not is_named and not any(_MARKS & dict(node.items()).keys() for _, node in services):
        return Claims()
    composition = Composition(
        path,
        root.get("name").text(),
        tuple(_service(page, name, node) for name, node in services if node.items()),
        tuple(_includes(root.get("include"))),
        tuple(node.get("file").text() for _, node in root.get("secrets").items() if node.get("file").text()),
        tuple(file for _, node in services for file in _needed(page, node)),
    )
    return Claims(compositions=(composition,), secrets=page.secrets, problems=tuple(_odd(path, root.get("services"))))


def _odd(path: str, services: Node) -> Iterator[Unreadable]:
    """What stands where services are expected and is none."""
    if services.value and not isinstance(services.value, dict):
        yield Unreadable(path, services.under, "services is not a mapping")
    for name, node in services.items():
        if not _SERVICE.fullmatch(name):
            yield Unreadable(path, node.under, "not a name of a service")
        elif node.value and not isinstance(node.value, dict):
            yield Unreadable(path, node.under, f"{name} is not a mapping, so it is no service")


def looks_like(text: str) -> bool:
    """A cheap first look, before anything is parsed."""
    return ("services:" in text or "include:" in text) and bool(_LOOKS_LIKE.search(text))


def _service(page: Page, name: str, node: Node) -> Service:
    build = node.get("build")
    command, arguments = _command(page, node, name)
    _checks(page, node, name)
    above = ("services", name)
    context = build.text() or build.get("context").text() or ("." if build.items() else "")
    image = node.get("image")
    extends = node.get("extends")
    return Service(
        name=name,
        evidence=page.evidence(node.under),
        image=image.text(),
        image_evidence=page.evidence(image.line) if image.text() else None,
        context=page.setting("context", context, build.line, (*above, "build")).value,
        dockerfile=build.get("dockerfile").text(),
        target=build.get("target").text(),
        command=command,
        restart=node.get("restart").text() or node.get("deploy").get("restart_policy").get("condition").text(),
        settings=tuple(_pairs(page, node.get("environment"), (*above, "environment"))),
        arguments=arguments + tuple(_pairs(page, build.get("args"), (*above, "build", "args"))),
        env_files=tuple(file.text() or file.get("path").text() for file in _list(node.get("env_file"))),
        depends=tuple(_depends(page, node)),
        ports=tuple(_port(port) for port in _list(node.get("ports"))),
        mounts=tuple(_mounts(node)),
        labels=tuple(_pairs(page, node.get("labels"), (*above, "labels")))
        + tuple(_pairs(page, node.get("deploy").get("labels"), (*above, "deploy", "labels"))),
        hosts=tuple(_hosts(node)),
        profiles=tuple(profile.text() for profile in _list(node.get("profiles"))),
        extends=(extends.get("file").text(), extends.text() or extends.get("service").text())
        if extends.value
        else None,
    )


def _list(node: Node) -> list[Node]:
    return [node] if node.items() else node.each()


def _words(node: Node) -> list[tuple[str, int]]:
    """The words of a command, each with its line."""
    if not node.text():
        return [(word.text(), word.line) for word in node.each()]
    try:
        return [(word, node.line) for word in shlex.split(node.text())]
    except ValueError:
        return [(word, node.line) for word in node.text().split()]


def _pairs(page: Page, node: Node, above: tuple[str, ...]) -> Iterator[Setting]:
    """Settings written as a mapping or as a list of `KEY=value`."""
    for key, value in node.items():
        yield page.setting(key, value.text(), value.line, above)
    for item in node.each() if not node.items() else []:
        key, _, written = item.text().partition("=")
        yield page.setting(key.strip(), written, item.line, above)


def _command(page: Page, node: Node, name: str) -> tuple[str, tuple[Setting, ...]]:
    """What is started, without its secrets; `--key=value` and `--key value` under their key, other words under none."""
    shown: list[str] = []
    found: list[Setting] = []
    for kind in ("entrypoint", "command"):
        above, key = ("services", name, kind), ""
        for word, line in page.command(_words(node.get(kind)), above):
            match = _ARGUMENT.match(word)
            if match or not word.startswith("-"):
                where = (match[1], match[2]) if match else (key, word)
                setting = page.setting(*where, line, above)
                found.append(setting)
                word = word[: match.start(2)] + (setting.value or HIDDEN) if match else setting.value or HIDDEN
            shown.append(word)
            key = word.lstrip("-") if word.startswith("-") and not match else ""
    return " ".join(shown), tuple(found)


def _checks(page: Page, node: Node, name: str) -> None:
    """Commands that start nothing of their own: only their secrets matter."""
    hooks = [(kind, hook.get("command")) for kind in ("post_start", "pre_stop") for hook in node.get(kind).each()]
    for kind, part in (("healthcheck", node.get("healthcheck").get("test")), *hooks):
        for word, line in page.command(_words(part), ("services", name, kind)):
            page.setting("", word, line, ("services", name, kind))


def _depends(page: Page, node: Node) -> Iterator[tuple[str, Evidence]]:
    depends = node.get("depends_on")
    for name, value in depends.items():
        yield name, page.evidence(value.under)
    for item in depends.each() if not depends.items() else []:
        yield item.text(), page.evidence(item.line)
    for part in ("links", "volumes_from"):
        for item in node.get(part).each():
            yield item.text().removeprefix("container:").partition(":")[0], page.evidence(item.line)
    shared = node.get("network_mode")
    if shared.text().startswith("service:"):
        yield shared.text().partition(":")[2], page.evidence(shared.line)


def _port(node: Node) -> str:
    if node.items():
        return f"{node.get('published').text()}:{node.get('target').text()}"
    return node.text()


def _mounts(node: Node) -> Iterator[tuple[str, str]]:
    for item in node.get("volumes").each():
        if item.items():
            yield item.get("source").text(), item.get("target").text()
        elif ":" in item.text():
            source, _, target = item.text().partition(":")
            yield source, target.partition(":")[0]
    for item in node.get("configs").each():
        if item.items():
            yield item.get("source").text(), item.get("target").text()


def _needed(page: Page, node: Node) -> Iterator[EnvFile]:
    """The env files without which the service does not start."""
    for file in _list(node.get("env_file")):
        path = file.text() or file.get("path").text()
        if path and "$" not in path and file.get("required").text().lower() != "false":
            yield EnvFile(path, page.evidence(file.line))


def _hosts(node: Node) -> Iterator[str]:
    """The further names under which others reach the service."""
    for part in ("container_name", "hostname"):
        if node.get(part).text():
            yield node.get(part).text()
    yield from (alias.text() for _, network in node.get("networks").items() for alias in network.get("aliases").each())


def _includes(node: Node) -> Iterator[str]:
    for item in _list(node):
        for path in [item] if item.text() else item.get("path").each():
            yield path.text()
