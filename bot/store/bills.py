"""What each village owes for a month and a segment: our reckoning, the agency's figure, what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.months import Month
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_DETAIL = "bill.detail"


class Fixed(StrEnum):
    """Why a bill is not reckoned again."""

    DUE = "due"  # its due date is over: for good
    REPORT = "report"  # a payment was reported for it, and still counts
    OPENING = "opening"  # it lies before the months that are reckoned here: for good


@dataclass(frozen=True, slots=True)
class Bill:
    """One month of a village and a segment.

    `ours` is None where nobody is known by name; `given` is the agency's own figure, with who said
    so and from where.  `paid` counts what was reported, also what nobody has looked at yet.
    """

    village: str
    month: Month
    segment: str
    district: str
    due: date
    people: int
    ours: int | None
    given: int | None
    given_by: str
    given_at: datetime | None
    given_source: str
    given_by_office: bool  # a village does not overrule it
    paid: int
    settled: bool
    fixed: bool
    fixed_why: str = ""

    @property
    def amount(self) -> int | None:
        """What is to be paid, in rupiah: the agency's figure before ours; None while unknown."""
        return self.ours if self.given is None else self.given

    @property
    def left(self) -> int | None:
        """What is still to be paid."""
        if self.settled:
            return 0
        return None if self.amount is None else self.amount - self.paid

    @property
    def key(self) -> str:
        """As it stands in a pressed choice or a reason: village, segment, month."""
        return f"{self.village}:{self.segment}:{self.month}"


def _bill(row: Any) -> Bill:
    return Bill(
        row["village"],
        Month.parse(row["month"]),
        row["segment"],
        row["district"],
        date.fromisoformat(row["due"]),
        row["people"],
        row["ours"],
        row["given"],
        row["given_by"] or "",
        datetime.fromisoformat(row["given_at"]) if row["given_at"] else None,
        row["given_source"],
        bool(row["given_by_office"]),
        row["paid"],
        bool(row["settled"]),
        bool(row["fixed_at"]),
        row["fixed_why"],
    )


def of_village(tx: Tx, village: str, segment: str = "") -> list[Bill]:
    """All bills of a village, oldest first; of one segment, if named."""
    return [_bill(row) for row in tx.all(Q.of_village, village=village, segment=segment)]


def open_of(tx: Tx, village: str, segment: str = "") -> list[Bill]:
    """Those that are not settled."""
    return [_bill(row) for row in tx.all(Q.open_of, village=village, segment=segment)]


def loose(tx: Tx, village: str) -> list[tuple[str, Month, bool]]:
    """Bills that are not fixed, or only by a report: (segment, month, by a report)."""
    rows = tx.all(Q.loose, village=village)
    return [(row["segment"], Month.parse(row["month"]), bool(row["fixed_at"])) for row in rows]


def get(tx: Tx, village: str, segment: str, month: Month) -> Bill | None:
    """One bill."""
    row = tx.one(Q.get, village=village, segment=segment, month=str(month))
    return _bill(row) if row else None


def open_in(tx: Tx, district: str, segment: str, month: Month) -> list[Bill]:
    """The bills of a district's villages for a month that are not settled."""
    rows = tx.all(Q.open_in, district=district, segment=segment, month=str(month))
    return [_bill(row) for row in rows]


def late(tx: Tx, district: str, today: date) -> dict[str, list[tuple[str, Month, date]]]:
    """Open bills past their due date, by village: (segment, month, due), oldest first."""
    found: dict[str, list[tuple[str, Month, date]]] = {}
    for row in tx.all(Q.late, district=district, today=today.isoformat()):
        entry = (row["segment"], Month.parse(row["month"]), date.fromisoformat(row["due"]))
        found.setdefault(row["village"], []).append(entry)
    return found


def behind(tx: Tx, district: str, today: date) -> frozenset[str]:
    """The villages that these belong to."""
    return frozenset(row["village"] for row in tx.all(Q.behind, district=district, today=today.isoformat()))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A reckoning to be kept.  `detail` is JSON: its lines and each person's shares."""

    village: str
    month: Month
    segment: str
    district: str
    due: date
    people: int
    ours: int | None
    detail: Mapping[str, Any] | None


