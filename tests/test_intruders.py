"""The product read as somebody who wants something from it: each way in that was once found open stays shut."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import check
from bot.channels import memory
from bot.channels.fields import Part
from bot.domain.offices import Role, office_day
from bot.messages import File
from bot.reports.card_reading import is_photo
from bot.store import freezing, people, records
from bot.store.database import Tx
from bot.store.records import Act
from bot.works_broadcasts import name_of
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
    await here.move(here.clock.now() + timedelta(hours=25))
    assert await _holds(here, "thief")
    await here.says("yuni", "bekukan darma")
    await here.presses("yuni", "Bekukan: Darma Wijaya")
    await here.says("yuni", "pulihkan darma")
    await here.presses("yuni", "Pulihkan: Darma Wijaya")
    await here.presses("yuni", "HP-nya kembali")
    assert await _holds(here, "darma")
    assert not await _holds(here, "thief")


async def _cut(here: World, name: str) -> None:
    await here.says("yuni", f"bekukan {name}")
    await here.presses("yuni", f"Bekukan: {name}")


async def test_a_code_for_a_successor_that_a_thief_was_given_lets_nobody_in(here: World) -> None:
    await here.says("darma", "serah terima")
    await here.says("darma", "Budi Santoso")
    await here.presses("darma", "Benar, simpan")
    letters = await here.presses("yuni", "Setujui", chat=ROOM)
    code = _code("\n".join(one.text for one in letters if one.to.chat == "darma"))
    await _cut(here, "Darma Wijaya")
    await here.says("thief", code)
    assert not await _holds(here, "thief")


async def test_what_a_thief_asked_for_is_decided_by_nobody_any_more(here: World) -> None:
    await here.says("darma", "serah terima")
    await here.says("darma", "Budi Santoso")
    await here.presses("darma", "Benar, simpan")
    await _cut(here, "Darma Wijaya")
    letters = await here.presses("yuni", "Setujui", chat=ROOM)
    assert not [one for one in letters if "kode" in one.text.casefold()]


async def test_nor_is_it_where_a_colleague_refused_the_other_phone(here: World) -> None:
    await here.says("darma", "serah terima")
    await here.says("darma", "Budi Santoso")
    await here.presses("darma", "Benar, simpan")
    await here.says("thief", _code(await _says(here, "darma", "tautkan")))
    await here.presses("idris", "Bukan beliau")
    letters = await here.presses("yuni", "Setujui", chat=ROOM)
    assert not [one for one in letters if "kode" in one.text.casefold()]


async def test_a_phone_that_serves_somebody_else_by_then_is_not_taken_from_them(here: World) -> None:
    await here.says("other", _code(await _says(here, "darma", "tautkan")))
    await here.says("other", _code(await _says(here, "yuni", "undang operator Budi Santoso")))
    assert await _holds(here, "other")
    await here.move(here.clock.now() + timedelta(hours=25))
    assert "Budi Santoso" in await _says(here, "other", "menu")


async def test_a_code_made_before_an_administrator_left_lets_nobody_in(here: World) -> None:
    await here.appoint("rina", "Rina Marlina", Role.ADMIN, "64.02")
    code = _code(await _says(here, "rina", "undang admin Budi Santoso"))
    await here.says("yuni", "akhiri admin Rina")
    await here.presses("yuni", "Akhiri: Rina Marlina")
    await here.says("rina", code)
    assert not await _holds(here, "rina")


async def _written_by_a_thief(here: World) -> None:
    here.clock.move(here.clock.now() + timedelta(hours=1))
    await here.says("rahmat", "siaran Iuran dibayar ke rekening lain.")
    for label in ("Semua", "Lihat contoh", "Kirim"):
        await here.presses("rahmat", label)
    here.new()


async def _read_by_villages(here: World) -> list[str]:
    said = await here.move(here.clock.now() + timedelta(hours=3))
    return [one.to.chat for one in said if one.to.chat != "rahmat" and one.text.startswith("Iuran dibayar")]


async def test_what_a_thief_wrote_to_everybody_does_not_begin(here: World) -> None:
    await _written_by_a_thief(here)
    await _cut(here, "Rahmat Hidayat")
    assert await _read_by_villages(here) == []


async def test_what_a_thief_wrote_to_everybody_goes_no_further(here: World) -> None:
    await _written_by_a_thief(here)
    here.clock.move(here.clock.now() + timedelta(seconds=61))
    await here.engine.schedule.tick()  # it stands in the outbox

    def cut(tx: Tx) -> None:
        for one in freezing.holders(tx, "64.02", office_day(here.clock.now())):
            if one.name == "Rahmat Hidayat":
                freezing.freeze(tx, one.person, "64.02", one.person, here.clock.now())

    await here.store.transact(cut)
    await here.engine.schedule.tick()
    assert await _read_by_villages(here) == []


async def test_what_was_written_to_everybody_leaves_else(here: World) -> None:
    await _written_by_a_thief(here)
    assert sorted(await _read_by_villages(here)) == ["darma", "idris"]


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


async def test_the_office_reads_that_nobody_is_asked_for_a_pin_any_more(here: World) -> None:
    await here.guard()
    await here.says("yuni", "pin kabupaten")
    await here.presses("yuni", "Jangan minta PIN")
    await here.says("yuni", "731904")
    said = await here.says("yuni", "731904")
    assert [one.text for one in said if one.to.chat == ROOM and "tidak diminta lagi" in one.text]


# -- what comes late ---------------------------------------------------------------------------


async def test_news_of_months_ago_that_somebody_has_another_number_unlinks_nobody(here: World) -> None:
    gone = {"membership": "gone", "shape": "event"}
    await here.says("darma", sent=here.clock.now() - timedelta(days=91), **gone)
    assert await _holds(here, "darma")
    await here.says("darma", sent=here.clock.now(), **gone)
    assert not await _holds(here, "darma")


# -- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["image/x:1:99", "image/jpeg\r\nX: y", "image/é", "image/" + "a" * 200, "image", 7, None]
)
def test_what_a_file_is_said_to_be_goes_into_no_header(said: object) -> None:
    assert Part({"mime_type": said}, "file").kind("mime_type") == ""


def test_what_a_file_is_said_to_be_is_read_as_it_is_written() -> None:
    assert Part({"mime_type": "Image/JPEG; q=1"}, "file").kind("mime_type") == "image/jpeg"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("undangan\u202efdp.exe", "undanganfdp.exe"),
        ("../../etc/passwd", "passwd"),
        ("\u200b\u202e", "lampiran"),
        (f"{'a' * 300}.exe", f"{'a' * 96}.exe"),
    ],
)
def test_the_name_of_a_file_says_what_it_is(given: str, shown: str) -> None:
    assert name_of(File("1", given), "application/pdf") == shown


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"\xff\xd8\xff\xe0JFIF", True),
        (b"\x89PNG\r\n\x1a\n", True),
        (b"RIFF\0\0\0\0WEBPVP8 ", True),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", False),
        (b"\xc5\xd0\xd3\xc6", False),
        (b"<svg/>", False),
        (b"RIFF\0\0\0\0AVI ", False),
        (b"", False),
    ],
)
def test_nothing_but_a_photo_is_given_to_the_reader_of_cards(data: bytes, is_one: bool) -> None:
    assert is_photo(data) is is_one


# -- the record --------------------------------------------------------------------------------


async def test_acts_that_were_made_to_look_forgotten_are_missed(here: World) -> None:
    def begin(tx: Tx) -> records.Head:
        for number in range(5):
            records.note(tx, here.clock.now(), Act(1, "register", f"member:{number}", {}))
        return records.head(tx)

    def hide(tx: Tx) -> None:
        last = records.head(tx)
        details = {"upto": last.number, "link": last.link}
        records.note(tx, here.clock.now(), Act(None, records.FORGET, "audit", details))
        tx.run("DELETE FROM audit WHERE seq <= :upto", upto=last.number)

    told = [("payung-2026-11-22T1900Z.backup", await here.store.transact(begin))]
    assert "agrees with 1 end" in (await check.heads(here.store, told))[0]
    await here.store.transact(hide)
    assert "were dropped as too old" in (await check.heads(here.store, told))[0]


@pytest.mark.slow
def test_a_crash_leaves_no_keys_on_the_disk() -> None:
    """For every command, however it was started: the group is entered before any of them."""
    program = (
        "import resource\n"
        "from bot.__main__ import main\n"
        "most = resource.getrlimit(resource.RLIMIT_CORE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (most, most))\n"
        "main.callback()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "(0, 0)"
