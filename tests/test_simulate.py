"""The simulation and the schedules of faults: short runs that hold, and judges that find what does not."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench import faults, invariants, simulate
from bench.rig import prepared
from bench.weather import Seen, Weather
from bot.clock import ManualClock
from bot.messages import Address, Letter
from bot.store import records
from bot.store.records import Act
from tests.world import START, World, rulebook


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_simulated_year_breaks_nothing_and_meets_every_kind_of_fault(seed: int) -> None:
    found = simulate.live(seed, 0.1, 12)
    assert found.broken == []
    assert found.sent > found.events > 40
    assert found.restarts > 3
    assert {"storm:busy", "storm:broken", "storm:lost", "storm:hole", "tear", "disk"} <= set(found.faults)


@pytest.mark.slow
def test_the_same_seed_lives_the_same_again() -> None:
    one, again = (simulate.live(3, 0.03, 8) for _ in range(2))
    assert (one.events, one.sent, one.steps, one.faults) == (
        again.events,
        again.sent,
        again.steps,
        again.faults,
    )


@pytest.mark.parametrize(
    "damage, number",
    [
        ("UPDATE inbox SET state = 'taken'", "I1"),
        ("UPDATE outbox SET status = 'sent'", "I3"),
        ("DELETE FROM inbox", "I3"),
        ("UPDATE outbox SET unknowns = 4", "I7"),
        ("UPDATE audit SET object = 'x' WHERE seq = 1", "I10"),
        (
            "INSERT INTO official (person, role, district, since) VALUES (99, 'admin', '64.02', '2026-01-01')",
            "I7",
        ),
        ("INSERT INTO meta VALUES ('x', '6402010101850001')", "I9"),
    ],
)
async def test_an_invariant_that_does_not_hold_is_found(here: World, damage: str, number: str) -> None:
    ground = invariants.Ground(rulebook(), Seen(), here.store.path.parent)
    await here.says("siti", "halo")
    ground.accepted = {"1"}
    ground.seen.copies.update({letter.key: 1 for letter in here.sent})
    await here.store.transact(lambda tx: records.note(tx, START, Act(None, "x", "y", {})))
    look = partial(invariants.broken, ground=ground, now=here.clock.now() + timedelta(hours=1), deep=True)
    assert await here.store.transact(look) == []
    ground.accepted, ground.since = {"1"}, ""
    with closing(sqlite3.connect(here.store.path, isolation_level=None)) as other:
        other.execute("INSERT INTO outbox (key, channel, chat, thread, lane, kind, template, body, public, repeatable, "
                      "reason, status, not_before, expires_at, created_at) VALUES ('p', 'memory', 'x', '', 2, 'text', "
                      "'', x'', 0, 0, '', 'cancelled', '', '', '2027')")  # fmt: skip
        other.execute(damage)
    assert number in {line.split()[0] for line in await here.store.transact(look)}


async def test_what_is_brought_again_after_days_is_not_lost(here: World) -> None:
    ground = invariants.Ground(rulebook(), Seen(), here.store.path.parent)
    await here.says("siti", "halo")
    ground.accepted, ground.since = {"1"}, "2027-06-01"
    ground.seen.copies.update({letter.key: 1 for letter in here.sent})
    look = partial(invariants.broken, ground=ground, now=here.clock.now() + timedelta(hours=1), deep=True)
    assert await here.store.transact(look) == []
    ground.accepted, ground.since = {"1", "2"}, "2027-06-01"
    assert await here.store.transact(look) == ["I3 accepted and lost: 2"]


def test_a_message_that_comes_too_often_too_late_or_with_a_nik_is_found() -> None:
    asyncio.run(_arrives())


async def _arrives() -> None:
    clock = ManualClock(START)
    weather = Weather(clock, {"siti": "64.02"}, 1)
    rows = {"id": 7, "channel": "memory", "chat": "siti", "lane": 2, "repeatable": 0, "public": 0,
            "expires_at": (START - timedelta(minutes=1)).isoformat()}  # fmt: skip
    weather.store = Only(rows)  # type: ignore[assignment]
    letter = Letter(Address("memory", "siti"), "NIK 6402015708850003", key="u:1")
    for _ in range(2):
        await weather._deliver(letter)
    rows["id"] = 6
    await weather._deliver(replace(letter, key="u:0"))
    assert {line.split()[0] for line in weather.seen.wrong} == {"I4", "I6", "I9", "I12"}


class Only:
    """A store in which every query finds this row."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row

    def one(self, _sql: str, **_values: Any) -> dict[str, Any]:
        """As `Tx.one`."""
        return self.row

    async def read(self, function: Any) -> Any:
        """As `Store.read`."""
        return function(self)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["F1", "F3", "F6", "F7", "F12", "F13"])
def test_a_schedule_of_faults_holds(made: Path, tmp_path: Path, name: str) -> None:
    play = next(one.play for one in faults.ALL if one.name == name)
    found = play(made, tmp_path)
    assert found.holds, found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that every schedule begins with."""
    return prepared(tmp_path_factory.mktemp("made"))
