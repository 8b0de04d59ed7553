"""The outbox pump: claim, send, record.

The attempt is counted in the claim, before anything is sent; the reason to send is looked at again
there; nothing is sent inside a transaction.  A send whose answer was lost is repeated only where the
message may come twice, and then at most `COPIES` times.
"""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot import logs, points, receipts
from bot.bells import any_of
from bot.channels.base import Channel
from bot.clock import Clock
from bot.errors import Closed, GiveUp, Misconfigured, Moved, SendError, TryLater, Unsure
from bot.messages import Attachment, Document, Kind
from bot.planning import Reason
from bot.publishing import refuse_private
from bot.store import holding, jobs, outbox, places, windows
from bot.store.database import Store, Tx
from bot.store.outbox import Claimed, Head
from bot.ways import Ways

log = logs.get(__name__)

SENDERS = 4  # of each channel: one that does not answer holds up no other
COPIES = 3
FOREVER = datetime.max.replace(tzinfo=UTC)
LEASE = timedelta(seconds=60)
DEADLINE = 20.0  # seconds for one send: well inside the lease
UPLOAD_DEADLINE = 50.0  # with a file: still inside it
LONGEST = timedelta(hours=1)
#: Waits of certainly unsent messages: an outage lasts minutes, a village's power cut hours.
WAITS = tuple(timedelta(seconds=s) for s in (1, 5, 15, 60, 300, 900))
#: Messages looked at for each that may be claimed: some chats are not allowed yet.
LOOK_AHEAD = 8
IDLE = 5.0
SOON = 0.25
GATHER = 0.003
TIDY = timedelta(seconds=1)

#: The platform's id of what was sent, or why it was not.
Outcome = str | SendError


