"""What every channel can do; `tests/test_channels.py` holds each of them to it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.messages import Arrival, File, Incoming, Letter

#: Commits raw events; returns when they are safe on disk.  Only then may the platform be told.
Accept = Callable[[Sequence[Arrival]], Awaitable[None]]


class Channel(Protocol):
    """One platform."""

    name: str

    def parse(self, body: bytes) -> Incoming | None:
        """Read one raw event.

        Returns None for what needs no answer (another bot, a channel post, a kind that is
        switched off); raises `Unreadable` for what should be readable and is not.  Pure: no
        network, no clock.
        """
        ...

    def is_group(self, chat: str) -> bool:
        """Whether several people read this chat: nothing personal is ever sent there."""
        ...

    async def send(self, letter: Letter) -> str:
        """Send one letter and return the platform's id of it ("" where there is none).

        Raises `TryLater`, `GiveUp`, `Moved` or `Unsure`, and nothing else.
        """
        ...

    async def fetch(self, file: File, limit: int) -> bytes:
        """Download a file somebody sent; the size is checked against `limit` (bytes) first."""
        ...
