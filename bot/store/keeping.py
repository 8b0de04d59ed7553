"""What is no longer needed is overwritten: people who left, sums' details, proofs, and who asks to be erased."""

import json
from datetime import date, datetime

from bot.store import arriving
from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.pins import forget as forget_pin

Q = queries(__file__)

#: What stands in the place of a name.
NOBODY = "(dihapus)"
_NIK, _DETAILS, _BROADCAST, _NAMED = "member.nik", "member.details", "broadcast.body", "project.named"


def leavers(tx: Tx, before: datetime) -> int:
    """Overwrite who stopped being insured before then: name, NIK, birth, mother, phone, wage; returns how many."""
    found = tx.all(Q.members, before=before.date().isoformat())
    for row in found:
        nik, details = tx.vault.seal(_NIK, ""), tx.vault.seal_json(_DETAILS, {"wage": 0})
        tx.run(Q.blank_member, id=row["id"], name=NOBODY, nik=nik, details=details)
        tx.run(Q.blank_wages, id=row["id"])
        tx.run(Q.drop_digests, id=row["id"])
    return len(found)


def bills(tx: Tx, before: datetime) -> None:
    """Drop each person's share in bills that fell due before then; the sums stay."""
    tx.run(Q.blank_bills, before=before.date().isoformat())


def proofs(tx: Tx, before: datetime) -> None:
    """Let go of the photos of payments that were reported before then: what proves nothing goes with the jobs."""
    tx.run(Q.unlink_payments, before=stamp(before))
    tx.run(Q.drop_proofs, before=stamp(before))


def broadcasts(tx: Tx, before: datetime) -> None:
    """Drop the words of broadcasts that ended before then; the counts stay."""
    for row in tx.all(Q.old_broadcasts, before=stamp(before)):
        if tx.vault.open_json(_BROADCAST, row["body"])["text"]:
            empty = {"text": "", "place": "", "file_name": ""}
            tx.run(Q.blank_broadcast, id=row["id"], body=tx.vault.seal_json(_BROADCAST, empty))


def projects(tx: Tx, before: datetime) -> None:
    """Drop who worked in a project that ended before then; its value and what was paid stay."""
    for row in tx.all(Q.old_projects, before=before.date().isoformat()):
        if tx.vault.open_json(_NAMED, row["named"]):
            tx.run(Q.blank_project, id=row["id"], named=tx.vault.seal_json(_NAMED, []))


def project_proofs(tx: Tx, before: datetime) -> None:
    """Let go of the photos that prove what was paid for projects."""
    tx.run(Q.drop_project_proofs, before=stamp(before))


def plans(tx: Tx, before: datetime) -> None:
    """Drop what was planned before then: those moments do not come again."""
    tx.run(Q.forget_plans, before=stamp(before))


def addresses(tx: Tx, before: datetime) -> None:
    """Unlink the accounts of people whose last office ended before then."""
    tx.run(Q.unlink, people=_former(tx, before))


def former(tx: Tx, before: datetime) -> None:
    """Drop the names of people whose last office ended before then; what they did stays, by number."""
    _blank(tx, _former(tx, before))


def pins(tx: Tx, before: datetime) -> None:
    """Drop the PINs of people whose last office ended before then, and that their access was cut."""
    _drop_pins(tx, _former(tx, before))


def _former(tx: Tx, before: datetime) -> str:
    return json.dumps([row["id"] for row in tx.all(Q.former, before=before.date().isoformat())])


def _blank(tx: Tx, people: str) -> None:
    tx.run(Q.blank_person, people=people, name=NOBODY)
    tx.run(Q.blank_invitations, people=people)


def _drop_pins(tx: Tx, people: str) -> None:
    tx.run(Q.drop_pin, people=people)
    tx.run(Q.thaw, people=people)


def erase(tx: Tx, person: int, last: date, now: datetime) -> None:
    """Somebody is nobody from now on: no account, no name, no words of theirs; acts stay, by number."""
    for row in tx.all(Q.addresses, person=person):
        at = {"channel": row["channel"], "chat": row["chat"]}
        by = {"channel": row["channel"], "user": row["user"]}
        conversation = f"{row['channel']}:{row['chat']}"
        tx.run(Q.blank_inbox, conversation=conversation)
        tx.run(Q.drop_jobs, conversation=conversation)
        tx.run(Q.cancel_outbox, **at, now=stamp(now))
        tx.run(Q.blank_outbox, **at)
        tx.run(Q.drop_window, **at)
        tx.run(Q.drop_visitor, **by)
        tx.run(Q.drop_guess, scope=f"{row['channel']}:{row['user']}")
        tx.run(Q.drop_requests, **by, person=person)
    arriving.refuse(tx, person)
    tx.run(Q.drop_prompts, person=person)
    tx.run(Q.drop_drafts, person=person)
    alone = json.dumps([person])
    _drop_pins(tx, alone)
    forget_pin(tx, person)
    tx.run(Q.blank_recipient, person=person)
    tx.run(Q.end_offices, person=person, last=last.isoformat())
    tx.run(Q.unlink, people=alone)
    _blank(tx, alone)
