"""What self-employed people (BPU) pay: fixed sums, bands, and a discount where a district has it."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contributions import Bill, Insured, part_of, reckon
from bot.domain.dated import Segment
from bot.domain.months import Month
from bot.errors import Misconfigured
from bot.rules import FOLDER, load, with_decisions

RULES = load()
KUKAR, LANDAK = "64.02", "61.08"
OCTOBER = Month(2026, 10)
TWO, THREE = ("jkk", "jkm"), ("jkk", "jkm", "jht")
DISCOUNTED = with_decisions(
    RULES,
    [
        (
            KUKAR,
            "discount_use",
            {
                "district": KUKAR,
                "used": True,
                "effective_from": "2026-01-01",
                "source": "Jawaban kantor cabang",
                "certainty": "V",
            },
        )
    ],
)


def bill(*people: Insured, month: Month = OCTOBER, district: str = KUKAR, discounted: bool = False) -> Bill:
    return reckon(people, month, DISCOUNTED if discounted else RULES, district, Segment.BPU)


@pytest.mark.parametrize(
    ("programmes", "total", "discounted"), [(TWO, 16_800, 8_400), (THREE, 36_800, 28_400)]
)
def test_worked_sums_at_the_minimum(programmes: tuple[str, ...], total: int, discounted: int) -> None:
    kader = Insured(1, 1_000_000, programmes)
    assert bill(kader).total == total
    assert bill(kader, discounted=True).total == discounted


@pytest.mark.parametrize(
    ("month", "district", "total"),
    [
        (Month(2026, 3), KUKAR, 16_800),
        (Month(2026, 4), KUKAR, 8_400),
        (Month(2026, 12), KUKAR, 8_400),
        (Month(2027, 1), KUKAR, 16_800),
        (OCTOBER, LANDAK, 16_800),
    ],
)
def test_the_discount_has_its_dates_and_its_district(month: Month, district: str, total: int) -> None:
    assert bill(Insured(1, 500_000, TWO), month=month, district=district, discounted=True).total == total


@pytest.mark.parametrize(
    ("income", "jkk", "jht"),
    [
        (0, 10_000, 20_000),
        (1_000_000, 10_000, 20_000),
        (1_000_100, 10_001, 20_002),
        (3_000_000, 30_000, 60_000),
    ],
)
def test_incomes_over_the_first_band(income: int, jkk: int, jht: int) -> None:
    assert [line.total for line in bill(Insured(1, income, THREE)).lines] == [jkk, 6_800, jht]


def test_a_line_says_what_each_pays_and_why() -> None:
    kader = [Insured(number, 1_000_000, TWO) for number in range(10)]
    jkk, jkm = bill(*kader).lines
    assert (jkk.people, jkk.per_person, jkk.discount, jkk.percent) == (10, 10_000, 0, 0)
    assert (jkk.employer, jkk.worker, jkk.base) == (100_000, 0, 10_000_000)
    assert (jkk.source, jkk.certain) == ("PP 44/2015 Lampiran II", True)
    assert (jkm.per_person, jkm.employer) == (6_800, 68_000)


def test_a_discounted_line_says_so() -> None:
    jkk = bill(Insured(1, 1_000_000, TWO), discounted=True).lines[0]
    assert (jkk.per_person, jkk.discount, jkk.total) == (10_000, 50, 5_000)
    assert jkk.source == "PP 44/2015 Lampiran II; PP 50/2025; Jawaban kantor cabang"
    assert not jkk.certain  # its last day is not


def test_different_incomes_are_explained_by_the_percentage() -> None:
    jkk = bill(Insured(1, 1_000_000, TWO), Insured(2, 3_000_000, TWO)).lines[0]
    assert (jkk.per_person, jkk.percent, jkk.total) == (0, Decimal(1), 40_000)
    assert not jkk.certain


def test_pension_is_not_for_self_employed_people() -> None:
    with pytest.raises(Misconfigured, match="no rate of jp for BPU"):
        bill(Insured(1, 1_000_000, ("jp",)))


def test_employed_people_have_no_sum_of_their_own() -> None:
    line = reckon([Insured(1, 2_000_000, TWO)], OCTOBER, DISCOUNTED, KUKAR).lines[0]
    assert (line.per_person, line.discount, line.total, line.certain) == (0, 0, 4_800, True)


DATED = 'effective_from = 2027-01-01\nsource = "Perbup 1/2027"\ncertainty = "V"\n'


def test_a_district_insures_its_rt_as_self_employed_from_a_day_on(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[programme_set]]\ndistrict = "61.08"\ncategory = "rt"\nsegment = "BPU"\n'
        f'programmes = ["jkk", "jkm"]\n{DATED}'
        f'[[wage_base]]\ndistrict = "61.08"\ncategory = "rt"\namount = 1_000_000\n{DATED}',
        "utf-8",
    )
    rules = load(FOLDER, tmp_path)
    position = next(p for p in rules.positions if p.category == "rt")
    for district, month, segment, total in [
        (LANDAK, Month(2026, 12), "PU", 10_800),
        (LANDAK, Month(2027, 1), "BPU", 16_800),
        (KUKAR, Month(2027, 1), "PU", 10_800),
    ]:
        found = rules.programme_set(district, "rt", month.first)
        base = rules.wage_base(district, position, month.first)
        assert base is not None
        assert found.segment == segment
        person = Insured(1, base.amount, found.programmes)
        assert reckon([person], month, rules, district, found.segment).total == total


members = st.lists(
    st.builds(
        Insured,
        st.integers(1, 999),
        st.integers(0, 20_000_000),
        st.lists(st.sampled_from(THREE), unique=True).map(tuple),
    ),
    max_size=12,
)


@given(members, st.booleans())
def test_the_bill_is_the_sum_of_its_lines_and_of_its_shares(people: list[Insured], discounted: bool) -> None:
    found = bill(*people, discounted=discounted)
    assert found.total == sum(line.total for line in found.lines)
    assert found.total == sum(share.employer for share in found.shares)
    assert found.worker == 0
    for line in found.lines:
        if line.per_person:
            assert line.total == line.people * part_of(line.per_person, 100 - line.discount)
