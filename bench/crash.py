"""Kill the bot again and again while people write, then look whether any promise was broken.

    python -m bench.crash [--channel telegram|whatsapp] [--kills 60] [--seed 1] [--point after_commit …]

Each named point of `bot.points` is struck twice, the other kills come at random moments.  The fake
platform survives and knows what really arrived.
"""

import asyncio
import random
import shutil
import signal
import sqlite3
import statistics
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import click

from bench import judge, officers, oracle, table
from bench.drivers import AtTelegram, Driver, at_telegram
from bench.judge import Kill, Verdict, Written
from bench.officers import Officer, Step
from bench.process import Child, free_port, of_bench
from bench.whatsapp import AtWhatsApp, at_whatsapp
from bot.clock import SystemClock
from bot.delivery import SENDERS
from bot.points import NAMES

RATE = 20  # updates a second
TALKING = 40  # conversations at the same time
CROWD = 600  # officers who can write: some six are done with each kill, and a village has two at most
STRANGER = officers.FIRST_CHAT - 1
MOST = 80  # kills in one life: with more, everybody would have written
REACHED_WITHIN = 30.0  # seconds; a point that is not reached by then is a fault of the bench or the bot
SETTLED_WITHIN = 90.0
STOPS_WITHIN = 10.0
SHOWN = 20  # broken promises, in words

FIRST_START = ("mid_migration", "mid_villages")
PLANNING = ("plan_tx_half", "after_plan")
RANDOM = "at random"
#: How often a point may be passed before it kills, where that is not up to 20 times.
PASSES = {
    "mid_migration": 20, "mid_villages": 150, "plan_tx_half": 1, "after_plan": 1, "job_claimed": 2, "job_done": 2,
    "after_audit": 4, "after_getupdates": 8,
}  # fmt: skip
CHANNELS = {"telegram": at_telegram, "whatsapp": at_whatsapp}
POINTS = {"telegram": AtTelegram.points, "whatsapp": AtWhatsApp.points}
#: The reminders for November fall due at these moments; the clock is put there for the planning points.
MOMENTS = tuple(officers.START.replace(day=day, hour=3) for day in (8, 12, 14, 16))


@dataclass(frozen=True)
class Blow:
    """One kill to come."""

    point: str
    number: int  # the pass that kills


def plan(
    kills: int, dice: random.Random, only: Sequence[str] = (), names: Sequence[str] = NAMES
) -> list[Blow]:
    """Every point twice and random moments.

    Those of the first start come first; those of jobs apart from each other (a job is tried three
    times) and not before the first conversations have got as far as a photo.
    """
    points = list(only) or [*names, *names]
    if kills < len(points) and not only:
        points = dice.sample(points, kills)
    points = (points + [RANDOM] * kills)[:kills]
    dice.shuffle(points)
    first = sorted(point for point in points if point in FIRST_START)  # tables before villages
    jobs = [point for point in points if point.startswith("job")]
    rest = [point for point in points if point not in {*FIRST_START, *jobs}]
    for number, point in enumerate(jobs, 1):
        rest.insert(len(rest) // 3 + number * len(rest) // (2 * len(jobs)), point)
    return [Blow(point, dice.randint(1, PASSES.get(point, 20))) for point in [*first, *rest]]


@dataclass
class Crowd:
    """People who write at a steady rate, whatever happens to the bot."""

    platform: Driver
    dice: random.Random
    waiting: list[Officer]
    talking: int
    open: dict[Officer, list[Step]] = field(default_factory=dict)
    written: dict[Officer, list[Step]] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)
    closing: bool = False

    async def write(self) -> None:
        """Until `closing` and nobody has anything left to write."""
        begun, count = time.perf_counter(), 0
        while not (self.closing and not self.open):
            count += 1
            await asyncio.sleep(max(0.0, begun + count / RATE - time.perf_counter()))
            self._one()

    def _one(self) -> None:
        while len(self.open) < self.talking and self.waiting and not self.closing:
            officer = self.waiting.pop(0)
            self.open[officer] = officers.story(officer)
            self.written[officer] = []
        able = [officer for officer, steps in self.open.items() if self.platform.can(officer.chat, steps[0])]
        if not able:
            return
        officer = self.dice.choice(able)
        self._step(officer)
        if self.open[officer][:1] and self.open[officer][0].kind == "photo":
            self._step(officer)  # a proof belongs to a report of the same day, and the clock jumps by days
        if not self.open[officer]:
            del self.open[officer]

    def _step(self, officer: Officer) -> None:
        step = self.open[officer].pop(0)
        self.updates.append(self.platform.do(officer.chat, step))
        self.written[officer].append(step)


