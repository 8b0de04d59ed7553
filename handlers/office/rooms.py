"""Where an answer of the office goes: to everybody in the group, or to one person's own chat."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.offices import Role
from bot.messages import Address, Choice, Kind, Outgoing
from bot.store import places
from bot.store.places import Village
from bot.turns import Turn, may_in, within


def privately(turn: Turn, said: Iterable[Outgoing]) -> list[Outgoing]:
    """The same answers in the person's own chat, its buttons about this district; wherever they wrote."""
    if not turn.incoming.group:
        return list(said)
    chat = turn.who.seen[0]
    if not chat:
        return [turn.post("office/no_private_chat")]
    to, district = Address(turn.incoming.address.channel, chat), turn.district.code
    return [replace(out, to=to, public=False, choices=_about(district, out.choices)) for out in said]


def _about(district: str, choices: Sequence[Choice]) -> list[Choice]:
    mark = within(district, "")
    return [
        choice if choice.id.startswith(mark) else replace(choice, id=within(district, choice.id))
        for choice in choices
    ]


def with_a_line(turn: Turn, said: Iterable[Outgoing]) -> list[Outgoing]:
    """The answers in private; in a group one line says so."""
    found = privately(turn, said)
    gone = turn.incoming.group and turn.who.seen[0]
    return [*found, turn.post("office/sent_in_private")] if gone else found


def for_all(out: Outgoing) -> Outgoing:
    """A card of the group, whose buttons every colleague may press."""
    return replace(out, person=None) if out.public else out


def in_place(turn: Turn, out: Outgoing) -> Outgoing:
    """In place of the message whose button was pressed, so that a group is not flooded.

    For routes whose buttons stay: where they are taken away, that may come after this.
    """
    if not (turn.incoming.choice and turn.incoming.message):
        return out
    return replace(out, kind=Kind.EDIT, message=turn.incoming.message)


def chosen_village(turn: Turn, code: str, needs: tuple[Role, ...]) -> Village | None:
    """The village of a pressed choice; None where the person, or this group, may not see it.

    The turn is then about that village's district.
    """
    village = places.village(turn.tx, code)
    if village is None or (turn.room is not None and turn.room.district != village.district):
        return None
    if not may_in(turn, needs, village.district) or turn.office is None or not turn.office.sees(code):
        return None
    return village


def holds(turn: Turn, needs: tuple[Role, ...]) -> bool:
    """Whether the person holds one of these roles in the district the turn is about."""
    return turn.who.office(*needs, district=turn.district.code) is not None
