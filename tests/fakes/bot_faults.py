"""What can go wrong on the way to the Bot API, on request."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """A fault hits calls of `method` ("*": any but getUpdates and getMe) to `chat` (None: any)."""

    method: str = "*"
    chat: int | None = None
    times: int | None = 1  # None: for ever
    skip: int = 0  # matching calls that get through first
    rate: float = 1.0  # the share of matching calls that it hits
    status: int = 0  # answer this instead of executing
    description: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    raw: str | None = None  # this body instead of JSON, with `status` (0: execute, answer 200)
    delay: float = 0.0  # seconds before anything else
    drop: bool = False  # execute, then close the connection without an answer
    refuse: bool = False  # close the connection without executing
    hang: float = 0.0  # seconds between executing and answering

    def hits(self, method: str, chat: str, dice: random.Random) -> bool:
        """Whether this call is hit; counts it if so."""
        named = method not in {"getUpdates", "getMe"} if self.method == "*" else method == self.method
        here = self.chat is None or str(self.chat) == chat
        if not named or not here or self.times == 0 or (self.rate < 1 and dice.random() >= self.rate):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times:
            self.times -= 1
        return True


class Faults:
    """The faults at work, tried in the order they were set."""

    def __init__(self, seed: int = 1) -> None:
        self.active: list[Fault] = []
        self.struck = asyncio.Event()  # a call has been hit
        self.dice = random.Random(seed)

    def hit(self, method: str, chat: str) -> Fault | None:
        """The fault that hits this call, if any."""
        if not self.active:
            return None
        found = next((fault for fault in self.active if fault.hits(method, chat, self.dice)), None)
        self.active = [fault for fault in self.active if fault.times != 0]
        if found:
            self.struck.set()
        return found
