"""What `stocktake init` writes: well-formed, pinned, and the same as our own root where that can be."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from stocktake.errors import UsageError
from stocktake.scaffold.actions import ACTIONS, PINS
from stocktake.scaffold.origin import address, origin
from stocktake.scaffold.render import Wishes, render
from stocktake.scaffold.spec import requirement, with_extras
from stocktake.scaffold.templates import templates

ROOT = Path(__file__).parents[1]
WISHES = Wishes("Stocktake of the bookshop", "stocktake==0.1.0", "2026-11-25")
HOSTILE = "Books: \"x\" | <b> & 'y' # {{ z }} \\ <<spec>> é"

# The layout that a repository has, as its users know it.
LAYOUT = (
    ".github",
    ".pre-commit-config.yaml",
    "adr",
    "docs",
    "mkdocs.yml",
    "pyproject.toml",
    "registry",
    "scripts",
    "tests",
)

# Files of a new repository that our own root has not, or has as something else, and why.
OURS_IS_ANOTHER = {
    ".stocktake/known.txt": "what is known is known of one registry",
    "README.md": "ours presents the tool, a new one a registry",
    "adr/0001-keep-the-registry-in-git.md": "our decisions are about the tool and the example",
    "docs/getting-started.md": "ours starts with installing Stocktake",
    "docs/onboarding.md": "CONTRIBUTING.md is for those who join us",
    "docs/runbooks/answer-an-alert.md": "the bookshop has runbooks of its own",
    "docs/runbooks/restore-a-store.md": "the bookshop has runbooks of its own",
    "docs/runbooks/rotate-a-credential.md": "the bookshop has runbooks of its own",
    "docs/templates/adr.md": "the bookshop is small and its records are whole",
    "docs/templates/architecture.md": "the bookshop is small and its records are whole",
    "docs/templates/change-impact.md": "the bookshop is small and its records are whole",
    "docs/templates/dependency-matrix.csv": "the bookshop is small and its records are whole",
    "docs/templates/index.md": "the bookshop is small and its records are whole",
    "docs/templates/inventory.csv": "the bookshop is small and its records are whole",
    "docs/templates/risk-register.csv": "the bookshop is small and its records are whole",
    "observed/.gitkeep": "ours is not empty",
    "registry/assets/.gitkeep": "ours is not empty",
    "registry/dependencies/.gitkeep": "ours is not empty",
    "registry/systems/.gitkeep": "ours is not empty",
    "registry/teams/maintainers.yaml": "the bookshop has teams of its own",
    "registry/waivers/.gitkeep": "ours is not empty",
    "tests/cases/rules/INV001/asset/fails/without-owner.yaml": "our cases of rules have another form",
    "tests/cases/rules/INV001/asset/passes/with-owner.yaml": "our cases of rules have another form",
    "tests/cases/team/invalid/without-name.txt": "our cases of schemas stand in tests/cases/schemas",
    "tests/cases/team/invalid/without-name.yaml": "our cases of schemas stand in tests/cases/schemas",
    "tests/cases/team/valid/with-contact.yaml": "our cases of schemas stand in tests/cases/schemas",
    "tests/test_cases.py": "tests/test_schemas.py and tests/test_rules.py are more thorough",
    "tests/test_pins.py": "our hook names no version",
    "tests/test_registry.py": "scripts/check judges our registry",
}

# Files of our root that hold more than the template; the lines of the template that they have not, and why.
OURS_HOLDS_MORE = {
    ".github/CODEOWNERS": ("the teams of the bookshop own records", ()),
    ".gitattributes": ("some of our test cases need their line ends kept", ()),
    ".gitignore": ("a Python package has more to ignore", ()),
    ".pre-commit-config.yaml": (
        "our hook runs the checkout and not an installed Stocktake, and we format and lint",
        (
            (
                "# Stocktake is the one dependency, without the extras that only the site needs, so that the "
                "environment stays small."
            ),
            "        language: python",
            "        additional_dependencies:",
            '          - "stocktake==0.1.0"',
            "        entry: stocktake check",
        ),
    ),
    "pyproject.toml": (
        "ours is the package",
        (
            (
                "# What to install and how to test. The hook in .pre-commit-config.yaml names the same "
                "Stocktake; a test compares them."
            ),
            '    "stocktake[site,diagrams]==0.1.0",',
        ),
    ),
    "scripts/bootstrap": (
        "ours installs the package itself, and Chromium for the tests of pages",
        (
            "# Install what this checkout needs.",
            "# Without Graphviz the site shows lists in the place of pictures, so the rest goes on.",
            "has dot || install graphviz || true",
            'grep -qsx "$wanted" .venv/installed && exit',
            'echo "Installing the Python packages into .venv (about a minute)" >&2',
            "pip=(.venv/bin/python -m pip --disable-pip-version-check -qq --no-input install)",
            "\"${pip[@]}\" --upgrade 'pip>=25.1'",
            '"${pip[@]}" --group dev',
            'echo "$wanted" >.venv/installed',
        ),
    ),
    "scripts/test": (
        "ours checks the package too, has enough tests to run them on all cores, and is where upgrades come from",
        (
            (
                "# Install what is missing, check the scaffold, the registry and its owners, and run the tests; "
                "what you add goes to pytest."
            ),
            "scripts/bootstrap",
            ".venv/bin/stocktake upgrade --check",
            ".venv/bin/stocktake check",
            ".venv/bin/stocktake codeowners --check",
            'exec .venv/bin/pytest "$@"',
        ),
    ),
    "stocktake.yaml": (
        "ours names the source that it describes, its environments, and who approves",
        ("name: Stocktake of the bookshop", "  production: {}", "gates: {fail_on: high}"),
    ),
}


@pytest.fixture(scope="module")
def files():
    return {path: content.decode() for path, content, _ in render(templates(), WISHES)}


def test_a_new_repository_has_the_layout_that_its_users_know(files):
    assert sorted({path.split("/")[0] for path in files} & set(LAYOUT)) == sorted(LAYOUT)


def test_our_root_is_rendered_from_the_same_templates_where_it_does_not_say_why_not(files):
    ours = {path: (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else None for path in files}

    assert {path for path in files if ours[path] != files[path]} == {*OURS_IS_ANOTHER, *OURS_HOLDS_MORE}


@pytest.mark.parametrize("path", OURS_HOLDS_MORE)
def test_our_file_differs_from_the_template_only_in_the_lines_that_are_named(files, path):
    ours, (why, named) = (ROOT / path).read_text("utf-8").splitlines(), OURS_HOLDS_MORE[path]

    assert why
    assert tuple(line for line in files[path].splitlines() if line and line not in ours) == named


def test_our_bootstrap_installs_no_debian_package_in_another_way(files):
    template, ours = set(files["scripts/bootstrap"].splitlines()), (ROOT / "scripts/bootstrap").read_text().splitlines()

    assert [line for line in ours if "apt" in line and line not in template] == []


def test_no_placeholder_is_left_in_any_file(files):
    assert [path for path, text in files.items() if "<<" in text] == []


@pytest.mark.parametrize(
    ("source", "path", "read"),
    [("shop", "", {"shop": {}}), ("shop", "code", {"shop": {"path": "code"}}), ("12", "", {"12": {}}), ("", "", None)],
)
def test_what_was_looked_at_is_named_in_the_settings(source, path, read):
    wishes = WISHES._replace(source=source, path=path)
    files = {path: content.decode() for path, content, _ in render(templates(), wishes)}

    assert yaml.safe_load(files["stocktake.yaml"]).get("sources") == read


@pytest.mark.parametrize("name", ["check", "comment", "digest", "publish", "register", "remind", "sweep"])
def test_a_workflow_has_no_right_that_a_job_does_not_ask_for(files, name):
    workflow = yaml.safe_load(files[f".github/workflows/{name}.yml"])
    triggers = workflow[True]  # which YAML 1.1 takes the word `on` for
    writes = {
        right for job in workflow["jobs"].values() for right, what in job["permissions"].items() if what == "write"
    }

    assert workflow["permissions"] == {}
    assert all(job["timeout-minutes"] for job in workflow["jobs"].values())
    assert "pull_request_target" not in triggers
    assert "secrets." not in files[f".github/workflows/{name}.yml"]
    assert not (writes and "pull_request" in triggers)
    assert ("merge_group" in triggers) == (name in ("check", "digest"))


def test_what_judges_a_pull_request_is_its_base(files):
    github = yaml.safe_load(files[".github/workflows/digest.yml"])["jobs"]["digest"]["steps"]

    assert github[0]["with"]["ref"].startswith("${{ github.event.pull_request.base.sha ||")
    assert not any("checkout" in step.get("run", "") for step in github)


JUDGE = """#!/bin/sh
mkdir -p .venv/bin
printf '#!/bin/sh\\ngit rev-parse HEAD "$2" "$3"\\n' >.venv/bin/stocktake
chmod +x .venv/bin/stocktake
"""


def test_what_judges_a_merge_request_is_the_tip_of_its_target_and_not_where_it_left(tmp_path):
    gitlab = {path: text.decode() for path, text, _ in render(templates(), WISHES._replace(host="gitlab"))}
    steps = yaml.safe_load(gitlab[".gitlab-ci.yml"])["digest"]["script"]
    host, runner = tmp_path / "host", tmp_path / "runner"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(host))
    left = commit(host, "scripts/bootstrap", "#!/bin/sh\nexit 9\n")
    git(host, "checkout", "--quiet", "-b", "change")
    change = commit(host, "scripts/bootstrap", "#!/bin/sh\nexit 8\n")
    git(host, "checkout", "--quiet", "main")
    tip = commit(host, "scripts/bootstrap", JUDGE)
    git(tmp_path, "clone", "--quiet", "--single-branch", "--branch=change", host.as_uri(), str(runner))
    env = {"PATH": os.environ["PATH"], "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_COMMIT_SHA": change}
    env |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": left}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(steps)], env=env, cwd=runner, check=False)

    assert done.returncode == 0
    for name in ("digest.md", "digest.json"):
        assert (runner / name).read_text().split() == [tip, tip, change]


def git(folder, *arguments):
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder, path, text):
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text)
    (folder / path).chmod(0o755)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Say how")
    return git(folder, "rev-parse", "HEAD")


def test_the_sweep_says_what_it_did_not_look_at(files):
    [step] = [
        step
        for step in yaml.safe_load(files[".github/workflows/sweep.yml"])["jobs"]["discover"]["steps"]
        if "discover --write" in step.get("run", "")
    ]

    assert step["shell"] == "bash"  # which fails where one program of a pipe does
    assert "s/^not looked at:/::warning::&/" in step["run"]
    assert "::warning::stocktake.yaml names no sources" in step["run"]


def test_scripts_can_be_run():
    assert {path for path, _, executable in render(templates(), WISHES) if executable} == {
        "scripts/bootstrap",
        "scripts/generate",
        "scripts/test",
    }


@pytest.mark.parametrize("name", ["Bookshop", HOSTILE, "yes", "Null", "12", "a: b", "- x"])
def test_any_name_stands_as_it_is_in_yaml(name):
    files = {path: content.decode() for path, content, _ in render(templates(), WISHES._replace(name=name))}

    assert yaml.safe_load(files["stocktake.yaml"])["name"] == name
    assert yaml.safe_load(files["mkdocs.yml"])["site_name"] == name


def test_any_name_is_text_in_markdown():
    files = {path: content.decode() for path, content, _ in render(templates(), WISHES._replace(name=HOSTILE))}

    assert files["README.md"].startswith(r"""# Books: "x" \| \<b\> \& 'y' \# \{\{ z \}\} \\ \<\<spec\>\> é""")


