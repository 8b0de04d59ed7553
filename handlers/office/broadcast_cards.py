"""The card of a broadcast, in the office's group and with who wrote it: one message, edited as it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot import texts
from bot.domain import announcing, placing
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import broadcasts, outbox, people, places, recipients, windows
from bot.store.broadcasts import Broadcast, Card, State
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.turns import Turn, within
from handlers import own_chat
from handlers.office.drafting import say
from handlers.office.rooms import digest
from handlers.reaching import ANSWERS

EVERY = timedelta(seconds=30)  # at most so often a card is edited
_SQUARES = 10
BEGINNING = 200  # characters of the message that the second person reads at once
#: Of a card that will yet be sent, saying what it was written to say.
_ON_THE_WAY = ("ready", "sending", "held")
ANSWERED_WITHIN = timedelta(hours=24)  # by the second person


def values(tx: Tx, rules: Rules, one: Broadcast) -> Mapping[str, Any]:
    """What a card says; nothing personal, nothing of what the office wrote: groups read it."""
    district = rules.district(one.district)
    ended = one.ended_at is not None
    found = recipients.tally(tx, one.id)
    told = recipients.reports(tx, one.id)
    sent, unknown = found.of("sent"), found.of("unknown")
    failed = found.of("failed") + found.of("expired")
    total = found.total or one.expected
    over = total - found.open if found.total else 0
    full = over * _SQUARES // total if total else 0
    answers = recipients.answers(tx, one.id) if one.kind is broadcasts.Kind.MEETING and found.total else {}
    moments = {State.ASKED: one.confirmed_at and one.confirmed_at + ANSWERED_WITHIN}
    at = moments.get(one.state, one.start_at)
    names = placing.names(places.villages(tx, one.district))
    return {
        "number": one.id,
        "meeting": one.kind is broadcasts.Kind.MEETING,
        "off": one.called_off,
        "state": one.state.value,
        "ended": ended,
        "audience": one.audience.label(names),
        "by": one.by_name,
        "text": "",
        "ended_by": one.ended_by,
        "at": announcing.in_words(at.astimezone(district.zone), district.zone_label) if at else "",
        "total": total,
        "over": over,
        "bar": "▓" * full + "░" * (_SQUARES - full),
        "sent": sent,
        "failed": failed,
        "blocked": found.blocked,
        "unknown": unknown,
        "cancelled": found.of("cancelled"),
        "held": found.of("held"),
        "reported": texts.render("siaran/reported", asdict(told)).strip()
        if told.delivered or told.read
        else "",
        "answers": [(label, answers.get(answer, 0)) for answer, label in ANSWERS.items()] if answers else [],
        "unanswered": answers.get("", 0),
        "again": found.again,
    }


def with_text(tx: Tx, rules: Rules, one: Broadcast) -> Mapping[str, Any]:
    """The same for one person, with how the message begins as long as it may be approved."""
    text = announcing.beginning(one.text, BEGINNING) if one.state is State.ASKED else ""
    return {**values(tx, rules, one), "text": text}


def buttons(one: Broadcast, person: int | None, *, read: bool = False) -> list[Choice]:
    """What can be done with it now, by this person (None: by anybody in the group)."""
    stop = f"siaran_stop:{one.id}"
    if one.state is State.WAITING:
        return [Choice(stop, "Batalkan")]
    if one.state is State.SENDING:
        return [Choice(stop, "Hentikan")]
    if one.state is State.MISSED:
        return [Choice(f"siaran_late:{one.id}", "Kirim sekarang")]
    if one.state is not State.ASKED:
        return []
    if person == one.by:
        return [Choice(stop, "Batalkan")]
    look = [] if read else [Choice(f"siaran_text:{one.id}", "Lihat isi")]
    return [Choice(f"siaran_ok:{one.id}", "Setujui"), Choice(f"siaran_no:{one.id}", "Tolak"), *look]


def _card(tx: Tx, rules: Rules, one: Broadcast, card: Card) -> Outgoing:
    choices: Sequence[Choice] = buttons(one, card.person)
    told = values(tx, rules, one) if card.person is None else with_text(tx, rules, one)
    if card.person is not None:
        choices = [Choice(within(one.district, choice.id), choice.label) for choice in choices]
    return Outgoing(
        card.to,
        "siaran/card",
        told,
        choices,
        lane=Lane.ALERT,
        key=card.key,
        person=card.person,
        public=card.person is None,
        buttons_until=one.start_at,
    )


def held(tx: Tx, one: Broadcast, now: datetime) -> list[Card]:
    """The cards of groups that are the office's still, and of people who still serve in it."""
    groups = {(at.channel, at.chat) for at in places.rooms(tx, one.district, RoomKind.OFFICE)}
    staff = {each.person for each in people.staff(tx, one.district, office_day(now))}
    return [
        card
        for card in one.cards
        if (card.person in staff if card.person is not None else (card.to.channel, card.to.chat) in groups)
    ]


