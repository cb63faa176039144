"""What is found in trees of many makes: `tests/cases/trees/<tree>/tree` in, `expected.json` out, to the letter.

`STOCKTAKE_ACCEPT=1 pytest tests/test_discover.py` writes what is found now; the diff is then read like prose.
"""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from stocktake.discover.neutral import neutral
from stocktake.discover.scanners import compose, env
from stocktake.discover.scanners.table import SCANNERS
from stocktake.discover.tree import BUG, discover, scanned, wanted
from stocktake.discover.walk import CLOSED, LARGEST, LEAVES, walk
from stocktake.model.graph import MEANINGS
from stocktake.model.observation import NOT_LOOKED, PARTIAL, SEEN, Observation, SeenEdge, Thing, Unreadable
from stocktake.values import identifier

CASES = Path(__file__).parent / "cases/trees"
MARKER = re.compile(r"PLANTED_([a-z]+)_(\d+)")
TREES = sorted(path.name for path in CASES.iterdir())


def seen(root: Path, name: str = "") -> Observation:
    return discover(walk(str(root), wanted=wanted), "here", None, name or root.parent.name)


def told(observation: Observation) -> dict[str, list[str]]:
    """An observation as lines that a person can check."""
    return {
        "things": [
            f"{t.key}: {', '.join(str(v) for v in t.facts.values())} ({t.confidence}) {' '.join(t.identifiers)}"
            for t in observation.things
        ],
        "edges": [
            f"{e.source} {e.type} {e.target} ({e.confidence}) {' '.join(x.text() for x in e.evidence)} {e.last}".strip()
            for e in observation.edges
        ],
        "secrets": [f"{s.file}:{s.line} {s.what} {s.name}".strip() for s in observation.secrets],
        "problems": [f"{p.file}:{p.line} {p.message}" for p in observation.problems],
        "scopes": list(observation.scopes),
    }


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_is_told_as_an_engineer_would_tell_it(tree):
    found = told(seen(CASES / tree / "tree"))
    expected = CASES / tree / "expected.json"
    if os.environ.get("STOCKTAKE_ACCEPT"):
        expected.write_text(json.dumps(found, indent=1) + "\n")

    assert found == json.loads(expected.read_text())


@pytest.mark.parametrize("tree", TREES)
def test_the_order_of_the_files_does_not_matter(tree):
    files = list(walk(str(CASES / tree / "tree"), wanted=wanted))

    assert discover(files, "x", None, tree) == discover(reversed(files), "x", None, tree)


@pytest.mark.parametrize("tree", TREES)
def test_every_identifier_is_written_in_its_one_form(tree):
    written = [name for thing in seen(CASES / tree / "tree").things for name in thing.identifiers]

    assert [identifier.canonical(name) for name in written] == written


@pytest.mark.parametrize("tree", TREES)
def test_every_thing_can_be_known_again_and_edges_end_at_things(tree):
    observation = seen(CASES / tree / "tree")
    keys = [thing.key for thing in observation.things]

    assert len(set(keys)) == len(keys)
    assert all(thing.identifiers for thing in observation.things)
    assert {end for edge in observation.edges for end in (edge.source, edge.target)} <= set(keys)


@pytest.mark.parametrize("tree", TREES)
def test_what_is_told_is_plain_text(tree):
    """A text that knows its place, as scanners have it, cannot be written to a file."""
    stack, odd = [seen(CASES / tree / "tree")], []
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            odd += [value] if type(value) is not str else []
        elif isinstance(value, dict):
            stack += [*value.keys(), *value.values()]
        elif isinstance(value, (list, tuple)):
            stack += value

    assert odd == []