def test_project_and_hook_name_the_same_stocktake():
    spec = "stocktake @ file:///wheels/stocktake-0.1.0-py3-none-any.whl"
    files = {path: content.decode() for path, content, _ in render(templates(), WISHES._replace(spec=spec))}

    installed = tomllib.loads(files["pyproject.toml"])["dependency-groups"]["dev"][0]
    [hook] = yaml.safe_load(files[".pre-commit-config.yaml"])["repos"][0]["hooks"]

    assert installed == "stocktake[site,diagrams] @ file:///wheels/stocktake-0.1.0-py3-none-any.whl"
    assert hook["additional_dependencies"] == [spec]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("stocktake", "stocktake"),
        ("stocktake==1.2.3", "stocktake==1.2.3"),
        ("stocktake[site,diagrams] == 1.2.3", "stocktake==1.2.3"),
        ("stocktake[site]@https://example.org/s.whl", "stocktake @ https://example.org/s.whl"),
        ("https://example.org/s.whl", "stocktake @ https://example.org/s.whl"),
        ("git+https://example.org/s@main", "stocktake @ git+https://example.org/s@main"),
        ("dist/s-1.whl", "stocktake @ file:///here/a%20b/dist/s-1.whl"),
        ("./checkout", "stocktake @ file:///here/a%20b/checkout"),
        ("/wheels/s.whl", "stocktake @ file:///wheels/s.whl"),
    ],
)
def test_stocktake_may_come_from_an_index_an_address_or_a_path(given, meant):
    assert requirement(given, "/here/a b") == meant
    assert with_extras(meant).startswith("stocktake[site,diagrams]")


