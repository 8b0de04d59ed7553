"""Invitations: who comes, a reminder the day before, and the word when the meeting is called off."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain import announcing, deadlines, reminders
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import broadcasts, places, recipients, records
from bot.store.broadcasts import Broadcast, Kind, State
from bot.store.database import Tx
from bot.store.recipients import Row
from bot.store.records import Plan
from bot.turns import Turn
from handlers.office import broadcast_cards
from handlers.office.drafting import of_choice, say, title
from handlers.paging import page
from handlers.reaching import ANSWERS, Voice, rsvp

REMINDED_AT = time(9)
PORTION = 1500
PAGE = 20  # people named at once
SUBJECT = 200  # characters of an invitation in its reminder
#: A meeting that near is called off at any hour.
NEAR = timedelta(hours=12)

_NONE = "belum menjawab"


def answer(turn: Turn) -> list[Outgoing]:
    """*Hadir*, *Tidak* or *Diwakili*, pressed by an invited officer; the last answer counts."""
    _, number, said = turn.choice.split(":")
    one = broadcasts.get(turn.tx, int(number))
    row = recipients.recipient(turn.tx, int(number), turn.who.person)
    if one is None or row is None or one.meet_at is None:
        return [turn.reply("chat/not_yours")]
    if one.called_off or one.meet_at <= turn.now:
        return [turn.reply("siaran/meeting_over", off=one.called_off, at=_at(turn, one))]
    if said not in ANSWERS:
        asked = turn.reply("siaran/ask_rsvp", rsvp(one.id), at=_at(turn, one))
        return [replace(asked, buttons_until=one.meet_at)]
    recipients.answer(turn.tx, one.id, turn.who.person, said, turn.now)
    turn.note("answer_meeting", f"broadcast:{one.id}", answer=said)
    change = (Choice(f"rsvp:{one.id}:ask", "Ubah jawaban"),)
    told = turn.reply("siaran/answered", change, answer=ANSWERS[said].lower(), at=_at(turn, one))
    return [replace(told, buttons_until=one.meet_at)]


def _at(turn: Turn, one: Broadcast) -> str:
    """The moment by the clock of the district that invited."""
    district = turn.rules.district(one.district)
    assert one.meet_at is not None
    return announcing.in_words(one.meet_at.astimezone(district.zone), district.zone_label)


def coming(turn: Turn) -> list[Outgoing]:
    """*Daftar hadir*: by village, who comes; those who come first."""
    one = of_choice(turn)
    if one is None or one.kind is not Kind.MEETING:
        return [turn.reply("chat/not_yours")]
    order = {"yes": 0, "other": 1, "no": 2, "": 3}
    rows = sorted(recipients.invited(turn.tx, one.id), key=lambda row: (order[row.answer], row.villages))
    here = page(turn.choice, f"siaran_come:{one.id}", rows, PAGE)
    choices = (*here.onward, Choice(f"siaran_show:{one.id}", title(one)))
    counts = [(ANSWERS.get(each, _NONE), sum(row.answer == each for row in rows)) for each in order]
    lines = [_line(turn, row) for row in here.shown]
    return [
        say(
            turn,
            "siaran/coming",
            choices,
            at=_at(turn, one),
            counts=counts,
            first=here.start + 1,
            lines=lines,
        )
    ]


def _line(turn: Turn, row: Row) -> dict[str, str]:
    place = places.village(turn.tx, row.villages[0])
    return {
        "place": place.label if place else row.villages[0],
        "name": row.name,
        "role": row.role.label,
        "answer": ANSWERS.get(row.answer, _NONE).lower(),
    }


def call_off(turn: Turn) -> list[Outgoing]:
    """*Batalkan acara*: asked once more, then everybody who was invited is told."""
    one = of_choice(turn)
    if one is None or one.kind is not Kind.MEETING or one.meet_at is None:
        return [turn.reply("chat/not_yours")]
    if one.called_off or one.meet_at <= turn.now:
        return [say(turn, "siaran/meeting_over", off=one.called_off, at=_at(turn, one))]
    people = sum(row.answer != "no" for row in recipients.invited(turn.tx, one.id))
    if not turn.choice.endswith(":ya"):
        choices = (
            Choice(f"siaran_off:{one.id}:ya", "Ya, batalkan acara"),
            Choice(f"siaran_show:{one.id}", "Tidak jadi"),
        )
        return [say(turn, "siaran/ask_off", choices, at=_at(turn, one), people=people)]
    broadcasts.call_off(turn.tx, one.id, turn.now)
    recipients.drop_held(turn.tx, one.id, turn.now)
    turn.note("call_off_meeting", f"broadcast:{one.id}", people=people)
    to = State.STOPPED if recipients.tally(turn.tx, one.id).total else State.CANCELLED
    if broadcasts.move_on(turn.tx, one.id, (State.WAITING,), to, (turn.who.person, turn.now)):
        recipients.drop_planned(turn.tx, one.id)  # no second round, either
    shown = broadcast_cards.refreshed(turn.tx, turn.rules, one.id, turn.now, soon=True)
    return [*shown, say(turn, "siaran/called_off", people=people)]


# -- by the clock ------------------------------------------------------------------------------


def plan(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> list[Outgoing]:
    """The reminder the day before, or the word that nothing comes of it."""
    if one.meet_at is None or one.meet_at <= now:
        return []
    if one.called_off:
        return _tell_off(tx, rules, one, now)
    at, evening = _the_day_before(rules, one)
    if not at <= now < evening or one.begun_at is None or one.begun_at >= at:
        return []  # who is invited as late as that needs no reminder
    again = one.start_at is not None and one.start_at >= at
    rows = recipients.unreminded(tx, one.id, PORTION, first=again)
    recipients.reminded(tx, one.id, rows)
    said: list[Outgoing] = []
    if not rows:
        return said
    voice = Voice(tx, rules, rules.district(one.district), now)
    for row in rows:
        day = one.meet_at.date().isoformat()
        plan_ = Plan("meeting", str(one.id), row.villages[0], day, "h-1", row.person)
        if records.plan(tx, plan_, now, "queued"):
            said.append(_reminder(one, row, plan_.key, voice, evening))
    return said


def _the_day_before(rules: Rules, one: Broadcast) -> tuple[datetime, datetime]:
    """09.00 of the day before, earlier where that is a day of rest; and the end of that day."""
    assert one.meet_at is not None
    local = one.meet_at.astimezone(rules.district(one.district).zone)
    eve = datetime.combine(local.date() - timedelta(days=1), REMINDED_AT, local.tzinfo)
    free = deadlines.free_days(rules, one.district, Month.of(eve.date()))
    at = reminders.calm(eve, free)
    return at.astimezone(UTC), datetime.combine(at.date(), reminders.EVENING, at.tzinfo).astimezone(UTC)


def _reminder(one: Broadcast, row: Row, key: str, voice: Voice, evening: datetime) -> Outgoing:
    assert one.meet_at is not None
    choices = (Choice(f"rsvp:{one.id}:ask", "Ubah jawaban"),) if row.answer else rsvp(one.id)
    return Outgoing(
        row.to,
        "siaran/meeting_reminder",
        {
            "at": voice.moment(one.meet_at),
            "place": one.place,
            "subject": announcing.beginning(voice.text(one, row), SUBJECT),
            "answer": row.answer,
        },
        choices,
        lane=Lane.REMINDER,
        key=key,
        person=row.person,
        expires_at=min(evening, one.meet_at),
        reason=f"meeting:{one.district}:{one.id}:{row.person}",
        repeatable=False,
    )


def _tell_off(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> list[Outgoing]:
    assert one.meet_at is not None
    local = now.astimezone(rules.district(one.district).zone)
    free = deadlines.free_days(rules, one.district, Month.of(local.date()))
    calm = not reminders.quiet(local, free) or one.meet_at - now <= NEAR
    if not calm and not recipients.some_told(tx, one.id):
        return []  # but once some know it, the others learn it too
    rows = recipients.untold(tx, one.id, PORTION)
    recipients.told_off(tx, one.id, rows)
    if not rows:
        return []
    voice = Voice(tx, rules, rules.district(one.district), now)
    return [
        Outgoing(
            row.to,
            "siaran/meeting_off",
            {"at": voice.moment(one.meet_at), "place": one.place},
            lane=Lane.ALERT,
            key=f"meeting:{one.id}:off:{row.person}",
            person=row.person,
            expires_at=one.meet_at,
            repeatable=False,
        )
        for row in rows
    ]


def still_meant(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at when a reminder is about to leave: it takes place, they did not say no, they still serve."""
    district, number, person = argument.split(":")
    one = broadcasts.standing(tx, int(number))
    row = recipients.recipient(tx, int(number), int(person))
    if one is None or row is None or one.called_off or row.answer == "no":
        return False
    return recipients.may_get(tx, int(person), district, office_day(now))
