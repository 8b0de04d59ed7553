"""How a message may leave now: how soon, in its own words, by an approved text instead, or not yet.

Some platforms take free text only for a day after a person wrote (`bot.store.windows`), and count the
people whom a business writes to first.  Decided in the claim, where the message is taken for sending.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import stencils
from bot.messages import Kind, Outgoing
from bot.pace import Pace
from bot.store import holding, outbox, windows
from bot.store.database import Tx
from bot.store.outbox import Head
from bot.store.stencils import approved

#: Makes the message that asks a person to write, so that what is held for them may leave; None if it must not.
Knock = Callable[[Tx, Head, datetime], Outgoing | None]

#: What is on its way when the window closes would be refused.
MARGIN = timedelta(minutes=2)
FREELY = ""
_WORDS = (Kind.TEXT, Kind.EDIT)


@dataclass(frozen=True, slots=True)
class Ways:
    """The pace of each platform; those that limit free text, with how many people may be written to first in a
    day.
    """

    pace: Pace
    tiers: Mapping[str, int] = field(default_factory=dict)
    knock: Knock | None = None

    def open(self, tx: Tx, head: Head, now: datetime) -> str | None:
        """`FREELY`, or the name of the approved text to be sent instead; None: not now, and put aside."""
        tier = self.tiers.get(head.channel)
        if tier is None or head.kind not in _WORDS:
            return FREELY
        if windows.is_open(tx, head.channel, head.chat, now + MARGIN):
            return FREELY
        name = outbox.stencil(tx, head)
        if not approved(tx, name):
            self._shelve(tx, head, now)
            return None
        if not windows.counts(tx, head.channel, head.chat, now):
            begun = windows.begun(tx, head.channel, now)
            if begun.people >= tier:
                holding.shelve(tx, head, now, begun.room_at)
                return None
        windows.begin(tx, head.channel, head.chat, now)
        return name

    def _shelve(self, tx: Tx, head: Head, now: datetime) -> None:
        """Held until they write; if the platform lets us, they are asked to."""
        holding.shelve(tx, head, now)
        knock = self.knock(tx, head, now) if self.knock and approved(tx, stencils.KNOCK) else None
        if knock is not None and not outbox.put(tx, now, knock):
            holding.knock_again(tx, knock.key, now)
