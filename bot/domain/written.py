"""A day as somebody wrote it, before anybody asks whether it makes sense.

Numbers are day, month, year, never month first: 12/13/1985 is a question, not December.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from bot.domain.cleaning import typed
from bot.domain.months import NAMES, Month
from bot.errors import Doubtful, Invalid

_ALIASES = {
    1: "jan januari january", 2: "feb febr pebruari februari february peb", 3: "mar mrt maret march",
    4: "apr april", 5: "mei may", 6: "jun juni june", 7: "jul juli july",
    8: "agu agt ags agst agus agust agustus august aug", 9: "sep sept september",
    10: "okt oktober oct october", 11: "nov nop nopember november", 12: "des desember dec december",
}  # fmt: skip
MONTH_NUMBERS = {alias: number for number, aliases in _ALIASES.items() for alias in aliases.split()}
_LONG_NAMES = [alias for alias in MONTH_NUMBERS if len(alias) >= 5]
_HIJRI = {
    "muharram", "muharam", "safar", "rabiul", "jumadil", "rajab", "syaban", "ramadan", "ramadhan",
    "syawal", "dzulkaidah", "zulkaidah", "dzulhijjah", "zulhijah", "hijriah", "hijriyah", "suro",
}  # fmt: skip
_TOKEN = re.compile(r"[0-9]+|[a-z]+")
_CLOCK = re.compile(r"[t ,]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( wib| wita| wit|z)?$")
#: What the numbers (n) and the month's name (m) stand for, in the order they are written.
_ORDERS = {"nmn": "dmy", "mnn": "mdy", "nnn": "dmy", "mn": "my", "nm": "dm"}


@dataclass(frozen=True, slots=True)
class Written:
    """A day as it was written; zero stands for what is missing."""

    day: int
    month: int
    year: int
    short_year: bool = False  # two digits


def read(text: str) -> Written:
    """Find the one day that is written in `text`; other words around it do not matter."""
    plain = _CLOCK.sub("", typed(text).casefold().replace("’", "").replace("'", ""))
    tokens = _TOKEN.findall(plain)
    if _HIJRI.intersection(tokens):
        raise Invalid("invalid/date_hijri")
    if len(tokens) > 12:
        raise Invalid("invalid/date_unreadable")
    return _arranged(values(tokens))


def values(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """The numbers (n) and months (m, as a number) among lower-case words, in their order.

    A misspelt month counts only where no month is spelt well.
    """
    spelt = any(token in MONTH_NUMBERS for token in tokens)
    found = []
    for token in tokens:
        if token.isdigit():
            found.append(("n", token))
        elif token in MONTH_NUMBERS:
            found.append(("m", str(MONTH_NUMBERS[token])))
        elif len(token) >= 5 and not spelt:
            close = process.extractOne(token, _LONG_NAMES, scorer=fuzz.ratio, score_cutoff=80)
            found += [("m", str(MONTH_NUMBERS[close[0]]))] if close else []
    return found


def _arranged(found: list[tuple[str, str]]) -> Written:
    shape, numbers = "".join(kind for kind, _ in found), [number for _, number in found]
    if shape == "n" and len(numbers[0]) > 4:
        return _run_together(numbers[0])
    if shape in ("m", "n", "nn"):
        raise Invalid("invalid/date_incomplete")
    if shape not in _ORDERS or max(map(len, numbers)) > 4:
        raise Invalid("invalid/date_unreadable")
    order = _ORDERS[shape]
    if order == "dmy" and len(numbers[0]) == 4:
        order = "ymd"
    elif order == "my" and len(numbers[1]) < 3 and int(numbers[1]) <= 31:
        order = "md"
    return _placed(dict(zip(order, numbers, strict=True)))


def _placed(parts: dict[str, str]) -> Written:
    year = parts.get("y", "")
    if len(year) in (1, 3) or (len(year) == 4 and year < "1000"):
        raise Invalid("invalid/date_unreadable")
    day, month = int(parts.get("d", "99")), int(parts["m"])
    if not (day and month):
        raise Invalid("invalid/date_zero", year=year)
    return Written(day if "d" in parts else 0, month, int(year or 0), short_year=len(year) == 2)


def _run_together(digits: str) -> Written:
    """17081985, 19850817 or 170885."""
    if len(digits) == 8 and int(digits[2:4]) > 12 and digits[:2] in ("19", "20"):
        return _placed({"y": digits[:4], "m": digits[4:6], "d": digits[6:]})
    if len(digits) in (6, 8):
        return _placed({"d": digits[:2], "m": digits[2:4], "y": digits[4:]})
    raise Invalid("invalid/date_unreadable")


def real(written: Written) -> date:
    """The day, if the calendar has it; day and month the wrong way round are a question."""
    day, month, year = written.day, written.month, written.year
    if month > 12 >= day and month <= Month(year, day).last.day:
        swapped = date(year, day, month)
        raise Doubtful("invalid/date_swapped", swapped, shown=f"{month} {NAMES[day - 1]} {year}")
    if month > 12:
        raise Invalid("invalid/date_month", month=month)
    last = Month(year, month).last
    if day > last.day:
        raise Invalid("invalid/date_day", day=day, month=Month(year, month).label, last=last.day)
    return date(year, month, day)
