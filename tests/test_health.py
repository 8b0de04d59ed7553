"""What a monitor sees: well, or not and why."""

from datetime import datetime, timedelta

import pytest

from bot.channels import memory
from bot.domain.offices import Role
from bot.health import TICK, Health
from bot.messages import Address, Arrival, Incoming, Outgoing
from bot.rivals import Rivals
from bot.schedule import EVERY
from bot.store import jobs, outbox
from tests.test_schedule import insured
from tests.world import World


def health(here: World, problem: str = "") -> Health:
    """The health of a world, with one channel that has this problem."""
    return Health(here.store, here.clock, lambda: here.engine.schedule.last_tick, {"memory": lambda: problem})


async def test_all_is_well(here: World) -> None:
    assert await health(here).look() == {
        "ok": True,
        "problems": [],
        "notices": [],
        "inbox": {},
        "outbox": {},
        "jobs": {},
    }


async def test_a_clock_that_stopped_is_told(here: World) -> None:
    here.clock.move(here.clock.now() + TICK + timedelta(seconds=1))
    found = await health(here).look()
    assert found["problems"] == ["the clock does not tick"]
    await here.engine.schedule.tick()
    assert (await health(here).look())["ok"]


async def test_a_clock_that_never_ticked_is_told(here: World) -> None:
    never = Health(here.store, here.clock, lambda: None, {})
    assert not (await never.look())["ok"]


async def test_a_channel_in_trouble_is_told(here: World) -> None:
    found = await health(here, "the token is refused").look()
    assert found["problems"] == ["memory: the token is refused"]


async def test_a_village_that_cannot_be_reckoned_is_told(here: World) -> None:
    await insured(here)
    await here.store.transact(lambda tx: tx.run("UPDATE service SET category = 'nobody'"))
    await here.move(here.clock.now() + timedelta(days=9), timedelta(hours=12))
    found = await health(here).look()
    assert found["problems"] == ["ledger: 1 villages could not be reckoned"]
    await here.store.transact(lambda tx: tx.run("UPDATE service SET category = 'perangkat'"))
    await here.move(here.clock.now() + timedelta(days=1), timedelta(hours=12))
    assert (await health(here).look())["ok"]


async def test_what_was_put_aside_is_told_for_a_day(here: World) -> None:
    await here.engine.inbox.accept([Arrival(memory.NAME, "0", "memory:siti", b"{}")])
    await here.settle()
    found = await health(here).look()
    assert found["notices"] == ["inbox: 1 of the last 24 hours quarantined, the log says why"]
    assert found["ok"]
    await here.move(here.clock.now() + timedelta(hours=25))
    assert (await health(here).look())["notices"] == []


async def test_what_waits_is_counted_by_state(here: World) -> None:
    out = Outgoing(Address(memory.NAME, "siti"), "status/no_such_person", {"name": "Siti"}, key="x")
    await here.engine.inbox.accept([memory.arrival("siti", here.clock.now(), 1, text="halo")])
    asked = Incoming(out.to, "siti", "1", here.clock.now())
    await here.store.transact(lambda tx: outbox.put(tx, here.clock.now(), out))
    await here.store.transact(lambda tx: jobs.add(tx, "proof", asked, {}, here.clock.now()))
    found = await health(here).look()
    assert found["ok"]
    assert found["inbox"]["new"]["count"] == found["outbox"]["ready"]["count"] == 1
    assert found["jobs"]["ready"]["count"] == 1
    assert "Siti" not in str(found)


@pytest.mark.parametrize(("problem", "status", "up"), [("", 200, "1.0"), ("away", 503, "0.0")])
async def test_the_pages_say_so_to_machines(here: World, problem: str, status: int, up: str) -> None:
    looks = health(here, problem)
    answers = [await page(None) for page in (looks.page, looks.metrics)]  # type: ignore[arg-type]
    assert answers[0].status_code == status
    shown = bytes(answers[1].body).decode()
    assert f"payung_ok {up}" in shown
    assert f'payung_part_ok{{part="memory"}} {up}' in shown


async def test_the_pages_stand_where_monitors_look(here: World) -> None:
    assert [route.path for route in health(here).routes()] == ["/healthz", "/metrics"]


async def test_another_program_with_our_token_is_told_to_each_administrator_once_a_day(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    await here.appoint("opi", "Opi Sutarno", Role.OPERATOR, "64.02")
    refused: list[datetime] = []
    here.engine.schedule.add("rivals", Rivals(lambda: max(refused, default=None), ["64.02", "61.08"]).plan)
    assert await here.move(here.clock.now() + timedelta(minutes=5), EVERY) == []
    refused.append(here.clock.now())
    told = await here.move(here.clock.now() + EVERY, EVERY)
    assert sorted(letter.to.chat for letter in told) == ["bima", "yuni"]
    assert all("Program lain" in letter.text for letter in told)
    for minutes in range(1, 9):
        refused.append(here.clock.now())
        assert await here.move(here.clock.now() + timedelta(minutes=minutes), EVERY) == []
    here.clock.move(here.clock.now() + timedelta(days=1))
    assert await here.move(here.clock.now() + EVERY, EVERY) == []  # it was long ago
    refused.append(here.clock.now())
    assert len(await here.move(here.clock.now() + EVERY, EVERY)) == 2
