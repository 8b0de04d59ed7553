"""Villages whose contributions the district's treasury pays: one report for all, looked at by somebody else."""

import pytest

from bot import ledger
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.store import bills, employers, payments
from bot.store.database import Tx
from bot.store.employers import Employer, Payer
from tests.world import PERIAN, START, World, rulebook

NEXT_DOOR, OWN = "64.02.01.2002", "64.02.01.2003"
OCT = Month(2026, 10)


@pytest.fixture
async def paid_for(here: World) -> World:
    """Two villages that the treasury pays for, and one that pays itself; all owe October and November."""

    def put(tx: Tx) -> None:
        for code, payer in ((PERIAN, Payer.TREASURY), (NEXT_DOOR, Payer.TREASURY), (OWN, Payer.VILLAGE)):
            employers.put(tx, Employer(code, "AB123456", "2020", OCT, payer), None, START)
            ledger.refresh(tx, rulebook(), code, OCT, START)

    await here.store.transact(put)
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("bambang", "Bambang Pratama", Role.OPERATOR, "64.02")
    await here.appoint("mira", "Mira Handayani", Role.VIEWER, "64.02")
    return here


async def settled(here: World) -> set[tuple[str, str]]:
    """Village and month of every settled bill."""
    sql = "SELECT village, month FROM bill WHERE settled = 1"
    return {(row["village"], row["month"]) for row in await here.store.transact(lambda tx: tx.all(sql))}


async def test_one_report_settles_all_of_them_up_to_the_month_and_no_other(paid_for: World) -> None:
    (asked,) = await paid_for.says("yuni", "bayar kabupaten oktober")
    assert "2 desa" in asked.text
    assert await settled(paid_for) == set()
    await paid_for.presses("yuni", "Ya, catat")
    assert await settled(paid_for) == {(PERIAN, "2026-10"), (NEXT_DOOR, "2026-10")}


async def test_older_months_are_in_it_and_said(paid_for: World) -> None:
    (asked,) = await paid_for.says("yuni", "bayar kabupaten november")
    assert "ikut tercatat" in asked.text
    await paid_for.presses("yuni", "Ya, catat")
    assert len(await settled(paid_for)) == 4
    (nothing,) = await paid_for.says("yuni", "bayar kabupaten")
    assert "Tidak ada iuran terbuka" in nothing.text


async def test_somebody_else_records_them_in_one(paid_for: World) -> None:
    await paid_for.says("yuni", "bayar kabupaten oktober")
    await paid_for.presses("yuni", "Ya, catat")
    (own,) = await paid_for.says("yuni", "bukti")
    assert "Catat semua dari kabupaten" not in [choice.label for choice in own.choices]
    await paid_for.says("bambang", "bukti")
    await paid_for.presses("bambang", "Catat semua dari kabupaten")
    kept = await paid_for.store.transact(lambda tx: payments.of_village(tx, PERIAN))
    assert [(one.state, one.checked_by) for one in kept] == [(payments.State.RECORDED, "Bambang Pratama")]


async def test_only_the_office_may(paid_for: World) -> None:
    await paid_for.says("mira", "bayar kabupaten oktober")
    assert await settled(paid_for) == set()
    found = await paid_for.store.transact(lambda tx: bills.of_village(tx, OWN))
    assert not any(bill.settled for bill in found)
