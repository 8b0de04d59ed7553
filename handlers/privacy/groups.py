"""A NIK in a group: taken away where the bot may, told to who wrote it in private, never repeated."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.discretion import holds_nik
from bot.domain.offices import office_day
from bot.messages import Incoming, Kind, Lane, Outgoing
from bot.store import people, places
from bot.turns import Turn
from handlers import own_chat

#: What could not be taken away by then was read.
_FRESH = timedelta(minutes=10)
_SHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv")


def watch(turn: Turn) -> list[Outgoing]:
    """Of everything that is written in a tied group, by whomever, edited and forwarded too: only a NIK is answered,
    and a sheet, in which there may be many: what it holds is not looked at here.
    """
    incoming = turn.incoming
    if incoming.membership is not None or incoming.choice:
        return []
    nik, sheet = holds_nik(incoming.text), _is_sheet(incoming)
    turn.room = places.room(turn.tx, incoming.address) if nik or sheet else None
    if turn.room is None:
        return []
    if not nik:
        return [_line(turn, "privacy/sheet_in_group")]
    today = office_day(turn.now)
    turn.actor = people.actor(turn.tx, incoming.address.channel, incoming.sender, today)
    turn.note("nik_in_group", f"district:{turn.room.district}")
    return [*_away(turn), *_privately(turn), _line(turn, "privacy/nik_in_group")]


def _away(turn: Turn) -> list[Outgoing]:
    incoming = turn.incoming
    out = Outgoing(incoming.address, "", kind=Kind.DELETE, message=incoming.message, lane=Lane.TAP)
    return [replace(out, public=True, expires_at=turn.now + _FRESH)] if out.message else []


def _privately(turn: Turn) -> list[Outgoing]:
    if turn.actor is None or not turn.actor.offices or not own_chat.reachable(turn):
        return []
    return [own_chat.only(turn, turn.reply("privacy/nik_in_group_private"))]


def _line(turn: Turn, template: str) -> Outgoing:
    """At most once an hour, whoever wrote it."""
    name = template.partition("/")[2]
    key = f"{name}:{turn.incoming.address.conversation}:{turn.now:%Y%m%d%H}"
    return replace(turn.post(template), key=key)


def _is_sheet(incoming: Incoming) -> bool:
    return incoming.file is not None and incoming.file.name.lower().endswith(_SHEETS)
