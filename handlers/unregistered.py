"""Villages that registered nobody: one message a month to whoever is linked there, until somebody is."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from bot.domain import deadlines, reminders
from bot.domain.customs import UNREGISTERED
from bot.domain.dated import Segment
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import people, records, reminding
from bot.store.database import Tx
from bot.store.people import Recipient
from bot.store.records import Plan
from handlers.reminders import rows
from handlers.served import Run, Served

#: Whatever the rules say, a village hears of it once in a calendar month.
ONCE = "once"


def still_unregistered(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when the message is about to leave."""
    village, _, person = argument.partition(":")
    return not reminding.registered(tx, village) and people.is_linked(
        tx, int(person), village, office_day(now)
    )


@lru_cache(1 << 12)
def _moments(rules: Rules, district: District, month: Month) -> tuple[Moment, ...]:
    due = deadlines.due_date(rules, district.code, Segment.PU, month)
    free = deadlines.free_days(rules, district.code, Month.of(due))
    return tuple(reminders.moments(due, district.zone, rows(rules, district.code, UNREGISTERED), free))


class Unregistered(Served):
    """The planner of that message."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What fell due in (since, until]; what is too late is not made up for: it comes next month."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            moment = self._due(run)
            if moment is not None:
                said += _of_district(tx, run, moment)
        return said

    def _due(self, run: Run) -> Moment | None:
        running = Month.of(run.today)
        for month in (running, running.previous()):
            found = reminders.latest_due(_moments(run.rules, run.district, month), run.since, run.until)
            if found.send is not None:
                return found.send
        return None


def _of_district(tx: Tx, run: Run, moment: Moment) -> list[Outgoing]:
    said = []
    asked = reminding.asked(tx, run.district.code, run.today)
    for village, place in reminding.unregistered(tx, run.district.code, office_day(run.until)).items():
        if village in asked:
            continue  # by hand, for today
        plan = Plan("unregistered", "", village, str(Month.of(run.today)), ONCE, 0)
        if not place.serving or not records.plan(tx, plan, run.until, "queued"):
            continue
        values = {"place": place.label, "office": run.district.office}
        said.append(message(plan, place.serving[0], values, Month.of(run.today), moment.expires))
    return said


def message(
    plan: Plan, to: Recipient, values: Mapping[str, str], month: Month, expires: datetime
) -> Outgoing:
    """That message to one person, once for its plan; `month` is the running one."""
    return Outgoing(
        to.to,
        "reminders/unregistered",
        {**values, "name": to.name, "role": to.role.label},
        (Choice("menu:daftar", "Daftarkan orang"),),
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=expires,
        reason=f"unregistered:{plan.village}:{to.person}",
        about=f"{plan.village}:{month}",
    )
