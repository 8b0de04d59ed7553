"""How a question looks to the office: its card in a group, and the same in private with every word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import dates
from bot.domain.discretion import masked
from bot.domain.offices import STAFF, office_day
from bot.domain.rulebook import District
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import outbox, people, places, questions
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.store.questions import Card, Line, Question
from bot.turns import Turn, may_in, within
from handlers import own_chat

#: Whoever writes again within this time, unanswered, changes the card instead of getting another.
TOGETHER = timedelta(minutes=10)

_ON_ITS_WAY = ("ready", "sending")


def theirs(turn: Turn, number: str, district: str = "") -> Question | None:
    """A question, of that district if one is named, that this person may answer here; else as if there were
    none.
    """
    found = questions.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or turn.room not in (None, places.Room(found.district, RoomKind.OFFICE)):
        return None
    if district not in ("", found.district):
        return None
    return found if may_in(turn, STAFF, found.district) else None


def of_card(act: Callable[[Turn, Question], list[Outgoing]], turn: Turn) -> list[Outgoing]:
    """A button of a card, if the question is theirs."""
    question = theirs(turn, turn.choice.split(":")[1])
    if question is None:
        return [] if turn.incoming.group else [turn.reply("chat/not_yours")]
    return act(turn, question)


def asker(turn: Turn, question: Question) -> people.Recipient | None:
    """Who asked, if they still serve the village and can be written to."""
    serving = people.serving(turn.tx, question.village, office_day(turn.now))
    return next((one for one in serving if one.person == question.person), None)


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


def _for_group(tx: Tx, district: District, question: Question) -> tuple[dict[str, Any], tuple[Choice, ...]]:
    """What the group reads, and its buttons: who, when, and in our own words what they were doing.

    Nothing that an officer wrote stands in a group: names and numbers cannot be told from other words.
    """
    said = values(tx, district, question)
    words = bool(said.pop("words"))
    return {**said, "asked": words, "state": question.state.value, "who": question.taker}, _buttons(
        question, words=words
    )


def _buttons(question: Question, *, words: bool) -> tuple[Choice, ...]:
    if question.state is questions.State.CLOSED:
        return ()
    take = Choice(f"question_take:{question.id}", "Saya jawab")
    look = Choice(f"question_look:{question.id}", "Buka isinya")
    done = Choice(f"question_close:{question.id}", "Selesai")
    offered = [(question.open and question.taken_by is None, take), (words, look), (True, done)]
    return tuple(choice for wanted, choice in offered if wanted)


def office_of(district: District) -> str:
    """The office as it signs: "DPMD Kutai Kartanegara"."""
    return f"{district.office} {district.name}"


def call(turn: Turn, question: Question, line: int, *, fresh: bool) -> list[Outgoing]:
    """Cards for the office: in its groups, or where it has none to each of its staff.

    Where a card is `fresh`, or has not even been sent, it says more instead of being followed by another.
    """
    tx, now = turn.tx, turn.now
    groups, staff = places.office(tx, question.district, office_day(now))
    if staff:
        return _in_private(turn, question, line, staff)
    known = {card.to.conversation: card for card in questions.cards(tx, question.id)}
    shown, choices = _for_group(tx, turn.district, question)
    said = []
    for to in groups:
        card = known.get(to.conversation)
        if card is not None and (_is_coming(tx, card) or fresh):
            said += (again := _edit(tx, card, shown, choices, now))
            if again or _is_coming(tx, card):
                continue
        key = f"question:{question.id}:{line}:{to.conversation}"
        questions.add_card(tx, question.id, key, to, now)
        out = Outgoing(to, "questions/card", shown, choices, lane=Lane.ALERT)
        said.append(replace(out, key=key, public=True))
        said += _end(tx, card) if card is not None else []
    return said


def _is_coming(tx: Tx, card: Card) -> bool:
    fate = outbox.fate(tx, card.key)
    return fate is not None and fate.status in _ON_ITS_WAY


def _end(tx: Tx, card: Card) -> list[Outgoing]:
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


def redrawn(turn: Turn, question: Question) -> list[Outgoing]:
    """Every card of it, as it stands now."""
    return redraw(turn.tx, turn.rules.district(question.district), question.id, turn.now)


def redraw(tx: Tx, district: District, number: int, now: datetime) -> list[Outgoing]:
    """Every card of a question as it stands now, in the groups that are still the office's."""
    question = questions.get(tx, number)
    assert question is not None
    shown, choices = _for_group(tx, district, question)
    here = {to.conversation for to in places.rooms(tx, question.district, RoomKind.OFFICE)}
    said = []
    for card in questions.cards(tx, number):
        if card.to.conversation in here:
            said += _edit(tx, card, shown, choices, now)
        else:
            questions.behind(tx, card.key, behind=False)
    return said


def _edit(
    tx: Tx, card: Card, shown: Mapping[str, Any], choices: Sequence[Choice], now: datetime
) -> list[Outgoing]:
    """One card anew, at the pace of its group: of edits that wait there the last one counts.

    A card that is still on its way is written anew once it is sent.
    """
    fate = outbox.fate(tx, card.key)
    coming = fate is not None and fate.status in _ON_ITS_WAY
    questions.behind(tx, card.key, behind=coming)
    if fate is None or not fate.platform_id:
        return []
    number = questions.edited(tx, card.key, now)
    out = Outgoing(card.to, "questions/card", shown, choices, Kind.EDIT, fate.platform_id, public=True)
    return [replace(out, key=f"{card.key}:edit:{number}")]


def is_fresh(turn: Turn, question: Question, before: Line | None) -> bool:
    """Whether its card was made a moment ago and nobody answered since: the same card may say more."""
    if before is None or before.answer:
        return False
    made = [card.at for card in questions.cards(turn.tx, question.id)]
    return bool(made) and turn.now - max(made) < TOGETHER
