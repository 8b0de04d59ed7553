"""Out of the group into the person's own chat: what is personal, or needs more than one question."""

from dataclasses import replace

from bot.messages import Address, Outgoing
from bot.turns import Turn


def reachable(turn: Turn) -> bool:
    """Whether the person can be written to by themselves."""
    return not turn.incoming.group or bool(turn.who.seen[0])


def not_reachable(turn: Turn) -> list[Outgoing]:
    """Telegram lets no bot write first: they have to begin."""
    return [turn.post("approvals/no_own_chat", name=turn.who.name)]


def enter(turn: Turn) -> None:
    """From here on the turn is answered in the person's own chat, as if they had pressed it there."""
    if not turn.incoming.group:
        return
    to = Address(turn.incoming.address.channel, turn.who.seen[0])
    turn.incoming = replace(turn.incoming, address=to, group=False)
    turn.room = None
