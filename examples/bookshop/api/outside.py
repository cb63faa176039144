"""What the API asks of others: the identity provider, the payment provider and the broker."""

import json
import logging
from functools import cache
from uuid import UUID

import httpx
import jwt
import pika

log = logging.getLogger("uvicorn.error")


@cache
def signing_keys(issuer: str) -> jwt.PyJWKClient:
    document = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status().json()
    return jwt.PyJWKClient(document["jwks_uri"])


def claims_of(token: str, issuer: str, audience: str) -> dict | None:
    """The claims of a token that the issuer signed for us, else None."""
    try:
        key = signing_keys(issuer).get_signing_key_from_jwt(token)
        return jwt.decode(token, key.key, algorithms=["RS256", "ES256"], issuer=issuer, audience=audience)
    except jwt.PyJWTError as error:
        log.info("token refused: %s", error)
        return None


def charge(number: UUID, cents: int, method: str, url: str, key: str, currency: str) -> str | None:
    """Charge once, however often it is tried (the order is the idempotency key); the payment's id, or None if refused."""
    answer = httpx.post(
        f"{url}/v1/payment_intents",
        auth=(key, ""),
        headers={"Idempotency-Key": str(number)},
        data={"amount": cents, "currency": currency, "payment_method": method, "confirm": "true",
              "automatic_payment_methods[enabled]": "true", "automatic_payment_methods[allow_redirects]": "never"},
        timeout=20,
    )
    if answer.status_code == 402:
        return None
    payment = answer.raise_for_status().json()
    return payment["id"] if payment["status"] == "succeeded" else None


def announce(number: UUID, url: str, queue: str) -> None:
    """Tell the worker about a paid order. If the broker is away the worker finds the order later by itself."""
    try:
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = connection.channel()
        channel.queue_declare(queue, durable=True)
        persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
        channel.basic_publish("", queue, json.dumps({"order": str(number)}), persistent)
        connection.close()
    except (pika.exceptions.AMQPError, OSError) as error:
        log.warning("order %s not announced: %r", number, error)
