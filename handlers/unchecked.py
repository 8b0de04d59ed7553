"""Reports that wait for somebody of the office: said on a working morning, as a number and nothing else."""

from datetime import UTC, date, datetime, time, timedelta

from bot import turns
from bot.domain import deadlines
from bot.domain.calendar import working_day
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import people, records, reminding
from bot.store.database import Tx
from bot.store.records import Plan
from handlers.served import Run, Served

AT = time(8, 30)

_DAY = timedelta(days=1)


def _before(rules: Rules, district: District, today: date) -> datetime:
    """Who reported before then (UTC) waits for more than one working day."""
    day = _working_day_before(rules, district, today)
    return datetime.combine(day, time(), district.zone).astimezone(UTC)


def _working_day_before(rules: Rules, district: District, day: date) -> date:
    free = deadlines.free_days(rules, district.code, Month.of(day))
    day -= _DAY
    while not working_day(day, free):
        day -= _DAY
    return day


def _to_be_told(tx: Tx, rules: Rules, district: District, today: date) -> int:
    """How many reports wait, on a day on which that is said: when one more has come to wait too long, and
    once at the beginning of a week.  The same number every morning would soon not be read.
    """
    before = _before(rules, district, today)
    count = reminding.waiting(tx, district.code, before)
    yesterday = _working_day_before(rules, district, today)
    grown = count > reminding.waiting(tx, district.code, _before(rules, district, yesterday))
    return count if grown or yesterday.isocalendar()[:2] != today.isocalendar()[:2] else 0


def still_waiting(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when the message is about to leave."""
    code, person, before = argument.split(":", 2)
    linked = people.is_linked(tx, int(person), code, office_day(now))
    return linked and reminding.waiting(tx, code, datetime.fromisoformat(before)) > 0


class Unchecked(Served):
    """The planner of that message."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """To everybody who may look at reports, in districts where one waits too long."""
        found = [run for run in self.runs(tx, since, until) if run.passes(AT) and run.works(run.today)]
        return [out for run in found for out in _of_district(tx, run)]


def _of_district(tx: Tx, run: Run) -> list[Outgoing]:
    district, today, now = run.district, run.today, run.until
    before = _before(run.rules, district, today).isoformat()
    count = _to_be_told(tx, run.rules, district, today)
    said = []
    for one in reminding.checkers(tx, district.code, office_day(now)) if count else ():
        plan = Plan("unchecked", district.code, "", today.isoformat(), "morning", one.person)
        if records.plan(tx, plan, now, "queued"):
            said.append(
                Outgoing(
                    one.to,
                    "reminders/unchecked",
                    {"count": count, "district": district.name},
                    (Choice(turns.within(district.code, "menu:bukti"), "Periksa"),),
                    lane=Lane.REMINDER,
                    key=plan.key,
                    person=one.person,
                    expires_at=run.evening,
                    reason=f"unchecked:{district.code}:{one.person}:{before}",
                )
            )
    return said
