"""Two simulated years of reminders, bills and payments in both districts, with restarts and a clock that jumps.

    python -m bench.years [--seed 1] [--villages 349] [--years 2] [--restarts 60]

The engine, the store and the handlers are the bot's own; only time and people are made up.
"""

import asyncio
import io
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import handlers
from bench import officers, payers, promises, troubles
from bench.payers import Deed, Talk
from bench.people import Change, People
from bench.post import Post
from bench.tally import Tally
from bench.troubles import Trouble
from bot import app, logs, rules
from bot.channels import memory
from bot.clock import ManualClock
from bot.engine import Engine, build
from bot.messages import Arrival, Letter
from bot.schedule import Schedule
from bot.store.database import Store, open_store
from bot.store.vault import open_key_file

START = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)  # Monday 23 November, 06.00 WITA
HOUR = timedelta(hours=1)
#: UTC hours from 06.00 WITA to 21.00 WIB; nights are one step.
DAYTIME = (*range(22, 24), *range(15))
#: Hours that are enough on days without a reminder.
FEW = (22, 1, 2, 4, 5, 8, 12, 13)
REMINDING = range(4, 19)  # days of a month
SHOWN = 20
#: How often the books are looked at on the way.
EVERY = timedelta(days=10)

#: In Kutai Kartanegara people of the neighbourhoods (RT) pay for themselves; one day off of its own.
DISTRICT_RULES = """
[[programme_set]]
district = "64.02"
category = "rt"
programmes = ["jkk", "jkm"]
segment = "BPU"
effective_from = 2015-07-02
source = "keputusan bupati, dibuat untuk simulasi"
certainty = "M-lo"

[[holiday]]
district = "64.02"
day = 2027-09-29
name = "Hari jadi, dibuat untuk simulasi"
"""