class Pump:
    """Sends what stands in the outbox.  `bell` rings when something may be new there."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, Channel],
        reasons: Mapping[str, Reason],
        ways: Ways,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._reasons = reasons
        self._ways = ways
        self._pace = ways.pace
        self._sending: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()  # senders of each channel
        self._tidied = datetime.min.replace(tzinfo=UTC)
        self._spent: list[Head] = []  # by a claim that is not committed yet
        self._due: datetime | None = None  # when the next message may leave, at the last look
        self._mine: set[int] = set()  # rows this process is sending, whatever the clock says of their lease
        self._ended: list[tuple[Claimed, Outcome]] = []  # sent or not, and not recorded yet

    async def recover(self) -> int:
        """What a killed process was sending may have arrived or not; returns how many that were."""
        now = self._clock.now()

        def settle(tx: Tx) -> int:
            lost = outbox.leased(tx, now, FOREVER)  # nobody else sends: whatever the clock was, they are lost
            for claimed in lost:
                self._unsure(tx, claimed, now, "the process ended while sending")
            return len(lost)

        return await self._store.transact(settle)

    async def run(self, bell: asyncio.Event, stop: asyncio.Event) -> None:
        """Send until `stop`; what is being sent then is finished and recorded."""
        while not stop.is_set():
            bell.clear()
            try:
                pause = 0.0 if await self.step(bell) else self._pause()
            except sqlite3.Error as error:
                log.error("outbox cannot be worked on: %s", type(error).__name__)
                pause = 1.0
            if pause:
                await any_of(pause, bell, stop)
            if self._sending and len(self._ended) < SENDERS / 2:
                bell.clear()  # a commit for two costs as much as one for one: wait a moment for more
                await any_of(GATHER, bell, stop)
        try:
            await self.drain()
        except sqlite3.Error as error:
            log.error("stopped without recording what was sent: %s", type(error).__name__)

    def _pause(self) -> float:
        """Seconds until a message may be sent; at least a moment, since one that is due and was not
        claimed is held by the pace, by a gate, or by senders that will ring.
        """
        if self._sending:
            return SOON  # the end of a send rings
        at = self._due
        return IDLE if at is None else min(max((at - self._clock.now()).total_seconds(), 0.05), IDLE)

    async def drain(self) -> None:
        """Wait until what is being sent has ended, and record it."""
        if self._sending:
            await asyncio.wait(set(self._sending))
        if self._ended:
            await self._record_and_claim(None)

    async def step(self, bell: asyncio.Event) -> int:
        """Record what has ended, claim for the free senders and start them; returns how much that was."""
        busy, ended = Counter(self._busy), len(self._ended)
        if not ended and self._channels and all(busy[channel] >= SENDERS for channel in self._channels):
            return 0
        claimed = await self._record_and_claim(busy)
        points.reached("after_claim")
        self._spent.clear()
        self._mine.update(one.id for one in claimed)
        for one in claimed:
            task = asyncio.create_task(self._send(one, bell))
            self._busy[one.letter.to.channel] += 1
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return len(claimed) + ended

    async def _record_and_claim(self, busy: Counter[str] | None) -> list[Claimed]:
        """One commit for both: what a sender brings back makes room for what it takes next.

        `busy` counts the senders of each channel at this moment: one that comes back while the claim waits
        for the store is recorded, and free, at the next.  None claims nothing.
        """
        ended, self._ended = self._ended, []
        work: list[Callable[[Tx], Any]] = [
            partial(self._record, claimed, outcome) for claimed, outcome in ended
        ]
        *recorded, taken = await self._store.each([*work, partial(self._claim, busy)])
        for pair, result in zip(ended, recorded, strict=True):
            if isinstance(result, sqlite3.OperationalError):
                self._ended.append(pair)  # the disk is full: still to be recorded
                continue
            self._mine.discard(pair[0].id)
            if isinstance(result, BaseException):  # its lease ends, and it counts as unknown
                log.error("outbox %s: its outcome cannot be recorded", pair[0].id, exc_info=result)
        if isinstance(taken, BaseException):
            raise taken
        if ended:
            points.reached("after_result")
        claimed, self._due = taken
        return list(claimed)

    def _claim(self, busy: Counter[str] | None, tx: Tx) -> tuple[list[Claimed], datetime | None]:
        """Messages to be sent now; if there are none, when the next is due."""
        if busy is None:
            return [], None
        now = self._clock.now()
        while self._spent:  # the store ran this before and rolled it back
            self._pace.refund(self._spent.pop(), now)
        if not timedelta() <= now - self._tidied < TIDY:
            self._tidy(tx, now)
        claimed = self._taken_now(tx, busy, now)
        if not claimed and self._ways.tiers:  # what was put aside has made room, or asks for something else
            claimed = self._taken_now(tx, busy, now)
        points.reached("claim_tx")
        return claimed, None if claimed else outbox.next_due(tx)

    def _taken_now(self, tx: Tx, busy: Counter[str], now: datetime) -> list[Claimed]:
        """Of each channel what its free senders can take; what is more urgent, then older, starts first."""
        taken = (
            one
            for channel in outbox.channels(tx)
            for one in self._taken_of(tx, channel, SENDERS - busy[channel], now)
        )
        return sorted(taken, key=lambda one: (one.lane, one.id))

    def _taken_of(self, tx: Tx, channel: str, free: int, now: datetime) -> list[Claimed]:
        """Of one channel, for its own senders: what holds up one holds up no other."""
        claimed: list[Claimed] = []
        for head in outbox.heads(tx, channel, now, free * LOOK_AHEAD) if free > 0 else ():
            if len(claimed) == free:
                break
            if self._pace.allows(head, now) and self._still_wanted(tx, head, now):
                claimed += self._taken(tx, head, now)
        return claimed

    def _taken(self, tx: Tx, head: Head, now: datetime) -> list[Claimed]:
        try:
            way = self._ways.open(tx, head, now)
        except sqlite3.Error:
            raise
        except Exception:
            log.exception("outbox %s: no way to send it could be found", head.id)
            outbox.drop(tx, head, now, "failed", "no way to send it could be found")
            return []
        if way is None:
            return []
        self._pace.spend(head, now)
        self._spent.append(head)
        taken = outbox.take(tx, head, now, LEASE, way)
        return [taken] if taken is not None else []

    def _tidy(self, tx: Tx, now: datetime) -> None:
        """End what is too late; take up what was sent while its outcome could not be recorded."""
        outbox.expire(tx, now)
        holding.look(tx, now)
        for lost in outbox.leased(tx, now, now):
            if lost.id in self._mine:
                continue
            self._unsure(tx, lost, now, "the outcome was not recorded")
        self._tidied = now

    def _still_wanted(self, tx: Tx, head: Head, now: datetime) -> bool:
        """Look at the reason again; what is not wanted any more is ended here."""
        if not head.reason:
            return True
        kind, _, argument = head.reason.partition(":")
        try:
            wanted = self._reasons[kind](tx, argument, now)
        except Exception:
            log.exception("outbox %s: its reason cannot be looked at", head.id)
            outbox.drop(tx, head, now, "failed", "its reason cannot be looked at")
            return False
        if isinstance(wanted, datetime):
            outbox.hold(tx, head, wanted)
            return False
        if not wanted:
            outbox.drop(tx, head, now, "cancelled", "the reason to send is gone")
        return wanted

    async def _send(self, claimed: Claimed, bell: asyncio.Event) -> None:
        try:
            outcome: Outcome = await self._deliver(claimed)
        except SendError as error:
            outcome = error
        except Exception as error:  # a bug in a channel must not stop the pump
            log.exception("outbox %s: the channel failed", claimed.id)
            outcome = Unsure(type(error).__name__)
        self._busy[claimed.letter.to.channel] -= 1
        self._ended.append((claimed, outcome))
        bell.set()

    async def _deliver(self, claimed: Claimed) -> str:
        letter = claimed.letter
        channel = self._channels.get(letter.to.channel)
        if channel is None:
            raise GiveUp(f"the channel {letter.to.channel} is switched off")
        if channel.is_group(letter.to.chat):
            refuse_private(claimed)
            await self._refuse_private_file(claimed)
        if claimed.attachment is not None:
            letter = replace(letter, attachment=await self._opened(claimed.attachment))
        try:
            async with asyncio.timeout(DEADLINE if letter.attachment is None else UPLOAD_DEADLINE):
                return await channel.send(letter)
        except TimeoutError:
            raise Unsure("no answer in time") from None

    async def _refuse_private_file(self, claimed: Claimed) -> None:
        """Nobody can see at a glance what a file says of whom: to a group go only those made for one."""
        attached = claimed.attachment
        if attached is None or await self._store.read(lambda tx: jobs.is_public(tx, attached.file)):
            return
        log.error("outbox %s held back: a file for a group (%s)", claimed.id, claimed.template)
        raise GiveUp("a file, and not made for a group")

    async def _opened(self, attachment: Attachment) -> Document:
        """The file itself, read only now: a sender never holds more than one."""
        try:
            found = await self._store.read(lambda tx: jobs.kept_file(tx, attachment.file))
        except sqlite3.Error as error:
            raise TryLater(f"its file cannot be read: {type(error).__name__}") from None
        except Misconfigured:
            raise GiveUp("its file is damaged") from None
        if found is None:
            raise GiveUp("its file is gone")
        data, mime = found
        return Document(attachment.name, mime, data)

    def _record(self, claimed: Claimed, outcome: Outcome, tx: Tx) -> None:
        now = self._clock.now()
        if isinstance(outcome, str):
            outbox.sent(tx, claimed, now, outcome)
            receipts.catch_up(tx, claimed.letter.to.channel, outcome, now)
        elif isinstance(outcome, Unsure):
            self._unsure(tx, claimed, now, str(outcome))
        elif isinstance(outcome, TryLater | Moved):
            self._put_off(tx, claimed, outcome, now)
        else:
            self._not_sent(tx, claimed, outcome, now)
        points.reached("result_tx")

    def _put_off(self, tx: Tx, claimed: Claimed, error: TryLater | Moved, now: datetime) -> None:
        to = claimed.letter.to
        if isinstance(error, Moved):
            outbox.again(tx, claimed, now, str(error))
            places.move(tx, to.channel, to.chat, error.chat)
            return
        at = now + _wait_for(error, claimed.attempts)
        if error.scope:
            outbox.gate(tx, error.scope, at)
        outbox.again(tx, claimed, at, str(error))

    def _not_sent(self, tx: Tx, claimed: Claimed, error: SendError, now: datetime) -> None:
        """Refused as it was; where free text was refused, the next claim looks for another way."""
        to = claimed.letter.to
        if isinstance(error, Closed):
            windows.closed(tx, to.channel, to.chat, claimed.at)
            if claimed.letter.stencil is None:
                outbox.again(tx, claimed, now, str(error))
                return
        outbox.finish(tx, claimed, now, "failed", str(error))
        if isinstance(error, GiveUp) and error.unreachable:
            receipts.out_of_reach(tx, to, (claimed.at, now), str(error))

    def _unsure(self, tx: Tx, claimed: Claimed, now: datetime, why: str) -> None:
        harmless = claimed.letter.kind is not Kind.TEXT
        if (claimed.repeatable or harmless) and claimed.unknowns + 1 < COPIES:
            wait = timedelta(seconds=5 * 4**claimed.unknowns)
            outbox.again(tx, claimed, now + wait, why, unknown=True)
        else:
            log.warning("outbox %s parked: nobody knows whether it arrived", claimed.id)
            outbox.finish(tx, claimed, now, "unknown", why)


def _wait_for(error: TryLater, attempts: int) -> timedelta:
    """What the platform asked for, or our own growing wait; a little spread, never over an hour."""
    own = WAITS[min(attempts, len(WAITS)) - 1]
    wait = error.after if error.after is not None else own
    return min(max(wait, timedelta()), LONGEST) + timedelta(milliseconds=random.uniform(0, 250))
