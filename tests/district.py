"""A district in the middle of its work: villages that paid, are late, or are missing; people in them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot import ledger
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.messages import Address, Lane, Outgoing
from bot.store import bills, employers, intentions, members, outbox, payments, places, records
from bot.store.bills import Reckoned
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.records import Act, Plan
from tests.world import PERIAN, World, rulebook

OCT, NOV = Month(2026, 10), Month(2026, 11)
NPP = "JJ012345"
#: What must never stand in a paper for a group: of insured people and of contacts.
NAME, NIK, PHONE, WAGE = "Siti Rahmawati Kusuma", "6402015708850003", "+6281234567890", 2_345_678
CONTACT = "Wayan Sudira Pratama"
PLANTED = (NAME, "Rahmawati", NIK, NIK[-8:], PHONE, PHONE[3:], "0812", str(WAGE), "2.345.678", CONTACT)


def due(month: Month) -> date:
    """The 15th of the month after."""
    return month.next().first.replace(day=15)


def fill(tx: Tx, now: datetime, reporter: int) -> list[str]:
    """The first 120 villages are registered; every tenth of them did not pay October; returns their codes."""
    codes = sorted(village.code for village in places.villages(tx, "64.02"))[:120]
    for at, code in enumerate(codes):
        employers.put(tx, Employer(code, NPP, "2025", OCT), None, now)
        person = {"name": CONTACT, "post": "Kaur Keuangan", "phone": PHONE}
        employers.put_contact(tx, code, person, None, now)
        for month in (OCT, NOV):
            people = 1 + at % 12
            bills.reckoned(
                tx, Reckoned(code, month, "PU", "64.02", due(month), people, 13_104 * people, None), now
            )
        if at % 10:
            number = payments.report(tx, payments.New(code, "PU", OCT), reporter, now)
            payments.check(tx, number, payments.State.RECORDED, "", (reporter + 1, now))
            bill = bills.get(tx, code, "PU", OCT)
            assert bill is not None
            bills.settle(tx, bill, bill.ours or 0, settled=True)
    return codes


def insure(tx: Tx, village: str, now: datetime) -> None:
    """A person of that village, with everything that is kept of one."""
    details = {"mother": "Kartini", "phone": PHONE, "wage": WAGE, "birth": "1985-08-17"}
    row: dict[str, Any] = {
        "village": village,
        "name": NAME,
        "nik": tx.vault.seal_bytes("member.nik", NIK.encode()),
        "nik_index": tx.vault.index("member.nik", NIK),
        "details": tx.vault.seal_json("member.details", details),
        "now": now.isoformat(),
    }
    tx.run(
        """INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined, state,
        state_at) VALUES (:village, :name, :nik, :nik_index, :details, 'kades', 'kades', '2024-01-02',
        '2026-10-01', 'active', :now)""",
        **row,
    )


def remind(tx: Tx, person: int, now: datetime) -> None:
    """October in Perian: two reminders that left, one that failed, one that was not sent, and what came back."""
    for stage, template in (("h-7", "plan"), ("h-3", "soon"), ("h-1", "last")):
        plan = Plan("reminder", "PU", PERIAN, str(OCT), stage, person)
        records.plan(tx, plan, now, "queued")
        values = {
            **dict.fromkeys(("missing", "segment", "older", "closing"), ""),
            **dict.fromkeys(("name", "role", "place", "month", "total", "due", "when", "example"), "x"),
            "people": 3,
        }
        to = Address("memory", "darma")
        about = f"{PERIAN}:{OCT}"
        out = Outgoing(
            to, f"reminders/{template}", values, lane=Lane.REMINDER, key=plan.key, person=person, about=about
        )
        outbox.put(tx, now, out)
    tx.run("UPDATE outbox SET status = 'sent', ended_at = :at WHERE key LIKE '%:h-7:%'", at=now.isoformat())
    tx.run(
        """UPDATE outbox SET status = 'sent', ended_at = :at, delivered_at = :at, read_at = :at
        WHERE key LIKE '%:h-3:%'""",
        at=now.isoformat(),
    )
    tx.run(
        """UPDATE outbox SET status = 'failed', ended_at = :at, error = 'Forbidden: bot was blocked by the user'
        WHERE key LIKE '%:h-1:%'""",
        at=now.isoformat(),
    )
    plan = Plan("reminder", "PU", PERIAN, str(OCT), "h+1", 0)
    records.plan(tx, plan, now, "nobody linked")
    bill = bills.get(tx, PERIAN, "PU", OCT)
    assert bill is not None
    intentions.intend(tx, bill, "funds", None, (person, now))
    subject = f"village:{PERIAN}"
    records.note(
        tx, now, Act(person, "intend", subject, {"segment": "PU", "month": str(OCT), "answer": "funds"})
    )


def answer(tx: Tx, person: int, checker: int, now: datetime) -> int:
    """The village reports that it paid October, and somebody of the office looks at it."""
    number = payments.report(tx, payments.New(PERIAN, "PU", OCT, amount=39_312), person, now)
    subject = f"village:{PERIAN}"
    told = {"payment": number, "segment": "PU", "month": str(OCT), "months": 1}
    records.note(tx, now, Act(person, "report_payment", subject, told))
    later = now + timedelta(days=1)
    payments.check(tx, number, payments.State.RETURNED, "amount", (checker, later))
    told = {"payment": number, "state": "returned", "reason": "amount"}
    records.note(tx, later, Act(checker, "check_payment", subject, told))
    return number


def staffed(tx: Tx, village: str, now: datetime, but: Sequence[str] = ()) -> None:
    """Since October every usual post of the village is held and confirmed, but for some; October is open."""
    employers.put(tx, Employer(village, NPP, "2020", OCT), None, now)
    usual = [post for post in rulebook().positions if post.usual and post.code not in but]
    for number, post in enumerate(usual):
        nik = f"{village.replace('.', '')[:6]}150885{number + 1:04}"
        details = {"born": "1985-08-15", "sex": "L", "wage": WAGE}
        new = members.New(
            village, f"Pemangku {post.label}", nik, details, post.category, post.code,
            date(2024, 1, 2), OCT.first, State.ACTIVE,
        )  # fmt: skip
        members.add(tx, new, None, now)
    ledger.refresh(tx, rulebook(), village, OCT, now)


async def people(here: World) -> dict[str, int]:
    """The office, a village's treasurer, and groups of both kinds."""
    await here.open_room("#kantor", "64.02", "office")
    await here.open_room("#forum", "64.02", "forum")
    return {
        "yuni": await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02"),
        "oki": await here.appoint("oki", "Oki Setiawan", Role.OPERATOR, "64.02"),
        "dewi": await here.appoint("dewi", "Dewi Anggraini", Role.VIEWER, "64.02"),
        "bela": await here.appoint("bela", "Bela Safitri", Role.BRANCH, "64.02"),
        "darma": await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN),
    }
