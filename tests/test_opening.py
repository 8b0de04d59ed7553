"""The opening load through the whole bot: the sheet out and back, what it writes, and who may."""

import ast
import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import texts
from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.ledger import PU
from bot.messages import Kind, Letter
from bot.reports import reading, sheets
from bot.store import bills, employers, jobs, members, people, records
from bot.store.bills import Bill
from bot.store.database import Tx
from bot.store.employers import Employer, Payer
from bot.store.members import New
from tests import workbooks
from tests.transcripts import Transcript
from tests.workbooks import Cell
from tests.world import PERIAN, World, all_villages, world

pytestmark = pytest.mark.slow

TOLD = Path(__file__).parent / "conversations" / "sheets" / "opening.txt"
LEKA = "64.02.01.2002"
THIRD = "64.02.01.2003"
KUKAR = [village for village in all_villages() if village.district == "64.02"]


def _row(code: str, *cells: Cell) -> list[Cell]:
    return [code, "", "", *cells]


def _documents() -> Mapping[str, bytes]:
    """The files that the transcript's people send, by name."""
    good = [
        _row(PERIAN, "ya", "Maret 2019", "11023456", "Agustus 2026, September 2026", None, "desa", "Darma Wijaya",
             "Kaur Keuangan", "0812 3456 7890"),
        _row(LEKA, "ya", "2021", None, "Oktober 2026", "Rp1.584.000", "kabupaten"),
        _row(THIRD, "tidak"),
        _row("64.02.01.2004", "ya", "2020", "11023457", "Jul-Sep 2026", 4_000_000),
        _row("64.02.01.2005"),
    ]  # fmt: skip
    bad = [
        _row("64.02.01.2006", "ya", None, None, "3 bulan terakhir", None, None, None, None, "tanya camat"),
        _row("64.02.99.2001", "ya"),
    ]
    changed = _row(PERIAN, "ya", "Maret 2019", "11023456", "September 2026")
    elsewhere = [_row("61.08.01.2001", "ya"), _row("61.08.01.2002", "ya")]
    odd = {f"{name}.xlsx".replace(" ", "-"): workbooks.ODD[name][1]() for name in TOLD_ODD}
    return {
        "isian.xlsx": workbooks.filled(*good, *bad),
        "isian-2.xlsx": workbooks.filled(changed, good[1]),
        "salah semua.xlsx": workbooks.filled(*bad),
        "kabupaten lain.xlsx": workbooks.filled(*elsewhere),
        "daftar hadir.xlsx": workbooks.workbook([["Nama", "Tanda tangan"], ["Siti", ""]]),
        "rumus.xlsx": workbooks.workbook([["=A1", "=B1"]]),
        "sekarang.xlsx": _hidden(good),
        **odd,
    }  # fmt: skip


#: One of each kind: its sentence stands in the transcript.
TOLD_ODD = (
    "0 bytes", "blank sheet", "xls", "password", "ods", "numbers", "xlsb", "docx", "pdf", "jpeg", "rar",
    "web page", "xlsm", "cut off", "10,000 entries", "40,000 rows",
)  # fmt: skip


def _hidden(rows: Sequence[Sequence[Cell]]) -> bytes:
    """The same rows, one of them hidden by a filter."""
    book = load_workbook(io.BytesIO(workbooks.filled(*rows)))
    assert book.active is not None
    book.active.row_dimensions[3].hidden = True
    return workbooks.saved(book)


@pytest.mark.slow
async def test_the_bot_answers_as_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    transcript = Transcript.read(TOLD)
    async with world(tmp_path) as here:
        workbooks.lay_out(here, _documents())
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written


async def _sends(here: World, data: bytes, name: str = "isian.xlsx", **values: object) -> list[Letter]:
    number = f"sheet-{len(here.channel.files)}"
    here.channel.files[number] = data
    file = {"id": number, "name": name, "mime": sheets.MIME, "size": len(data), **values}
    return await here.says("sari", shape="document", file=file)


@pytest.fixture
async def sari(here: World) -> World:
    """A world with an administrator."""
    await here.appoint("sari", "Sari Wahyuni", Role.ADMIN, "64.02")
    return here


async def _load(here: World, *rows: Sequence[Cell]) -> list[Letter]:
    """Send these rows and approve them."""
    asked = await _sends(here, workbooks.filled(*rows))
    label = asked[-1].choices[0].label
    assert label.startswith("Simpan")
    return await here.presses("sari", label)


async def _bills(here: World, village: str) -> dict[str, Bill]:
    found = await here.store.transact(lambda tx: bills.of_village(tx, village))
    return {str(bill.month): bill for bill in found if bill.segment == PU}


async def _employer(here: World, village: str) -> Employer | None:
    return await here.store.transact(lambda tx: employers.get(tx, village))


