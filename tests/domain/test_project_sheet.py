"""A year's projects from a sheet: what is taken, what comes back and why."""

from datetime import date

import pytest

from bot.domain.opening import Place
from bot.domain.project_sheet import HEADER, OWN, Entry, Reader
from bot.domain.tables import Sheet
from bot.rules import load
from tests.domain.answers import TODAY

PERIAN, LEKA = "64.02.01.2001", "64.02.01.2002"
PLACES = (Place(PERIAN, "Muara Muntai", "Perian"), Place(LEKA, "Muara Muntai", "Muara Leka"))
TITLES = ("Kode desa", "Kecamatan", "Desa", "Tahun", "Kegiatan", "Lokasi", "Nilai tanpa PPN", "Sumber dana", "Mulai",
          "Selesai", "Pelaksana")  # fmt: skip
FULL = (PERIAN, "Muara Muntai", "Perian", "2027", "Rabat beton", "RT 03", "180.000.000", "Dana Desa", "1 Maret 2027",
        "90 hari", "CV Maju")  # fmt: skip


def read(*rows: tuple[str, ...], titles: tuple[str, ...] = TITLES) -> Sheet[Entry]:
    found = HEADER.locate([("Proyek", [(1, titles), *((n, row) for n, row in enumerate(rows, 2))])])
    assert found
    return Reader("64.02", PLACES, TODAY, load()).read(found)


def changed(column: int, said: str) -> tuple[str, ...]:
    return (*FULL[:column], said, *FULL[column + 1 :])


def test_a_whole_row() -> None:
    sheet = read(FULL)
    assert sheet.entries == [
        Entry(
            PERIAN, 2027, "Rabat beton", 180_000_000, "RT 03", "dana_desa", date(2027, 3, 1), date(2027, 5, 29), "CV Maju"
        )
    ]  # fmt: skip
    assert sheet.entries[0].complete


def test_as_an_office_has_it_with_other_titles_and_gaps() -> None:
    titles = ("No", "Nama Desa", "Nama Kegiatan", "Pagu Anggaran", "Sumber Dana", "Tgl Mulai")
    sheet = read(
        ("1", "Perian", "Drainase", "80000000", "ADD", "Agustus 2027"),
        ("2", "Muara Leka", "Jembatan", "250000000.00", "", ""),
        ("", "", "Jumlah", "330000000", "", ""),
        titles=titles,
    )
    assert sheet.entries == [
        Entry(PERIAN, 2027, "Drainase", 80_000_000, funding="add", starts=date(2027, 8, 1)),
        Entry(LEKA, 2026, "Jembatan", 250_000_000),
    ]
    assert sheet.problems == []
    assert not any(one.complete for one in sheet.entries)


@pytest.mark.parametrize(
    ("column", "said", "why"),
    [
        (0, "64.02.99.2001", "opening/row_code"),
        (0, "61.08.01.2001", "opening/row_elsewhere"),
        (2, "Muara Leka", "opening/row_name"),
        (3, "2035", "projects/row_year"),
        (3, "dua ribu", "projects/row_year"),
        (4, "", "projects/row_name"),
        (4, "12", "projects/row_name"),
        (6, "", "projects/row_value"),
        (6, "180", "projects/row_value"),
        (6, "banyak", "projects/row_value"),
        (6, "=A1*2", "opening/row_formula"),
        (7, "dari pusat", "projects/row_funding"),
        (8, "kalau cair", "projects/row_day"),
        (8, "30 Februari 2027", "projects/row_day"),
        (9, "segera", "projects/row_day"),
        (9, "1 Februari 2027", "projects/row_ends"),
    ],
)
def test_rows_that_come_back(column: int, said: str, why: str) -> None:
    sheet = read(changed(column, said))
    assert sheet.entries == []
    assert [[reason.template for reason in one.reasons] for one in sheet.problems] == [[why]]


def test_every_reason_at_once() -> None:
    row = (*FULL[:6], "banyak", "dari pusat", *FULL[8:])
    assert len(read(row).problems[0].reasons) == 2


def test_one_project_in_two_rows_is_taken_from_none() -> None:
    sheet = read(FULL, changed(4, "RABAT  beton"), changed(4, "Drainase"), changed(3, "2026"))
    assert [one.name for one in sheet.entries] == ["Drainase", "Rabat beton"]
    assert [(one.number, one.reasons[0].values["rows"]) for one in sheet.problems] == [(2, "3"), (3, "2")]


def test_rows_of_villages_without_a_project_are_blank() -> None:
    sheet = read((LEKA, "Muara Muntai", "Muara Leka", "2027"), FULL)
    assert (len(sheet.entries), sheet.blank) == (1, 1)


@pytest.mark.parametrize(
    ("said", "builder"), [("Swakelola", OWN), ("swakelola TPK", OWN), ("Desa", OWN), ("CV Maju", "CV Maju")]
)
def test_who_builds(said: str, builder: str) -> None:
    assert read(changed(10, said)).entries[0].builder == builder


@pytest.mark.parametrize(("said", "day"), [("46447", date(2027, 3, 1)), ("2027-03-01", date(2027, 3, 1))])
def test_days_as_excel_has_them(said: str, day: date) -> None:
    assert read(changed(8, said)).entries[0].starts == day


@pytest.mark.parametrize(
    "titles",
    [("Desa", "Terdaftar", "NPP"), ("Nama", "NIK", "Jabatan"), ("Kegiatan", "Nilai"), ("Desa", "Kegiatan")],
)
def test_other_sheets_are_none_of_ours(titles: tuple[str, ...]) -> None:
    assert HEADER.locate([("Lembar1", [(1, titles), (2, ("a", "b", "c"))])]) is None
