"""The nightly tally: how each kecamatan stood on a day, so that a trend has a past."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.rulebook import Rules
from bot.messages import Outgoing
from bot.reports import standing
from bot.store import tallies
from bot.store.database import Tx

#: Districts counted at one tick: what is left is counted at the next.
TOGETHER = 25


class Tally:
    """The planner that counts; it sends nothing."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._districts = [rules.district(code) for code in districts]

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Once a day where the district lies, at the first tick of it."""
        room = TOGETHER
        for district in self._districts:
            today = until.astimezone(district.zone).date()
            if room == 0:
                break
            if not tallies.counted(tx, district.code, today):
                tallies.add(tx, district.code, today, standing.counts(tx, district.code, today))
                room -= 1
        return []
