"""What leaves: in order, at the right pace, never to the wrong eyes, and few copies whatever breaks."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import pace
from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.delivery import COPIES, LEASE, LOOK_AHEAD, SENDERS, Pump
from bot.domain.offices import Office, Role
from bot.errors import GiveUp, Moved, SendError, TryLater, Unsure
from bot.messages import Address, Choice, Kind, Lane, Letter, Outgoing
from bot.pace import Limits, Pace, Rate
from bot.store import outbox, people, places
from bot.store.database import Store, Tx
from bot.store.places import Room, RoomKind
from bot.ways import Ways
from tests.needs import PATIENCE
from tests.world import PERIAN, START, laid

SITI, BUDI, GROUP = (Address(memory.NAME, chat) for chat in ("siti", "budi", "#kantor"))
MINUTE = timedelta(minutes=1)


class Broken(Memory):
    """A channel with a bug: it raises what no channel may raise, for as many sends as told."""

    bugs = 0

    async def send(self, letter: Letter) -> str:
        """Fail as a bug does, or send."""
        if self.bugs:
            self.bugs -= 1
            raise ZeroDivisionError
        return await super().send(letter)


class Shaky:
    """A store that cannot write while `broken` is set."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.broken = False

    async def transact(self, function: Callable[[Tx], Any]) -> Any:
        """As `Store.transact`."""
        if self.broken:
            raise sqlite3.OperationalError("disk I/O error")
        return await self.store.transact(function)

    async def each(self, functions: Sequence[Callable[[Tx], Any]]) -> list[Any]:
        """As `Store.each`."""
        return await asyncio.gather(*(self.transact(f) for f in functions), return_exceptions=True)


class Post:
    """An outbox with its pump, on a clock that is moved by hand."""

    def __init__(self, store: Store, clock: ManualClock, limits: Limits | None = None) -> None:
        self.store = store
        self.shaky = Shaky(store)
        self.clock = clock
        self.channel = Broken()
        self.unpaid = True
        self.limits = limits
        self.pump = self.restarted()
        self.bell = asyncio.Event()

    def restarted(self) -> Pump:
        """The pump of a new process."""
        limits = {memory.NAME: self.limits} if self.limits else {}
        self.pump = Pump(
            self.shaky,  # type: ignore[arg-type]
            self.clock,
            {memory.NAME: self.channel},
            {"unpaid": lambda _tx, _argument, _now: self.unpaid},
            Ways(Pace(limits, {memory.NAME: self.channel.is_group})),
        )
        return self.pump

    async def put(self, to: Address, *names: str, **more: Any) -> None:
        """Queue a message for each name, in one transaction each."""
        for name in names:
            out = Outgoing(to, "status/no_such_person", {"name": name}, key=name, **more)
            await self.store.transact(lambda tx, out=out: outbox.put(tx, self.clock.now(), out))

    async def step(self) -> None:
        """Send all that may leave at this moment."""
        started = 1
        while started:
            started = await self.pump.step(self.bell)
            await self.pump.drain()

    async def after(self, wait: timedelta) -> None:
        """Let time pass, then send what may leave."""
        self.clock.move(self.clock.now() + wait)
        await self.step()

    @property
    def sent(self) -> list[str]:
        """The names that arrived, in order."""
        return [letter.text.partition("”")[0].removeprefix("“") for letter in self.channel.sent]

    async def row(self, key: str) -> dict[str, Any]:
        """How a message stands."""
        return await self.store.transact(
            lambda tx: dict(tx.one("SELECT * FROM outbox WHERE key = :key", key=key))
        )

    async def status(self, *keys: str) -> list[str]:
        """The states of some messages."""
        return [(await self.row(key))["status"] for key in keys]

    def fail(self, *failures: SendError | None) -> None:
        """What the next sends meet."""
        self.channel.failures.extend(failures)


