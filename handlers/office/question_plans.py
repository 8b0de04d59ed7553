"""Questions that wait: the office is reminded on working mornings, and told of answers that were lost."""

from collections.abc import Set
from datetime import UTC, date, datetime, time

from bot.domain import deadlines
from bot.domain.months import Month
from bot.domain.office_hours import working_day_before
from bot.domain.offices import office_day
from bot.domain.rulebook import District
from bot.messages import Choice, Lane, Outgoing
from bot.store import outbox, people, places, questions, records
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.store.records import Plan
from bot.turns import within
from handlers.office.question_cards import redraw
from handlers.served import Run, Served

AT = time(8, 30)
#: Mornings on which a question that waits is named before it is named once a week only.
NAMED = 3

_ON_ITS_WAY = ("ready", "sending", "held")
#: What is said of an answer, and the word for that in its key.
_SAID = {"questions/answer_waits": "waits", "questions/not_delivered": "lost"}


def still_linked(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when an answer is about to leave."""
    village, person = argument.split(":")
    return people.is_linked(tx, int(person), village, office_day(now))


class Waiting(Served):
    """The planner of both; it also writes the cards anew that were not sent yet when a question went on."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What became of answers, at each tick; on a working morning, how many questions wait too long."""
        behind, rules = questions.all_behind(tx), self.rules(tx)
        mine = [(number, rules.district(code)) for number, code in behind.items() if self.serves(code)]
        said = [out for number, district in mine for out in redraw(tx, district, number, until)]
        for run in self.runs(tx, since, until):
            said += _lost(tx, run.district, until)
            if run.passes(AT):
                said += _morning(tx, run) if run.works(run.today) else []
        return said


def _morning(tx: Tx, run: Run) -> list[Outgoing]:
    district, today, now = run.district, run.today, run.until
    free = deadlines.free_days(run.rules, district.code, Month.of(today))
    before = datetime.combine(working_day_before(today, free), AT, district.zone).astimezone(UTC)
    count = questions.older(tx, district.code, before)
    if not count or (count == _known(tx, run, free) and not _begins_week(today, free)):
        return []
    if not records.plan(
        tx, Plan("questions", district.code, "", today.isoformat(), "morning", 0), now, "queued"
    ):
        return []
    values = {"count": count, "district": district.name}
    key = f"questions:{district.code}:{today}"
    groups, staff = places.office(tx, district.code, office_day(now))
    look = (Choice(within(district.code, "menu:jawab"), "Lihat pertanyaan"),)
    return [
        *(Outgoing(to, "questions/waiting", values, lane=Lane.REMINDER, key=f"{key}:{to.conversation}",
                   expires_at=run.evening, public=True) for to in groups),
        *(Outgoing(one.to, "questions/waiting", values, look, lane=Lane.REMINDER, key=f"{key}:{one.person}",
                   expires_at=run.evening, person=one.person) for one in staff),
    ]  # fmt: skip


def _known(tx: Tx, run: Run, free: Set[date]) -> int:
    """How many of them were named on so many mornings that the office knows of them: they are named once a week."""
    day = run.today
    for _ in range(NAMED + 1):
        day = working_day_before(day, free)
    at = datetime.combine(day, AT, run.district.zone).astimezone(UTC)
    return questions.older(tx, run.district.code, at)


def _begins_week(today: date, free: Set[date]) -> bool:
    return working_day_before(today, free).isocalendar()[:2] != today.isocalendar()[:2]


def _lost(tx: Tx, district: District, now: datetime) -> list[Outgoing]:
    """Answers that did not arrive: said where they were given, and the question waits again.

    Of one that waits for who asked to write only that is said, once: it may still arrive.
    """
    said = []
    for one in questions.on_their_way(tx, district.code):
        fate = outbox.fate(tx, one.key)
        if fate is not None and fate.status == "held":
            said += _told(tx, district, one, now, "questions/answer_waits")
        if fate is not None and fate.status in _ON_ITS_WAY:
            continue
        questions.on_its_way(tx, one.line, "")
        if fate is None or fate.status == "sent":
            continue
        questions.reopen(tx, one.question)
        said += _told(tx, district, one, now, "questions/not_delivered", unsure=fate.status == "unknown")
    return said


def _told(
    tx: Tx, district: District, lost: questions.OnItsWay, now: datetime, template: str, **more: bool
) -> list[Outgoing]:
    """To the group, if the bot is still in it; else to who answered, while they serve there."""
    key = f"question:{lost.question}:{_SAID[template]}:{lost.line}"
    question = questions.get(tx, lost.question)
    village = places.village(tx, question.village) if question else None
    if village is None or outbox.fate(tx, key) is not None:
        return []
    rooms = places.rooms(tx, district.code, RoomKind.OFFICE)
    group = any((room.channel, room.chat) == (lost.given.channel, lost.given.chat) for room in rooms)
    staff = people.staff(tx, district.code, office_day(now))
    to = lost.given if group else next((one.to for one in staff if one.person == lost.by), None)
    if to is None:
        return []
    values = {"number": lost.question, "place": village.label, **more}
    return [Outgoing(to, template, values, lane=Lane.ALERT, key=key, public=group)]
