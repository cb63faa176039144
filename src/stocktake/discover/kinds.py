"""What kind of program a component is, told from its name, its command and the frameworks in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BUILDERS = (
    "@angular/cli @angular/core @sveltejs/kit @vue/cli-service astro gatsby next nuxt parcel react-scripts vite "
    "@remix-run/react "
    "solid-start ember-cli @quasar/app-vite @builder.io/qwik"
)
_LIBRARIES = "react vue svelte preact solid-js lit @angular/core next nuxt astro gatsby"
_NODE_SERVERS = (
    "express fastify koa @nestjs/core hapi @hapi/hapi hono apollo-server @apollo/server laravel-vite-plugin "
    "laravel-mix vite-plugin-ruby vite-plugin-rails @hotwired/turbo-rails @symfony/webpack-encore"
)
_FRONTEND_BUILDERS = frozenset(_BUILDERS.split())
_FRONTEND_LIBRARIES = frozenset(_LIBRARIES.split())
_SERVERS = frozenset(_NODE_SERVERS.split())
_PYTHON_FRONTENDS = frozenset(("streamlit", "gradio", "dash", "nicegui", "chainlit", "panel"))
_PYTHON_SERVICES = frozenset(
    ("django", "fastapi", "flask", "starlette", "aiohttp", "sanic", "tornado", "falcon", "litestar", "bottle", "quart")
)
# Frameworks of Go, Ruby, PHP, Java, Kotlin, C# and Rust by the names of their packages.
_OTHER_SERVICES = frozenset(
    (
        "actix-web", "axum", "cakephp/cakephp", "codeigniter4/framework", "dropwizard-core", "github.com/beego/beego",
        "github.com/gin-gonic/gin", "github.com/go-chi/chi", "github.com/go-kratos/kratos", "github.com/gofiber/fiber",
        "github.com/gorilla/mux", "github.com/labstack/echo", "github.com/zeromicro/go-zero", "grape", "hanami",
        "helidon-webserver", "javalin", "ktor-server-core", "ktor-server-core-jvm", "ktor-server-netty",
        "laminas/laminas-mvc", "laravel/framework", "laravel/lumen-framework", "Microsoft.AspNetCore.App",
        "micronaut-http-server-netty", "poem", "quarkus-rest", "quarkus-resteasy", "quarkus-resteasy-reactive", "rails",
        "rocket", "roda", "salvo", "sinatra", "slim/slim", "spark-core", "spring-boot-starter-web",
        "spring-boot-starter-webflux", "symfony/framework-bundle", "vertx-web", "warp", "yiisoft/yii2",
    )
)  # fmt: skip
# What only a program that is started is built with, or made of.
_RUNNABLE = frozenset(
    (
        "Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "io.micronaut.application", "io.quarkus",
        "laravel/framework", "org.springframework.boot", "quarkus-maven-plugin", "rails", "spring-boot-maven-plugin",
        "symfony/framework-bundle",
    )
)  # fmt: skip
_JOB = re.compile(
    r"(^|[-_.])(migrat\w*|seed\w*|init|initiali[sz]er?|setup|bootstrap|backup\w*|prestart|create[-_]\w+|createbuckets|mc|loader?|import(er)?|dbinit|"
    r"cron\w*|jobs?|batch|report|cleanup|nightly|tests?|playwright|cypress|e2e|certbot|generat(e|or))([-_.]|$)",
    re.IGNORECASE,
)
_JOB_COMMAND = re.compile(
    r"alembic\s+upgrade|manage\.py\s+(migrate|loaddata|collectstatic)|prisma\s+(migrate|db)|flyway|liquibase|db:migrate|db:seed|knex\s+migrate|"
    r"sequelize\s+db:|typeorm\s+migration|artisan\s+(migrate|db:seed)|\b(pg_dump|pg_dumpall|mysqldump|mongodump|mongorestore)\b|"
    r"kafka-topics|rs\.initiate|mc\s+(alias|config|mb)|goose\s+.*\bup\b|dbmate\s+up"
)
_SERVES = re.compile(r"(service|server|svc|api|app)$", re.IGNORECASE)
_WORKER = re.compile(
    r"(^|[-_.])(workers?|consumers?|processor|celery\w*|sidekiq|beat|scheduler|queue\w*|subscriber|listener|daemon|indexer|crawler|horizon|dispatcher)([-_.]|$)",
    re.IGNORECASE,
)
_WORKER_COMMAND = re.compile(
    r"\bcelery\b|\bsidekiq\b|\brq\s+worker|\brqworker\b|\bdramatiq\b|\barq\b|queue:work|\bhuey_consumer|schedule:work|(?<=\s)scheduler(?=\s|$)|\bworker\b|\bconsumer\b|\bhorizon\b",
    re.IGNORECASE,
)
_FRONTEND = re.compile(r"(^|[-_.])(front[-_]?end|ui|webui|client|spa|webapp|web-app)([-_.]|$)", re.IGNORECASE)
_API = re.compile(r"(^|[-_.])(api|apis|graphql|rest|grpc)([-_.]|$)", re.IGNORECASE)
_WEBSITE = re.compile(r"(^|[-_.])(web|www|website|site|portal|storefront|blog|homepage)([-_.]|$)", re.IGNORECASE)
_GATEWAY = re.compile(r"(^|[-_.])(gateway|proxy|ingress|lb|load-?balancer|nginx|traefik|edge)([-_.]|$)", re.IGNORECASE)
_CLIENT = re.compile(
    r"^(?:/\S*/)?(?:(?:ba)?sh\s+-\w*c\s+)?.*?\b(pg_dump|pg_dumpall|pg_restore|psql|mysqldump|mongodump|mongosh|mongoimport|redis-cli|kafka-topics|"
    r"kafka-topics\.sh|rabbitmqadmin|mysql\s+-|mongo\s+-|clickhouse-client|cqlsh|etcdctl|createdb|mc\s+(?:alias|mb|config))\b",
    re.DOTALL,
)
_SERVER = re.compile(
    r"\b(postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|rabbitmq-server|docker-entrypoint\.sh|server|kafka-server-start\S*)\b"
)


def component(
    name: str, command: str, restart: str, profiles: Iterable[str], packages: Iterable[frozenset[str]], has_ports: bool
) -> str:
    """The asset type of a program of the user's own."""
    all_packages = frozenset().union(*packages)
    if (
        (_JOB.search(name) and not has_ports and not _SERVES.search(name))
        or (_JOB_COMMAND.search(command) and not has_ports)
        or (restart in ("no", "none", "on-failure") and not has_ports and list(profiles))
    ):
        return "batch-job"
    if is_worker(name, "" if has_ports else command) or "Microsoft.NET.Sdk.Worker" in all_packages:
        return "worker"
    if is_frontend(all_packages):
        return "frontend"
    if _GATEWAY.search(name):
        return "gateway"
    if _FRONTEND.search(name):
        return "frontend"
    if _API.search(name):
        return "api"
    return "website" if _WEBSITE.search(name) else "service"


def is_worker(name: str, command: str) -> bool:
    """Whether a program takes work from a queue rather than requests."""
    return bool(_WORKER.search(name) or _WORKER_COMMAND.search(command))


def is_frontend(packages: frozenset[str]) -> bool:
    """Whether what these packages build is shown in a browser."""
    if _PYTHON_FRONTENDS & packages:
        return True
    return bool(_FRONTEND_BUILDERS & packages) and bool(_FRONTEND_LIBRARIES & packages) and not (_SERVERS & packages)


def is_transformation(packages: frozenset[str]) -> bool:
    """Whether a folder holds a project that only turns data of a warehouse into other data."""
    return "dbt project" in packages


def is_program(packages: frozenset[str]) -> bool:
    """Whether these packages hold a framework that serves something."""
    return is_frontend(packages) or bool((_PYTHON_SERVICES | _SERVERS | _OTHER_SERVICES) & packages)


def is_runnable(packages: frozenset[str]) -> bool:
    """Whether a manifest alone says that what stands in its folder is started."""
    return bool(_RUNNABLE & packages)


def is_client(command: str) -> bool:
    """Whether an engine's image is only used for the client programs in it."""
    return bool(command) and bool(_CLIENT.match(command)) and not _SERVER.match(command)
