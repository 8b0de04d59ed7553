"""Sheets that leave: every cell is what it was made from, none is a formula, and each goes to who may see it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot import ledger, rules
from bot.channels import memory
from bot.domain import sipp
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.errors import Misconfigured
from bot.messages import Address, Arrival, Choice, Document, Letter, Outgoing
from bot.reports import lists, papers, registrations, sheets
from bot.store import bills, exported, jobs, members, outbox, places, posts
from bot.store.bills import Figure
from bot.store.database import Tx
from bot.store.members import By, New
from handlers import TABLE
from handlers.exports import releasing
from tests.rights import answers, pressed
from tests.world import PERIAN, START, World, rulebook

KUKAR = "64.02"
NOBODY = By(None, START)
#: Names that a program may take for something else.
NAMES = ("=1+1", "+62 811", "@SUM(A1)", "-2+3", "'0012", '=HYPERLINK("http://x";"y")', 'Siti; Aminah, "S.Pd"')


def _new(number: int, name: str, **details: Any) -> New:
    told = {"born": "1985-08-17", "sex": "P", "place": "Tenggarong", "mother": "Kartini", "phone": "+6281234567890",
            "wage": 2_000_000 + number, **details}  # fmt: skip
    return New(PERIAN, name, f"640201570885{number:04}", told, "perangkat", "kaur_umum", date(2024, 1, 2),
               date(2026, 11, 1))  # fmt: skip


def people(tx: Tx) -> list[int]:
    """One for each odd name: submitted, but the last two, of whom one is active and one has left."""
    ids = [members.add(tx, _new(number, name), None, START) for number, name in enumerate(NAMES, 1)]
    found = [number for number in ids if number]
    for number in found[-2:]:
        one = members.get(tx, number)
        assert one is not None
        members.accept(tx, one, NOBODY, "01234567890")
    posts.change_wage(tx, found[-2], 3_000_000, date(2026, 11, 1), NOBODY)
    members.end(tx, found[-1], (date(2026, 11, 10), "resigned"), NOBODY)
    ledger.refresh(tx, rulebook(), PERIAN, Month(2026, 11), START)
    return found


async def sheet_of(here: World, what: str, **args: str) -> papers.Made | None:
    asked = {"what": what, "village": PERIAN, "district": KUKAR, **args}
    request = papers.Request(asked, rulebook(), here.clock.now())
    draft = await here.store.read(lambda tx: lists.export(tx, request))
    return next(iter(await draft.make()), None)


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet; no cell is a formula, and the NIK are texts."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}, sheet.title
        assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def column(rows: Sequence[Sequence[Any]], title: str) -> list[Any]:
    return [row[rows[0].index(title)] for row in rows[1:]]


async def test_the_sheet_for_sipp_says_who_is_new_changed_and_gone(here: World) -> None:
    await here.store.transact(people)
    made = await sheet_of(here, lists.SIPP)
    assert made is not None
    found = cells(made.data)
    assert list(found) == ["Baru", "Perubahan", "Keluar", "Yang masih kosong", "Catatan"]
    new = found["Baru"]
    assert tuple(new[0]) == sipp.layout(rulebook(), "A", sipp.NEW, START.date()).titles
    assert len(new) == 6
    assert column(new, "NOMOR_IDENTITAS") == [f"640201570885{number:04}" for number in range(1, 6)]
    assert column(new, "NAMA_DEPAN") == ["=1+1", "+62", "@SUM(A1)", "-2+3", "'0012"]
    assert column(new, "HP")[0] == "081234567890"
    assert column(new, "TANGGAL_LAHIR")[0] == "17-08-1985"
    assert column(new, "UPAH")[0] == 2_000_001
    assert column(new, "LOKASI_PEKERJAAN")[0] == "6402"
    assert found["Perubahan"][1][:6] == [
        "01234567890",
        "6402015708850006",
        NAMES[5],
        "upah",
        3_000_000,
        "01-11-2026",
    ]
    assert found["Keluar"][1] == [
        "01234567890",
        "6402015708850007",
        NAMES[6],
        "10-11-2026",
        "Mengundurkan diri",
    ]
    assert ["Baru", "EMAIL", "alamat email", "semua (5 orang)"] in found["Yang masih kosong"]
    assert "belum dibandingkan" in found["Catatan"][2][0]


async def test_what_is_empty_for_some_is_named(here: World) -> None:
    def fill(tx: Tx) -> None:
        members.add(tx, _new(1, "Siti Aminah", phone=""), None, START)
        members.add(tx, _new(2, "Budi Santoso"), None, START)

    await here.store.transact(fill)
    made = await sheet_of(here, lists.SIPP)
    assert made is not None
    gaps = cells(made.data)["Yang masih kosong"]
    assert ["Baru", "HP", "nomor HP", "Siti Aminah"] in gaps
    assert not any(row[1] == "NAMA_IBU_KANDUNG" for row in gaps)


async def test_a_sheet_that_was_entered_is_what_the_next_one_starts_from(here: World) -> None:
    def sheet(tx: Tx) -> registrations.Registrations:
        village = places.village(tx, PERIAN)
        assert village is not None
        return registrations.read(tx, rulebook(), village, here.clock.now().date())

    def counts(tx: Tx) -> list[int]:
        return [len(sheet(tx).entries[name]) for name in sipp.SHEETS]

    ids = await here.store.transact(people)
    assert await here.store.transact(counts) == [5, 1, 1]
    rows = await here.store.transact(lambda tx: sheet(tx).rows)
    number = await here.store.transact(lambda tx: exported.keep(tx, PERIAN, rows, (1, START)))
    assert await here.store.transact(counts) == [5, 1, 1]  # made, not entered
    assert await here.store.transact(lambda tx: exported.enter(tx, number, (1, START)))
    assert not await here.store.transact(lambda tx: exported.enter(tx, number, (1, START)))
    assert await here.store.transact(counts) == [0, 0, 0]
    assert (await here.store.transact(sheet)).waiting == 5
    await here.store.transact(lambda tx: posts.change_wage(tx, ids[0], 2_500_000, date(2026, 11, 1), NOBODY))
    await here.store.transact(lambda tx: members.end(tx, ids[1], (date(2026, 11, 20), "died"), NOBODY))
    assert await here.store.transact(counts) == [0, 1, 1]
    await here.store.transact(lambda tx: posts.change_wage(tx, ids[0], 2_000_001, date(2026, 11, 1), NOBODY))
    assert await here.store.transact(counts) == [0, 0, 1]  # changed back


async def test_the_digests_say_nothing(here: World) -> None:
    """Equal wages of two people look different, and no value stands in the table."""
    digests = await here.store.transact(
        lambda tx: [exported.digest(tx, member, "wage", 2_000_000) for member in (1, 2)]
    )
    assert digests[0] != digests[1]


async def test_the_list_names_everybody_with_text_niks(here: World) -> None:
    await here.store.transact(people)
    made = await sheet_of(here, lists.PEOPLE)
    assert made is not None
    rows = cells(made.data)["Peserta"]
    assert column(rows, "No") == list(range(1, 8))
    assert column(rows, "Nama") == list(NAMES)
    assert column(rows, "NIK") == [f"640201570885{number:04}" for number in range(1, 8)]
    assert column(rows, "Status") == ["diajukan"] * 5 + ["aktif", "tidak aktif"]
    assert column(rows, "Upah sebulan (Rp)")[5] == 3_000_000
    assert column(rows, "Nomor peserta (KPJ)")[5:] == ["01234567890"] * 2


async def test_the_bill_adds_up_to_what_is_owed(here: World) -> None:
    await here.store.transact(people)

    def give(tx: Tx) -> bills.Bill:
        bill = bills.get(tx, PERIAN, "PU", Month(2026, 11))
        assert bill is not None
        bills.give(tx, bill, Figure(99_000, "SIPP, dibaca =Darma"), (1, START))
        return bill

    bill = await here.store.transact(give)
    made = await sheet_of(here, lists.BILL)
    assert made is not None
    found = cells(made.data)
    each, lines = found["Per orang"], found["Ringkasan"]
    assert each[-1][1] == "Jumlah"
    assert column(each, "Jumlah (Rp)")[-1] == bill.ours
    assert sum(column(each, "Jumlah (Rp)")[:-1]) == bill.ours
    assert [sum(row[at] for row in each[1:-1]) for at in range(3, len(each[0]))] == list(each[-1][3:])
    for row in each[1:]:
        assert sum(row[4:-1]) == row[-1]
    summed = next(row for row in lines if row[0] == "Jumlah hitungan")
    assert summed[4:7] == [bill.ours, 0, bill.ours]
    assert lines[-1][0] == "Angka BPJS (yang berlaku)"
    assert lines[-1][6:] == [99_000, "SIPP, dibaca =Darma"]
    assert "NIK" not in each[0]
    assert await sheet_of(here, lists.BILL, month="2026-01") is None


# -- the layouts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Siti", ("Siti", "", "", "")),
        ("Siti Aminah", ("Siti", "", "Aminah", "")),
        ("Ni Luh Putu Ayu", ("Ni", "Luh Putu", "Ayu", "")),
        ("H. Abd. Ra'uf, S.Pd.I., M.M.", ("Abd.", "", "Ra'uf", "H., S.Pd.I., M.M.")),
        ("M. Nur", ("M.", "", "Nur", "")),
        ("Drs.", ("Drs.", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_name_is_split_by_one_rule(name: str, parts: tuple[str, ...]) -> None:
    found = sipp.split(name)
    assert (found.first, found.middle, found.last, found.title) == parts


def test_both_generations_have_their_columns() -> None:
    on = START.date()
    first, second = (sipp.layout(rulebook(), one, sipp.NEW, on) for one in ("A", "B"))
    assert (len(first.titles), len(second.titles)) == (29, 31)
    assert first.titles[0] == second.titles[0] == "NO_PEGAWAI"
    assert first.titles[-1] == "LOKASI_PEKERJAAN"
    assert (second.titles[1], second.titles[5]) == ("NAMA_LENGKAP", "")
    assert second.titles[-3:] == ("STATUS_PEGAWAI", "TGL_AWAL_BEKERJA", "TGL_AKHIR_KONTRAK")
    entry = sipp.Entry(3, "Siti Aminah", "6402015708850003", wage=2_022_200, born=date(1985, 8, 17))
    assert (sipp.row(first, entry)[13], sipp.row(second, entry)[12]) == ("17-08-1985", "1985-08-17")
    assert (sipp.row(first, entry)[25], sipp.row(second, entry)[24]) == (2_022_200, "2022200.00")
    assert len(sipp.row(second, entry)) == 31


def test_a_column_that_holds_nothing_known_is_refused(tmp_path: Path) -> None:
    row = """[[sipp_layout]]\ngeneration = "C"\nsheet = "new"\ncolumns = ["NAMA: nama"]
        effective_from = 2026-01-01\nsource = "x"\ncertainty = "V"\n"""
    (tmp_path / "own.toml").write_text(row)
    with pytest.raises(Misconfigured, match="nama"):
        rules.load(rules.FOLDER, tmp_path)


def test_a_district_uses_its_own_row() -> None:
    own = sipp.SippUse(district=KUKAR, generation="B", compared=True, effective_from=date(2026, 11, 1), source="x",
                       certainty=rulebook().all_sipp_uses[0].certainty)  # fmt: skip
    found = replace(rulebook(), all_sipp_uses=(*rulebook().all_sipp_uses, own))
    assert sipp.use(found, KUKAR, date(2026, 10, 31)).generation == "A"
    assert sipp.use(found, KUKAR, date(2026, 11, 1)).generation == "B"
    assert sipp.use(found, "61.08", date(2026, 11, 1)).generation == "A"


# -- through the bot ---------------------------------------------------------------------------


def _files(said: Sequence[Letter]) -> list[Document]:
    return [letter.attachment for letter in said if letter.attachment]


async def test_a_sheet_goes_to_who_asked_and_is_noted(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(people)
    said = await here.says("darma", "peserta excel")
    [file] = _files(said)
    assert [letter.to.chat for letter in said] == ["darma"]
    assert file.mime == sheets.MIME
    sql = "SELECT object, details FROM audit WHERE action = 'export'"
    acts = await here.store.transact(lambda tx: [(row["object"], row["details"]) for row in tx.all(sql)])
    assert acts == [(f"village:{PERIAN}", '{"what": "members"}')]


@pytest.mark.parametrize("what", ["sipp", "members", "bill"])
async def test_a_menus_button_names_no_village(here: World, what: str) -> None:
    """It is about the village the person speaks about; the office has to name one."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, KUKAR)
    said = [
        await answers(here, TABLE, pressed(here, user, user, f"export:{what}", owned=True))
        for user in ("darma", "yuni")
    ]
    assert said[0] == [("", "work that waits")]
    assert [template for template, _ in said[1]] == ["chat/not_yours"]


