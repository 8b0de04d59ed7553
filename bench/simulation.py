"""One seed of the simulation: the bot, a district office and its villages, and what goes wrong with them.

The bot is the bot's own, its loops, its store and its file included; people, network, disk and clock are made up.
"""

import asyncio
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import handlers
from bench import invariants, officers, virtual, years
from bench.edge import Disk, FrailStore
from bench.invariants import Ground
from bench.payers import Deed, Talk
from bench.people import Change
from bench.troubles import Trouble
from bench.virtual import LoopClock
from bench.weather import Weather
from bench.years import START, Years
from bot.channels import memory
from bot.engine import build
from bot.messages import Address, Arrival
from bot.schedule import Schedule
from bot.store import outbox, places
from bot.store.database import Tx
from bot.store.places import Room, RoomKind
from bot.store.vault import open_key_file

DISTRICTS = (*officers.DISTRICTS, "64.08")
THIRD = """
[[district]]
code = "64.08"
name = "Kutai Timur"
office = "DPMDes"
office_name = "Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Kutai Timur"
zone = "Asia/Makassar"
zone_label = "WITA"
"""
#: How often in a year each happens, beside what `troubles` has (away, off, blocked, two hours back).
YEARLY = {
    "storm:busy": 24, "storm:broken": 24, "storm:lost": 24, "storm:hole": 18, "disk": 60, "tear": 36,
    "ahead": 3, "back30": 9, "replay": 12,
}  # fmt: skip
RESTARTS = 24  # a year
#: Of what people would do by themselves so much is done: enough that everything happens, few enough to be quick.
TALK = 0.25
#: Seconds of the loop between two looks at whether all is quiet: mostly it is at once; a reply that was lost twice
#: is tried again within them.
BEATS = (0.02, 0.2, *(1.0,) * 45)
TWICE, SHUFFLED, BOTH = 0.05, 0.2, 0.3
HOUR, DAY, HALF = timedelta(hours=1), timedelta(days=1), timedelta(minutes=30)
#: UTC hours that are looked at: 06.00 to 21.00 local on days on which reminders leave, two on others.
HOURS = (22, 0, 1, 2, 3, 5, 9, 12)
FEW = (1, 9)
_IN_GROUPS = ("/rekap", "/menunggak", "/belumdaftar", "/jadwal", "/sistem")


@dataclass(slots=True)
class Found:
    """What one seed brought; `broken` in words, with the moment."""

    seed: int
    villages: int = 0
    days: int = 0
    events: int = 0
    sent: int = 0
    reminders: int = 0
    steps: int = 0
    restarts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    parked: int = 0
    broken: list[str] = field(default_factory=list)
    cpu: float = 0.0


