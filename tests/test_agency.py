"""The agency's own lists: told from other sheets, read, compared, and what they change, through the whole bot."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import ledger
from bot.channels import memory
from bot.domain import agency, comparing
from bot.domain.agency import Listed
from bot.domain.comparing import Known
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.messages import Address, Document, Letter
from bot.reports import sheets
from bot.store import bills, employers, members
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.members import By, Member, New
from tests import workbooks
from tests.transcripts import Transcript
from tests.workbooks import Cell
from tests.world import PERIAN, START, World, rulebook, world

TOLD = Path(__file__).parent / "conversations" / "sheets" / "cocokkan.txt"
LEKA = "64.02.01.2002"
TODAY = START.date()
#: As the program of the agency names its columns.
DETAILS = (
    "no_ref", "nik_ktp", "no_pegawai", "nama_tk", "tgl_lahir", "tgl_kepesertaan", "jumlah_upah", "jumlah_rapel",
    "iuran_jkk", "iuran_jkm", "jht pemberi_kerja", "jht tenaga_kerja", "jp pemberi_kerja", "jp tenaga_kerja",
    "jkp pemberi_kerja", "jkp pemerintah", "total_iuran", "dibayar_perusahaan", "dibayar_tk", "uraian",
)  # fmt: skip
MEMBERS = ("No", "KPJ", "NIK", "Nama Tenaga Kerja", "Tgl Lahir", "Tgl Kepesertaan", "Status")
SITI, BUDI, TONO, RINA = "6402015708850003", "6402011203800001", "6402010101900004", "6402014105910005"


def detail(kpj: str, nik: str, name: str, born: str, wage: int, total: int) -> list[Cell]:
    """One row of the details of a month's contributions."""
    row: dict[str, Cell] = {"no_ref": kpj, "nik_ktp": nik, "nama_tk": name, "tgl_lahir": born,
                            "tgl_kepesertaan": "01-11-2026", "jumlah_upah": wage, "total_iuran": total}  # fmt: skip
    return [row.get(title) for title in DETAILS]


GOOD = (
    detail("26011112222", SITI, "SITI AMINAH", "17-08-1985", 2_500_000, 13_500),
    detail("26011113333", "6402011203800009", "BUDI SANTOSO", "12-03-1980", 2_022_200, 10_920),
    detail("26011114444", "6402010505850007", "AGUS SALIM", "05-05-1985", 2_022_200, 10_920),
)


def documents() -> Mapping[str, bytes]:
    """The files that the transcript's people send, by name."""
    total: list[Cell] = ["TOTAL", *[None] * 15, 35_340]
    many = [
        ("NPP", "Nama Perusahaan", *MEMBERS[1:]),
        (
            "AB123456",
            "PEMERINTAH DESA PERIAN",
            "26011112222",
            SITI,
            "SITI AMINAH",
            "17/08/1985",
            "01/11/2026",
            "AKTIF",
        ),
        (
            "",
            "DESA MUARA LEKA",
            "26011119999",
            "6402014105910005",
            "RINA",
            "01/05/1991",
            "01/11/2026",
            "NON AKTIF",
        ),
        ("", "PT SAWIT", "26011118888", "6402014105910006", "JOKO", "01/05/1991", "01/11/2026", "AKTIF"),
    ]
    alone = [(number, kpj, nik, name, born, "01/11/2026", "Aktif") for number, (kpj, nik, name, born) in enumerate(
        (("26011118888", "6402014105910006", "JOKO", "01/05/1991"),), 1)]  # fmt: skip
    return {
        "rincian iuran.xlsx": workbooks.workbook([["Rincian iuran bulan November 2026"], [], DETAILS, *GOOD, total]),
        "daftar tk.xlsx": workbooks.workbook([list(row) for row in many]),
        "satu desa.xlsx": workbooks.workbook([MEMBERS, *alone]),
        "kosong.xlsx": workbooks.workbook([MEMBERS]),
        "catatan.xlsx": workbooks.workbook([["Nama", "Tanda tangan"], ["Siti", ""]]),
        "desa lain.xlsx": workbooks.workbook([("NPP", *MEMBERS), ("ZZ999999", 1, "26011118888", SITI, "SITI",
                                              "17/08/1985", "01/11/2026", "Aktif")]),
    }  # fmt: skip


