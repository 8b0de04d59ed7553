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
    """Runs each planner at each tick, in their order, in one commit; if one of them fails, it is undone alone."""

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
        try:
            count = await self._store.transact(partial(self._plan, self._planners))
        except Exception:  # noqa: BLE001 - met again below by whoever it is, and told there
            count = await self._one_by_one()
        await self._forget_daily()
        self.last_tick = self._clock.now()
        points.reached("after_plan")
        return count

    async def _one_by_one(self) -> int:
        count = 0
        for name, planner in self._planners.items():
            try:
                count += await self._store.transact(partial(self._plan, {name: planner}))
            except sqlite3.Error as error:
                log.error("planner %s: database: %s", name, type(error).__name__)
            except Exception as error:
                log.error("planner %s failed", name, exc_info=error)
        return count

    def _plan(self, planners: Mapping[str, Planner], tx: Tx) -> int:
        """Ask these in their order, each since it was asked last; until when that was is kept beside."""
        until = self._clock.now()
        count, known, marks = 0, records.marks(tx), {}
        for name, planner in planners.items():
            since = self._since(name, known.get(name), until)
            marks[name] = inbox.stamp(max(since, until))
            if since >= until and name in known:
                continue
            said = planner(tx, since, until)
            for out in said:
                outbox.put(tx, until, out)
            points.reached("plan_tx_half")
            count += len(said)
        records.mark(tx, marks)
        return count

    def _since(self, name: str, known: str | None, until: datetime) -> datetime:
        since = datetime.fromisoformat(known) if known else until
        if since > until + AHEAD:
            log.warning("planner %s: the clock went back, planning goes on from now", name)
            return until
        return since

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
