"""The opening load, row by row: what is taken, what comes back and why."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain import opening
from bot.domain.month_lists import listed, read_months
from bot.domain.months import Month
from bot.domain.opening import HEADER, Entry, Place, Reader
from bot.domain.opening_cells import (
    read_amount,
    read_npp,
    read_payer,
    read_phone,
    read_registered,
    read_since,
)
from bot.domain.tables import Found, Sheet
from bot.errors import Invalid

TODAY = date(2026, 11, 23)
RUNNING = Month(2026, 11)
PLACES = (
    Place("64.02.01.2001", "Muara Muntai", "Perian"),
    Place("64.02.01.2002", "Muara Muntai", "Muara Leka", insured=True),
    Place("64.02.06.2001", "Loa Kulu", "Loa Duri Ulu"),
    Place("64.02.06.2002", "Loa Kulu", "Loa Duri Ilir"),
    Place("64.02.07.2001", "Tenggarong", "Perian"),
)
TITLES = [titles[0] for titles in opening.TITLES.values()]
READER = Reader("64.02", PLACES, TODAY)


def _months(*written: str) -> tuple[Month, ...]:
    return tuple(Month.parse(each) for each in written)


@pytest.mark.parametrize(
    "text, months",
    [
        ("Agustus 2026, September 2026", _months("2026-08", "2026-09")),
        ("Agustus, September 2026", _months("2026-08", "2026-09")),
        ("agt dan sept 2026", _months("2026-08", "2026-09")),
        ("September 2026; Agustus 2026", _months("2026-08", "2026-09")),
        ("Agustus 2026, Agustus 2026", _months("2026-08")),
        ("Jul-Sep 2026", _months("2026-07", "2026-08", "2026-09")),
        ("Juli s/d September 2026", _months("2026-07", "2026-08", "2026-09")),
        ("Juli s.d. Agustus 2026", _months("2026-07", "2026-08")),
        ("Juli sampai dengan Agustus 2026", _months("2026-07", "2026-08")),
        ("Nov 2025 – Jan 2026", _months("2025-11", "2025-12", "2026-01")),
        ("Des 2025, Jan, Feb 2026", _months("2025-12", "2026-01", "2026-02")),
        ("08/2026, 09/2026", _months("2026-08", "2026-09")),
        ("11/2025 - 01/2026", _months("2025-11", "2025-12", "2026-01")),
        ("2026-08", _months("2026-08")),
        ("01/08/2026", _months("2026-08")),  # a date, as Excel makes one of "Agustus 2026"
        ("Agu-26", _months("2026-08")),
        ("Juli-Agustus 26", _months("2026-07", "2026-08")),
        ("bulan Agustus tahun 2026", _months("2026-08")),
        ("Agustuss 2026", _months("2026-08")),
        ("Agustus 2026\nSeptember 2026", _months("2026-08", "2026-09")),
        ("November 2026", _months("2026-11")),
        ("", ()),
        ("-", ()),
        ("nihil", ()),
        ("Lunas", ()),
        ("tidak ada", ()),
        ("0", ()),
    ],
)
def test_months_in_a_cell(text: str, months: tuple[Month, ...]) -> None:
    assert read_months(text, RUNNING) == months


@pytest.mark.parametrize(
    "text, why",
    [
        ("3 bulan terakhir", "opening/months_counted"),
        ("3 bln", "opening/months_counted"),
        ("bulan lalu", "opening/months_counted"),
        ("Agustus", "opening/months_no_year"),
        ("Agustus 2026, September", "opening/months_no_year"),
        ("Desember 2026", "opening/months_ahead"),
        ("Mei 2015", "opening/months_old"),
        ("September - Juli 2026", "opening/months_order"),
        ("Januari 2020 - Oktober 2026", "opening/months_order"),
        ("2025", "opening/months_unreadable"),
        ("13/2026", "opening/months_unreadable"),
        ("Agustus 2026 2027", "opening/months_unreadable"),
        ("Agustus 2026 -", "opening/months_unreadable"),
        ("ada tunggakan", "opening/months_unreadable"),
        ("August 0000", "opening/months_unreadable"),
        ("x" * 1000, "opening/months_unreadable"),
    ],
)
def test_what_names_no_months_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(Invalid) as found:
        read_months(text, RUNNING)
    assert found.value.template == why


@given(st.sets(st.integers(0, 130), min_size=1, max_size=30))
def test_what_is_listed_is_read_again(steps: set[int]) -> None:
    months = tuple(Month(2016 + step // 12, step % 12 + 1) for step in sorted(steps))
    assert read_months(listed(months), RUNNING) == months


def read_or_refused(read: Callable[[str], object], text: str) -> object:
    """What was read, or what is said instead."""
    try:
        return read(text)
    except Invalid as error:
        said = texts.render(error.template, {**error.values, "attempt": 1})
        return said or pytest.fail(f"nothing is said of {text!r}")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    readers = (read_npp, read_amount, read_payer, read_phone)
    for read in (*readers, lambda said: read_months(said, RUNNING), lambda said: read_since(said, TODAY)):
        assert read_or_refused(read, text) == read_or_refused(read, text)


@pytest.mark.parametrize(
    "said, has_npp, registered",
    [
        ("ya", False, True), ("Ya", False, True), ("sudah", False, True), ("terdaftar", False, True),
        ("✓", False, True), ("1", False, True), ("", True, True), ("Aktif", False, True),
        ("tidak", False, False), ("belum", False, False), ("Belum terdaftar", False, False),
        ("0", False, False), ("tdk", False, False), ("non aktif", False, False),
    ],
)  # fmt: skip
def test_yes_and_no(said: str, has_npp: bool, registered: bool) -> None:
    assert read_registered(said, has_npp) is registered


@pytest.mark.parametrize(
    "said, shown",
    [
        ("2019", "2019"), ("tahun 2019", "2019"), ("Maret 2019", "Maret 2019"), ("03/2019", "Maret 2019"),
        ("5 maret 2019", "5 Maret 2019"), ("05/03/2019", "5 Maret 2019"), ("43529", "5 Maret 2019"),
        ("sejak Maret 2019", "Maret 2019"), ("", ""),
    ],
)  # fmt: skip
def test_since_when(said: str, shown: str) -> None:
    assert read_since(said, TODAY) == shown


@pytest.mark.parametrize("said", ["dulu", "2031", "1945", "31/02/2019", "12", "3 bulan"])
def test_since_no_day_that_was(said: str) -> None:
    with pytest.raises(Invalid, match="row_since"):
        read_since(said, TODAY)


def test_npp_amount_payer_and_phone() -> None:
    assert read_npp("JJ 012345") == "JJ012345"
    assert read_npp("11.023.456") == "11023456"
    assert [read_amount(said) for said in ("1.584.000", "Rp 1.584.000,-", "Rp1,584,000.00"[:11], "1584000", "0", "")] == [
        1_584_000, 1_584_000, 1_584_000, 1_584_000, None, None,
    ]  # fmt: skip
    assert [read_payer(said) for said in ("Desa", "BUD", "Kas Daerah", "")] == [False, True, True, None]
    assert [read_phone(said) for said in ("0812-3456-7890", "81234567890", "0541 661234", "")] == [
        "+6281234567890", "+6281234567890", "+62541661234", "",
    ]  # fmt: skip
    for read, said in (
        (read_npp, "belum tahu"),
        (read_npp, "6402015708850003"),
        (read_amount, "banyak"),
        (read_payer, "saya"),
        (read_phone, "tanya camat"),
    ):
        with pytest.raises(Invalid):
            read(said)


def _sheet(*rows: list[str], titles: list[str] | None = None) -> Sheet[Entry]:
    numbered = [(number, row) for number, row in enumerate([titles or TITLES, *rows], 1)]
    found = HEADER.locate([("Data", numbered)])
    assert found is not None
    return READER.read(found)


def _why(sheet: Sheet[Entry]) -> list[tuple[int, list[str]]]:
    return [
        (one.number, [why.template.removeprefix("opening/") for why in one.reasons]) for one in sheet.problems
    ]


def _row(code: str = "64.02.01.2001", **cells: str) -> list[str]:
    row = [code, *[""] * 11]
    for name, cell in cells.items():
        row[getattr(opening, name)] = cell
    return row


@pytest.mark.parametrize("subdistrict", ["Muara Muntai", "Kec. Muara Muntay", "KECAMATAN MUARA MUNTAI"])
def test_a_village_without_code_is_known_by_its_kecamatan(subdistrict: str) -> None:
    sheet = _sheet(_row("", VILLAGE="Desa Perian", SUBDISTRICT=subdistrict, REGISTERED="ya"))
    assert [entry.code for entry in sheet.entries] == ["64.02.01.2001"]


def test_a_full_row() -> None:
    sheet = _sheet(
        ["64.02.01.2001", "Muara Muntai", "Perian", "ya", "2019", "11023456", "Sep, Okt 2026", "Rp3.000.000",
         "kabupaten", "Siti Aminah", "Kaur Keuangan", "0812 3456 7890"]
    )  # fmt: skip
    contact = {"name": "Siti Aminah", "post": "Kaur Keuangan", "phone": "+6281234567890"}
    unpaid = _months("2026-09", "2026-10")
    assert sheet.entries == [
        Entry("64.02.01.2001", True, "2019", "11023456", unpaid, 3_000_000, True, contact)
    ]
    assert (sheet.problems, sheet.blank) == ([], 0)


@pytest.mark.parametrize(
    "cells, why",
    [
        ({"REGISTERED": "mungkin"}, ["row_registered"]),
        ({"NAME": "Siti"}, ["row_registered_missing"]),
        ({"REGISTERED": "tidak", "NPP": "11023456"}, ["row_contradiction"]),
        ({"REGISTERED": "tidak", "UNPAID": "Agustus 2026"}, ["row_contradiction"]),
        ({"code": "64.02.01.2002", "REGISTERED": "tidak"}, ["row_has_people"]),
        ({"code": "64.02.01.9999", "REGISTERED": "ya"}, ["row_code"]),
        ({"code": "Perian", "REGISTERED": "ya"}, ["row_code"]),
        ({"code": "61.08.01.2001", "REGISTERED": "ya"}, ["row_elsewhere"]),
        ({"VILLAGE": "Muara Leka", "REGISTERED": "ya"}, ["row_name"]),
        ({"code": "", "VILLAGE": "Perian", "REGISTERED": "ya"}, ["row_village"]),
        ({"code": "", "VILLAGE": "Loa Duri", "REGISTERED": "ya"}, ["row_village"]),
        ({"code": "", "VILLAGE": "Perian", "SUBDISTRICT": "Loa Kulu", "REGISTERED": "ya"}, ["row_village"]),
        ({"code": "", "VILLAGE": "Muara Leka", "SUBDISTRICT": "Wqzx", "REGISTERED": "ya"}, ["row_village"]),
        ({"REGISTERED": "ya", "UNPAID": "=B2"}, ["row_formula"]),
        (
            {
                "REGISTERED": "ya",
                "SINCE": "dulu",
                "NPP": "?",
                "UNPAID": "3 bulan terakhir",
                "AMOUNT": "x",
                "PAYER": "y",
                "PHONE": "z",
            },
            ["row_npp", "months_counted", "row_since", "row_amount", "row_payer", "row_phone"],
        ),
    ],
)
def test_a_row_comes_back_with_every_reason(cells: dict[str, str], why: list[str]) -> None:
    sheet = _sheet(_row(**cells))
    assert _why(sheet) == [(2, why)]
    assert sheet.entries == []
    for reason in sheet.problems[0].reasons:
        assert texts.render(reason.template, reason.values)


def test_a_village_in_two_rows_is_taken_from_none() -> None:
    sheet = _sheet(_row(REGISTERED="ya"), _row("64.02.06.2001", REGISTERED="ya"), _row(REGISTERED="tidak"))
    assert _why(sheet) == [(2, ["row_twice"]), (4, ["row_twice"])]
    assert [entry.code for entry in sheet.entries] == ["64.02.06.2001"]
    assert sheet.problems[0].reasons[0].values == {"rows": "4"}


def test_a_village_is_found_by_its_name_and_kecamatan() -> None:
    sheet = _sheet(
        _row("", SUBDISTRICT="Kec. Tenggarong", VILLAGE="Desa Perian", REGISTERED="ya"),
        _row("", VILLAGE="loa duri ulu", REGISTERED="ya"),
        _row("6402012002", VILLAGE="MUARA LEKA", REGISTERED="ya"),
    )
    assert [entry.code for entry in sheet.entries] == ["64.02.07.2001", "64.02.06.2001", "64.02.01.2002"]


def test_rows_without_an_answer_are_blank_and_sums_are_no_villages() -> None:
    numbers = [str(n) for n in range(1, 13)]
    total = ["Jumlah", "", "", "120", *[""] * 8]
    sheet = _sheet(
        numbers, _row(), _row("64.02.06.2001", REGISTERED="-"), _row("64.02.06.2002", REGISTERED="ya"), total
    )
    assert (len(sheet.entries), sheet.blank, sheet.problems) == (1, 2, [])


def _found(*rows: list[str]) -> Found | None:
    return HEADER.locate(
        [("Petunjuk", [(1, ["Isi kolom desa dengan benar"])]), ("Data", list(enumerate(rows, 1)))]
    )


def test_the_header_is_found_wherever_and_however_it_is_written() -> None:
    found = _found(
        ["DAFTAR DESA KABUPATEN KUTAI KARTANEGARA"],
        [],
        [
            "No",
            "HP",
            "Nama Desa",
            "Kode Kemendagri",
            "Status Kepesertaan",
            "Bulan Menunggak",
            "No. NPP",
            "Catatan",
        ],
        ["1", "0812 3456 7890", "Perian", "64.02.01.2001", "Terdaftar", "Agustus 2026", "11023456", "baik"],
    )
    assert found is not None
    assert found.sheet == "Data"
    sheet = READER.read(found)
    assert sheet.entries == [
        Entry(
            "64.02.01.2001", True, "", "11023456", _months("2026-08"), None, None, {"phone": "+6281234567890"}
        )
    ]


def test_a_header_of_two_rows_with_merged_cells_is_read() -> None:
    found = _found(
        ["Kode desa", "Desa", "Terdaftar", "Kontak", "", ""],
        ["", "", "", "Nama", "Jabatan", "No HP"],
        ["64.02.01.2001", "Perian", "ya", "Siti Aminah", "Kaur", "081234567890"],
    )
    assert found is not None
    assert READER.read(found).entries[0].contact == {
        "name": "Siti Aminah",
        "post": "Kaur",
        "phone": "+6281234567890",
    }


def test_a_missing_column_says_nothing_of_months() -> None:
    titles = ["Kode desa", "Terdaftar"]
    assert _sheet(["64.02.01.2001", "ya"], titles=titles).entries[0].unpaid is None
    assert _sheet(_row(REGISTERED="ya")).entries[0].unpaid == ()


def test_titles_with_slips_and_remarks_are_known() -> None:
    found = _found(["Kode Desa", "Terdaftar (ya/tidak)", "Jumlah Tungakan", "Dibayar  Oleh"], ["x"])
    assert found is not None
    assert set(found.places) == {opening.CODE, opening.REGISTERED, opening.AMOUNT, opening.PAYER}


@pytest.mark.parametrize(
    "row", [["Nama", "NIK", "Jabatan"], ["Desa", "Kecamatan"], ["Terdaftar", "NPP"], ["="]]
)
def test_another_table_is_none_of_ours(row: list[str]) -> None:
    assert _found(row, ["x"]) is None


def test_every_title_of_the_template_is_found_as_itself() -> None:
    found = _found(TITLES, ["x"])
    assert found is not None
    assert dict(found.places) == {column: column for column in opening.TITLES}
