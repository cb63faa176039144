"""What lies in the repository is read, and nothing else."""

import os

import pytest

from stocktake.errors import InputError
from stocktake.load.files import Tree

LEAVES = "is a link that leaves the repository. Put the file itself here."


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.yaml").write_text("a: 1\n")
    (tmp_path / "root/registry").mkdir(parents=True)
    (tmp_path / "root/registry/a.yaml").write_text("name: A\n")
    return Tree(str(tmp_path / "root"))


def test_a_file_and_a_link_to_a_file_inside_are_read(tree):
    os.symlink("a.yaml", f"{tree.root}/registry/b.yaml")

    assert tree.read("registry/a.yaml") == tree.read("registry/b.yaml") == b"name: A\n"


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("registry/b.yaml", "../../outside/secret.yaml", "registry/b.yaml"),
        ("registry/more", "../../outside", "registry/more/secret.yaml"),
        (None, None, "../outside/secret.yaml"),
        (None, None, "registry/../../outside/secret.yaml"),
    ],
)
def test_what_leaves_the_repository_is_refused(tree, link, target, path):
    if link:
        os.symlink(target, f"{tree.root}/{link}")
    tree.read("registry/a.yaml")

    with pytest.raises(InputError) as refused:
        tree.read(path)

    assert str(refused.value) == f"{path}: {LEAVES}"


def test_a_repository_may_itself_be_reached_by_a_link(tree, tmp_path):
    os.symlink(tree.root, tmp_path / "here")

    assert Tree(str(tmp_path / "here")).read("registry/a.yaml") == b"name: A\n"


@pytest.mark.parametrize(("path", "said"), [("registry", "is not a regular file"), ("no.yaml", "cannot be read: No")])
def test_what_is_no_file_is_refused(tree, path, said):
    with pytest.raises(InputError, match=f"{path}: {said}"):
        tree.read(path)


def test_a_pipe_is_refused_at_once(tree):
    os.mkfifo(f"{tree.root}/registry/pipe.yaml")

    with pytest.raises(InputError, match=r"registry/pipe\.yaml: is not a regular file"):
        tree.read("registry/pipe.yaml")
