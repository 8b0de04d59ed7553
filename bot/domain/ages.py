"""How old somebody is, and how old somebody who serves a village can be."""

from datetime import date

YOUNGEST = 15  # years; nobody younger serves a village
OLDEST = 100  # years; beyond, a slip of the pen is likelier
SENIOR = 65  # years; from here on membership is a question for the branch office


def age_on(day: date, born: date) -> int:
    """Full years on `day`; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
