"""The short form in which cases of rules about live stores are written: one store, and what was seen of it.

`declared` is added to its record. In `seen`, `settings` is a mapping of values, `hba` a list of rules for logging in,
and any other mapping holds facts by key; `hidden` says why a group of facts was not visible, `unread` why it was not
read; `looked` is the day, and `environment` where.
"""

from stocktake.values.name import encode_key

STORES = {
    "PG": ("asset/orders-db", {"name": "Orders", "type": "relational-db", "engine": "postgresql"}),
    "SL": ("asset/deliveries", {"name": "Deliveries", "type": "embedded-db", "engine": "sqlite"}),
}
SHORT = {"declared", "environment", "hidden", "looked", "seen", "unread"}


def whole(rule, case):
    """A case in its long form."""
    store = STORES.get(rule.rstrip("0123456789"))
    if store is None:
        return case
    address, record = store
    looks = {"seen", "hidden", "unread"} & set(case)
    return {
        **{key: value for key, value in case.items() if key not in SHORT},
        "records": {address: record | case.get("declared", {}), **case.get("records", {})},
        "observed": [observed(address, record["engine"], case)] if looks else [],
    }


def observed(address, engine, case):
    """One look at one store."""
    name = address.partition("/")[2]
    facts = {"engine": engine, **dict(flat(case.get("seen", {})))}
    for kind, groups in (("not_visible", case.get("hidden", {})), ("not_read", case.get("unread", {}))):
        facts |= {f"{kind}[{encode_key(group)}].reason": reason for group, reason in groups.items()}
    environment = {"environment": case["environment"]} if "environment" in case else {}
    thing = {"name": name, "identifiers": [f"record:{address}"], "facts": facts}
    looked = {"looked": case["looked"]} if "looked" in case else {}
    return {"source": name, "collector": "observe", "things": {name: thing}, **looked, **environment}


def flat(seen):
    """Facts by their full names."""
    for name, value in seen.items():
        if name == "hba":
            yield from logins(value)
        elif not isinstance(value, dict):
            yield name, value
        else:
            for key, facts in value.items():
                for fact, one in (facts if isinstance(facts, dict) else {"value": facts}).items():
                    yield f"{name}[{encode_key(key)}].{fact}", one


def logins(lines):
    """Rules of pg_hba.conf: `host all all 10.0.0.0/8 md5`, and `local` without an address."""
    for number, line in enumerate(lines, 1):
        kind, databases, users, *address, method = line.split()
        rule = {"type": kind, "database": databases.split(","), "user": users.split(","), "method": method}
        for name, value in {**rule, **({"address": " ".join(address)} if address else {})}.items():
            yield f"access.hba[{number:04d}].{name}", value