class Hanging(Memory):
    """A platform that takes what is sent and does not answer until it is back."""

    def __init__(self) -> None:
        super().__init__("other")
        self.asked = 0
        self.back = asyncio.Event()

    async def send(self, letter: Letter) -> str:
        self.asked += 1
        await self.back.wait()
        return await super().send(letter)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    async with laid(tmp_path / "payung.db") as opened:
        yield opened


@pytest.fixture
def here(store: Store) -> Post:
    """An office without limits of pace."""
    return Post(store, ManualClock(START))


# -- order -----------------------------------------------------------------------------------


async def test_what_is_urgent_leaves_first(here: Post) -> None:
    for lane in reversed(Lane):
        await here.put(SITI, lane.name, lane=lane)
    await here.step()
    assert here.sent == [lane.name for lane in Lane]


async def test_within_a_chat_and_lane_the_first_leaves_first(here: Post) -> None:
    names = [f"s{n}" for n in range(12)]
    await here.put(SITI, *names)
    here.fail(*[TryLater("busy") if n % 3 == 0 else None for n in range(20)])
    for _ in range(30):
        await here.after(MINUTE * 20)
    assert here.sent == names


async def test_a_chat_that_must_wait_holds_up_no_other(here: Post) -> None:
    await here.put(SITI, "s1", "s2")
    await here.put(BUDI, "b1", "b2")
    here.fail(TryLater("busy", MINUTE))
    await here.step()
    assert here.sent == ["b1", "b2"]
    await here.after(MINUTE * 2)
    assert here.sent == ["b1", "b2", "s1", "s2"]


async def test_the_same_key_is_queued_once(here: Post) -> None:
    for _ in range(3):
        await here.put(SITI, "once")
    await here.step()
    assert here.sent == ["once"]


async def test_nothing_leaves_before_its_time(here: Post) -> None:
    await here.put(SITI, "later", not_before=START + MINUTE)
    await here.after(MINUTE - timedelta(seconds=1))
    assert here.sent == []
    await here.after(timedelta(seconds=1))
    assert here.sent == ["later"]


# -- certainty -------------------------------------------------------------------------------


async def test_a_platform_that_does_not_answer_holds_up_no_other(here: Post) -> None:
    other = Hanging()
    here.pump = Pump(
        here.store, here.clock, {"other": other, memory.NAME: here.channel}, {}, Ways(Pace({}, {}))
    )  # fmt: skip
    for number in range(SENDERS * LOOK_AHEAD * 3):
        await here.put(Address("other", f"o{number}"), f"o{number}")
    await here.put(SITI, "s1", "s2")
    async with asyncio.timeout(PATIENCE):
        while other.asked < SENDERS or await here.status("s1", "s2") != ["sent", "sent"]:
            await here.pump.step(here.bell)
            await asyncio.wait({asyncio.ensure_future(here.bell.wait())}, timeout=0.05)
    for _ in range(9):
        await here.pump.step(here.bell)
    assert await here.status("s1", "s2", "o0", f"o{SENDERS}") == ["sent", "sent", "sending", "ready"]
    assert other.asked == SENDERS
    other.back.set()
    await here.pump.drain()
    await here.step()
    assert len(other.sent) == SENDERS * LOOK_AHEAD * 3


async def test_never_more_of_a_channel_are_open_than_it_has_senders(here: Post) -> None:
    """Also when one comes back while the claim waits for the store: a kill then would double that many."""
    rows = "SELECT COUNT(*) AS n FROM outbox WHERE status = 'sending'"
    most = 0

    async def send(_letter: Letter) -> str:
        nonlocal most
        most = max(most, (await here.store.read(lambda tx: tx.one(rows)))["n"])
        return "1"

    here.channel.send = send  # type: ignore[method-assign]
    await here.put(SITI, *[f"s{n}" for n in range(3)])
    for number in range(60):
        await here.put(Address(memory.NAME, f"chat{number}"), f"c{number}")
    stop = asyncio.Event()
    running = asyncio.create_task(here.pump.run(here.bell, stop))
    while await here.store.read(lambda tx: tx.one("SELECT 1 FROM outbox WHERE status <> 'sent'")):
        await asyncio.wait({asyncio.ensure_future(here.bell.wait())}, timeout=0.02)
    stop.set()
    here.bell.set()
    await running
    assert most == SENDERS