def reckoned(tx: Tx, new: Reckoned, now: datetime) -> bool:
    """Keep a reckoning; False where the bill is fixed and stays as it was."""
    return bool(
        tx.run(
            Q.reckoned,
            village=new.village,
            month=str(new.month),
            segment=new.segment,
            district=new.district,
            due=new.due.isoformat(),
            people=new.people,
            ours=new.ours,
            detail=None if new.detail is None else tx.vault.seal_json(_DETAIL, new.detail),
            now=stamp(now),
        )
    )


def detail(tx: Tx, bill: Bill) -> Mapping[str, Any] | None:
    """How the figure came about, None where it was not reckoned here."""
    row = tx.one(Q.detail, village=bill.village, segment=bill.segment, month=str(bill.month))
    if row is None or row["detail"] is None:
        return None
    found: Mapping[str, Any] = tx.vault.open_json(_DETAIL, row["detail"])
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """The agency's own figure in rupiah (None takes it back), and where it was read."""

    amount: int | None
    source: str
    by_office: bool = True  # by the district or the agency itself: a village does not overrule it


def give(tx: Tx, bill: Bill, figure: Figure, by: tuple[int, datetime]) -> None:
    """Keep the agency's own figure: `by` is who said so, and when."""
    person, at = by
    tx.run(
        Q.give,
        village=bill.village,
        segment=bill.segment,
        month=str(bill.month),
        amount=figure.amount,
        source=figure.source,
        office=int(figure.by_office),
        by=person,
        now=stamp(at),
    )


def settle(tx: Tx, bill: Bill, paid: int, settled: bool) -> bool:
    """Write what reached the bill; False if that was known."""
    return bool(
        tx.run(
            Q.settle,
            village=bill.village,
            segment=bill.segment,
            month=str(bill.month),
            paid=paid,
            settled=int(settled),
        )
    )


def fix(tx: Tx, bill: Bill, now: datetime, why: Fixed = Fixed.OPENING) -> None:
    """From now on the bill is not reckoned again."""
    tx.run(
        Q.fix,
        village=bill.village,
        segment=bill.segment,
        month=str(bill.month),
        now=stamp(now),
        why=why.value,
    )


def loosen(tx: Tx, bill: Bill) -> bool:
    """A bill that was fixed by a report is to be reckoned anew; False where it is fixed for good."""
    return bool(tx.run(Q.loosen, village=bill.village, segment=bill.segment, month=str(bill.month)))


def fix_due(tx: Tx, district: str, today: date, now: datetime) -> int:
    """Fix for good what fell due before `today`; returns how many that were."""
    return tx.run(Q.fix_due, district=district, today=today.isoformat(), now=stamp(now))


def oldest_loose(tx: Tx, district: str) -> Month | None:
    """The oldest month of a district that may still be reckoned anew."""
    return _month(tx.one(Q.oldest_loose, district=district))


def first(tx: Tx, district: str) -> Month | None:
    """The first month of which a district has a bill."""
    return _month(tx.one(Q.first, district=district))


def earliest(tx: Tx, district: str) -> Month | None:
    """The first month in which somebody of a district was insured, or a payment was reported for it."""
    return _month(tx.one(Q.earliest, district=district))


def _month(row: Any) -> Month | None:
    return Month.parse(row["month"]) if row["month"] else None


def anew(tx: Tx, district: str) -> dict[str, Month]:
    """The villages of a district with loosened bills, each with the oldest month of them."""
    return {row["village"]: Month.parse(row["month"]) for row in tx.all(Q.anew, district=district)}


def go_back(tx: Tx, district: str, today: date) -> int:
    """Undo what a clock made that was ahead of `today`; returns how many bills were dropped.

    A month that a payment reaches, or for which the agency's figure was given, is never dropped.
    """
    tx.run(Q.undo_due, district=district, today=today.isoformat())
    return tx.run(Q.drop_ahead, district=district, running=str(Month.of(today)))
