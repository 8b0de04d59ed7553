"""The end of the chain of acts, told once a day in the office's groups: a copy that nobody can write over."""

from datetime import datetime, time, timedelta

from bot.domain import dates
from bot.messages import Lane, Outgoing
from bot.store import exported, places, records
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.store.records import Plan
from handlers.served import Run, Served

AT = time(8, 0)


class Heads(Served):
    """The planner."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """One line in each office group, each morning after a day on which anything was done."""
        return [out for run in self.runs(tx, since, until) if run.passes(AT) for out in _line(tx, run)]


def _line(tx: Tx, run: Run) -> list[Outgoing]:
    head, day = records.head(tx), run.today.isoformat()
    groups = places.rooms(tx, run.district.code, RoomKind.OFFICE)
    last = f"audit.told:{run.district.code}"
    plan = Plan("audit_head", run.district.code, "", day, "daily", 0)
    if not head.number or not groups or records.get(tx, last) == head.code:
        return []
    if not records.plan(tx, plan, run.until, "queued"):
        return []
    records.put(tx, last, head.code)
    files, people = exported.taken(tx, run.district.code, run.until - timedelta(days=1))
    shown = {"code": head.code, "day": dates.short_date(run.today), "files": files, "people": people}
    return [
        Outgoing(to, "privacy/head", shown, lane=Lane.ALERT, key=f"{plan.key}:{to.conversation}",
                 expires_at=run.evening, public=True)
        for to in groups
    ]  # fmt: skip
