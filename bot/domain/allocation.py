"""What was paid, laid over the months that are owed: the oldest month first.

The agency books a payment to the oldest open month, whatever month was meant; what is left goes to
the next.  A payment whose amount nobody named stands for as many of the oldest open months as it was
reported for, as they were billed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.months import Month


@dataclass(frozen=True, slots=True)
class Debt:
    """A month's bill in rupiah; None where nobody knows what it comes to.

    A reckoning of ours may differ from the agency's by a few rupiah of rounding: what is missing up
    to `slack` does not keep a month open.
    """

    month: Month
    amount: int | None
    slack: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment.  `amount` is None where it was reported "as billed" for `months` months."""

    id: int
    amount: int | None
    months: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How a month stands: what reached it, from which payments, and whether anything is left to pay."""

    month: Month
    amount: int | None
    paid: int
    settled: bool
    payments: tuple[int, ...]
    slack: int = 0

    @property
    def left(self) -> int:
        """What is still to be paid, in rupiah; 0 where the bill is unknown."""
        return 0 if self.settled or self.amount is None else self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Allocation:
    """All months, oldest first; `credit` is what was paid beyond them."""

    standings: tuple[Standing, ...]
    credit: int

    def of(self, payment: int) -> tuple[Month, ...]:
        """The months which that payment reached."""
        return tuple(one.month for one in self.standings if payment in one.payments)


def allocate(debts: Iterable[Debt], payments: Sequence[Paid]) -> Allocation:
    """Lay the payments, in the order in which they were made, over the months."""
    standings = [
        Standing(debt.month, debt.amount, 0, debt.amount == 0, (), debt.slack)
        for debt in sorted(debts, key=lambda debt: debt.month)
    ]
    credit = 0
    at = 0  # every month before this one is settled
    for payment in payments:
        left, months = payment.amount, payment.months
        while at < len(standings):
            if standings[at].settled:
                at += 1
                continue
            if (left is None and months == 0) or left == 0:
                break
            standings[at], left = _reach(standings[at], payment.id, left, months)
            months -= 1
        credit += left or 0
    return Allocation(tuple(standings), credit)


def _reach(one: Standing, payment: int, left: int | None, months: int) -> tuple[Standing, int | None]:
    """One month takes what it needs; returns it with what is left of the payment."""
    by = (*one.payments, payment)
    if left is None:
        return replace(one, paid=one.amount or one.paid, settled=True, payments=by), None
    if one.amount is None:  # unknown: it takes its part of what was paid for so many months
        part = left if months <= 1 else left // months
        return replace(one, paid=one.paid + part, settled=True, payments=by), left - part
    part = min(left, one.amount - one.paid)
    settled = one.paid + part >= one.amount - one.slack
    return replace(one, paid=one.paid + part, settled=settled, payments=by), left - part
