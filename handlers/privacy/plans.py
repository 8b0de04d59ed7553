"""Requests that nobody has decided: the administrators hear of them again each day, until then."""

from datetime import datetime, timedelta

from bot.messages import Outgoing
from bot.store import privacy, records
from bot.store.database import Tx
from bot.store.privacy import Asked
from bot.store.records import Plan
from handlers.privacy import asked
from handlers.served import Served

_DAY = timedelta(days=1)


def still_open(tx: Tx, argument: str, _now: datetime) -> bool:
    """Looked at again when a word of it is about to leave."""
    _, number = argument.split(":")
    one = privacy.get(tx, int(number))
    return one is not None and one.open


class Waiting(Served):
    """The planner."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What became a day older in (since, until], at the hour at which it was asked."""
        rules = self.rules(tx)
        return [
            out
            for run in self.runs(tx, since, until)
            for one in privacy.open_in(tx, run.district.code)
            if _is_due(tx, one, since, until)
            for out in asked.tell(tx, rules, one, until, "privacy/request_waits")
        ]


def _is_due(tx: Tx, one: Asked, since: datetime, until: datetime) -> bool:
    days = (until - one.at) // _DAY
    if days < 1 or one.at + days * _DAY <= since:
        return False
    return records.plan(tx, Plan("privacy", str(one.id), "", str(days), "day", 0), until, "queued")
