"""Settings of the shop."""

import os
from pathlib import Path

import environ
import sentry_sdk

env = environ.Env()
BASE = Path(__file__).parent

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("DB_NAME", "orders"),
        "HOST": "db.internal.example.com",
        "PORT": 5432,
        "PASSWORD": "tr0ub4dor-and-3",
    },
    "replica": {"ENGINE": "django.db.backends.sqlite3", "NAME": "replica.sqlite3"},
}
CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://cache:6379/1"}}
BROKER_URL = env.str("BROKER_URL", default="amqp://broker:5672//")
STRIPE_KEY = os.environ["STRIPE_SECRET_KEY"]
DOCS = "see https://docs.example.com for more"

sentry_sdk.init(dsn=os.getenv("SENTRY_DSN"))
