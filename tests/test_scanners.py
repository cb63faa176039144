"""What each scanner says about one file: `cases/scanners/<scanner>/<case>/tree` in, `expected.txt` out, to the letter.

`STOCKTAKE_ACCEPT=1 pytest tests/test_scanners.py` writes what is said now; the diff is then read like prose.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from stocktake.discover.claims import Block, Claims, Expression, Object, Service, Setting
from stocktake.discover.engines import ENGINES
from stocktake.discover.externals import is_nobodys, of_host, of_setting
from stocktake.discover.images import known
from stocktake.discover.interpolate import interpolate
from stocktake.discover.scanners.table import SCANNERS
from stocktake.discover.tree import discover, scanned

CASES = Path(__file__).parent / "cases/scanners"
CASE_NAMES = sorted(f"{path.parent.name}/{path.name}" for path in CASES.glob("*/*"))


def lines(claims: Claims) -> Iterator[str]:
    for file in claims.compositions:
        yield f"composition {file.path} {file.name} includes={list(file.includes)} secrets={list(file.secret_files)}"
        for service in file.services:
            yield from service_lines(service)
    for file in claims.configurations:
        yield f"configuration {file.path}{' env' if file.is_env else ''}{' sample' if file.is_sample else ''}"
        yield from setting_lines("setting", file.settings)
        yield from (f"  client {name} :{evidence.line}" for name, evidence in file.clients)
    yield from cluster_lines(claims)
    for recipe in claims.recipes:
        place = f"{recipe.path}:{recipe.evidence.line}"
        yield f"recipe {place} from {recipe.last} starts {recipe.command!r} on {list(recipe.ports)}"
        yield f"  stages {dict(recipe.stages)}"
        yield from setting_lines("setting", recipe.settings)
    for manifest in claims.manifests:
        yield f"manifest {manifest.path} {manifest.name} {sorted(manifest.packages)}{' app' if manifest.is_app else ''}"
    for file in claims.secret_files:
        yield f"secret file {file.path}{' plain' if file.is_plain else ''}"
    yield from told_lines(claims)
    for secret in claims.secrets:
        yield f"secret {secret.file}:{secret.line} {secret.what} {secret.name}".strip()
    for problem in claims.problems:
        yield f"problem {problem.file}:{problem.line} {problem.message}"


def told_lines(claims: Claims) -> Iterator[str]:
    for entity in claims.entities:
        yield f"entity {entity.kind}:{entity.namespace}/{entity.name}:{entity.evidence.line} {entity[5:8]}"
        yield from (f"  {field} {ref} :{evidence.line}" for field, ref, evidence in entity.relations)
    for job in claims.jobs:
        yield f"job {job.stem} {job.name}:{job.evidence.line} {job.services} {job.is_trial} {job.bucket}"
        yield from setting_lines("setting", job.settings)
        yield from (f"  {' '.join(map(str, each))} in {folder!r} :{at.line}" for each, folder, at in job.works)
    for one in claims.contracts:
        yield f"contract {one[1:4]} {one[5:]} :{one.evidence.line}"
    for call in claims.calls:
        yield f"call {call.source} -> {call[2:3] + call[4:]} :{call.evidence.line}"


def cluster_lines(claims: Claims) -> Iterator[str]:
    for each in claims.objects:
        yield from object_lines(each)
    for each in claims.kustomizations:
        yield f"kustomization {each.path} {list(each.resources)} {list(each.patches)} {each.namespace}".strip()
        yield f"  images {list(each.images)}"
        yield f"  files {list(each.env_files)}"
        for made in each.objects:
            yield from object_lines(made)
    for each in claims.charts:
        yield f"chart {each.path} {each.name}{' library' if each.is_library else ''}"
        yield from (f"  dependency {' '.join(one[:4])}:{one.evidence.line}" for one in each.dependencies)
    for one in claims.resources:
        yield f"resource {one.type} {one.address}:{one.evidence.line} {list(one.names)} {one.properties}"
    for file in claims.blocks:
        yield f"terraform {file.path}"
        for block in file.blocks:
            yield from block_lines(block, "  ")
    yield from (f"values {each.path} {each.data}" for each in claims.values)
    yield from (f"template {each.path} {each.text!r}" for each in claims.templates)


def block_lines(block: Block, indent: str) -> Iterator[str]:
    yield f"{indent}{' '.join((block.type, *block.labels))}:{block.evidence.line}"
    yield from (f"{indent}  {name} = {shown(value)} :{value.evidence.line}" for name, value in block.attributes)
    for inner in block.blocks:
        yield from block_lines(inner, indent + "  ")


def shown(value: Expression) -> str:
    return f"{value.kind} {value.text!r}" + (f" ({', '.join(map(shown, value.parts))})" if value.parts else "")


def object_lines(each: Object) -> Iterator[str]:
    what = f"{each.type} {each.engine} {each.version}"
    yield f"object {each.kind} {each.namespace}/{each.name}:{each.evidence.line} {what}".strip()
    for part in ("targets", "hosts", "ports"):
        if getattr(each, part):
            yield f"  {part} {getattr(each, part)!r}"
    for part in ("labels", "selector"):
        if getattr(each, part):
            yield f"  {part} {sorted(getattr(each, part))!r}"
    yield from setting_lines("setting", each.settings)
    for container in each.containers:
        yield from (f"  {container.role} {line}" for line in service_lines(container.service))
        for one in container.references:
            yield f"  reference {one.key} {one.kind} {one.name} {one.item} :{one.evidence.line}"


def service_lines(service: Service) -> Iterator[str]:
    yield f"service {service.name}:{service.evidence.line}"
    shown = ("image", "context", "dockerfile", "target", "command", "restart", "env_files", "ports", "mounts", "hosts")
    for part in (*shown, "profiles", "extends"):
        if getattr(service, part):
            yield f"  {part} {getattr(service, part)!r}"
    yield from (f"  depends {name}:{evidence.line}" for name, evidence in service.depends)
    yield from setting_lines("setting", service.settings)
    yield from setting_lines("argument", service.arguments)
    yield from setting_lines("label", service.labels)


def setting_lines(word: str, settings: tuple[Setting, ...]) -> Iterator[str]:
    yield from (f"  {word} {each.key} = {each.value!r} :{each.evidence.line}" for each in settings)


@pytest.mark.parametrize("case", CASE_NAMES)
def test_a_scanner_says_what_stands_in_the_file(case):
    root = CASES / case / "tree"
    scanner = case.split("/")[0]
    said = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        claims = [*scanned(name, path.read_text(), {scanner: SCANNERS[scanner]})]
        said += [line for each in claims for line in lines(each)] if claims else [f"not wanted {name}"]
    expected = CASES / case / "expected.txt"
    if os.environ.get("STOCKTAKE_ACCEPT"):
        expected.write_text("\n".join(said) + "\n")

    assert "\n".join(said) + "\n" == expected.read_text()


def test_every_scanner_has_cases():
    assert {case.split("/")[0] for case in CASE_NAMES} == set(SCANNERS)


@pytest.mark.parametrize(
    ("reference", "engine", "version"),
    [
        ("postgres", "postgresql", ""),
        ("postgres:15-alpine", "postgresql", "15"),
        ("docker.io/library/postgres:16.4", "postgresql", "16.4"),
        ("registry.example.org:5000/mirror/bitnami/postgresql:15.3.0-debian-11-r7", "postgresql", "15.3.0"),
        ("pgvector/pgvector:pg16", "postgresql", "16"),
        ("postgis/postgis:15-3.3@sha256:0123", "postgresql", "15"),
        ("timescale/timescaledb:2.16.1-pg16", "timescaledb", "2.16.1"),
        ("timescale/timescaledb-ha:pg16.4-ts2.16.1", "timescaledb", "2.16.1"),
        ("timescale/timescaledb-ha:pg16", "timescaledb", ""),
        ("pgvector/pgvector:0.7.0-pg16", "postgresql", "16"),
        ("citusdata/citus:12.1", "postgresql", ""),
        ("postgis/postgis:16-3.4", "postgresql", "16"),
        ("wurstmeister/kafka:2.13-2.8.1", "kafka", "2.8.1"),
        ("confluentinc/cp-kafka:7.6.1", "kafka", ""),
        ("mcr.microsoft.com/azure-storage/azurite:3.31", "azure-blob", ""),
        ("mariadb:10-focal", "mariadb", "10"),
        ("redis:alpine", "redis", ""),
        ("redis:alpine3.19", "redis", ""),
        ("bitnami/kafka:3.6", "kafka", "3.6"),
        ("minio/minio:RELEASE.2024-08-29T01-40-52Z", "minio", "RELEASE.2024-08-29T01-40-52Z"),
        ("mcr.microsoft.com/mssql/server:2022-latest", "mssql", "2022"),
        ("clickhouse/clickhouse-server:23.8-alpine", "clickhouse", "23.8"),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.11.1", "elasticsearch", "8.11.1"),
        ("cockroachdb/cockroach:v23.1.11", "cockroachdb", "23.1.11"),
        ("quay.io/keycloak/keycloak:26.1.4", "", ""),
        ("nginx:1.27", "", ""),
    ],
)
def test_an_image_names_its_engine_and_version(reference, engine, version):
    image = known(reference)

    assert image is not None
    assert (image.engine, image.version) == (engine, version)


@pytest.mark.parametrize(
    "reference", ["acme/web", "acme/server:2", "ghcr.io/acme/console", "python:3.12", "", "postgres-tools"]
)
def test_an_image_of_ones_own_is_not_known(reference):
    assert known(reference) is None


def test_every_engine_has_a_type_of_the_data_model():
    assert all(engine.type for engine in ENGINES.values())
    assert list(ENGINES) == sorted(ENGINES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", "1"),
        ("$A-$A", "1-1"),
        ("${B:-x}", "x"),
        ("${B-x}", "x"),
        ("${EMPTY:-x}${EMPTY-y}", "x"),
        ("${B:-${A}}", "1"),
        ("${B:?needed}", "${B:?needed}"),
        ("${A:+set}${B:+set}", "set"),
        ("$$A ${A}", "$A 1"),
        ("${B:spring}", "spring"),
        ("${LOOP}", "${LOOP}"),
        ("${", "${"),
    ],
)
def test_variables_are_replaced_as_compose_does(text, expected):
    assert interpolate(text, {"A": "1", "EMPTY": "", "LOOP": "${LOOP}"}) == expected


def test_well_known_systems_are_told_by_host_and_by_setting():
    found = (
        of_host("api.stripe.com"),
        of_host("acme.okta.com"),
        of_setting("OPENAI_API_KEY"),
        of_setting("spring.mail.host"),
    )

    assert [each.name if each else "" for each in found] == ["stripe", "okta", "openai", "smtp"]
    assert of_host("notstripe.com") is None
    assert of_setting("MY_OPENAIX") is None
    assert is_nobodys("api.example.com")
    assert not is_nobodys("login.bookshop.example")


@pytest.mark.parametrize("unit", ["a:", "@", "/", "x://a:b@", "password=", "${a:-", "h:1234,", "-h ", "K=a@b\n", "- "])
@pytest.mark.parametrize("path", ["x.env", "x.ini", "x.yaml", "compose.yaml", "Dockerfile"])
def test_the_time_is_linear_on_hostile_text(path, unit):
    head = {"compose.yaml": "services:\n  a:\n    image: ", "Dockerfile": "FROM a\nENV "}.get(path, "host = ")

    def seconds(size: int) -> float:
        start = process_time()
        discover([(path, head + unit * (size // len(unit)))], "x", None, "p")
        return process_time() - start

    assert seconds(40_000) < 0.5
