"""One's own data: what is shown, what is asked for and by when, and that what was erased is nowhere."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.offices import Office, Role, office_day
from bot.domain.people import State
from bot.messages import Kind, Letter
from bot.store import freezing, keeping, members, people, privacy, records
from bot.store.database import Tx
from bot.store.members import New
from bot.store.privacy import Wish
from tests.world import PERIAN, START, World, world

NAME = "Darma Canarius"
NIK = "6402015708850003"


@pytest.fixture
async def office(here: World) -> World:
    """A treasurer and two administrators."""
    await here.appoint("darma", NAME, Role.TREASURER, PERIAN)
    await here.appoint("yuni", "Yuni Astuti", Role.ADMIN, "64.02")
    await here.appoint("rahmat", "Rahmat Hidayat", Role.ADMIN, "64.02")
    return here


async def _asks_to_be_erased(here: World) -> None:
    await here.says("darma", "data saya")
    await here.presses("darma", "Hapus data saya")
    await here.presses("darma", "Ya, minta dihapus")


async def _erased(here: World) -> None:
    await _asks_to_be_erased(here)
    await here.presses("yuni", "Buka permintaan")
    await here.presses("yuni", "Hapus")
    await here.presses("yuni", "Ya, hapus sekarang")


def _insured(name: str, nik: str) -> New:
    details = {"born": "1985-08-17", "mother": "Aminah", "wage": 2_500_000}
    day = date(2020, 1, 2)
    return New(PERIAN, name, nik, details, "perangkat", "kaur_keuangan", day, day, State.ACTIVE)


@pytest.mark.parametrize(
    ("names", "told"), [((), 0), (("DARMA CANARIUS",), 1), ((NAME, NAME), 0), (("Darma",), 0)], ids=str
)
async def test_an_officer_who_is_insured_reads_which_kinds_are_kept(
    office: World, names: tuple[str, ...], told: int
) -> None:
    for number, name in enumerate(names):
        new = _insured(name, f"640201570885000{number + 1}")
        await office.store.transact(lambda tx, n=new: members.add(tx, n, None, START))  # type: ignore[misc]
    said = (await office.says("darma", "data saya"))[0].text
    assert said.count("Sebagai peserta di") == told
    assert "Aminah" not in said
    assert "640201" not in said


@pytest.mark.slow
async def test_every_day_until_it_is_decided_the_administrators_hear_of_it(office: World) -> None:
    await _asks_to_be_erased(office)
    office.new()
    days = []
    for day in range(1, 6):
        said = await office.move(START + timedelta(days=day, minutes=1))
        days.append(sorted(each.to.chat for each in said if each.text.startswith("Masih menunggu")))
    assert days == [["rahmat", "yuni"]] * 5
    assert "sudah lewat" in said[-1].text + said[0].text
    await office.presses("yuni", "Buka permintaan")
    await office.presses("yuni", "Tidak dapat")
    await office.presses("yuni", "Masih bertugas")
    later = await office.move(START + timedelta(days=8))
    assert not [each for each in later if "permintaan data" in each.text]


async def test_the_answer_is_due_after_three_times_twenty_four_hours(office: World) -> None:
    await _asks_to_be_erased(office)
    one = (await office.store.read(lambda tx: privacy.open_in(tx, "64.02")))[0]
    assert (one.kind, one.due - one.at) == (Wish.ERASE, timedelta(hours=72))


async def test_of_two_administrators_the_first_decides(office: World) -> None:
    await _asks_to_be_erased(office)
    for user in ("yuni", "rahmat"):
        await office.presses(user, "Buka permintaan")
        await office.presses(user, "Hapus")
    await office.presses("yuni", "Ya, hapus sekarang")
    said = await office.presses("rahmat", "Ya, hapus sekarang")
    assert any("sudah diputuskan" in each.text for each in said)


async def _everything(here: World) -> str:
    """Every value of the database, the sealed ones opened: what somebody with the key file could read."""

    def read(tx: Tx) -> str:
        found = []
        for table in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            name = table["name"]
            for row in tx.all(f'SELECT * FROM "{name}"'):  # noqa: S608
                for column in row.keys():  # noqa: SIM118
                    found.append(_opened(tx, f"{name}.{column}", row[column]))
        return "\n".join(found)

    return await here.store.read(read)


def _opened(tx: Tx, column: str, value: object) -> str:
    if not isinstance(value, bytes) or column.split(".")[1] in (
        "hash",
        "previous",
        "nik_index",
        "digest",
        "code",
    ):
        return str(value)
    return tx.vault.open_bytes(column, value).decode(errors="replace") if value else ""


async def test_what_was_erased_is_nowhere_not_even_with_the_key(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.appoint("darma", NAME, Role.TREASURER, PERIAN)
        await here.appoint("yuni", "Yuni Astuti", Role.ADMIN, "64.02")
        await here.says("darma", "daftar")
        await here.says("darma", NIK)
        await here.says("darma", "Surat Canaria")
        before = await _everything(here)
        assert NAME in before
        assert NIK in before
        await _erased(here)
        await here.says("yuni", "terima kasih")
        after = await _everything(here)
    # Yuni's own conversation, in which the request was shown to her, goes by its own days.
    left = [line for line in after.splitlines() if "Canari" in line or NIK in line]
    assert all("yuni" in line or "Permintaan data pribadi" in line or "Hapus" in line for line in left), left
    assert NIK not in after
    assert NAME.encode() not in (tmp_path / "payung.db").read_bytes()


async def test_who_was_erased_is_a_stranger_and_their_acts_have_no_name(office: World) -> None:
    await _erased(office)
    row = await office.store.read(lambda tx: tx.one("SELECT name FROM person WHERE id = 1"))
    assert row["name"] == keeping.NOBODY
    assert await office.store.read(lambda tx: tx.all("SELECT * FROM address WHERE person = 1")) == []
    said = await office.says("darma", "tagihan")
    assert "undangan" in said[0].text
    assert await office.store.read(records.broken) is None


@pytest.mark.parametrize(
    "more", [{}, {"edited": True}, {"forwarded": True}, {"on_behalf_of": "#kantor"}], ids=str
)
@pytest.mark.parametrize("user", ["darma", "asing"])
async def test_a_nik_in_a_group_is_taken_away_and_never_repeated(
    office: World, user: str, more: dict[str, Any]
) -> None:
    await office.open_room("#kantor", "64.02", "office")
    said = []
    for number, minute in enumerate((1, 2, 3, 70)):
        office.clock.move(START + timedelta(minutes=minute))
        said.append(await office.says(user, f"ini {NIK} ya", chat="#kantor", message=str(number), **more))
    gone = [each.message for event in said for each in event if each.kind is Kind.DELETE]
    assert gone == ["0", "1", "2", "3"]
    lines = [
        each.to.chat for event in said for each in event if each.text.startswith("Mohon jangan menulis NIK")
    ]
    assert lines == ["#kantor"] * 2
    own = [
        each.to.chat for event in said for each in event if each.text.startswith("Pesan Bapak/Ibu di grup")
    ]
    assert own == ([user] * 4 if user == "darma" else [])
    assert not any(NIK[:6] in each.text or NIK[-4:] in each.text for event in said for each in event)


async def test_in_a_group_that_is_nobodys_a_nik_is_left_alone(office: World) -> None:
    assert await office.says("darma", NIK, chat="#lain", message="1") == []


async def test_the_daily_line_names_the_end_of_the_chain_and_rests_when_nothing_was_done(
    office: World,
) -> None:
    await office.open_room("#kantor", "64.02", "office")
    await _asks_to_be_erased(office)
    head = await office.store.read(records.head)
    lines = []
    for day in (1, 2):
        said = await office.move(START + timedelta(days=day, hours=1))
        lines.append([each.text for each in said if each.text.startswith("Rekam kegiatan")])
    assert [len(each) for each in lines] == [1, 0]
    assert f"kode {head.code}." in lines[0][0]
    assert await office.store.read(lambda tx: records.agrees(tx, records.Head.parse(head.code)))


# -- who can see it ----------------------------------------------------------------------------


def names(letters: list[Letter]) -> list[list[str]]:
    """Who stands in each list."""
    return [
        [line[2:].partition(",")[0] for line in letter.text.splitlines() if line.startswith("- ")]
        for letter in letters
    ]


async def test_a_village_reads_who_serves_there_today_and_how_they_stand(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    idris = await here.appoint("idris", "Idris Mahmud", Role.HEAD, PERIAN)
    gone = await here.appoint("lama", "Sekdes Lama", Role.SECRETARY, PERIAN)
    await here.appoint("joko", "Joko Susilo", Role.HEAD, "64.02.01.2002")
    today = office_day(here.clock.now())

    def change(tx: Tx) -> None:
        ended = str(today - timedelta(days=1))
        tx.run("UPDATE official SET until = :ended WHERE person = :person", ended=ended, person=gone)
        invited = people.add(tx, "Belum Tertaut", here.clock.now())
        people.appoint(tx, invited, Office(Role.SECRETARY, "64.02", PERIAN), today)

    await here.store.transact(change)
    said = await here.says("darma", "daftar akses")
    assert names(said) == [["Idris Mahmud", "Belum Tertaut", "Darma Wijaya"]]
    assert "Belum Tertaut, Sekretaris Desa: tidak tertaut" in said[0].text
    assert "petugas kecamatan" not in said[0].text
    await here.store.transact(lambda tx: freezing.freeze(tx, idris, "64.02", 1, here.clock.now()))
    said = await here.says("darma", "siapa yang punya akses")
    assert "Idris Mahmud, Kepala Desa: akses dihentikan" in said[0].text


async def test_whoever_serves_in_a_village_and_at_the_office_reads_both(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("darma", "Darma Wijaya", Role.OPERATOR, "61.08")
    said = await here.says("darma", "daftar akses")
    assert names(said) == [["Darma Wijaya"], ["Bima Prakasa", "Darma Wijaya"]]
    assert names(await here.says("yuni", "daftar akses")) == [["Yuniarti Lestari"]]
    assert names(await here.says("yuni", "daftar akses perian")) == [["Darma Wijaya"]]
    assert names(await here.says("bima", "daftar akses perian")) == [["Bima Prakasa", "Darma Wijaya"]]