def register(tx: Tx) -> None:
    """Three people of one village: two submitted, one confirmed without a number; the month's bill."""
    employers.put(tx, Employer(PERIAN, "AB123456", "2020", None), None, START)
    for nik, name, born, position in (
        (SITI, "Siti Aminah", "1985-08-17", "kaur_umum"),
        (BUDI, "Budi Santoso", "1980-03-12", "sekdes"),
        (TONO, "Tono", "1990-01-01", "kadus"),
    ):
        told = {
            "born": born,
            "sex": "L",
            "place": "Tenggarong",
            "mother": "Ani",
            "phone": "",
            "wage": 2_022_200,
        }
        number = members.add(
            tx,
            New(PERIAN, name, nik, told, "perangkat", position, date(2024, 1, 2), date(2026, 11, 1)),
            None,
            START,
        )
        one = members.get(tx, number or 0)
        if name == "Tono" and one:
            members.accept(tx, one, By(None, START))
    ledger.refresh(tx, rulebook(), PERIAN, Month(2026, 11), START)


def lay_out(here: World, files: Mapping[str, bytes]) -> None:
    """Let the files be at hand, as if the bot had sent them to somebody."""
    for name, data in files.items():
        letter = Letter(Address(memory.NAME, "nobody"), "", attachment=Document(name, sheets.MIME, data))
        here.channel.sent.append(letter)
    here.new()


@pytest.mark.slow
async def test_the_bot_answers_as_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    transcript = Transcript.read(TOLD)
    async with world(tmp_path) as here:
        lay_out(here, documents())
        await here.store.transact(register)
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written


# -- which sheet is a list of the agency -------------------------------------------------------


def _pages(*rows: Sequence[object]) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    return [("Lembar1", [(number, [str(cell or "") for cell in row]) for number, row in enumerate(rows, 1)])]


@pytest.mark.parametrize(
    ("titles", "known"),
    [
        (DETAILS, True),
        (tuple(title.upper().replace("_", " ") for title in DETAILS), True),
        (MEMBERS, True),
        (("No. KPJ", "Nama", "NIK", "Status Kepesertaan"), True),
        (("NAMA TK", "KPJ (11 angka)", "Total Iuran"), True),
        (("Nama", "NIK", "Jabatan", "Upah"), False),  # a village's staff
        (
            ("No", "Nama", "NIK", "Jabatan", "Status", "Nomor peserta (KPJ)", "Upah sebulan (Rp)"),
            False,
        ),  # ours
        (("KPJ", "NIK", "NAMA", "HARI_TERAKHIR", "SEBAB"), False),  # ours, of who has left
        (("KPJ", "NIK", "NAMA", "YANG_BERUBAH", "UPAH", "JABATAN"), False),
        (("NIK", "Nama", "Status"), False),
        (workbooks.TITLES, False),
        ((), False),
    ],
)
def test_a_list_is_known_by_its_titles(titles: Sequence[str], known: bool) -> None:
    assert (agency.locate(_pages(["Laporan"], [], titles, ["x"] * len(titles))) is not None) == known


def test_a_header_of_two_rows_is_one() -> None:
    upper = ["Nomor", "", "Iuran", "", "Status"]
    lower = ["KPJ", "Nama", "JKK", "JKM", "Kepesertaan"]
    found = agency.locate(_pages(upper, lower, ["26011112222", "Siti Aminah", "1", "2", "Aktif"]))
    assert found is not None
    assert found.cell(found.rows[0][1], agency.KPJ) == "26011112222"
    assert found.cell(found.rows[0][1], agency.STATUS) == "Aktif"


