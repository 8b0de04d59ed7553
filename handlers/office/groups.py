"""What a group is tied as, and letting it go; groups that nobody named are left."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.offices import Role
from bot.domain.rulebook import Rules
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import places
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.turns import Turn
from handlers import chats

#: An administrator who added the bot says within this time what the group is for.
PATIENCE = timedelta(hours=24)


def show(turn: Turn) -> list[Outgoing]:
    """*/grup*: in a group what it is tied as, with a change; in private how many there are."""
    if turn.room is None:
        counts: dict[str, Any] = {
            kind.value: len(places.rooms(turn.tx, turn.district.code, kind)) for kind in RoomKind
        }
        return [turn.reply("approvals/groups", district=turn.district.name, **counts)]
    here = turn.room
    served = chats.administered(turn)
    if len(served) > 1:
        let_go = (Choice(f"room_leave:{here.district}", "Lepaskan grup ini"),)
        return [_shown(turn), chats.which_room(turn, served, let_go)]
    other = RoomKind.FORUM if here.kind is RoomKind.OFFICE else RoomKind.OFFICE
    label = "Jadikan forum" if other is RoomKind.FORUM else "Jadikan kantor"
    choices = (
        Choice(f"room:{other.value}:{here.district}", label),
        Choice(f"room_leave:{here.district}", "Lepaskan grup ini"),
    )
    return [_shown(turn, choices)]


def _shown(turn: Turn, choices: Sequence[Choice] = ()) -> Outgoing:
    return turn.post("approvals/group", choices, district=turn.district.name, forum=turn.in_forum)


def let_go(turn: Turn) -> list[Outgoing]:
    """*Lepaskan*: asked once more; then the bot says good-bye and leaves."""
    _, district, *sure = turn.choice.split(":")
    if turn.room is None or turn.room.district != district:
        return []
    if turn.who.office(Role.ADMIN, district=district) is None:
        return []
    if not sure:
        choices = (Choice(f"room_leave:{district}:yes", "Ya, lepaskan"), Choice("room_keep:", "Tidak jadi"))
        return [turn.post("approvals/let_go", choices)]
    at = turn.incoming.address
    places.leave_room(turn.tx, at, turn.now)
    turn.note("untie_room", at.conversation, district=district)
    leave = Outgoing(at, "", kind=Kind.LEAVE, public=True, lane=Lane.REPLY)
    return [turn.post("approvals/let_gone", district=turn.rules.district(district).name), leave]


def kept(turn: Turn) -> list[Outgoing]:
    """*Tidak jadi*."""
    return [_shown(turn)]


class Unsaid:
    """The planner that leaves groups of which nobody said what they are for."""

    def __init__(self, _rules: Rules, _districts: Sequence[str]) -> None:
        pass

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """One line, and the bot is gone."""
        said: list[Outgoing] = []
        for to in places.unsaid(tx, until - PATIENCE):
            key = f"unsaid:{to.conversation}:{until:%Y%m%d%H%M}"
            said.append(Outgoing(to, "start/foreign_group", public=True, key=key))
            said.append(Outgoing(to, "", kind=Kind.LEAVE, public=True, key=f"{key}:leave"))
        return said
