"""Chats come and go: the bot is blocked, added to a group and told what that is for, moved, taken out."""

from collections.abc import Sequence

from bot.domain.offices import Role
from bot.domain.rulebook import District
from bot.messages import Address, Choice, Kind, Outgoing
from bot.store import arriving, cards, holding, outbox, people, pins, places, recipients, requests, windows
from bot.turns import Turn
from handlers import requesting


def blocked(turn: Turn) -> list[Outgoing]:
    """The person blocked the bot, or left: nothing is sent there until they come back."""
    at = turn.incoming.address
    people.set_reachable(turn.tx, at.channel, at.chat, reachable=False)
    return []


def gone(turn: Turn) -> list[Outgoing]:
    """The account has another number: the person is linked anew, and nothing of theirs goes to who is next."""
    at = turn.incoming.address
    said: list[Outgoing] = []
    for name in (turn.incoming.sender, *turn.incoming.aliases):
        asked = requests.of(turn.tx, at.channel, name)
        if asked is not None and asked.kind is requests.Kind.LINK:  # else who is next would be let in
            said += requesting.lapse(turn, asked, requesting.EXPIRED)
        people.unlink(turn.tx, at.channel, name)
        arriving.unlink(turn.tx, at.channel, name)
        outbox.cut(turn.tx, at.channel, name, turn.now, "the account has another number")
        holding.cut(turn.tx, at.channel, name, turn.now, "the account has another number")
        pins.forget_chat(turn.tx, Address(at.channel, name))
        windows.drop(turn.tx, at.channel, name)
        recipients.lose_chat(turn.tx, at.channel, name)
    return said


def unblocked(turn: Turn) -> list[Outgoing]:
    """They may be written to again."""
    at = turn.incoming.address
    people.set_reachable(turn.tx, at.channel, at.chat, reachable=True)
    return []


def moved(turn: Turn) -> list[Outgoing]:
    """The group became a supergroup: everything that names it follows."""
    at = turn.incoming.address
    places.move(turn.tx, at.channel, at.chat, turn.incoming.moved_to)
    return []


def added(turn: Turn) -> list[Outgoing]:
    """Added to a group: an administrator says what it is for; from elsewhere the bot leaves."""
    if not turn.incoming.group:
        return unblocked(turn)
    if turn.room is not None:
        return []
    served = administered(turn)
    if not served:
        places.leave_room(turn.tx, turn.incoming.address, turn.now)
        leave = Outgoing(turn.incoming.address, "", kind=Kind.LEAVE, public=True)
        return [turn.post("start/foreign_group"), leave]
    places.came(turn.tx, turn.incoming.address, turn.now)
    return [which_room(turn, served)]


def administered(turn: Turn) -> list[District]:
    """The districts whose administrator the person is."""
    held = (
        [office.district for office in turn.actor.offices if office.role is Role.ADMIN] if turn.actor else []
    )
    return [turn.rules.district(code) for code in dict.fromkeys(held)]


def which_room(turn: Turn, served: Sequence[District], kept: Sequence[Choice] = ()) -> Outgoing:
    """What the group is for: one kind in one district."""
    several = len(served) > 1
    kinds = [
        Choice(
            f"room:{kind}:{one.code}", f"{label}: {one.name}"[:30] if several else f"{label} {about}".strip()
        )
        for one in served
        for kind, label, about in (("office", "Kantor", one.office), ("forum", "Forum", "perangkat desa"))
    ]
    names = " atau ".join(one.name for one in served)
    return turn.post("start/which_room", (*kinds, *kept), district=names)


def tie_room(turn: Turn) -> list[Outgoing]:
    """The administrator said what the group is for."""
    _, kind, district, *sure = turn.choice.split(":")
    if turn.who.office(Role.ADMIN, district=district) is None:
        return []
    if turn.room is not None and turn.who.office(Role.ADMIN, district=turn.room.district) is None:
        return []  # tied meanwhile, to a district that is not theirs
    room = places.Room(district, places.RoomKind(kind))
    if turn.in_forum and room.kind is places.RoomKind.OFFICE and sure != [turn.today.isoformat()]:
        return [_sure(turn, room)]
    if turn.room != room:
        cards.end_room(turn.tx, turn.incoming.address, turn.now)
    places.open_room(turn.tx, turn.incoming.address, room, turn.now)
    turn.note("tie_room", turn.incoming.address.conversation, kind=kind, district=district)
    template = "start/office_room" if room.kind is places.RoomKind.OFFICE else "start/forum_room"
    return [turn.post(template, district=turn.rules.district(district).name)]


def _sure(turn: Turn, room: places.Room) -> Outgoing:
    """Village officers sit in a forum: what an office's group is shown, they would read."""
    yes = f"room:{room.kind.value}:{room.district}:{turn.today.isoformat()}"
    choices = (Choice(yes, "Ya, jadikan kantor"), Choice("room_keep:", "Tidak jadi"))
    return turn.post("approvals/forum_to_office", choices)


def removed(turn: Turn) -> list[Outgoing]:
    """Taken out of a group: nothing more is tried there."""
    at = turn.incoming.address
    outbox.cut(turn.tx, at.channel, at.chat, turn.now, "no longer in the group")
    places.leave_room(turn.tx, turn.incoming.address, turn.now)
    return []
