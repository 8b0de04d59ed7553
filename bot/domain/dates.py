"""Days as people type and read them.

A year of two digits is placed by what it can mean; one typed with four digits is never moved.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.ages import OLDEST, SENIOR, YOUNGEST, age_on
from bot.domain.cleaning import typed
from bot.domain.months import NAMES, Month
from bot.domain.written import Written, read, real, values
from bot.errors import Doubtful, Invalid

_FRIDAY = 4
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

_RELATIVE = {
    "hari ini": 0,
    "skrg": 0,
    "sekarang": 0,
    "tadi": 0,
    "besok": 1,
    "lusa": 2,
    "kemarin": -1,
    "kemaren": -1,
    "barusan": 0,
    "baru saja": 0,
}
_EARLIEST_START = 1980  # the year; whoever serves today began later
_FIRST_PERIOD = 2015  # PP 44/2015 began in July of that year
_AHEAD = timedelta(days=90)  # how long before it begins a duty may be registered


def parse_birth(text: str, today: date) -> date:
    """A birth date; of two centuries the one that makes a person who can serve."""
    written = read(text)

    def check(day: date) -> None:
        age = age_on(today, day)
        if day > today:
            raise Invalid("invalid/date_future", shown=short_date(day))
        if age < YOUNGEST:
            raise Invalid("invalid/birth_young", shown=short_date(day), age=age)
        if age > OLDEST:
            raise Invalid("invalid/birth_old", shown=short_date(day), age=age)

    day = _possible(lambda: _birth(written, today), check)
    if age_on(today, day) >= SENIOR:
        raise Doubtful("invalid/birth_senior", day, shown=short_date(day), age=age_on(today, day))
    return day


def _birth(written: Written, today: date) -> date:
    if not written.day or not (written.year or written.short_year):
        raise Invalid("invalid/date_incomplete")
    if not written.short_year:
        return real(written)
    if today.year - YOUNGEST < 2000 + written.year:
        return real(replace(written, year=1900 + written.year))
    day = real(replace(written, year=2000 + written.year))
    # 05 may be 2005, or the month typed twice: worth a question.
    raise Doubtful("invalid/date_short_year", day, shown=short_date(day))


def parse_start(text: str, today: date) -> date:
    """The day a duty began, as on its decree (SK): from 1980 to ninety days ahead."""
    limit = today + _AHEAD

    def check(day: date) -> None:
        if day.year < _EARLIEST_START:
            raise Invalid("invalid/start_early", shown=short_date(day), year=_EARLIEST_START)
        if day > limit:
            raise Invalid("invalid/start_late", shown=short_date(day), limit=short_date(limit))

    return _of_today(lambda: _relative(text, today) or _completed(read(text), today, limit), check, today)


def parse_paid(text: str, today: date) -> date:
    """The day something was paid: never ahead, at most two years back."""

    def check(day: date) -> None:
        if day > today:
            raise Invalid("invalid/paid_future", shown=short_date(day), today=short_date(today))
        if day < today - timedelta(days=731):
            raise Invalid("invalid/paid_old", shown=short_date(day))

    return _of_today(lambda: _relative(text, today) or _completed(read(text), today, today), check, today)


def parse_plan(text: str, today: date) -> date:
    """A day on which something is meant to be done: today or within two months; a missing year is no doubt."""
    limit = today + timedelta(days=62)
    plain = typed(text).casefold()
    if found := re.search(r"\b(?:tgl|tanggal)?\.? ?([0-9]{1,2})$", plain):
        month = today if int(found[1]) >= today.day else (today.replace(day=1) + timedelta(days=32))
        plain = f"{found[1]}/{month:%m/%Y}"
    try:
        day = _coming(plain, today) or _completed(read(plain), today, limit)
    except Doubtful as guess:
        day = guess.value
    if not today <= day <= limit:
        raise Invalid("invalid/plan_day", shown=short_date(day), limit=short_date(limit))
    return day


def _coming(plain: str, today: date) -> date | None:
    """The day in "besok", "lusa", "senin depan" or "jumat"."""
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    ahead = {
        "hari ini": today,
        "nanti siang": today,
        "nanti sore": today,
        "besok": today + timedelta(days=1),
        "lusa": today + timedelta(days=2),
        "minggu depan": today + timedelta(days=7 - today.weekday()),  # its Monday; "minggu" alone is Sunday
        "minggu ini": today + timedelta(days=max(_FRIDAY - today.weekday(), 0)),
        "akhir bulan": next_month - timedelta(days=1),
        "awal bulan": next_month,
        "bulan depan": next_month,
    }
    for word, day in ahead.items():
        if word in plain:
            return day
    for number, name in enumerate(DAYS):
        if name.casefold() in plain:
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _possible(read: Callable[[], date], check: Callable[[date], None]) -> date:
    """What `read` finds, checked even where it is only a guess that somebody may confirm."""
    try:
        day = read()
    except Doubtful as doubt:
        check(doubt.value)
        raise
    check(day)
    return day


def _of_today(read: Callable[[], date], check: Callable[[date], None], today: date) -> date:
    """As `_possible`; what cannot be read is answered with a day of our own time as the example."""
    try:
        return _possible(read, check)
    except Invalid as error:
        if error.template in ("invalid/date_unreadable", "invalid/date_incomplete", "invalid/date_month"):
            error.values["example"] = short_date(today)
        raise


def _relative(text: str, today: date) -> date | None:
    plain = typed(text).casefold()
    for words, days in _RELATIVE.items():
        if re.search(rf"\b{words}\b", plain):
            return today + timedelta(days=days)
    return None


def _completed(written: Written, today: date, limit: date) -> date:
    """A day whose year may be missing or short: this year's, or last year's if that is after `limit`."""
    if written.short_year:
        century = 2000 if 2000 + written.year <= limit.year + 1 else 1900
        written = replace(written, year=century + written.year)
    if written.year and written.day:
        return real(written)
    if written.year:
        day = real(replace(written, day=1))
        raise Doubtful("invalid/date_first_of_month", day, shown=short_date(day))
    day = real(Written(written.day, written.month, today.year))
    if day > limit:
        day = real(Written(written.day, written.month, today.year - 1))
    raise Doubtful("invalid/date_no_year", day, shown=short_date(day))


def parse_period(text: str, today: date) -> Month:
    """A month of contributions: "Oktober 2026", "10/2026", "bulan lalu"; without a year, the last such."""
    tokens = re.findall("[0-9]+|[a-z]+", typed(text).casefold())
    if {"lalu", "kemarin", "kemaren"} & set(tokens):
        return Month.of(today).previous()
    if "ini" in tokens:
        return Month.of(today)
    found = values(tokens)
    numbers = [int(number) for _, number in found if len(number) <= 4]
    if len(found) == 1 and found[0][0] == "m":
        month = Month(today.year, numbers[0])
        return month if month <= Month.of(today) else Month(today.year - 1, numbers[0])
    if len(numbers) != 2 or len(found) != 2:
        raise Invalid("invalid/period", example=Month.of(today).previous().label)
    year_first = found[1][0] == "m" or numbers[0] > 31
    return _period(numbers[year_first], numbers[not year_first], today)


def _period(month: int, year: int, today: date) -> Month:
    year += 2000 if year < 100 else 0
    if 1 <= month <= 12 and _FIRST_PERIOD <= year <= today.year + 2:
        return Month(year, month)
    raise Invalid("invalid/period", example=Month.of(today).previous().label)


def long_date(day: date) -> str:
    """As in "Senin, 15 September 2026"."""
    return f"{DAYS[day.weekday()]}, {short_date(day)}"


def short_date(day: date) -> str:
    """As in "15 September 2026"."""
    return f"{day.day} {NAMES[day.month - 1]} {day.year}"


def plain_date(day: date) -> str:
    """As in "17-08-1985" and on the identity card."""
    return f"{day.day:02}-{day.month:02}-{day.year}"


def clock_time(at: datetime, zone_label: str) -> str:
    """As in "09.00 WITA"; `at` is already in that zone."""
    return f"{at.hour:02}.{at.minute:02} {zone_label}"
