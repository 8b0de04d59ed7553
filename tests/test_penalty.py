"""The estimate of what being late may cost: off unless a district switches it on, and always an estimate."""

from datetime import UTC, datetime

import pytest

from bot.domain.offices import Role
from bot.store import decisions
from bot.store.database import Tx
from tests.test_schedule import insured
from tests.world import PERIAN, START, World

ON = {
    "district": "64.02", "percent": "2", "enabled": True, "effective_from": "2026-11-01",
    "source": "PP 44/2015", "certainty": "M-med",
}  # fmt: skip


@pytest.mark.parametrize("switched_on", [False, True])
async def test_it_is_shown_only_where_the_district_wants_it(here: World, switched_on: bool) -> None:
    await insured(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)

    def decide(tx: Tx) -> None:
        decisions.decide(tx, "64.02", "penalty", ON, (1, START))

    if switched_on:
        await here.store.transact(decide)
    here.clock.move(datetime(2027, 1, 20, 2, tzinfo=UTC))
    await here.engine.schedule.tick()
    told = (await here.says("darma", "mengapa"))[-1].text
    assert ("Perkiraan denda" in told) == switched_on
    if switched_on:  # Rp10.920, two begun months late at 2 percent each
        assert "denda sampai hari ini Rp437;" in told
