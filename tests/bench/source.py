"""A source tree of any size with something to find in every project."""

from pathlib import Path

COMPOSE = """services:
  api:
    build: ./api
    env_file: api/api.env
    depends_on: [db, cache]
  worker:
    build: ./worker
    environment:
      DATABASE_URL: postgresql://app:${{DB_PASSWORD}}@db:5432/app{number}
      BROKER_URL: amqp://broker:5672
  db:
    image: postgres:16.4
    volumes: ["data:/var/lib/postgresql/data"]
  cache:
    image: redis:7.4-alpine
  broker:
    image: rabbitmq:4
volumes:
  data:
"""
DOCKERFILE = """FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "main.py"]
"""
ENVIRONMENT = "DATABASE_URL=postgresql://app@db:5432/app{number}\nREDIS_URL=redis://cache:6379/0\nLOG_LEVEL=info\n"
REQUIREMENTS = "psycopg[binary]==3.2.3\nredis==5.2.0\npika==1.3.2\n"
MODULE = '"""Module {number}."""\n\n' + "".join(
    f"\n\ndef step_{step}(value):\n    return value + {step}\n" for step in range(40)
)


def write(root: Path, projects: int) -> int:
    """Write that many projects of three stores and two services each; the number of files."""
    count = 0
    for number in range(projects):
        for path, text in _project(number):
            target = root / f"project-{number}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            count += 1
    return count


def _project(number: int) -> list[tuple[str, str]]:
    files = [("compose.yaml", COMPOSE.format(number=number)), ("api/api.env", ENVIRONMENT.format(number=number))]
    for service in ("api", "worker"):
        files += [(f"{service}/Dockerfile", DOCKERFILE), (f"{service}/requirements.txt", REQUIREMENTS)]
        files += [(f"{service}/module_{module}.py", MODULE.replace("{number}", str(module))) for module in range(7)]
    return files
