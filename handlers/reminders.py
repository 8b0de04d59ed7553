"""The reminders of the month: planned once, looked at again when they leave, stopped by a report."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import calendar, dates, money, reminders
from bot.domain.contributions import Bill
from bot.domain.months import Month
from bot.domain.offices import VILLAGE, office_day
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import months, people, places, records
from bot.store.database import Tx
from bot.store.people import Recipient
from bot.store.records import Plan
from handlers.month import bill, due_date

#: The sentence of each stage of `bot/rules/reminders.toml`.
TEMPLATES = {"h-7": "plan", "h-3": "soon", "h-1": "last", "h+1": "after"}


def still_unpaid(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a reminder is about to leave: nothing reported, and still their office."""
    village, month, person = argument.split(":")
    if months.payment(tx, village, Month.parse(month)) is not None:
        return False
    return people.is_linked(tx, int(person), village, office_day(now))


class Reminders:
    """The planner of the month's reminders."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._rules = rules
        self._districts = districts

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """The reminders that fell due in (since, until]: of several stages only the latest in time."""
        said: list[Outgoing] = []
        for code in self._districts:
            district = self._rules.district(code)
            running = Month.of(until.astimezone(district.zone).date())
            for month in (running.previous().previous(), running.previous(), running):
                said += self._of_month(tx, district, month, (since, until))
        return said

    def _of_month(
        self, tx: Tx, district: District, month: Month, window: tuple[datetime, datetime]
    ) -> list[Outgoing]:
        due = due_date(month)
        stages = self._rules.stages(month.first)
        moments = reminders.moments(due, district.zone, stages, calendar.holidays_near(month))
        chosen = reminders.latest_due(moments, *window)
        if chosen.send is None and not chosen.skipped:
            return []
        said = []
        for code in months.owing(tx, district.code, month):
            for late in chosen.skipped:
                records.plan(tx, _plan(code, month, late.stage, 0), window[1], "missed: too late to be sent")
            if chosen.send is not None:
                said += self._remind(tx, code, month, chosen.send, window[1])
        return said

    def _remind(
        self, tx: Tx, code: str, month: Month, moment: reminders.Moment, now: datetime
    ) -> list[Outgoing]:
        village = places.village(tx, code)
        to = _first_in_office(people.serving(tx, code, office_day(now)))
        if village is None or to is None:
            records.plan(tx, _plan(code, month, moment.stage, 0), now, "nobody linked")
            return []
        plan = _plan(code, month, moment.stage, to.person)
        if not records.plan(tx, plan, now, "queued"):
            return []
        reckoned = bill(tx, self._rules, village, month)
        return [_reminder(plan, to, village, moment, reckoned)]


def _plan(village: str, month: Month, stage: str, person: int) -> Plan:
    return Plan("reminder", months.PU, village, str(month), stage, person)


def _first_in_office(serving: list[Recipient]) -> Recipient | None:
    """The treasurer, else the secretary, else the head."""
    by_role = {one.role: one for one in reversed(serving)}
    return next((by_role[role] for role in VILLAGE if role in by_role), None)


def _reminder(
    plan: Plan, to: Recipient, village: places.Village, moment: reminders.Moment, reckoned: Bill
) -> Outgoing:
    month = Month.parse(plan.period)
    about = f"{plan.village}:{plan.period}"
    choices = {
        "plan": (("week", "Minggu ini"), ("funds", "Dana belum cair")),
        "soon": (("no", "Belum"),),
        "last": (("no", "Belum"),),
        "after": (("funds", "Dana belum cair"), ("data", "Data salah"), ("other", "Lainnya")),
    }[TEMPLATES[moment.stage]]
    return Outgoing(
        to.to,
        f"reminders/{TEMPLATES[moment.stage]}",
        {
            "name": to.name,
            "role": to.role.label,
            "place": village.label,
            "month": month.label,
            "due": dates.long_date(due_date(month)),
            "total": money.rupiah(reckoned.total),
            "people": reckoned.people,
            "left": moment.left,
        },
        (
            Choice(f"paid:{about}", "Sudah bayar"),
            *(Choice(f"intend:{about}:{a}", label) for a, label in choices),
        ),
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=moment.expires,
        reason=f"unpaid:{about}:{to.person}",
    )
