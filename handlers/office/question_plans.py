"""Questions that wait: the office is reminded on working mornings, and told of answers that were lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot import ruling
from bot.domain import deadlines
from bot.domain.calendar import working_day
from bot.domain.months import Month
from bot.domain.office_hours import working_day_before
from bot.domain.offices import office_day
from bot.domain.reminders import EVENING
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import outbox, people, places, questions, records
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.store.records import Plan
from bot.turns import within

AT = time(8, 30)
#: What was answered or settled is kept so long.
KEPT = timedelta(days=365)

_ON_ITS_WAY = ("ready", "sending")


def still_linked(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when an answer is about to leave."""
    village, person = argument.split(":")
    return people.is_linked(tx, int(person), village, office_day(now))


class Waiting:
    """The planner of both."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._rules = rules
        self._districts = frozenset(districts)

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What became of answers, at each tick; on a working morning, how many questions wait too long."""
        rules = ruling.current(tx, self._rules)
        said: list[Outgoing] = []
        for district in rules.districts:
            if district.code not in self._districts:
                continue
            said += _lost(tx, district, until)
            today = until.astimezone(district.zone).date()
            at = datetime.combine(today, AT, district.zone)
            if since < at <= until < datetime.combine(today, EVENING, district.zone):
                questions.forget(tx, until - KEPT)
                said += _morning(tx, rules, district, until)
        return said


def _morning(tx: Tx, rules: Rules, district: District, now: datetime) -> list[Outgoing]:
    today = now.astimezone(district.zone).date()
    free = deadlines.free_days(rules, district.code, Month.of(today))
    if not working_day(today, free):
        return []
    before = datetime.combine(working_day_before(today, free), AT, district.zone).astimezone(UTC)
    count = questions.older(tx, district.code, before)
    if not count or not records.plan(
        tx, Plan("questions", district.code, "", today.isoformat(), "morning", 0), now, "queued"
    ):
        return []
    evening = datetime.combine(today, EVENING, district.zone)
    values = {"count": count, "district": district.name}
    key = f"questions:{district.code}:{today}"
    groups = places.rooms(tx, district.code, RoomKind.OFFICE)
    if groups:
        return [
            Outgoing(to, "questions/waiting", values, lane=Lane.REMINDER, key=f"{key}:{to.conversation}",
                     expires_at=evening, public=True)
            for to in groups
        ]  # fmt: skip
    look = (Choice(within(district.code, "menu:jawab"), "Lihat pertanyaan"),)
    return [
        Outgoing(one.to, "questions/waiting", values, look, lane=Lane.REMINDER, key=f"{key}:{one.person}",
                 expires_at=evening, person=one.person)
        for one in people.staff(tx, district.code, office_day(now))
    ]  # fmt: skip


def _lost(tx: Tx, district: District, now: datetime) -> list[Outgoing]:
    """Answers that did not arrive: said where they were given, and the question waits again."""
    said = []
    for one in questions.on_their_way(tx, district.code):
        fate = outbox.fate(tx, one.key)
        if fate is not None and fate.status in _ON_ITS_WAY:
            continue
        questions.on_its_way(tx, one.line, "")
        if fate is None or fate.status == "sent":
            continue
        questions.reopen(tx, one.question)
        said += _told(tx, district, one, now, unsure=fate.status == "unknown")
    return said


def _told(
    tx: Tx, district: District, lost: questions.OnItsWay, now: datetime, *, unsure: bool
) -> list[Outgoing]:
    """To the group, if the bot is still in it; else to who answered, while they serve there."""
    question = questions.get(tx, lost.question)
    village = places.village(tx, question.village) if question else None
    rooms = places.rooms(tx, district.code, RoomKind.OFFICE)
    group = any((room.channel, room.chat) == (lost.given.channel, lost.given.chat) for room in rooms)
    staff = people.staff(tx, district.code, office_day(now))
    to = lost.given if group else next((one.to for one in staff if one.person == lost.by), None)
    if to is None or village is None:
        return []
    values = {"number": lost.question, "place": village.label, "unsure": unsure}
    key = f"question:{lost.question}:lost:{lost.line}"
    return [Outgoing(to, "questions/not_delivered", values, lane=Lane.ALERT, key=key, public=group)]
