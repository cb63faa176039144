"""Projects of .NET: what they are built with says whether they serve something; a driver alone says nothing."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.markup import elements
from stocktake.discover.page import Page


def wants(path: str) -> bool:
    """Projects of the three languages."""
    return path.lower().endswith((".csproj", ".fsproj", ".vbproj"))


def scan(path: str, text: str) -> Claims:
    """Its packages, with the kit that it is built with; projects of tests are passed over."""
    page = Page(path, text)
    found = elements(text)
    if not found or found[-1].path != ("Project",):
        return Claims()
    kit = found[-1].attributes.get("Sdk", "").partition("/")[0]
    packages = {
        each.attributes["Include"] for each in found if each.path[-1] in _REFERENCES and "Include" in each.attributes
    }
    if "Microsoft.NET.Test.Sdk" in packages:
        return Claims()
    name = re.sub(r"\.[a-z]+$", "", basename(path), flags=re.IGNORECASE)
    packages.update([kit] if kit else [])
    return Claims(manifests=(Manifest(path, name, frozenset(packages), page.evidence(found[-1].line)),))


_REFERENCES = ("PackageReference", "FrameworkReference")
