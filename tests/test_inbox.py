"""What came in is handled once, in order, and nothing that fails takes anything else with it."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.offices import Office, Role
from bot.errors import Misconfigured
from bot.inbox import ENDS, TRIES, Inbox
from bot.messages import Address, Arrival, Outgoing
from bot.routing import ANYONE, Table, anything
from bot.store import holding, inbox, outbox, people, records, windows
from bot.store.database import Store, Tx
from bot.turns import Turn
from tests.needs import PATIENCE
from tests.world import PERIAN, START, laid, rulebook

pytestmark = pytest.mark.slow


class Shaky:
    """A store whose disk fails at the transactions it is told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fails_at: set[int] = set()
        self.count = 0
        self.full = 0  # how often the disk was really full
        self.heard = asyncio.Event()
        self.awaited = 0

    async def transact(self, function: Callable[[Tx], Any]) -> Any:
        """As `Store.transact`, unless it is this one's turn to fail."""
        self.count += 1
        if self.count in self.fails_at:
            raise sqlite3.OperationalError("disk I/O error")
        try:
            return await self.store.transact(function)
        except sqlite3.OperationalError:
            self.full += 1
            if self.full >= self.awaited > 0:
                self.heard.set()
            raise

    async def each(self, functions: Sequence[Callable[[Tx], Any]]) -> list[Any]:
        """As `Store.each`."""
        return await asyncio.gather(
            *(self.transact(function) for function in functions), return_exceptions=True
        )