@pytest.mark.parametrize(
    ("recorded", "meant"),
    [
        ({"url": "file:///here/stocktake", "dir_info": {"editable": True}}, "stocktake @ file:///here/stocktake"),
        ({"url": "file:///wheels/s-1.whl", "archive_info": {}}, "stocktake @ file:///wheels/s-1.whl"),
        (
            {"url": "https://example.org/s", "vcs_info": {"vcs": "git", "commit_id": "1f"}},
            "stocktake @ git+https://example.org/s@1f",
        ),
    ],
)
def test_a_new_repository_installs_the_stocktake_that_made_it(recorded, meant):
    assert requirement(address(json.dumps(recorded)), "/here") == meant


def test_a_checkout_is_installed_from_where_it_is():
    assert origin() == str(ROOT)


@pytest.mark.parametrize("given", ["", "other==1", 'stocktake=="1"', "stocktake==1\nevil", "https://example.org/a b"])
def test_what_is_no_place_to_install_from_is_refused(given):
    with pytest.raises(UsageError, match="does not say where Stocktake comes from"):
        requirement(given, "/here")


def test_a_repository_on_gitlab_has_the_same_workflows_there(files, tmp_path):
    gitlab = {path: text.decode() for path, text, _ in render(templates(), WISHES._replace(host="gitlab"))}
    config = yaml.safe_load(gitlab[".gitlab-ci.yml"])
    (tmp_path / ".gitlab-ci.yml").write_text(gitlab[".gitlab-ci.yml"])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, str(tmp_path / ".gitlab-ci.yml")], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert {"check", "digest", "pages", "preview", "sweep", "timed"} <= set(config)
    assert {path for path in {*gitlab, *files} if (path in gitlab) != (path in files)} == {
        path for path in {*gitlab, *files} if path.startswith((".github/", ".gitlab"))
    }
    assert gitlab[".gitlab/merge_request_templates/Default.md"] == files[".github/pull_request_template.md"]


