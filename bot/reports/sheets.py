"""Sheets (xlsx): read in a child process that can do no harm, written with text that stays text.

Nothing a cell holds ever becomes a formula, a link or a number by itself.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.reports import children

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Bytes of a file that is looked at; 900 villages with all columns are 0.1 MB.
LARGEST = 2 * 1024 * 1024
#: After so many seconds the child is killed.  A full sheet takes one, half of it for starting.
PATIENCE = 8.0

_READER = Path(__file__).with_name("reading.py")
#: openpyxl takes what it finds installed beside it; these would want memory that the child has not got.
_FEW = {"OPENPYXL_LXML": "False", "OPENBLAS_NUM_THREADS": "1"}
LONGEST_CELL = 32_000  # Excel drops longer text

Cell = str | int | date | None


async def read(data: bytes, patience: float = PATIENCE) -> Mapping[str, Any]:
    """The rows of a file: `sheets` of (name, rows, hidden) and the names of those `unread`, or `problem`: why not.

    A row is its number in Excel and its cells as text.
    """
    if not data or len(data) > LARGEST:
        return {"problem": "large" if data else "nothing"}
    try:
        child = await children.run(_READER, data, patience, _FEW)
    except TimeoutError:
        return {"problem": "slow"}
    return _told(child.made)


def _told(printed: bytes) -> Mapping[str, Any]:
    """What the child found out; one that was ended by its limits told nothing."""
    try:
        found: Mapping[str, Any] = json.loads(printed)
    except ValueError:
        return {"problem": "large"}
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written: how wide, which answers a cell offers, whether long text is wrapped.

    Answers too many for a cell's own list stand on another page; `listed` is their range.
    """

    title: str
    width: int = 14
    choices: tuple[str, ...] = ()
    wrapped: bool = False
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be written."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(default=())


def write(pages: Sequence[Page], made: datetime) -> bytes:
    """An xlsx file of some sheets."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        shapes = _Shapes(
            plain=book.add_format({"num_format": "@", "valign": "top"}),
            wrapped=book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            title=book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "border": 1}),
            day=book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        )
        for page in pages:
            _page(book.add_worksheet(page.name), page, shapes)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Shapes:
    """How cells look.  Text that stays text, also what is typed into empty cells later."""

    plain: Format
    wrapped: Format
    title: Format
    day: Format


def _page(sheet: Worksheet, page: Page, shapes: _Shapes) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(page.columns):
        sheet.set_column(at, at, column.width, shapes.wrapped if column.wrapped else shapes.plain)
        sheet.write_string(0, at, column.title, shapes.title)
        if column.choices or column.listed:
            source = column.listed or list(column.choices)
            offered = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, at, max(len(page.rows), 1), at, offered)
    for number, row in enumerate(page.rows, 1):
        for at, cell in enumerate(row):
            _write(
                sheet,
                (number, at),
                cell,
                shapes.wrapped if page.columns[at].wrapped else shapes.plain,
                shapes.day,
            )


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, text: Format, day: Format) -> None:
    """Each kind by its own call: the one that guesses would make a formula of "=1+1"."""
    if isinstance(cell, str) and cell:
        sheet.write_string(*place, cell[:LONGEST_CELL], text)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(*place, cell)
