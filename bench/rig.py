"""A whole bot on the fake Telegram, in virtual time: its loops, its store, its wire; the fault is put in between."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

from bench import officers
from bench.edge import Disk, FrailStore
from bench.virtual import LoopClock
from bot import pace, rules
from bot.channels.telegram import Telegram
from bot.engine import Bounds, Engine, build
from bot.messages import Address, Lane, Outgoing
from bot.store import outbox
from bot.store.database import Store, Tx
from bot.store.vault import open_key_file
from tests.fakes.bot_api import BotApi
from tests.fakes.bot_faults import Fault, Faults

#: Real seconds that the loopback is given before virtual time passes.
PATIENCE = 0.0002
CHATTING = 40
START = officers.START
MINUTE = timedelta(minutes=1)


def prepared(folder: Path, people: int = CHATTING) -> Path:
    """A database with villages, officers who chat and officers who owe, made once and copied by each scenario."""
    asyncio.run(_prepare(folder, people))
    return folder


async def _prepare(folder: Path, people: int) -> None:
    officers.make_key(folder)
    await officers.prepare(folder, [*officers.chatting(people), *officers.owing()])


class Drawn(Faults):
    """Faults drawn call by call; `draw` gives the fault of a call, or None."""

    def __init__(self, draw: Callable[[str, str], Fault | None]) -> None:
        super().__init__()
        self._draw = draw

    def hit(self, method: str, chat: str) -> Fault | None:
        """Only sends are spoilt; polling is not."""
        return self._draw(method, chat) if method.startswith("send") else None


@dataclass
class Rig:
    """The bot, the platform, the clock and the disk."""

    folder: Path
    api: BotApi
    clock: LoopClock
    disk: Disk
    store: Store
    channel: Telegram
    engine: Engine
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    async def flood(self, chats: int, each: int, **more: Any) -> list[str]:
        """So many messages to each of so many chats, all in one moment; known by their names."""
        lane, now = more.get("lane", Lane.REPLY).name.lower(), self.clock.now()
        places = [(number, chat) for number in range(each) for chat in range(chats)]
        names = [f"{lane}-{chat}-{number}" for number, chat in places]

        def put(tx: Tx) -> None:
            for name, (_, chat) in zip(names, places, strict=True):
                to = Address("telegram", str(officers.FIRST_CHAT + chat))
                out = Outgoing(to, "status/no_such_person", {"name": name}, key=name, **more)
                outbox.put(tx, now, out)

        await self.store.transact(put)
        self.engine.inbox.bell.set()
        return names

    async def passes(self, span: timedelta, step: timedelta = timedelta(seconds=20)) -> None:
        """Let so much time go by, with the clock's ticks."""
        end, ticked = self.clock.now() + span, self.clock.now()
        while self.clock.now() < end:
            await self._pass(step)
            if self.clock.now() - ticked >= MINUTE:
                await self.engine.schedule.tick()
                ticked = self.clock.now()

    async def until_done(self, most: timedelta, step: timedelta = timedelta(seconds=10)) -> timedelta:
        """Until nothing is open, or so long; how long it was."""
        begun = self.clock.now()
        while self.clock.now() - begun < most and await self.left():
            await self._pass(step)
        return self.clock.now() - begun

    async def _pass(self, step: timedelta) -> None:
        """While something is on the wire time flows; else it jumps, and the loops look again."""
        await asyncio.sleep(0.1)
        if await self.count("SELECT COUNT(*) FROM outbox WHERE status = 'sending'"):
            await asyncio.sleep(4)
            return
        self.clock.move(self.clock.now() + step)
        self.engine.inbox.wake.set()
        self.engine.inbox.bell.set()

    async def flows(self, seconds: float) -> None:
        """Let time flow, on the loop and on the clock."""
        await asyncio.sleep(seconds)

    async def left(self) -> int:
        """Events and messages that are not settled."""
        sql = """SELECT (SELECT COUNT(*) FROM inbox WHERE state IN ('new', 'taken'))
            + (SELECT COUNT(*) FROM outbox WHERE status IN ('ready', 'sending')) AS n"""
        return int((await self.store.read(lambda tx: tx.one(sql)))["n"])

    async def states(self, names: list[str]) -> Counter[str]:
        """How these messages stand."""
        rows = await self.store.read(lambda tx: tx.all("SELECT key, status FROM outbox"))
        known = {row["key"]: row["status"] for row in rows}
        return Counter(known[name] for name in names)

    async def count(self, sql: str) -> int:
        """The one number that a query gives."""
        return int((await self.store.read(lambda tx: tx.one(sql)))[0])

    @property
    def answers(self) -> Counter[str]:
        """How many messages each officer who chats was sent."""
        chats = {str(officers.FIRST_CHAT + number) for number in range(CHATTING)}
        return Counter(call["chat"] for call in self.api.sent if call["chat"] in chats)

    @property
    def copies(self) -> Counter[str]:
        """How often each queued message went out."""
        found = (str(call["params"]["text"]).partition("”")[0].partition("“")[2] for call in self.api.sent)
        return Counter(found)


@asynccontextmanager
async def rig(made: Path, folder: Path, *, poll: bool = True) -> AsyncIterator[Rig]:
    """Everything running over a copy of what was `prepared`."""
    for path in officers.paths(made):
        copy(path, folder / path.name)
    database, key = officers.paths(folder)
    clock, disk = LoopClock(START), Disk()
    async with (
        BotApi() as api,
        Telegram(api.token, api.address, clock) as channel,
        FrailStore(database, open_key_file(key), disk) as store,
    ):
        bounds = Bounds({channel.name: pace.telegram(25.0, 1.0)})
        engine = build(store, clock, rules.load(), {channel.name: channel}, bounds)
        here = Rig(folder, api, clock, disk, store, channel, engine)
        await engine.recover()
        await engine.schedule.tick()
        with _running(here, poll=poll) as stop:
            yield here
            stop.set()
            await engine.stop()


@contextmanager
def _running(here: Rig, *, poll: bool) -> Iterator[asyncio.Event]:
    stop = asyncio.Event()
    here.engine.start()
    polling = asyncio.create_task(here.channel.poll(here.engine.inbox.accept, stop)) if poll else None
    try:
        yield stop
    finally:
        stop.set()
        if polling is not None:
            polling.cancel()


def local(moment: datetime) -> str:
    """For a line."""
    return f"{moment:%Y-%m-%d %H:%M}"