def first(tx: Tx, rules: Rules, number: int, now: datetime) -> list[Outgoing]:
    """The cards of what was just confirmed.

    Who must write before a card may be sent to them reads it for a day; later nothing of it is new.
    """
    one = broadcasts.get(tx, number)
    if one is None:
        return []
    broadcasts.shown(tx, number, digest(values(tx, rules, one)), now)
    cards = [_card(tx, rules, one, card) for card in one.cards]
    minds, until = windows.tiers(tx), max(now, one.start_at or now) + ANSWERED_WITHIN
    return [replace(card, expires_at=until) if card.to.channel in minds else card for card in cards]


def refreshed(tx: Tx, rules: Rules, number: int, now: datetime, *, soon: bool = False) -> list[Outgoing]:
    """The cards as they are now, if that is something new and the last edit is not too fresh (or `soon`).

    That it ended is said at once: nobody looks at it again afterwards.  Where people are not written to at
    will every edit is a message more: there only what somebody did, and that it ended, is said.
    """
    one = broadcasts.get(tx, number)
    if one is None or not one.cards:
        return []
    news = soon or one.shown_at is None
    if not news and one.shown_at is not None:
        if now - one.shown_at < EVERY and not (one.ended_at is not None and one.shown_at <= one.ended_at):
            return []
        news = one.ended_at is not None and one.shown_at < one.ended_at
    mark = digest(values(tx, rules, one))
    minds = {} if news else windows.tiers(tx)
    cards = [
        card
        for card in held(tx, one, now)
        if (mark != one.shown and card.to.channel not in minds) or card.key in one.owed
    ]
    fates = {card.key: fate for card in cards if (fate := outbox.fate(tx, card.key))}
    owed = tuple(key for key, fate in fates.items() if fate.status in _ON_THE_WAY)
    if (mark, owed) == (one.shown, one.owed):
        return []
    broadcasts.shown(tx, number, mark, now, owed)
    at = f"{mark}:{now.timestamp()}"
    ids = {key: fate.platform_id for key, fate in fates.items() if fate.platform_id}
    return [_edited(_card(tx, rules, one, card), ids[card.key], at) for card in cards if card.key in ids]


def _edited(shown: Outgoing, message: str, mark: str) -> Outgoing:
    return replace(shown, kind=Kind.EDIT, message=message, key=f"{shown.key}:{mark}")


def changed(turn: Turn, one: Broadcast) -> list[Outgoing]:
    """Somebody decided: every card says so, and they themselves read it where they pressed."""
    said = refreshed(turn.tx, turn.rules, one.id, turn.now, soon=True)
    now = broadcasts.get(turn.tx, one.id) or one
    return [*said, *as_it_is(turn, now, shown=_is_shown(turn, said))]


def _is_shown(turn: Turn, edits: Sequence[Outgoing]) -> bool:
    """Whether the message that was pressed is among those that were edited."""
    at = turn.incoming.address
    return any((each.to.chat, each.message) == (at.chat, turn.incoming.message) for each in edits)


def as_it_is(turn: Turn, one: Broadcast, *, shown: bool = False) -> list[Outgoing]:
    """Where it stands, said to who pressed; not where the edited card says it."""
    if shown:
        return []
    if turn.incoming.group and not turn.in_forum:
        return [turn.post("siaran/card", buttons(one, None), **values(turn.tx, turn.rules, one))]
    told = with_text(turn.tx, turn.rules, one)
    return own_chat.privately(turn, [say(turn, "siaran/card", buttons(one, turn.who.person), **told)])


def restored(turn: Turn, one: Broadcast) -> list[Outgoing]:
    """The card that was pressed keeps its buttons: the press decided nothing."""
    if not turn.incoming.message:
        return []
    mine = (each for each in held(turn.tx, one, turn.now) if each.to.chat == turn.incoming.address.chat)
    card = next(mine, None)
    if card is None:
        return []
    again = _card(turn.tx, turn.rules, one, card)
    key = f"{card.key}:again:{turn.incoming.external_id}"
    return [replace(again, kind=Kind.EDIT, message=turn.incoming.message, key=key)]
