"""Working days and due dates.

National holidays and weekends move a due date to the next working day; collective leave (cuti
bersama) does not, unless a district's rule says so: whoever pays by the earlier day is safe under
either reading.
"""

from collections.abc import Set
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

SATURDAY, SUNDAY = 5, 6
_DAY = timedelta(days=1)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """The national holidays of a year, without collective leave; religious ones far ahead are estimates."""
    return frozenset(country_holidays("ID", years=year, categories=("public",)))


@cache
def collective_leave_of(year: int) -> frozenset[date]:
    """The days of cuti bersama of a year (by the joint decree of three ministers), as far as announced."""
    return frozenset(country_holidays("ID", years=year, categories=("government",)))


def working_day(day: date, holidays: Set[date]) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def next_working_day(day: date, holidays: Set[date]) -> date:
    """The day itself, or the first working day after it."""
    while not working_day(day, holidays):
        day += _DAY
    return day