class Desk:
    """An inbox with a handler of its own: it notes what it handled, and fails where it is told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shaky = Shaky(store)
        self.clock = ManualClock(START)
        self.handled: list[str] = []
        self.tried: Counter[str] = Counter()
        self.failures: dict[str, Exception] = {}
        self.inbox = self.made({memory.NAME: Memory().parse})
        self._loop = asyncio.get_running_loop()
        self.wanted = 0
        self.done = asyncio.Event()

    def made(self, parsers: Any) -> Inbox:
        """An inbox over this desk's store, as a new process would make it."""
        table = Table((anything(self.handle, needs=ANYONE),), (), self.handle)
        return Inbox(self.shaky, self.clock, table, rulebook(), parsers)  # type: ignore[arg-type]

    def handle(self, turn: Turn) -> list[Outgoing]:
        """Keep the text as a value; fail as told, after having written."""
        text = turn.incoming.text
        self.tried[text] += 1
        records.put(turn.tx, f"said:{text}", "")
        if text in self.failures:
            raise self.failures[text]
        self.handled.append(text)
        if len(self.handled) == self.wanted:
            self._loop.call_soon_threadsafe(self.done.set)
        return [turn.reply("status/no_such_person", name=text)]

    async def accept(self, *said: tuple[str, str], first: int = 1) -> None:
        """Events (user, text), numbered."""
        arrivals = [
            memory.arrival(user, START, number, text=text)
            for number, (user, text) in enumerate(said, start=first)
        ]
        await self.inbox.accept(arrivals)

    async def settle(self) -> None:
        """Handle all that can be handled, letting pass the time that failures wait."""
        for _ in range(TRIES + 1):
            while await self.inbox.once():
                pass
            self.clock.move(self.clock.now() + timedelta(seconds=5))

    async def states(self) -> dict[str, int]:
        """How many events stand in each state."""
        rows = await self.store.transact(
            lambda tx: tx.all("SELECT state, COUNT(*) AS n FROM inbox GROUP BY state")
        )
        return {row["state"]: row["n"] for row in rows}

    async def queued(self) -> list[tuple[str, str]]:
        """Template and chat of all that is to be sent, in order."""
        rows = await self.store.transact(lambda tx: tx.all("SELECT template, chat FROM outbox ORDER BY id"))
        return [(row["template"], row["chat"]) for row in rows]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk over an empty store."""
    async with laid(tmp_path / "payung.db") as store:
        yield Desk(store)


async def test_an_event_that_comes_twice_is_handled_once(desk: Desk) -> None:
    await desk.accept(("siti", "halo"))
    await desk.accept(("siti", "halo"))
    await desk.settle()
    await desk.accept(("siti", "halo"))
    await desk.settle()
    assert desk.tried == {"halo": 1}
    assert len(await desk.queued()) == 1


async def test_a_batch_with_the_same_event_twice_is_accepted(desk: Desk) -> None:
    event = memory.arrival("siti", START, 1, text="halo")
    await desk.inbox.accept([event, event])
    await desk.settle()
    assert desk.handled == ["halo"]


async def test_a_conversation_is_handled_in_order_and_none_waits_for_another(desk: Desk) -> None:
    await desk.accept(*((user, f"{user} {n}") for n in range(4) for user in ("siti", "budi")))
    assert await desk.inbox.once() == 2  # the oldest of each
    await desk.settle()
    for user in ("siti", "budi"):
        assert [text for text in desk.handled if text.startswith(user)] == [f"{user} {n}" for n in range(4)]


async def test_what_failed_holds_up_its_own_conversation_only(desk: Desk) -> None:
    desk.failures["first"] = LookupError("bug")
    await desk.accept(("siti", "first"), ("siti", "second"), ("budi", "halo"))
    await desk.inbox.once()
    await desk.inbox.once()
    assert desk.handled == ["halo"]
    desk.failures.clear()
    await desk.settle()
    assert desk.handled == ["halo", "first", "second"]


async def test_a_failing_handler_is_undone_tried_three_times_and_apologised_for_once(desk: Desk) -> None:
    desk.failures["first"] = LookupError("bug")
    await desk.accept(("siti", "first"), ("siti", "second"))
    await desk.settle()
    assert desk.tried["first"] == TRIES == 3
    assert await desk.states() == {"quarantined": 1, "done": 1}
    assert await desk.queued() == [("chat/sorry", "siti"), ("status/no_such_person", "siti")]
    assert await desk.store.transact(lambda tx: records.get(tx, "said:first")) is None


async def test_a_failure_waits_a_second_then_four(desk: Desk) -> None:
    desk.failures["first"] = LookupError("bug")
    await desk.accept(("siti", "first"))
    tried = []
    for second in range(7):
        desk.clock.move(START + timedelta(seconds=second))
        await desk.inbox.once()
        tried.append(desk.tried["first"])
    assert tried == [1, 2, 2, 2, 2, 3, 3]


async def _appointed(desk: Desk) -> None:
    """A head of a village, and the administrator of the district."""

    def appoint(tx: Tx) -> None:
        for user, office in (
            ("darma", Office(Role.HEAD, "64.02", PERIAN)),
            ("yuni", Office(Role.ADMIN, "64.02")),
        ):
            person = people.add(tx, user, START)
            people.link(tx, person, user, Address(memory.NAME, user), START)
            people.appoint(tx, person, office, START.date())

    await desk.store.transact(appoint)


async def test_the_districts_administrators_are_told_the_number_and_nothing_else(desk: Desk) -> None:
    await _appointed(desk)
    desk.failures["6402015708850003"] = LookupError("6402015708850003")
    await desk.accept(("darma", "6402015708850003"))
    await desk.settle()
    assert await desk.queued() == [("chat/sorry", "darma"), ("alert/quarantined", "yuni")]
    told = await desk.store.transact(
        lambda tx: [
            outbox.take(tx, h, START, timedelta()) for h in outbox.heads(tx, memory.NAME, desk.clock.now(), 9)
        ]
    )
    assert all("6402015708850003" not in claimed.letter.text for claimed in told)
    error = await desk.store.transact(lambda tx: tx.one("SELECT error FROM inbox")["error"])
    assert error == "LookupError"


async def test_a_missing_rule_is_apologised_for_at_once_and_told_as_any_other_failure(desk: Desk) -> None:
    await _appointed(desk)
    desk.failures["siapa"] = Misconfigured("no programme_set applies to district 64.02")
    await desk.accept(("darma", "siapa"), ("darma", "halo"))
    await desk.settle()
    assert desk.tried == {"siapa": 1, "halo": 1}
    assert await desk.states() == {"quarantined": 1, "done": 1}
    assert sorted(await desk.queued()) == [
        ("alert/quarantined", "yuni"),
        ("chat/sorry", "darma"),
        ("status/no_such_person", "darma"),
    ]
    error = await desk.store.transact(lambda tx: tx.one("SELECT error FROM inbox WHERE id = 1")["error"])
    assert error == "no programme_set applies to district 64.02"


async def test_the_first_of_a_hundred_that_cannot_be_read_stops_none_of_the_others(desk: Desk) -> None:
    broken = Arrival(memory.NAME, "0", f"{memory.NAME}:siti", b"{}")
    others = [memory.arrival("siti" if n % 2 else f"u{n}", START, n, text=f"t{n}") for n in range(1, 100)]
    await desk.inbox.accept([broken, *others])
    await desk.settle()
    assert desk.tried == {f"t{n}": 1 for n in range(1, 100)}
    assert await desk.states() == {"quarantined": 1, "done": 99}


@pytest.mark.parametrize("body", [b"", b"[]", b"nothing", b'{"address": 1}', b"\xff\xfe"])
async def test_a_body_of_any_shape_is_put_aside(desk: Desk, body: bytes) -> None:
    await desk.inbox.accept([Arrival(memory.NAME, "0", "memory:siti", body)])
    await desk.accept(("siti", "halo"))
    await desk.settle()
    assert desk.handled == ["halo"]
    assert await desk.states() == {"quarantined": 1, "done": 1}


async def test_a_channel_that_was_switched_off_stops_none_of_the_others(desk: Desk) -> None:
    await desk.inbox.accept([Arrival("pigeon", "0", "pigeon:siti", b"{}")])
    await desk.accept(("siti", "halo"))
    await desk.settle()
    assert await desk.states() == {"quarantined": 1, "done": 1}


async def test_a_parser_with_a_bug_stops_none_of_the_others(desk: Desk) -> None:
    def parse(body: bytes) -> Any:
        if b"first" in body:
            raise RecursionError
        return Memory().parse(body)

    desk.inbox = desk.made({memory.NAME: parse})
    await desk.accept(("siti", "first"), ("siti", "second"), ("budi", "halo"))
    await desk.settle()
    assert sorted(desk.handled) == ["halo", "second"]
    assert await desk.states() == {"quarantined": 1, "done": 2}


async def test_an_event_for_which_not_even_an_apology_can_be_written_stops_none_of_the_others(
    desk: Desk,
) -> None:
    nowhere = memory.arrival("siti", START, 9, text="first").body.replace(
        b'"memory", "siti"', b'"memory", ["siti"]'
    )
    await desk.inbox.accept([Arrival(memory.NAME, "9", "memory:siti", nowhere)])
    await desk.accept(("siti", "second"), ("budi", "halo"))
    await desk.settle()
    assert {"halo", "second"} <= set(desk.handled)
    assert await desk.states() == {"quarantined": 1, "done": 2}
    assert "chat/sorry" not in dict(await desk.queued())


async def test_a_rule_of_the_database_that_a_handler_breaks_is_its_own_fault(desk: Desk) -> None:
    desk.failures["first"] = sqlite3.IntegrityError("FOREIGN KEY constraint failed")
    await desk.accept(("siti", "first"), ("siti", "second"), ("budi", "halo"))
    await desk.settle()
    assert sorted(desk.handled) == ["halo", "second"]
    assert await desk.states() == {"quarantined": 1, "done": 2}


async def test_an_answer_that_cannot_be_said_undoes_what_led_to_it(desk: Desk) -> None:
    half_a_character = "\ud83d"
    await desk.accept(("siti", half_a_character), ("siti", "second"))
    await desk.settle()
    assert "second" in desk.handled
    assert (await desk.states())["done"] >= 1


async def test_what_a_killed_process_had_taken_is_handled(desk: Desk) -> None:
    await desk.accept(("siti", "first"), ("siti", "second"))
    await desk.store.transact(lambda tx: inbox.take(tx, START, 9))
    assert await desk.inbox.once() == 0  # as long as it may still be alive
    again = desk.made({memory.NAME: Memory().parse})
    await again.recover()
    await desk.settle()
    assert desk.handled == ["first", "second"]


async def test_an_event_on_which_the_process_dies_each_time_is_put_aside(desk: Desk) -> None:
    await desk.accept(("siti", "deadly"), ("siti", "second"))
    for _ in range(ENDS):
        await desk.store.transact(lambda tx: inbox.take(tx, START, 9))
        await desk.inbox.recover()
    await desk.settle()
    assert desk.handled == ["second"]
    assert await desk.states() == {"quarantined": 1, "done": 1}
    assert await desk.queued() == [("chat/sorry", "siti"), ("status/no_such_person", "siti")]


async def hold(desk: Desk, chat: str) -> None:
    """A message waits until somebody writes."""

    def put(tx: Tx) -> None:
        out = Outgoing(Address(memory.NAME, chat), "status/no_such_person", {"name": "x"}, key="held")
        outbox.put(tx, START, out)
        (head,) = outbox.heads(tx, memory.NAME, START, 9)
        holding.shelve(tx, head, START)

    await desk.store.transact(put)


async def is_let_go(desk: Desk) -> bool:
    """Whether it leaves now."""
    fate = await desk.store.transact(lambda tx: outbox.fate(tx, "held"))
    assert fate is not None
    return fate.status == "ready"


WINDOW = (START + timedelta(days=1)).isoformat()


async def test_whose_words_could_not_be_handled_still_gets_what_was_held_for_them(desk: Desk) -> None:
    await hold(desk, "siti")
    desk.failures["broken"] = ValueError("a bug")
    await desk.inbox.accept([memory.arrival("siti", START, 1, text="broken", window=WINDOW)])
    await desk.settle()
    assert await desk.states() == {"quarantined": 1}
    assert await is_let_go(desk)


async def test_who_writes_under_a_new_name_gets_what_was_held_under_an_older_one(desk: Desk) -> None:
    await hold(desk, "number")
    await desk.inbox.accept(
        [memory.arrival("siti", START, 1, text="halo", window=WINDOW, aliases=["number"])]
    )
    await desk.settle()
    assert await is_let_go(desk)
    assert await desk.store.transact(lambda tx: windows.is_open(tx, memory.NAME, "number", START))


async def test_who_was_in_hand_beside_a_deadly_event_is_handled_all_the_same(desk: Desk) -> None:
    people = [f"u{number}" for number in range(9)]
    await desk.accept(
        *((who, "halo") for who in people[:4]), ("siti", "deadly"), *((who, "halo") for who in people[4:])
    )
    died = 0
    while set(await desk.states()) != {"done", "quarantined"}:
        if not desk.inbox._taken:
            desk.inbox._taken, _ = await desk.store.transact(desk.inbox._take)
        if any(event.id == 5 and event.attempts <= ENDS for event in desk.inbox._taken):
            died += 1
            desk.inbox = desk.made({memory.NAME: Memory().parse})
            await desk.inbox.recover()
        else:
            await desk.inbox.once()
    assert died == ENDS
    assert len(desk.handled) == len(people)
    assert await desk.states() == {"done": 9, "quarantined": 1}


async def test_what_could_not_be_committed_is_not_accepted(desk: Desk) -> None:
    desk.shaky.fails_at = {1}
    with pytest.raises(sqlite3.OperationalError):
        await desk.accept(("siti", "halo"))
    assert await desk.states() == {}


@pytest.mark.slow
@pytest.mark.parametrize("fails_at", [{2}, {3}, {4}, {5}, {6}, {7}, {2, 3, 4}, {5, 6}], ids=str)
async def test_a_disk_that_fails_for_a_moment_loses_nothing_and_needs_no_restart(
    desk: Desk, fails_at: set[int]
) -> None:
    await desk.accept(("siti", "first"), ("siti", "second"), ("budi", "halo"))
    desk.shaky.fails_at, desk.wanted = fails_at, 3
    stop = asyncio.Event()
    running = asyncio.create_task(desk.inbox.run(stop))
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait(
            [running, asyncio.ensure_future(desk.done.wait())], return_when=asyncio.FIRST_COMPLETED
        )
    stop.set()
    await running
    assert Counter(desk.handled) == {"first": 1, "second": 1, "halo": 1}
    assert await desk.states() == {"done": 3}


async def no_space(store: Store) -> None:
    """Fill the database to its last page, and let it grow no further."""
    await store.transact(
        lambda tx: tx.one(f"PRAGMA max_page_count={int(tx.one('PRAGMA page_count')[0])}") and None
    )
    for size in (3000, 300, 30, 3):
        with suppress(sqlite3.OperationalError):
            while True:
                await store.transact(
                    lambda tx, n=size: tx.run("INSERT INTO meta VALUES (hex(randomblob(8)), :x)", x="x" * n)  # type: ignore[misc]
                )


async def space_again(store: Store) -> None:
    """The disk has room."""
    await store.transact(lambda tx: tx.one("PRAGMA max_page_count=1000000") and None)


@pytest.mark.slow
async def test_forty_people_who_wait_while_the_disk_is_full_are_each_answered_once(desk: Desk) -> None:
    await desk.accept(*((f"u{n}", f"halo {n}") for n in range(40)))
    await no_space(desk.store)
    desk.shaky.awaited, desk.wanted = 6 * 40, 10**6  # six looks, one a second, all in vain
    stop = asyncio.Event()
    running = asyncio.create_task(desk.inbox.run(stop))
    async with asyncio.timeout(PATIENCE):
        await desk.shaky.heard.wait()
        assert desk.inbox.whole is False
        await space_again(desk.store)
        desk.handled.clear()  # what was undone
        desk.wanted = 40
        await desk.done.wait()
        stop.set()
        await running
    assert Counter(desk.handled) == {f"halo {n}": 1 for n in range(40)}
    assert await desk.states() == {"done": 40}
    assert sorted(await desk.queued()) == sorted(("status/no_such_person", f"u{n}") for n in range(40))


async def test_a_damaged_event_is_put_aside_and_stops_no_other(desk: Desk) -> None:
    await desk.accept(("siti", "first"), ("siti", "second"), ("budi", "halo"))
    damage = "UPDATE inbox SET body = x'01' || zeroblob(40) WHERE id = 1"
    await desk.store.transact(lambda tx: tx.run(damage))
    await desk.settle()
    assert sorted(desk.handled) == ["halo", "second"]
    assert await desk.states() == {"quarantined": 1, "done": 2}


async def test_an_event_is_handled_as_soon_as_it_comes(desk: Desk) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(desk.inbox.run(stop))
    desk.wanted = 1
    await desk.accept(("siti", "halo"))
    async with asyncio.timeout(PATIENCE):
        await desk.done.wait()
        stop.set()
        await running
    assert desk.inbox.bell.is_set()


async def test_each_answer_carries_the_key_of_its_event(desk: Desk) -> None:
    await desk.accept(("siti", "halo"))
    await desk.settle()
    key = await desk.store.transact(lambda tx: tx.one("SELECT key FROM outbox")["key"])
    assert key == "u:memory:1:0"
