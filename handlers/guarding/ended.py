"""An office ends with its last day: what its holder began for it dies in the first look at the next."""

from datetime import datetime, timedelta

from bot.domain.offices import office_day
from bot.messages import Outgoing
from bot.store import freezing, people
from bot.store.database import Tx
from handlers.served import Served


class Ended(Served):
    """The planner of it: nobody is told, they were when the day was named."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """Drafts go, and open buttons mean nothing any more."""
        first, today = office_day(since) - timedelta(days=1), office_day(until)
        if office_day(since) == today:
            return []
        for person, place in freezing.left_behind(tx, first, today):
            if self.serves(place[:5]):
                people.drop_work(tx, person, place, until)
        return []
