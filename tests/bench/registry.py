"""A registry of any size, as one that is looked after: valid, full of references, and the same at every run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from stocktake.load import known
from stocktake.load.files import Tree
from stocktake.pipeline.check import check, first_known

WORDS = ("billing", "catalogue", "claims", "consent", "fraud", "invoice", "ledger", "order", "price", "stock", "user")
STORES = {"relational-db": "postgresql", "key-value": "redis", "object-store": "s3", "event-stream": "kafka"}
VERSIONS = {"relational-db": "18.1", "key-value": "8.2", "object-store": "2026", "event-stream": "4.1"}
COMPONENTS = ("api", "batch-job", "service", "website", "worker")
EDGES = dict(zip(STORES, ("reads-writes", "reads", "writes", "publishes-to"), strict=True))
LEVELS = ("low", "medium", "high", "critical")
CLASSES = ("public", "internal", "confidential", "restricted")

RUNBOOK = """---
name: Out of service
status: active
last_exercised: "2026-06-10"
---

## Steps

1. Look at the dashboard.
2. Start it again.
"""
SETTINGS = """schema: 1
name: Measured estate
environments:
  production: {name: Production}
  staging: {name: Staging}
"""


def write(root: Path, count: int) -> list[str]:
    """Write a repository of `count` records into an empty folder; the paths of its assets."""
    (root / "stocktake.yaml").write_text(SETTINGS)
    for folder in (
        "registry/teams",
        "registry/systems",
        "registry/assets",
        "registry/dependencies",
        "registry/sources",
    ):
        (root / folder).mkdir(parents=True)
    (root / "docs/runbooks").mkdir(parents=True)
    paths = []
    for path, text in files(count):
        (root / path).write_text(text)
        paths.append(path)
    return [path for path in paths if path.startswith("registry/assets/")]


def accept(root: Path) -> None:
    """Put what the rules find on the list of known findings, as `stocktake init` does, so that the check is green."""
    judged = check(Tree(str(root)), datetime.now(UTC).date(), brief=True).audit
    if judged is None:
        raise SystemExit("the measured registry is not valid")
    target = root / known.FILE
    target.parent.mkdir(exist_ok=True)
    target.write_text(known.known_text(first_known(judged)))


def files(count: int) -> Iterator[tuple[str, str]]:
    """(path, text) of every record: 1 % teams, 4 % systems, 45 % assets, 3 % sources, a runbook, the rest
    dependencies.
    """
    teams, systems, assets = max(1, count // 100), max(1, count // 25), max(2, count * 45 // 100)
    sources = assets // 15
    yield "docs/runbooks/out-of-service.md", RUNBOOK
    for number in range(teams):
        yield f"registry/teams/team-{number}.yaml", team(number)
    for number in range(systems):
        yield f"registry/systems/system-{number}.yaml", system(number, teams)
    for number in range(assets):
        yield f"registry/assets/{asset_id(number)}.yaml", asset(number, teams, systems)
    for number in range(sources):
        yield f"registry/sources/interview-{number}.yaml", source(number, assets)
    for number in range(count - teams - systems - assets - sources - 1):
        yield f"registry/dependencies/edge-{number}.yaml", dependency(number, assets)


def kind_of(number: int) -> str:
    """The type of an asset: by turns a component and a store; number 1 keeps the backups of all."""
    if number % 2 == 0:
        return COMPONENTS[number // 2 % len(COMPONENTS)]
    return "object-store" if number == 1 else list(STORES)[number // 2 % len(STORES)]


def asset_id(number: int) -> str:
    """A name as people give them: a word, the type, a number."""
    return f"{WORDS[number % len(WORDS)]}-{kind_of(number)}-{number}"


def team(number: int) -> str:
    """A team of two."""
    return f"""name: Team {number}
description: Runs what the {WORDS[number % len(WORDS)]} people need.
contact: mailto:team-{number}@example.com
handle: "@example/team-{number}"
members:
  ada: {{handle: "@ada-{number}", role: lead}}
  ben: {{handle: "@ben-{number}", role: engineer}}
"""


def system(number: int, teams: int) -> str:
    """A system of some team."""
    return f"""name: System {number}