class Simulation(Years):
    """The simulated years, with the bot's own loops running and everything failing now and then."""

    district_rules = years.DISTRICT_RULES + THIRD
    codes = DISTRICTS
    post: Weather
    clock: LoopClock  # type: ignore[assignment]

    def __init__(self, folder: Path, seed: int, villages: int, days: int) -> None:
        super().__init__(folder, seed, villages, days, round(RESTARTS * days / 365))
        self.found = Found(seed, len(self.people.villages), days)
        self.clock = LoopClock(START)
        self.post = Weather(self.clock, self.people.districts, seed)
        self.post.free = {code: self.people.free(code) for code in self.codes}
        self.disk = Disk(seed)
        self.ground = Ground(self.rules, self.post.seen, folder)
        self.troubles = sorted([*self.troubles, *_drawn(self.dice, days)], key=lambda trouble: trouble.at)
        self._old: list[list[Arrival]] = []  # what the platform may bring again
        self._deep = START
        self._ticked, self.stirred = START - DAY, False

    # -- processes ---------------------------------------------------------------------------------

    async def open(self) -> None:
        """A process starts: from the file, with all its loops."""
        self.disk.left = 0
        database, key = officers.paths(self.folder)
        self.store = await FrailStore(database, open_key_file(key), self.disk).__aenter__()
        self.engine = build(self.store, self.clock, self.rules, {memory.NAME: self.post})
        self._second = Schedule(self.store, self.clock, handlers.planners(self.rules), self.rules)
        self.post.store = self.store
        await self.engine.recover()
        self.engine.start()

    async def close(self) -> None:
        """It ends as a stop signal ends it."""
        self.post.unstick()
        await self.engine.stop()
        await self.store.__aexit__(None, None, None)

    async def kill(self) -> None:
        """It dies while something hangs; then another starts."""
        await self._wake()
        await _first(self.post.stuck.wait(), 30)
        await self._die()

    async def tear(self) -> None:
        """One of its tasks is cancelled wherever it stands, and with it the process ends."""
        await self._wake()
        for _ in range(self.dice.randrange(60)):
            await asyncio.sleep(0)
        await self._die()

    async def _die(self) -> None:
        self.ground.ends += 1
        current = asyncio.current_task()
        await virtual.torn([task for task in asyncio.all_tasks() if task is not current])
        self.post.unstick()
        self.tally.restarts += 1
        await self.store.__aexit__(None, None, None)
        await self.open()

    # -- time --------------------------------------------------------------------------------------

    def _next(self) -> datetime:
        """The next hour in which something is planned or looked at, or the next half hour in which somebody writes."""
        at = self.clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
        while at.hour not in (HOURS if at.day in years.REMINDING else FEW):
            at += HOUR
        due = self._agenda[0][0] if self._agenda else at
        due += -(due - START) % HALF
        return max(min(at, due), self.clock.now() + timedelta(seconds=1))

    async def _wake(self) -> None:
        """The clock was moved while the loops slept: they look again."""
        for bell in (self.engine.inbox.wake, self.engine.inbox.bell, self.engine.inbox.work):
            bell.set()

    async def settle(self) -> None:
        """Let the loops run until nothing is left that could be done now."""
        await self._wake()
        for beat in BEATS:
            await asyncio.sleep(beat)
            if await self.store.read(partial(_quiet, now=self.clock.now())):
                return

    async def _step(self, to: datetime) -> None:
        self.found.steps += 1
        await super()._step(to)
        if any(task.done() for task in self.engine.tasks):
            self.tally.broken.append(f"{to:%Y-%m-%d %H:%M}: a loop of the bot ended by itself")
            await self._die()
        await self._look(deep=self.clock.now() - self._deep > timedelta(days=30))

    async def _look(self, *, deep: bool) -> None:
        now = self.clock.now()
        look = partial(invariants.broken, ground=self.ground, now=now, deep=deep)
        self.tally.broken += [f"{now:%Y-%m-%d %H:%M} {line}" for line in await self.store.read(look)]
        if deep:
            self._deep = now
            self.tally.broken += self.logged()

    def logged(self) -> list[str]:
        """But for those of the disk that we broke ourselves; and a NIK belongs in none."""
        found = []
        for line in self.errors.getvalue().splitlines():
            found += ["I9 a NIK in the log"] if re.search("[0-9]{16}", line) else []
            found += [f"log: {line[:200]}"] if "OperationalError" not in line else []
        self.errors.seek(0)
        self.errors.truncate()
        return found

    async def _happen(self, change: Change) -> None:
        """Not while something is on the wire: what left a moment before somebody left office is no mistake."""
        while True:
            try:
                return await self.store.transact(partial(_happens, change, self.clock.now()))
            except (sqlite3.OperationalError, BlockingIOError):
                await asyncio.sleep(0.5)

    async def _look_again(self) -> None:
        """Done after every step, and in depth each month."""

    async def tick(self) -> None:
        """The planner looks at the clock, once an hour and after each trouble; often another one at the same time."""
        hour = self.clock.now().replace(minute=0, second=0, microsecond=0)
        if hour == self._ticked and not self.stirred:
            return
        self._ticked, self.stirred = hour, False
        both = self.dice.random() < BOTH
        await asyncio.gather(self.engine.schedule.tick(), *([self._second.tick()] if both else []))

    # -- people ------------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """Besides all that was there: a group of each office."""
        await super().prepare()

        def rooms(tx: Tx) -> None:
            for code in self.codes:
                at = Address(memory.NAME, f"#kantor-{code}")
                places.open_room(tx, at, Room(code, RoomKind.OFFICE), START)
                self.people.districts[at.chat] = code

        await self.store.transact(rooms)

    async def bring(self, arrivals: Sequence[Arrival]) -> None:
        """In any order, some twice; what was not confirmed is brought again."""
        batch = [one for one in arrivals for _ in range(1 + (self.dice.random() < TWICE))]
        if self.dice.random() < SHUFFLED:
            self.dice.shuffle(batch)
        while True:
            try:
                await self.engine.inbox.accept(batch)
                break
            except sqlite3.OperationalError:
                self.found.faults["not taken"] += 1
                await asyncio.sleep(1)
        self.ground.accepted |= {one.external_id for one in batch}
        self.ground.filed |= {one.external_id for one in batch if b'"file": {' in one.body}
        self._old = [*self._old[-30:], batch]

    def do(self, deeds: Sequence[Deed]) -> None:
        """Of what villages do by themselves only a part, by their own dice."""
        super().do([deed for deed in deeds if self.dice.random() < TALK])

    async def _new_month(self) -> None:
        month = self._month
        await super()._new_month()
        if month != self._month:
            Years.do(self, [*self._group_month()])

    def _group_month(self) -> Iterator[Deed]:
        """The office asks in its group about once a week."""
        now = self.clock.now()
        for code in self.codes:
            for week in range(4):
                at = now + DAY * (7 * week) + timedelta(hours=self.dice.randrange(24, 80))
                yield at, f"{code}-admin", _asks(f"#kantor-{code}", self.dice.choice(_IN_GROUPS))

    # -- troubles ----------------------------------------------------------------------------------

    async def strike(self, trouble: Trouble) -> None:
        """One of ours, or of those that `years` has."""
        self.found.faults[trouble.kind] += 1
        self.stirred = True
        kind, _, which = trouble.kind.partition(":")
        now = self.clock.now()
        if kind == "storm":
            self.post.begin(which)
        elif kind == "disk":
            self.disk.fail(self.dice.randrange(1, 12))
        elif kind == "tear":
            await self.tear()
        elif kind == "replay":
            await self._replay()
        elif kind in CLOCK:
            self.clock.move(now + CLOCK[kind])
            if kind == "ahead":
                self.later(Trouble(now + DAY + timedelta(hours=3), "set right"))
        else:
            await super().strike(trouble)

    async def _replay(self) -> None:
        """A platform brings again what it brought days ago."""
        for batch in self.dice.sample(self._old, min(3, len(self._old))):
            await self.bring(batch)
        await self.settle()

    async def finish(self) -> Found:
        """What came of it."""
        found = self.found
        found.broken, found.events = self.tally.broken, self.tally.events
        found.sent = self.post.seen.total
        found.restarts, found.reminders = self.tally.restarts, len(self.post.planned)
        found.faults.update({f"send {kind}": n for kind, n in self.post.seen.met.items()})
        found.faults["transactions failed"] = self.disk.struck
        return found