async def test_who_left_office_meanwhile_gets_nothing(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(people)
    arrived = here.engine.inbox
    await arrived.accept([_typed(here, "darma", "daftar peserta excel")])
    await arrived.once()  # the job is written, not done
    await here.leave("darma")
    await here.settle()
    assert _files(here.new()) == []


def _typed(here: World, user: str, text: str) -> Arrival:
    return memory.arrival(user, here.clock.now(), 901, text=text)


async def test_a_killed_job_brings_one_file(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(people)
    await here.engine.inbox.accept([_typed(here, "darma", "lembar sipp")])
    await here.engine.inbox.once()
    taken = await here.store.transact(lambda tx: jobs.take(tx, here.clock.now()))
    assert taken is not None  # and then the process ends
    await here.engine.worker.recover()
    await here.settle()
    assert len(_files(here.new())) == 1
    sheets_made = await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM sheet_made")[0])
    assert sheets_made == 1


# -- a whole district --------------------------------------------------------------------------


async def _button(here: World, user: str) -> None:
    """A button under which the sheet of a village is made, as often as it is pressed."""
    choice = Choice(f"in:{KUKAR}:export:{lists.PEOPLE}:{PERIAN}", "Daftar")
    out = Outgoing(Address(memory.NAME, user), "chat/thanks", choices=(choice,), key=f"menu:{user}")
    await here.store.transact(lambda tx: outbox.put(tx, here.clock.now(), out))
    await here.settle()


async def _taken(here: World, user: str, count: int) -> list[str]:
    """What they read, pressing so often, five in ten minutes."""
    said: list[str] = []
    for number in range(count):
        if number % 5 == 0:
            await here.move(here.clock.now() + timedelta(minutes=10), timedelta(minutes=10))
        said += [one.text for one in await here.presses(user, "Daftar") if one.to.chat == user]
    return said


async def _noted(here: World) -> int:
    found: int = await here.store.transact(
        lambda tx: tx.one("SELECT COUNT(*) AS n FROM audit WHERE action = 'export'")["n"]
    )
    return found


@pytest.fixture
async def district(here: World) -> World:
    """People of a village, and an administrator of the district with a button."""
    await here.store.transact(people)
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await _button(here, "yuni")
    return here


async def test_many_sheets_of_a_district_need_a_second_administrator(district: World) -> None:
    here = district
    await here.appoint("budi", "Budi Santoso", Role.ADMIN, KUKAR)
    said = await _taken(here, "yuni", releasing.A_DAY + 3)
    assert await _noted(here) == releasing.A_DAY
    assert sum("perlu persetujuan administrator lain" in text for text in said) == 3
    asked = [one for one in here.sent if any(choice.label == "Setujui" for choice in one.choices)]
    assert [one.to.chat for one in asked] == ["budi"]  # once, and never the asker
    await here.presses("budi", "Setujui")
    assert "Disetujui Budi Santoso" in "".join(one.text for one in here.sent if one.to.chat == "yuni")
    await _taken(here, "yuni", 5)
    assert await _noted(here) == releasing.A_DAY + 5
    await here.move(here.clock.now() + timedelta(hours=1))
    await _taken(here, "yuni", 1)
    assert await _noted(here) == releasing.A_DAY + 5
    acts = await here.store.transact(lambda tx: [row[0] for row in tx.all("SELECT action FROM audit")])
    assert acts.count("export_release") == 1
    assert acts.count("export_release_asked") == 2


async def test_who_asked_does_not_agree_even_with_the_button(district: World) -> None:
    here = district
    await here.appoint("budi", "Budi Santoso", Role.ADMIN, KUKAR)
    await here.open_room("#kantor", KUKAR, "office")
    await _taken(here, "yuni", releasing.A_DAY + 1)
    said = await here.presses("yuni", "Setujui", "#kantor")
    assert "administrator lain yang menyetujui" in said[-1].text
    await _taken(here, "yuni", 2)
    assert await _noted(here) == releasing.A_DAY
    await here.presses("budi", "Setujui", "#kantor")
    await _taken(here, "yuni", 2)
    assert await _noted(here) == releasing.A_DAY + 2
    await here.presses("budi", "Setujui", "#kantor")  # once


async def test_the_only_administrator_waits_an_hour_and_the_group_reads_of_it(district: World) -> None:
    here = district
    await here.open_room("#kantor", KUKAR, "office")
    said = await _taken(here, "yuni", releasing.A_DAY + 1)
    assert "bisa diambil mulai pukul" in said[-1]
    told = [one.text for one in here.sent if one.to.chat == "#kantor" and "/bekukan" in one.text]
    assert len(told) == 1
    assert "NIK" not in told[0]
    await _taken(here, "yuni", 1)
    assert await _noted(here) == releasing.A_DAY
    await here.move(here.clock.now() + timedelta(minutes=50))
    await _taken(here, "yuni", 2)
    assert await _noted(here) == releasing.A_DAY + 2


async def test_where_there_is_no_group_none_is_said_to_have_been_told(district: World) -> None:
    said = await _taken(district, "yuni", releasing.A_DAY + 1)
    assert "bisa diambil mulai pukul" in said[-1]
    assert "Grup kantor" not in said[-1]


async def test_a_day_has_an_end_and_the_morning_tells_how_many(district: World) -> None:
    here = district
    await here.open_room("#kantor", KUKAR, "office")
    for _ in range(releasing.ASKED_A_DAY + 1):
        await _taken(here, "yuni", releasing.A_DAY + 1)
        await here.move(here.clock.now() + timedelta(minutes=125))
    said = await _taken(here, "yuni", 1)
    assert "Berikutnya besok" in said[-1]
    told = await here.move(START + timedelta(hours=25))
    (line,) = [one.text for one in told if "Rekam kegiatan" in one.text]
    assert f"diambil sejak kemarin: {await _noted(here)}, oleh 1 orang" in line


async def test_a_village_takes_its_own_sheets_without_anybody(here: World) -> None:
    await here.store.transact(people)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    for _ in range(3):
        await here.move(here.clock.now() + timedelta(minutes=10), timedelta(minutes=10))
        for _ in range(5):
            await here.says("darma", "daftar peserta excel")
    assert await _noted(here) == 15


async def test_of_old_sheets_only_what_was_entered_last_is_kept(here: World) -> None:
    """A sheet that nobody entered says nothing of SIPP; one that a later sheet replaced says nothing any more."""
    later, now = START + timedelta(days=30), START + timedelta(days=100)

    def lay(tx: Tx) -> tuple[int, int]:
        new = New(PERIAN, "Siti", "6402015708850003", {"wage": 1}, "perangkat", "kaur_keuangan",
                          date(2020, 1, 2), date(2020, 1, 2), State.ACTIVE)  # fmt: skip
        member = members.add(tx, new, None, START)
        assert member
        for wage, entered, at in ((1, True, START), (2, False, START), (3, True, later), (4, False, later)):
            row = (member, "wage", exported.digest(tx, member, "wage", wage))
            post = (member, "position", exported.digest(tx, member, "position", "kaur"))
            number = exported.keep(tx, PERIAN, [row, post] if wage == 1 else [row], (1, at))
            if entered:
                exported.enter(tx, number, (1, at))
        exported.forget(tx, now - timedelta(days=90))
        rows = tx.all("SELECT sheet, what FROM sheet_row ORDER BY sheet, what")
        assert [(row["sheet"], row["what"]) for row in rows] == [(1, "position"), (3, "wage"), (4, "wage")]
        found = exported.entered(tx, PERIAN)[member]
        assert found["wage"] == exported.digest(tx, member, "wage", 3)
        return member, len(found)

    assert (await here.store.transact(lay))[1] == 2
