"""Who talks to whom: settings, commands, proxy labels and start order become edges of the data model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stocktake.discover import engines, externals, images, places
from stocktake.discover.claims import Configuration, Service, Setting
from stocktake.discover.draft import Draft, Estate
from stocktake.discover.hosts import Hosts
from stocktake.discover.interpolate import interpolate
from stocktake.discover.inventory import Folders, owners
from stocktake.discover.places import is_below
from stocktake.discover.projects import Project
from stocktake.discover.references import LOCAL, OWN, Target, find
from stocktake.model.observation import Unreadable
from stocktake.values.text import hostile

LONGEST = 200
SURE, LIKELY, WEAK = 0.9, 0.7, 0.6
_READS = re.compile(
    r"(^|[-_.])(backup|dump|report\w*|export(er)?|bi|metabase|analytics|dashboard)([-_.]|$)", re.IGNORECASE
)
_CONSUMES = re.compile(r"(^|[-_.])(workers?|consumers?|subscriber|listener|processor|celery)([-_.]|$)", re.IGNORECASE)
_MONITOR = re.compile(
    r"(^|/)(prometheus|grafana|[\w-]*[-_]exporter|cadvisor|promtail|alertmanager|telegraf|alloy|metricbeat|uptime-kuma)([-_:]|$)"
)
_TELEMETRY_IMAGE = re.compile(
    r"(opentelemetry-collector\S*|jaeger\S*|all-in-one|zipkin|tempo|otel-lgtm|seq|graylog|fluent\S*|logstash):"
)
_TELEMETRY = frozenset(("sentry", "datadog", "newrelic"))
_WEB_SERVERS = re.compile(r"(^|/)(nginx\S*|caddy|httpd|traefik|haproxy|openresty)(:|$)")
_HELPERS = frozenset(("zookeeper", "etcd", "minio"))


class Reader:
    """Reads the settings of all programs, and notes stores and external systems that only they know of."""

    def __init__(self, estate: Estate, folders: Folders, projects: list[Project]) -> None:
        self.estate = estate
        self.folders = folders
        self.projects = projects
        self.owners = owners(estate)
        self.hosts = Hosts(estate)
        self.problems: set[Unreadable] = set()
        self.mounts: dict[str, list[Draft]] = {}
        for draft in estate.drafts.values():
            for source in {
                source[2:] for variant in draft.variants for source, _ in variant.mounts if source[:2] == "./"
            }:
                self.mounts.setdefault(source, []).append(draft)

    def services(self) -> None:
        """Environment, command, labels and start order of the services of all projects, and what their recipes set."""
        for draft in [draft for draft in self.estate.drafts.values() if draft.project]:
            for variant in draft.variants:
                self.read(draft, draft.project, "", (*variant.settings, *variant.arguments), SURE)
                recipe = self.folders.recipes.get(variant.dockerfile)
                self.read(draft, draft.project, "", recipe.settings if recipe else (), SURE)
                self._starts(draft, variant)
                self._proxied(draft, variant)

    def configurations(self, files: Iterable[Configuration]) -> None:
        """Configuration files, for the programs that they belong to; those of nobody show only what exists."""
        for file in files:
            folder = places.folder(file.path)
            mounting = self._mounting(file.path)
            belonging = mounting or self._living(folder)
            project = belonging[0].project if belonging and belonging[0].project else self._project(folder)
            sure = LIKELY if file.is_sample or file.is_code or not belonging else SURE
            for draft in belonging or (None,):
                settings = self._set_here(file, draft)
                self.read(draft, project, folder, settings, sure, file.is_sample, bool(mounting))
                self._clients(draft, file, sure)

    def read(
        self,
        owner: Draft | None,
        project: Project | None,
        folder: str,
        settings: Iterable[Setting],
        confidence: float,
        is_sample: bool = False,
        is_mounted: bool = False,
    ) -> None:
        """Edges from the owner, if there is one, to everything that the settings point at."""
        reached = [
            (setting, target, self._service(setting, target, project, is_mounted))
            for setting, target in find(settings, is_sample)
            if self._can_be_named(setting, target)
        ]
        inside = {
            target.client
            for _, target, draft in reached
            if draft or (target.external and target.external.name != target.client)
        }
        for setting, target, draft in reached:
            sure = confidence if target.is_sure else min(confidence, WEAK)
            if (
                draft is None
                and not _is_server(owner)
                and (target.host or not target.external or target.client not in inside)
            ):
                draft = self._outside(setting, target, owner, folder, sure)
            if draft is None or not _may_call(owner, draft):
                continue
            if not draft.project and not draft.homes:
                draft.evidence.add(setting.evidence)
            if owner:
                self.estate.connect(owner, draft, edge_type(owner, draft), sure, [setting.evidence])

    def _clients(self, owner: Draft | None, file: Configuration, confidence: float) -> None:
        """The well-known systems whose clients the code of a program uses."""
        for name, evidence in file.clients:
            if external := externals.named(name):
                draft = self.hosts.external(external, "", confidence)
                draft.evidence.add(evidence)
                if owner and _may_call(owner, draft):
                    self.estate.connect(owner, draft, edge_type(owner, draft), confidence, [evidence])

    def finish(self, project: str) -> None:
        """What can be said only when everything was read."""
        self._shared_volumes()
        self.hosts.identify_all(project)

    def _shared_volumes(self) -> None:
        """Programs that mount the volume in which a store's file lies."""
        for volume, store in self.hosts.files():
            for draft in list(self.estate.drafts.values()):
                for variant in draft.variants:
                    if draft.project and any(
                        f"volume:{draft.project.name}/{source}" == volume for source, _ in variant.mounts
                    ):
                        self.estate.connect(draft, store, edge_type(draft, store), WEAK, [variant.evidence])

    def _can_be_named(self, setting: Setting, target: Target) -> bool:
        """Whether a target has a name by which a record could know it; what has none is not understood."""
        hidden = hostile(target.path + target.database)
        if target.path and not target.database.strip():
            message = f"{setting.key} names a folder, and no file of a store in it"
        elif hidden:
            message = f"{setting.key} holds the character {hidden[0][1]}"
        elif max(map(len, (target.path, target.database, target.host))) > LONGEST:
            message = f"{setting.key} holds a name of more than {LONGEST} characters"
        else:
            return True
        self.problems.add(Unreadable(setting.evidence.file, setting.evidence.line, message))
        return False

    def _service(self, setting: Setting, target: Target, project: Project | None, is_mounted: bool) -> Draft | None:
        if target.host in LOCAL and (is_mounted or OWN.search(setting.key)):
            return None
        return self.hosts.find(target, project)

    def _outside(
        self, setting: Setting, target: Target, owner: Draft | None, folder: str, confidence: float
    ) -> Draft | None:
        """A store or a system that is no service of the tree, if enough is known of it."""
        if target.path:
            return self.hosts.file(
                target, owner, folder or (owner.project.folder if owner and owner.project else ""), confidence
            )
        if target.external:
            host = target.host if target.host not in LOCAL else ""
            return self.hosts.external(target.external, host, confidence)
        if not target.engine or target.engine not in engines.ENGINES or (owner and owner.engine == target.engine):
            return None
        if target.is_web and "." not in target.host and target.engine not in target.host:
            return None
        if not target.is_sure or (
            "." not in target.host and target.host not in LOCAL and not target.database and owner is None
        ):
            return None
        return self.hosts.store(target, confidence)

    def _set_here(self, file: Configuration, draft: Draft | None) -> tuple[Setting, ...]:
        """The settings that hold: Compose stands over an env file, and fills in the variables of other files."""
        composed = (
            {setting.key: setting.value for variant in draft.variants for setting in variant.settings} if draft else {}
        )
        if file.is_env or file.is_code:
            own = tuple(setting for setting in file.settings if setting.key not in composed)
            if not file.is_code:
                return own
            return tuple(each._replace(value=interpolate(each.value, composed)) for each in own)
        return tuple(setting._replace(value=interpolate(setting.value, composed)) for setting in file.settings)

    def _mounting(self, path: str) -> tuple[Draft, ...]:
        """The services into which this one file, or a folder of configuration with it, is mounted."""
        path = re.sub(r"\.(template|sample|example|dist|tmpl|tpl|j2)$", "", path)
        found: dict[str, Draft] = {}
        while path:
            found.update((draft.key, draft) for draft in self.mounts.get(path, ()) if path not in draft.homes)
            path = places.folder(path)
        return tuple(found.values())

    def _living(self, folder: str) -> tuple[Draft, ...]:
        """The programs of the nearest folder above; the root counts only if all that live there are built alike."""
        above = folder
        while above:
            if above in self.owners:
                return self.owners[above]
            above = places.folder(above)
        found = self.owners.get("", ())
        recipes = {variant.dockerfile for draft in found for variant in draft.variants if not _is_overlay(variant)}
        return found if len(found) == 1 or (len(recipes) == 1 and "" not in recipes) else ()

    def _project(self, folder: str) -> Project | None:
        """The project of the nearest folder above, or the only one."""
        near = [project for project in self.projects if is_below(folder, project.folder)]
        if near:
            return max(near, key=lambda project: len(project.folder))
        return self.projects[0] if len(self.projects) == 1 else None

    def _starts(self, draft: Draft, variant: Service) -> None:
        for name, evidence in variant.depends:
            target = self.hosts.find(Target(host=name.lower()), draft.project)
            if target and target.project is draft.project and _may_depend(draft, target):
                self.estate.connect(draft, target, edge_type(draft, target), WEAK, [evidence])

    def _proxied(self, draft: Draft, variant: Service) -> None:
        """Traefik and its like read the labels of other services."""
        shown = next(
            (
                label
                for label in variant.labels
                if re.match(r"traefik\.(http|tcp|udp)\.(routers|services)\.", label.key)
            ),
            None,
        )
        if not shown or any(
            label.key == "traefik.enable" and label.value.lower() == "false" for label in variant.labels
        ):
            return
        proxies = [
            d
            for d in self.estate.drafts.values()
            if d.type == "gateway" and any("traefik" in v.image for v in d.variants)
        ]
        near = [proxy for proxy in proxies if proxy.project is draft.project] or proxies
        if len(near) == 1:
            self.estate.connect(near[0], draft, "calls", SURE, [shown.evidence])


