"""What is asked about a service: from which month, until which day, which number; and when to ask."""

import re
from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import dates
from bot.domain.calendar import SUNDAY
from bot.domain.cleaning import typed
from bot.domain.months import Month
from bot.domain.reminders import EVENING
from bot.domain.written import Written, read, real, values
from bot.errors import Doubtful, Invalid

#: Terms last eight years at most (UU 3/2024, article 39), so an end further away is a slip.
LONGEST_TERM = timedelta(days=9 * 366)
#: Months ahead from which a change of wage may be announced.
AHEAD = 12
ASK_AT = time(9)  # local
_DAY = timedelta(days=1)
_KPJ_DIGITS = 11


def parse_from(text: str, today: date, oldest: Month) -> Month:
    """The month from which something changes: "Januari 2027", "bulan depan"; never before `oldest`.

    A month without a year is the first such that may still change.
    """
    month = _month(re.findall("[0-9]+|[a-z]+", typed(text).casefold()), today, oldest)
    if month < oldest:
        raise Invalid("invalid/from_fixed", shown=month.label, oldest=oldest.label)
    if (month.year - today.year) * 12 + month.number - today.month > AHEAD:
        raise Invalid("invalid/from_late", shown=month.label, limit=AHEAD)
    return month


def _month(said: list[str], today: date, oldest: Month) -> Month:
    running = Month.of(today)
    if "depan" in said or "berikutnya" in said:
        return running.next()
    if {"ini", "sekarang", "skrg"} & set(said):
        return running
    found = values(said)
    if len(found) == 1 and found[0][0] == "m":
        return _first_such(int(found[0][1]), oldest)
    if len(found) == 3:  # "1 Januari 2027": a wage changes with its month
        return Month.of(real(_with_century(read(" ".join(said)))))
    if len(found) == 2:
        return dates.parse_period(" ".join(said), today)
    raise Invalid("invalid/period", example=running.next().label)


def _first_such(number: int, oldest: Month) -> Month:
    if not 1 <= number <= 12:
        raise Invalid("invalid/date_month", month=number)
    here = Month(oldest.year, number)
    return here if here >= oldest else Month(oldest.year + 1, number)


def _with_century(written: Written) -> Written:
    """Only days of our own time are meant here."""
    if not written.short_year:
        return written
    return Written(written.day, written.month, 2000 + written.year)


def parse_term_end(text: str, today: date) -> date:
    """The last day of a term, as on its decree (SK): ahead, by nine years at most."""
    written = _with_century(read(text))
    if not (written.day and written.year):
        raise Invalid("invalid/date_incomplete")
    day = real(written)
    if day < today:
        raise Invalid("invalid/term_past", shown=dates.short_date(day))
    if day > today + LONGEST_TERM:
        raise Invalid("invalid/term_late", shown=dates.short_date(day))
    return day


def parse_last_day(text: str, today: date) -> date:
    """The last day of a service: up to ninety days ahead, for an SK that was signed before it."""
    day = dates.parse_start(text, today)
    if day.year < today.year - 5:
        raise Doubtful("invalid/last_old", day, shown=dates.short_date(day))
    return day


def parse_kpj(text: str) -> str:
    """The number on the member's card: eleven digits; on older cards letters and hyphens are seen."""
    said = re.sub(r"\b(kpj|no|nomor|peserta|kartu)\b[ .:=]*", "", typed(text).casefold())
    number = re.sub(r"[\s.]", "", said).upper()
    if re.fullmatch(rf"[0-9]{{{_KPJ_DIGITS}}}", number):
        return number
    if not re.search("[0-9]", number):
        raise Invalid("invalid/kpj_missing")
    if re.fullmatch(r"[0-9]{16}", number):
        raise Invalid("invalid/kpj_nik")
    if not re.fullmatch(r"[0-9A-Z-]{6,20}", number):
        raise Invalid("invalid/kpj_unreadable")
    raise Doubtful("invalid/kpj_length", number, shown=number, count=sum(c.isdigit() for c in number))


def ask_day(term_end: date, before: int, holidays: Set[date]) -> date:
    """The day to ask, some days before the end: never a Sunday or a holiday, then earlier."""
    day = term_end - before * _DAY
    while day.weekday() == SUNDAY or day in holidays:
        day -= _DAY
    return day


def ask_at(day: date, zone: ZoneInfo) -> datetime:
    """The hour of a day at which is asked, in UTC."""
    return datetime.combine(day, ASK_AT, zone).astimezone(UTC)


def evening(day: date, zone: ZoneInfo) -> datetime:
    """When nobody is disturbed any more on a day, in UTC."""
    return datetime.combine(day, EVENING, zone).astimezone(UTC)
