"""The parts that move, put together around some channels; nothing here knows where they run."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import handlers
from bot import jobs, logs
from bot.channels.base import Channel
from bot.clock import Clock, SystemClock
from bot.delivery import Pump
from bot.domain.rulebook import Rules
from bot.door import Door
from bot.inbox import Inbox
from bot.jobs import Worker
from bot.pace import Limits, Pace
from bot.schedule import Schedule
from bot.store.database import Store
from bot.ways import Ways
from bot.works import Desk, works
from handlers.knocking import Watch, knock

log = logs.get(__name__)


@dataclass
class Engine:
    """The parts that move, and how they are started, stopped and moved by hand."""

    store: Store
    clock: Clock
    inbox: Inbox
    pump: Pump
    worker: Worker
    schedule: Schedule
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def recover(self) -> None:
        """Take up what a killed process left."""
        await self.inbox.recover()
        await self.worker.recover()
        parked = await self.pump.recover()
        if parked:
            log.warning("%s messages were being sent when the process ended", parked)

    def start(self) -> None:
        """Handle, send and work until `stop`."""
        self._stop.clear()
        self._tasks = [
            asyncio.create_task(self.inbox.run(self._stop), name="inbox"),
            asyncio.create_task(self.pump.run(self.inbox.bell, self._stop), name="pump"),
            asyncio.create_task(
                self.worker.run(self.inbox.work, self._stop, self.inbox.wake.set), name="worker"
            ),
        ]

    async def stop(self) -> None:
        """Finish what is in hand."""
        self._stop.set()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def tasks(self) -> Sequence[asyncio.Task[None]]:
        """What must never end by itself."""
        return self._tasks

    async def settle(self) -> None:
        """Handle and send by hand until nothing is due: for tests, and for a clock that is played."""
        while True:
            handled = await self.inbox.once()
            sent = await self.pump.step(self.inbox.bell)
            await self.pump.drain()
            if not (handled or sent or await self.worker.once()):
                return


@dataclass(frozen=True)
class Bounds:
    """What platforms allow: how fast, and where free text is limited, how many people are written to first."""

    limits: Mapping[str, Limits] = field(default_factory=dict)
    tiers: Mapping[str, int] = field(default_factory=dict)


def build(
    store: Store, clock: Clock, rulebook: Rules, channels: Mapping[str, Channel], bounds: Bounds = Bounds()
) -> Engine:
    """Put the engine together around some channels."""
    parsers = {name: channel.parse for name, channel in channels.items()}
    inbox = Inbox(store, clock, handlers.TABLE, rulebook, {**parsers, jobs.CHANNEL: jobs.parse})
    inbox.door = Door({name: limits.heard for name, limits in bounds.limits.items()}, parsers)
    in_group = {name: channel.is_group for name, channel in channels.items()}
    ways = Ways(Pace(bounds.limits, in_group), bounds.tiers, knock(rulebook))
    pump = Pump(store, clock, channels, handlers.reasons(rulebook), ways)
    worker = Worker(store, clock, works(channels, Desk(store, clock, rulebook)))
    schedule = Schedule(store, clock, handlers.planners(rulebook), rulebook)
    schedule.add("tiers", Watch(bounds.tiers).plan)
    return Engine(store, clock, inbox, pump, worker, schedule)


async def play(
    engine: Engine, clock: SystemClock, to: datetime, step: timedelta = timedelta(hours=1)
) -> None:
    """Move the clock to `to`, and let happen on the way what falls due, hour by hour, in order."""
    await engine.stop()
    try:
        while clock.now() < to:
            hour = clock.now().replace(minute=0, second=0, microsecond=0) + step
            clock.move(min(hour, to))
            await engine.schedule.tick()
            await engine.settle()
    finally:
        engine.start()
