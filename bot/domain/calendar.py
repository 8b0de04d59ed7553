"""Working days and due dates.

National holidays and weekends move a due date to the next working day; collective leave (cuti
bersama) does not, unless a district's rule says so: whoever pays by the earlier day is safe under
either reading.
"""

from collections.abc import Set
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from bot.domain.months import Month

SATURDAY, SUNDAY = 5, 6
_DAY = timedelta(days=1)
_DUE_DAY = 15  # of the next month, for employed people


@cache
def holidays_of(year: int) -> frozenset[date]:
    """The national holidays of a year, without collective leave; religious ones far ahead are estimates."""
    return frozenset(country_holidays("ID", years=year, categories=("public",)))


@cache
def collective_leave_of(year: int) -> frozenset[date]:
    """The days of cuti bersama of a year (by the joint decree of three ministers), as far as announced."""
    return frozenset(country_holidays("ID", years=year, categories=("government",)))


def holidays_near(month: Month) -> frozenset[date]:
    """Those of the years in which the month's contributions may fall due and be reminded of."""
    return holidays_of(month.year) | holidays_of(month.year + 1)


def working_day(day: date, holidays: Set[date]) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def next_working_day(day: date, holidays: Set[date]) -> date:
    """The day itself, or the first working day after it."""
    while not working_day(day, holidays):
        day += _DAY
    return day


def due_date(month: Month, holidays: Set[date]) -> date:
    """Until when to pay the contributions of `month`: the 15th of the next one, or the working day after."""
    return next_working_day(month.next().first.replace(day=_DUE_DAY), holidays)
