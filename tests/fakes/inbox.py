"""An inbox in memory, for ingress that must not care where its arrivals end up."""

import asyncio
from collections.abc import Sequence

from bot.messages import Arrival


class Inbox:
    """Takes arrivals; refuses the first `refusals` batches; is full when it holds `wanted`."""

    def __init__(self, wanted: int = 1, refusals: int = 0) -> None:
        self.wanted = wanted
        self.refusals = refusals
        self.batches: list[Sequence[Arrival]] = []
        self.full = asyncio.Event()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("disk full")
        self.batches.append(arrivals)
        if len(self.ids) >= self.wanted:
            self.full.set()

    @property
    def ids(self) -> list[str]:
        return [arrival.external_id for batch in self.batches for arrival in batch]
