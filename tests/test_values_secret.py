"""Secrets: which values are, which are not, and that none is left in what is shown. All values here are made up."""

import re
import time

import pytest

from stocktake.values import secret

KEY_BLOCK = "-----BEGIN RSA PRIVATE " + "KEY-----\nabc\n-----END RSA PRIVATE " + "KEY-----"
SECRETS = [
    ("POSTGRES_PASSWORD", "postgres", "well-known default of a password-like key"),
    ("SECRET_KEY", "changethis", "well-known default of a password-like key"),
    ("dbPassword", "made-up-1", "value of a password-like key"),
    ("PGPASSWORD", "madeup", "value of a password-like key"),
    ("db_password1", "madeup", "value of a password-like key"),
    ("password", "123456", "well-known default of a password-like key"),
    ("settings[db.password].value", "madeup", "value of a password-like key"),
    ("API_KEY", "made9up", "value of a password-like key"),
    ("private_key", "m4d3upm4d3upm4d3up", "value of a password-like key"),
    ("password", "${PW:-madeup}", "value of a password-like key"),
    ("url", "postgres://a:madeup@db/x", "password in a connection string"),
    ("dsn", "host=db dbname=x password=madeup", "password in a connection string"),
    ("url", "https://a:madeup@example.com/x", "password in a URL"),
    ("note", "gh" + "p_" + "a1B2" * 9, "GitHub token"),
    ("note", "AK" + "IA" + "ABCDEFGH23456789", "AWS access key id"),
    ("note", "xo" + "xb-" + "1234567890-abcdefghij", "Slack token"),
    ("note", "sk" + "_live_" + "a1B2" * 6, "Stripe key"),
    ("note", "AI" + "za" + "a1B2_" * 7, "Google API key"),
    ("note", "gl" + "pat-" + "a1B2-" * 4, "GitLab token"),
    ("note", "ey" + "J" + "a1B2" * 5 + ".ey" + "J" + "a1B2" * 5 + ".c3D4", "JSON web token"),
    ("note", KEY_BLOCK, "private key"),
    ("note", "AccountName=a;AccountKey=" + "aB3d" * 20 + "==", "Azure key"),
    ("note", "SharedAccessKeyName=r;SharedAccessKey=" + "aB3d" * 10 + "=", "Azure key"),
    ("note", "https://" + "a1b2" * 8 + "@o1.ingest.sentry.io/5", "key in a URL"),
]
INNOCENT = [
    ("password_policy", "strong"),
    ("secret_ref", "vault:kv/orders"),
    ("access.rotation", "P90D"),
    ("token_ttl", "30"),
    ("max_token", "4096"),
    ("next_page_token", "abc123"),
    ("password", ""),
    ("password", "${PW}"),
    ("password", "{{ password }}"),
    ("password", "<password>"),
    ("password", "xxxx"),
    ("password", "your-password"),
    ("password", "DATABASE_PASSWORD"),
    ("password", "vault:kv/data#orders"),
    ("password", "/run/secrets/orders"),
    ("POSTGRES_PASSWORD_FILE", "/run/secrets/orders"),
    ("secret", "orders-db-password"),
    ("token", "true"),
    ("encryption_key", "customer-managed"),
    ("public_key", "m4d3upm4d3upm4d3up"),
    ("password_encryption", "scram-sha-256"),
    ("description", "The password is rotated every year."),
    ("url", "postgres://a:${PW}@db/x"),
    ("url", "postgres://a@db/x"),
    ("access_id", "AK" + "IA" + "IOSFODNN7EXAMPLE"),
    ("id", "3f2b6c1e-8a4d-4a44-9d5a-7b2d1c1a0f11"),
]
FILE = f"""name: orders
password: madeup1
  - POSTGRES_PASSWORD=madeup2
url: postgres://a:madeup3@db/x
call(password=madeup4, x=1)
x = {{"password": "madeup5"}}
redis-server --requirepass madeup6
curl https://me:madeup7@host/x
{KEY_BLOCK.replace("abc", "madeup8")}
password: ${{PW}}
password = os.environ["PW"]
token = settings.token
token_ttl: 30
user: a@example.com
"""
HOSTILE = ("://", "://a:", "password=", "password: 'a", "password=a,", "pass='\\", "a-key-", "eyJ", "requirepass ")
MORE_HOSTILE = ("-----BEGIN PRIVATE " + "KEY-----", "# not-secret: x", "# not-secret: x\npassword: madeup\n", "key ")


@pytest.mark.parametrize(("name", "value", "what"), SECRETS)
def test_a_secret_is_told_by_its_kind(name, value, what):
    assert secret.find(name, value) == what


@pytest.mark.parametrize(("name", "value"), INNOCENT)
def test_an_innocent_value_is_no_secret(name, value):
    assert secret.find(name, value) is None


def test_the_lines_with_secrets_of_a_file_are_found():
    lines = [FILE.count("\n", 0, offset) + 1 for offset, _ in secret.in_text(FILE)]

    assert lines == [2, 3, 4, 6, 7, 8, 9]


def test_nothing_secret_is_left_in_what_is_shown():
    shown = secret.redact(FILE)

    assert "madeup" not in shown
    assert shown.splitlines()[-5:] == FILE.splitlines()[-5:]


@pytest.mark.parametrize(("name", "value", "what"), SECRETS)
def test_every_secret_is_taken_out_of_an_error_message(name, value, what):
    hidden = re.sub(r"\$\{PW:-(\w+)\}", r"\1", value)

    shown = secret.redact(f"could not read: {name.removesuffix('.value').strip('s[]')}={value} in orders.yaml")

    assert hidden not in shown
    assert shown.endswith(" in orders.yaml")


def test_a_false_alarm_is_silenced_on_its_own_line_only():
    text = "password: madeup1 # not-secret: a label\npassword: madeup2\n"

    assert [offset for offset, _ in secret.in_text(text)] == [text.index("madeup2")]
    assert secret.excused(text) == [(1, "a label")]


def test_a_false_alarm_needs_a_reason():
    text = "password: madeup1 # not-secret:\n"

    assert len(secret.in_text(text)) == 1
    assert secret.excused(text) == []


@pytest.mark.parametrize("part", HOSTILE + MORE_HOSTILE)
def test_the_time_for_hostile_text_is_linear(part):
    text = (part * (250_000 // len(part) + 1))[:250_000]

    start = time.process_time()
    secret.in_text(text)
    secret.redact(text)

    assert time.process_time() - start < 5  # a quadratic search takes minutes


def test_a_text_without_secrets_costs_little():
    text = ("name: orders database\ndescription: Holds every order.\nowner: shop\n  rpo: PT15M\n" * 40)[:2048]
    words = ("pass", "secret", "token", "pwd", "key")

    def cost(look):
        times = []
        for _ in range(30):
            start = time.perf_counter()
            for _ in range(100):
                look()
            times.append(time.perf_counter() - start)
        return min(times)

    assert cost(lambda: secret.in_text(text)) < 4 * cost(lambda: [word in text for word in words])
