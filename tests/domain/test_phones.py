"""Mobile numbers: one form for every spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.phones import dialled, masked, parse_mobile
from tests.domain.answers import asks, outcome, refuses

NUMBER = "+6281234567890"


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "6281234567890",
        "+62 812 3456 7890",
        "(0812) 3456 7890",
        "81234567890",
        "00 62 812 3456 7890",
        "006281234567890",
        "62 0812 3456 7890",
        "hp: 0812 3456 7890",
        "No. WA 0812.3456.7890",
        "081234567890 / 0812-3456-7890",
    ],
)
def test_one_canonical_form(text: str) -> None:
    assert parse_mobile(text) == NUMBER


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("landline", "(0541) 661234", asks("phone_landline", "+62541661234")),
        ("too short for a landline", "(0355) 321", refuses("phone_start")),
        ("Malaysia", "+60 12-345 6789", asks("phone_abroad", "+60123456789")),
        ("9 digits", "081234567", refuses("phone_length")),
        ("10 digits", "0812345678", asks("phone_short", "+62812345678")),
        ("14 digits", "08123456789012", refuses("phone_length")),
        ("two numbers", "081234567890/085712345678", asks("phone_two", NUMBER)),
        ("two numbers in words", "081234567890 atau 085712345678", asks("phone_two", NUMBER)),
        ("Arabic-Indic digits", "٠٨١٢٣٤٥٦٧٨٩٠", refuses("digits")),
        ("letter O", "O81234567890", refuses("phone_letters")),
        ("words", "belum punya", refuses("phone_missing")),
        ("no such country", "+999 1234 5678", refuses("phone_length")),
        ("no such prefix", "0999 1234567", refuses("phone_start")),
    ],
)
def test_asked_or_refused(subject: str, text: str, expected: object) -> None:
    assert outcome(parse_mobile, text) == expected, subject


@given(st.integers(0, 99_999_999))
def test_canonical_numbers_stay_as_they_are(rest: int) -> None:
    number = f"+62812{rest:08}"
    assert parse_mobile(number) == parse_mobile(f"0{number[3:]}") == number


def test_only_four_digits_are_shown() -> None:
    assert masked(NUMBER) == "••••7890"


def test_what_is_dialled_begins_with_a_zero() -> None:
    assert dialled(NUMBER) == "081234567890"
    assert dialled("0541661234") == "0541661234"
