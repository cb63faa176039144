"""Documents of Kubernetes as objects: what runs, with which settings, and under which names it is reached."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Iterable, Iterator

from stocktake.discover import engines, operators
from stocktake.discover.claims import BEFORE, BESIDE, MAIN, Container, Object, Reference, Service, Setting
from stocktake.discover.entries import entries
from stocktake.discover.page import HIDDEN, Page
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import Node, documents, leaves

WORKLOADS = frozenset(
    ("CronJob", "DaemonSet", "Deployment", "DeploymentConfig", "Job", "Pod", "ReplicaSet", "StatefulSet")
)
JOBS = frozenset(("CronJob", "Job"))
_OTHERS = frozenset(("Rollout", "CloneSet", "Service"))
_ARGUMENT = re.compile(r"^-{0,2}([A-Za-z][\w.-]*)=(.+)$", re.DOTALL)
_VARIABLE = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_FILES = re.compile(r"\.(ya?ml|json|properties|toml|ini|conf|cfg|env)$", re.IGNORECASE)


def objects(page: Page, documents_: Iterable[Node]) -> Iterator[Object]:
    """All objects of a file, those in lists too."""
    for document in documents_:
        if document.get("kind").text().endswith("List"):
            yield from objects(page, document.get("items").each())
        elif found := _object(page, document):
            yield found


def _object(page: Page, node: Node) -> Object | None:
    kind, about, api = node.get("kind").text(), node.get("metadata"), node.get("apiVersion").text()
    name = about.get("name").text() or about.get("generateName").text().rstrip("-")
    if not kind or not api or not name or len(name) > 253 or re.search(r"[^A-Za-z0-9._-]", name):
        return None
    plain = Object(
        page.path, kind, name, page.evidence(node.get("kind").line or node.line), about.get("namespace").text()
    )
    group = api.partition("/")[0] if "/" in api else ""
    operator = operators.of_object(group, kind)
    if operator:
        version = operators.version(operator, node)
        return plain._replace(
            type=operator.type, engine=operator.engine, version=version, hosts=operators.hosts(operator, name)
        )
    if kind in ("HelmRelease", "Application", "HelmChart") and (chart := _chart(node)):
        return _of_chart(plain, chart, node)
    if kind == "Service" and group == "serving.knative.dev":
        return _workload(page, node, plain)
    if kind in WORKLOADS or (kind in _OTHERS and node.get("spec").get("template").items()):
        return _workload(page, node, plain)
    make = {"ConfigMap": _data, "Secret": _data, "Service": _service, "Ingress": _ingress}.get(kind)
    if kind in ("HTTPRoute", "IngressRoute", "VirtualService"):
        make = _route
    return make(page, node, plain) if make else None


def _of_chart(plain: Object, chart: str, node: Node) -> Object | None:
    engine = operators.of_chart(chart)
    if not engine:
        return None
    name = node.get("spec").get("releaseName").text() or plain.name
    hosts = tuple(f"{name}{end}" for end in ("", f"-{engine}", "-master", f"-{engine}-master", "-primary", "-headless"))
    return plain._replace(type=engines.ENGINES[engine].type, engine=engine, hosts=hosts)


def _chart(node: Node) -> str:
    spec = node.get("spec")
    return operators.first(
        part.text()
        for part in (
            spec.get("chart").get("spec").get("chart"),
            spec.get("source").get("chart"),
            spec.get("chart"),
        )
    )


def _workload(page: Page, node: Node, plain: Object) -> Object:
    spec = node.get("spec")
    spec = spec.get("jobTemplate").get("spec") if plain.kind == "CronJob" else spec
    template = node if plain.kind == "Pod" else spec.get("template")
    pod = template.get("spec")
    maps = {
        volume.get("name").text(): (kind, source.text(), source.line)
        for volume in pod.get("volumes").each()
        for kind, source in (
            ("ConfigMap", volume.get("configMap").get("name")),
            ("Secret", volume.get("secret").get("secretName")),
        )
        if source.text()
    }
    mains = [_container(page, part, maps, plain.name) for part in pod.get("containers").each() if part.items()]
    before = [_container(page, part, maps, plain.name) for part in pod.get("initContainers").each() if part.items()]
    return plain._replace(
        labels=_pairs(template.get("metadata").get("labels")),
        containers=tuple(
            [each._replace(role=BESIDE if number else MAIN) for number, each in enumerate(mains)]
            + [each._replace(role=BEFORE) for each in before]
        ),
        type="batch-job" if plain.kind in JOBS else "",
    )


def _pairs(node: Node) -> frozenset[tuple[str, str]]:
    return frozenset((key, value.text()) for key, value in node.items())


def _container(page: Page, node: Node, maps: dict[str, tuple[str, str, int]], owner: str) -> Container:
    above = (owner, node.get("name").text())
    image, settings, references = node.get("image"), list[Setting](), list[Reference]()
    for item in node.get("env").each():
        key, source = item.get("name").text(), item.get("valueFrom")
        if source.items():
            references += _referred(page, key, source)
        else:
            settings.append(page.setting(key, item.get("value").text(), item.get("value").line or item.line, above))
    for item in node.get("envFrom").each():
        for kind, part in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            name = item.get(part).get("name")
            if name.text():
                prefix = item.get("prefix").text()
                references.append(Reference(prefix, kind, name.text(), "", page.evidence(name.line)))
    mounts = []
    for mount in node.get("volumeMounts").each():
        volume = mount.get("name").text()
        mounts.append((volume, mount.get("mountPath").text()))
        if volume in maps:
            kind, name_, line = maps[volume]
            references.append(Reference("/", kind, name_, "", page.evidence(line)))
    values = {each.key: each.value for each in settings}
    command, arguments = _command(page, node, above, values)
    service = Service(
        name=node.get("name").text(),
        evidence=page.evidence(node.line),
        image=image.text(),
        image_evidence=page.evidence(image.line) if image.text() else None,
        command=command,
        settings=tuple(each._replace(value=_filled(each.value, values)) for each in settings),
        arguments=arguments,
        ports=tuple(port.get("containerPort").text() for port in node.get("ports").each()),
        mounts=tuple(mounts),
    )
    return Container(service, tuple(references))


def _filled(text: str, values: dict[str, str]) -> str:
    """`$(NAME)` as Kubernetes fills it in."""
    return _VARIABLE.sub(lambda match: values.get(match[1], "${" + match[1] + "}"), text)


def _referred(page: Page, key: str, source: Node) -> Iterator[Reference]:
    for kind, part in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
        found = source.get(part)
        if found.get("name").text():
            place = page.evidence(found.get("name").line)
            yield Reference(key, kind, found.get("name").text(), found.get("key").text(), place)


def _command(page: Page, node: Node, above: tuple[str, ...], values: dict[str, str]) -> tuple[str, tuple[Setting, ...]]:
    """What is started, without its secrets; options under their names, other words under none."""
    shown, found = list[str](), list[Setting]()
    for part in ("command", "args"):
        words = [(word, item.line) for item in node.get(part).each() for word in _split(item.text())]
        key = ""
        for word, line in page.command(words, (*above, part)):
            word = _filled(word, values)
            match = _ARGUMENT.match(word)
            if match or not word.startswith("-"):
                setting = page.setting(*((match[1], match[2]) if match else (key, word)), line, above)
                found.append(setting)
                word = word[: match.start(2)] + (setting.value or HIDDEN) if match else setting.value or HIDDEN
            shown.append(word)
            key = word.lstrip("-") if word.startswith("-") and not match else ""
    return " ".join(shown), tuple(found)


def _split(text: str) -> list[str]:
    if " " not in text and "\n" not in text:
        return [text]
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _data(page: Page, node: Node, plain: Object) -> Object:
    """The settings of a ConfigMap or a Secret; files in it are read as the configuration that they are."""
    settings = list[Setting]()
    for part in ("data", "stringData", "binaryData"):
        for key, value in node.get(part).items():
            text = value.text()
            if plain.kind == "Secret" and part == "data":
                text = _decoded(text)
            if "\n" in text or _FILES.search(key):
                settings += of_file(page, key, text, value.line + 1, (part, key))
            elif part != "binaryData":
                settings.append(page.setting(key, text, value.line, (part,)))
    return plain._replace(settings=tuple(settings))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return text


def of_file(page: Page, name: str, text: str, line: int, above: tuple[str, ...] = ()) -> list[Setting]:
    """The settings of a file that is written inside another one, from a line on."""
    found: list[Setting] = []
    if re.search(r"\.(ya?ml|json)$", name, re.IGNORECASE):
        try:
            pairs = [leaf for document in documents(text) for leaf in leaves(document)]
        except NotUnderstoodError:
            pairs = []
        for keys, node in pairs:
            setting = page.setting(keys[-1] if keys else "", node.text(), line + node.line - 1, (*above, *keys[:-1]))
            found.append(setting._replace(key=".".join(keys)))
        return found
    for entry in entries(text.split("\n"), words=name.endswith((".conf", ".cnf"))):
        setting = page.setting(entry.keys[-1], entry.value, line + entry.line - 1, (*above, *entry.keys[:-1]))
        found.append(setting._replace(key=".".join(entry.keys)))
    return found


def _service(page: Page, node: Node, plain: Object) -> Object:
    spec = node.get("spec")
    outside = spec.get("externalName").text()
    return plain._replace(
        selector=_pairs(spec.get("selector")),
        ports=tuple(port.get("port").text() for port in spec.get("ports").each()),
        targets=((outside, ""),) if outside else (),
    )


def _ingress(page: Page, node: Node, plain: Object) -> Object:
    targets = []
    for rule in node.get("spec").get("rules").each():
        for path in rule.get("http").get("paths").each():
            backend = path.get("backend")
            name = backend.get("service").get("name").text() or backend.get("serviceName").text()
            if rule.get("host").text() and name:
                targets.append((rule.get("host").text(), name))
    return plain._replace(targets=tuple(dict.fromkeys(targets)))


def _route(page: Page, node: Node, plain: Object) -> Object:
    """Routes of the gateway API, of Traefik and of Istio."""
    spec = node.get("spec")
    hosts = [host.text() for part in ("hostnames", "hosts") for host in spec.get(part).each()]
    names = []
    for rule in [*spec.get("rules").each(), *spec.get("http").each()]:
        names += [each.get("name").text() for each in rule.get("backendRefs").each()]
        names += [each.get("destination").get("host").text() for each in rule.get("route").each()]
    for route in spec.get("routes").each():
        hosts += re.findall(r"Host\(`([^`]{1,253})`\)", route.get("match").text())
        names += [each.get("name").text() for each in route.get("services").each()]
    return plain._replace(kind="Ingress", targets=tuple((host, name) for host in hosts for name in names if name))