class Run:
    """One bench: a platform that survives, a folder, and a clock that only goes forward."""

    def __init__(self, folder: Path, platform: Driver, port: int, clock: SystemClock) -> None:
        self.folder = folder
        self.platform = platform
        self.port = port
        self.kills: list[Kill] = []
        self.unreached: list[Blow] = []
        self.moments: list[datetime] = []
        self._clock = clock
        self._reminded = True  # the reminders of the last moment are planned and sent

    def start(self, blow: Blow | None = None) -> Child:
        """The real bot, to be killed at a point or later."""
        if blow and blow.point in PLANNING and self._reminded and len(self.moments) < len(MOMENTS):
            self.moments.append(MOMENTS[len(self.moments)])
            self._clock.move(self.moments[-1])
            self._reminded = False
        self._clock.move(self._clock.now() + timedelta(seconds=2))  # the bot's start takes a little
        settings = of_bench(self.folder, self.port, self._clock.now())
        settings |= self.platform.settings(blow.point if blow else RANDOM, self.port)
        if blow and blow.point != RANDOM:
            settings["PAYUNG_KILL_AT"] = f"{blow.point}:{blow.number}"
        return Child(["-m", "bot", "run"], self.folder, settings)

    async def strike(self, blow: Blow, dice: random.Random) -> None:
        """Start the bot, let it be killed, and note what was on its way."""
        begun = time.perf_counter()
        with self.start(blow) as bot:
            await self._first_answer(bot, begun)
            if blow.point == RANDOM:
                await asyncio.sleep(dice.uniform(0.1, 2.0))
                bot.kill()
            await self.death(bot, blow)
        self.kills.append(Kill(f"{blow.point}:{blow.number}", time.time()))
        self._look()

    async def _first_answer(self, bot: Child, begun: float) -> None:
        """Measure the restart after the last kill, unless this start is killed before."""
        sent = self.platform.sent_count
        while bot.running and self.platform.sent_count == sent:
            if time.perf_counter() - begun > REACHED_WITHIN:
                return
            await self.platform.something(0.05)
        if self.platform.sent_count > sent and self.kills:
            self.kills[-1].restart = time.perf_counter() - begun

    async def death(self, bot: Child, blow: Blow) -> None:
        """Wait until the point is reached."""
        if not await bot.ended(REACHED_WITHIN):
            self.unreached.append(blow)
            bot.kill()
        elif bot.status != -signal.SIGKILL:
            raise SystemExit(f"the bot ended by itself with {bot.status}:\n{bot.last_words()}")

    def _look(self) -> None:
        """What was on its way, and whether reminders wait; in a copy: the bot finds its files as they were."""
        database, _ = officers.paths(self.folder)
        with TemporaryDirectory(prefix="payung-look-") as folder:
            for path in (database, database.with_name(f"{database.name}-wal")):
                if path.exists():
                    shutil.copy(path, folder)
            with closing(sqlite3.connect(Path(folder) / database.name)) as copy:
                self.kills[-1].sending = [self.platform.chat(row[0]) for row in copy.execute(judge.SENDING)]
                planned, unsent = copy.execute(judge.REMINDERS).fetchone()
        self._reminded = planned >= officers.OWING * len(self.moments) and not unsent

    async def settle(self, crowd: Crowd, writing: asyncio.Task[None]) -> float:
        """A last start that nothing disturbs; returns how long it took to stop."""
        begun = time.perf_counter()
        with self.start() as bot:
            await self._first_answer(bot, begun)
            crowd.closing = True
            try:
                async with asyncio.timeout(SETTLED_WITHIN):
                    await writing
                    await self._all_done()
            except TimeoutError:
                click.echo(f"not done after {SETTLED_WITHIN:.0f} s, {len(crowd.open)} conversations are open")
            begun = time.perf_counter()
            if not await bot.stop(STOPS_WITHIN):
                click.echo("did not stop in time")
        return time.perf_counter() - begun

    async def _all_done(self) -> None:
        async with aiohttp.ClientSession() as web:
            while not await self._quiet(web):
                await self.platform.something(0.2)

    async def _quiet(self, web: aiohttp.ClientSession) -> bool:
        if not self.platform.idle:
            return False
        async with web.get(f"http://127.0.0.1:{self.port}/healthz") as answer:
            found = await answer.json()
        return not (
            {"new", "taken"} & set(found["inbox"])
            or {"ready", "sending"} & set(found["outbox"])
            or found["jobs"]
        )


async def _first_starts(run: Run, blows: Sequence[Blow]) -> None:
    """Kills while the database is being made; then a start that gets through and answers a stranger."""
    for blow in blows:
        with run.start(blow) as bot:
            await run.death(bot, blow)
        run.kills.append(Kill(f"{blow.point}:{blow.number}", time.time()))
    run.platform.do(STRANGER, Step("halo"))
    with run.start() as bot:
        await run.platform.until(lambda: run.platform.sent_count > 0, bot, "the first answer")
        await bot.stop(STOPS_WITHIN)
    run.platform.arrivals.clear()


