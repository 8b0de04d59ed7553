"""A reminder that does not arrive: the other address, a colleague, the kecamatan, the call list."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import ledger
from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.messages import Address, Letter
from bot.store import employers, people
from bot.store.database import Tx
from bot.store.employers import Employer
from tests.world import PERIAN, WHATSAPP, World, rulebook, world

pytestmark = pytest.mark.slow

KUKAR = "64.02"
LAST_MORNING = datetime(2026, 12, 14, 2, tzinfo=UTC)  # 10.00 WITA, a day before November is due


async def prepared(here: World, treasurer: str, secretary: str) -> World:
    """Desa Perian, registered since October, with a treasurer and a secretary; and an administrator."""
    await here.appoint(treasurer, "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint(secretary, "Ratna Sari", Role.SECRETARY, PERIAN)
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await here.open_room("#kantor", KUKAR, "office")

    def register(tx: Tx) -> None:
        employers.put(tx, Employer(PERIAN, "", "", Month(2026, 11)), None, here.clock.now())
        ledger.refresh(tx, rulebook(), PERIAN, Month(2026, 11), here.clock.now())

    await here.store.transact(register)
    return here


@pytest.fixture
async def kukar(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as here:
        yield await prepared(here, "darma", "ratna")


@pytest.fixture
async def silent(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """The treasurer writes on WhatsApp, and has not for long; so does the secretary, or elsewhere."""
    async with world(tmp_path, tiers={WHATSAPP: 250}) as here:
        yield await prepared(here, "darma/wa", request.param)


def _to(letters: list[Letter]) -> list[str]:
    return [letter.to.chat for letter in letters if "jatuh tempo" in letter.text]


async def test_a_colleague_is_written_to_where_the_first_blocked_the_bot(kukar: World) -> None:
    kukar.channel.blocked.add("darma")
    said = await kukar.move(datetime(2026, 12, 8, 8, tzinfo=UTC))
    assert _to(said) == ["ratna"]
    assert any("Ratna Sari (Sekretaris Desa" in letter.text for letter in said)


async def test_the_other_address_of_the_same_person_comes_before_a_colleague(kukar: World) -> None:
    def link(tx: Tx) -> None:
        darma = people.actor(tx, memory.NAME, "darma", kukar.clock.now().date())
        assert darma is not None
        at = Address(memory.NAME, "darma/wa")
        people.link(tx, darma.person, "darma/wa", at, kukar.clock.now())

    await kukar.store.transact(link)
    await kukar.says("darma", "menu")  # the address used last is tried first
    kukar.channel.blocked.add("darma")
    said = await kukar.move(datetime(2026, 12, 8, 8, tzinfo=UTC))
    assert _to(said) == ["darma/wa"]


async def test_a_third_and_a_fourth_address_on_one_channel_are_tried_too(kukar: World) -> None:
    def link(tx: Tx) -> None:
        darma = people.actor(tx, memory.NAME, "darma", kukar.clock.now().date())
        assert darma is not None
        for user in ("darma/2", "darma/3", "darma/4"):
            people.link(tx, darma.person, user, Address(memory.NAME, user), kukar.clock.now())

    await kukar.store.transact(link)
    await kukar.says("darma", "menu")
    kukar.channel.blocked |= {"darma", "darma/2", "darma/3"}
    assert _to(await kukar.move(datetime(2026, 12, 8, 8, tzinfo=UTC))) == ["darma/4"]


async def test_where_nobody_is_left_it_ends_and_is_not_tried_again_and_again(kukar: World) -> None:
    kukar.channel.blocked |= {"darma", "ratna"}
    assert _to(await kukar.move(datetime(2026, 12, 8, 8, tzinfo=UTC))) == []
    tried = "SELECT status FROM outbox WHERE lane = 3"
    assert [row["status"] for row in await kukar.store.transact(lambda tx: tx.all(tried))] == ["failed"] * 2
    assert _to(await kukar.move(datetime(2026, 12, 9, 8, tzinfo=UTC))) == []


async def test_what_was_paid_meanwhile_is_not_said_to_a_colleague(kukar: World) -> None:
    await kukar.says("ratna", "sudah bayar november")
    await kukar.presses("ratna", "Ya, November 2026")
    kukar.channel.blocked.add("darma")
    kukar.new()
    assert _to(await kukar.move(LAST_MORNING)) == []


async def test_the_kecamatan_and_the_office_hear_once_a_week_of_who_was_not_reached(kukar: World) -> None:
    def camat(tx: Tx) -> None:
        for user, code in (("sofia", "64.02.01"), ("lamhot", "64.02.02")):
            person = people.add(tx, user.title(), kukar.clock.now())
            people.link(tx, person, user, Address(memory.NAME, user), kukar.clock.now())
            office = Office(Role.CAMAT, KUKAR, "", code)
            people.appoint(tx, person, office, kukar.clock.now().date())

    await kukar.store.transact(camat)
    kukar.channel.blocked |= {"darma", "ratna"}
    await kukar.move(datetime(2026, 12, 9, 8, tzinfo=UTC))
    said = await kukar.move(datetime(2026, 12, 19, 8, tzinfo=UTC))
    told = [(letter.to.chat, letter.text) for letter in said if "belum terjangkau" in letter.text]
    assert sorted(chat for chat, _ in told) == ["#kantor", "sofia"]
    assert "Perian" in dict(told)["sofia"]
    assert "Perian" not in dict(told)["#kantor"]


@pytest.mark.parametrize("silent", ["ratna"], indirect=True)
async def test_what_is_held_goes_to_a_colleague_elsewhere_and_comes_to_one_person_only(silent: World) -> None:
    assert _to(await silent.move(datetime(2026, 12, 8, 8, tzinfo=UTC))) == ["ratna"]
    assert _to(await silent.says("darma/wa", "menu")) == []
    assert "Perian" not in "".join(letter.text for letter in await silent.says("yuni", "telepon"))


@pytest.mark.parametrize("silent", ["ratna/wa"], indirect=True)
async def test_where_all_are_silent_the_village_is_called_and_whoever_writes_reads_it(silent: World) -> None:
    assert _to(await silent.move(datetime(2026, 12, 8, 3, tzinfo=UTC))) == []
    [listed] = await silent.says("yuni", "telepon")
    assert "Desa Perian" in listed.text
    assert "di WhatsApp lebih dari 24 jam tidak menulis" in listed.text
    assert _to(await silent.says("darma/wa", "menu")) == ["darma/wa"]
    assert "Perian" not in "".join(letter.text for letter in await silent.says("yuni", "telepon"))


@pytest.mark.parametrize("silent", ["ratna/wa"], indirect=True)
async def test_the_day_after_it_is_still_told_why_nobody_read_it(silent: World) -> None:
    await silent.move(datetime(2026, 12, 9, 3, tzinfo=UTC))
    [listed] = await silent.says("yuni", "telepon")
    assert "di WhatsApp lebih dari 24 jam tidak menulis" in listed.text
    assert _to(await silent.says("darma/wa", "menu")) == []  # the day it was meant for is over


@pytest.mark.parametrize("silent", ["ratna"], indirect=True)
async def test_an_approved_text_needs_no_colleague(silent: World) -> None:
    await silent.approve("iuran_rencana", "iuran_segera", "iuran_besok")
    said = await silent.move(datetime(2026, 12, 8, 8, tzinfo=UTC))
    assert [
        (letter.to.chat, letter.stencil is not None) for letter in said if "jatuh tempo" in letter.text
    ] == [("darma/wa", True)]
