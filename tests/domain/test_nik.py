"""A NIK as people type it: what is taken, what is asked, what is refused and with which hint."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nik import check_age, facts, last4, parse_nik
from bot.domain.people import Sex
from tests.domain.answers import TODAY, asks, outcome, refuses

SITI = "3501146708850003"  # made up: a woman, 27 August 1985


@pytest.mark.parametrize(
    "text",
    [
        "3501146708850003",
        "3501 1467 0885 0003",
        "3501.1467.0885.0003",
        "350114-670885-0003",
        "３５０１１４６７０８８５０００３",  # full width
        "3501146708850003\u200b",  # a trailing zero-width space
        "'3501146708850003",  # a spreadsheet's apostrophe
        "NIK: 3501146708850003",
        "nik saya 3501146708850003, Siti RT 03",
        "35011467\n08850003",
        "3501146708850003 3501146708850003",
    ],
)
def test_taken_as_16_digits(text: str) -> None:
    assert parse_nik(text) == SITI


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("350114670885OO03", asks("nik_letters", SITI)),
        ("35O1l46708850003", asks("nik_letters", SITI)),
        ("3501146708850003 dan 3501146708850011", asks("nik_two", SITI)),
        ("3501146708850003\n3501146708850011", asks("nik_two", SITI)),
        ("35011467088500033501146708850011", asks("nik_two", SITI)),
    ],
)
def test_asked_about(text: str, expected: object) -> None:
    assert outcome(parse_nik, text) == expected


@pytest.mark.parametrize(
    ("subject", "text", "template"),
    [
        ("15 digits", "350114670885003", "nik_short"),
        ("17 digits", "35011467088500031", "nik_long"),
        ("Arabic-Indic digits", "٣٥٠١١٤٦٧٠٨٨٥٠٠٠٣", "digits"),
        ("spreadsheet decimal", "3501146708850003.0", "nik_excel"),
        ("spreadsheet exponent", "3,50115E+15", "nik_excel"),
        ("day 00", "3501140008850003", "nik_date"),
        ("day 32", "3501143208850003", "nik_date"),
        ("day 40", "3501144008850003", "nik_date"),
        ("day 72", "3501147208850003", "nik_date"),
        ("month 13", "3501146713850003", "nik_date"),
        ("29 February 2001 and 1901", "3501142902010003", "nik_date"),
        ("serial 0000", "3501146708850000", "nik_serial"),
        ("province 00", "0001146708850003", "nik_region"),
        ("province 99", "9901146708850003", "nik_region"),
        ("regency 00", "3500146708850003", "nik_region"),
        ("one digit repeated", "1111111111111111", "nik_pattern"),
        ("counted up", "1234567890123456", "nik_pattern"),
        ("counted down", "9876543210987654", "nik_pattern"),
        ("KPJ, 11 digits", "12345678901", "nik_kpj"),
        ("phone", "0812-3456-7890", "nik_phone"),
        ("phone with country", "+62 812 3456 7890", "nik_phone"),
        ("words", "belum ada", "nik_missing"),
        ("a few digits", "12345", "nik_short"),
        ("a few digits among words", "RT 03", "nik_missing"),
        ("nothing", " \u00a0", "empty"),
        ("4 kilobytes", "3" * 4000, "too_long"),
    ],
)
def test_refused_with_its_own_hint(subject: str, text: str, template: str) -> None:
    assert outcome(parse_nik, text) == refuses(template), subject


@pytest.mark.parametrize(
    ("nik", "born", "sex"),
    [
        (SITI, date(1985, 8, 27), Sex.FEMALE),
        ("3501142902000003", date(2000, 2, 29), Sex.MALE),
        ("3501140101260003", date(1926, 1, 1), Sex.MALE),  # not born this year
        ("3501140101110003", date(2011, 1, 1), Sex.MALE),
        ("3501140101150003", date(2015, 1, 1), Sex.MALE),  # too young, and nobody is 111
    ],
)
def test_facts(nik: str, born: date, sex: Sex) -> None:
    found = facts(nik, TODAY)
    assert (found.born, found.sex, found.province) == (born, sex, "Jawa Timur")


def test_a_childs_number_is_mostly_that_of_the_family_card() -> None:
    assert outcome(check_age, "3501140101150003", TODAY) == asks("nik_family_card", "3501140101150003")
    assert outcome(check_age, SITI, TODAY) is None


def test_only_four_digits_are_shown() -> None:
    assert last4(SITI) == "••••0003"


@given(
    born=st.dates(date(1930, 1, 1), date(2010, 12, 31)),
    woman=st.booleans(),
    serial=st.integers(1, 9999),
    gap=st.sampled_from(["", " ", ".", "-", " - "]),
)
def test_what_is_put_together_is_read_again(born: date, woman: bool, serial: int, gap: str) -> None:
    middle = f"{born.day + 40 * woman:02}{born.month:02}{born.year % 100:02}"
    nik = parse_nik(gap.join(["640203", middle, f"{serial:04}"]))
    assert nik == f"640203{middle}{serial:04}"
    found = facts(nik, TODAY)
    assert (found.born, found.sex is Sex.FEMALE, found.province) == (born, woman, "Kalimantan Timur")