def test_a_login_that_runs_in_a_cluster_is_no_system_of_others(tmp_path):
    (tmp_path / "login.yaml").write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: login}\nspec: {template: {spec: {containers: "
        "[{name: login, image: 'quay.io/keycloak/keycloak:26.1'}]}}}\n"
    )
    found = neutral(seen(tmp_path))

    assert [each["name"] for each in found["components"]] == ["login"]
    assert found["externals"] == []


def grown(kind: str, number: str) -> str:
    """A secret of a kind, made when the test runs, so that none stands in the repository."""
    letters = hashlib.sha256(f"{kind}{number}".encode()).hexdigest()
    mixed = "".join(c.upper() if n % 3 else c for n, c in enumerate(letters)).replace("0", "q")
    return {
        "aws": "AKIA" + mixed.upper()[:16],
        "github": "ghp_" + mixed[:36],
        "jwt": f"eyJ{mixed[:20]}.eyJ{mixed[20:40]}.{mixed[40:]}",
        "odd": f"{mixed[:5]}/{mixed[5:9]}@{mixed[9:13]}#{mixed[13:18]}",
        "password": mixed[:14],
        "slack": mixed[:24],
        "stripe": "sk_live_" + mixed[:24],
    }[kind]


def planted(root: Path) -> dict[str, list[str]]:
    """A tree with secrets in place of its markers: the secrets of each line, by `file:line`."""
    places: dict[str, list[str]] = {}
    for path in sorted((CASES.parent / "planted/tree").rglob("*")):
        if path.is_file():
            copy = root / path.relative_to(CASES.parent / "planted/tree")
            copy.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_text().split("\n")
            for number, line in enumerate(lines, 1):
                if found := MARKER.findall(line):
                    place = f"{copy.relative_to(root).as_posix()}:{number}"
                    places[place] = [grown(*marker) for marker in found]
            copy.write_text(MARKER.sub(lambda match: grown(*match.groups()), path.read_text()))
    return places


def test_no_planted_secret_is_in_anything_that_is_said(tmp_path):
    secrets = [secret for found in planted(tmp_path).values() for secret in found]
    observation = seen(tmp_path)
    said = repr(observation) + json.dumps(neutral(observation))

    assert len(set(secrets)) > 60
    assert [part for secret in secrets for part in re.split(r"[/@#.]", secret) if len(part) > 3 and part in said] == []


def test_no_claim_of_any_scanner_holds_a_planted_secret(tmp_path):
    secrets = [secret for found in planted(tmp_path).values() for secret in found]
    claims = [
        repr(claim) for path, text in walk(str(tmp_path), wanted=wanted) for claim in scanned(path, text, SCANNERS)
    ]

    assert [claim for claim in claims if BUG in claim] == []
    assert [secret for secret in secrets if any(secret in claim for claim in claims)] == []


def test_planted_secrets_are_found_where_they_stand(tmp_path):
    places = planted(tmp_path)
    found = {f"{secret.file}:{secret.line}" for secret in seen(tmp_path).secrets}
    missed = [place for place in places if place not in found]

    assert missed == []


def test_the_digest_of_a_line_does_not_depend_on_the_secret_in_it():
    def digests(password: str) -> list[str]:
        text = f"services:\n  db:\n    image: postgres:16\n  app:\n    build: .\n    environment:\n      DATABASE_URL: postgresql://u:{password}@db/x\n"
        return [e.digest for edge in discover([("compose.yaml", text)], "x", None, "p").edges for e in edge.evidence]

    assert digests("Ab3dEf6hIj") == digests("zY9xWv7uTs") != []


def secrets(path: str, text: str) -> list[tuple[int, str]]:
    return [(secret.line, secret.name) for secret in discover([(path, text)], "x", None, "p").secrets]


def test_a_secret_is_named_by_the_keys_that_lead_to_it():
    compose_file = (
        "services:\n  b:\n    image: b\n    command: serve --api-key=Ab3dEf6hIj9kLm\n"
        "    environment: {A_PASSWORD: Ab3dEf6hIj, B_PASSWORD: zY9xWv7uTs}\n"
    )

    assert secrets("compose.yaml", compose_file) == [
        (4, "services.b.command.api-key"),
        (5, "services.b.environment.A_PASSWORD"),
        (5, "services.b.environment.B_PASSWORD"),
    ]
    assert secrets(".env", "A=1\nDB_PASSWORD=Ab3dEf6hIj\n") == [(2, "DB_PASSWORD")]
    assert secrets("app.yaml", "db:\n  main:\n    password: Ab3dEf6hIj\n") == [(3, "db.main.password")]
    assert secrets("Dockerfile", "FROM a\nENV DB_PASSWORD=Ab3dEf6hIj\n") == [(2, "DB_PASSWORD")]


COMMANDS = [
    "PGPASSWORD=Ab3dEf6hIj psql -h db",
    "sh -c \"PGPASSWORD='Ab3dEf6hIj' psql -h db\"",
    "mysqladmin ping -h localhost -uroot -pAb3dEf6hIj",
    "mysqladmin ping --password=Ab3dEf6hIj",
    "redis-cli -a Ab3dEf6hIj ping",
    "redis-server --requirepass Ab3dEf6hIj",
    "curl -f -u admin:Ab3dEf6hIj http://localhost:9200",
    "mongosh -u root -p Ab3dEf6hIj --eval ping",
    "psql postgresql://u:Ab3dEf6hIj@db/x",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("place", ["command", "entrypoint", "healthcheck"])
@pytest.mark.parametrize("form", [str, str.split])
def test_a_password_in_a_command_is_found_and_not_kept(command, place, form):
    if form is str.split and "sh -c" in command:
        return
    written = json.dumps(form(command) if place != "healthcheck" or form is str else ["CMD", *form(command)])
    key = f"{{test: {written}}}" if place == "healthcheck" else written
    text = f"services:\n  job:\n    image: acme/job\n    {place}: {key}\n"
    claims = compose.scan("compose.yaml", text)

    assert [line for line, _ in secrets("compose.yaml", text)] == [4]
    assert "Ab3dEf6hIj" not in repr(claims)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("word", ["CMD", "ENTRYPOINT", "HEALTHCHECK CMD", "RUN"])
def test_a_password_in_a_recipe_is_found_and_not_kept(command, word):
    text = f"FROM acme/base\n{word} {command}\n"

    assert [line for line, _ in secrets("Dockerfile", text)] == [2]
    assert "Ab3dEf6hIj" not in repr(SCANNERS["dockerfile"].scan("Dockerfile", text))


@pytest.mark.parametrize(
    "command",
    [
        "PGPASSWORD=$POSTGRES_PASSWORD psql",
        "export TOKEN=$(cat /run/secrets/token)",
        "mkdir -p data && cp -a one two",
        "mysqladmin ping -h localhost -p$$MYSQL_ROOT_PASSWORD",
        "redis-cli ping",
        "curl -u $USER:$PASSWORD http://x",
        "docker login --password-stdin",
        "server --password-file /run/secrets/db --token-ttl 3600",
        "mysql --port 3306 -P3306",
    ],
)
def test_a_command_without_a_password_is_no_secret(command):
    text = f"services:\n  job:\n    image: acme/job\n    command: {json.dumps(command)}\n"

    assert secrets("compose.yaml", text) == []
    assert secrets("Dockerfile", f"FROM acme/base\nRUN {command}\n") == []


def test_a_connection_string_of_azure_is_a_store_with_a_secret():
    key = "aB3d" * 20 + "=="
    text = (
        f"AZURE=DefaultEndpointsProtocol=https;AccountName=shopfiles;AccountKey={key};EndpointSuffix=core.windows.net\n"
    )
    observation = discover([(".env", text), ("Dockerfile", "FROM acme/base\n")], "x", None, "p")

    assert [(s.line, s.what, s.name) for s in observation.secrets] == [(1, "Azure key", "AZURE")]
    assert [(t.facts["engine"], t.identifiers) for t in observation.things if "engine" in t.facts] == [
        ("azure-blob", ("host:shopfiles.blob.core.windows.net",))
    ]
    assert key not in repr(observation) + repr(env.scan(".env", text))


def test_the_key_in_the_address_of_sentry_is_a_secret():
    text = f"SENTRY_DSN=https://{'a1b2' * 8}@o1.ingest.sentry.io/5\n"

    assert secrets(".env", text) == [(1, "SENTRY_DSN")]


def test_a_store_without_a_name_is_not_understood_and_the_rest_goes_on():
    files = [
        (".env", "DATABASE_URL=sqlite:////data/\nREDIS_URL=redis://cache.internal:6379/1\n"),
        ("Dockerfile", "FROM a\n"),
    ]
    observation = discover(files, "x", None, "p")

    assert observation.problems == (Unreadable(".env", 1, "DATABASE_URL names a folder, and no file of a store in it"),)
    assert observation.status == PARTIAL
    assert [(t.name, t.aliases) for t in observation.things if "engine" in t.facts] == [("cache.internal", ())]


def test_a_console_beside_a_store_that_it_does_not_name_is_not_connected():
    text = "services:\n  console:\n    image: rediscommander/redis-commander\n  kv:\n    image: valkey/valkey:8\n"

    assert discover([("compose.yaml", text)], "x", None, "p").edges == ()


@pytest.mark.parametrize("key", ["aB3dE5gH7jK9mN1pQ3sT5_TOKEN", "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"])
def test_a_key_that_is_a_part_of_a_secret_is_not_told(key):
    assert secrets(".env", f"{key}=postgres://u:Ab3dEf6hIj@db/x\n") == [(1, "")]


def test_links_out_of_the_tree_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "compose.yaml").write_text("services: {db: {image: 'postgres:16'}}")
    root = tmp_path / "tree"
    root.mkdir()
    (root / "compose.yaml").symlink_to(outside / "compose.yaml")
    (root / "more").symlink_to(outside)
    (root / "self").symlink_to(root)

    assert list(walk(str(root))) == [Unreadable("compose.yaml", 0, LEAVES), Unreadable("more", 0, LEAVES)]


def test_a_link_that_stays_inside_hides_nothing_and_one_to_nothing_is_told(tmp_path):
    (tmp_path / "real.ini").write_text("a = 1\n")
    (tmp_path / "also.ini").symlink_to("real.ini")
    (tmp_path / "gone.ini").symlink_to("nothing.ini")
    (tmp_path / "notes.md").symlink_to("/nowhere")

    found = list(walk(str(tmp_path), wanted=lambda path: path.endswith(".ini")))
    assert found == [Unreadable("gone.ini", 0, LEAVES), ("real.ini", "a = 1\n")]


def test_a_folder_that_cannot_be_read_is_told():
    files = [("compose.yaml", "services: {db: {image: redis}}"), Unreadable("private", 0, CLOSED)]
    observation = discover(files, "x", None, "p")

    assert observation.status == PARTIAL
    assert observation.scopes == ()


@pytest.mark.parametrize(
    ("path", "why", "status"),
    [
        ("live.env", "is not there", SEEN),
        ("config/common", "is not named like an env file, and is not read", PARTIAL),
        ("../live.env", "lies outside of what is looked at", PARTIAL),
    ],
)
def test_an_env_file_that_nobody_could_read_is_told(path, why, status):
    text = f"services:\n  a:\n    image: a\n    env_file: {path}\n  b:\n    image: b\n    env_file: [{path}]\n"
    observation = discover([("compose.yaml", text)], "x", None, "p")

    assert observation.problems == (Unreadable("compose.yaml", 4, f"the env file {path} {why}"),)
    assert observation.status == status
    assert observation.scopes == ("compose:p/",)


@pytest.mark.parametrize("entry", ["{path: x.env, required: false}", "${ENV_FILE}", "there.env"])
def test_an_env_file_that_is_optional_unknown_or_there_as_a_sample_is_no_problem(entry):
    text = (
        f"services: {{a: {{image: a, env_file: ['{entry}']}}}}"
        if "{path" not in entry
        else (f"services: {{a: {{image: a, env_file: [{entry}]}}}}")
    )
    files = [("compose.yaml", text), ("there.env.example", "A=1\n")]

    assert discover(files, "x", None, "p").problems == ()


def test_a_tree_without_a_file_to_read_was_not_looked_at():
    empty = discover([], "x", None, "p")
    unreadable = discover([Unreadable("a.yaml", 1, "not UTF-8")], "x", None, "p")

    assert (empty.status, empty.reason) == (NOT_LOOKED, "there is no file to read")
    assert (unreadable.status, unreadable.reason) == (NOT_LOOKED, "there is no file that could be read")


def test_what_an_earlier_look_saw_is_known_to_be_missing():
    compose_file = ("compose.yaml", "name: shop\nservices: {db: {image: redis}}")
    settings = (".env", "DATABASE_URL=postgres://u@orders.internal/orders\n")
    first = discover([compose_file, settings], "x", None, "p")
    second = discover([("other.env", "A=1\n")], "x", None, "p", before=first)
    third = discover([("other.env", "A=1\n")], "x", None, "p", before=second)
    back = discover([compose_file, settings], "x", None, "p", before=third)

    assert first.scopes == ("compose:shop/",)
    assert second.scopes == third.scopes == ("compose:shop/", "host:orders.internal")
    assert back.scopes == first.scopes


def test_pipes_devices_binaries_and_generated_folders_are_passed_over(tmp_path):
    os.mkfifo(tmp_path / "compose.yaml")
    (tmp_path / "config.json").write_bytes(b"\0\1\2")
    (tmp_path / "app.min.json").write_text("{}")
    for junk in ("node_modules", ".git", "vendor"):
        (tmp_path / junk).mkdir()
        (tmp_path / junk / "compose.yaml").write_text("services: {db: {image: postgres}}")
    (tmp_path / "app.ini").write_text("a = 1\n")

    assert list(walk(str(tmp_path))) == [("app.ini", "a = 1\n")]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"a: 1\nb: \xff\n")
    (tmp_path / "b.yaml").write_text("a" * (LARGEST + 1))
    (tmp_path / "compose.yaml").write_text("services: {db: {image: 'postgres:16'}}")
    (tmp_path / "notes.md").write_bytes(b"\xff")
    observation = seen(tmp_path)

    assert observation.problems == (
        Unreadable("a.yaml", 2, "not UTF-8"),
        Unreadable("b.yaml", 0, "larger than 1,000,000 bytes"),
    )
    assert observation.status == PARTIAL
    assert [thing.key for thing in observation.things] == ["db"]


def test_a_name_that_is_not_utf_8_is_told_without_it(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_text("a: 1")

    assert list(walk(str(tmp_path))) == [Unreadable("caf\\xe9.yaml", 0, "the name is not UTF-8")]


def test_a_name_that_hides_something_is_told(tmp_path):
    (tmp_path / "a\u200bb").mkdir()
    (tmp_path / "a\u200bb/Dockerfile").write_text("FROM a\n")
    (tmp_path / "c\u202e.env").write_text("A=1\n")

    assert [(one.line, one.message) for one in walk(str(tmp_path), wanted=wanted)] == [
        (0, "the name holds the character U+200B"),
        (0, "the name holds the character U+202E"),
    ]


def test_folders_that_git_ignores_are_passed_over_and_their_neighbours_read(tmp_path):
    url = "DATABASE_URL=postgres://db.example.com/x\n"
    files = {
        ".gitignore": "cache*/\n/out\n!cache-kept/\n\\\n[\n.env\n",
        ".env": url,
        "cache1/.env": url,
        "cache-kept/.env": url,
        "out/.env": url,
        "app/out/.env": url,
        "app/.gitignore": "tmp\n!../cache1\n",
        "app/tmp/.env": url,
        "tmp/.env": url,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    read = [path for path, _ in walk(str(tmp_path), wanted=lambda path: path.endswith(".env"))]

    assert read == [".env", "app/out/.env", "cache-kept/.env", "tmp/.env"]


def test_excluded_folders_and_patterns_are_left_out(tmp_path):
    for path in ("a/x.ini", "b/x.ini", "b/y.cfg"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("k = v")

    assert [path for path, _ in walk(str(tmp_path), exclude=("a", "*.cfg"))] == ["b/x.ini"]


def test_a_scanner_that_fails_is_our_bug_and_the_others_go_on():
    class Failing:
        wants = staticmethod(compose.wants)

        @staticmethod
        def scan(path, text):
            raise KeyError(text)

    files = [("compose.yaml", "services: {}"), (".env", "DATABASE_URL=postgresql://u@orders.internal/orders\n")]
    observation = discover(files, "x", None, "p", {"compose": Failing, "env": env})

    assert observation.problems == (Unreadable("compose.yaml", 0, f"{BUG}the compose scanner failed with KeyError"),)
    assert [thing.key for thing in observation.things] == ["orders"]


def test_a_project_with_a_broken_file_is_no_scope():
    whole = discover([("compose.yaml", "services: {db: {image: redis}}")], "x", None, "p")
    broken = discover(
        [("compose.yaml", "services: {db: {image: redis}}"), ("compose.x.yaml", "services: {")], "x", None, "p"
    )

    assert whole.scopes == ("compose:p/",)
    assert whole.status == SEEN
    assert broken.scopes == ()
    assert [thing.key for thing in broken.things] == ["db"]


def test_the_plain_form_has_a_word_for_every_type_of_dependency():
    things = (Thing("a", "a", facts={"type": "service"}), Thing("b", "b", facts={"type": "api"}))
    edges = tuple(SeenEdge("a", "b", type_) for type_ in MEANINGS)
    form = neutral(Observation("x", "discover", "1", SEEN, things, edges))

    assert {edge["type"] for edge in form["edges"]} <= {
        "data",
        "message",
        "http",
        "cache",
        "auth",
        "storage",
        "telemetry",
    }
    assert [component["kind"] for component in form["components"]] == ["service", "service"]


def test_the_plain_form_says_what_was_not_understood():
    """Nothing found and nothing understood are not the same answer."""
    problems = (Unreadable(".env", 0, "cannot be opened"), Unreadable("compose.yaml", 1, "services is not a mapping"))
    form = neutral(Observation("x", "discover", "1", PARTIAL, problems=problems))

    assert form["not_understood"] == [
        {"file": ".env", "line": 0, "message": "cannot be opened"},
        {"file": "compose.yaml", "line": 1, "message": "services is not a mapping"},
    ]
    assert [problem.place() for problem in problems] == [".env", "compose.yaml:1"]


def test_the_plain_form_tells_stores_components_and_externals_apart():
    form = neutral(seen(CASES / "keycloak-n8n" / "tree"))

    assert [(s["name"], s["engine"], s["version"]) for s in form["stores"]][:1] == [
        ("automation-db", "postgresql", "16")
    ]
    assert {"keycloak", "n8n-worker", "oauth2-proxy"} <= {component["name"] for component in form["components"]}
    assert [external["name"] for external in form["externals"]] == ["mailgun", "sentry", "sso.shop.example"]
    assert all(item["evidence"] and 0 < item["confidence"] <= 1 for item in form["edges"] + form["stores"])
