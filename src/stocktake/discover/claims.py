"""What scanners say about one file, before anything is joined; no claim holds a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stocktake.discover.resources import Resource
from stocktake.discover.work import Work
from stocktake.model.observation import Evidence, ExposedSecret, Unreadable


class Setting(NamedTuple):
    """A key and its value where somebody sets it; a secret value is empty, a URL is without user and password."""

    key: str
    value: str
    evidence: Evidence


class Service(NamedTuple):
    """One service as one file describes it; values are as written, with their variables.

    `identifiers`, `type`, `engine` and `version` are given where more than a Compose file says what it is.
    """

    name: str
    evidence: Evidence
    image: str = ""
    context: str = ""
    dockerfile: str = ""
    target: str = ""
    command: str = ""
    restart: str = ""
    settings: tuple[Setting, ...] = ()
    arguments: tuple[Setting, ...] = ()
    env_files: tuple[str, ...] = ()
    depends: tuple[tuple[str, Evidence], ...] = ()
    ports: tuple[str, ...] = ()
    mounts: tuple[tuple[str, str], ...] = ()
    labels: tuple[Setting, ...] = ()
    hosts: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    extends: tuple[str, str] | None = None
    image_evidence: Evidence | None = None
    identifiers: tuple[str, ...] = ()
    type: str = ""
    engine: str = ""
    version: str = ""


class EnvFile(NamedTuple):
    """A file that a service needs its settings from; `path` is as written."""

    path: str
    evidence: Evidence


class Composition(NamedTuple):
    """One Compose file; `secret_files` are the paths it reads secrets from."""

    path: str
    name: str
    services: tuple[Service, ...]
    includes: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    env_files: tuple[EnvFile, ...] = ()


class Reference(NamedTuple):
    """A setting of a container that stands elsewhere: the `item` of an object, or all of it if that is empty."""

    key: str
    kind: str
    name: str
    item: str
    evidence: Evidence


MAIN, BESIDE, BEFORE = "main", "beside", "before"


class Container(NamedTuple):
    """One container of a pod: what Compose would say of it, and which settings and files come from other objects.

    Its `role` tells the one that the pod is for from those beside it and those that run before it.
    """

    service: Service
    references: tuple[Reference, ...] = ()
    role: str = MAIN


class Object(NamedTuple):
    """One object of Kubernetes as one file describes it.

    `labels` are those of the pods that it makes, `selector` picks pods, `targets` are hosts with the services behind
    them; `engine` is set where an operator makes a store of it, `hosts` are the services that this makes.
    """

    path: str
    kind: str
    name: str
    evidence: Evidence
    namespace: str = ""
    labels: frozenset[tuple[str, str]] = frozenset()
    selector: frozenset[tuple[str, str]] = frozenset()
    containers: tuple[Container, ...] = ()
    settings: tuple[Setting, ...] = ()
    targets: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    type: str = ""
    engine: str = ""
    version: str = ""


class Kustomization(NamedTuple):
    """What one overlay or base brings together; `images` are (name, new name, new tag)."""

    path: str
    resources: tuple[str, ...]
    patches: tuple[str, ...] = ()
    images: tuple[tuple[str, str, str], ...] = ()
    objects: tuple[Object, ...] = ()
    env_files: tuple[tuple[str, str], ...] = ()
    namespace: str = ""


class Dependency(NamedTuple):
    """A chart that another one installs with it."""

    name: str
    alias: str
    condition: str
    repository: str
    evidence: Evidence


class Chart(NamedTuple):
    """A chart of Helm."""

    path: str
    name: str
    is_library: bool
    dependencies: tuple[Dependency, ...]


class Values(NamedTuple):
    """A file of values for a chart, as plain data without its secrets."""

    path: str
    data: Any


class Template(NamedTuple):
    """A template of a chart, without its secrets."""

    path: str
    text: str


class Expression(NamedTuple):
    """What stands behind an attribute: a text, a path to something else, or what is made of other expressions."""

    kind: str
    text: str
    parts: tuple[Expression, ...]
    evidence: Evidence


class Block(NamedTuple):
    """A block of Terraform: `resource "aws_s3_bucket" "photos" { ... }`."""

    type: str
    labels: tuple[str, ...]
    evidence: Evidence
    attributes: tuple[tuple[str, Expression], ...] = ()
    blocks: tuple[Block, ...] = ()


class Blocks(NamedTuple):
    """A file of Terraform."""

    path: str
    blocks: tuple[Block, ...]


class Configuration(NamedTuple):
    """The settings of one file; Compose may read `is_env` files, the values of `is_sample` files are nobody's own.

    What stands in code (`is_code`) holds only where nobody sets it from outside; `clients` are well-known systems
    whose clients the code uses.
    """

    path: str
    settings: tuple[Setting, ...]
    is_env: bool = False
    is_sample: bool = False
    is_code: bool = False
    clients: tuple[tuple[str, Evidence], ...] = ()


class Recipe(NamedTuple):
    """A Dockerfile: the image its last stage (or the stage of a name) comes from, and what it starts."""

    path: str
    stages: Mapping[str, str]
    last: str
    command: str
    settings: tuple[Setting, ...]
    evidence: Evidence
    ports: tuple[int, ...] = ()


class Manifest(NamedTuple):
    """What a package manager installs; `is_app` where it is run rather than published."""

    path: str
    name: str
    packages: frozenset[str]
    evidence: Evidence
    is_app: bool = True


class SecretFile(NamedTuple):
    """A file that holds one value only; exposed if Compose reads it or, `is_plain`, its name says enough."""

    path: str
    is_plain: bool


class Call(NamedTuple):
    """What a running program was seen to call: another one by name, or a place, or an engine in a place.

    `way` is `producer` or `consumer` where messages pass; `day` is the last on which it was seen.
    """

    path: str
    source: str
    target: str
    evidence: Evidence
    engine: str = ""
    host: str = ""
    port: int | None = None
    database: str = ""
    way: str = ""
    day: str = ""


class Entity(NamedTuple):
    """An entity of a Backstage catalogue; `kind`, `namespace` and all references are in small letters.

    `names` are what else it is called, `home` is the folder that it says its code lies in, `relations` are pairs of a
    field and the reference `kind:namespace/name` that stands there.
    """

    path: str
    kind: str
    namespace: str
    name: str
    evidence: Evidence
    type: str = ""
    names: tuple[str, ...] = ()
    home: str = ""
    relations: tuple[tuple[str, str, Evidence], ...] = ()


class Job(NamedTuple):
    """A job of a pipeline: `works` are what it does with stores, each with the folder in which it does so.

    `services` are the engines that it starts for itself, `is_trial` tells that it runs tests, `bucket` is where it
    copies to, and `stem` is what its pipeline is called.
    """

    path: str
    name: str
    evidence: Evidence
    works: tuple[tuple[Work, str, Evidence], ...]
    settings: tuple[Setting, ...] = ()
    services: tuple[str, ...] = ()
    is_trial: bool = False
    bucket: tuple[str, str] = ("", "")
    stem: str = ""


class Contract(NamedTuple):
    """What a document about an interface or about data says of a store, or (`is_served`) of a program at a host.

    `way` is the type of the edge from the program in the folder, empty where the document only describes the store;
    `title` is what it calls the program.
    """

    path: str
    engine: str
    host: str
    database: str
    evidence: Evidence
    port: int | None = None
    version: str = ""
    way: str = ""
    title: str = ""
    is_served: bool = False


class Claims(NamedTuple):
    """Everything one scanner understood in one file."""

    compositions: tuple[Composition, ...] = ()
    configurations: tuple[Configuration, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    secrets: tuple[ExposedSecret, ...] = ()
    calls: tuple[Call, ...] = ()
    objects: tuple[Object, ...] = ()
    kustomizations: tuple[Kustomization, ...] = ()
    charts: tuple[Chart, ...] = ()
    values: tuple[Values, ...] = ()
    templates: tuple[Template, ...] = ()
    blocks: tuple[Blocks, ...] = ()
    resources: tuple[Resource, ...] = ()
    entities: tuple[Entity, ...] = ()
    jobs: tuple[Job, ...] = ()
    contracts: tuple[Contract, ...] = ()
    problems: tuple[Unreadable, ...] = ()
