"""Work that waits: done outside any transaction, its result heard exactly once."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import ledger
from bot.channels import memory
from bot.clock import ManualClock
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.errors import GiveUp, TryLater, Unreadable
from bot.jobs import CHANNEL, ENDS, TRIES, WAIT, Done, Worker, parse
from bot.messages import Address, Incoming
from bot.store import jobs, payments
from bot.store.database import Store
from bot.store.payments import New
from handlers import LARGEST_PROOF
from tests.needs import PATIENCE
from tests.test_inbox import no_space, space_again
from tests.test_schedule import insured, wita
from tests.world import PERIAN, START, World, laid, rulebook

pytestmark = pytest.mark.slow

ASKED = Incoming(Address(memory.NAME, "darma", "7"), "darma", "1", START)


class Bench:
    """A worker whose work does as it is told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = ManualClock(START)
        self.outcomes: list[Exception | Done] = []
        self.begun: list[Mapping[str, Any]] = []
        self.space_at = 0  # the try before which the full disk has room again
        self.worker = Worker(store, self.clock, {"proof": self.work})

    async def work(self, args: Mapping[str, Any]) -> Done:
        """The next outcome; done when there is none left."""
        self.begun.append(args)
        if len(self.begun) == self.space_at:
            await space_again(self.store)
        outcome = self.outcomes.pop(0) if self.outcomes else Done({"size": 1}, b"a photo.", "image/jpeg")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def add(self, *numbers: int, kind: str = "proof") -> None:
        """Jobs with these numbers as argument."""
        for number in numbers:
            await self.store.transact(lambda tx, n=number: jobs.add(tx, kind, ASKED, {"number": n}, START))

    async def finish(self) -> None:
        """Let pass the time that failures wait, until nothing is left."""
        for _ in range(TRIES + 2):
            while await self.worker.once():
                pass
            self.clock.move(self.clock.now() + WAIT)

    async def cut_off(self) -> None:
        """The process ends with the oldest job in hand, and starts again."""
        self.clock.move(self.clock.now() + WAIT)
        await self.store.transact(lambda tx: jobs.take(tx, self.clock.now()))
        await self.worker.recover()

    async def heard(self) -> list[Incoming]:
        """What came into the inbox."""
        sql = "SELECT body FROM inbox WHERE channel = :channel ORDER BY id"
        rows = await self.store.transact(lambda tx: tx.all(sql, channel=CHANNEL))
        return [parse(self.store.vault.open_bytes("inbox.body", row["body"])) for row in rows]

    async def states(self) -> list[str]:
        """The state of each job."""
        return [
            r["state"]
            for r in await self.store.transact(lambda tx: tx.all("SELECT state FROM job ORDER BY id"))
        ]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A bench over an empty store."""
    async with laid(tmp_path / "payung.db") as store:
        yield Bench(store)


async def test_a_result_comes_back_into_the_conversation_that_asked(bench: Bench) -> None:
    await bench.add(1)
    await bench.finish()
    (heard,) = await bench.heard()
    assert (heard.address, heard.sender, heard.shape) == (ASKED.address, "darma", "job:proof")
    assert heard.result["number"] == heard.result["size"] == 1
    conversation = await bench.store.transact(lambda tx: tx.one("SELECT conversation FROM inbox")[0])
    assert conversation == ASKED.address.conversation


async def test_a_file_is_kept_sealed_and_named_by_its_number(bench: Bench) -> None:
    await bench.add(1)
    await bench.finish()
    kept = (await bench.heard())[0].result["kept"]
    body = await bench.store.transact(
        lambda tx: tx.one("SELECT body FROM file WHERE id = :id", id=kept)["body"]
    )
    assert b"a photo." not in body
    assert bench.store.vault.open_bytes("file.body", body) == b"a photo."


async def test_jobs_are_done_in_order_and_once(bench: Bench) -> None:
    await bench.add(1, 2, 3)
    await bench.finish()
    assert [args["number"] for args in bench.begun] == [1, 2, 3]
    assert await bench.states() == ["done"] * 3


@pytest.mark.parametrize(
    "failure", [TryLater("busy"), OSError("network"), TimeoutError(), ZeroDivisionError()]
)
async def test_what_failed_is_tried_again_later_and_then_works(bench: Bench, failure: Exception) -> None:
    bench.outcomes = [failure, failure]
    await bench.add(1)
    await bench.worker.once()
    assert not await bench.worker.once()  # it waits
    await bench.finish()
    assert len(bench.begun) == TRIES
    assert "kept" in (await bench.heard())[0].result


@pytest.mark.parametrize(
    "failure", [TryLater("busy"), OSError("network"), ZeroDivisionError("6402015708850003")]
)
async def test_after_three_tries_the_person_is_told(bench: Bench, failure: Exception) -> None:
    bench.outcomes = [failure] * 9
    await bench.add(1, 2)
    await bench.finish()
    await bench.finish()
    assert len(bench.begun) == 2 * TRIES
    heard = await bench.heard()
    assert [bool(each.result["failed"]) for each in heard] == [True, True]
    assert "6402015708850003" not in json.dumps([dict(each.result) for each in heard])


async def test_what_can_never_work_is_told_at_once(bench: Bench) -> None:
    bench.outcomes = [GiveUp("too large")]
    await bench.add(1)
    await bench.finish()
    assert len(bench.begun) == 1
    assert (await bench.heard())[0].result["failed"] == "too large"


async def test_a_kind_of_work_nobody_knows_stops_no_other(bench: Bench) -> None:
    await bench.add(1, kind="alchemy")
    await bench.add(2)
    await bench.finish()
    assert await bench.states() == ["failed", "done"]


async def test_what_a_killed_process_was_doing_is_begun_again(bench: Bench) -> None:
    await bench.add(1)
    await bench.store.transact(lambda tx: jobs.take(tx, START))
    assert not await bench.worker.once()
    await bench.worker.recover()
    await bench.finish()
    assert await bench.states() == ["done"]
    assert len(await bench.heard()) == 1


async def test_a_job_on_which_the_process_dies_each_time_is_given_up(bench: Bench) -> None:
    await bench.add(1)
    for _ in range(ENDS):
        await bench.cut_off()
    await bench.finish()
    assert bench.begun == []
    assert await bench.states() == ["failed"]
    assert (await bench.heard())[0].result["failed"]


async def test_ends_of_the_process_use_up_no_tries(bench: Bench) -> None:
    bench.outcomes = [TryLater("busy")] * (TRIES - 1)
    await bench.add(1)
    for _ in range(ENDS - 1):
        await bench.cut_off()
    await bench.finish()
    assert len(bench.begun) == TRIES
    assert await bench.states() == ["done"]


async def test_a_job_in_hand_at_two_ends_lets_others_go_first(bench: Bench) -> None:
    await bench.add(1, 2)
    for _ in range(2):
        await bench.cut_off()
    await bench.worker.once()
    assert not await bench.worker.once()
    bench.clock.move(bench.clock.now() + WAIT)
    await bench.worker.once()
    assert [args["number"] for args in bench.begun] == [2, 1]


async def test_a_job_is_done_as_soon_as_the_bell_rings(bench: Bench) -> None:
    bell, stop, heard = asyncio.Event(), asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(bench.worker.run(bell, stop, heard.set))
    await bench.add(1)
    bell.set()
    async with asyncio.timeout(PATIENCE):
        await heard.wait()
        stop.set()
        await running
    assert await bench.states() == ["done"]


@pytest.mark.slow
@pytest.mark.parametrize("looks", [1, 2, TRIES + 2])
async def test_a_job_that_meets_a_full_disk_is_done_when_there_is_space(bench: Bench, looks: int) -> None:
    bell, stop, heard = asyncio.Event(), asyncio.Event(), asyncio.Event()
    await bench.add(1)
    bench.outcomes = [Done({"size": 1}, bytes(200_000), "image/jpeg") for _ in range(looks + 1)]
    await no_space(bench.store)
    bench.space_at = looks + 1
    running = asyncio.create_task(bench.worker.run(bell, stop, heard.set))
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait(
            [running, asyncio.ensure_future(heard.wait())], return_when=asyncio.FIRST_COMPLETED
        )
    stop.set()
    await running
    assert await bench.states() == ["done"]
    (result,) = await bench.heard()
    assert "kept" in result.result


async def test_a_damaged_job_ends_and_stops_no_other(bench: Bench) -> None:
    await bench.add(1, 2)
    await bench.store.transact(lambda tx: tx.run("UPDATE job SET args = x'01' || zeroblob(40) WHERE id = 1"))
    await bench.worker.once()
    await bench.worker.once()
    assert await bench.states() == ["failed", "done"]


async def test_a_photo_becomes_the_proof_of_the_month_that_was_reported(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = b"a photo."
    letters = await here.says("darma", shape="photo", file={"id": "f1", "size": 8})
    assert len(letters) == 1
    assert await _proofs(here) == [1]


async def test_a_photo_read_days_later_belongs_to_the_report_it_was_sent_with(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = b"a photo."
    sent = here.clock.now()
    here.clock.move(sent + timedelta(days=3))  # the bot was down
    letters = await here.says("darma", shape="photo", file={"id": "f1", "size": 8}, sent=sent)
    assert len(letters) == 1
    assert await _proofs(here) == [1]
    here.clock.move(here.clock.now() + timedelta(days=1))
    await here.says("darma", shape="photo", file={"id": "f1", "size": 8})  # sent today: of what is it?
    assert await _proofs(here) == [1]


async def test_a_proof_that_is_too_large_is_refused_before_it_is_fetched(here: World) -> None:
    await _reported(here)
    letters = await here.says("darma", shape="photo", file={"id": "f1", "size": LARGEST_PROOF + 1})
    assert len(letters) == 1
    assert await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM job")[0]) == 0


async def test_a_proof_larger_than_the_platform_said_is_not_kept(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = bytes(LARGEST_PROOF + 1)
    letters = await here.says("darma", shape="photo", file={"id": "f1", "size": 8})
    assert len(letters) == 1
    assert await _proofs(here) == []


async def test_a_file_that_is_gone_is_told(here: World) -> None:
    await _reported(here)
    letters = await here.says("darma", shape="photo", file={"id": "gone", "size": 8})
    for _ in range(TRIES):
        here.clock.move(here.clock.now() + timedelta(minutes=1))
        await here.engine.settle()
    letters += here.new()
    assert len(letters) == 1
    assert await _proofs(here) == []


async def test_a_proof_of_the_next_month_is_kept_too_when_the_first_is_long_forgotten(here: World) -> None:
    await _reported(here)
    here.channel.files |= {"f1": b"a photo.", "f2": b"another one"}
    await here.says("darma", shape="photo", file={"id": "f1", "size": 8})
    here.clock.move(START + timedelta(days=30))
    await here.engine.schedule.tick()
    assert await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM job")[0]) == 0
    december = New(PERIAN, ledger.PU, Month(2026, 12))
    await here.store.transact(lambda tx: ledger.report(tx, december, 1, here.clock.now()))
    here.new()
    (letter,) = await here.says("darma", shape="photo", file={"id": "f2", "size": 8})
    assert "Desember 2026" in letter.text
    assert len(set(await _proofs(here))) == 2


async def test_a_photo_two_days_after_the_report_is_asked_about(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = b"a photo."
    here.clock.move(START + timedelta(days=2))
    (letter,) = await here.says("darma", shape="photo", file={"id": "f1", "size": 8})
    assert "tersimpan" not in letter.text
    assert letter.choices[0].label == "Iuran November 2026"
    assert await _proofs(here) == []
    assert await _files(here) == 0


async def test_a_photo_that_is_no_proof_is_not_kept(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = b"a photo."
    here.clock.move(START + timedelta(days=2))
    await here.says("darma", shape="photo", file={"id": "f1", "size": 8})
    await here.presses("darma", "Bukan bukti bayar")
    assert await _proofs(here) == []
    assert await _files(here) == 0


async def test_an_album_is_asked_about_once(here: World) -> None:
    await _reported(here)
    here.clock.move(START + timedelta(days=2))
    here.channel.files |= {f"f{n}": b"a photo." for n in range(3)}
    photos = [
        memory.arrival("darma", here.clock.now(), 900 + n, shape="photo", file={"id": f"f{n}", "size": 8})
        for n in range(3)
    ]
    await here.engine.inbox.accept(photos)
    await here.engine.settle()
    (letter,) = here.new()
    assert letter.choices[0].label == "Iuran November 2026"
    assert await _files(here) == 0


async def test_a_photo_of_the_same_day_by_somebody_else_is_asked_about(here: World) -> None:
    await _reported(here)
    await here.appoint("ratna", "Ratna Dewi", Role.SECRETARY, PERIAN)
    here.channel.files["f1"] = b"a photo."
    (letter,) = await here.says("ratna", shape="photo", file={"id": "f1", "size": 8})
    assert letter.choices
    assert await _proofs(here) == []


async def test_a_report_withdrawn_while_its_photo_is_fetched_keeps_no_proof(here: World) -> None:
    await _reported(here)
    here.channel.files["f1"] = b"a photo."
    event = memory.arrival("darma", START, 900, shape="photo", file={"id": "f1", "size": 8})
    await here.engine.inbox.accept([event])
    await here.engine.inbox.once()
    await here.store.transact(lambda tx: payments.withdraw(tx, 1, 1))
    await here.engine.settle()
    (letter,) = here.new()
    assert "tersimpan" not in letter.text
    assert await _proofs(here) == []
    acts = "SELECT COUNT(*) FROM audit WHERE action = 'prove_payment'"
    assert await here.store.transact(lambda tx: tx.one(acts)[0]) == 0
    here.clock.move(wita(20, 12))
    await here.engine.schedule.tick()
    assert await _files(here) == 0


async def test_an_officer_who_left_while_their_photo_is_fetched_proves_nothing(here: World) -> None:
    await _reported(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, "64.02.01.2002")
    here.channel.files["f1"] = b"a photo."
    event = memory.arrival("darma", START, 900, shape="photo", file={"id": "f1", "size": 8})
    await here.engine.inbox.accept([event])
    await here.engine.inbox.once()
    leave = "UPDATE official SET until = '2026-11-22' WHERE village = :village"
    await here.store.transact(lambda tx: tx.run(leave, village=PERIAN))
    await here.engine.settle()
    assert await _proofs(here) == []


async def _files(here: World) -> int:
    count: int = await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM file")[0])
    return count


async def _reported(here: World) -> None:
    await insured(here)
    person = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    november = New(PERIAN, ledger.PU, Month(2026, 11))
    await here.store.transact(lambda tx: ledger.refresh(tx, rulebook(), PERIAN, november.month, START))
    await here.store.transact(lambda tx: ledger.report(tx, november, person, START))


async def _proofs(here: World) -> list[int]:
    sql = "SELECT proof FROM payment WHERE proof IS NOT NULL"
    return [row["proof"] for row in await here.store.transact(lambda tx: tx.all(sql))]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"5", b"{}", b"[" * 50_000, b'{"args":{}}',
        b'{"kind":"x","facts":{},"at":"2026-11-23T00:00:00+00:00","args":{"to":["memory",["siti"],""],"sender":"siti"}}',
        b'{"kind":"x","facts":{},"at":"2026-11-23T00:00:00+00:00","args":{"to":["memory"],"sender":"siti"}}',
        b'{"kind":"x","facts":[1],"at":"2026-11-23T00:00:00+00:00","args":{"to":["memory","siti",""],"sender":"siti"}}',
        b'{"kind":"x","facts":{},"at":"today","args":{"to":["memory","siti",""],"sender":"siti"}}',
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_read_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable, match="result of a job"):
        parse(body)