def edge_type(source: Draft, target: Draft) -> str:
    """The word of the data model for what one thing does with another, as far as names and kinds tell."""
    if _is_monitor(source):
        return "monitors"
    if target.type in engines.BROKERS:
        return (
            "subscribes-to" if source.type in ("worker", "website") or _CONSUMES.search(source.name) else "publishes-to"
        )
    if target.type in ("identity-provider", "identity-store"):
        return "authenticates-with"
    if target.type in engines.STORES:
        if _READS.search(source.name):
            return "writes" if target.type == "object-store" else "reads"
        return "reads-writes"
    if target.name in _TELEMETRY or any(_TELEMETRY_IMAGE.search(f"{variant.image}:") for variant in target.variants):
        return "writes"
    return "calls"


def _is_overlay(variant: Service) -> bool:
    """Whether a Compose file only changes the settings of what another one describes."""
    return not variant.dockerfile and not variant.image


def _is_monitor(draft: Draft) -> bool:
    return any(_MONITOR.search(f"{variant.image}:") for variant in draft.variants)


def _is_server(draft: Draft | None) -> bool:
    """A store, whose env file may be that of its clients; one that scrapes others reads its own."""
    return draft is not None and draft.type in engines.STORES and not _is_monitor(draft)


def _may_call(owner: Draft | None, target: Draft) -> bool:
    """A program behind a website does not call it; what it is told of its address is for links and headers."""
    if _is_server(owner):
        return target.engine in _HELPERS
    if owner is None or target.type not in ("frontend", "website"):
        return True
    return owner.type in ("gateway", "batch-job", "website", "frontend") or _is_monitor(owner)


def _may_depend(source: Draft, target: Draft) -> bool:
    """Whether an order of starting is a sign of talking to each other."""
    if target.type == "batch-job":
        return False
    if _is_monitor(source):
        return True
    if _is_server(source):
        return target.engine in _HELPERS and source.engine != target.engine
    is_shown = source.type == "frontend" or any(_WEB_SERVERS.search(variant.image) for variant in source.variants)
    if target.type in engines.STORES and is_shown:
        return False
    own = target.variants and not any(images.known(variant.image) for variant in target.variants)
    return not (target.type == "worker" and own and not any(variant.ports for variant in target.variants))
