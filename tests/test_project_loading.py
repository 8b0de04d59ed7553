"""A year's projects loaded by the office: the sheet out and back, what it writes, twice over, and who may."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.channels import memory
from bot.domain.offices import Role
from bot.domain.projects import State
from bot.messages import Address, Document, Letter
from bot.reports import sheets
from bot.store import people, projects
from tests import workbooks
from tests.transcripts import Transcript
from tests.workbooks import Cell
from tests.world import PERIAN, World, world

pytestmark = pytest.mark.slow

TOLD = Path(__file__).parent / "conversations" / "sheets" / "projects.txt"
LEKA = "64.02.01.2002"
TITLES = ("Kode desa", "Kecamatan", "Desa", "Tahun", "Kegiatan", "Lokasi", "Nilai tanpa PPN", "Sumber dana", "Mulai",
          "Selesai", "Pelaksana")  # fmt: skip


def _row(code: str, *cells: Cell) -> list[Cell]:
    return [code, None, None, 2027, *cells]


RABAT = _row(
    PERIAN, "Rabat beton RT 03", "RT 03", 180_000_000, "Dana Desa", date(2027, 3, 1), "90 hari", "CV Maju"
)
DRAINASE = _row(PERIAN, "Drainase RT 05", None, "80 juta", "ADD", "Agustus 2027")
JEMBATAN = _row(LEKA, "Jembatan", None, 250_000_000)
BAD = (
    _row(PERIAN, "Pagar kantor", None, "banyak", "dari pusat"),
    _row("64.02.99.2001", "Gapura", None, 10_000_000),
)


def filled(*rows: Sequence[Cell]) -> bytes:
    """The sheet with these rows below its titles."""
    return workbooks.workbook([TITLES, *rows], "Proyek")


def _documents() -> Mapping[str, bytes]:
    changed = _row(LEKA, "Jembatan", None, 300_000_000, "PADes")
    return {
        "proyek 2027.xlsx": filled(RABAT, DRAINASE, JEMBATAN, *BAD),
        "salah semua.xlsx": filled(*BAD),
        "perubahan.xlsx": filled(RABAT, _row(PERIAN, "Drainase RT 05", None, "90 juta"), changed),
        "daftar hadir.xlsx": workbooks.workbook([["Nama", "Tanda tangan"], ["Siti", ""]]),
    }


@pytest.mark.slow
async def test_the_bot_answers_as_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    transcript = Transcript.read(TOLD)
    async with world(tmp_path) as here:
        for name, data in _documents().items():
            letter = Letter(Address(memory.NAME, "nobody"), "", attachment=Document(name, sheets.MIME, data))
            here.channel.sent.append(letter)
        here.new()
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written


@pytest.fixture
async def yuni(here: World) -> World:
    """A world with an administrator."""
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    return here


async def _sends(here: World, data: bytes) -> list[Letter]:
    number = f"sheet-{len(here.channel.files)}"
    here.channel.files[number] = data
    file = {"id": number, "name": "proyek.xlsx", "mime": sheets.MIME, "size": len(data)}
    return await here.says("yuni", shape="document", file=file)


def _rows(letter: Letter) -> list[list[object]]:
    assert letter.attachment is not None
    sheet = load_workbook(io.BytesIO(letter.attachment.data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


async def _kept(here: World) -> list[projects.Project]:
    return await here.store.transact(lambda tx: projects.of_district(tx, "64.02", 2027))


async def test_the_template_has_a_row_for_each_village_and_project(yuni: World) -> None:
    await _sends(yuni, filled(RABAT, DRAINASE))
    await yuni.presses("yuni", "Simpan 2 proyek")
    await yuni.says("yuni", "proyek")
    letters = await yuni.presses("yuni", "Muat daftar 2027")
    file = next(one for one in letters if one.attachment)
    rows = _rows(file)
    assert rows[0] == list(TITLES)
    mine = [row for row in rows if row[0] == PERIAN]
    assert [(row[4], row[6], row[7], row[8]) for row in mine] == [
        ("Rabat beton RT 03", "180000000", "Dana Desa", "1 Maret 2027"),
        ("Drainase RT 05", "80000000", "ADD", "Agustus 2027"),
    ]
    assert len(rows) == 1 + 193 + 1  # one village has two
    assert file.attachment
    again = await _sends(yuni, file.attachment.data)  # as it was sent: nothing is new
    assert again[-1].text.startswith("*Tidak ada yang berubah*: 2 proyek")
    assert not again[-1].choices


async def test_a_complete_row_is_reckoned_and_a_short_one_is_a_plan(yuni: World) -> None:
    await _sends(yuni, filled(RABAT, JEMBATAN))
    await yuni.presses("yuni", "Simpan 2 proyek")
    found = {one.name: one for one in await _kept(yuni)}
    rabat, jembatan = found["Rabat beton RT 03"], found["Jembatan"]
    assert (rabat.state, rabat.total, rabat.ends) == (State.OPEN, 392_000, date(2027, 5, 29))
    assert [(part.amount, part.due) for part in rabat.parts] == [
        (196_000, date(2027, 3, 1)),
        (98_000, date(2027, 4, 14)),
        (98_000, date(2027, 5, 28)),
    ]
    assert (jembatan.state, jembatan.starts, jembatan.parts) == (State.PLANNED, None, ())


async def test_bad_rows_come_back_as_typed(yuni: World) -> None:
    back, asked = await _sends(yuni, filled(JEMBATAN, *BAD))
    rows = _rows(back)
    assert rows[0] == ["Baris", *TITLES, "Yang perlu diperbaiki"]
    assert [(row[0], row[1], row[5]) for row in rows[1:]] == [
        (3, PERIAN, "Pagar kantor"),
        (4, "64.02.99.2001", "Gapura"),
    ]
    reasons = str(rows[1][-1]).split("\n")
    assert reasons == [
        "Nilai: banyak tidak terbaca. Tulis lengkap, contoh: 180.000.000",
        "Sumber dana: dari pusat tidak dikenal. Contoh: ADD, Dana Desa, PADes",
    ]
    assert [choice.label for choice in asked.choices] == ["Simpan 1 proyek", "Jangan simpan"]


async def test_two_approvals_of_one_file_write_it_once(yuni: World) -> None:
    await _sends(yuni, filled(JEMBATAN))
    await _sends(yuni, filled(JEMBATAN))
    await yuni.presses("yuni", "Simpan 1 proyek")
    first = next(letter for letter in yuni.sent if letter.choices and "Terbaca" in letter.text)
    late = await yuni.says(
        "yuni", choice=first.choices[0].id, shape="tap", tap="t", message=str(yuni.sent.index(first) + 1)
    )
    assert any("Tidak ada yang berubah" in letter.text for letter in late)
    assert len(await _kept(yuni)) == 1


async def test_who_serves_two_districts_saves_it_where_it_was_read(yuni: World) -> None:
    person = await yuni.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "61.08")
    await yuni.store.transact(lambda tx: people.focus(tx, person, "64.02"))
    await _sends(yuni, filled(JEMBATAN))
    await yuni.store.transact(lambda tx: people.focus(tx, person, "61.08"))
    saved = await yuni.presses("yuni", "Simpan 1 proyek")
    assert any("1 proyek tersimpan" in letter.text for letter in saved)
    assert [one.village for one in await _kept(yuni)] == [LEKA]


async def test_what_a_village_completed_is_not_overwritten(yuni: World) -> None:
    await _sends(yuni, filled(RABAT))
    await yuni.presses("yuni", "Simpan 1 proyek")
    other = [*RABAT[:6], 999_000_000, *RABAT[7:]]
    again = await _sends(yuni, filled(other))
    assert "Tidak ada yang berubah" in again[-1].text
    assert [one.value for one in await _kept(yuni)] == [180_000_000]


async def test_a_village_whose_name_is_only_near_is_named_before_it_is_saved(yuni: World) -> None:
    rows = [
        [None, "Muara Muntai", said, 2027, f"Jembatan {said}", None, 250_000_000]
        for said in ("Perian", "Muara Lekaa")
    ]
    asked = (await _sends(yuni, filled(*rows)))[-1].text
    assert "Muara Leka: Jembatan Muara Lekaa, Rp250.000.000" in asked
    assert "Muara Lekaa → Desa Muara Leka, Kec. Muara Muntai" in asked
    assert "Perian →" not in asked
