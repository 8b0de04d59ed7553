"""What an officer answered when asked about a month: when they plan to pay, or what is in the way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.months import Month
from bot.store.bills import Bill
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)


@dataclass(frozen=True, slots=True)
class Intention:
    """The last answer about one bill; `pay_on` is the day they named, if they did."""

    village: str
    month: Month
    segment: str
    answer: str
    pay_on: date | None
    at: datetime


def _intention(row: Any) -> Intention:
    return Intention(
        row["village"],
        Month.parse(row["month"]),
        row["segment"],
        row["answer"],
        date.fromisoformat(row["pay_on"]) if row["pay_on"] else None,
        datetime.fromisoformat(row["at"]),
    )


def intend(tx: Tx, bill: Bill, answer: str, pay_on: date | None, by: tuple[int, datetime]) -> None:
    """Keep an answer in place of the one before: `by` is who, and when."""
    person, at = by
    tx.run(
        Q.intend,
        village=bill.village,
        month=str(bill.month),
        segment=bill.segment,
        answer=answer,
        pay_on=pay_on.isoformat() if pay_on else "",
        now=stamp(at),
        person=person,
    )


def get(tx: Tx, village: str, segment: str, month: Month) -> Intention | None:
    """The last answer about a bill."""
    row = tx.one(Q.get, village=village, segment=segment, month=str(month))
    return _intention(row) if row else None


def open_in(tx: Tx, district: str) -> list[Intention]:
    """The answers about all bills of a district that are still open."""
    return [_intention(row) for row in tx.all(Q.open_in, district=district)]
