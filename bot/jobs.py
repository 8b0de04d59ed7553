"""Work that waits: done outside any transaction, its result one more event of the conversation."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import logs, points
from bot.bells import any_of
from bot.clock import Clock
from bot.errors import GiveUp, Unreadable
from bot.messages import Address, Arrival, Incoming
from bot.store import inbox, jobs
from bot.store.database import Store, Tx
from bot.store.jobs import Job

log = logs.get(__name__)

TRIES = 3
#: Ends of the process with a job in hand, after which it is given up, as in the inbox.
ENDS = 5
WAIT = timedelta(seconds=20)
DEADLINE = 60.0
CHANNEL = "job"
IDLE = 30.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece of work brought: facts for the handler, and a file to be kept, if any."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = b""
    mime: str = ""
    public: bool = False  # made for a group: nothing personal in it


Work = Callable[[Mapping[str, Any]], Awaitable[Done]]


class Worker:
    """Does one job after another; `bell` rings when there may be a new one."""

    def __init__(self, store: Store, clock: Clock, works: Mapping[str, Work]) -> None:
        self._store = store
        self._clock = clock
        self._works = works

    async def run(self, bell: asyncio.Event, stop: asyncio.Event, rang: Callable[[], None]) -> None:
        """Work until `stop`; `rang` is called when a result came into the inbox."""
        whole = True
        while not stop.is_set():
            bell.clear()
            try:
                if not whole:
                    await self._store.transact(jobs.reopen)
                    whole = True
                if await self.once():
                    rang()
                    continue
                await any_of(IDLE, bell, stop)
            except sqlite3.Error as error:  # disk full: what was done is done again
                log.error("jobs cannot be worked on: %s", type(error).__name__)
                whole = False
                await any_of(1.0, stop)

    async def recover(self) -> None:
        """Begin again what a killed process was doing."""
        later = self._clock.now() + WAIT
        await self._store.transact(lambda tx: jobs.recover(tx, later))

    async def once(self) -> bool:
        """Do the oldest job; False if there was none."""
        now = self._clock.now()
        job = await self._store.transact(lambda tx: jobs.take(tx, now))
        if job is None:
            return False
        points.reached("job_claimed")
        if job.ends >= ENDS:
            await self._store.transact(lambda tx: self._failed(tx, job, "the process ended each time"))
        else:
            await self._do(job)
        points.reached("job_done")
        return True

    async def _do(self, job: Job) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                done = await self._works[job.kind](job.args)
        except GiveUp as error:
            why = str(error)
            await self._store.transact(lambda tx: self._failed(tx, job, why))
        except Exception as error:  # noqa: BLE001 - one bad job must not stop the worker
            why = type(error).__name__
            log.warning("job %s, try %s: %s", job.id, job.attempts, why)
            await self._store.transact(lambda tx: self._again(tx, job, why))
        else:
            await self._store.transact(lambda tx: self._finish(tx, job, done))

    def _again(self, tx: Tx, job: Job, error: str) -> None:
        if job.attempts >= TRIES:
            self._failed(tx, job, error)
        else:
            jobs.again(tx, job, self._clock.now() + WAIT, error)

    def _failed(self, tx: Tx, job: Job, error: str) -> None:
        log.warning("job %s failed: %s", job.id, error)
        jobs.finish(tx, job, "failed", error)
        self._report(tx, job, {"failed": error})

    def _finish(self, tx: Tx, job: Job, done: Done) -> None:
        facts = dict(done.facts)
        if done.data:
            facts["kept"] = jobs.keep_file(tx, done.data, done.mime, self._clock.now(), public=done.public)
        jobs.finish(tx, job, "done")
        self._report(tx, job, facts)

    def _report(self, tx: Tx, job: Job, facts: Mapping[str, Any]) -> None:
        """The result enters the inbox in the transaction that ends the job: exactly once."""
        now = self._clock.now()
        body = {"kind": job.kind, "args": dict(job.args), "facts": facts, "at": now.isoformat()}
        arrival = Arrival(CHANNEL, f"job:{job.id}", job.conversation, json.dumps(body).encode())
        inbox.accept(tx, now, [arrival])


def parse(body: bytes) -> Incoming:
    """Read a job's result, as channels read their platform's events."""
    try:
        return _read(json.loads(body))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unreadable(f"result of a job: {type(error).__name__}") from None


def _read(told: Any) -> Incoming:
    args, facts, kind = told["args"], told["facts"], told["kind"]
    to, sender = args["to"], args["sender"]
    if not all(isinstance(each, str) for each in (*to, sender, kind)):
        raise TypeError
    return Incoming(
        address=Address(*to),
        sender=sender,
        external_id="",
        at=datetime.fromisoformat(told["at"]).astimezone(UTC),
        group=bool(args.get("group")),
        shape=f"job:{kind}",
        result={**args, **facts},
    )
