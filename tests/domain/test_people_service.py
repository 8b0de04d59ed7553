"""Months, days and numbers of a service, as officers write them; and the calm hours."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import holidays_of
from bot.domain.months import Month
from bot.domain.reminders import next_calm
from bot.domain.service import (
    ask_day,
    parse_from,
    parse_kpj,
    parse_last_day,
    parse_term_end,
)
from tests.domain.answers import TODAY, asks, outcome, refuses

OLDEST = Month(2026, 10)
WITA = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("mulai Januari 2027", Month(2027, 1)),
        ("januari", Month(2027, 1)),
        ("Oktober", Month(2026, 10)),
        ("november 2026", Month(2026, 11)),
        ("bulan depan", Month(2026, 12)),
        ("mulai bulan ini saja", Month(2026, 11)),
        ("1 Januari 2027", Month(2027, 1)),
        ("1/1/27", Month(2027, 1)),
        ("01/2027", Month(2027, 1)),
        ("2027-01", Month(2027, 1)),
        ("september 2026", refuses("from_fixed")),
        ("bulan lalu", refuses("period")),
        ("Desember 2027", refuses("from_late")),
        ("secepatnya", refuses("period")),
        ("", refuses("empty")),
    ],
)
def test_from_which_month(text: str, expected: object) -> None:
    assert outcome(parse_from, text, TODAY, OLDEST) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("17 Agustus 2029", date(2029, 8, 17)),
        ("sampai 17-08-29", date(2029, 8, 17)),
        ("23 November 2026", TODAY),
        ("17 Agustus", refuses("date_incomplete")),
        ("Agustus 2029", refuses("date_incomplete")),
        ("22 November 2026", refuses("term_past")),
        ("17 Agustus 2036", refuses("term_late")),
        ("31 Februari 2028", refuses("date_day")),
        ("8/13/2029", asks("date_swapped", date(2029, 8, 13))),
    ],
)
def test_the_end_of_a_term(text: str, expected: object) -> None:
    assert outcome(parse_term_end, text, TODAY) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("hari ini", TODAY),
        ("kemarin", date(2026, 11, 22)),
        ("31 Desember 2026", date(2026, 12, 31)),
        ("31 Desember 2027", refuses("start_late")),
        ("1 Januari 2015", asks("last_old", date(2015, 1, 1))),
    ],
)
def test_the_last_day(text: str, expected: object) -> None:
    assert outcome(parse_last_day, text, TODAY) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("12345678901", "12345678901"),
        ("KPJ: 12 345 678 901", "12345678901"),
        ("nomor peserta 123.456.789.01", "12345678901"),
        ("1234567", asks("kpj_length", "1234567")),
        ("12ab-345678", asks("kpj_length", "12AB-345678")),
        ("6402015708850003", refuses("kpj_nik")),
        ("belum ada", refuses("kpj_missing")),
        ("1; drop table", refuses("kpj_unreadable")),
        ("12", refuses("kpj_unreadable")),
    ],
)
def test_the_number_of_the_card(text: str, expected: object) -> None:
    assert outcome(parse_kpj, text) == expected


@pytest.mark.parametrize(
    "end, before, expected",
    [
        (date(2027, 1, 25), 60, date(2026, 11, 26)),
        (date(2027, 1, 28), 60, date(2026, 11, 28)),  # the 29th is a Sunday
        (date(2027, 1, 8), 14, date(2026, 12, 24)),  # Christmas
    ],
)
def test_the_day_to_ask_is_never_a_free_one(end: date, before: int, expected: date) -> None:
    assert ask_day(end, before, holidays_of(2026) | holidays_of(2027)) == expected


@pytest.mark.parametrize(
    "now, expected",
    [
        (datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC)),
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)),  # 20.00: tomorrow
        (datetime(2026, 11, 22, 20, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC)),  # 04.00: at seven
        (datetime(2026, 11, 28, 14, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC)),  # before a Sunday
    ],
)
def test_nobody_is_written_to_in_the_night(now: datetime, expected: datetime) -> None:
    local = now.astimezone(WITA)
    free = holidays_of(local.year) | holidays_of(local.year + 1)
    assert next_calm(local, free) == expected