description: |
  Everything around {WORDS[number % len(WORDS)]}, built and run together.
owner: team-{number % teams}
domain: {WORDS[number % len(WORDS)]}
criticality: {LEVELS[number % 4]}
environments: [production, staging]
"""


def asset(number: int, teams: int, systems: int) -> str:
    """A component, or a store with its data, its access and its backup."""
    draw = Random(number)
    kind = kind_of(number)
    head = f"""name: {WORDS[number % len(WORDS)].capitalize()} {kind} {number}
description: |
  Holds or handles what {WORDS[draw.randrange(len(WORDS))]} needs, and is looked after like its neighbours.
  Restarted at night where that is needed.
type: {kind}
owner: team-{draw.randrange(teams)}
system: system-{draw.randrange(systems)}
lifecycle: production
criticality: {draw.choice(LEVELS)}
classification: {CLASSES[1] if number % 5 else draw.choice(CLASSES)}
tags: [measured, {WORDS[draw.randrange(len(WORDS))]}]
reviewed: "2026-0{draw.randrange(1, 10)}-1{draw.randrange(10)}"
identifiers: ["compose:estate/{asset_id(number)}"]
monitoring:
  layers: [application, database, infrastructure]
  dashboards: ["https://dashboards.example.com/d/{number}/{kind}?orgId=1"]
  alerts:
    service-down:
      condition: The health check fails for five minutes
      severity: high
      route: pager of the platform team
      runbook: out-of-service
    disk-full:
      condition: Less than a tenth of the disk is free
      severity: medium
      route: pager of the platform team
      runbook: out-of-service
"""
    return head + (store(number, kind) if number % 2 else "") + instances(number)


def store(number: int, kind: str) -> str:
    """What only a store says."""
    word = WORDS[number % len(WORDS)]
    target = "" if number == 1 else f"\n      target: {asset_id(1)}"  # it keeps the backups of all others
    return f"""engine: {STORES[kind]}
version: "{VERSIONS[kind]}"
datasets:
  public.{word}:
    owner: team-0
    classification: internal
    personal_data: none
    purpose: What happened to each {word}
    retention: P{number % 9 + 1}Y
    deletion: A job drops old partitions every night
access:
  method: one role for each program
  principals_policy: One account for each program, people through the bastion
  rotation: P90D
  mfa: required
  encryption_in_transit: tls
  encryption_at_rest: disk
backup:
  rpo: PT24H
  rto: PT4H
  plans:
    nightly:
      kind: full
      method: dump
      schedule: "{number % 60} 2 * * *"
      retention: P35D
      encryption: server-side
      alert_route: pager of the platform team{target}
"""


def instances(number: int) -> str:
    """Where it runs, in both environments."""
    return f"""instances:
  production:
    endpoint: node-{number}.example.com:5432/main
    host: node-{number}.example.com
    failure_domain: rack-{number % 20}
  staging:
    host: staging-{number % 50}.example.com
"""


def source(number: int, assets: int) -> str:
    """An interview about fifteen assets."""
    about = "\n".join(f"  - asset/{asset_id(one)}" for one in range(number * 15, min(assets, number * 15 + 15)))
    return f"""name: Interview {number}
method: interview
where: lead of team {number}
when: "2026-10-02"
by: Ada
about:
{about}
claims:
  - What these assets do is as their records say
"""


def dependency(number: int, assets: int) -> str:
    """A component that uses a store near it: many edges, no cycle."""
    source = 2 * (number % (assets // 2))
    target = min(2 * ((source // 2 + number // max(1, assets // 2)) % (assets // 2)) + 1, assets - 1)
    return f"""name: Edge {number}
from: {asset_id(source)}
to: {asset_id(target)}
type: {EDGES[kind_of(target)]}
protocol: tcp
auth: password
encryption_in_transit: tls
criticality: {LEVELS[number % 4]}
fallback: Waits and tries again
redundancy: none
version_lock: pinned
maintainers: ["@ada-{number % 50}", "@ben-{number % 50}"]
data_classes: [orders]
environments: [production, staging]
"""
