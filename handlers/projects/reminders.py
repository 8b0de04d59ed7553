"""The reminders of projects: before the work begins uncovered, before each instalment, once after; and, to the
office, that instalments wait to be looked at.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot import turns
from bot.domain import dates, deadlines, money, reminders
from bot.domain.customs import INSTALMENT
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.projects import Part, Progress, State
from bot.domain.reminders import Moment
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import people, places, project_reports, records, reminding
from bot.store import projects as kept
from bot.store.database import Tx
from bot.store.people import Recipient
from bot.store.projects import Project
from bot.store.records import Plan
from handlers.projects import about
from handlers.reminders import rows
from handlers.served import Run, Served

#: In place of the number of an instalment: the plan itself is to be completed.
PLANNED = 0
#: In its place: the work ends on that day.
ENDING = 99
#: When the office hears of reports that wait.
AT = time(8, 30)

#: How far around a day its reminders lie: the longest stage, and its moving over days off.
_AHEAD, _BACK = timedelta(days=76), timedelta(days=21)
_KEPT = 1 << 12


def still_open(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a reminder leaves: nothing is reported, the day is the same, and still their office."""
    village, project, number, due, person = argument.split(":")
    found = kept.get(tx, int(project))
    if found is None or not people.is_linked(tx, int(person), village, office_day(now)):
        return False
    if int(number) == PLANNED:
        return found.state is State.PLANNED and found.starts is not None and found.starts.isoformat() == due
    if int(number) == ENDING:
        return found.state is State.OPEN and found.ends is not None and found.ends.isoformat() == due
    part = _part(found, int(number))
    return found.state is State.OPEN and part is not None and part.due.isoformat() == due


def still_unchecked(tx: Tx, argument: str, now: datetime) -> bool:
    """Whether instalments of a district wait, and the person still looks at them."""
    code, person = argument.split(":")
    linked = people.is_linked(tx, int(person), code, office_day(now))
    return linked and bool(project_reports.waiting(tx, code))


def _part(project: Project, number: int) -> Part | None:
    """The instalment, as long as nobody has reported it."""
    open_ = (one for one in project.parts if one.progress is Progress.OPEN)
    return next((one for one in open_ if one.number == number), None)


class Projects(Served):
    """The planner of both."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What fell due in (since, until]."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            said += _to_villages(tx, run)
            if run.passes(AT) and run.works(run.today):
                said += _to_office(tx, run)
        return said


def _to_villages(tx: Tx, run: Run) -> list[Outgoing]:
    """Of each project its earliest instalment with something to be said; and besides, that its work ends."""
    said: list[Outgoing] = []
    done: set[tuple[int, bool]] = set()
    for one in kept.near(tx, run.district.code, run.today - _BACK, run.today + _AHEAD):
        found = moments(run.rules, run.district, one.due)
        if one.number == PLANNED:
            found = found[:1]  # a plan is asked about once
        elif one.number == ENDING:
            found = [moment for moment in found if moment.left < 0][:1]  # and the end once it has come
        moment = reminders.latest_due(found, run.since, run.until).send
        about_what = (one.project, one.number == ENDING)
        if moment is not None and about_what not in done:
            done.add(about_what)
            said += _remind(tx, run, one, moment)
    return said


@lru_cache(_KEPT)
def moments(rules: Rules, district: District, due: date) -> Sequence[Moment]:
    """The reminders of a day, in their order."""
    free = deadlines.free_days(rules, district.code, Month.of(due))
    return tuple(reminders.moments(due, district.zone, rows(rules, district.code, INSTALMENT), free))


def _remind(tx: Tx, run: Run, due: kept.Due, moment: Moment) -> list[Outgoing]:
    to = people.first(people.serving(tx, due.village, office_day(run.until)))
    stage = f"{due.number}-{moment.stage}"
    plan = Plan(
        "instalment", str(due.project), due.village, due.due.isoformat(), stage, to.person if to else 0
    )
    if not records.plan(tx, plan, run.until, "queued" if to else "nobody linked") or to is None:
        return []
    project = kept.get(tx, due.project)
    return [_said(tx, project, due, moment, (plan, to))] if project else []


def _said(tx: Tx, project: Project, due: kept.Due, moment: Moment, by: tuple[Plan, Recipient]) -> Outgoing:
    plan, to = by
    village = places.village(tx, due.village)
    part = _part(project, due.number)
    see = Choice(f"project:{project.id}", "Lihat proyek")
    paid = Choice(f"project_paid:{project.id}:{due.number}", f"Sudah bayar termin {due.number}")
    choices = (paid, see) if part else _ways(project, due.number)
    values = {
        "name": to.name,
        "role": to.role.label,
        "place": village.label if village else "",
        "project": project.name,
        "number": due.number,
        "amount": money.rupiah(part.amount) if part else "",
        "due": dates.long_date(due.due),
        "earlier": _earlier(project, due.number),
        "when": reminders.in_days(moment.left),
        "month": Month.of(due.due).label,
        "begun": project.starts is not None and moment.left < 0,
    }
    return Outgoing(
        to.to,
        f"projects/{_template(due.number, moment.left)}",
        values,
        choices,
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=moment.expires,
        reason=f"instalment:{due.village}:{project.id}:{due.number}:{due.due.isoformat()}:{to.person}",
    )


def _ways(project: Project, number: int) -> tuple[Choice, ...]:
    if number == ENDING:
        labels = (("finish", "Pekerjaan selesai"), ("addendum", "Addendum"))
        return tuple(Choice(f"project_set:{project.id}:{what}", label) for what, label in labels)
    return Choice(f"project_fill:{project.id}", "Lengkapi data"), Choice(
        f"project:{project.id}", "Lihat proyek"
    )


def _earlier(project: Project, number: int) -> str:
    """The instalments before it that are open as well, in words."""
    found = tuple(
        one.number for one in project.parts if one.progress is Progress.OPEN and one.number < number
    )
    return about.termin(found).capitalize() if found else ""


def _template(number: int, left: int) -> str:
    if number in (PLANNED, ENDING):
        return "remind_plan" if number == PLANNED else "remind_end"
    if left < 0:
        return "remind_after"
    return "remind_begin" if number == 1 else "remind_soon"


def _to_office(tx: Tx, run: Run) -> list[Outgoing]:
    """How many reports wait, on a morning on which one more has come; to everybody who may look at them."""
    code, now = run.district.code, run.until
    waits = project_reports.waiting(tx, code)
    fresh = [
        one
        for one in waits
        if records.plan(tx, Plan("project_waiting", str(one.id), "", code, "morning", 0), now, "told")
    ]
    to = reminding.checkers(tx, code, office_day(now)) if fresh else []
    return [
        Outgoing(
            one.to,
            "projects/remind_office",
            {"count": len(waits), "district": run.district.name},
            (Choice(turns.within(code, "project_check:"), "Periksa"),),
            lane=Lane.REMINDER,
            key=f"project_waiting:{code}:{run.today.isoformat()}:{one.person}",
            person=one.person,
            expires_at=run.evening,
            reason=f"project_waiting:{code}:{one.person}",
        )
        for one in to
    ]