async def test_an_attempt_is_counted_before_the_message_leaves(here: Post) -> None:
    seen: list[int] = []

    async def look(_letter: Letter) -> str:
        seen.append((await here.row("s1"))["attempts"])
        return "1"

    here.channel.send = look  # type: ignore[method-assign]
    await here.put(SITI, "s1")
    await here.step()
    assert seen == [1]
    assert await here.status("s1") == ["sent"]


async def test_an_unknown_outcome_is_repeated_but_never_more_than_three_copies(here: Post) -> None:
    await here.put(SITI, "s1", "s2")
    here.fail(*[Unsure("no answer")] * COPIES)
    for _ in range(10):
        await here.after(MINUTE * 5)
    assert COPIES == 3
    assert (await here.row("s1"))["attempts"] == COPIES
    assert await here.status("s1", "s2") == ["unknown", "sent"]


async def test_what_must_not_come_twice_is_parked_at_once(here: Post) -> None:
    await here.put(SITI, "s1", repeatable=False)
    here.fail(Unsure("no answer"))
    for _ in range(5):
        await here.after(MINUTE * 5)
    assert here.sent == []
    assert (await here.row("s1"))["attempts"] == 1
    assert await here.status("s1") == ["unknown"]


async def test_taking_buttons_away_twice_harms_nobody(here: Post) -> None:
    close = Outgoing(SITI, "", kind=Kind.CLOSE, message="7", key="close", repeatable=False)
    await here.store.transact(lambda tx: outbox.put(tx, START, close))
    here.fail(Unsure("no answer"))
    await here.step()
    await here.after(MINUTE)
    assert await here.status("close") == ["sent"]


async def test_what_is_certainly_unsent_may_be_tried_any_number_of_times(here: Post) -> None:
    await here.put(SITI, "s1", repeatable=False)
    here.fail(*[TryLater("busy")] * 20)
    for _ in range(21):
        await here.after(MINUTE * 20)
    assert here.sent == ["s1"]


@pytest.mark.parametrize(("repeatable", "expected"), [(True, "sent"), (False, "unknown")])
async def test_what_a_killed_process_was_sending_counts_as_unknown(
    here: Post, *, repeatable: bool, expected: str
) -> None:
    await here.put(SITI, "s1", repeatable=repeatable)
    await _claimed(here)
    here.restarted()
    assert await here.pump.recover() == 1
    await here.after(MINUTE)
    assert await here.status("s1") == [expected]
    assert (await here.row("s1"))["unknowns"] == 1


async def _claimed(here: Post) -> outbox.Claimed:
    """Take the next message, as a process does that dies before it can record the outcome."""
    now = here.clock.now()
    return await here.store.transact(
        lambda tx: outbox.take(tx, outbox.heads(tx, memory.NAME, now, 1)[0], now, LEASE)
    )


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(hours=3), timedelta(days=365)])
async def test_a_clock_that_went_back_while_the_process_was_dead_holds_nothing_up(
    here: Post, back: timedelta
) -> None:
    await here.put(SITI, "s1", "s2")
    await _claimed(here)
    here.clock.move(START - back)
    here.restarted()
    assert await here.pump.recover() == 1
    assert await here.status("s1") == ["ready"]
    here.clock.move(START + MINUTE)
    await here.step()
    assert here.sent == ["s1", "s2"]


_DAMAGE = "UPDATE outbox SET body = x'01' || zeroblob(40) WHERE key = :key"


async def test_a_damaged_message_ends_and_stops_no_other(here: Post) -> None:
    await here.put(SITI, "s1", "s2")
    await here.put(BUDI, "b1")
    await here.store.transact(lambda tx: tx.run(_DAMAGE, key="s1"))
    await here.step()
    await here.step()
    assert sorted(here.sent) == ["b1", "s2"]
    assert await here.status("s1") == ["failed"]


