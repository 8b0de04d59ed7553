"""Workbooks (xlsx) of the office: the monthly report, and lists too long for a page.

Every cell is written by the call of its own kind: what a village is called never becomes a formula.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.domain.months import Month
from bot.domain.standings import HIDDEN, Count, Picture, Standing, told
from bot.reports.sheets import LONGEST_CELL, Cell


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands on a report beside its figures; all of it in words, `notes` say where figures come from."""

    title: str
    moment: str
    maker: str
    line: str
    notes: Sequence[tuple[str, str]]
    zone: tzinfo
    made: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and how wide it is in characters."""

    title: str
    width: float = 12


@dataclass(frozen=True, slots=True)
class _Shapes:
    plain: Format
    title: Format
    head: Format
    number: Format
    total: Format
    day: Format
    note: Format


def _shapes(book: Workbook) -> _Shapes:
    add = book.add_format
    return _Shapes(
        plain=add({"num_format": "@", "valign": "top", "text_wrap": True}),
        title=add({"bold": True, "font_size": 14}),
        head=add({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "border": 1, "valign": "top"}),
        number=add({"num_format": "#,##0", "valign": "top"}),
        total=add({"num_format": "#,##0", "bold": True, "top": 1}),
        day=add({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        note=add({"text_wrap": True, "valign": "top"}),
    )


def report(picture: Picture, months: Sequence[Month], facts: Facts) -> bytes:
    """The monthly report: a summary, each village, those not registered, and where the figures come from."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        book.set_properties(
            {"title": facts.title, "created": facts.made.astimezone(facts.zone).replace(tzinfo=None)}
        )
        shapes = _shapes(book)
        _summary(book.add_worksheet("Ringkasan"), shapes, picture, months, facts)
        rows = [_of_village(one, months, facts.zone) for one in picture.villages]
        _table(book.add_worksheet("Per desa"), shapes, _per_village(months), rows, frozen=3)
        missing = [one for one in picture.villages if not one.registered]
        rows = [[o.code, o.subdistrict, o.name, "ya" if o.linked else "belum"] for o in missing]
        _table(book.add_worksheet("Belum terdaftar"), shapes, _NOT_REGISTERED, rows, frozen=3)
        notes = book.add_worksheet("Catatan sumber angka")
        _table(notes, shapes, _NOTES, [[what, where] for what, where in facts.notes], frozen=1)
    return target.getvalue()


_SUBDISTRICTS = ("Kecamatan", "Desa", "Terdaftar", "Menunggak", "Belum terdaftar")
_MONTHS = ("Bulan", "Desa dengan tagihan", "Lunas", "Belum tercatat", "Jumlah tagihan yang diketahui (Rp)")
_HISTORY = ("Keadaan akhir bulan", "Desa", "Terdaftar", "Menunggak", "Belum terdaftar")
_NOT_REGISTERED = (
    Column("Kode", 15),
    Column("Kecamatan", 20),
    Column("Desa", 24),
    Column("Petugas tertaut di bot", 14),
)
_NOTES = (Column("Angka", 30), Column("Arti dan sumbernya", 110))


def _summary(
    sheet: Worksheet, shapes: _Shapes, picture: Picture, months: Sequence[Month], facts: Facts
) -> None:
    """Title, line, and three tables below each other."""
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 17)
    sheet.write_string(0, 0, facts.title, shapes.title)
    for at, line in enumerate((facts.line, facts.moment, facts.maker), 1):
        sheet.write_string(at, 0, line)
    total = picture.total
    rows = [[name, *_counted(count)] for name, count in picture.by_subdistrict.items()]
    end = _block(sheet, shapes, 5, _SUBDISTRICTS, [*rows, ["Jumlah", *_counted(total)]])
    sheet.autofilter(5, 0, 5 + len(rows), len(_SUBDISTRICTS) - 1)
    sheet.freeze_panes(6, 1)
    end = _block(sheet, shapes, end + 2, _MONTHS, [_of_month(picture, month) for month in months])
    past = [[month.label, *_counted(count)] for month, count in sorted(picture.history.items())]
    _block(sheet, shapes, end + 2, _HISTORY, past)
    _printed(sheet)


def _counted(count: Count) -> list[Cell]:
    return [count.total, count.registered, count.behind, count.missing]


