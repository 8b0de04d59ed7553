"""When the contributions of a month fall due: by segment, and by what a district knows of its days off."""

from datetime import date
from functools import lru_cache

from bot.domain.calendar import collective_leave_of, holidays_of, next_working_day
from bot.domain.dated import EVERYWHERE, Segment
from bot.domain.months import Month
from bot.domain.rulebook import Rules

#: A planner asks the same for every village: districts, segments and the months that may be open.
_KEPT = 1 << 14


@lru_cache(_KEPT)
def free_days(rules: Rules, district: str, month: Month, segment: str = Segment.PU) -> frozenset[date]:
    """The days off of the month's year and those beside it, for whoever pays in the segment.

    National holidays, those that the district added, and collective leave where its due rule counts it.
    """
    years = [year for year in (month.year - 1, month.year, month.year + 1) if 1 <= year <= 9999]
    days = {day for year in years for day in holidays_of(year)}
    days |= {holiday.day for holiday in rules.holidays if holiday.district in {district, EVERYWHERE}}
    if rules.due_rule(district, segment, month.first).collective_leave:
        days |= {day for year in years for day in collective_leave_of(year)}
    return frozenset(days)


@lru_cache(_KEPT)
def due_date(rules: Rules, district: str, segment: str, month: Month) -> date:
    """The last day on which the contributions of `month` are in time, by the rule of its first day."""
    rule = rules.due_rule(district, segment, month.first)
    pay_in = month
    for _ in range(rule.months_after):
        pay_in = pay_in.next()
    day = pay_in.first.replace(day=rule.day)
    return next_working_day(day, free_days(rules, district, month, segment))
