"""What came in and is not handled yet: committed raw, then handled in order within a conversation."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot import accounts, logs, points, receipts, ruling
from bot.bells import any_of
from bot.clock import Clock
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.door import Door, Entered
from bot.errors import Misconfigured, Unreadable
from bot.messages import Arrival, Incoming, Kind, Lane, Membership, Outgoing
from bot.routing import Table, dispatch
from bot.store import holding, inbox, outbox, people, records, windows
from bot.store.database import Store, Tx
from bot.store.inbox import Event
from bot.turns import Turn

log = logs.get(__name__)

#: Events handled side by side, at most one of each conversation.
TOGETHER = 64
TRIES = 3
#: Ends of the process with an event in hand: from then on it is tried alone, and at last given up.  More than
#: `TRIES`, since a kill proves little against one of many that were in hand.
SUSPECT, ENDS = 2, 5
#: After the first and the second failure.
WAITS = (timedelta(seconds=1), timedelta(seconds=4))
#: A platform that says when something was written brings it within a week (WhatsApp: seven days).  What is older is
#: put aside: once the ids that tell a repetition are forgotten, nobody can bring it again.  What was taken in in time
#: is answered however long the machine was off.
OLDEST = timedelta(days=30)
IDLE = 30.0  # seconds between looks when nothing rings

Parse = Callable[[bytes], Incoming | None]


class Inbox:
    """Accepts raw events and handles them.

    `wake` rings when something came in; `bell` when there may be something to be sent, `work` when
    there may be a job.
    """

    def __init__(
        self, store: Store, clock: Clock, table: Table, rules: Rules, parsers: Mapping[str, Parse]
    ) -> None:
        self._store = store
        self._clock = clock
        self._table = table
        self._rules = rules
        self._parsers = parsers
        self.door = Door({}, parsers)  # open to everybody
        self.whole = True  # whether the database could be worked on at the last look
        self._taken: list[Event] = []  # taken in the commit of those before them
        self._next: datetime | None = None
        self._suspicious = True  # whether there may be events on which a process ended
        self.wake = asyncio.Event()
        self.bell = asyncio.Event()
        self.work = asyncio.Event()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Commit raw events; only after this returns may the platform be told."""
        now = self._clock.now()
        tried: list[Entered] = []  # at most one: what fails beside others is run once more

        def keep(tx: Tx) -> None:
            self._forget(tried)
            entered = self.door.let_in(tx, now, arrivals)
            tried.append(entered)
            inbox.accept(tx, now, entered.kept, entered.later)
            for out in entered.said:
                outbox.put(tx, now, out)
            points.reached("in_inbox_tx")

        try:
            await self._store.transact(keep)
        except Exception:
            self._forget(tried)
            raise
        points.reached("after_inbox_commit")
        self.wake.set()

    def _forget(self, tried: list[Entered]) -> None:
        while tried:
            self.door.forget(tried.pop())

    async def recover(self) -> None:
        """Open again what was being handled when the process ended."""
        await self._store.transact(inbox.recover)

    async def run(self, stop: asyncio.Event) -> None:
        """Handle what comes in until `stop`; the events in hand are finished first."""
        while not stop.is_set():
            self.wake.clear()
            try:
                if not self.whole:
                    self._taken = []
                    await self._store.transact(inbox.reopen)
                pause = 0.0 if await self.once() else self._pause()
                self.whole = True
            except sqlite3.Error as error:  # disk full, file locked: nothing is lost, look again soon
                log.error("inbox cannot be worked on: %s", type(error).__name__)
                self.whole, pause = False, 1.0
            if pause:
                await any_of(pause, stop, *([self.wake] if self.whole else []))
        if self._taken:
            await self._give_back()

    async def _give_back(self) -> None:
        """What was taken ahead and is not begun: the next start takes it."""
        self._taken = []
        try:
            await self._store.transact(inbox.reopen)
        except sqlite3.Error as error:
            log.error("taken up at the next start: %s", type(error).__name__)

    def _pause(self) -> float:
        """Seconds until an event may be tried again."""
        at = self._next
        return IDLE if at is None else min(max((at - self._clock.now()).total_seconds(), 0.01), IDLE)

    async def once(self) -> int:
        """Handle the next event of each conversation; returns how many there were.

        What comes after them is taken in the same commit.
        """
        if not self._taken:
            self._taken, self._next = await self._store.transact(self._take)
        events, self._taken = self._taken, []
        if not events:
            return 0
        points.reached("handle_start")
        *outcomes, ahead = await self._store.each([*(partial(self.handle, e) for e in events), self._take])
        points.reached("after_commit")
        if isinstance(ahead, BaseException):
            raise ahead
        self._taken, self._next = ahead
        self.bell.set()
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                await self._unhandled(event, outcome)
            elif outcome:
                self.work.set()
        return len(events)

    def _take(self, tx: Tx) -> tuple[list[Event], datetime | None]:
        """The next events; if there are none, when the next may be tried.

        When processes ended twice, all that they had in hand is suspect: one by one they show which it was.
        """
        now = self._clock.now()
        events = inbox.take_suspect(tx, now, SUSPECT) if self._suspicious else []
        self._suspicious = bool(events)
        events = events or inbox.take(tx, now, TOGETHER)
        return events, None if events else inbox.next_try(tx)

    async def _unhandled(self, event: Event, error: BaseException) -> None:
        if isinstance(error, sqlite3.OperationalError) or not isinstance(error, Exception):
            raise error  # not this event's fault: it is taken up again
        why = str(error)
        if isinstance(error, Unreadable):
            log.warning("inbox %s quarantined: %s", event.id, why)
            await self._store.transact(lambda tx: inbox.quarantine(tx, event, why))
        elif isinstance(error, Misconfigured):  # another try would find the same
            log.error("inbox %s quarantined: %s", event.id, why)
            await self._told(event, why, self._give_up)
        else:
            log.error("inbox %s failed, try %s", event.id, event.attempts, exc_info=error)
            await self._told(event, type(error).__name__, self._failed)

    async def _told(self, event: Event, error: str, end: Callable[[Tx, Event, str], None]) -> None:
        """Once more or never; where even the apology cannot be written, never and without one.

        Else one event would be taken for a fault of the database, and hold up all others for ever.
        """
        try:
            await self._store.transact(lambda tx: end(tx, event, error))
        except sqlite3.OperationalError:
            raise
        except Exception as another:
            log.error("inbox %s quarantined without a word", event.id, exc_info=another)
            await self._store.transact(lambda tx: inbox.quarantine(tx, event, error))

    def handle(self, event: Event, tx: Tx) -> bool:
        """Answer one event: state, rows to be sent, acts, and the event's end, in one transaction.

        True if that made work for the worker.
        """
        if event.attempts > ENDS:
            self._give_up(tx, event, "the process ended each time this was handled")
            return False
        now = self._clock.now()
        incoming = self._parsers[event.channel](inbox.body(tx, event))
        points.reached("after_parse")
        if incoming is not None and incoming.receipt is not None:
            receipts.settle(tx, event.channel, incoming.receipt, now)
        elif incoming is not None and incoming.account is not None:
            accounts.heard(tx, event, incoming.account, now)
        elif incoming is not None:
            self._answer(tx, event, incoming, now)
        inbox.done(tx, event)
        points.reached("before_commit")
        return tx.worked

    def _answer(self, tx: Tx, event: Event, incoming: Incoming, now: datetime) -> None:
        """What the program says to it, and what had waited for the person to write."""
        dated = incoming.window is not None or incoming.membership is Membership.GONE
        if dated and incoming.at < event.received - OLDEST:
            raise Unreadable("older than its platform brings anything")
        _opened(tx, incoming)
        turn = Turn(tx, now, ruling.current(tx, self._rules), incoming)
        said = [*_seen(incoming, now), *dispatch(self._table, turn)]
        points.reached("after_state")
        for number, out in enumerate(said):
            outbox.put(tx, now, out, f"u:{event.channel}:{event.external_id}:{number}")
        points.reached("after_outbox")
        for act in turn.acts:
            records.note(tx, now, act)
        _released(tx, incoming, now)
        if turn.secret:
            inbox.drop_body(tx, event)

    def _failed(self, tx: Tx, event: Event, error: str) -> None:
        if event.attempts >= TRIES:
            self._give_up(tx, event, error)
        else:
            inbox.again(tx, event, self._clock.now() + WAITS[event.attempts - 1], error)

    def _give_up(self, tx: Tx, event: Event, error: str) -> None:
        """Quarantine: the person gets one apology, the district's administrators an id."""
        inbox.quarantine(tx, event, error)
        now = self._clock.now()
        try:
            incoming = self._parsers[event.channel](inbox.body(tx, event))
        except Exception:  # noqa: BLE001 - what cannot even be read gets no apology
            return
        if incoming is None or incoming.group or not incoming.sender:
            return
        _opened(tx, incoming)  # the failure took that back, too
        outbox.put(
            tx, now, Outgoing(incoming.address, "chat/sorry", {"id": event.id}, key=f"sorry:{event.id}")
        )
        _released(tx, incoming, now)
        actor = people.actor(tx, incoming.address.channel, incoming.sender, office_day(now))
        for office in actor.offices[:1] if actor else ():
            for colleague in people.staff(tx, office.district, office_day(now)):
                key = f"quarantined:{event.id}:{colleague.person}"
                out = Outgoing(
                    colleague.to,
                    "alert/quarantined",
                    {"id": event.id},
                    lane=Lane.ALERT,
                    key=key,
                    person=colleague.person,
                )
                outbox.put(tx, now, out)


def _opened(tx: Tx, incoming: Incoming) -> None:
    """From now on free text may be written to them for a while, by whatever name of theirs."""
    if incoming.window is None:
        return
    for chat in incoming.chats:
        windows.opened(tx, incoming.address.channel, chat, incoming.window)


def _released(tx: Tx, incoming: Incoming, now: datetime) -> None:
    """What had waited for them to write leaves, behind what is said to these words."""
    for chat in incoming.chats if incoming.window is not None else ():
        holding.release(tx, incoming.address.channel, chat, now)


def _seen(incoming: Incoming, now: datetime) -> list[Outgoing]:
    """Show them that it was read, where people see that; of no use later."""
    if not incoming.seen:
        return []
    soon = now + timedelta(minutes=5)
    at = incoming.address
    return [Outgoing(at, "", kind=Kind.READ, message=incoming.seen, lane=Lane.TAP, expires_at=soon)]
