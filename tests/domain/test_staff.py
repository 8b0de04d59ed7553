"""A village's staff in sheets and in pasted lines: columns, posts, and lines taken apart."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rules
from bot.domain import pasted, staff_sheet
from bot.domain.positions import read_position
from bot.domain.staff_sheet import HEADER, TITLES
from bot.domain.tables import Found
from bot.errors import Doubtful, Invalid

TODAY = date(2026, 11, 23)
POSITIONS = rules.load().positions
NIK = "6402011708850003"
WOMAN = "6402014101910003"


@pytest.mark.parametrize(
    ("title", "column"),
    [
        *((title, column) for column, titles in TITLES.items() for title in titles),
        ("N I K", None), ("NIK (16 angka)", staff_sheet.NIK), ("No. KTP / NIK", staff_sheet.NIK),
        ("Nama\nLengkap", staff_sheet.NAME), ("Nama Lengkp", staff_sheet.NAME), ("TEMPAT / TGL. LAHIR", staff_sheet.BIRTH_PLACE),
        ("Tempat & Tanggal Lahir", staff_sheet.BIRTH_PLACE), ("L/P", staff_sheet.SEX), ("Jenis Kelamin (L/P)", staff_sheet.SEX),
        ("Gaji / Siltap", staff_sheet.WAGE), ("No. HP/WA", staff_sheet.PHONE), ("Nomor NIP", staff_sheet.OTHER),
        ("No. KK", staff_sheet.OTHER), ("Nama Ayah", staff_sheet.OTHER), ("Alamat", None), ("", None), ("1", None),
        ("NOMOR DAN TANGGAL KEPUTUSAN PEMBERHENTIAN", staff_sheet.OTHER),
    ],
)  # fmt: skip
def test_columns_are_known_by_what_people_call_them(title: str, column: int | None) -> None:
    assert HEADER.column(title) == column


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (["Nama", "NIK"], True),
        (["NIK", "Alamat", "Nama Pegawai"], True),
        (["Nama", "Jabatan", "TTL"], True),
        (["Nama", "Jabatan", "No HP"], False),  # a list of contacts
        (["Nama", "Tanda tangan"], False),
        (["NIK", "Alamat"], False),
    ],
)
def test_a_table_is_one_of_people_in_office_by_its_columns(titles: list[str], found: bool) -> None:
    assert (HEADER.locate([("x", [(1, titles)])]) is not None) == found


def _said(titles: list[str], *cells: str) -> Mapping[str, str]:
    found = HEADER.locate([("x", [(3, titles), (4, cells)])])
    assert found is not None
    [(number, _, said)] = staff_sheet.people(found)
    assert number == 4
    return {name: text for name, text in said.items() if text}


def test_place_and_day_of_birth_may_stand_in_one_cell() -> None:
    said = _said(["NIK", "Nama", "TTL"], NIK, "Budi", "Loa Kulu, 17-08-1985")
    assert said == {"nik": NIK, "name": "Budi", "place": "Loa Kulu, 17-08-1985", "birth": "17-08-1985"}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("141/12/2021, 05 Januari 2021", "05 Januari 2021"),
        ("No. 3 Tahun 2019 tanggal 5-1-2019", "5-1-2019"),
        ("141.3/05/2020 tgl 1/2/2020", "1/2/2020"),
        (", -", ""),
    ],
)
def test_the_day_of_a_decree_is_the_last_one(cell: str, day: str) -> None:
    said = _said(["NIK", "Nama", "SK Pengangkatan"], NIK, "Budi", cell)
    assert said.get("since", "") == day


def test_days_as_excel_counts_them_are_days() -> None:
    said = _said(["NIK", "Nama", "Tgl Lahir", "TMT"], NIK, "Budi", "31276", "44565")
    assert (said["birth"], said["since"]) == ("17/08/1985", "04/01/2022")


def test_rows_that_are_nobody_are_passed_over() -> None:
    rows = [
        (1, ["No", "Nama", "Jabatan", "Gaji", "TMT"]),
        (2, ["1", "2", "3", "4", "5"]),
        (3, ["1", "Budi", "kadus", "2 jt", "2022"]),
        (4, ["", "", "Kasi Pemerintahan", "", ""]),
        (5, ["", "JUMLAH", "", "2 jt", ""]),
        (6, ["Jumlah", "", "", "2 jt", ""]),
        (7, ["", "Mengetahui", "", "", ""]),
        (8, ["", "-", "-", "-", "-"]),
    ]
    found = HEADER.locate([("x", rows)])
    assert found is not None
    assert [number for number, _, _ in staff_sheet.people(found)] == [3]


def test_the_village_of_our_own_sheet_is_found_on_its_other_page() -> None:
    pages = [("Pegawai", [(1, ["Nama", "NIK"])]), ("Petunjuk", [(2, ["Kode desa: 64.02.01.2001"])])]
    found = staff_sheet.recognise(pages)
    assert found is not None
    assert found.village == "64.02.01.2001"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kasi Pelayanan", "kasi_pelayanan"), ("KEPALA SEKSI PELAYANAN", "kasi_pelayanan"), ("kasi pelyanan", "kasi_pelayanan"),
        ("Kadus Mekar Jaya", "kadus"), ("RT 05", "rt_ketua"), ("Ketua RT. 003", "rt_ketua"), ("bendahara", "kaur_keuangan"),
        ("Sekretaris BPD", "bpd_sekretaris"), ("Kepala Urusan Keuangan", "kaur_keuangan"), ("Anggota BPD", "bpd_anggota"),
    ],
)  # fmt: skip
def test_posts_are_known_as_they_are_spelt(text: str, code: str) -> None:
    assert read_position(text, POSITIONS) == code


@pytest.mark.parametrize("text", ["Kader Posyandu", "Juru kunci", "Operator desa", "Staf", "Linmas", "?"])
def test_posts_nobody_knows_are_not_guessed(text: str) -> None:
    with pytest.raises(Invalid) as why:
        read_position(text, POSITIONS)
    assert not isinstance(why.value, Doubtful)


@pytest.mark.parametrize(
    "text", ["Sekretaris RW", "Bendahara PKK", "Kaur Umum dan Perencanaan", "Staf Kasi Pelayanan"]
)
def test_what_only_sounds_like_a_post_is_a_question(text: str) -> None:
    with pytest.raises(Doubtful):
        read_position(text, POSITIONS)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"Budi Santoso {NIK} kasi pelayanan 2,5jt",
         {"name": "Budi Santoso", "nik": NIK, "position": "kasi pelayanan", "wage": "2,5jt"}),
        (f"2. Ibu Siti Aminah, {NIK}, kaur keuangan, Rp2.300.000,- mulai 2 Januari 2024, ibu kandung Kartini",
         {"name": "Siti Aminah", "nik": NIK, "position": "kaur keuangan", "wage": "Rp2.300.000,-",
          "since": "2 Januari 2024", "mother": "Kartini"}),
        (f"{WOMAN}\tRINA WATI\tP\t01-01-1991\tKasi Kesra\t2.300.000\t081234567890",
         {"name": "RINA WATI", "nik": WOMAN, "sex": "P", "birth": "01-01-1991", "position": "Kasi Kesra",
          "wage": "2.300.000", "phone": "081234567890"}),
        ("kasi pelayanan - Siti Rahmah - NIK 6402 0145 0890 0002 - hp 0812-3456-7890",
         {"name": "Siti Rahmah", "nik": "6402 0145 0890 0002", "position": "kasi pelayanan", "phone": "0812-3456-7890"}),
        (f"NIK: {NIK} Nama: Budi Jabatan: Kaur Umum Gaji: 2000000 TTL: Tenggarong, 17-08-1985",
         {"name": "Budi", "nik": NIK, "position": "Kaur Umum", "wage": "2000000", "birth": "17-08-1985",
          "place": "Tenggarong"}),
        (f"Budi, {NIK}, kasi pelayanan, juara lomba, 2024, P", {"name": "Budi", "nik": NIK, "position": "kasi pelayanan",
                                                               "rest": "juara lomba; 2024", "sex": "P"}),
        (f"Budi {NIK}, lahir 17 Agustus 1985 di Tenggarong, sekdes sejak 1-2-2020 2 juta 500",
         {"name": "Budi", "nik": NIK, "birth": "17 Agustus 1985", "place": "Tenggarong", "position": "sekdes",
          "since": "1-2-2020", "wage": "2 juta 500"}),
        (f"Ahmad, {NIK}, staf desa, 1,5 jt", {"name": "Ahmad", "nik": NIK, "position": "staf desa", "wage": "1,5 jt"}),
        ("Joko Susilo 640201120575000 ketua rt 03",
         {"name": "Joko Susilo", "nik": "640201120575000", "position": "ketua rt"}),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart(line: str, said: Mapping[str, str]) -> None:
    [found] = pasted.people(line, POSITIONS, TODAY)
    assert {name: text.rstrip(",-") for name, text in found.items() if text} == {
        name: text.rstrip(",-") for name, text in said.items()
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Budi Santoso {NIK} kadus", True),
        (f"daftar Budi Santoso {NIK} 2,5 jt", True),
        (f"Budi Santoso {NIK}", False),
        (f"NIK Siti {NIK} ditolak terus", False),
        (f"kenapa NIK {NIK} tidak bisa ya pak", False),
        (f"Budi Santoso {NIK}\nSiti {WOMAN}", True),
        (f"{NIK}\n{WOMAN}", True),
        (NIK, False),
        (f"NIK {NIK}", False),
        ("daftar\nBudi Santoso", False),
        ("sudah bayar 1.584.000 tanggal 10 Desember 2026", False),
        ("0812 3456 7890 Budi Santoso", False),
        ("", False),
    ],
)
def test_a_list_of_people_is_told_from_other_messages(text: str, found: bool) -> None:
    assert pasted.is_list(text, POSITIONS, TODAY) == found


GONE = ("sudah berhenti 2024", "Purna tugas 2024", "pensiun", "mengundurkan diri", "Meninggal dunia 3-2-2024",
        "diganti Joko", "tidak aktif", "mantan kadus", "sdh diberhentikan", "per 2023 purnatugas")  # fmt: skip
SERVING = ("", "aktif", "pengganti Joko yang berhenti", "akan pensiun", "pensiun 2031", "pensiunan TNI",
           "suami meninggal", "2021-2029", "tidak ada", "0", "tidak")  # fmt: skip


@pytest.mark.parametrize("title", ["Ket", "KETERANGAN", "Keterangan (lain-lain)"])
@pytest.mark.parametrize("remark", [*GONE, *SERVING])
def test_who_has_left_is_known_by_a_remark_beside_them(title: str, remark: str) -> None:
    found = HEADER.locate([("x", [(1, ["Nama", "NIK", title]), (2, ["Budi", NIK, remark])])])
    assert found is not None
    [(_, _, said)] = staff_sheet.people(found)
    assert staff_sheet.has_left(said, TODAY) == (remark if remark in GONE else "")


@pytest.mark.parametrize("remark", GONE)
@pytest.mark.parametrize("line", ["Budi, {nik}, kasi pelayanan, {remark}", "Budi {nik} kadus {remark}",
                                  "{nik}, Budi ({remark}), kadus", "Budi, {nik}, {remark}"])  # fmt: skip
def test_who_has_left_is_known_by_the_rest_of_a_line(line: str, remark: str) -> None:
    [said] = pasted.people(line.format(nik=NIK, remark=remark), POSITIONS, TODAY)
    assert said["name"] == "Budi"
    assert staff_sheet.has_left(said, TODAY)


@pytest.mark.parametrize("remark", ["akan pensiun", "pensiun 2031", "pengganti Joko yang berhenti"])
def test_who_serves_has_not_left_by_such_a_word(remark: str) -> None:
    [said] = pasted.people(f"Budi, {NIK}, kadus, {remark}", POSITIONS, TODAY)
    assert not staff_sheet.has_left(said, TODAY)
    assert said["rest"] == remark


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text: str) -> None:
    if pasted.is_list(text, POSITIONS, TODAY):
        assert pasted.people(text, POSITIONS, TODAY)
    HEADER.column(text)


def test_long_lines_are_looked_at_quickly() -> None:
    for text in ("1" * 100_000, "ibu " * 25_000, "1.000" * 20_000, "a" * 100_000 + NIK, f"{NIK} " * 6000):
        pasted.is_list(text, POSITIONS, TODAY)
        pasted.people(text[:4096], POSITIONS, TODAY)


def test_a_table_says_nothing_of_columns_it_has_not_got() -> None:
    assert Found("x", {}, (), ()).cell(["a"], staff_sheet.NIK) == ""


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("Jabatan / Tugas", staff_sheet.POSITION),
        ("NIK/No. KTP", staff_sheet.NIK),
        ("Upah / Jabatan", None),
        ("L/P", staff_sheet.SEX),
    ],
)
def test_two_names_of_one_thing_are_one_title(title: str, column: int | None) -> None:
    assert staff_sheet.HEADER.column(title) == column
