"""Gates on what records say of protection: levels, objectives, backups, encryption, fallbacks."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.analyse.gates.facts import below, is_gone, is_longer, is_shorter, parts, weaker
from stocktake.model.weakening import Changed, Weakening
from stocktake.values.name import encode_key, keys

_LEVELS = ("low", "medium", "high", "critical")
_TRANSIT = below("none", "local", ("tls", "ssh", "vpn"), "mutual-tls")


def backup_plan(changed: Changed) -> Iterator[Weakening]:
    """A backup plan is removed.

    The store stays, and one way to bring it back is gone.
    """
    for pair in changed.pairs:
        if pair.before is None or pair.after is None:
            continue
        now = dict(parts(pair.after))
        told: set[str] = set()
        for environment, was in parts(pair.before):
            left = keys(now.get(environment, now[""]), "backup.plans[]")
            for key in sorted({*keys(was, "backup.plans[]")} - {*left} - told):
                told |= {key} if not environment else set()
                field = f"backup.plans[{encode_key(key)}]"
                yield Weakening("backup-plan", pair.address, field, "the plan is removed", environment)


def classification(changed: Changed) -> Iterator[Weakening]:
    """A classification is lowered, or data is no longer said to be about persons.

    What may be read by fewer people today may be read by more tomorrow.
    """
    levels = below("public", "internal", "confidential", "restricted")
    persons = below("none", "pseudonymised", "personal", "special-category")
    fields = {
        "classification": levels,
        "datasets[].classification": levels,
        "datasets[].personal_data": persons,
    }
    return weaker("classification", changed.pairs, fields)


def criticality(changed: Changed) -> Iterator[Weakening]:
    """A criticality is lowered.

    Less is asked of what is less critical: rules, limits and drills all go by it.
    """
    return weaker("criticality", changed.pairs, {"criticality": below(*_LEVELS)})


def encryption(changed: Changed) -> Iterator[Weakening]:
    """Encryption in transit, at rest or of backups is switched off, or becomes weaker.

    TLS without a certificate of the client is weaker than TLS with one, and a backup that its target encrypts is weaker
    than one that leaves the machine encrypted.
    """
    fields = {
        "access.encryption_in_transit": _TRANSIT,
        "encryption_in_transit": _TRANSIT,
        "access.encryption_at_rest": below("none", ("disk", "provider", "database", "application")),
        "backup.plans[].encryption": below("none", "server-side", "client-side"),
    }
    return weaker("encryption", changed.pairs, fields)


def fallback(changed: Changed) -> Iterator[Weakening]:
    """A dependency no longer says what happens when the other side is down.

    Its fallback or its redundancy is removed.
    """
    return weaker("fallback", changed.pairs, {"fallback": is_gone, "redundancy": is_gone}, ("dependency",))


def record(changed: Changed) -> Iterator[Weakening]:
    """The record of an asset, a system or a baseline is removed without having been retired.

    With the record everything goes that was promised in it. `stocktake rename` is no removal, and `stocktake retire`
    keeps the record.
    """
    for pair in changed.pairs:
        if pair.after is not None or pair.before is None or pair.kind not in ("asset", "baseline", "system"):
            continue
        if pair.before.get("lifecycle") != "retired":
            about = f"asset/{pair.before.get('asset')}" if pair.kind == "baseline" else ""
            yield Weakening("record", pair.address, "", "the record is removed", about=about)


def recovery(changed: Changed) -> Iterator[Weakening]:
    """A recovery objective becomes longer, or is no longer said.

    More data may be lost (`backup.rpo`), or it takes longer until it is back (`backup.rto`).
    """
    return weaker("recovery", changed.pairs, {"backup.rpo": is_longer, "backup.rto": is_longer}, ("asset",))


def retention(changed: Changed) -> Iterator[Weakening]:
    """Backups or data are kept for a shorter time, or backups can be changed sooner.

    What is deleted sooner cannot be brought back later.
    """
    names = ("backup.plans[].immutability", "backup.plans[].retention", "datasets[].retention", "retention")
    removed = {(one.subject, one.field) for one in backup_plan(changed)}
    for one in weaker("retention", changed.pairs, dict.fromkeys(names, is_shorter)):
        if (one.subject, one.field.rpartition(".")[0]) not in removed:
            yield one


def second_factor(changed: Changed) -> Iterator[Weakening]:
    """People no longer need a second factor.

    A password alone is enough for whoever finds it.
    """
    return weaker("second-factor", changed.pairs, {"access.mfa": below("none", "optional", "required")})


def severity(changed: Changed) -> Iterator[Weakening]:
    """The severity of a finding, an incident, a risk or an alert is lowered.

    What is less severe is looked at later, and may no longer stop a pull request.
    """
    levels = below("info", "low", "medium", "high", "critical")
    yield from weaker("severity", changed.pairs, {"severity": levels}, ("finding", "incident"))
    yield from weaker("severity", changed.pairs, {"monitoring.alerts[].severity": levels})
    risk = dict.fromkeys(("impact", "inherent", "likelihood", "residual"), levels)
    yield from weaker("severity", changed.pairs, risk, ("risk",))
