"""What of somebody's own words is not shown again in full."""

import re
import unicodedata

from bot.domain import nik
from bot.errors import Doubtful, Invalid

#: A NIK, also one mistyped by a digit, or the number of a family card.
_LONG = re.compile(r"(?<!\d)(?:\d[ .\-\u200b]{0,2}){14,16}\d(?!\d)")


def masked(text: str) -> str:
    """The text with long numbers, a NIK above all, down to their last four digits, as everywhere in a chat."""
    return _LONG.sub(lambda found: "••••" + re.sub(r"\D", "", found[0])[-4:], text)


#: Six digits, also with a blank or a stroke between them, that are no part of a longer number or a sum.
_SIX = re.compile(r"(?<!\d)(?<!rp)(?<!rp[ .])\d(?:[ -]?\d){5}(?![ -]?\d|[.,]\d{3}(?!\d))", re.IGNORECASE)
_PIN = re.compile(r"\b(?:pin(?:ku|nya)?|sandi(?:nya)?|kode rahasia)\b", re.IGNORECASE)
_DATE = re.compile(r"(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])-\d\d")
_BEFORE, _BEHIND = 80, 20  # characters between the word and the digits that belong to it


def without_pin(text: str) -> str:
    """The text without what may be a PIN: six digits beside that word, which nobody else is to read or keep."""
    return _SIX.sub(lambda found: "••••••" if _is_beside(found) else found[0], text)


def _is_beside(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - _BEFORE) : found.start()]
    behind = found.string[found.end() : found.end() + _BEHIND]
    return not _DATE.fullmatch(found[0]) and bool(_PIN.search(before) or _PIN.search(behind))


_SIXTEEN = re.compile(r"(?<!\d)(?:\d[ .\-\u200b]{0,2}){15}\d(?!\d)")


def holds_nik(text: str) -> bool:
    """Whether a NIK stands in it, as far as its digits tell: other numbers of sixteen digits are none."""
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return any(_is_nik(re.sub(r"\D", "", found[0])) for found in _SIXTEEN.finditer(plain))


def _is_nik(digits: str) -> bool:
    try:
        nik.parse_nik(digits)
    except Doubtful:
        return True
    except Invalid:
        return False
    return True
