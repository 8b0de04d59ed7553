"""How old somebody is, and for what somebody is too young or too old."""

from datetime import date

from bot.domain.rulebook import Rules

YOUNGEST = 15  # years; nobody younger serves a village
OLDEST = 100  # years; beyond, a slip of the pen is likelier
SENIOR = 65  # years; from here on a date of birth is asked about once more


def age_on(day: date, born: date) -> int:
    """Full years on `day`; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def too_old(rules: Rules, segment: str, programme: str, born: date, on: date) -> bool:
    """Whether somebody can no longer be registered anew in the programme of the segment on that day.

    The limit of the segment holds for each of its programmes.
    """
    limits = [rules.age_limit(segment, name, on) for name in ("", programme)]
    return any(limit and age_on(on, born) >= limit.years for limit in limits)
