"""Addresses of files on the forge."""

import pytest

from stocktake.render.forge import CHANGES, EDIT, RAW, SHOWN, address

PATH = "registry/assets/orders-db.yaml"
FORMS = {
    ("https://github.com/shop/estate", ""): ("blob", "edit", "commits", "raw"),
    ("https://git.shop.example/data/estate", ""): ("blob", "edit", "commits", "raw"),
    ("https://gitlab.com/shop/data/estate", ""): ("-/blob", "-/edit", "-/commits", "-/raw"),
    ("https://gitlab.shop.example/data/estate", ""): ("-/blob", "-/edit", "-/commits", "-/raw"),
    ("https://git.shop.example/data/estate", "gitlab"): ("-/blob", "-/edit", "-/commits", "-/raw"),
    ("https://codeberg.org/shop/estate", ""): ("src/branch", "_edit", "commits/branch", "raw/branch"),
}


@pytest.mark.parametrize(("repository", "forge"), FORMS)
def test_each_forge_has_addresses_of_its_own_form(repository: str, forge: str) -> None:
    found = tuple(address(repository, forge, "main", what, PATH) for what in (SHOWN, EDIT, CHANGES, RAW))

    assert found == tuple(f"{repository}/{form}/main/{PATH}" for form in FORMS[repository, forge])


@pytest.mark.parametrize(
    "repository", ["", "git@github.com:shop/estate.git", "javascript:alert(1)", "https://bitbucket.org/shop/estate"]
)
def test_what_has_no_known_form_gets_no_address(repository: str) -> None:
    assert address(repository, "", "main", EDIT, PATH) == ""


def test_what_a_path_or_a_branch_may_hold_cannot_leave_its_place() -> None:
    assert address("https://github.com/a/b/", "", "for/x#1", SHOWN, 'docs/a b?"<.md') == (
        "https://github.com/a/b/blob/for/x%231/docs/a%20b%3F%22%3C.md"
    )