def _read(*rows: Sequence[object], titles: Sequence[str] = MEMBERS) -> list[Listed]:
    found = agency.locate(_pages(titles, *rows))
    assert found is not None
    return agency.read(found, TODAY)


@pytest.mark.parametrize(
    ("said", "active"),
    [
        ("AKTIF", True), ("Aktif", True), ("A", True), ("active", True),
        ("NON AKTIF", False), ("Nonaktif", False), ("TIDAK AKTIF", False), ("Keluar", False), ("PHK", False),
        ("", None), ("?", None),
    ],
)  # fmt: skip
def test_the_status_is_read(said: str, active: bool | None) -> None:
    [one] = _read([1, "26011112222", SITI, "SITI AMINAH", "17/08/1985", "01/11/2026", said])
    assert one.active is active


def test_sums_numbers_and_empty_rows_are_nobody() -> None:
    found = _read(
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        [1, "26011112222", SITI, "SITI AMINAH", "17/08/1985", "01/11/2026", "Aktif"],
        ["", "", "", "", "", "", ""],
        ["JUMLAH", "", "", "1 orang", "", "", ""],
    )
    assert [one.number for one in found] == [3]


def test_a_nik_that_excel_changed_is_said_to_be_broken() -> None:
    scientific, short = _read(
        [1, "26011112222", "6,40202E+15", "SITI AMINAH", "17/08/1985", "", "Aktif"],
        [2, "26011113333", "640201120380000", "BUDI", "12/03/1980", "", "Aktif"],
    )
    assert (scientific.nik, scientific.broken) == ("", True)
    assert (short.nik, short.broken) == ("", True)


def test_somebody_in_two_rows_is_one_with_one_sum() -> None:
    one, two = GOOD[0], detail("26011112222", SITI, "SITI AMINAH", "17-08-1985", 0, 500)
    [found] = _read(one, two, titles=DETAILS)
    assert (found.total, found.wage, found.number) == (14_000, 2_500_000, 2)


def test_the_sum_of_several_months_is_no_months_sum() -> None:
    titles = ("KPJ", "NIK", "Nama", "BLTH", "Total iuran")
    rows = [("26011112222", SITI, "SITI AMINAH", month, 13_500) for month in ("10-2026", "11-2026")]
    assert [one.total for one in _read(*rows, titles=titles)] == [0]
    assert [one.total for one in _read(*rows[:1], titles=titles)] == [13_500]


@pytest.mark.parametrize(
    ("above", "month"),
    [
        ("Bulan : November 2026", Month(2026, 11)),
        ("BLTH 10-2026", Month(2026, 10)),
        ("Periode 2026", None),
        ("dicetak 23-11-2026", None),
        ("dicetak 23 November 2026", None),
    ],
)
def test_the_month_stands_above_the_table(above: str, month: Month | None) -> None:
    found = agency.locate(_pages([above], DETAILS, GOOD[0]))
    assert found is not None
    assert agency.period(found) == month


# -- who is who --------------------------------------------------------------------------------

KNOWN = Known(1, "Siti Aminah", SITI, "", date(1985, 8, 17), 2_000_000, State.SUBMITTED)
LISTED = Listed(3, "SITI AMINAH", "26011112222", SITI, date(1985, 8, 17), 2_000_000, 10_800, True)


def _listed(**changed: object) -> Listed:
    return replace(LISTED, **changed)  # type: ignore[arg-type]


def _here(**changed: object) -> Known:
    return replace(KNOWN, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "known", "how"),
    [
        (_listed(), KNOWN, "same"),
        (_listed(name="AMINAH SITI, S.Pd", born=None), KNOWN, "same"),
        (_listed(nik=""), KNOWN, "asked"),
        (_listed(nik=BUDI), KNOWN, "asked"),
        (_listed(nik=BUDI, born=date(1985, 8, 18)), KNOWN, "stranger"),
        (_listed(nik="", born=None), KNOWN, "stranger"),
        (_listed(nik="", name="RINA MARLINA"), KNOWN, "stranger"),
        (_listed(nik="", born=None), _here(kpj="26011112222"), "same"),
        (_listed(nik="", born=None, name="RINA"), _here(kpj="26011112222"), "stranger"),
    ],
)
def test_the_nik_decides_then_the_number_then_somebody_is_asked(row: Listed, known: Known, how: str) -> None:
    found = comparing.compare([row], [known], {})
    assert [len(found.pairs), len(found.asked), len(found.strangers)] == {
        "same": [1, 0, 0],
        "asked": [0, 1, 0],
        "stranger": [0, 0, 1],
    }[how]
    assert len(found.absent) == (how == "stranger")