class Years:
    """One run: the villages, the bot, and the clock that both live by."""

    district_rules = DISTRICT_RULES
    codes: Sequence[str] = officers.DISTRICTS

    def __init__(self, folder: Path, seed: int, villages: int, days: int, restarts: int) -> None:
        self.dice = random.Random(seed)
        random.seed(seed)  # the pump spreads its waits a little
        self.folder = folder
        self.clock: ManualClock = ManualClock(START)
        self.end = START + timedelta(days=days)
        (folder / "rules").mkdir()
        (folder / "rules" / "district.toml").write_text(self.district_rules, encoding="utf-8")
        officers.make_key(folder)
        self.rules = rules.load(None, folder / "rules")
        self.people = People(self.rules, self.dice, villages, self.codes)
        self.post = Post(self.clock, self.people.districts, seed)
        self.tally = Tally()
        self.troubles = troubles.plan(self.dice, START, self.end, restarts)
        self.errors = io.StringIO()
        self.store: Store
        self.engine: Engine
        self._second: Schedule
        self._agenda: list[tuple[datetime, int, str, Talk]] = []
        self._numbers = count(1)
        self._month = ""
        self._looked = START

    def logged(self) -> list[str]:
        """Errors in the log are mistakes."""
        return [f"log: {line}" for line in self.errors.getvalue().splitlines()]

    async def open(self) -> None:
        """A process starts."""
        database, key = officers.paths(self.folder)
        self.store = await open_store(database, open_key_file(key)).__aenter__()
        self.engine = build(self.store, self.clock, self.rules, {memory.NAME: self.post})
        self._second = Schedule(self.store, self.clock, handlers.planners(self.rules), self.rules)
        self.post.store = self.store
        await self.engine.recover()

    async def close(self) -> None:
        """A process ends."""
        await self.store.__aexit__(None, None, None)

    async def restart(self) -> None:
        """It ends, and another starts."""
        self.tally.restarts += 1
        await self.close()
        await self.open()

    async def run(self) -> Sequence[str]:
        """Live through it; returns every broken promise."""
        logs.setup("error", self.errors)
        await self.open()
        await self.prepare()
        while self.clock.now() < self.end:
            await self._step(self._next())
        self.post.away = False
        self.troubles.clear()
        await self._step(self.end + timedelta(days=1))
        await self._judge()
        self.tally.broken += self.logged()
        self.tally.planned, self.tally.villages = self.post.planned, len(self.people.villages)
        await self.store.transact(lambda tx: self.tally.count(tx, self.clock.now()))
        await self.close()
        return self.tally.broken

    async def prepare(self) -> None:
        """The villages, and who serves and is insured there."""
        for code in self.codes:
            await app.load_villages(self.store, code)
        await self.store.transact(lambda tx: self.people.settle_in(tx, START))

    def _next(self) -> datetime:
        """The next hour in which something may happen, or the next thing that somebody does."""
        at = self.clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
        while at.hour not in (DAYTIME if at.day in REMINDING else FEW):
            at += HOUR
        due = self._agenda[0][0] if self._agenda else at
        return max(min(at, due), self.clock.now() + timedelta(seconds=1))

    async def _step(self, to: datetime) -> None:
        self.clock.move(to)
        if self.troubles and self.troubles[0].at <= to:
            await self.strike(self.troubles.pop(0))
        await self.tick()
        await self._new_month()
        for change in self.people.change(self.clock.now()):
            await self._happen(change)
        await self._converse(self._due())
        self._react()
        await self._look_again()

    async def strike(self, trouble: Trouble) -> None:
        """Let a trouble happen."""
        await troubles.strike(self, trouble)

    async def _happen(self, change: Change) -> None:
        now = self.clock.now()
        await self.store.transact(lambda tx: change(tx, now))

    async def tick(self) -> None:
        """Both planners look at the clock at the same time."""
        made = await asyncio.gather(self.engine.schedule.tick(), self._second.tick())
        self.tally.made += sum(made)

    async def settle(self) -> None:
        """Handle, send and work until nothing is due."""
        engine = self.engine
        busy = True
        while busy:
            busy = False
            while await engine.inbox.once():
                busy = True
            while await engine.pump.step(engine.inbox.bell):
                await engine.pump.drain()
                busy = True
            while await engine.worker.once():
                busy = True

    async def kill(self) -> None:
        """The process dies while it sends, then another starts."""
        before = asyncio.all_tasks()
        settling = asyncio.create_task(self.settle())
        stuck = asyncio.create_task(self.post.stuck.wait())
        await asyncio.wait([settling, stuck], return_when=asyncio.FIRST_COMPLETED)
        torn = asyncio.all_tasks() - before
        for task in torn:
            task.cancel()
        for task in torn:
            with suppress(asyncio.CancelledError):
                await task
        self.post.unstick()
        await self.restart()

    def block(self) -> None:
        """Somebody blocks the bot."""
        self.post.blocked.append(self.dice.choice(sorted(self.people.of_user)))

    def later(self, trouble: Trouble) -> None:
        """Note what ends a trouble."""
        self.troubles = sorted([*self.troubles, trouble], key=lambda one: one.at)

    def do(self, deeds: Sequence[Deed]) -> None:
        """Note what people will do."""
        for at, user, talk in deeds:
            heappush(self._agenda, (at, next(self._numbers), user, talk))

    def _due(self) -> dict[str, Talk]:
        """What people do now, one thing each."""
        now, found, later = self.clock.now(), dict[str, Talk](), list[Deed]()
        while self._agenda and self._agenda[0][0] <= now:
            _, _, user, talk = heappop(self._agenda)
            if user in found:
                later.append((now + timedelta(minutes=7), user, talk))
            else:
                found[user] = talk
        self.do(later)
        return found

    async def _converse(self, talks: dict[str, Talk]) -> None:
        said = {user: event for user, talk in talks.items() if (event := next(talk, None)) is not None}
        self.post.answers.clear()
        while True:
            now = self.clock.now()
            arrivals = [
                memory.arrival(user, now, next(self._numbers), **event) for user, event in said.items()
            ]
            self.tally.events += len(arrivals)
            if arrivals:
                await self.bring(arrivals)
            await self.settle()
            answers, self.post.answers = self.post.answers, {}
            said = _go_on(talks, said, answers)
            if not said:
                return

    async def bring(self, arrivals: Sequence[Arrival]) -> None:
        """What people sent reaches the bot."""
        await self.engine.inbox.accept(arrivals)

    def _react(self) -> None:
        """People read their reminders, and what became of their reports."""
        now = self.clock.now()
        letters, self.post.mail = self.post.mail, []
        for user, letter in letters:
            desa = self.people.of_user.get(user)
            if desa and letter.key.startswith("reminder:"):
                self.do([*payers.reaction(desa, user, letter, now, self.dice)])
            elif desa:
                self.do([*payers.told(user, letter, now, self.dice)])

    async def _new_month(self) -> None:
        """Once a month: what villages will do by themselves."""
        month = f"{self.clock.now() + 8 * HOUR:%Y-%m}"
        if month != self._month:
            self._month = month
            self.do([*self.people.month(self.clock.now())])

    async def _look_again(self) -> None:
        """Every ten days, whatever the day brought: a look at the books."""
        if self.clock.now() - self._looked > EVERY:
            self._looked = self.clock.now()
            await self._judge(deep=False)

    async def _judge(self, *, deep: bool = True) -> None:
        now = self.clock.now()
        found = await self.store.transact(lambda tx: promises.judge_books(tx, self.rules, now, deep=deep))
        self.tally.broken += [f"{now:%Y-%m-%d %H:%M} UTC: {line}" for line in found]
        await self.store.transact(self.tally.harvest)
        if deep:
            free = {d: self.people.free(d) for d in self.codes}
            self.tally.broken += promises.judge_sent(self.post.planned, free)


def _go_on(
    talks: dict[str, Talk], said: dict[str, payers.Event], answers: dict[str, list[Letter]]
) -> dict[str, payers.Event]:
    following = {}
    for user in said:
        with suppress(StopIteration):
            following[user] = talks[user].send(answers.get(user, []))
    return following


async def bench(seed: int, villages: int, days: int, restarts: int, folder: Path) -> Tally:
    """One run in a folder; what it counted and found."""
    run = Years(folder, seed, villages, days, restarts)
    await run.run()
    return run.tally


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--villages", default=349, show_default=True)
@click.option("--years", default=2.0, show_default=True)
@click.option("--restarts", default=60, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the database in this new folder.")
def main(seed: int, villages: int, years: float, restarts: int, folder: Path | None) -> None:
    """Live, judge, print; exit 1 if a promise was broken."""
    begun = time.perf_counter()
    with TemporaryDirectory(prefix="payung-years-") as temporary:
        if folder:
            folder.mkdir(parents=True)
        tally = asyncio.run(bench(seed, villages, round(years * 365.25), restarts, folder or Path(temporary)))
    for line in tally.lines():
        click.echo(line)
    for line in tally.broken[:SHOWN]:
        click.echo(f"BROKEN (seed {seed}) {line[:300]}")
    if len(tally.broken) > SHOWN:
        click.echo(f"… and {len(tally.broken) - SHOWN} more")
    click.echo(f"seed {seed}: violations {len(tally.broken)}, {time.perf_counter() - begun:.0f} s")
    raise SystemExit(1 if tally.broken else 0)


if __name__ == "__main__":
    main()
