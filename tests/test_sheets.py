"""Sheets: what is written is text and stays it; what is read can do no harm, whatever it is."""

import asyncio
import io
import os
import resource
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.reports import sheets
from bot.reports.sheets import Column, Page
from tests import workbooks

pytestmark = pytest.mark.slow  # each of many damaged files is tried

MADE = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
ODD = workbooks.ODD
FORMULAS = (
    "=1+1", '=HYPERLINK("http://x")', "+62812", "-5", "@SUM(A1)", "\t=1", "＝1+1", "=cmd|' /C calc'!A0",
    "http://example.org", "{=1}", "'=1", "0812", "64.02.01.2001", "1e5", "TRUE",
)  # fmt: skip


def _one(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [[str(cell) if isinstance(cell, datetime) else cell for cell in row] for row in rows]


def _no_child_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_what_looks_like_a_formula_is_text() -> None:
    data = sheets.write([Page("Uji", [Column("Isi")], [[text] for text in FORMULAS])], MADE)
    book = load_workbook(io.BytesIO(data))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == list(FORMULAS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}


def test_each_kind_of_cell_is_written_as_what_it_is() -> None:
    page = Page(
        "Uji", [Column("A"), Column("B"), Column("C"), Column("D")], [["ya", 12, date(2026, 8, 1), None]]
    )
    found = _one(sheets.write([page], MADE))
    assert found == [["A", "B", "C", "D"], ["ya", 12, "2026-08-01 00:00:00", None]]


def test_an_empty_cell_is_text_before_anybody_types_into_it() -> None:
    data = sheets.write([Page("Uji", [Column("Bulan", choices=("ya", "tidak"))], [[""], [""]])], MADE)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.column_dimensions["A"].width == pytest.approx(14.7, abs=1)
    assert sheet.data_validations.dataValidation[0].formula1 == '"ya,tidak"'


def test_the_same_rows_make_the_same_file() -> None:
    page = Page("Uji", [Column("A")], [["x"]])
    assert sheets.write([page], MADE) == sheets.write([page], MADE)


async def test_cells_are_read_as_they_are_seen() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["64.02.01.2001", 12345678, 1584000.0, 0.5, True, date(2026, 8, 1), None, "  dua  kata "])
    sheet.append([])
    sheet.append([None, None, "baris 3"])
    sheet["F1"].number_format = "mmm-yy"
    sheet["G1"] = date(2019, 3, 5)
    sheet["G1"].number_format = "dd/mm/yyyy"
    found = await sheets.read(workbooks.saved(book))
    assert found["sheets"][0]["rows"] == [
        [1, ["64.02.01.2001", "12345678", "1584000", "0.5", "ya", "Agustus 2026", "05/03/2019", "dua  kata"]],
        [3, ["", "", "baris 3"]],
    ]


async def test_a_workbook_of_1904_has_the_same_days() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append([date(1985, 8, 17)])
    found = await sheets.read(workbooks.saved(book))
    assert found["sheets"][0]["rows"] == [[1, ["17/08/1985"]]]


async def test_every_visible_sheet_is_read_and_hidden_rows_are_counted() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["satu"])
    book.active.append(["dua"])
    book.active.row_dimensions[2].hidden = True
    hidden = book.create_sheet("Tersembunyi")
    hidden.append(["rahasia"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Dua").append(["tiga"])
    found = await sheets.read(workbooks.saved(book))
    assert [(each["name"], len(each["rows"]), each["hidden"]) for each in found["sheets"]] == [
        ("Sheet", 2, 1),
        ("Dua", 1, 0),
    ]


async def test_sheets_beyond_forty_are_not_read_and_named() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["satu"])
    for number in range(2, 43):
        book.create_sheet(f"Dusun {number}").append(["isi"])
    found = await sheets.read(workbooks.saved(book))
    assert len(found["sheets"]) == 40
    assert found["unread"] == ["Dusun 41", "Dusun 42"]


async def test_rows_of_all_sheets_together_have_a_limit() -> None:
    book = Workbook(write_only=True)
    for _ in range(6):
        sheet = book.create_sheet()
        for _ in range(1700):
            sheet.append(["a"])
    assert await sheets.read(workbooks.saved(book)) == {"problem": "large"}


async def test_a_formula_without_a_result_is_seen_as_one() -> None:
    found = await sheets.read(workbooks.workbook([["judul"], ["=1+1"]]))
    assert found["sheets"][0]["rows"][1] == [2, ["=1+1"]]


async def test_a_full_district_is_read() -> None:
    row = [
        "64.02.01.2001",
        "Muara Muntai",
        "Perian",
        "ya",
        "2019",
        "12345678",
        "Agustus 2026",
        1584000,
        "desa",
    ]
    found = await sheets.read(workbooks.workbook([row] * 2000))
    assert len(found["sheets"][0]["rows"]) == 2000


def _worked() -> float:
    """Seconds that children have computed: however busy the machine is."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.parametrize("name", ODD)
async def test_an_odd_file_is_refused_quickly_and_costs_the_bot_nothing(name: str) -> None:
    problem, build = ODD[name]
    data = build()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = _worked()
    found = await sheets.read(data)
    took = _worked() - begun
    assert found.get("problem", "") == problem
    assert took < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


async def test_a_file_beyond_two_megabytes_is_not_even_looked_at() -> None:
    assert await sheets.read(bytes(sheets.LARGEST + 1)) == {"problem": "large"}


async def test_a_child_that_takes_too_long_is_killed() -> None:
    found = await sheets.read(workbooks.filled(["64.02.01.2001"]), patience=0.01)
    assert found == {"problem": "slow"}
    assert _no_child_is_left()


async def test_a_cancelled_reader_leaves_no_child() -> None:
    reading = asyncio.create_task(sheets.read(workbooks.filled(["64.02.01.2001"])))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert _no_child_is_left()


async def test_the_bot_goes_on_while_a_sheet_is_read() -> None:
    """Reading is not done on the loop: others have their turns meanwhile."""
    turns = 0
    reading = asyncio.create_task(sheets.read(ODD["40,000 rows"][1]()))
    while not reading.done():
        await asyncio.wait([reading], timeout=0.005)
        turns += 1
    assert reading.result() == {"problem": "long"}
    assert turns > 5