async def test_a_message_damaged_while_it_was_sent_ends_and_stops_no_other(here: Post) -> None:
    await here.put(SITI, "s1", "s2")
    await _claimed(here)
    await here.store.transact(lambda tx: tx.run(_DAMAGE, key="s1"))
    here.restarted()
    await here.pump.recover()
    await here.after(LEASE + MINUTE)
    await here.step()
    assert here.sent == ["s2"]
    assert await here.status("s1") != ["sending"]


async def test_a_process_that_dies_at_every_send_makes_three_copies_and_blocks_nobody(here: Post) -> None:
    await here.put(SITI, "deadly")
    await here.put(BUDI, "b1")
    for _ in range(COPIES):
        await _claimed(here)
        here.restarted()
        await here.pump.recover()
        here.clock.move(here.clock.now() + MINUTE * 10)
    await here.step()
    assert await here.status("deadly", "b1") == ["unknown", "sent"]


@pytest.mark.parametrize("restarted", [True, False])
async def test_an_outcome_that_could_not_be_written_is_settled_by_itself(
    here: Post, *, restarted: bool
) -> None:
    send = here.channel.send

    async def then_the_disk_is_full(letter: Letter) -> str:
        here.shaky.broken = True
        return await send(letter)

    here.channel.send = then_the_disk_is_full  # type: ignore[method-assign]
    await here.put(SITI, "s1", "s2")
    with suppress(sqlite3.Error):
        await here.step()
    here.channel.send, here.shaky.broken = send, False  # type: ignore[method-assign]
    if restarted:  # it does not know any more that the message had arrived
        here.restarted()
    await here.after(LEASE + timedelta(seconds=1))
    await here.after(MINUTE)
    assert here.sent == (["s1", "s1", "s2"] if restarted else ["s1", "s2"])


async def test_an_outcome_that_comes_too_late_changes_nothing(here: Post) -> None:
    await here.put(SITI, "s1")
    old = await _claimed(here)
    await here.pump.recover()
    here.clock.move(START + MINUTE)
    new = await _claimed(here)
    now = here.clock.now()
    await here.store.transact(lambda tx: outbox.sent(tx, old, now, "7"))
    await here.store.transact(lambda tx: outbox.finish(tx, old, now, "failed", "late"))
    assert await here.status("s1") == ["sending"]
    await here.store.transact(lambda tx: outbox.sent(tx, new, now, "8"))
    assert (await here.row("s1"))["platform_id"] == "8"


async def test_a_bug_in_a_channel_stops_nothing(here: Post) -> None:
    here.channel.bugs = 1
    await here.put(SITI, "s1")
    await here.put(BUDI, "b1")
    await here.step()
    await here.after(MINUTE)
    assert sorted(here.sent) == ["b1", "s1"]


async def test_a_channel_that_is_switched_off_stops_nothing(here: Post) -> None:
    await here.put(Address("pigeon", "siti"), "p1")
    await here.put(SITI, "s1")
    await here.step()
    assert await here.status("p1", "s1") == ["failed", "sent"]


@pytest.mark.parametrize("reason", ["no_such_reason:1", "unpaid", "broken:1"])
async def test_a_reason_nobody_can_look_at_stops_nothing(here: Post, reason: str) -> None:
    if reason == "unpaid":
        here.unpaid = None  # type: ignore[assignment]
    await here.put(SITI, "s1", reason=reason)
    await here.put(BUDI, "b1")
    await here.step()
    assert here.sent == ["b1"]


# -- what the platform answers ---------------------------------------------------------------


@pytest.mark.parametrize("scope", [memory.NAME, f"{memory.NAME}:siti"])
async def test_a_platform_that_asks_to_wait_is_obeyed_also_after_a_restart(here: Post, scope: str) -> None:
    await here.put(SITI, "s1", "s2")
    here.fail(TryLater("busy", MINUTE, scope=scope))
    await here.step()
    here.restarted()
    await here.put(SITI, "reminder", lane=Lane.REMINDER)
    await here.put(BUDI, "b1")
    await here.after(MINUTE - timedelta(seconds=1))
    assert here.sent == ([] if scope == memory.NAME else ["b1"])
    await here.after(timedelta(seconds=2))
    assert sorted(here.sent) == ["b1", "reminder", "s1", "s2"]


