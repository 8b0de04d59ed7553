"""Strangers write without end while an officer talks with the bot: how long the officer waits, and what is kept.

python -m bench.flood [--accounts 1000] [--each 100] [--json]

The whole bot runs here, with a database on disk and Telegram's limits for what leaves; only its channel is one of
this process.  The strangers' messages come as fast as they are taken, a hundred in a commit, each account in its
turn: greetings, names of villages, guessed codes, stickers.  The last words of some are of an accident.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.hostile import Heard
from bot import logs, pace, rules
from bot.channels import memory
from bot.clock import SystemClock
from bot.domain.offices import Office, Role
from bot.engine import Bounds, build
from bot.messages import Address, Arrival
from bot.regions import villages
from bot.store import people, places
from bot.store.database import Store, Tx, open_store
from bot.store.vault import new_key_file, open_key_file

GOAL_P95, GOAL_GROWTH = 2000.0, 50.0  # milliseconds; MiB
VILLAGE = "64.02.01.2001"
#: Seconds that the officer lets pass between an answer and the next message.
EVERY = 0.1
TOGETHER = 100  # as many as Telegram hands over at once
#: One account in so many ends with word of an accident.
ALARMED = 50
ALARM = "tolong, bapak saya kecelakaan di kantor desa"
FIRST_AID = "Tolong korban dulu"
_WORDS = (
    "halo",
    "Perian",
    "kades Perian",
    "7KQ4-M2XB-99ZZ",
    "tagihan",
    "aaaaaaa",
    "Muara Siran, sekdes",
    "12345",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the flood did."""

    messages: int
    seconds: float  # until all were taken in, or turned away
    shed: int
    asked: int  # by the officer
    p95: float  # milliseconds until the officer was answered
    slowest: float
    growth: float  # MiB by which the database grew
    alarms: int
    unanswered: int  # of those who told of an accident

    @property
    def held(self) -> bool:
        """Whether the goals were reached."""
        return self.p95 < GOAL_P95 and self.growth < GOAL_GROWTH and self.asked > 0 and not self.unanswered


def _appoint(tx: Tx, clock: SystemClock) -> None:
    places.load(tx, villages(VILLAGE[:5]))
    person = people.add(tx, "Darma Wijaya", clock.now())
    people.link(tx, person, "officer", Address(memory.NAME, "officer"), clock.now())
    people.appoint(tx, person, Office(Role.TREASURER, VILLAGE[:5], VILLAGE), clock.now().date())
    people.noticed(tx, person, clock.now())


class Stand:
    """A bot, the officer, and everybody else."""

    def __init__(self, store: Store, clock: SystemClock) -> None:
        self._clock = clock
        self.channel = Heard()
        limits = {memory.NAME: pace.telegram(25, 1)}
        self.engine = build(store, clock, rules.load(), {memory.NAME: self.channel}, Bounds(limits))
        self._number = 0

    def _arrival(self, user: str, text: str) -> Arrival:
        self._number += 1
        shape = "text" if text else "sticker"
        return memory.arrival(user, self._clock.now(), self._number, text=text, shape=shape)

    def _flood(self, accounts: int, each: int) -> Iterator[Arrival]:
        draw = random.Random(1)
        for _ in range(each - 1):
            for account in range(accounts):
                yield self._arrival(f"s{account}", draw.choice((*_WORDS, "")))
        for account in range(accounts):
            yield self._arrival(f"s{account}", ALARM if account % ALARMED == 0 else "halo")

    async def flood(self, accounts: int, each: int) -> None:
        """All of it, as fast as it is taken."""
        coming = self._flood(accounts, each)
        while arrivals := list(islice(coming, TOGETHER)):
            await self.engine.inbox.accept(arrivals)

    async def talks(self, over: asyncio.Event) -> list[float]:
        """The officer asks for the menu again and again; how long each answer took, in milliseconds."""
        took = []
        while not over.is_set():
            begun, seen = time.perf_counter(), len(self.channel.sent)
            await self.engine.inbox.accept([self._arrival("officer", "menu")])
            await self.channel.next_to("officer", seen)
            took.append((time.perf_counter() - begun) * 1000)
            await asyncio.wait([asyncio.ensure_future(over.wait())], timeout=EVERY)
        return took

    async def first_aid(self, accounts: Sequence[int]) -> int:
        """How many of these were not told what to do, ten seconds after the flood."""
        wanted = {f"s{account}" for account in accounts}
        for _ in range(100):
            found = {one.to.chat for one in self.channel.sent if FIRST_AID in one.text}
            if wanted <= found:
                break
            await asyncio.sleep(0.1)
        return len(wanted - found)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.glob("payung.db*")) / 1024**2


async def measure(accounts: int, each: int, folder: Path) -> Figures:
    """One flood."""
    clock = SystemClock()
    new_key_file(folder / "kunci")
    async with open_store(folder / "payung.db", open_key_file(folder / "kunci")) as store:
        stand = Stand(store, clock)
        await store.transact(lambda tx: _appoint(tx, clock))
        before = _size(folder)
        stand.engine.start()
        over = asyncio.Event()
        talking = asyncio.create_task(stand.talks(over))
        begun = time.perf_counter()
        await stand.flood(accounts, each)
        seconds = time.perf_counter() - begun
        alarmed = range(0, accounts, ALARMED)
        missing = await stand.first_aid(alarmed)
        over.set()
        took = sorted(await talking)
        await stand.engine.stop()
        shed, growth = stand.engine.inbox.door.shed, _size(folder) - before
    p95 = took[int(len(took) * 0.95)] if took else 0.0
    return Figures(
        accounts * each, seconds, shed, len(took), p95, max(took, default=0.0), growth, len(alarmed), missing
    )


@click.command()
@click.option("--accounts", default=1000, show_default=True, help="Strangers who write at the same time.")
@click.option("--each", default=100, show_default=True, help="Messages of each.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(accounts: int, each: int, as_json: bool) -> None:
    """Flood the bot, and print what it cost the officer and the disk; exit 1 if a goal was missed."""
    logs.setup("critical", sys.stderr)
    with TemporaryDirectory(prefix="payung-flood-") as folder:
        found = asyncio.run(measure(accounts, each, Path(folder)))
    if as_json:
        click.echo(json.dumps(asdict(found) | {"held": found.held}))
    else:
        click.echo(
            f"{found.messages} messages of {accounts} strangers in {found.seconds:.1f} s, {found.shed} turned away; "
            f"the officer asked {found.asked} times, 95 % answered in {found.p95:.0f} ms, all in {found.slowest:.0f} ms; "
            f"the database grew by {found.growth:.1f} MiB; {found.unanswered} of {found.alarms} alarms unanswered"
        )
    raise SystemExit(0 if found.held else 1)


if __name__ == "__main__":
    main()
