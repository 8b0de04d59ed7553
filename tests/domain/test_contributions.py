"""What a village owes: the worked table, whole rupiah, and where each figure comes from."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contributions import Insured, part_of, percent_label, reckon
from bot.domain.months import Month
from bot.rules import load

RULES = load()
MONTH = Month(2026, 10)
ALL = ("jkk", "jkm", "jht", "jp")


@pytest.mark.parametrize(
    ("wage", "employer", "worker", "sums"),
    [
        (1_000_000, (2_400, 3_000, 37_000, 20_000), (20_000, 10_000), [5_400, 62_400, 92_400]),
        (2_000_000, (4_800, 6_000, 74_000, 40_000), (40_000, 20_000), [10_800, 124_800, 184_800]),
        (2_022_200, (4_853, 6_067, 74_821, 40_444), (40_444, 20_222), [10_920, 126_185, 186_851]),
        (2_426_640, (5_824, 7_280, 89_786, 48_533), (48_533, 24_266), [13_104, 151_423, 224_222]),
        (3_991_797, (9_580, 11_975, 147_696, 79_836), (79_836, 39_918), [21_555, 249_087, 368_841]),
    ],
)
def test_worked_table(wage: int, employer: tuple[int, ...], worker: tuple[int, ...], sums: list[int]) -> None:
    bill = reckon([Insured(1, wage, ALL)], MONTH, RULES)
    assert tuple(line.employer for line in bill.lines) == employer
    assert tuple(line.worker for line in bill.lines[2:]) == worker
    assert [reckon([Insured(1, wage, ALL[:count])], MONTH, RULES).total for count in (2, 3, 4)] == sums


def test_each_person_is_rounded_alone() -> None:
    staff = [Insured(1, 2_426_640, ALL[:2]), Insured(2, 2_022_200, ALL[:2]), Insured(3, 2_022_200, ("jkm",))]
    bill = reckon(staff, MONTH, RULES)
    assert bill.people == 3
    assert [(line.people, line.base, line.employer) for line in bill.lines] == [
        (2, 4_448_840, 5_824 + 4_853),
        (3, 6_471_040, 7_280 + 6_067 + 6_067),
    ]
    assert (bill.employer, bill.worker, bill.total) == (30_091, 0, 30_091)


def test_a_line_says_its_rates_and_its_law() -> None:
    jht, jp = reckon([Insured(1, 2_000_000, ("jp", "jht"))], MONTH, RULES).lines
    assert [percent_label(p) for p in (jht.employer_percent, jht.worker_percent, jht.percent)] == [
        "3,7%",
        "2%",
        "5,7%",
    ]
    assert (jht.total, jht.source) == (114_000, "PP 46/2015")
    assert jp.source.startswith("PP 45/2015; PP 45/2015 Pasal 29")


@pytest.mark.parametrize(("month", "base"), [(Month(2026, 2), 10_547_400), (Month(2026, 3), 11_086_300)])
def test_jp_stops_at_its_cap(month: Month, base: int) -> None:
    line = reckon([Insured(1, 20_000_000, ("jp",))], month, RULES).lines[0]
    assert (line.base, line.employer) == (base, base // 50)


def test_nobody_owes_nothing() -> None:
    assert reckon([], MONTH, RULES).total == 0


@pytest.mark.parametrize(
    ("base", "percent", "part"),
    [(250, "0.20", 1), (249, "0.20", 0), (750, "0.20", 2), (10**9, "0.24", 2_400_000)],
)
def test_half_a_rupiah_is_rounded_up(base: int, percent: str, part: int) -> None:
    assert part_of(base, Decimal(percent)) == part


members = st.lists(
    st.builds(
        Insured,
        st.integers(1, 999),
        st.integers(100_000, 100_000_000),
        st.lists(st.sampled_from(ALL), unique=True).map(tuple),
    ),
    max_size=12,
)


@given(members)
def test_the_bill_is_the_sum_of_its_shares(staff: list[Insured]) -> None:
    bill = reckon(staff, MONTH, RULES)
    assert bill.total == sum(share.employer + share.worker for share in bill.shares)
    assert bill.total == sum(line.total for line in bill.lines)
    assert bill.total == sum(reckon([person], MONTH, RULES).total for person in staff)
    assert len(bill.shares) == sum(len(person.programmes) for person in staff)
    assert isinstance(bill.total, int)
