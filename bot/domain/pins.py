"""What makes a PIN: six digits that are not the first that anybody would try."""

from datetime import date

LENGTH = 6
_BETWEEN = str.maketrans("", "", " .-")
_UP = "01234567890"
_DOWN = _UP[::-1]


def read(text: str) -> str:
    """The six digits that were typed, also in groups; "" for anything else."""
    digits = text.strip().translate(_BETWEEN)
    return digits if len(digits) == LENGTH and digits.isascii() and digits.isdecimal() else ""


def is_weak(pin: str) -> bool:
    """Whether it is one of the PINs that are tried first: repeated, counted up or down, a date."""
    repeated = len(set(pin)) < 3 or pin[:3] == pin[3:] or pin[:2] * 3 == pin
    pairs = all(pin[i] == pin[i + 1] for i in (0, 2, 4))
    return repeated or pairs or pin in _UP or pin in _DOWN or _is_date(pin)


def _is_date(pin: str) -> bool:
    """A birth date as people write it: day first, or year first."""
    first, month, last = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    return _exists(first, month, last) or _exists(last, month, first)


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(2000 + year if year <= 30 else 1900 + year, month, day)
    except ValueError:
        return False
    return True
