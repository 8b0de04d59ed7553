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
