"""Which six digits are a PIN."""

import pytest

from bot.domain import pins


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("481516", "481516"),
        (" 481 516 ", "481516"),
        ("48-15-16", "481516"),
        ("48.15.16", "481516"),
        ("48151", ""),
        ("4815162", ""),
        ("48151a", ""),
        ("٤٨١٥١٦", ""),
        ("²²²²²²", ""),
        ("", ""),
    ],
)
def test_six_digits_are_read_also_in_groups(text: str, pin: str) -> None:
    assert pins.read(text) == pin


@pytest.mark.parametrize(
    "pin",
    ["000000", "111111", "121212", "112112", "123123", "123456", "234567", "654321", "456789", "567890",
     "098765", "112233", "445566", "170845", "120990", "900912", "290200", "311299"],
)  # fmt: skip
def test_what_anybody_tries_first_is_weak(pin: str) -> None:
    assert pins.is_weak(pin)


@pytest.mark.parametrize("pin", ["481516", "731904", "557201", "318046", "904417", "319999"])
def test_others_are_not(pin: str) -> None:
    assert not pins.is_weak(pin)
