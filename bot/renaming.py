"""Who is known by another name of the same account: what waits for them goes to the new one."""

from bot.domain import offices
from bot.store import holding, outbox, people, prompts, windows
from bot.turns import Turn


def known(turn: Turn) -> offices.Actor | None:
    """Who is known by another name of the same account: by the new one from now on."""
    at, today = turn.incoming.address, offices.office_day(turn.now)
    for name in turn.incoming.aliases:
        actor = people.actor(turn.tx, at.channel, name, today)
        if actor is not None:
            people.rename(turn.tx, at, name, turn.incoming.sender)
            outbox.move(turn.tx, at.channel, name, at.chat)
            holding.move(turn.tx, at.channel, name, at.chat)
            prompts.move(turn.tx, at.channel, name, at.chat)
            windows.move(turn.tx, at.channel, name, at.chat)
            return actor
    return None
