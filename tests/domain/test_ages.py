"""Ages, and who is too old to be registered anew."""

from datetime import date

import pytest

from bot.domain.ages import age_on, barred
from bot.rules import load

RULES = load()


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2026, 5, 5), 59), (date(2026, 5, 6), 60), (date(1966, 5, 6), 0), (date(1966, 5, 5), -1)],
)
def test_full_years(day: date, years: int) -> None:
    assert age_on(day, date(1966, 5, 6)) == years


@pytest.mark.parametrize(
    ("year", "years"),
    [
        (2015, 56), (2018, 56), (2019, 57), (2022, 58), (2024, 58), (2025, 59), (2027, 59), (2028, 60),
        (2031, 61), (2034, 62), (2037, 63), (2040, 64), (2043, 65), (2060, 65),
    ],
)  # fmt: skip
def test_the_pension_age_rises(year: int, years: int) -> None:
    limit = RULES.age_limit("PU", "jp", date(year, 12, 31))
    assert limit is not None
    assert limit.years == years


@pytest.mark.parametrize(
    ("segment", "programme", "born", "too"),
    [
        ("PU", "jp", date(1967, 11, 24), False),
        ("PU", "jp", date(1967, 11, 23), True),
        ("PU", "jkk", date(1940, 1, 1), False),
        ("BPU", "jkk", date(1961, 11, 24), False),
        ("BPU", "jkk", date(1961, 11, 23), True),
    ],
)
def test_barred_to_be_registered_anew(segment: str, programme: str, born: date, too: bool) -> None:
    assert (barred(RULES, segment, (programme,), born, date(2026, 11, 23)) is not None) is too