#: Steps of the clock.
CLOCK = {"ahead": DAY, "set right": -DAY, "back30": -timedelta(minutes=30)}


def _drawn(dice: random.Random, days: int) -> Iterator[Trouble]:
    for kind, often in YEARLY.items():
        for _ in range(round(often * days / 365)):
            at = START + timedelta(minutes=dice.randrange(days * 24 * 60))
            if dice.random() < 0.5:  # when something is going on
                at = at.replace(day=dice.randrange(6, 19), hour=dice.choice((0, 1, 1, 2)))
            yield Trouble(max(at, START + timedelta(hours=2)), kind)


def _happens(change: Change, now: datetime, tx: Tx) -> None:
    if tx.one("SELECT 1 FROM outbox WHERE status IN ('ready', 'sending') AND status = 'sending'"):
        raise BlockingIOError
    change(tx, now)


def _quiet(tx: Tx, now: datetime) -> bool:
    # Each asks for two states and then for one: so the indexes of what is open are used.
    sql = """SELECT
        (SELECT COUNT(*) FROM inbox WHERE state IN ('new', 'taken') AND (state = 'taken' OR not_before <= :soon))
        + (SELECT COUNT(*) FROM outbox WHERE status IN ('ready', 'sending') AND status = 'sending')
        + (SELECT COUNT(*) FROM job WHERE state IN ('ready', 'working') AND (state = 'working' OR not_before <= :soon))
        AS n"""
    soon = now + timedelta(seconds=30)
    return not tx.one(sql, soon=soon.isoformat(timespec="microseconds"))["n"] and not outbox.heads(
        tx, memory.NAME, soon, 1
    )


def _asks(room: str, words: str) -> Talk:
    yield {"text": words, "chat": room}


async def _first(waiting: object, seconds: float) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)  # type: ignore[arg-type]
    except TimeoutError:
        return


async def lived(run: Simulation) -> Found:
    await run.run()
    return await run.finish()
