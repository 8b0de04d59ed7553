"""What the month's reminders cost where each that comes outside the 24 hours is a template to be paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain import money
from bot.domain.dated import CERTAIN
from bot.domain.rulebook import District, Rules, Stage

UNREGISTERED = "unregistered"


@dataclass(frozen=True, slots=True)
class Month:
    """The templates that one village gets in a month."""

    stages: tuple[str, ...]
    inside: tuple[str, ...]  # so close to the one before that an answer to it leaves free text allowed
    unregistered: int  # instead of all others, where nobody is registered

    @property
    def least(self) -> int:
        """Where the first one is answered with "sudah bayar"."""
        return min(1, len(self.stages))

    @property
    def most(self) -> int:
        """Where nobody ever answers: all of them, and the last before the day to a second person too."""
        return len(self.stages) + (1 if self.stages else 0)


def month(rules: Rules, district: str, on: date) -> Month:
    """What the rules of a district ask for on that day."""
    stages = rules.stages(on, district)
    close = [after for before, after in pairwise(stages) if _close(before, after)]
    return Month(
        tuple(stage.name for stage in stages),
        tuple(stage.name for stage in close),
        len(rules.stages(on, district, UNREGISTERED)),
    )


def _close(before: Stage, after: Stage) -> bool:
    """Whether the second comes within a day of the first; one is counted in calendar, one in working days."""
    return before.days_before - after.days_before <= 1


def lines(rules: Rules, district: District, villages: int, on: date) -> Sequence[str]:
    """The arithmetic, for an operator."""
    found, price = month(rules, district.code, on), rules.whatsapp_price(district.code, on)
    amount = money.rupiah(price.rupiah)
    free = (
        f"up to {len(found.inside)} may be free: {', '.join(found.inside)}" if found.inside else "all of them"
    )
    said = [
        f"{district.name} ({district.code}): {villages} villages, by the rules of {on}",
        f"reminders to a village in a month: {', '.join(found.stages) or 'none'} = {len(found.stages)}"
        f"{', and the last before the day to one colleague more' if found.stages else ''}",
        f"outside the 24 hours, where only a template may be sent: {free}",
        f"a delivered template: {amount}, since {price.effective_from} ({price.source})",
    ]
    if price.certainty not in CERTAIN:
        said.append("  NOT KNOWN FOR SURE: put Meta's figure into a [[whatsapp_price]] of your own rules")
    for words, count in (
        ("at least (the first one is answered)", found.least),
        (f"at most (nobody answers: {len(found.stages)} + 1 colleague)", found.most),
        ("where nobody is registered yet, as in most villages at first", found.unregistered),
    ):
        total = money.rupiah(villages * count * price.rupiah)
        said.append(f"{words}:\n  {villages} x {count} x {amount} = {total} a month")
    return [
        *said,
        "One that owes for PU and for BPU gets the reminders of both.",
        "Not in it: whatever is said within 24 hours of a person's own message (no template), news of a",
        "checked payment, broadcasts and held messages (one template for each person who must be asked to write).",
    ]
