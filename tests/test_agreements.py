"""Agreements that end: who hears of it, and when nobody does any more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.offices import Role
from bot.store import agreements
from bot.store.agreements import Agreement
from bot.store.database import Tx
from tests.world import World

pytestmark = pytest.mark.slow

KUKAR = "64.02"
OLD = Agreement(KUKAR, "415.4/12/PKS/2024", date(2024, 3, 10), date(2027, 1, 31), "perangkat desa")
SIXTY = datetime(2026, 12, 2, 1, tzinfo=UTC)  # 09.00 in Kutai Kartanegara


async def kept(here: World, *found: Agreement) -> None:
    def keep(tx: Tx) -> None:
        for one in found:
            agreements.add(tx, one, 1, here.clock.now())

    await here.store.transact(keep)


def later(until: date) -> Agreement:
    return Agreement(KUKAR, "415.4/3/PKS/2027", date(2026, 12, 1), until, "perangkat desa")


async def office(here: World) -> None:
    for user, role in (("yuni", Role.ADMIN), ("bambang", Role.OPERATOR)):
        await here.appoint(user, user, role, KUKAR)


@pytest.mark.slow
async def test_the_administrators_hear_of_the_end_thrice(here: World) -> None:
    await office(here)
    await kept(here, OLD)
    letters = await here.move(datetime(2027, 2, 5, tzinfo=UTC))
    told = [letter.to.chat for letter in letters if "PKS" in letter.text]
    assert told == ["yuni"] * 3


@pytest.mark.slow
async def test_a_newer_agreement_that_reaches_further_ends_it(here: World) -> None:
    await office(here)
    await kept(here, OLD)
    here.clock.move(SIXTY)
    await here.engine.schedule.tick()
    await kept(here, later(date(2028, 12, 31)))
    await here.engine.settle()
    assert here.new() == []
    assert await here.move(datetime(2027, 2, 5, tzinfo=UTC)) == []


async def test_one_that_ends_sooner_does_not(here: World) -> None:
    await office(here)
    await kept(here, OLD, later(date(2026, 12, 31)))
    assert len(await here.move(SIXTY + timedelta(hours=1))) == 1


async def test_who_left_the_office_hears_nothing(here: World) -> None:
    await office(here)
    await kept(here, OLD)
    here.clock.move(SIXTY)
    await here.engine.schedule.tick()
    await here.store.transact(lambda tx: tx.run("UPDATE official SET until = '2026-12-01'"))
    await here.engine.settle()
    assert here.new() == []


async def test_the_one_that_reaches_furthest_stands_first(here: World) -> None:
    await office(here)
    await kept(here, OLD, later(date(2028, 12, 31)))
    found = await here.store.transact(lambda tx: agreements.of_district(tx, KUKAR))
    assert [one.until.year for one in found] == [2028, 2027]
    assert await here.store.transact(lambda tx: agreements.of_district(tx, "61.08")) == []
