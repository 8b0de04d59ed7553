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


async def test_a_yes_is_about_the_district_it_was_asked_for(paid_for: World) -> None:
    await paid_for.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "61.08")
    await speaks_about(paid_for, "64.02")
    await paid_for.says("yuni", "bayar kabupaten oktober")
    await speaks_about(paid_for, "61.08")
    await paid_for.presses("yuni", "Ya, catat")
    assert await settled(paid_for) == {(PERIAN, "2026-10"), (NEXT_DOOR, "2026-10")}


async def test_what_is_recorded_in_one_is_of_the_district_that_was_shown(paid_for: World) -> None:
    await paid_for.says("bambang", "bayar kabupaten oktober")
    await paid_for.presses("bambang", "Ya, catat")
    await paid_for.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "61.08")
    await speaks_about(paid_for, "64.02")
    await paid_for.says("yuni", "bukti")
    await speaks_about(paid_for, "61.08")
    letters = await paid_for.presses("yuni", "Catat semua dari kabupaten")
    assert any("2 pembayaran kabupaten tercatat" in letter.text for letter in letters)


async def test_a_change_of_the_schedule_is_of_the_district_that_was_shown(paid_for: World) -> None:
    await paid_for.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "61.08")
    await speaks_about(paid_for, "64.02")
    for line in ("jadwal", "1"):
        await paid_for.says("yuni", line)
    await paid_for.presses("yuni", "Matikan")
    await speaks_about(paid_for, "61.08")
    await paid_for.presses("yuni", "Simpan")
    sql = "SELECT district FROM decision"
    rows = await paid_for.store.transact(lambda tx: tx.all(sql))
    assert [row["district"] for row in rows] == ["64.02"]


async def test_a_yes_after_everything_was_paid_says_that_nothing_is_open(paid_for: World) -> None:
    await paid_for.says("yuni", "bayar kabupaten oktober")
    await paid_for.says("bambang", "bayar kabupaten oktober")
    await paid_for.presses("bambang", "Ya, catat")
    letters = await paid_for.presses("yuni", "Ya, catat")
    assert any("Tidak ada iuran terbuka" in letter.text for letter in letters)


async def speaks_about(here: World, district: str) -> None:
    """Yuniarti chooses another of the districts she serves in."""
    sql = "UPDATE person SET focus = :district WHERE name = 'Yuniarti Lestari'"
    await here.store.transact(lambda tx: tx.run(sql, district=district))
