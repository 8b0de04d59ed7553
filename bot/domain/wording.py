"""A sentence that a district writes itself, to stand under what the bot says."""

import re

from bot.domain.cleaning import visible
from bot.errors import Invalid

LONGEST = 160  # characters

_LINK = re.compile(r"://|www\.|\b[\w-]+\.(?:com|net|org|id|me|ly|info|link|xyz|site)\b|@\w", re.IGNORECASE)
#: A run of digits, also with what people put between them: an account, a telephone, a NIK.
_NUMBER = re.compile(r"\d(?:[\s.()-]{0,2}\d){5,}")
#: Opening hours are no such thing.
_CLOCK = re.compile(r"(?<![\d.:])[0-2]?\d[.:][0-5]\d(?![.:]?\d)")


def parse_closing(said: str) -> str:
    """One line of at most 160 characters, without links and without long numbers."""
    found = " ".join(visible(said).split())
    if len(found) < 3:
        raise Invalid("schedule/closing_short")
    if len(found) > LONGEST:
        raise Invalid("schedule/closing_long", longest=LONGEST, count=len(found))
    if _LINK.search(found):
        raise Invalid("schedule/closing_link")
    if _NUMBER.search(_CLOCK.sub("", found)):
        raise Invalid("schedule/closing_number")
    return found
