"""Days and months as people type them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import (
    clock_time,
    long_date,
    parse_birth,
    parse_paid,
    parse_period,
    parse_start,
    plain_date,
    short_date,
)
from bot.domain.months import Month
from bot.errors import Invalid
from bot.texts import render
from tests.domain.answers import TODAY, asks, outcome, refuses

AUGUST_17 = date(1985, 8, 17)


@pytest.mark.parametrize(
    "text",
    [
        "17-08-1985",
        "17/8/85",
        "17.8.1985",
        "17 8 1985",
        "17 Agustus 1985",
        "17 agust 85",
        "17 Agt' 85",
        "17-Agu-85",
        "17 agustsu 1985",
        "17agustus1985",
        "17081985",
        "170885",
        "1985-08-17",
        "1985-08-17 00:00:00",
        "19850817",
        "August 17, 1985",
        "Samarinda, 17 Agustus 1985",
        "lahir tgl 17 agt 1985 ya",
        "１７-０８-１９８５",
    ],
)
def test_one_birth_date_in_many_spellings(text: str) -> None:
    assert parse_birth(text, TODAY) == AUGUST_17


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("leap day", "29/02/1984", date(1984, 2, 29)),
        ("old spelling", "3 Nopember 1979", date(1979, 11, 3)),
        ("month first", "08/17/1985", asks("date_swapped", AUGUST_17)),
        ("month first, two digits", "12/13/1985", asks("date_swapped", date(1985, 12, 13))),
        ("year 05", "1-2-05", asks("date_short_year", date(2005, 2, 1))),
        ("year 50", "1 mei 50", asks("birth_senior", date(1950, 5, 1))),
        ("age 65", "23-11-1961", asks("birth_senior", date(1961, 11, 23))),
        ("age 64", "24-11-1961", date(1961, 11, 24)),
        ("31 February", "31/02/1980", refuses("date_day")),
        ("29 February of a common year", "29/02/1981", refuses("date_day")),
        ("unknown on the card", "00/00/1975", refuses("date_zero")),
        ("tomorrow", "24-11-2026", refuses("date_future")),
        ("typed with four digits", "5-5-2050", refuses("date_future")),
        ("age 12", "1-1-2014", refuses("birth_young")),
        ("age 12, month first", "08/17/2014", refuses("birth_young")),
        ("age 101", "1-1-1925", refuses("birth_old")),
        ("Islamic month", "1 Muharram 1405", refuses("date_hijri")),
        ("spreadsheet serial", "31276", refuses("date_unreadable")),
        ("year alone", "05", refuses("date_incomplete")),
        ("month without year", "Agustus", refuses("date_incomplete")),
        ("month and day", "Agustus 17", refuses("date_incomplete")),
        ("day and month", "17 Agustus", refuses("date_incomplete")),
        ("Arabic-Indic digits", "٢٠٢٦", refuses("digits")),
        ("month 13", "13-13-1985", refuses("date_month")),
        ("three-digit year", "17 08 985", refuses("date_unreadable")),
        ("four numbers", "1 2 3 4", refuses("date_unreadable")),
        ("month and short year", "ags 85", refuses("date_incomplete")),
        ("words", "lupa", refuses("date_unreadable")),
        ("a whole story", "a " * 50, refuses("date_unreadable")),
    ],
)
def test_birth(subject: str, text: str, expected: object) -> None:
    assert outcome(parse_birth, text, TODAY) == expected, subject


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hari ini", TODAY),
        ("mulai besok", TODAY + timedelta(days=1)),
        ("1 januari 2026", date(2026, 1, 1)),
        ("2 jan 21", date(2021, 1, 2)),
        ("1-1-85", date(1985, 1, 1)),
        ("21-2-2027", date(2027, 2, 21)),
        ("1 Januari", asks("date_no_year", date(2026, 1, 1))),
        ("Januari 2021", asks("date_first_of_month", date(2021, 1, 1))),
        ("jan 32", refuses("start_early")),
        ("jan 99", asks("date_first_of_month", date(1999, 1, 1))),
        ("08/17/2020", asks("date_swapped", date(2020, 8, 17))),
        ("22-2-2027", refuses("start_late")),
        ("31-12-1979", refuses("start_early")),
        ("08/17/1979", refuses("start_early")),
        ("2021", refuses("date_incomplete")),
        ("SK 141/12/2024", refuses("date_day")),
    ],
)
def test_start_of_duty(text: str, expected: object) -> None:
    assert outcome(parse_start, text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kemarin", date(2026, 11, 22)),
        ("tadi pagi", TODAY),
        ("20-11-2026", date(2026, 11, 20)),
        ("20 november", asks("date_no_year", date(2026, 11, 20))),
        ("5 des", asks("date_no_year", date(2025, 12, 5))),
        ("besok", refuses("paid_future")),
        ("1-1-2020", refuses("paid_old")),
    ],
)
def test_day_of_payment(text: str, expected: object) -> None:
    assert outcome(parse_paid, text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oktober 2026", Month(2026, 10)),
        ("10/2026", Month(2026, 10)),
        ("2026-10", Month(2026, 10)),
        ("okt 26", Month(2026, 10)),
        ("bulan lalu", Month(2026, 10)),
        ("bulan ini", Month(2026, 11)),
        ("iuran desember", Month(2025, 12)),
        ("Oktober 20261", refuses("period")),
        ("13/2026", refuses("period")),
        ("Oktober 2036", refuses("period")),
        ("Oktober", Month(2026, 10)),
        ("kapan saja", refuses("period")),
    ],
)
def test_month_of_contributions(text: str, expected: object) -> None:
    assert outcome(parse_period, text, TODAY) == expected


def test_how_days_are_written() -> None:
    day = date(2026, 9, 15)
    assert (long_date(day), short_date(day)) == ("Selasa, 15 September 2026", "15 September 2026")
    assert plain_date(AUGUST_17) == "17-08-1985"
    assert clock_time(datetime(2026, 9, 15, 9, 5), "WITA") == "09.05 WITA"  # noqa: DTZ001


@given(st.dates(date(1962, 1, 1), date(2011, 1, 1)))
def test_every_way_of_writing_is_read_again(day: date) -> None:
    for written in (long_date(day), short_date(day), plain_date(day), day.isoformat(), f"{day:%d%m%Y}"):
        assert parse_birth(written, TODAY) == day


@given(st.dates(date(1, 1, 1), date(9999, 1, 1)))
def test_months_follow_each_other(day: date) -> None:
    month = Month.of(day)
    assert Month.parse(str(month)) == month
    assert month.first <= day <= month.last
    assert month.next().previous() == month < month.next()
    assert month.next().first - month.last == timedelta(days=1)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "2026/10", "0000-01", "²026-10", "", "2026-10-01"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_what_cannot_be_read_is_answered_with_an_example_of_our_own_time() -> None:
    with pytest.raises(Invalid) as refused:
        parse_start("secepatnya", TODAY)
    assert render("invalid/date_unreadable", {**refused.value.values, "attempt": 1}).endswith(
        "23 November 2026."
    )
    with pytest.raises(Invalid) as refused:
        parse_birth("secepatnya", TODAY)
    assert "17 8 1985" in render("invalid/date_unreadable", {**refused.value.values, "attempt": 1})