def test_an_answer_settles_it() -> None:
    row = _listed(nik=BUDI)
    yes, no = (comparing.compare([row], [KNOWN], {3: same}) for same in (True, False))
    assert (len(yes.pairs), len(yes.strangers), yes.pairs[0].differences) == (1, 0, ["nik"])
    assert (len(no.pairs), len(no.strangers), len(no.absent)) == (0, 1, 1)


def test_a_number_never_takes_whose_nik_stands_in_another_row() -> None:
    first, second = _listed(number=1, nik=""), _listed(number=2, kpj="26019999999")
    found = comparing.compare([first, second], [_here(kpj="26011112222")], {})
    assert [(pair.listed.number, pair.known.id) for pair in found.pairs] == [(2, 1)]
    assert [row.number for row in found.strangers] == [1]


def test_who_serves_goes_before_who_has_left() -> None:
    left = _here(id=9, open=False, state=State.ENDED)
    found = comparing.compare([_listed()], [left, KNOWN], {})
    assert [pair.known.id for pair in found.pairs] == [1]
    assert found.absent == []
    [pair] = comparing.compare([_listed()], [left], {}).pairs
    assert pair.differences == ["left"]
    assert not (pair.activates)
    assert not (pair.confirms)
    assert not (pair.numbers)


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        (_listed(), KNOWN, "activates"),
        (_listed(active=None), KNOWN, ""),
        (_listed(active=False), KNOWN, ""),
        (_listed(), _here(state=State.UNKNOWN), "activates"),
        (_listed(), _here(state=State.ACTIVE), "numbers"),
        (_listed(), _here(state=State.ACTIVE, kpj="26011112222"), ""),
        (_listed(), _here(state=State.ACTIVE, said=True, kpj="26011112222"), "confirms"),
    ],
)
def test_what_a_list_changes(row: Listed, known: Known, expected: str) -> None:
    pair = comparing.Pair(row, known)
    assert [name for name in ("activates", "confirms", "numbers") if getattr(pair, name)] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        (_listed(), KNOWN, []),
        (_listed(wage=2_500_000), KNOWN, ["wage"]),
        (_listed(wage=0), KNOWN, []),
        (_listed(), _here(kpj="26019999999"), ["kpj"]),
        (_listed(name="RINA MARLINA"), KNOWN, ["name"]),
        (_listed(born=date(1985, 8, 18)), KNOWN, ["born"]),
        (_listed(active=False), _here(state=State.ACTIVE), ["gone"]),
    ],
)
def test_what_differs(row: Listed, known: Known, expected: list[str]) -> None:
    assert comparing.Pair(row, known).differences == expected


# -- through the bot ---------------------------------------------------------------------------

Said = list[Letter]


async def _sends(here: World, user: str, data: bytes) -> Said:
    return await here.sends(user, "document", Document("lembar.xlsx", sheets.MIME, data), user)


async def _people(here: World, village: str = PERIAN) -> dict[str, Member]:
    return {one.name: one for one in await here.store.transact(lambda tx: members.of_village(tx, village))}


