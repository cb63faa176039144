"""Well-known systems of others: by the host that is called, and by the settings that only their clients read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class External(NamedTuple):
    """`host` is where everybody reaches it, empty where each customer has a host of their own."""

    name: str
    type: str
    hosts: str = ""
    settings: str = ""
    host: str = ""


# hosts: endings of host names; settings: beginnings of names of settings, in capitals.
_TABLE = (
    External("algolia", "external-saas", "algolia.net algolianet.com", "ALGOLIA_"),
    External("anthropic", "external-api", "api.anthropic.com", "ANTHROPIC_ CLAUDE_API_KEY", "api.anthropic.com"),
    External("auth0", "identity-provider", "auth0.com", "AUTH0_"),
    External("aws-bedrock", "external-api", "", "BEDROCK_ AWS_BEDROCK_"),
    External("aws-ses", "external-api", "", "SES_ AWS_SES_"),
    External("azure-openai", "external-api", "openai.azure.com", "AZURE_OPENAI_"),
    External("braintree", "external-api", "braintreegateway.com", "BRAINTREE_", "api.braintreegateway.com"),
    External("cloudflare", "external-saas", "api.cloudflare.com", "CLOUDFLARE_", "api.cloudflare.com"),
    External("cloudinary", "external-saas", "cloudinary.com", "CLOUDINARY_"),
    External("cohere", "external-api", "api.cohere.ai api.cohere.com", "COHERE_", "api.cohere.com"),
    External("datadog", "external-saas", "datadoghq.com datadoghq.eu", "DD_API_KEY DD_SITE DATADOG_"),
    External("deepseek", "external-api", "api.deepseek.com", "DEEPSEEK_", "api.deepseek.com"),
    External("discord", "external-api", "discord.com discordapp.com", "DISCORD_", "discord.com"),
    External("dropbox", "external-saas", "dropboxapi.com", "DROPBOX_", "api.dropboxapi.com"),
    External("facebook", "external-api", "graph.facebook.com", "FACEBOOK_", "graph.facebook.com"),
    External("firebase", "external-saas", "firebaseio.com firebaseapp.com fcm.googleapis.com", "FIREBASE_ FCM_"),
    External("github", "external-api", "api.github.com", "GITHUB_CLIENT_ GITHUB_TOKEN GITHUB_APP_", "api.github.com"),
    External("gitlab", "external-api", "gitlab.com", "GITLAB_", "gitlab.com"),
    External(
        "google",
        "identity-provider",
        "accounts.google.com oauth2.googleapis.com",
        "GOOGLE_CLIENT_ GOOGLE_OAUTH",
        "accounts.google.com",
    ),
    External(
        "google-analytics",
        "external-saas",
        "google-analytics.com",
        "GOOGLE_ANALYTICS_ GA_TRACKING",
        "www.google-analytics.com",
    ),
    External(
        "google-gemini",
        "external-api",
        "generativelanguage.googleapis.com",
        "GEMINI_",
        "generativelanguage.googleapis.com",
    ),
    External("google-maps", "external-api", "maps.googleapis.com", "GOOGLE_MAPS_", "maps.googleapis.com"),
    External("google-vertex-ai", "external-api", "aiplatform.googleapis.com", "VERTEX_ VERTEXAI_"),
    External("groq", "external-api", "api.groq.com", "GROQ_", "api.groq.com"),
    External("hubspot", "external-saas", "api.hubapi.com", "HUBSPOT_", "api.hubapi.com"),
    External(
        "huggingface", "external-api", "huggingface.co", "HUGGINGFACE_ HUGGING_FACE_ HF_TOKEN HF_API", "huggingface.co"
    ),
    External("launchdarkly", "external-saas", "launchdarkly.com", "LAUNCHDARKLY_ LD_SDK_KEY", "app.launchdarkly.com"),
    External("mailchimp", "external-saas", "api.mailchimp.com mandrillapp.com", "MAILCHIMP_ MANDRILL_"),
    External("mailgun", "external-api", "mailgun.net mailgun.org", "MAILGUN_", "api.mailgun.net"),
    External("mailjet", "external-api", "mailjet.com", "MAILJET_", "api.mailjet.com"),
    External("mapbox", "external-api", "api.mapbox.com", "MAPBOX_", "api.mapbox.com"),
    External(
        "microsoft-entra-id",
        "identity-provider",
        "login.microsoftonline.com",
        "AZURE_AD_ ENTRA_",
        "login.microsoftonline.com",
    ),
    External("microsoft-graph", "external-api", "graph.microsoft.com", "MSGRAPH_", "graph.microsoft.com"),
    External("mistral", "external-api", "api.mistral.ai", "MISTRAL_", "api.mistral.ai"),
    External("mixpanel", "external-saas", "mixpanel.com", "MIXPANEL_", "api.mixpanel.com"),
    External("mollie", "external-api", "api.mollie.com", "MOLLIE_", "api.mollie.com"),
    External("newrelic", "external-saas", "newrelic.com", "NEW_RELIC_ NEWRELIC_"),
    External("okta", "identity-provider", "okta.com oktapreview.com", "OKTA_"),
    External("ollama", "external-api", "", "OLLAMA_"),
    External("open-webui", "external-api", "", "OPEN_WEBUI_ OPENWEBUI_"),
    External("openai", "external-api", "api.openai.com", "OPENAI_", "api.openai.com"),
    External("openrouter", "external-api", "openrouter.ai", "OPENROUTER_", "openrouter.ai"),
    External("pagerduty", "external-saas", "pagerduty.com", "PAGERDUTY_", "events.pagerduty.com"),
    External("paypal", "external-api", "paypal.com", "PAYPAL_", "api-m.paypal.com"),
    External("pinecone", "external-saas", "pinecone.io", "PINECONE_", "api.pinecone.io"),
    External("plaid", "external-api", "plaid.com", "PLAID_", "production.plaid.com"),
    External("postmark", "external-api", "postmarkapp.com", "POSTMARK_", "api.postmarkapp.com"),
    External("pusher", "external-saas", "pusher.com", "PUSHER_"),
    External("razorpay", "external-api", "api.razorpay.com", "RAZORPAY_", "api.razorpay.com"),
    External("recaptcha", "external-api", "", "RECAPTCHA_"),
    External("replicate", "external-api", "api.replicate.com", "REPLICATE_API", "api.replicate.com"),
    External("resend", "external-api", "api.resend.com", "RESEND_", "api.resend.com"),
    External("salesforce", "external-saas", "salesforce.com force.com", "SALESFORCE_ SFDC_"),
    External("segment", "external-saas", "api.segment.io", "SEGMENT_WRITE SEGMENT_KEY", "api.segment.io"),
    External("sendgrid", "external-api", "sendgrid.com sendgrid.net", "SENDGRID_", "api.sendgrid.com"),
    External("sentry", "external-saas", "sentry.io", "SENTRY_ NEXT_PUBLIC_SENTRY_ VITE_SENTRY_"),
    External("shopify", "external-saas", "myshopify.com", "SHOPIFY_"),
    External("slack", "external-api", "slack.com", "SLACK_", "slack.com"),
    External("smtp", "external-saas", "", "SMTP_ MAIL_HOST MAIL_SERVER EMAIL_HOST MAILER_HOST MAIL_SMTP_"),
    External("sparkpost", "external-api", "sparkpost.com sparkpostmail.com", "SPARKPOST_", "api.sparkpost.com"),
    External("square", "external-api", "squareup.com", "SQUARE_ACCESS SQUARE_APP", "connect.squareup.com"),
    External("stripe", "external-api", "api.stripe.com js.stripe.com", "STRIPE_", "api.stripe.com"),
    External("supabase", "external-saas", "supabase.co", "SUPABASE_"),
    External("tavily", "external-api", "api.tavily.com", "TAVILY_", "api.tavily.com"),
    External("telegram", "external-api", "api.telegram.org", "TELEGRAM_", "api.telegram.org"),
    External("twilio", "external-api", "twilio.com", "TWILIO_", "api.twilio.com"),
    External("twitter", "external-api", "api.twitter.com api.x.com", "TWITTER_", "api.twitter.com"),
    External("zendesk", "external-saas", "zendesk.com", "ZENDESK_"),
)
_OF_HOST: Mapping[str, External] = {host: external for external in _TABLE for host in external.hosts.split()}
_OF_NAME: Mapping[str, External] = {external.name: external for external in _TABLE}
_OF_SETTING = sorted(
    ((start, external) for external in _TABLE for start in external.settings.split()), key=lambda pair: -len(pair[0])
)
_STARTS = re.compile("|".join(f"(?P<s{n}>(?:^|(?<=_)){re.escape(start)})" for n, (start, _) in enumerate(_OF_SETTING)))
_TELLING = re.compile(r"KEY|SECRET|TOKEN|DSN|URL|URI|HOST|ENDPOINT|CLIENT_?ID|WEBHOOK|SERVER")
_NOBODYS = re.compile(
    r"(^|\.)(example\.(com|org|net)|(my|your|the|some)?[-_]?(company|domain|server|host|site|app|project|api|name|bucket|org|account|url)"
    r"\.(com|org|net|io|local|internal)|foo\.com|acme\.(com|org)|test\.com|invalid)$|your[-_]|[<>{}$%*]|x{3,}"
)
_PUBLISHERS = (
    "apache.org debian.org docker.com docker.io fonts.googleapis.com gcr.io github.com githubusercontent.com "
    "googletagmanager.com gravatar.com jsdelivr.net json-schema.org microsoft.com opensource.org readthedocs.io "
    "rtfd.io schemastore.org shields.io springframework.org unpkg.com w3.org xmlsoap.org"
)
# Package registries and their mirrors, public or a company's own, go by what they serve.
_PACKAGES = re.compile(
    r"(^|[.-])(crates|gems|maven|mirrors?|npm|npmjs|packages|pypi|registry|rubygems|yarn|yarnpkg)[.-]"
)
_CODE = tuple(_PUBLISHERS.split())


def named(name: str) -> External | None:
    """The well-known system of this name."""
    return _OF_NAME.get(name)


def of_host(host: str) -> External | None:
    """The well-known system that a host belongs to."""
    parts = host.lower().split(".")
    return next((_OF_HOST[end] for n in range(len(parts)) if (end := ".".join(parts[n:])) in _OF_HOST), None)


def of_setting(key: str) -> External | None:
    """The well-known system whose client reads this setting: `OPENAI_API_KEY`, `VITE_SENTRY_DSN`."""
    if "." in key:
        return _of_path(key)
    match = _STARTS.search(key.upper())
    if (
        not match
        or not match.lastgroup
        or (match.start() > 0 and not key.startswith(("VITE_", "NEXT_", "REACT_", "APP_", "MY_")))
    ):
        return None
    return _OF_SETTING[int(match.lastgroup[1:])][1]


def _of_path(key: str) -> External | None:
    """`spring.mail.host` and `payment.stripe.api-key` read like `MAIL_HOST` and `STRIPE_API_KEY`."""
    parts = key.upper().replace("-", "_").split(".")
    if not _TELLING.search(parts[-1]):
        return None
    matches = (_STARTS.match("_".join(parts[start:])) for start in range(len(parts)))
    found = next((match for match in matches if match and match.lastgroup), None)
    return _OF_SETTING[int(str(found.lastgroup)[1:])][1] if found else None


def is_nobodys(host: str) -> bool:
    """A host that stands in examples, or is only where code, schemas and images are published."""
    host = host.lower()
    if _NOBODYS.search(host) or _PACKAGES.search(host):
        return True
    return any(host == end or host.endswith("." + end) for end in _CODE)
