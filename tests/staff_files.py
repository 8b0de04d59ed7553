"""Sheets of a village's staff for tests, as villages make them; all people and numbers are made up."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook, load_workbook

from tests import workbooks
from tests.workbooks import Cell

OURS = ("Nama lengkap", "NIK", "Jabatan", "Upah sebulan", "Mulai bertugas", "Tempat lahir", "Ibu kandung", "Nomor HP",
        "Tanggal lahir")  # fmt: skip


def nik(number: int, born: date = date(1985, 8, 17), woman: bool = False) -> str:
    """A number of Kutai Kartanegara."""
    return f"640201{born.day + 40 * woman:02}{born:%m%y}{number:04}"


def person(number: int, position: str = "Kepala Dusun", **other: Cell) -> list[Cell]:
    """A row of our own sheet in which everything is right, but for `other` by title."""
    row: dict[str, Cell] = {
        "Nama lengkap": f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}",
        "NIK": nik(number),
        "Jabatan": position,
        "Upah sebulan": "2.100.000",
        "Mulai bertugas": "2 Januari 2024",
        "Tempat lahir": "Tenggarong",
        "Ibu kandung": "Kartini",
        "Nomor HP": f"0812 3456 {number:04}",
        "Tanggal lahir": "",
    }
    names = {title.lower().replace(" ", "_"): title for title in OURS}
    return list((row | {names[name]: value for name, value in other.items()}).values())


_FIRST = ("Budi", "Siti", "Joko", "Rina", "Agus", "Dewi", "Hasan", "Wati", "Andi", "Lestari")
_LAST = (
    "Santoso",
    "Aminah",
    "Susilo",
    "Rahayu",
    "Salim",
    "Utami",
    "Basri",
    "Ningsih",
    "Saputra",
    "Handayani",
)


def sheet(*rows: Sequence[Cell]) -> bytes:
    """Our own sheet with these rows."""
    return workbooks.workbook([OURS, *rows], "Pegawai")


def register() -> bytes:
    """The register of a village's government as OpenSID writes it, saved as xlsx; it has no NIK."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Sheet1"
    page.append(["BUKU PEMERINTAH DESA"])
    page.append(["Desa", "", ": Perian"])
    page.append([])
    page.append(["NO", "NAMA", "NIPD", "NIP", "JENIS KELAMIN", "TEMPAT TANGGAL LAHIR", "AGAMA", "PANGKAT/ GOLONGAN",
                 "JABATAN", "PENDIDIKAN TERAKHIR", "NOMOR DAN TANGGAL KEPUTUSAN PENGANGKATAN",
                 "NOMOR DAN TANGGAL KEPUTUSAN PEMBERHENTIAN", "KETERANGAN (Periode/Masa Jabatan)"])  # fmt: skip
    page.append([str(number) for number in range(1, 14)])
    page.append([1, "Hasan Basri", "-", "", "LAKI-LAKI", "Tenggarong, 03 Maret 1980", "ISLAM", "", "Kepala Desa",
                 "SLTA", "141/12/2021, 05 Januari 2021", ", -", "2021-2029"])  # fmt: skip
    page.append([2, "Dewi Utami", "-", "", "PEREMPUAN", "Kota Bangun, 17 Agustus 1985", "ISLAM", "",
                 "Kepala Seksi Pelayanan", "D3", "141/7/2022, 03 Januari 2022", ", -", ""])  # fmt: skip
    page.append([])
    page.append(["", "MENGETAHUI"])
    page.append(["", "KEPALA DESA PERIAN"])
    page.append(["", "Hasan Basri"])
    return workbooks.saved(book)


def statuses() -> bytes:
    """Our columns, and one more as OpenSID names it: who is in office, and who was."""
    told = ("Aktif", "Tidak Aktif", "NON-AKTIF", "")
    rows = [[*person(number), status] for number, status in enumerate(told, 61)]
    return workbooks.workbook([[*OURS, "STATUS"], *rows], "Pegawai")


def own_list() -> bytes:
    """A list as a treasurer keeps it: titles above, a header of two rows with line breaks, other names and order."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "PERANGKAT 2026"
    page.append(["DAFTAR PERANGKAT DESA PERIAN"])
    page.append(["TAHUN ANGGARAN 2026"])
    page.append([])
    page.append(["No", "Jabatan", "Nama", "No.\nKTP", "Kelahiran", "", "L/P", "Nama Ibu\nKandung", "Siltap (Rp)",
                 "TMT", "No. Telp/HP"])  # fmt: skip
    page.append(["", "", "", "", "Tempat Lahir", "Tgl Lahir"])
    page.merge_cells("E4:F4")
    page.append([1, "Sekdes", "Ratna Sari, S.Pd.", nik(11, date(1990, 4, 2), True), "Samarinda", date(1990, 4, 2), "P",
                 "Sulastri", 2_300_000, date(2022, 1, 3), "0812-3456-0011"])  # fmt: skip
    page.append([2, "Kaur Keu", "DARMA WIJAYA", nik(12, date(1982, 5, 5)), "Tenggarong", "05/05/82", "L", "Aminah",
                 "Rp 2.022.200,-", "03-01-2022", "+62 812 3456 0012"])  # fmt: skip
    page.append([3, "Kasi Pem", "Joko Susilo", 6402011708850010, "Tenggarong", "17/08/1985", "L", "Wati", 2_022_200,
                 "2022", ""])  # fmt: skip
    page.append(["", "", "JUMLAH", "", "", "", "", "", 6_344_400])
    second = book.create_sheet("RT")
    second.append(["Nama RT", "NIK", "Nama Ibu", "Tempat/Tgl Lahir", "Jabatan", "Honor", "Sejak", "WA"])
    second.append(["Andi Saputra", f"'{nik(13)}", "Ningsih", "Tenggarong, 17-08-1985", "RT 05", "1,5 jt",
                   "1 Februari 2023", "081234560013"])  # fmt: skip
    second.append(["Lestari Handayani", nik(14, woman=True), "", "Loa Kulu, 17-08-1985", "Ketua RT 06", "1.500.000",
                   "1 Februari 2023", ""])  # fmt: skip
    return workbooks.saved(book)


def csv() -> bytes:
    """A list exported as text by an older Excel."""
    lines = [
        "Nama;NIK;Jabatan;Gaji;Mulai;Tempat Lahir;Ibu Kandung;HP",
        f"Ma’ruf Amin;{nik(21)};kadus;2.100.000;2/1/2024;Tenggarong;Kartini;081234560021",
        "Wati Ningsih;6,40201E+15;kadus;2.100.000;2/1/2024;Tenggarong;Kartini;",
        f'=HYPERLINK("http://x");{nik(23)};kadus;2.100.000;2/1/2024;Tenggarong;Kartini;',
    ]
    return "\r\n".join(lines).encode("cp1252")


def hidden() -> bytes:
    """Our own sheet with one row hidden by a filter."""
    book = load_workbook(io.BytesIO(sheet(person(31), person(32))))
    assert book.active is not None
    book.active.row_dimensions[3].hidden = True
    return workbooks.saved(book)
