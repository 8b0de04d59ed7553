"""What a group shows and presses: cards for all, edits in place, and whether a choice is theirs to open."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from bot.domain.offices import Role
from bot.messages import Kind, Outgoing
from bot.store import places
from bot.store.places import Village
from bot.turns import Turn, may_in


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
    return village if may_in(turn, needs, village.district) and turn.sees(code) else None


def digest(values: Mapping[str, object]) -> str:
    """Changes when a message in a group, edited as things go on, has something else to say."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def holds(turn: Turn, needs: tuple[Role, ...]) -> bool:
    """Whether the person holds one of these roles in the district the turn is about."""
    return turn.who.office(*needs, district=turn.district.code) is not None
