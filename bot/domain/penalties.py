"""What paying late may cost.

The rule is worded for employers "selain penyelenggara negara"; whether a village is billed by it is not
known.  Whoever shows the figure calls it "perkiraan".
"""

from datetime import date

from bot.domain.contributions import part_of
from bot.domain.rulebook import Rules


def months_late(due: date, today: date) -> int:
    """Since the due date; a begun month counts as one."""
    whole = (today.year - due.year) * 12 + today.month - due.month
    return max(whole + (today.day > due.day), 0)


def estimate(amount: int, months_late: int, district: str, on: date, rules: Rules) -> int | None:
    """Rupiah on top of `amount` after so many months, a part of a month counting as one, not compounded.

    None where the district shows no estimate.
    """
    rule = rules.penalty(district, on)
    return None if rule is None else part_of(amount, rule.percent * max(months_late, 0))