@pytest.mark.parametrize(
    "asked", [timedelta(days=9), timedelta(seconds=10**9), timedelta(seconds=-5), timedelta()]
)
async def test_an_absurd_wait_is_at_most_an_hour(here: Post, asked: timedelta) -> None:
    await here.put(SITI, "s1")
    here.fail(TryLater("busy", asked, scope=memory.NAME))
    await here.step()
    await here.after(timedelta(hours=1, seconds=1))
    assert here.sent == ["s1"]


async def test_who_cannot_be_reached_is_not_written_to_again(here: Post) -> None:
    person = await _linked(here, "siti")
    await here.put(SITI, "s1", "s2")
    await here.put(SITI, "reminder", lane=Lane.REMINDER, not_before=START + MINUTE)
    await here.put(BUDI, "b1")
    here.fail(GiveUp("blocked", unreachable=True))
    await here.step()
    assert here.sent == ["b1"]
    assert await here.status("s1", "s2", "reminder") == ["failed"] * 3
    assert await here.store.transact(lambda tx: people.serving(tx, PERIAN, START.date())) == []
    assert person


async def _linked(here: Post, user: str) -> int:
    def link(tx: Tx) -> int:
        person = people.add(tx, user, START)
        people.link(tx, person, user, Address(memory.NAME, user), START)
        people.appoint(tx, person, Office(Role.TREASURER, "64.02", PERIAN), START.date())
        return person

    return await here.store.transact(link)


async def test_a_message_that_is_refused_takes_no_other_with_it(here: Post) -> None:
    await here.put(SITI, "s1", "s2")
    here.fail(GiveUp("malformed"))
    await here.step()
    assert await here.status("s1", "s2") == ["failed", "sent"]


async def _rooms(here: Post, *at: Address) -> list[Room | None]:
    """What some groups are tied to."""
    return await here.store.transact(lambda tx: [places.room(tx, one) for one in at])


async def test_a_chat_that_moved_is_followed_with_all_that_waits(here: Post) -> None:
    await here.store.transact(lambda tx: places.open_room(tx, GROUP, Room("64.02", RoomKind.OFFICE), START))
    await here.put(GROUP, "g1", "g2", public=True)
    here.fail(Moved("#baru"))
    await here.step()
    assert [(letter.to.chat, name) for letter, name in zip(here.channel.sent, here.sent, strict=True)] == [
        ("#baru", "g1"), ("#baru", "g2")
    ]  # fmt: skip
    assert await _rooms(here, GROUP, replace(GROUP, chat="#baru")) == [None, Room("64.02", RoomKind.OFFICE)]


async def test_a_chat_that_moved_where_the_bot_was_told_to_be_already_is_followed(here: Post) -> None:
    office = Room("64.02", RoomKind.OFFICE)
    for room in (GROUP, replace(GROUP, chat="#baru")):
        await here.store.transact(lambda tx, room=room: places.open_room(tx, room, office, START))
    await here.put(GROUP, "g1", public=True)
    here.fail(Moved("#baru"))
    await here.step()
    assert await here.status("g1") == ["sent"]
    assert await _rooms(here, GROUP, replace(GROUP, chat="#baru")) == [None, Room("64.02", RoomKind.OFFICE)]


# -- whether it is still worth sending -------------------------------------------------------


async def test_what_is_too_late_is_never_sent(here: Post) -> None:
    await here.put(SITI, "s1", expires_at=START + MINUTE)
    await here.put(SITI, "s2")
    await here.after(MINUTE)
    assert here.sent == ["s2"]
    assert await here.status("s1") == ["expired"]


