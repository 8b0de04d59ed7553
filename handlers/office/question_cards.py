"""How a question looks to the office: its card in a group, and the same in private with every word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import dates
from bot.domain.discretion import masked, may_be_personal
from bot.domain.offices import office_day
from bot.domain.rulebook import District
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import drafts, members, outbox, people, places, questions
from bot.store.database import Tx
from bot.store.questions import Line, Question
from bot.turns import Turn, within
from handlers import own_chat

#: Words of the officer on a card; all of them are read in private.
SHOWN = 700
#: Whoever writes again within this time, unanswered, changes the card instead of getting another.
TOGETHER = timedelta(minutes=10)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def age(waited: timedelta) -> str:
    """How long somebody has waited: 15 menit, 3 jam, 2 hari."""
    if waited < _HOUR:
        return f"{max(int(waited.total_seconds() // 60), 1)} menit"
    return f"{waited // _HOUR} jam" if waited < _DAY else f"{waited // _DAY} hari"


def place_of(tx: Tx, question: Question) -> str:
    """The village as it is always shown."""
    village = places.village(tx, question.village)
    return village.label if village else question.village


def values(tx: Tx, district: District, question: Question) -> dict[str, Any]:
    """What every view of a question shows."""
    said = questions.asked_last(tx, question.id)
    local = said[-1].at.astimezone(district.zone)
    at = f"{dates.short_date(local.date())} {dates.clock_time(local, district.zone_label)}"
    return {
        "number": question.id,
        "place": place_of(tx, question),
        "role": question.role.label,
        "at": at,
        "doing": [line.doing for line in said if line.doing],
        "words": masked("\n".join(line.words for line in said if line.words)),
    }


def _for_group(tx: Tx, district: District, question: Question, now: datetime) -> tuple[dict[str, Any], bool]:
    """The same for everybody in the group, and whether words are kept back."""
    shown = values(tx, district, question)
    words = "\n".join(line.words for line in questions.asked_last(tx, question.id) if line.words)
    hidden = bool(words) and (len(words) > SHOWN or may_be_personal(words, _names(tx, question, now)))
    state = {"hidden": hidden, "state": question.state.value, "who": question.taker}
    return {**shown, **state, "words": "" if hidden else words}, hidden


def _names(tx: Tx, question: Question, now: datetime) -> Iterator[str]:
    """People of the village whom the question may name: who is insured, and who is being registered."""
    for member in members.of_village(tx, question.village):
        yield member.name
        yield str(member.details.get("mother", ""))
    for draft in drafts.of(tx, question.person, now):
        yield from (str(draft.progress.answers.get(field, "")) for field in ("name", "mother"))
    for officer in people.serving(tx, question.village, office_day(now)):
        yield officer.name


def _buttons(question: Question, *, hidden: bool) -> tuple[Choice, ...]:
    if question.state is questions.State.CLOSED:
        return ()
    take = Choice(f"question_take:{question.id}", "Saya jawab")
    look = Choice(f"question_look:{question.id}", "Buka isinya")
    done = Choice(f"question_close:{question.id}", "Selesai")
    offered = [(question.open and question.taken_by is None, take), (hidden, look), (True, done)]
    return tuple(choice for wanted, choice in offered if wanted)


def office_of(district: District) -> str:
    """The office as it signs: "DPMD Kutai Kartanegara"."""
    return f"{district.office} {district.name}"


def call(turn: Turn, question: Question, line: int) -> list[Outgoing]:
    """Cards for the office: in its groups, or where it has none to each of its staff."""
    tx, now = turn.tx, turn.now
    groups, staff = places.office(tx, question.district, office_day(now))
    if staff:
        return _in_private(turn, question, line, staff)
    known = {card.to: card for card in questions.cards(tx, question.id)}
    shown, hidden = _for_group(tx, turn.district, question, now)
    said = []
    for to in groups:
        key = f"question:{question.id}:{line}:{to.conversation}"
        questions.add_card(tx, question.id, key, to, now)
        out = Outgoing(to, "questions/card", shown, _buttons(question, hidden=hidden), lane=Lane.ALERT)
        said.append(replace(out, key=key, public=True))
        if to in known:
            said += _end(tx, known[to])
    return said


def _end(tx: Tx, card: questions.Card) -> list[Outgoing]:
    """The buttons of an older card go: those of the newest count."""
    fate = outbox.fate(tx, card.key)
    if fate is None or not fate.platform_id:
        return []
    end = Outgoing(card.to, "", kind=Kind.CLOSE, message=fate.platform_id, lane=Lane.ALERT, public=True)
    return [replace(end, key=f"{card.key}:end")]


def _in_private(turn: Turn, question: Question, line: int, staff: list[people.Recipient]) -> list[Outgoing]:
    shown = {**values(turn.tx, turn.district, question), "name": question.name}
    said = []
    for one in staff:
        key = f"question:{question.id}:{line}:person:{one.person}"
        out = Outgoing(one.to, "questions/whole", shown, private_buttons(question), lane=Lane.ALERT)
        said.append(replace(out, key=key, person=one.person))
    return said


def private_buttons(question: Question) -> tuple[Choice, ...]:
    """What somebody of the office can do with a question in private."""
    return (
        Choice(within(question.district, f"answer:{question.id}"), "Jawab"),
        Choice(within(question.district, f"question_close:{question.id}"), "Selesai"),
    )


def show(turn: Turn, question: Question) -> Outgoing:
    """The whole question, in private, to whoever opened it."""
    shown = {**values(turn.tx, turn.district, question), "name": question.name}
    return own_chat.only(turn, turn.reply("questions/whole", private_buttons(question), **shown))


def redraw(turn: Turn, number: int) -> list[Outgoing]:
    """Every card of a question as it stands now; behind the end of the buttons that were pressed."""
    question = questions.get(turn.tx, number)
    assert question is not None
    shown, hidden = _for_group(turn.tx, turn.district, question, turn.now)
    said = []
    for card in questions.cards(turn.tx, number):
        fate = outbox.fate(turn.tx, card.key)
        if fate is None or not fate.platform_id:
            continue
        out = Outgoing(card.to, "questions/card", shown, _buttons(question, hidden=hidden), Kind.EDIT)
        key = f"{card.key}:{turn.incoming.address.channel}:{turn.incoming.external_id}"
        said.append(replace(out, message=fate.platform_id, lane=Lane.TAP, key=key, public=True))
    return said


def is_fresh(turn: Turn, question: Question, before: Line | None) -> bool:
    """Whether its card was made a moment ago and nobody answered since: the same card may say more."""
    if before is None or before.answer:
        return False
    made = [card.at for card in questions.cards(turn.tx, question.id)]
    return bool(made) and turn.now - max(made) < TOGETHER
