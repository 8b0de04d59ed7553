"""Offices in more than one district: which one is meant, and how that is said."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Actor, Office, Role, office_day
from bot.domain.people import State
from bot.messages import Letter
from bot.store import agreements, bills, members, people
from bot.store.agreements import Agreement
from bot.store.bills import Reckoned
from bot.store.database import Tx
from tests.world import PERIAN, World

LANDAK = "61.08.01.2001"
NOV = Month(2026, 11)


async def reported(here: World, village: str) -> None:
    """Somebody there says that November is paid."""
    user = f"officer{village}"
    await here.appoint(user, "Lusia Kartika", Role.TREASURER, village)

    def insure(tx: Tx) -> None:
        new = members.New(
            village, "Siti Aminah", "6402015708850003", {"wage": 2_500_000}, "perangkat", "kaur_umum",
            date(2026, 11, 1), date(2026, 11, 1), State.ACTIVE,
        )  # fmt: skip
        members.add(tx, new, None, here.clock.now())
        due = date(2026, 12, 15)
        bills.reckoned(tx, Reckoned(village, NOV, "PU", village[:5], due, 1, 13_500, None), here.clock.now())

    await here.store.transact(insure)
    await here.says(user, "sudah bayar november")
    await here.presses(user, "Ya, November 2026")


async def both(here: World, role: Role) -> None:
    """Rina holds the role in two districts."""
    for district in ("64.02", "61.08"):
        await here.appoint("rina", "Rina Marlina", role, district)


async def focus(here: World) -> str:
    def look(tx: Tx) -> str:
        found = people.actor(tx, memory.NAME, "rina", office_day(here.clock.now()))
        assert found is not None
        return found.focus

    return await here.store.transact(look)


async def numbers(here: World, district: str) -> set[str]:
    """Of the district's agreements."""
    found = await here.store.transact(partial(agreements.of_district, district=district))
    return {one.number for one in found}


def words(letters: list[Letter]) -> str:
    return "\n".join(letter.text for letter in letters)


async def test_the_other_district_is_chosen_and_kept(here: World) -> None:
    await both(here, Role.BRANCH)
    await reported(here, LANDAK)
    assert "Tidak ada laporan" in words(await here.says("rina", "bukti"))
    [asked] = await here.says("rina", "ganti kabupaten")
    assert [choice.label for choice in asked.choices] == ["Kutai Kartanegara", "Landak"]
    assert "Landak" in words(await here.presses("rina", "Landak"))
    assert await focus(here) == "61.08"
    assert "1 laporan" in words(await here.says("rina", "bukti"))
    assert "Landak" in words(await here.says("rina", "rekap"))
    await here.says("rina", "kabupaten lain")
    await here.presses("rina", "Kutai Kartanegara")
    assert "Tidak ada laporan" in words(await here.says("rina", "bukti"))


async def test_the_reminder_of_waiting_reports_opens_its_own_district(here: World) -> None:
    await both(here, Role.BRANCH)
    await reported(here, LANDAK)
    told = [
        letter
        for letter in await here.move(datetime(2026, 11, 26, 2, tzinfo=UTC))
        if letter.to.chat == "rina"
    ]
    assert len(told) == 1
    assert "1 laporan" in words(await here.presses("rina", "Periksa"))
    assert await focus(here) == "61.08"


async def test_the_reminder_of_an_agreement_is_answered_in_its_own_district(here: World) -> None:
    await both(here, Role.ADMIN)
    end = date(2026, 12, 10)
    old = Agreement("61.08", "PKS/1", date(2025, 12, 11), end, "seluruh desa")
    await here.store.transact(lambda tx: agreements.add(tx, old, 1, here.clock.now()))
    await here.move(datetime(2026, 11, 28, tzinfo=UTC))
    await here.presses("rina", "Catat PKS baru")
    await here.says("rina", "PKS/2")
    await here.says("rina", "ganti kabupaten")  # the form rests, and stays with its district
    await here.presses("rina", "Kutai Kartanegara")
    await here.says("rina", "lanjut")
    for said in ("1 Desember 2026", "2 tahun", "seluruh desa", "simpan"):
        await here.says("rina", said)
    assert await numbers(here, "64.02") == set()
    assert await numbers(here, "61.08") == {"PKS/1", "PKS/2"}


async def test_who_serves_one_district_keeps_the_village_they_spoke_about(here: World) -> None:
    await here.appoint("rina", "Rina Marlina", Role.BRANCH, "61.08")
    await reported(here, LANDAK)
    await here.move(datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert "1 laporan" in words(await here.presses("rina", "Periksa"))
    assert await focus(here) == ""
    assert "Landak" in words(await here.says("rina", "ganti kabupaten"))


async def test_a_button_of_a_district_that_was_left_says_so(here: World) -> None:
    await both(here, Role.BRANCH)
    await reported(here, LANDAK)
    await here.move(datetime(2026, 11, 26, 2, tzinfo=UTC))
    sql = "UPDATE official SET until = '2026-11-20' WHERE district = '61.08' AND village IS NULL"
    await here.store.transact(lambda tx: tx.run(sql))
    assert "di luar tugas" in words(await here.presses("rina", "Periksa"))
    assert await focus(here) == ""


async def test_somebody_of_the_village_chooses_no_district(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    assert "menu itu khusus" in words(await here.says("darma", "ganti kabupaten"))


async def test_a_number_is_confirmed_in_the_district_of_the_member(here: World) -> None:
    """The card was opened before another district was chosen."""
    await both(here, Role.BRANCH)
    await here.appoint("lusia", "Lusia Kartika", Role.TREASURER, LANDAK)

    def submit(tx: Tx) -> None:
        new = members.New(
            LANDAK, "Siti Aminah", "6402015708850003", {"wage": 2_500_000}, "perangkat", "kaur_umum",
            date(2026, 11, 1), date(2026, 11, 1),
        )  # fmt: skip
        members.add(tx, new, None, here.clock.now())

    await here.store.transact(submit)
    await here.says("rina", "ganti kabupaten")
    await here.presses("rina", "Landak")
    for said in ("ajuan", "1", "1"):
        await here.says("rina", said)
    await here.says("rina", "ganti kabupaten")
    await here.presses("rina", "Kutai Kartanegara")
    assert "Siti Aminah" in words(await here.presses("rina", "Aktif"))


@pytest.mark.parametrize(
    "chosen, village, district",
    [
        ("", PERIAN, "64.02"),
        (LANDAK, LANDAK, "61.08"),
        ("61.08", LANDAK, "61.08"),
        ("64.02", PERIAN, "64.02"),
        ("61.08.01.2009", PERIAN, "64.02"),
        ("99.99", PERIAN, "64.02"),
    ],
)
def test_the_focus_is_a_village_or_a_district(chosen: str, village: str, district: str) -> None:
    offices = (
        Office(Role.TREASURER, "64.02", PERIAN), Office(Role.TREASURER, "61.08", LANDAK),
        Office(Role.ADMIN, "64.02"), Office(Role.BRANCH, "61.08"),
    )  # fmt: skip
    who = Actor(1, "Rina Marlina", offices, chosen)
    assert (who.village, who.district) == (village, district)
    assert who.districts == ("64.02", "61.08")