def _of_month(picture: Picture, month: Month) -> list[Cell]:
    """A month's bills over all villages; a sum for a few people only is not told."""
    owed = [
        bill for one in picture.villages for bill in one.bills if bill.month == month and bill.amount != 0
    ]
    open_ = {bill.village for bill in owed if not bill.settled}
    known = [bill for bill in owed if bill.amount is not None]
    return [
        month.label,
        len({b.village for b in owed}),
        len({b.village for b in owed} - open_),
        len(open_),
        told(known),
    ]


def _block(
    sheet: Worksheet, shapes: _Shapes, top: int, titles: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> int:
    """A table inside a sheet; returns the row below it."""
    for at, title in enumerate(titles):
        sheet.write_string(top, at, title, shapes.head)
    for number, row in enumerate(rows, top + 1):
        bold = row[0] == "Jumlah"
        for at, cell in enumerate(row):
            _write(sheet, (number, at), cell, shapes, bold=bold)
    return top + len(rows) + 1


def _per_village(months: Sequence[Month]) -> tuple[Column, ...]:
    return (
        Column("Kode", 15),
        Column("Kecamatan", 20),
        Column("Desa", 22),
        Column("Status", 16),
        Column("Bulan lewat jatuh tempo", 11),
        Column("Bulan yang belum tercatat", 30),
        Column("Kekurangan yang diketahui (Rp)", 16),
        Column("Laporan terakhir", 12),
        Column("Untuk bulan", 16),
        Column("Keadaan laporan", 16),
        Column("Bukti", 10),
        *(Column(f"Tagihan {month.label} (Rp)", 13) for month in months),
    )


def _of_village(one: Standing, months: Sequence[Month], zone: tzinfo) -> list[Cell]:
    report_ = one.report
    return [
        one.code,
        one.subdistrict,
        one.name,
        status(one),
        len(one.late),
        ", ".join(month.label for month in one.late),
        told(one.arrears, left=True) if one.arrears else 0,
        report_.at.astimezone(zone).date() if report_ else None,
        report_.month.label + (f" ({report_.months} bulan)" if report_.months > 1 else "") if report_ else "",
        report_.state if report_ else "belum ada",
        ("ada" if report_.proved else "tanpa bukti") if report_ else "",
        *(told(bill for bill in one.bills if bill.month == month) for month in months),
    ]


def status(one: Standing) -> str:
    """How a village stands, in words."""
    if not one.registered:
        return "belum terdaftar"
    return "menunggak" if one.late else "lunas"


def _table(
    sheet: Worksheet,
    shapes: _Shapes,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    frozen: int,
) -> None:
    """A sheet that is one table: its head and first columns stay in sight, each column can be filtered."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.title, shapes.head)
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            _write(sheet, (number, at), cell, shapes)
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.repeat_rows(0)
    _printed(sheet)


def _printed(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(
    sheet: Worksheet, place: tuple[int, int], cell: Cell, shapes: _Shapes, *, bold: bool = False
) -> None:
    if isinstance(cell, str) and cell:
        sheet.write_string(*place, cell[:LONGEST_CELL], shapes.total if bold else shapes.plain)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, datetime.combine(cell, datetime.min.time()), shapes.day)
    elif isinstance(cell, int):
        sheet.write_number(*place, cell, shapes.total if bold else shapes.number)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of a workbook that is one table; its first `frozen` columns stay in sight."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 2


def tables(title: str, sheets: Sequence[Table], made: datetime) -> bytes:
    """A workbook of tables."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        shapes = _shapes(book)
        for one in sheets:
            _table(book.add_worksheet(one.name[:31]), shapes, one.columns, one.rows, frozen=one.frozen)
    return target.getvalue()


def table(
    name: str, titles: Sequence[tuple[str, float]], rows: Sequence[Sequence[Cell]], made: datetime
) -> bytes:
    """A workbook of one table."""
    columns = [Column(title, width) for title, width in titles]
    return tables(name, [Table(name, columns, rows)], made)


#: Explains `HIDDEN`, wherever it may stand.
HIDDEN_NOTE = (
    f"Tanda {HIDDEN}",
    "Jumlahnya tidak ditampilkan: desanya baru punya satu atau dua peserta, sehingga upah orangnya bisa terbaca.",
)
