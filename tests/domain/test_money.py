"""Rupiah as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import HIGHEST, LOWEST, check_wage, in_words, parse_listed, parse_wage, rupiah
from bot.errors import Doubtful, Invalid
from tests.domain.answers import asks, outcome, refuses


@pytest.mark.parametrize(
    "text",
    [
        "2500000",
        "2.500.000",
        "Rp2.500.000,-",
        "Rp 2.500.000,00",
        "IDR 2,500,000.00",
        "rp. 2.500.000",
        "2,5 jt",
        "2.5jt",
        "2,5 juta rupiah",
        "2 juta 500",
        "2 juta 500 ribu",
        "2 juta 500.000",
        "2500rb",
        "2.500 ribu",
        "Rp 2.500.000/bulan",
        "Rp2.500.000,00 per bulan",
        "2 500 000",
        "2\u2009500\u2009000",
        "2\u00a0500\u00a0000",
        "gaji saya 2,5 juta sebulan",
        "Rp 2.500.000 (dua juta lima ratus ribu rupiah)",
        "dua juta lima ratus ribu",
    ],
)
def test_two_and_a_half_million_in_many_spellings(text: str) -> None:
    assert parse_wage(text) == 2_500_000


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2.5", 2_500_000),
        ("2500", 2_500_000),
        ("2,500", 2_500_000),
        ("2’500’000", 2_500_000),
        ("3", 3_000_000),
        ("setengah juta", 500_000),
        ("dua setengah juta", 2_500_000),
        ("dua ribu lima ratus", 2_500_000),
        ("dua juta lima ratus", 2_500_000),
        ("3jt500", 3_500_000),
        ("2juta5ratus", 2_500_000),
        ("2jtan", 2_000_000),
        ("sekitar 2 juta", 2_000_000),
    ],
)
def test_what_can_be_meant_in_two_ways_is_confirmed(text: str, amount: int) -> None:
    assert outcome(parse_wage, text) == asks("money_guess", amount)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("-500000", "money_negative"),
        ("Rp -500.000", "money_negative"),
        ("0", "money_zero"),
        ("Rp0", "money_zero"),
        ("1e9", "money_unreadable"),
        ("NaN", "money_unreadable"),
        ("Infinity", "money_unreadable"),
        ("99999999999999", "money_large"),
        ("9" * 300, "money_large"),
        ("2.500.00", "money_unreadable"),
        ("2.500.000,50", "money_unreadable"),
        ("2½ juta", "money_unreadable"),
        ("2-3 juta", "money_range"),
        ("2 juta s/d 3 juta", "money_range"),
        ("2.500.000 + tunj 300rb", "money_sum"),
        ("100 ribu per hari", "money_period"),
        ("30 juta setahun", "money_period"),
        ("2 juta 5", "money_unreadable"),
        ("2 juta 3 juta", "money_unreadable"),
        ("2 ribu 500", "money_unreadable"),
        ("2 juta lagi", "money_unreadable"),
        ("2.2.2 juta", "money_unreadable"),
        ("0,000001 ribu", "money_unreadable"),
        ("50 ribu", "money_small"),
        ("UMK", "money_unreadable"),
        ("٢٥٠٠٠٠٠", "digits"),
    ],
)
def test_refused(text: str, template: str) -> None:
    assert outcome(parse_wage, text) == refuses(template)


@given(st.integers(LOWEST, HIGHEST))
def test_what_the_bot_writes_it_reads(amount: int) -> None:
    assert parse_wage(rupiah(amount)) == amount
    assert parse_wage(f"{amount} / bulan") == amount


def test_written_out() -> None:
    assert rupiah(2_500_000) == "Rp2.500.000"
    assert rupiah(-1_584_000) == "-Rp1.584.000"
    assert in_words(2_022_200) == "dua juta dua puluh dua ribu dua ratus rupiah"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1_011_100, 1_011_100),
        (8_088_800, 8_088_800),
        (1_000_000, asks("money_unusual", 1_000_000)),
        (20_222_000, asks("money_unusual", 20_222_000)),
    ],
)
def test_far_from_the_usual_wage(amount: int, expected: object) -> None:
    assert outcome(lambda _: check_wage(amount, 2_022_200), "") == expected


@pytest.mark.parametrize(
    ("text", "amount"), [("2022200", 2_022_200), ("Rp 2500000", 2_500_000), ("2,5 jt", 2_500_000)]
)
def test_a_sum_of_a_list_is_what_it_says(text: str, amount: int) -> None:
    assert parse_listed(text) == amount


@pytest.mark.parametrize("text", ["2500", "50000", "Rp50000", "9" * 30])
def test_a_sum_of_a_list_is_not_completed(text: str) -> None:
    with pytest.raises(Invalid) as why:
        parse_listed(text)
    assert not isinstance(why.value, Doubtful)
