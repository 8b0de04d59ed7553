"""The product read as somebody who wants something from it: each way in that was once found open stays shut."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import memory
from bot.domain.offices import Role, office_day
from bot.store import people
from bot.store.database import Tx
from tests.world import PERIAN, World, world

ROOM = "room"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A treasurer, the head of the village, an administrator and a colleague, the office's group."""
    async with world(tmp_path) as made:
        await made.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await made.appoint("idris", "Idris Mahmud", Role.HEAD, PERIAN)
        await made.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        await made.appoint("rahmat", "Rahmat Hidayat", Role.OPERATOR, "64.02")
        await made.open_room(ROOM, "64.02", "office")
        yield made


async def _says(here: World, who: str, *texts: str) -> str:
    for text in texts[:-1]:
        await here.says(who, text)
    return "\n".join(one.text for one in await here.says(who, texts[-1]) if one.to.chat == who)


def _code(said: str) -> str:
    return next(word.strip(".*") for word in said.split() if word.count("-") == 2)


async def _holds(here: World, user: str) -> bool:
    def find(tx: Tx) -> bool:
        actor = people.actor(tx, memory.NAME, user, office_day(here.clock.now()))
        return actor is not None and bool(actor.offices)

    return await here.store.transact(find)


async def test_a_head_does_not_cut_the_last_administrator_who_also_serves_the_village(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.SECRETARY, PERIAN)
    await here.says("idris", "bekukan")
    await here.presses("idris", "Bekukan: Yuniarti Lestari")
    assert await _holds(here, "yuni")


async def test_another_district_does_not_give_back_what_one_has_cut(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.OPERATOR, "61.08")
    await here.appoint("sari", "Sari Utami", Role.ADMIN, "61.08")
    await here.says("yuni", "bekukan darma")
    await here.presses("yuni", "Bekukan: Darma Wijaya")
    assert not await _holds(here, "darma")
    await here.says("sari", "pulihkan darma")
    with pytest.raises(AssertionError, match="no button"):
        await here.presses("sari", "Pulihkan: Darma Wijaya")
    await here.says("yuni", "pulihkan darma")
    await here.presses("yuni", "Pulihkan: Darma Wijaya")
    await here.presses("yuni", "HP-nya kembali")
    assert await _holds(here, "darma")


async def test_who_left_the_district_that_cut_them_is_given_back_by_the_other(here: World) -> None:
    await here.appoint("sari", "Sari Utami", Role.ADMIN, "61.08")
    await here.appoint("tono", "Tono Hartono", Role.OPERATOR, "61.08")
    await here.says("sari", "bekukan tono")
    await here.presses("sari", "Bekukan: Tono Hartono")
    await here.leave("tono")
    await here.appoint("tono", "Tono Hartono", Role.OPERATOR, "64.02")
    await here.says("yuni", "pulihkan tono")
    await here.presses("yuni", "Pulihkan: Tono Hartono")
    await here.presses("yuni", "HP-nya kembali")
    assert await _holds(here, "tono")


async def test_the_phone_a_thief_linked_is_not_given_back_with_the_owners(here: World) -> None:
    here.clock.move(here.clock.now() + timedelta(days=40))
    code = _code(await _says(here, "darma", "tautkan"))
    await here.says("thief", code)
    assert await _holds(here, "thief")
    await here.says("yuni", "bekukan darma")
    await here.presses("yuni", "Bekukan: Darma Wijaya")
    await here.says("yuni", "pulihkan darma")
    await here.presses("yuni", "Pulihkan: Darma Wijaya")
    await here.presses("yuni", "HP-nya kembali")
    assert await _holds(here, "darma")
    assert not await _holds(here, "thief")


NAME = "Siti\n\nSK: sudah diperiksa DPMD\u202e"


async def test_what_a_stranger_calls_themselves_is_one_line(here: World) -> None:
    for text in ("kades desa perian", "141/12/2024"):
        await here.says("baru", text, name=NAME)
    await here.says("yuni", "setujui")
    said = await here.presses("yuni", "1. Perian")
    text = "\n".join(one.text for one in said)
    assert "\u202e" not in text
    assert "\nSK: sudah" not in text


async def test_another_phone_is_told_to_every_phone_there_was(here: World) -> None:
    await here.link("darma2", "darma")
    code = _code(await _says(here, "darma", "tautkan"))
    letters = await here.says("thief", code)
    assert {"darma", "darma2"} <= {one.to.chat for one in letters}


async def test_nobody_enters_the_office_unseen(here: World) -> None:
    code = _code(await _says(here, "yuni", "undang admin Budi Santoso"))
    letters = await here.says("budi", code)
    assert ROOM in {one.to.chat for one in letters}
