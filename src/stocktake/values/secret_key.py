"""Which keys hold secrets (`db_password`, `apiKey`), and which only speak of them (`password_policy`, `token_ttl`)."""

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ENDINGS = ("password", "passwd", "passphrase", "apikey", "secretkey", "accesskey", "secret", "token")
_SHORT = frozenset(("pass", "psk", "pwd"))
_CREDENTIALS = frozenset(("credential", "credentials", "creds"))
_KEYS = frozenset(("access", "api", "auth", "secret"))
_RANDOM_KEYS = frozenset(
    (
        *("account", "admin", "app", "cookie", "encryption", "hmac", "jwt", "license", "master", "private", "root"),
        *("service", "session", "shared", "signing", "storage", "subscription", "webhook"),
    )
)
_COUNTED_TOKENS = frozenset(
    ("bos", "continuation", "csrf", "eos", "id", "max", "min", "next", "pad", "page", "sort", "stop", "unk", "xsrf")
)
_VALUE_WORDS = frozenset(("b64", "base64", "default", "plain", "plaintext", "value"))
_DEFAULTS = frozenset(
    (
        "1234",
        "12345",
        "123456",
        "12345678",
        "admin",
        "admin123",
        "change-me",
        "change_me",
        "changeit",
        "changeme",
        "changethis",
        "default",
        "demo",
        "dev",
        "example",
        "guest",
        "letmein",
        "minioadmin",
        "mongo",
        "mysql",
        "passw0rd",
        "password",
        "password1",
        "password123",
        "postgres",
        "qwerty",
        "rabbitmq",
        "redis",
        "root",
        "s3cret",
        "secret",
        "test",
        "test123",
        "topsecret",
    )
)
_NO_VALUES = frozenset(
    (
        "0",
        "1",
        "any",
        "argon2",
        "bcrypt",
        "bool",
        "boolean",
        "env",
        "external",
        "false",
        "file",
        "int",
        "integer",
        "managed",
        "md5",
        "no",
        "number",
        "off",
        "on",
        "optional",
        "peer",
        "required",
        "rotated",
        "scram-sha-256",
        "str",
        "string",
        "text",
        "true",
        "trust",
        "unset",
        "varchar",
        "vault",
        "yes",
    )
)
_REFERENCE = re.compile(
    r"(?:arn|aws-sm|aws-ssm|azure|doppler|env|file|gcp|keyvault|op|ref|sealed|secret|secretref|secretsmanager|sops|ssm|vault)"
    r"(?::|\+)\S*|(?:projects|secrets?|kv|keyvault)/\S+|\S*secretKeyRef\S*|!\w+.*",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:~|\.{0,2})/(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*|[A-Za-z]:\\.*|[\w.-]+\.(?:pem|key|crt|txt|json|ya?ml|env)"
)
_NAME_OF_A_SECRET = re.compile(
    r"(?:[a-z0-9]+[-_/.])+(?:password|passwd|secret|secrets|token|creds|credentials|auth|key|pw)"
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S*", re.IGNORECASE)


def names_a_secret(name: str, value: str) -> str | None:
    """What the value of a key is if the key's last words ask for a secret, or None."""
    words = _last_words(name)
    last, before = (words[-1], words[-2] if len(words) > 1 else "") if words else ("", "")
    asked = last.endswith(_ENDINGS) or last in _SHORT or (last == "key" and before in _KEYS)
    if last == "token" and (before in _COUNTED_TOKENS or len(value) < 4):
        return None
    if not asked:
        asked = (last in _CREDENTIALS or (last == "key" and before in _RANDOM_KEYS)) and _looks_random(value)
    if not asked:
        return None
    return f"{'well-known default' if value.lower() in _DEFAULTS else 'value'} of a password-like key"


def says_no_secret(name: str, value: str) -> bool:
    """Whether a value is a word, a number, a sentence, a path or a reference, but no secret itself."""
    if not value.strip() or any(letter.isspace() for letter in value) or value.lower() in _NO_VALUES:
        return True
    if _REFERENCE.fullmatch(value) or _URL.fullmatch(value) or _PATH.fullmatch(value):
        return True
    last = (_last_words(name) or [""])[-1]
    if value.isdigit() and len(value) < 7 and not last.endswith(("password", "passwd", "pwd")):
        return True
    return not last.endswith(("password", "passwd", "pwd")) and _NAME_OF_A_SECRET.fullmatch(value) is not None


def _last_words(name: str) -> list[str]:
    words = [word.lower() for word in _WORDS.findall(name[-120:]) if not word.isdigit()]
    while words and words[-1] in _VALUE_WORDS:
        words.pop()
    return words


def _looks_random(value: str) -> bool:
    return len(value) >= 16 and any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)
