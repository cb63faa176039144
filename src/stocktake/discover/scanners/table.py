"""The scanners, by name; adding one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from stocktake.discover.claims import Claims
from stocktake.discover.scanners import (
    aspire,
    asyncapi,
    backstage,
    cargo,
    cloudformation,
    code,
    compose,
    composer,
    config,
    csproj,
    data_contract,
    dbt,
    dockerfile,
    env,
    gemfile,
    gomod,
    gradle,
    helm,
    kubernetes,
    kustomize,
    maven,
    node,
    openapi,
    pipelines,
    platforms,
    python,
    secret_file,
    serverless,
    tbls,
    terraform,
    traces,
)


class Scanner(Protocol):
    """What a scanner module has to offer."""

    def wants(self, path: str) -> bool:
        """Whether a file of this path may say something."""

    def scan(self, path: str, text: str) -> Claims:
        """What the text says."""


SCANNERS: Mapping[str, Scanner] = {
    "aspire": aspire,
    "asyncapi": asyncapi,
    "backstage": backstage,
    "cargo": cargo,
    "cloudformation": cloudformation,
    "code": code,
    "compose": compose,
    "composer": composer,
    "config": config,
    "csproj": csproj,
    "data-contract": data_contract,
    "dbt": dbt,
    "dockerfile": dockerfile,
    "env": env,
    "gemfile": gemfile,
    "gomod": gomod,
    "gradle": gradle,
    "helm": helm,
    "kubernetes": kubernetes,
    "kustomize": kustomize,
    "maven": maven,
    "node": node,
    "openapi": openapi,
    "pipelines": pipelines,
    "platforms": platforms,
    "python": python,
    "secret-file": secret_file,
    "serverless": serverless,
    "tbls": tbls,
    "terraform": terraform,
    "traces": traces,
}
