"""How old somebody is, and for what somebody is too young or too old."""

from collections.abc import Iterable
from datetime import date

from bot.domain.rulebook import Rules
from bot.domain.tariffs import AgeLimit

YOUNGEST = 15  # years; nobody younger serves a village
OLDEST = 100  # years; beyond, a slip of the pen is likelier
SENIOR = 65  # years; from here on a date of birth is asked about once more


def age_on(day: date, born: date) -> int:
    """Full years on `day`; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def barred(rules: Rules, segment: str, programmes: Iterable[str], born: date, on: date) -> AgeLimit | None:
    """The first limit of the segment, or of one of these programmes in it, that somebody has reached."""
    limits = [rules.age_limit(segment, name, on) for name in ("", *programmes)]
    return next((limit for limit in limits if limit and age_on(on, born) >= limit.years), None)