async def test_what_grows_old_while_it_is_retried_is_not_sent(here: Post) -> None:
    await here.put(SITI, "s1", expires_at=START + MINUTE * 5)
    here.fail(TryLater("busy", MINUTE * 10))
    await here.step()
    await here.after(MINUTE * 11)
    assert here.sent == []
    assert await here.status("s1") == ["expired"]


async def test_the_reason_is_looked_at_again_when_it_leaves(here: Post) -> None:
    await here.put(SITI, "before", "after", reason="unpaid:x", lane=Lane.REMINDER)
    here.fail(None, TryLater("busy", MINUTE))
    await here.step()
    here.unpaid = False
    await here.after(MINUTE * 2)
    assert here.sent == ["before"]
    assert await here.status("after") == ["cancelled"]


# -- nothing personal in a group -------------------------------------------------------------


async def test_what_is_not_made_for_a_group_never_goes_there(here: Post) -> None:
    await here.put(GROUP, "g1")
    await here.put(GROUP, "g2", public=True)
    await here.step()
    assert here.sent == ["g2"]
    assert await here.status("g1") == ["failed"]


@pytest.mark.parametrize(
    "number",
    [
        "6402015708850003",
        "6402 0157 0885 0003",
        "6402-0157-0885-0003",
        "6402.0157.0885.0003",
        "081234567890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "6281234567890",
        "(0812) 3456 7890",
        "٦٤٠٢٠١٥٧٠٨٨٥٠٠٠٣",
        "6402\u00a00157\u00a00885\u00a00003",
        "640201\u200b5708850003",
    ],
)
async def test_a_number_of_a_person_never_goes_to_a_group(here: Post, number: str) -> None:
    await here.put(GROUP, f"Siti {number}", public=True)
    await here.step()
    assert here.sent == []
    assert await here.status(f"Siti {number}") == ["failed"]


@pytest.mark.parametrize(
    "harmless", ["Rp1.584.000", "64.02.01.2001", "8 dari 193", "2 Januari 2024", "08.00 WITA"]
)
async def test_counts_and_sums_may_go_to_a_group(here: Post, harmless: str) -> None:
    await here.put(GROUP, harmless, public=True)
    await here.step()
    assert await here.status(harmless) == ["sent"]


async def test_a_number_on_a_button_never_goes_to_a_group(here: Post) -> None:
    choices = (Choice("member:1", "Siti 6402015708850003"),)
    await here.put(GROUP, "g1", public=True, choices=choices)
    await here.step()
    assert here.sent == []


# -- pace ------------------------------------------------------------------------------------


def _per_minute(sent_at: Sequence[datetime]) -> int:
    """The most messages that left within any minute."""
    return max(sum(start <= at < start + MINUTE for at in sent_at) for start in sent_at)


async def _times(here: Post, seconds: int) -> list[datetime]:
    """When each message left, looking once a second."""
    times: list[datetime] = []
    for _ in range(seconds):
        await here.step()
        times += [here.clock.now()] * (len(here.sent) - len(times))
        here.clock.move(here.clock.now() + timedelta(seconds=1))
    return times


async def test_a_private_chat_gets_a_few_at_once_and_then_one_a_second(store: Store) -> None:
    here = Post(store, ManualClock(START), pace.telegram(25, 1))
    await here.put(SITI, *(f"s{n}" for n in range(12)))
    times = await _times(here, 12)
    assert times.count(START) == 5
    assert times[5:] == [START + timedelta(seconds=n) for n in range(1, 8)]


async def test_a_group_gets_fewer_than_twenty_a_minute(store: Store) -> None:
    here = Post(store, ManualClock(START), pace.telegram(25, 1))
    await here.put(GROUP, *(f"g{n}" for n in range(60)), public=True)
    times = await _times(here, 150)
    assert _per_minute(times) < 20 + 5  # a burst of five, then 18 a minute
    assert _per_minute(times[5:]) <= 19
    assert len(times) >= 45


