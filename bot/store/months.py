"""Months that are owed: which villages, what was reported as paid, what was promised."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.months import Month
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: Wage earners: the only segment so far.
PU = "PU"


@dataclass(frozen=True, slots=True)
class Payment:
    """A month reported as paid."""

    reported_at: datetime
    by: str
    proved: bool


def owing(tx: Tx, district: str, month: Month) -> list[str]:
    """Villages with somebody insured in the month and nothing reported for it."""
    rows = tx.all(Q.owing, district=district, month=str(month), last=month.last.isoformat(), segment=PU)
    return [row["village"] for row in rows]


def registered_since(tx: Tx, district: str) -> dict[str, date]:
    """Since when each registered village of a district has somebody insured."""
    return {row["village"]: date.fromisoformat(row["first"]) for row in tx.all(Q.since, district=district)}


def paid(tx: Tx, village: str) -> set[Month]:
    """Months the village reported as paid."""
    return {Month.parse(row["month"]) for row in tx.all(Q.paid, village=village, segment=PU)}


def all_paid(tx: Tx, district: str) -> set[tuple[str, Month]]:
    """(village, month) of all that a district's villages reported as paid."""
    rows = tx.all(Q.all_paid, district=district, segment=PU)
    return {(row["village"], Month.parse(row["month"])) for row in rows}


def pay(tx: Tx, village: str, month: Month, by: int, now: datetime) -> bool:
    """The village reports a month as paid; False if it had been reported."""
    return bool(tx.run(Q.pay, village=village, month=str(month), segment=PU, now=stamp(now), by=by))


def payment(tx: Tx, village: str, month: Month) -> Payment | None:
    """The report of a month, if there is one."""
    row = tx.one(Q.payment, village=village, month=str(month), segment=PU)
    if row is None:
        return None
    return Payment(datetime.fromisoformat(row["reported_at"]), row["by"], row["proof"] is not None)


def withdraw(tx: Tx, village: str, month: Month, by: int) -> bool:
    """Take back one's own report, as long as no proof hangs on it."""
    return bool(tx.run(Q.withdraw, village=village, month=str(month), segment=PU, by=by))


def unproved(tx: Tx, village: str, by: int | None, since: datetime) -> Month | None:
    """The month that was reported last since then (by this person, if named) and has no proof yet."""
    row = tx.one(Q.unproved, village=village, segment=PU, by=by, since=stamp(since))
    return Month.parse(row["month"]) if row else None


def last_report(tx: Tx, village: str) -> datetime | None:
    """When the village reported a month last."""
    at = tx.one(Q.last_report, village=village, segment=PU)["at"]
    return datetime.fromisoformat(at) if at else None


def prove(tx: Tx, village: str, month: Month, file: int) -> bool:
    """Hang a kept file on the report of a month; False if the report was withdrawn meanwhile."""
    return bool(tx.run(Q.prove, village=village, month=str(month), segment=PU, file=file))


def intend(tx: Tx, village: str, month: Month, answer: str, by: tuple[int, datetime]) -> None:
    """Keep what the village answered when asked about the month: `by` is who, and when."""
    person, at = by
    tx.run(
        Q.intend, village=village, month=str(month), segment=PU, answer=answer, now=stamp(at), person=person
    )
