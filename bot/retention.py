"""Once a day what is older than its rule is dropped: the rules say how many days, this table says how."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.retention import Retention, in_force
from bot.store import (
    broadcasts,
    cards,
    drafts,
    exported,
    inbox,
    incidents,
    invitations,
    jobs,
    keeping,
    outbox,
    pins,
    privacy,
    prompts,
    questions,
    receipts,
    recipients,
    records,
    requests,
    windows,
)
from bot.store.database import Tx

#: What drops each kind, older than a moment.
DROPS: Mapping[str, Callable[[Tx, datetime], object]] = {
    "inbox.body": inbox.forget_bodies,
    "inbox": inbox.forget,
    "outbox": outbox.forget,
    "prompt": prompts.forget,
    "draft": drafts.forget,
    "broadcast_draft": broadcasts.forget_drafts,
    "job": jobs.forget,
    "proof": keeping.proofs,
    "receipt": receipts.forget,
    "window": windows.forget,
    "visitor": invitations.forget,
    "request": requests.forget,
    "card": cards.forget,
    "question": questions.forget,
    "incident": incidents.forget,
    "recipient": recipients.forget,
    "broadcast": keeping.broadcasts,
    "member": keeping.leavers,
    "sheet": exported.forget,
    "bill": keeping.bills,
    "project": keeping.projects,
    "project_proof": keeping.project_proofs,
    "address": keeping.addresses,
    "person": keeping.former,
    "pin": keeping.pins,
    "pin_wait": pins.forget_waits,
    "privacy_request": privacy.forget,
    "plan": keeping.plans,
}


def forget(tx: Tx, rules: Sequence[Retention], now: datetime) -> None:
    """Drop what is older than its rule says; a kind without one stays."""
    for rule in in_force(rules, now.date()):
        before = now - timedelta(days=rule.days)
        if rule.days and rule.what in DROPS:
            DROPS[rule.what](tx, before)
        elif rule.days and rule.what == "audit":
            records.forget(tx, before, now)
