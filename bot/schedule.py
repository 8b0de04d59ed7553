"""The clock tick: what has fallen due since the last one is planned, and so sent once.

Planners compute from the database and `(since, until]`; a missed hour, a restart and a second
planner are ordinary cases, because the key of a plan is unique.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import logs, points, retention
from bot.clock import Clock
from bot.domain.rulebook import Rules
from bot.planning import Planner
from bot.store import inbox, outbox, records
from bot.store.database import Store, Tx

log = logs.get(__name__)

EVERY = timedelta(seconds=20)
ASIDE = timedelta(minutes=1)
#: A clock that was this far ahead of now was wrong: planning starts afresh from now.
AHEAD = timedelta(minutes=5)


class Schedule:
    """Runs each planner at each tick, in their order, in one commit: one that fails is undone alone."""

    def __init__(self, store: Store, clock: Clock, planners: Mapping[str, Planner], rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._planners = dict(planners)
        self.last_tick: datetime | None = None
        self._forgot = ""  # the day of the last clean-up; after a start it is simply done again

    def add(self, name: str, planner: Planner) -> None:
        """One more planner, after the others."""
        self._planners[name] = planner

    async def tick(self) -> int:
        """Plan what fell due; returns how many messages that made."""
        count = 0
        work = [partial(self._plan, name, planner) for name, planner in self._planners.items()]
        outcomes = await self._store.each(work)
        if all(isinstance(outcome, sqlite3.Error) for outcome in outcomes):  # perhaps one of them only
            outcomes = [(await self._store.each([one]))[0] for one in work]
        for name, outcome in zip(self._planners, outcomes, strict=True):
            if isinstance(outcome, sqlite3.Error):
                log.error("planner %s: database: %s", name, type(outcome).__name__)
            elif isinstance(outcome, Exception):
                log.error("planner %s failed", name, exc_info=outcome)
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                count += outcome
        await self._forget_daily()
        self.last_tick = self._clock.now()
        points.reached("after_plan")
        return count

    def _plan(self, name: str, planner: Planner, tx: Tx) -> int:
        until = self._clock.now()
        known = records.get(tx, f"planned:{name}")
        since = datetime.fromisoformat(known) if known else until
        if since > until + AHEAD:
            log.warning("planner %s: the clock went back, planning goes on from now", name)
            since = until
        if since >= until and known:
            records.put(tx, f"planned:{name}", inbox.stamp(since))
            return 0
        said = planner(tx, since, until)
        for out in said:
            outbox.put(tx, until, out)
        points.reached("plan_tx_half")
        records.put(tx, f"planned:{name}", inbox.stamp(until))
        return len(said)

    async def _forget_daily(self) -> None:
        """Once a day, whenever the process is up: an office's machine is off at night."""
        today = self._clock.now().date().isoformat()
        if self._forgot == today:
            return
        try:
            await self.forget()
            self._forgot = today
        except sqlite3.Error as error:
            log.error("nothing could be forgotten: %s", type(error).__name__)

    async def forget(self) -> None:
        """Drop what is older than its rule says (`bot/rules/retention.toml`)."""
        now, rules = self._clock.now(), self._rules.all_retentions
        await self._store.transact(lambda tx: retention.forget(tx, rules, now))


def ticking(
    schedule: Schedule, rang: Callable[[], None], aside: Callable[[], Awaitable[bool]] | None = None
) -> AsyncIOScheduler:
    """A started scheduler that ticks until it is shut down; `rang` is called when there is something to send.

    `aside` is what may take minutes: it is called once a minute and holds up no tick.
    """

    async def tick() -> None:
        if await schedule.tick():
            rang()

    async def slow() -> None:
        if aside is not None and await aside():
            rang()

    # Ticks missed while the loop was busy are one tick: what is due is computed, not remembered.
    defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
    scheduler.add_job(tick, "interval", seconds=EVERY.total_seconds(), id="tick")
    if aside is not None:
        scheduler.add_job(slow, "interval", seconds=ASIDE.total_seconds(), id="aside")
    scheduler.start()
    return scheduler
