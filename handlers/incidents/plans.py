"""Reports that the agency has not been told of, or that are half written: reminded of in daytime, on any day."""

from datetime import datetime, timedelta

from bot.domain import deadlines, incidents, reminders, statements, titles
from bot.domain.incidents import HALFWAY, LAST, OVER, Kind
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import drafts, people, places, records
from bot.store import incidents as store
from bot.store.database import Tx
from bot.store.drafts import Resting
from bot.store.incidents import Incident
from bot.store.people import Recipient
from bot.store.places import RoomKind
from bot.store.records import Plan
from handlers.incidents import cards, steps
from handlers.served import Served

#: Cards of what was closed so long ago say all they should.
_SETTLED = timedelta(days=1)
#: So long after the limit somebody may still be told that it is over.
_LATER = timedelta(days=3)
#: Drafts of these forms are reports; the last reminder of one comes the morning after it was left.
_KINDS = [kind.value for kind in Kind]
_RESTED = timedelta(days=2)


def still_unreported(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a reminder is about to leave."""
    village, number, person = argument.split(":")
    found = store.get(tx, int(number))
    if found is None or found.told_at is not None or not found.open:
        return False
    return person == "0" or people.is_linked(tx, int(person), village, office_day(now))


class Unreported(Served):
    """The planner of both; it also writes cards anew that were still on their way when something changed."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What fell due in (since, until]."""
        rules = self.rules(tx)
        said = [
            out
            for one in store.moving(tx, until - _SETTLED)
            if self.serves(one.district)
            for out in cards.redraw(tx, rules, one)
        ]
        hours = statements.hours(rules.all_report_limits, until.date())
        if not hours:
            return said
        for one in store.waiting(tx, until - timedelta(hours=hours) - _LATER):
            if self.serves(one.district):
                said += _of(tx, rules, one, hours, (since, until))
        return said


class HalfWritten(Served):
    """The planner for reports that somebody began and left: nobody else sees them, and a limit may be running."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What fell due in (since, until]."""
        rules = self.rules(tx)
        said = []
        for one in drafts.resting(tx, _KINDS, until - _RESTED, until):
            if self.serves(one.village[:5]):
                said += _to_writer(tx, rules, one, (since, until))
        return said


def still_half_written(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a reminder is about to leave: not a word was added, and the person still serves there."""
    village, person, left = argument.split(":", 2)
    for kind in _KINDS:  # as it was written before
        left = left.removeprefix(f"{kind}:")
    mine = {
        one.updated_at
        for one in drafts.of(tx, int(person), now)
        if one.progress.village == village and one.progress.form in _KINDS
    }
    return datetime.fromisoformat(left) in mine and people.is_linked(
        tx, int(person), village, office_day(now)
    )


def _to_writer(tx: Tx, rules: Rules, one: Resting, window: tuple[datetime, datetime]) -> list[Outgoing]:
    district, kind = rules.district(one.village[:5]), Kind(one.form)
    moment = reminders.latest_due(incidents.unfinished(kind, one.updated_at, district.zone), *window).send
    serving = people.serving(tx, one.village, office_day(window[1]))
    to = next((each for each in serving if each.person == one.person), None)
    if moment is None or to is None:
        return []
    left = one.updated_at.isoformat()
    # plans and keys stay readable for years: the person and the moment say which, never whether somebody died
    plan = Plan("unfinished", "report", one.village, left, moment.stage, one.person)
    if not records.plan(tx, plan, moment.at, "queued"):
        return []
    shown = {
        "about": titles.of(one.form),
        "death": kind is Kind.DEATH,
        "office": district.office,
        "limit": steps.limit(rules, window[1].date()),
    }
    go_on = (Choice(f"resume:{one.form}", "Lanjutkan laporan"),)
    return [
        Outgoing(to.to, "incidents/half_written", shown, go_on, lane=Lane.ALERT, key=plan.key, person=to.person,
                 expires_at=moment.expires, reason=f"unfinished:{one.village}:{one.person}:{left}")
    ]  # fmt: skip


def _of(tx: Tx, rules: Rules, one: Incident, hours: int, window: tuple[datetime, datetime]) -> list[Outgoing]:
    zone = rules.district(one.district).zone
    free = deadlines.free_days(rules, one.district, Month.of(one.at.astimezone(zone).date()))
    ahead = incidents.moments(one.new.happened, hours, zone, free, one.at)
    moment = reminders.latest_due(ahead, *window).send
    if moment is None:
        return []
    to = cards.recipient(tx, one, window[1])
    said = _to_village(tx, rules, one, moment, to) if to else []
    return [*said, *(_to_office(tx, rules, one, moment) if moment.stage != HALFWAY else [])]


def _to_village(tx: Tx, rules: Rules, one: Incident, moment: Moment, to: Recipient) -> list[Outgoing]:
    plan = Plan("incident", str(one.id), one.new.village, one.at.date().isoformat(), moment.stage, to.person)
    if not records.plan(tx, plan, moment.at, "queued"):
        return []
    shown = {
        **cards.values(tx, rules, one),
        **steps.whom(tx, one.district),
        "last": moment.stage == LAST,
        "over": moment.stage == OVER,
    }
    told = (
        Choice(f"incident_told:{one.id}", "Sudah dilaporkan"),
        Choice(f"incident_mine:{one.id}", "Lihat kejadian"),
    )
    return [
        Outgoing(to.to, "incidents/reminder", shown, told, lane=Lane.ALERT, key=plan.key, person=to.person,
                 expires_at=moment.expires, reason=f"incident:{one.new.village}:{one.id}:{to.person}")
    ]  # fmt: skip


def _to_office(tx: Tx, rules: Rules, one: Incident, moment: Moment) -> list[Outgoing]:
    plan = Plan("incident", str(one.id), one.new.village, one.at.date().isoformat(), moment.stage, 0)
    if not records.plan(tx, plan, moment.at, "queued"):
        return []
    shown = {**cards.values(tx, rules, one), "over": moment.stage == OVER}
    return [
        Outgoing(to, "incidents/office_reminder", shown, lane=Lane.ALERT, key=f"{plan.key}:{to.conversation}",
                 expires_at=moment.expires, reason=f"incident:{one.new.village}:{one.id}:0", public=True)
        for to in places.rooms(tx, one.district, RoomKind.OFFICE)
    ]  # fmt: skip
