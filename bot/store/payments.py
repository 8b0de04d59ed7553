"""Payments: reported by a village, looked at by a second person, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.allocation import Paid
from bot.domain.months import Month
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)


class State(StrEnum):
    """Where a payment stands; the first two are laid over the months."""

    REPORTED = "reported"  # by the village; nobody else has looked at it
    RECORDED = "recorded"  # a second person found it right
    RETURNED = "returned"  # to be corrected; `reason` says why
    WITHDRAWN = "withdrawn"  # by who reported it, before any proof
    REVERSED = "reversed"  # recorded, and found wrong later

    @property
    def label(self) -> str:
        """How the state is called in a chat."""
        return _LABELS[self]


_LABELS = {
    State.REPORTED: "dilaporkan",
    State.RECORDED: "tercatat",
    State.RETURNED: "perlu perbaikan",
    State.WITHDRAWN: "ditarik",
    State.REVERSED: "dibatalkan",
}


@dataclass(frozen=True, slots=True)
class New:
    """A report.  `month` is the oldest month it was meant for; without `amount`: as billed."""

    village: str
    segment: str
    month: Month
    months: int = 1
    amount: int | None = None
    paid_on: date | None = None
    funding: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """A report and what became of it; names are those of people."""

    id: int
    village: str
    segment: str
    month: Month
    months: int
    amount: int | None
    paid_on: date | None
    funding: str
    state: State
    reported_at: datetime
    reported_by: int
    by: str
    proof: int | None
    checked_at: datetime | None
    checked_by: str
    reason: str

    @property
    def meant(self) -> tuple[Month, ...]:
        """The months it was meant for; of one that counts no more: those that it reached."""
        found = [self.month]
        while len(found) < self.months:
            found.append(found[-1].next())
        return tuple(found)

    @property
    def counts(self) -> bool:
        """Whether it is laid over the months."""
        return self.state in (State.REPORTED, State.RECORDED)


def _payment(row: Any) -> Payment:
    return Payment(
        row["id"],
        row["village"],
        row["segment"],
        Month.parse(row["month"]),
        row["months"],
        row["amount"],
        date.fromisoformat(row["paid_on"]) if row["paid_on"] else None,
        row["funding"],
        State(row["state"]),
        datetime.fromisoformat(row["reported_at"]),
        row["reported_by"],
        row["by"],
        row["proof"],
        datetime.fromisoformat(row["checked_at"]) if row["checked_at"] else None,
        row["checked_by"] or "",
        row["reason"],
    )


def report(tx: Tx, new: New, by: int, now: datetime) -> int:
    """A village reports that it paid; returns the payment's id."""
    row = tx.one(
        Q.report,
        village=new.village,
        segment=new.segment,
        month=str(new.month),
        months=new.months,
        amount=new.amount,
        paid_on=new.paid_on.isoformat() if new.paid_on else "",
        funding=new.funding,
        by=by,
        now=stamp(now),
    )
    number: int = row["id"]
    return number


def get(tx: Tx, number: int) -> Payment | None:
    """One payment."""
    row = tx.one(Q.get, id=number)
    return _payment(row) if row else None


def of_village(tx: Tx, village: str) -> list[Payment]:
    """All payments of a village, withdrawn ones too, in the order in which they came."""
    return [_payment(row) for row in tx.all(Q.of_village, village=village)]


def waiting(tx: Tx, district: str) -> list[Payment]:
    """Reports that nobody of the office has looked at, the oldest first."""
    return [_payment(row) for row in tx.all(Q.waiting, district=district)]


def counted(tx: Tx, village: str, segment: str) -> list[Paid]:
    """What is laid over the months of a village."""
    rows = tx.all(Q.counted, village=village, segment=segment)
    return [Paid(row["id"], row["amount"], row["months"]) for row in rows]


def unproved(tx: Tx, village: str, by: int | None, since: datetime) -> Payment | None:
    """What was reported last since then (by this person, if named) and has no proof yet."""
    row = tx.one(Q.unproved, village=village, by=by, since=stamp(since))
    return get(tx, row["id"]) if row else None


def recent(tx: Tx, village: str, segment: str, since: datetime, *, recorded: bool = False) -> Payment | None:
    """What the village reported last since then (of that segment, if named) and nobody has looked at."""
    row = tx.one(Q.recent, village=village, segment=segment, since=stamp(since), recorded=int(recorded))
    return get(tx, row["id"]) if row else None


def prove(tx: Tx, number: int, file: int) -> bool:
    """Hang a kept file on a report; False once it was looked at, returned or withdrawn."""
    hung = bool(tx.run(Q.prove, id=number, file=file))
    if hung:
        tx.run(Q.keep_proof, id=number, file=file)
    return hung


def proofs(tx: Tx, number: int) -> list[int]:
    """The files that prove a payment, in the order in which they came."""
    return [row["file"] for row in tx.all(Q.proofs, id=number)]


def tell(tx: Tx, payment: Payment, amount: int | None, paid_on: date | None, funding: str) -> bool:
    """What the village says of its report afterwards; False once somebody has looked at it."""
    day = paid_on.isoformat() if paid_on else ""
    return bool(tx.run(Q.tell, id=payment.id, amount=amount, paid_on=day, funding=funding))


def keep_reach(tx: Tx, number: int, months: Sequence[Month]) -> None:
    """The months it reached, for when it counts no more: what its sum came to is lost with the ledger's word."""
    tx.run(Q.keep_reach, id=number, month=str(months[0]), months=len(months))


def withdraw(tx: Tx, number: int, by: int) -> bool:
    """Take back one's own report, as long as no proof hangs on it."""
    return bool(tx.run(Q.withdraw, id=number, by=by))


def check(tx: Tx, number: int, state: State, reason: str, by: tuple[int, datetime]) -> bool:
    """A second person found it right, or to be corrected; False if somebody was faster, or it is their own."""
    person, at = by
    return bool(tx.run(Q.check, id=number, state=state.value, reason=reason, by=person, now=stamp(at)))


def reverse(tx: Tx, number: int, reason: str, by: tuple[int, datetime]) -> bool:
    """A recorded payment was found wrong: it stays in the history and counts no more."""
    person, at = by
    return bool(tx.run(Q.reverse, id=number, reason=reason, by=person, now=stamp(at)))
