"""Broken events by the whole way in: a short run of the bench, and that it would find fault."""

import io
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench import fuzz, planted, table
from bench.mutations import JUNK, Mutator
from bot import logs
from bot.channels.telegram_updates import NAME as TELEGRAM
from bot.messages import Arrival
from bot.store.database import open_store

CPU = 8.0  # seconds, for the whole run


@pytest.fixture(autouse=True)
def _log_as_before() -> AsyncIterator[None]:
    yield
    logs.setup("info", io.StringIO())


@pytest.mark.slow
async def test_two_thousand_broken_events_hold_nobody_up_and_tell_nothing(tmp_path: Path) -> None:
    begun = time.process_time()
    found = await fuzz.run(tmp_path, cases=2_000, seed=11)
    assert (found.wrong, found.stuck, found.leaked) == ([], [], [])
    assert found.cases == 2_000
    assert found.honest == 2 * 2_000 // fuzz.EVERY
    assert min(found.states["done"], found.states["quarantined"], found.door[400], found.answers) > 50
    assert time.process_time() - begun < 3 * CPU  # measured: under 8; tests run beside each other


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[fuzz.Fuzz]:
    async with open_store(tmp_path / "fuzz.db", planted.vault()) as store:
        made = fuzz.Fuzz(store, 1)
        logs.setup("debug", made.log)
        await made.prepare()
        yield made


async def test_what_is_told_to_the_log_is_found(one: fuzz.Fuzz) -> None:
    await one.honestly(1)
    assert one.found.held
    logs.get("x").debug("heard", text=f"halo {one.people[0].name}")
    await one.honestly(2)
    assert len(one.found.leaked) == 1
    assert not one.found.held


async def test_an_event_without_an_end_is_found(one: fuzz.Fuzz) -> None:
    await one.engine.inbox.accept([Arrival(TELEGRAM, "9", f"{TELEGRAM}:9", b"{}")])
    await one.store.transact(
        lambda tx: tx.run("UPDATE inbox SET not_before = '9999-01-01T00:00:00.000000+00:00'")
    )
    await one.honestly(1)
    assert "events are left: {'new': 1}" in one.found.stuck[-1]


async def test_who_is_not_answered_is_found(one: fuzz.Fuzz) -> None:
    one.sink.take = lambda _letter: ""  # type: ignore[method-assign]
    await one.honestly(1)
    assert len(one.found.stuck) == 2


async def test_an_exception_of_ours_on_a_platform_is_found(one: fuzz.Fuzz) -> None:
    one.engine.inbox.handle = lambda _event, _tx: 1 // 0  # type: ignore[method-assign]
    await one.some(0, 5)
    for _ in range(3):
        await one.honestly(1)
    await one.close()
    assert any("ended by ZeroDivisionError" in line for line in one.found.wrong)


def test_every_way_of_breaking_gives_bytes_and_the_same_seed_the_same() -> None:
    trees = ({"a": [1, {"b": "x"}], "c": None}, ["y"])

    def made() -> list[bytes]:
        mutator = Mutator(random.Random(3), (7001,), trees)
        return [mutator.broken(trees[at % 2]) for at in range(3_000)]

    found = made()
    assert found == made()
    assert any(b"[" * 20_000 in body for body in found)
    assert any(body.count(b'"a"') == 2 for body in found)
    assert any(b"0" * 5_000 in body for body in found)
    assert any(b"\xff\xfe" in body for body in found)
    assert len({*found}) > len(JUNK)


def test_a_fault_makes_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert table.told("x", 5, 1.0) == 0
    assert table.told("x", 5, 1.0, lost=1) == 1
    assert table.told("x", 5, 1.0, held=False) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        '{"what": "x", "runs": 5, "lost": 0, "wrong": 0, "leaked": 0, "stuck": 0, "held": true, "seconds": 1.0}'
    )
