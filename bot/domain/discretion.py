"""What of somebody's own words is not shown again in full."""

import re

#: A NIK, also one mistyped by a digit, or the number of a family card.
_LONG = re.compile(r"(?<!\d)(?:\d[ .\-\u200b]{0,2}){14,16}\d(?!\d)")


def masked(text: str) -> str:
    """The text with long numbers, a NIK above all, down to their last four digits, as everywhere in a chat."""
    return _LONG.sub(lambda found: "••••" + re.sub(r"\D", "", found[0])[-4:], text)