async def bench(
    blows: Sequence[Blow], seed: int, folder: Path, talking: int = TALKING, channel: str = "telegram"
) -> tuple[Run, Verdict, float, int]:
    """The whole run and its judgement."""
    dice = random.Random(seed)
    who = officers.chatting(CROWD)
    officers.make_key(folder)
    port, clock = free_port(), SystemClock(officers.START)
    async with CHANNELS[channel](folder, port, clock.now, seed) as platform:
        run = Run(folder, platform, port, clock)
        early = [blow for blow in blows if blow.point in FIRST_START]
        await _first_starts(run, early)
        await officers.admit(folder, [*who, *officers.owing()], platform.at, platform.prepare)
        crowd = Crowd(platform, dice, who, talking)
        writing = asyncio.create_task(crowd.write())
        try:
            for blow in blows[len(early) :]:
                await run.strike(blow, dice)
            stopped = await run.settle(crowd, writing)
        finally:
            writing.cancel()
        with TemporaryDirectory(prefix="payung-oracle-") as quiet:
            async with platform.quiet(Path(quiet)) as undisturbed:
                expected = await oracle.expected(undisturbed, crowd.written, run.moments)
        verdict = judge.judge_messages(platform.arrivals, expected, run.kills)
        updates = [platform.external_id(update) for update in crowd.updates]
        written = Written(platform.at, updates, platform.chat, platform.disagreements)
        await judge.judge_rows(verdict, folder, [*crowd.written, *officers.owing()], expected, written)
    return run, verdict, stopped, len(crowd.updates)


def report(run: Run, verdict: Verdict, stopped: float, updates: int) -> bool:
    """Print each kill, what was broken, and one line in the end; whether every promise was kept."""
    for number, kill in enumerate(run.kills, 1):
        again = f"{kill.restart:.2f} s" if kill.restart else "-"
        click.echo(
            f"{number:3} {kill.point:22} in flight {len(kill.sending)}  copies {kill.copies}  restart {again}"
        )
    for line in verdict.parked:
        click.echo(f"PARKED {line[:300]}")
    for line in verdict.broken[:SHOWN]:
        click.echo(f"BROKEN {line[:300]}")
    if len(verdict.broken) > SHOWN:
        click.echo(f"… and {len(verdict.broken) - SHOWN} more")
    for blow in run.unreached:
        click.echo(f"BROKEN {blow.point}:{blow.number} was not reached")
    most = max((kill.copies for kill in run.kills), default=0)
    restarts = [kill.restart for kill in run.kills if kill.restart]
    restart = statistics.median(restarts) if restarts else 0.0
    click.echo(
        f"{len(run.kills)} kills, {updates} updates, reminders of {len(run.moments)} days: lost {len(verdict.lost)} (parked {len(verdict.parked)}), wrong state {len(verdict.wrong)}, "
        f"out of order {len(verdict.out_of_order)}, against the platform's book {len(verdict.disagreeing)}, came twice {verdict.copies} (at most {most} for one kill), "
        f"median restart {restart:.2f} s, stopped in {stopped:.1f} s"
    )
    return not (verdict.broken or run.unreached or most > SENDERS or stopped >= STOPS_WITHIN)


@click.command()
@click.option("--channel", type=click.Choice(list(CHANNELS)), default="telegram", show_default=True)
@click.option(
    "--kills", type=click.IntRange(1, MOST), default=60, show_default=True, help="In one life of a bot."
)
@click.option("--seed", "seeds", default="1", show_default=True, callback=table.span, help="One, or from-to.")
@click.option("--point", multiple=True, help="Only these points, in place of all of them twice.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep databases and logs in this new folder.")
def main(channel: str, kills: int, seeds: range, point: tuple[str, ...], folder: Path | None) -> None:
    """Kill, judge, print; exit 1 if a promise was broken."""
    begun, struck, lost, wrong, held = time.perf_counter(), 0, 0, 0, True
    for each in seeds:
        blows = plan(kills, random.Random(each), point, POINTS[channel])
        with TemporaryDirectory(prefix="payung-crash-") as temporary:
            place = folder / str(each) if folder else Path(temporary)
            place.mkdir(parents=True, exist_ok=not folder)
            run = asyncio.run(bench(blows, each, place, channel=channel))
            held &= report(*run)
        done, found = run[:2]
        struck += len(done.kills)
        lost += len(found.lost)
        wrong += len(found.broken) - len(found.lost) + len(done.unreached)
    seconds = time.perf_counter() - begun
    raise SystemExit(table.told(f"kills over {channel}", struck, seconds, lost=lost, wrong=wrong, held=held))


if __name__ == "__main__":
    main()
