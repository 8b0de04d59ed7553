"""A NIK in a group: taken away where the bot may, told to who wrote it in private, never repeated."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.discretion import holds_nik
from bot.domain.offices import office_day
from bot.messages import Kind, Lane, Outgoing
from bot.store import people, places
from bot.turns import Turn
from handlers import own_chat

#: What could not be taken away by then was read.
_FRESH = timedelta(minutes=10)


def watch(turn: Turn) -> list[Outgoing]:
    """Of everything that is written in a tied group, by whomever, edited and forwarded too: only a NIK is answered."""
    incoming = turn.incoming
    if incoming.membership is not None or incoming.choice or not holds_nik(incoming.text):
        return []
    turn.room = places.room(turn.tx, incoming.address)
    if turn.room is None:
        return []
    today = office_day(turn.now)
    turn.actor = people.actor(turn.tx, incoming.address.channel, incoming.sender, today)
    turn.note("nik_in_group", f"district:{turn.room.district}")
    return [*_away(turn), *_privately(turn), _line(turn)]


def _away(turn: Turn) -> list[Outgoing]:
    incoming = turn.incoming
    out = Outgoing(incoming.address, "", kind=Kind.DELETE, message=incoming.message, lane=Lane.TAP)
    return [replace(out, public=True, expires_at=turn.now + _FRESH)] if out.message else []


def _privately(turn: Turn) -> list[Outgoing]:
    if turn.actor is None or not turn.actor.offices or not own_chat.reachable(turn):
        return []
    return [own_chat.only(turn, turn.reply("privacy/nik_in_group_private"))]


def _line(turn: Turn) -> Outgoing:
    """At most once an hour, whoever wrote it."""
    key = f"nik_in_group:{turn.incoming.address.conversation}:{turn.now:%Y%m%d%H}"
    return replace(turn.post("privacy/nik_in_group"), key=key)
