"""The channel of the simulated years: a network that is away, loses answers, or hangs while a process dies."""

import asyncio
import random
from collections.abc import Mapping

from bench.payers import PROOF
from bench.promises import Sent, look
from bot.channels.memory import Memory
from bot.clock import Clock
from bot.errors import GiveUp, TryLater, Unsure
from bot.messages import Kind, Letter
from bot.store.database import Store

#: Of a thousand sends so many lose their answer; half of those messages arrived.
LOST = 4


class Post(Memory):
    """Delivers most of the time; a planner's message is looked at in the moment in which it leaves."""

    def __init__(self, clock: Clock, districts: Mapping[str, str], seed: int) -> None:
        super().__init__(files={PROOF: b"made-up proof"})
        self.clock = clock
        self.store: Store
        self.away = False
        self.blocked: list[str] = []
        self.planned: list[Sent] = []  # what planners sent and what arrived
        self.answers: dict[str, list[Letter]] = {}  # to events, by chat
        self.mail: list[tuple[str, Letter]] = []  # all else, as it came
        self.stuck = asyncio.Event()
        self._districts = districts
        self._dice = random.Random(seed)
        self._until_stuck = -1  # sends until one hangs; negative: none does
        self._arrives = False

    def stick(self, sends: int, *, arrives: bool) -> None:
        """After so many sends one hangs until the process dies; its message arrived or not."""
        self._until_stuck, self._arrives = sends, arrives
        self.stuck.clear()

    def unstick(self) -> None:
        """The next process has a network again."""
        self._until_stuck = -1

    async def send(self, letter: Letter) -> str:
        """Deliver, or fail as networks do."""
        if self.away:
            raise TryLater("no network")
        if letter.to.chat in self.blocked:
            raise GiveUp("blocked", unreachable=True)
        if self._until_stuck == 0:
            await self._hang(letter)
        self._until_stuck -= self._until_stuck > 0
        lost = self._dice.randrange(1000)
        if lost < LOST // 2:
            raise Unsure("the connection broke before")
        await self._deliver(letter)
        if lost < LOST:
            raise Unsure("no answer in time")
        return letter.key

    async def _hang(self, letter: Letter) -> None:
        if self._arrives and not self.stuck.is_set():
            await self._deliver(letter)
        self.stuck.set()
        await asyncio.Event().wait()

    async def _deliver(self, letter: Letter) -> None:
        chat, now = letter.to.chat, self.clock.now()
        if letter.key.startswith("u:"):
            if letter.kind is Kind.TEXT:
                self.answers.setdefault(chat, []).append(letter)
            return
        seen = await self.store.read(lambda tx: look(tx, letter, self._districts[chat], now))
        if seen is not None:
            self.planned.append(seen)
        self.mail.append((chat, letter))
