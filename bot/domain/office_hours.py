"""When somebody sits in the office: on working days from 08.00 to 16.00, by the clock of the district."""

from collections.abc import Set
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import working_day
from bot.domain.dates import DAYS, clock_time, short_date

OPENS, CLOSES = time(8), time(16)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=6)  # within it the name of the day is enough


def next_open(local: datetime, free: Set[date]) -> datetime:
    """The moment itself while the office is open, else when it opens next; `free` are the holidays."""
    day = local.date()
    if working_day(day, free):
        if local.time() < OPENS:
            return datetime.combine(day, OPENS, local.tzinfo)
        if local.time() < CLOSES:
            return local
    day += _DAY
    while not working_day(day, free):
        day += _DAY
    return datetime.combine(day, OPENS, local.tzinfo)


def working_day_before(day: date, free: Set[date]) -> date:
    """The last working day before this one."""
    day -= _DAY
    while not working_day(day, free):
        day -= _DAY
    return day


def opening(local: datetime, free: Set[date], zone_label: str) -> str:
    """When it opens next, as in "Senin 08.00 WITA"; empty while it is open."""
    at = next_open(local, free)
    if at == local:
        return ""
    name = "hari ini" if at.date() == local.date() else DAYS[at.weekday()]
    day = name if at - local < _WEEK else f"{name}, {short_date(at.date())}"
    return f"{day} {clock_time(at, zone_label)}"
