"""Who uses what in declared infrastructure: settings, policies, triggers, subscriptions and integrations as edges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.discover import catalogue, engines, places, triggers
from stocktake.discover.claims import Setting
from stocktake.discover.draft import Draft
from stocktake.discover.edges import LIKELY, SURE, WEAK, Reader, edge_type
from stocktake.discover.externals import External
from stocktake.discover.infrastructure import Infrastructure, row_of, settings_of
from stocktake.discover.resources import Resource, plain, references, texts
from stocktake.model.observation import Evidence

_SKIPPED = frozenset(
    (
        "access_logs", "artifacts_bucket", "assume_role_policy", "dead_letter_config", "depends_on",
        "execution_role_arn", "kms_key_arn", "kms_key_id", "labels", "lifecycle", "logging",
        "logging_config", "policy", "redrive_policy", "role", "s3_backup_configuration", "s3_bucket",
        "s3_key", "source_archive_bucket", "storage_account_access_key", "storage_account_name", "tags",
        "vpc_config",
    )
)  # fmt: skip
_FOLLOWED = frozenset(
    (
        "aws_api_gateway_deployment", "aws_cloudfront_origin_access_identity", "aws_launch_template",
        "aws_lb_target_group", "aws_route53_record", "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_version", "aws_ssm_parameter", "azurerm_key_vault_secret",
        "azurerm_user_assigned_identity", "google_secret_manager_secret",
        "google_secret_manager_secret_version",
    )
)  # fmt: skip
_POLICIES = frozenset(("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment"))
_ROLES = frozenset(("aws_iam_role", "aws_iam_instance_profile"))
_IDENTITIES = frozenset(("google_service_account", "azurerm_user_assigned_identity"))
_GRANT = re.compile(r"_iam_(member|binding)$|^azurerm_role_assignment$")
_MEMBERS = ("member", "members", "principal_id")
_KINDS = {
    "bucket": "s3", "queue": "sqs", "stream": "kinesis", "table": "dynamodb", "topic": "sns", "dynamodb": "dynamodb",
}  # fmt: skip
_PLACE = re.compile(r"(?i)(host|hostname|endpoint|url|uri|address|addr|server|arn|name|dsn|connection)$")
_VARIABLE = re.compile(r"^\$\{(?:var\.)?([\w.-]+)\}$")


class Wiring:
    """Connects the things of an infrastructure."""

    def __init__(self, infrastructure: Infrastructure, reader: Reader) -> None:
        self.all = infrastructure
        self.reader = reader
        self.estate = infrastructure.estate
        self.triggered: set[str] = set()
        self.called: set[str] = set()
        self.scheduled: set[str] = set()
        self.policies: dict[tuple[str, str], list[Resource]] = {}
        self.granted: dict[tuple[str, str], list[Resource]] = {}
        self.grouped: dict[tuple[str, str], list[Resource]] = {}
        self.buses: dict[tuple[str, str], Draft] = {}
        self._indexed()

    def connect(self) -> None:
        """All edges; then a program that only takes from queues is a worker, one that a clock starts a job."""
        for each in self.all.resources:
            draft = self.all.drafts.get((each.stack, each.address))
            row = row_of(each)
            if draft and row and row.reads:
                self._body(each, draft)
                self._grants(each, draft)
            if each.type in triggers.WIRES:
                triggers.WIRES[each.type](self, each)
        for draft in self.all.drafts.values():
            if draft.type == "service" and draft.key not in self.called:
                if draft.key in self.triggered:
                    draft.type = "worker"
                elif draft.key in self.scheduled:
                    draft.type = "batch-job"

    def things(self, each: Resource, value: Any) -> Iterator[tuple[Draft, Evidence]]:
        """The things that a value refers to, also by way of what only points at them, or by their names."""
        for address, evidence in references(value, _SKIPPED):
            found = self.all.resource(each.stack, address)
            if not found:
                continue
            place = evidence or each.evidence
            draft = self.all.drafts.get((each.stack, found.address))
            if draft and not (found.type in _FOLLOWED and draft.type == "secret-store"):
                yield draft, place
            elif found.type in _FOLLOWED:
                yield from (
                    (behind, place)
                    for inner, _ in references(found.properties, _SKIPPED)
                    if (behind := self.all.find(each.stack, inner)) and behind.type != "secret-store"
                )

    def edge(self, source: Draft, target: Draft, type_: str, sure: float, evidence: Evidence) -> None:
        """One edge; what starts or is called is noted."""
        if target.type == "secret-store" and not type_:
            type_ = "reads"
        if target.engine == "firehose" and type_ in ("", "publishes-to"):
            type_ = "writes"
        self.estate.connect(source, target, type_ or edge_type(source, target), sure, [evidence])
        if type_ == "subscribes-to":
            self.triggered.add(source.key)
        if type_ == "calls":
            self.called.add(target.key)

    def default_bus(self, rule: Resource) -> Draft:
        """The event bus that exists without being declared."""
        key = (rule.stack, "")
        if key not in self.buses:
            engine = "eventbridge"
            draft = Draft("default-event-bus", "default-event-bus", engines.ENGINES[engine].type, engine, "", LIKELY)
            draft.identifiers.add(f"iac:{self.all.project}/{rule.stack or '.'}/default-event-bus".replace(" ", "-"))
            self.buses[key] = self.estate.add(draft, "aws")
        self.buses[key].evidence.add(rule.evidence)
        return self.buses[key]

    def _body(self, each: Resource, draft: Draft) -> None:
        settings = list(settings_of(each))
        told = {id(value) for _, value, _ in settings}
        rest: list[Setting] = []
        for key, value, evidence in settings:
            found = [thing for thing, _ in self.things(each, value)]
            by_name = self.all.named.get(value)
            if (by_name and not found and _PLACE.search(key) is not None) or (by_name and by_name.engine):
                found = [*found, by_name]
            for thing in found:
                self.edge(draft, thing, "", SURE, evidence)
            if not found and not self._guessed(draft, key, value, settings, evidence):
                rest.append(Setting(str(key), str(value), evidence))
        self.reader.read(draft, None, places.folder(each.evidence.file), rest, SURE)
        for thing, evidence in self._mentioned(each, told):
            type_ = _in_body(draft, thing, each)
            self.edge(draft, thing, type_, SURE, evidence)

    def _mentioned(self, each: Resource, told: set[int]) -> Iterator[tuple[Draft, Evidence]]:
        """What the rest of a resource refers to; a definition in JSON counts as one text."""
        body = [text for text in texts(each.properties, _SKIPPED) if id(text) not in told]
        yield from self.things(each, body)

    def _guessed(self, draft: Draft, key: str, value: str, settings: Any, evidence: Evidence) -> bool:
        """A variable that nobody sets here means the only store of the kind that its name speaks of."""
        match = _VARIABLE.match(value)
        if not match or not _PLACE.search(key):
            return False
        words = f"{key}_{match[1]}".lower()
        engine = engines.of_setting(key) or engines.of_setting(match[1])
        engine = engine or next((engine for word, engine in _KINDS.items() if word in words), "")
        if not engine and re.search(r"(^|_)(db|rds|database|sql|aurora|postgres\w*|mysql)(_|$)", words):
            port = next(
                (value for name, value, _ in settings if re.search(r"(?i)(^|_)port$", name) and value.isdigit()), ""
            )
            engine = engines.of_port(int(port)) if len(port) < 6 and port else ""
            if not engine:
                found = {id(d): d for d in self.all.drafts.values() if d.type == "relational-db"}
                engine = next(iter(found.values())).engine if len(found) == 1 else ""
        target = self.reader.hosts.only(engine) if engine else None
        if target:
            self.edge(draft, target, "", WEAK, evidence)
        return target is not None

    def _grants(self, each: Resource, draft: Draft) -> None:
        """What the policies of its role allow a program."""
        roles = [found for found in self.all.targets(each.stack, each.properties) if found.type in _ROLES]
        roles += [inner for role in roles for inner in self.all.targets(each.stack, role.get("role"))]
        policies: list[Any] = [each.get(key) for key in ("policy_statements", "policies", "iam_role_statements")]
        for role in roles:
            policies += [role.get("inline_policy"), role.get("policies")]
            for other in self.policies.get((each.stack, role.address), ()):
                policies += [other.get("policy"), *self._behind(other)]
        for policy in policies:
            for statement in self._statements(each.stack, policy, 0):
                self._allowed(each, draft, statement)
        self._identified(each, draft)

    def _behind(self, attachment: Resource) -> Iterator[Any]:
        for policy in self.all.targets(attachment.stack, attachment.get("policy_arn")):
            yield policy.get("policy")

    def _statements(self, stack: str, value: Any, depth: int) -> Iterator[dict[str, Any]]:
        value = plain(value)
        if depth > 12:
            return
        if isinstance(value, list):
            for part in value:
                yield from self._statements(stack, part, depth + 1)
        elif isinstance(value, dict):
            if any(key.lower() in ("action", "actions") for key in value):
                yield value
            else:
                for part in value.values():
                    yield from self._statements(stack, part, depth + 1)
        elif isinstance(value, str):
            for document in self.all.targets(stack, value):
                if document.type == "aws_iam_policy_document":
                    yield from self._statements(stack, document.get("statement"), depth + 1)
                    yield from self._statements(stack, document.properties.get("statement"), depth + 1)

    def _allowed(self, each: Resource, draft: Draft, statement: Mapping[str, Any]) -> None:
        lower = {key.lower(): value for key, value in statement.items()}
        if str(lower.get("effect", "Allow")).lower() == "deny":
            return
        actions = list(texts(lower.get("actions") or lower.get("action")))
        aimed = lower.get("resources") or lower.get("resource")
        found = list(self.things(each, aimed))
        for text in texts(aimed):
            named = (
                self.all.named.get(re.sub(r"/.*$", "", text).rpartition(":")[2]) if text.startswith("arn:") else None
            )
            if named:
                found.append((named, getattr(text, "evidence", each.evidence)))
        for thing, evidence in found:
            own = [action for action in actions if _is_of(action, thing)]
            self.edge(draft, thing, catalogue.does(own), LIKELY, evidence)
        for action in actions:
            name = catalogue.SERVICES.get(action.partition(":")[0].lower())
            if name:
                external = self.reader.hosts.external(External(name, "external-api"), "", LIKELY)
                external.evidence.add(getattr(action, "evidence", each.evidence))
                self.edge(draft, external, "calls", LIKELY, getattr(action, "evidence", each.evidence))

    def _identified(self, each: Resource, draft: Draft) -> None:
        """What is granted to the account that a program runs as, in the clouds of Google and Microsoft."""
        mine = {found.address for found in self.all.targets(each.stack, each.properties) if found.type in _IDENTITIES}
        for address in sorted({each.address, *mine}):
            for grant in self.granted.get((each.stack, address), ()):
                rest = {key: value for key, value in grant.properties.items() if key not in _MEMBERS}
                for thing, evidence in self.things(grant, rest):
                    if thing is not draft:
                        self.edge(draft, thing, _of_role(grant, thing), LIKELY, evidence)

    def _indexed(self) -> None:
        """Which resources speak of each role, account and target group, so that nobody has to look through all."""
        for each in self.all.resources:
            if each.type in _POLICIES:
                self._note(self.policies, each, [each.get("role"), each.get("roles")])
            elif _GRANT.search(each.type):
                self._note(self.granted, each, [each.get(key) for key in _MEMBERS])
            groups = [one for one in self.all.targets(each.stack, each.properties) if one.type == "aws_lb_target_group"]
            for address in {one.address for one in groups}:
                self.grouped.setdefault((each.stack, address), []).append(each)

    def _note(self, index: dict[tuple[str, str], list[Resource]], each: Resource, value: Any) -> None:
        for address in {one.address for one in self.all.targets(each.stack, value)}:
            index.setdefault((each.stack, address), []).append(each)


def _is_of(action: str, thing: Draft) -> bool:
    service = action.partition(":")[0].lower()
    return service in (thing.engine, "lambda", "states", "*") or (service == "events" and thing.engine == "eventbridge")


def _of_role(grant: Resource, thing: Draft) -> str:
    role = f"{grant.text('role')} {grant.text('role_definition_name')}".lower()
    if thing.type in engines.BROKERS:
        return (
            "subscribes-to"
            if re.search(r"subscriber|receiver", role)
            else "publishes-to"
            if "publish" in role or "send" in role
            else ""
        )
    return "reads" if re.search(r"viewer|reader", role) and thing.type in engines.STORES else ""


def _in_body(draft: Draft, thing: Draft, each: Resource) -> str:
    """What a mention that is no setting means."""
    if draft.engine == "firehose":
        return "subscribes-to" if thing.type in engines.BROKERS else "writes"
    if draft.type == "gateway" and thing.type == "object-store":
        return "reads"
    if thing.type in engines.BROKERS and ("trigger" in str(each.properties.keys()) or each.get("event_trigger")):
        return "subscribes-to"
    return ""