def _text(letters: Sequence[Letter]) -> str:
    return next(letter.text for letter in letters if letter.kind is Kind.TEXT)


def _rows(letter: Letter) -> list[list[object]]:
    assert letter.attachment is not None
    sheet = load_workbook(io.BytesIO(letter.attachment.data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


async def test_the_template_names_every_village_as_text(sari: World) -> None:
    rows = _rows((await sari.says("sari", "muatan awal"))[0])
    assert rows[0] == list(workbooks.TITLES)
    named = sorted((village.subdistrict, village.name, village.code) for village in KUKAR)
    assert [(row[1], row[2], row[0]) for row in rows[1:]] == named


async def test_months_named_as_open_become_bills_of_unknown_amount(sari: World) -> None:
    await _load(sari, _row(PERIAN, "ya", "2019", "11023456", "Agustus 2026, September 2026"))
    found = await _bills(sari, PERIAN)
    assert [(month, bill.amount, bill.settled, bill.fixed) for month, bill in found.items()] == [
        ("2026-08", None, False, True),
        ("2026-09", None, False, True),
        ("2026-11", None, False, False),
    ]
    assert found["2026-08"].due.isoformat() == "2026-09-15"
    assert await _employer(sari, PERIAN) == Employer(PERIAN, "11023456", "2019", Month(2026, 11))
    assert await sari.store.transact(lambda tx: employers.registered(tx, "64.02")) == {PERIAN}


async def test_an_open_month_that_is_not_due_yet_is_reckoned_like_the_running_one(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.move(here.clock.now().replace(month=12, day=3))
        await here.appoint("sari", "Sari Wahyuni", Role.ADMIN, "64.02")
        await _load(here, _row(PERIAN, "ya", None, None, "Oktober-November 2026"))
        found = await _bills(here, PERIAN)
    assert [(month, bill.fixed) for month, bill in found.items()] == [
        ("2026-10", True),
        ("2026-11", False),
        ("2026-12", False),
    ]


async def test_the_sum_of_one_open_month_is_its_figure(sari: World) -> None:
    await _load(
        sari,
        _row(PERIAN, "ya", None, None, "Oktober 2026", "Rp1.584.000"),
        _row(LEKA, "ya", None, None, "September-Oktober 2026", 3_000_000),
    )
    bill = (await _bills(sari, PERIAN))["2026-10"]
    assert (bill.amount, bill.given_by, bill.given_source) == (
        1_584_000,
        "Sari Wahyuni",
        "data awal 23 November 2026",
    )
    assert {bill.amount for bill in (await _bills(sari, LEKA)).values()} == {None}


async def test_the_same_file_again_changes_nothing(sari: World) -> None:
    row = _row(
        PERIAN, "ya", "2019", "11023456", "Agustus 2026", 900_000, "kabupaten", "Siti", "Kaur", "081234567890"
    )
    await _load(sari, row)
    before = (await _bills(sari, PERIAN), await _employer(sari, PERIAN))
    again = await _sends(sari, workbooks.filled(row))
    assert again[-1].text.startswith("*Tidak ada yang berubah*")
    assert not again[-1].choices
    template = (await sari.says("sari", "muatan awal"))[0].attachment
    assert template is not None
    once_more = await _sends(sari, template.data)
    assert once_more[-1].text.startswith("*Tidak ada yang berubah*")
    assert (await _bills(sari, PERIAN), await _employer(sari, PERIAN)) == before


async def test_what_a_later_file_leaves_away_is_kept_except_months(sari: World) -> None:
    await _load(
        sari, _row(PERIAN, "ya", "2019", "11023456", "Agustus-September 2026", None, "kabupaten", "Siti")
    )
    await _load(
        sari, _row(PERIAN, "ya", None, None, "September 2026", None, None, None, None, "081234567890")
    )
    assert await _employer(sari, PERIAN) == Employer(
        PERIAN, "11023456", "2019", Month(2026, 11), Payer.TREASURY
    )
    contact = await sari.store.transact(lambda tx: employers.contact(tx, PERIAN))
    assert contact == {"name": "Siti", "phone": "+6281234567890"}
    found = await _bills(sari, PERIAN)
    assert (found["2026-08"].amount, found["2026-08"].settled) == (0, True)
    assert (found["2026-09"].amount, found["2026-09"].settled) == (None, False)


async def test_a_month_taken_off_by_mistake_comes_back(sari: World) -> None:
    await _load(sari, _row(PERIAN, "ya", None, None, "Agustus 2026"))
    await _load(sari, _row(PERIAN, "ya"))
    await _load(sari, _row(PERIAN, "ya", None, None, "Agustus 2026"))
    bill = (await _bills(sari, PERIAN))["2026-08"]
    assert (bill.amount, bill.settled) == (None, False)


async def test_a_village_that_was_never_registered_owes_nothing(sari: World) -> None:
    await _load(sari, _row(PERIAN, "ya", None, "11023456", "Agustus 2026"))
    await _load(sari, _row(PERIAN, "tidak"))
    assert {bill.settled for bill in (await _bills(sari, PERIAN)).values()} == {True}
    assert await sari.store.transact(lambda tx: employers.registered(tx, "64.02")) == set()


async def test_people_and_what_was_reckoned_of_them_are_not_touched(sari: World) -> None:
    person = await sari.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)

    def register(tx: Tx) -> None:
        now = sari.clock.now()
        details = {"wage": 2_500_000}
        day = now.date().replace(month=9, day=1)
        new = New(PERIAN, "Siti Aminah", "6402015708850003", details, "perangkat", "kaur_keuangan", day, day)
        members.add(tx, new, person, now)

    await sari.store.transact(register)
    await _load(sari, _row(PERIAN, "ya", "2019", "11023456", "Agustus 2026"))
    kept = await sari.store.transact(lambda tx: members.of_village(tx, PERIAN))
    assert [(member.name, member.state) for member in kept] == [("Siti Aminah", State.SUBMITTED)]
    found = await _bills(sari, PERIAN)
    assert (found["2026-08"].people, found["2026-08"].amount) == (0, None)
    assert (found["2026-11"].people, found["2026-11"].amount is None) == (1, False)


async def test_bad_rows_come_back_as_typed_with_their_numbers(sari: World) -> None:
    data = workbooks.workbook(
        [
            ["Rekap desa"],
            ["Catatan", "Kode desa", "Desa", "Terdaftar", "Bulan belum dibayar", "HP"],
            ["baik", PERIAN, "Perian", "ya", "Agustus 2026", None],
            ["lihat lagi", LEKA, "Muara Leka", "ya", "3 bulan terakhir", "tanya camat"],
        ]
    )
    returned, asked = await _sends(sari, data)
    assert _rows(returned) == [
        ["Baris", "Catatan", "Kode desa", "Desa", "Terdaftar", "Bulan belum dibayar", "HP kontak", "Yang perlu diperbaiki"],
        [
            4, "lihat lagi", LEKA, "Muara Leka", "ya", "3 bulan terakhir", "tanya camat",
            "Bulan belum dibayar: 3 bulan terakhir artinya berubah setiap bulan. Sebut bulannya, contoh: Juli-September 2026\n"
            "HP kontak: tanya camat bukan nomor HP. Contoh: 0812 3456 7890",
        ],
    ]  # fmt: skip
    assert [choice.label for choice in asked.choices] == ["Simpan 1 desa", "Jangan simpan"]
    assert returned.attachment is not None
    second = await _sends(sari, returned.attachment.data)
    assert _rows(second[0])[0].count("Baris") == 1
    assert _rows(second[0])[1][0] == 2


async def test_nothing_is_saved_before_it_is_approved(sari: World) -> None:
    await _sends(sari, workbooks.filled(_row(PERIAN, "ya", None, "11023456")))
    assert await _employer(sari, PERIAN) is None
    await sari.presses("sari", "Jangan simpan")
    assert await _employer(sari, PERIAN) is None


async def test_two_approvals_of_the_same_rows_save_them_once(sari: World) -> None:
    data = workbooks.filled(_row(PERIAN, "ya", None, "11023456"))
    first = await _sends(sari, data)
    await _sends(sari, data)
    await sari.presses("sari", "Simpan 1 desa")
    token = first[-1].choices[0].id
    said = await sari.says("sari", choice=token, shape="tap", tap="t", message="1")
    assert _text(said).startswith("*Tidak ada yang berubah*")


@pytest.mark.slow
async def test_months_that_the_bot_opened_itself_are_not_taken_off_by_an_old_file(sari: World) -> None:
    row = _row(PERIAN, "ya", None, "11023456", "Agustus 2026")
    await _load(sari, row)
    await sari.move(sari.clock.now().replace(year=2027, month=1, day=20))
    again = await _sends(sari, workbooks.filled(row))
    assert again[-1].text.startswith("*Tidak ada yang berubah*")
    found = await _bills(sari, PERIAN)
    assert [month for month, bill in found.items() if not bill.settled] == [
        "2026-08",
        "2026-11",
        "2026-12",
        "2027-01",
    ]


async def test_an_old_approval_finds_nothing_to_save(sari: World) -> None:
    await _sends(sari, workbooks.filled(_row(PERIAN, "ya", None, "11023456")))
    later = sari.clock.now().replace(month=12, day=20)
    sari.clock.move(later)
    await sari.store.transact(lambda tx: jobs.forget(tx, later))
    said = await sari.presses("sari", "Simpan 1 desa")
    assert "sudah terlalu lama" in _text(said)
    assert await _employer(sari, PERIAN) is None


async def test_only_an_administrator_of_the_district_may(here: World) -> None:
    data = workbooks.filled(_row(PERIAN, "ya", None, "11023456"))
    for user, role, place in (
        ("darma", Role.TREASURER, PERIAN),
        ("budi", Role.OPERATOR, "64.02"),
        ("wati", Role.VIEWER, "64.02"),
        ("rini", Role.BRANCH, "64.02"),
    ):
        await here.appoint(user, "Seseorang", role, place)
        here.channel.files["x"] = data
        said = await here.says(
            user, shape="document", file={"id": "x", "name": "x.xlsx", "mime": sheets.MIME}
        )
        assert not any(letter.choices and "Simpan" in letter.choices[0].label for letter in said)
        assert not (await here.says(user, "muatan awal"))[0].attachment
    await here.appoint("lain", "Admin Landak", Role.ADMIN, "61.08")
    here.channel.files["x"] = workbooks.filled(_row(PERIAN, "ya"), _row(LEKA, "ya"))
    said = await here.says("lain", shape="document", file={"id": "x", "name": "x.xlsx", "mime": sheets.MIME})
    assert "kabupaten lain" in said[-1].text


async def test_who_is_no_longer_administrator_saves_nothing(sari: World) -> None:
    await _sends(sari, workbooks.filled(_row(PERIAN, "ya", None, "11023456")))

    def end(tx: Tx) -> None:
        actor = people.actor(tx, memory.NAME, "sari", sari.clock.now().date())
        assert actor is not None
        tx.run("UPDATE official SET until = '2026-11-01' WHERE person = :person", person=actor.person)

    await sari.store.transact(end)
    await sari.presses("sari", "Simpan 1 desa")
    assert await _employer(sari, PERIAN) is None


async def test_the_chain_names_villages_and_no_person(sari: World) -> None:
    await _load(
        sari,
        _row(PERIAN, "ya", None, "11023456", "Agustus 2026", None, None, "Siti Aminah", None, "081234567890"),
    )

    def look(tx: Tx) -> tuple[list[str], int | None]:
        rows = tx.all("SELECT action || ' ' || object || ' ' || details AS told FROM audit ORDER BY seq")
        return [row["told"] for row in rows], records.broken(tx)

    told, broken = await sari.store.transact(look)
    assert any(line.startswith(f"opening village:{PERIAN} ") for line in told)
    assert broken is None
    assert not any(word in " ".join(told) for word in ("Siti", "+62", "11023456"))


def _on_disk(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.glob("payung.db*"))


async def test_what_waits_is_sealed(sari: World, tmp_path: Path) -> None:
    await _sends(
        sari, workbooks.filled(_row(PERIAN, "ya", None, "11023456", None, None, None, "Siti Aminah Kontak"))
    )
    await sari.says("sari", "menu")
    assert not _on_disk(tmp_path, b"Aminah Kontak")
    assert _on_disk(tmp_path, b"Muara Muntai")


async def test_too_many_files_wait_and_a_large_one_is_not_fetched(sari: World) -> None:
    data = workbooks.filled(_row(PERIAN, "mungkin"))
    said = [(await _sends(sari, data))[-1].text for _ in range(7)]
    assert [text.startswith("Sudah 6 berkas") for text in said] == [False] * 6 + [True]
    large = await _sends(sari, b"", size=sheets.LARGEST + 1)
    assert "terlalu besar" in large[-1].text


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(sari: World) -> None:
    file = {"id": "gone", "name": "isian.xlsx", "mime": sheets.MIME, "size": 9}
    said = await sari.says("sari", shape="document", file=file)
    assert "belum sampai" in said[-1].text


def test_every_reason_of_the_reader_has_its_sentence() -> None:
    tree = ast.parse(Path(reading.__file__).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    ]
    said = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    said |= {word for word, _ in workbooks.ODD.values() if word} | {"slow"}
    assert len(said) > 10
    assert all(texts.render(f"sheet/{word}", {}) for word in said)


async def test_a_whole_district_is_saved_in_one_breath(sari: World) -> None:
    rows = [
        _row(
            v.code,
            "ya",
            "2019",
            "11023456",
            "Agustus-Oktober 2026",
            None,
            "desa",
            "Siti",
            "Kaur",
            "081234567890",
        )
        for v in KUKAR
    ]
    asked = await _sends(sari, workbooks.filled(*rows))
    begun = time.process_time()
    said = await sari.presses("sari", asked[-1].choices[0].label)
    assert _text(said).startswith(f"✅ *{len(KUKAR)} desa tersimpan*")
    assert time.process_time() - begun < 2
    assert len(await _bills(sari, KUKAR[-1].code)) == 4