@pytest.fixture
async def darma(here: World) -> World:
    """A world with a treasurer, and three people in the village."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(register)
    return here


def _list(*rows: Sequence[Cell]) -> bytes:
    return workbooks.workbook([MEMBERS, *rows])


_SITI: Sequence[Cell] = (1, "26011112222", SITI, "SITI AMINAH", "17/08/1985", "01/11/2026", "Aktif")
_TONO: Sequence[Cell] = (2, "26011115555", TONO, "TONO", "01/01/1990", "01/11/2026", "Aktif")


async def test_nothing_is_written_before_it_is_saved(darma: World) -> None:
    before = await _people(darma)
    await _sends(darma, "darma", _list(_SITI, _TONO))
    assert await _people(darma) == before
    await darma.presses("darma", "Simpan")
    after = await _people(darma)
    assert (after["Siti Aminah"].state, after["Siti Aminah"].said) == (State.ACTIVE, True)
    assert after["Siti Aminah"].details["kpj"] == "26011112222"
    assert after["Siti Aminah"].details["source"] == "lembar BPJS, 23 November 2026"
    assert after["Tono"].details["kpj"] == "26011115555"
    assert after["Budi Santoso"] == before["Budi Santoso"]


async def test_the_same_file_twice_changes_nothing(darma: World) -> None:
    await _sends(darma, "darma", _list(_SITI, _TONO))
    await darma.presses("darma", "Simpan")
    kept = await _people(darma)
    said = await _sends(darma, "darma", _list(_SITI, _TONO))
    assert "Tidak ada yang perlu disimpan" in said[0].text
    assert not any(choice.label == "Simpan" for letter in said for choice in letter.choices)
    assert await _people(darma) == kept


async def test_five_presses_save_once(darma: World) -> None:
    said = await _sends(darma, "darma", _list(_SITI))
    button = said[0].choices[0].id
    for number in range(5):
        await darma.says("darma", choice=button, shape="tap", tap=f"t{number}", message="1")
    accepted = "SELECT COUNT(*) FROM audit WHERE action = 'accept'"
    assert await darma.store.transact(lambda tx: tx.one(accepted)[0]) == 1


async def test_a_list_of_the_office_confirms(darma: World) -> None:
    await darma.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, "64.02")
    await _sends(darma, "yuni", _list(_SITI))  # no village is named: it is where the NIK is registered
    said = await darma.presses("yuni", "Simpan")
    assert [letter.to.chat for letter in said if "Sudah aktif" in letter.text] == ["darma"]
    assert not (await _people(darma))["Siti Aminah"].said


async def test_a_village_never_sees_people_of_another(darma: World) -> None:
    """The same NIK in another village stays unknown to this one."""
    await darma.appoint("lina", "Lina", Role.TREASURER, LEKA)
    said = await _sends(darma, "lina", _list(_SITI))
    assert "0 cocok" in said[0].text
    assert "belum di sini: SITI AMINAH" in said[0].text
    assert not any(choice.label == "Simpan" for choice in said[0].choices)


async def test_who_left_office_saves_nothing(darma: World) -> None:
    await _sends(darma, "darma", _list(_SITI))
    await darma.leave("darma")
    await darma.presses("darma", "Simpan")
    assert (await _people(darma))["Siti Aminah"].state is State.SUBMITTED


async def test_a_list_that_was_forgotten_is_asked_for_again(darma: World) -> None:
    await _sends(darma, "darma", _list(_SITI))
    await darma.store.transact(lambda tx: tx.run("DELETE FROM file"))
    said = await darma.presses("darma", "Simpan")
    assert any("kirim lagi" in letter.text for letter in said)


async def test_the_sheet_of_differences_holds_texts(darma: World) -> None:
    row = (1, "26011112222", SITI, '=HYPERLINK("x")&"SITI AMINAH"', "17/08/1985", "01/11/2026", "Aktif")
    stranger = (2, "26011119999", "6402014105910006", "+62 JOKO", "01/05/1991", "", "Aktif")
    said = await _sends(darma, "darma", _list(row, stranger))
    [file] = [letter.attachment for letter in said if letter.attachment]
    sheet = load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "n"}
    rows = [[cell.value for cell in cells] for cells in sheet.iter_rows()]
    assert ["+62 JOKO", "6402014105910006", "26011119999"] in [row[1:4] for row in rows]


async def test_the_sum_becomes_the_figure_of_the_month(darma: World) -> None:
    data = documents()["rincian iuran.xlsx"]
    await _sends(darma, "darma", data)
    await darma.presses("darma", "Ya, satu orang")
    await darma.presses("darma", "Simpan")
    await darma.presses("darma", "November 2026")
    bill = await darma.store.transact(lambda tx: bills.get(tx, PERIAN, "PU", Month(2026, 11)))
    assert bill is not None
    assert (bill.given, bill.given_by_office) == (35_340, False)


async def test_the_sum_of_a_month_without_a_bill_is_no_other_months_figure(darma: World) -> None:
    above = ["Rincian iuran bulan September 2026"]
    data = workbooks.workbook([above, [], DETAILS, *GOOD])
    await _sends(darma, "darma", data)
    await darma.presses("darma", "Ya, satu orang")
    said = await darma.presses("darma", "Simpan")
    assert "November 2026" not in [choice.label for letter in said for choice in letter.choices]


@pytest.mark.parametrize(
    ("report", "opens"), [("sudah bayar 32.760 november", True), ("sudah bayar november", False)]
)
async def test_it_is_said_when_the_sum_opens_a_reported_month(darma: World, report: str, opens: bool) -> None:
    """A report without a sum means the whole bill, whatever it is."""
    data = documents()["rincian iuran.xlsx"]
    await _sends(darma, "darma", data)
    await darma.presses("darma", "Ya, satu orang")
    await darma.presses("darma", "Simpan")
    await darma.says("darma", report)
    if not opens:
        await darma.presses("darma", "Ya, November 2026")
    said = await _sends(darma, "darma", data)
    assert any("terbuka lagi" in letter.text for letter in said) == opens
    said = await darma.presses("darma", "November 2026")
    assert any("terbuka lagi" in letter.text for letter in said) == opens
    bill = await darma.store.transact(lambda tx: bills.get(tx, PERIAN, "PU", Month(2026, 11)))
    assert bill is not None
    assert bill.settled != opens


@pytest.mark.parametrize(
    ("npp", "employer", "village"),
    [
        ("AB123456", "", PERIAN),
        ("AB123456-000", "PT APA SAJA", PERIAN),
        ("", "PEMDES PERIAN", PERIAN),
        ("", "Kantor Desa Muara Leka", LEKA),
        ("", "", PERIAN),  # by the NIK
        ("", "Pemerintah Desa", PERIAN),
        ("", "PT SAWIT", ""),  # where she works besides
        ("", "PT PERIAN JAYA", ""),
    ],
)
async def test_a_row_belongs_to_its_employers_village(
    darma: World, npp: str, employer: str, village: str
) -> None:
    await darma.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, "64.02")
    data = workbooks.workbook([("NPP", "Nama PK", *MEMBERS), (npp, employer, *_SITI)])
    said = await _sends(darma, "yuni", data)
    names = {PERIAN: "Desa Perian", LEKA: "Desa Muara Leka", "": "Desa mana?"}
    assert names[village] in said[-1].text


async def test_a_village_is_told_where_the_list_is_another_employers(darma: World) -> None:
    own, other = (
        workbooks.workbook([("NPP", *MEMBERS), (npp, *_SITI)]) for npp in ("AB 123456 000", "ZZ999999")
    )
    assert "1 cocok" in (await _sends(darma, "darma", own))[0].text
    assert "bukan NPP" in (await _sends(darma, "darma", other))[-1].text


@pytest.mark.slow
async def test_two_thousand_rows_are_read_in_time(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, "64.02")
    rows = [
        (number, f"2601{number:07}", f"640201{1 + number % 28:02}0185{1 + number // 28:04}", f"ORANG {chr(65 + number % 26)}",
         "01/01/1985", "01/11/2026", "Aktif")
        for number in range(1, 1990)
    ]  # fmt: skip
    said = await _sends(here, "yuni", _list(*rows))
    assert "belum diketahui desanya" in said[-1].text