@pytest.mark.parametrize(("host", "path"), [("github", ".github/CODEOWNERS"), ("gitlab", ".gitlab/CODEOWNERS")])
def test_the_owners_of_what_judges_are_named_or_asked_for(host, path):
    unnamed = {path: text.decode() for path, text, _ in render(templates(), WISHES._replace(host=host))}
    named = {path: text.decode() for path, text, _ in render(templates(), WISHES._replace(host=host, owner="@o/data"))}
    lines = named[path].splitlines()[1:]

    assert [line for line in unnamed[path].splitlines() if not line.startswith("#")] == []
    assert {line.split()[0] for line in lines} == {
        *("/.pre-commit-config.yaml", "/.stocktake/", "/observed/", "/pyproject.toml", "/rules/", "/schemas/"),
        *("/scripts/", "/stocktake.yaml", "/tests/"),
        *(("/.github/",) if host == "github" else ("/.gitlab/", "/.gitlab-ci.yml")),
    }
    assert all(len(line.split()) == 2 for line in lines)
    assert yaml.safe_load(named["registry/teams/maintainers.yaml"])["handle"] == "@o/data"


def test_every_action_is_pinned_to_a_commit_that_a_public_file_proves(files):
    used = [
        line.partition("uses: ")[2]
        for path, text in files.items()
        if path.startswith(".github/workflows/")
        for line in text.splitlines()
        if "uses: " in line
    ]

    action = [
        line.partition("uses: ")[2] for line in (ROOT / "action.yml").read_text().splitlines() if "uses: " in line
    ]

    assert set(used) == set(ACTIONS.values())
    assert set(action) <= set(ACTIONS.values())
    assert list(PINS) == sorted(set(PINS))
    assert all(len(one.commit) == 40 and one.seen.startswith("https://github.com/") for one in PINS)


def test_the_editor_knows_the_schema_of_every_kind(files):
    settings = json.loads(files[".vscode/settings.json"])["yaml.schemas"]
    kinds = {path: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "schemas").glob("*.schema.json"))}
    wanted = {
        f"schemas/{path.name}": f"{kind['x-registry']['folder']}/**/*.yaml"
        for path, kind in kinds.items()
        if kind.get("x-registry", {}).get("format") == "yaml"
    }

    assert settings == wanted | {"schemas/settings.schema.json": "stocktake.yaml"}


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("github-actions", "action.yml"),
    ],
)
def test_the_files_for_github_fit_its_schemas(schema, pattern):
    paths = sorted(map(str, ROOT.glob(pattern)))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]

    done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)

    assert paths
    assert done.returncode == 0, done.stdout


def test_the_workflows_have_no_finding_of_a_security_linter(tmp_path):
    linter = [str(Path(sys.executable).parent / "zizmor"), "--offline", "--no-progress", "--quiet"]
    careless = tmp_path / ".github/workflows/careless.yml"
    careless.parent.mkdir(parents=True)
    good = (ROOT / ".github/workflows/check.yml").read_text("utf-8")
    careless.write_text(good.replace("scripts/test", "echo ${{ github.event.issue.title }}"))

    ours = subprocess.run(
        [*linter, str(ROOT / ".github"), str(ROOT / "action.yml")], capture_output=True, text=True, check=False
    )
    planted = subprocess.run([*linter, str(tmp_path)], capture_output=True, text=True, check=False)

    assert ours.returncode == 0, ours.stdout
    assert "template-injection" in planted.stdout
