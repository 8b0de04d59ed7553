"""What a platform allows in a day, laid beside a broadcast: how many people it would write to first."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.audience import Reach
from bot.store import windows
from bot.store.database import Tx
from handlers.knocking import WARN_AT


@dataclass(frozen=True, slots=True)
class First:
    """People whom a broadcast would write to first, beside those who count already."""

    people: int
    counted: int
    tier: int

    @property
    def used(self) -> int:
        """How many it would be then."""
        return self.people + self.counted

    @property
    def over(self) -> bool:
        """Whether that is more than is allowed."""
        return self.used > self.tier

    @property
    def near(self) -> bool:
        """Whether little is left."""
        return self.used * 100 >= self.tier * WARN_AT

    @property
    def room(self) -> int:
        """How many may still be written to first."""
        return max(self.tier - self.counted, 0)


def first(tx: Tx, found: Reach, at: datetime) -> First | None:
    """Where the limit is nearest when it leaves; None where nobody is written to first."""
    every = [
        First(people, windows.begun(tx, channel, at).people, tier)
        for channel, tier in windows.tiers(tx).items()
        if (people := found.first(channel))
    ]
    return min(every, key=lambda one: one.tier - one.used, default=None)
