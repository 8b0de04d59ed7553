"""Payments laid over the months: the oldest month first, nothing lost, nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.allocation import Allocation, Debt, Paid, allocate
from bot.domain.months import Month

AUG, SEP, OCT, NOV = (Month(2026, number) for number in (8, 9, 10, 11))


def told(found: Allocation) -> list[tuple[str, int, bool]]:
    return [(str(one.month), one.paid, one.settled) for one in found.standings]


def test_an_exact_payment_settles_the_oldest_month() -> None:
    found = allocate([Debt(SEP, 100), Debt(AUG, 90)], [Paid(1, 90)])
    assert told(found) == [("2026-08", 90, True), ("2026-09", 0, False)]
    assert found.of(1) == (AUG,)
    assert found.credit == 0


def test_a_part_leaves_the_month_open_and_the_rest_settles_it() -> None:
    first = allocate([Debt(AUG, 90)], [Paid(1, 60)])
    assert told(first) == [("2026-08", 60, False)]
    assert first.standings[0].left == 30
    both = allocate([Debt(AUG, 90), Debt(SEP, 90)], [Paid(1, 60), Paid(2, 90)])
    assert told(both) == [("2026-08", 90, True), ("2026-09", 60, False)]
    assert both.of(2) == (AUG, SEP)


def test_what_is_too_much_waits_for_the_next_month() -> None:
    assert allocate([Debt(AUG, 90)], [Paid(1, 100)]).credit == 10
    later = allocate([Debt(AUG, 90), Debt(SEP, 90)], [Paid(1, 100)])
    assert told(later) == [("2026-08", 90, True), ("2026-09", 10, False)]
    assert later.credit == 0


def test_a_report_without_amount_settles_as_many_months_as_it_names() -> None:
    debts = [Debt(AUG, 90), Debt(SEP, 95), Debt(OCT, 100)]
    assert told(allocate(debts, [Paid(1, None, 2)])) == [
        ("2026-08", 90, True),
        ("2026-09", 95, True),
        ("2026-10", 0, False),
    ]
    assert allocate(debts, [Paid(1, None, 12)]).credit == 0


def test_a_report_without_amount_completes_a_part() -> None:
    assert told(allocate([Debt(AUG, 90)], [Paid(1, 60), Paid(2, None)])) == [("2026-08", 90, True)]


def test_an_unknown_bill_takes_its_part() -> None:
    debts = [Debt(AUG, None), Debt(SEP, None), Debt(OCT, 100)]
    assert told(allocate(debts, [Paid(1, 250, 3)])) == [
        ("2026-08", 83, True),
        ("2026-09", 83, True),
        ("2026-10", 84, False),
    ]
    assert told(allocate(debts[:2], [Paid(1, None, 1)])) == [("2026-08", 0, True), ("2026-09", 0, False)]


def test_a_few_rupiah_of_rounding_keep_no_month_open() -> None:
    assert told(allocate([Debt(AUG, 100, slack=2)], [Paid(1, 98)])) == [("2026-08", 98, True)]
    assert told(allocate([Debt(AUG, 100, slack=2)], [Paid(1, 97)])) == [("2026-08", 97, False)]


def test_a_month_without_anybody_is_settled() -> None:
    assert told(allocate([Debt(AUG, 0), Debt(SEP, 5)], [])) == [("2026-08", 0, True), ("2026-09", 0, False)]


def test_a_withdrawn_payment_moves_the_later_ones_to_the_older_month() -> None:
    debts = [Debt(AUG, 90), Debt(SEP, 90)]
    assert allocate(debts, [Paid(1, None), Paid(2, None)]).of(2) == (SEP,)
    assert allocate(debts, [Paid(2, None)]).of(2) == (AUG,)


months = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.integers(0, 10**7)), unique_by=lambda pair: pair[0]
).map(lambda pairs: [Debt(Month(2025 + n // 12, n % 12 + 1), amount) for n, amount in pairs])
known = st.lists(st.integers(0, 40), unique=True).flatmap(
    lambda numbers: st.tuples(
        *(
            st.integers(0, 10**7).map(lambda a, n=n: Debt(Month(2025 + n // 12, n % 12 + 1), a))
            for n in numbers
        )
    )
)
payments = st.lists(st.tuples(st.none() | st.integers(1, 10**7), st.integers(1, 12))).map(
    lambda pairs: [Paid(number, amount, count) for number, (amount, count) in enumerate(pairs, 1)]
)


@given(months, payments)
def test_no_older_month_is_open_while_money_reached_a_newer_one(debts: list[Debt], paid: list[Paid]) -> None:
    found = allocate(debts, paid)
    for older, newer in zip(found.standings, found.standings[1:], strict=False):
        assert older.month < newer.month
        if not older.settled:
            assert newer.paid == 0
            assert newer.payments == ()


@given(known, st.lists(st.integers(1, 10**7)))
def test_no_rupiah_is_lost_or_made(debts: tuple[Debt, ...], sums: list[int]) -> None:
    found = allocate(debts, [Paid(number, amount) for number, amount in enumerate(sums, 1)])
    assert sum(one.paid for one in found.standings) + found.credit == sum(sums)
    assert all(one.paid <= (one.amount or 0) for one in found.standings)
    assert all(one.settled == (one.paid == one.amount) for one in found.standings)


@given(months, payments, st.integers(1, 10**6))
def test_one_more_payment_never_opens_a_month(debts: list[Debt], paid: list[Paid], more: int) -> None:
    before = [one.settled for one in allocate(debts, paid).standings]
    after = [one.settled for one in allocate(debts, [*paid, Paid(99, more)]).standings]
    assert all(new or not old for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_months_that_come_later_are_taken_by_a_report_for_several(count: int) -> None:
    paid = [Paid(1, None, count)]
    debts = [Debt(Month(2026, 1 + n), 50) for n in range(4)]
    for known_so_far in range(1, 5):
        settled = [one.settled for one in allocate(debts[:known_so_far], paid).standings]
        assert sum(settled) == min(count, known_so_far)