async def test_all_chats_together_keep_the_rate_of_the_platform(store: Store) -> None:
    here = Post(store, ManualClock(START), Limits(Rate(10, 10), Rate(100, 100), Rate(100, 100)))
    for n in range(50):
        await here.put(Address(memory.NAME, f"u{n}"), f"m{n}")
    times = await _times(here, 5)
    assert [times.count(START + timedelta(seconds=n)) for n in range(5)] == [10] * 5


async def test_replies_leave_before_a_broadcast_that_fills_the_line(store: Store) -> None:
    here = Post(store, ManualClock(START), Limits(Rate(10, 10), Rate(100, 100), Rate(100, 100)))
    for n in range(40):
        await here.put(Address(memory.NAME, f"u{n}"), f"b{n}", lane=Lane.BROADCAST)
    await here.step()
    await here.put(SITI, "reply")
    await here.after(timedelta(seconds=1))
    assert here.sent[10] == "reply"


async def test_a_clock_that_goes_back_gives_no_extra_messages(store: Store) -> None:
    here = Post(store, ManualClock(START), Limits(Rate(1, 2), Rate(100, 100), Rate(100, 100)))
    await here.put(SITI, *(f"s{n}" for n in range(30)))
    await here.step()
    for _ in range(10):
        here.clock.move(START - MINUTE)
        await here.step()
        here.clock.move(START)
        await here.step()
    assert len(here.sent) == 2


# -- the pump itself -------------------------------------------------------------------------


async def test_only_so_many_are_sent_side_by_side(here: Post) -> None:
    busy, most, go, stop = 0, 0, asyncio.Event(), asyncio.Event()

    async def slow(letter: Letter) -> str:
        nonlocal busy, most
        busy, most = busy + 1, max(most, busy + 1)
        if busy == SENDERS or letter.to.chat == "u9":
            go.set()
        await go.wait()
        busy -= 1
        return "1"

    here.channel.send = slow  # type: ignore[method-assign]
    for n in range(10):
        await here.put(Address(memory.NAME, f"u{n}"), f"m{n}")
    running = asyncio.create_task(here.pump.run(here.bell, stop))
    async with asyncio.timeout(PATIENCE):
        await go.wait()
        stop.set()
        await running
    assert most == SENDERS


async def test_a_stop_lets_what_is_being_sent_finish(here: Post) -> None:
    stop, leaving = asyncio.Event(), asyncio.Event()
    send = here.channel.send

    async def slow(letter: Letter) -> str:
        leaving.set()
        await stop.wait()
        return await send(letter)

    here.channel.send = slow  # type: ignore[method-assign]
    await here.put(SITI, "s1", "s2")
    running = asyncio.create_task(here.pump.run(here.bell, stop))
    async with asyncio.timeout(PATIENCE):
        await leaving.wait()
        stop.set()
        await running
    assert await here.status("s1", "s2") == ["sent", "ready"]


@pytest.mark.slow
async def test_a_disk_that_fails_for_a_moment_needs_no_restart(here: Post) -> None:
    stop, arrived = asyncio.Event(), asyncio.Event()
    send = here.channel.send

    async def told(letter: Letter) -> str:
        arrived.set()
        return await send(letter)

    here.channel.send = told  # type: ignore[method-assign]
    await here.put(SITI, "s1")
    here.shaky.broken = True
    running = asyncio.create_task(here.pump.run(here.bell, stop))
    await asyncio.sleep(0)
    here.shaky.broken = False
    async with asyncio.timeout(PATIENCE):
        await arrived.wait()
        stop.set()
        await running
    assert await here.status("s1") == ["sent"]


async def test_a_record_that_cannot_be_written_holds_up_no_other(here: Post) -> None:
    office = Room("64.02", RoomKind.OFFICE)
    for room in (GROUP, replace(GROUP, chat="#baru")):
        await here.store.transact(lambda tx, room=room: places.open_room(tx, room, office, START))
    await here.put(GROUP, "g1", public=True)
    await here.put(SITI, "s1")
    here.fail(Moved("#baru"))
    for _ in range(5):
        with suppress(sqlite3.Error):
            await here.after(MINUTE)
    assert "s1" in here.sent
    assert await here.status("s1") == ["sent"]
