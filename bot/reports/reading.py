"""Reads one xlsx file and prints its rows as JSON: a program of its own, run by `bot.reports.sheets`.

It knows nothing of the bot and limits itself before it looks at the file: whatever somebody sends, the
worst that happens is that this process ends.  Rows come as text, as they are seen in Excel.
"""

import csv
import io
import json
import re
import resource
import stat
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

MIB = 1024 * 1024
MEMORY = 512 * MIB  # of addresses; a full sheet of 2,000 rows needs a third of it
SECONDS = 5  # of computing
ENTRIES = 200  # files in the zip; a workbook of ten sheets has about thirty
UNPACKED = 4 * MIB  # in all; 2,000 full rows are 1.4
PART = 1 * MIB  # of what is neither rows nor their texts: parsing it costs the most
SHEETS = 40
ROWS = 2000  # of one sheet
ALL_ROWS = 10_000
COLUMNS = 40
CELL = 1000  # characters
TEXT = 400_000  # characters in all

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How a file begins that is no xlsx.
_BEGINNINGS = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
    (b"GIF8", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
)
_SEPARATORS = ";\t,|"
_WEB = re.compile(rb"\s*(?:<!doctype|<html|<table|<\?xml|<head|<meta)", re.IGNORECASE)
#: What a zip holds that is another kind of file.
_CONTENTS = (
    ("xl/vbaProject.bin", "macro"),
    ("xl/workbook.bin", "xlsb"),
    ("Index/Document.iwa", "numbers"),
    ("Index.zip", "numbers"),
    ("word/document.xml", "document"),
    ("ppt/presentation.xml", "document"),
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


class Refused(Exception):
    """The file is not read; the word says why, as in the name of a sentence."""


def limit() -> None:
    """Whatever the file makes of us: no more memory, time and files than this."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> dict[str, Any]:
    """Every visible sheet with its rows: number as in Excel, cells as text; the names of those beyond `SHEETS`."""
    _refuse_other_kinds(data)
    if not data.startswith(b"PK"):
        return {"sheets": [{"name": "CSV", "rows": _separated(data), "hidden": 0}]}
    parts = guard(data)
    sheets = []
    room, count = TEXT, 0
    with_formulas = any(_FORMULA.search(part) for name, part in parts.items() if _is_sheet(name))
    formulas = _formulas(data) if with_formulas else {}
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible[:SHEETS]:
        rows = list(_rows(sheet, formulas.get(sheet.title, {})))
        room -= sum(len(cell) for _, cells in rows for cell in cells)
        count += len(rows)
        if room < 0 or count > ALL_ROWS:
            raise Refused("large")
        hidden = len(_HIDDEN_ROW.findall(parts.get(_path(sheet), b"")))
        sheets.append({"name": sheet.title[:100], "rows": rows, "hidden": hidden})
    if not any(sheet["rows"] for sheet in sheets):
        raise Refused("empty")
    return {"sheets": sheets, "unread": [sheet.title[:100] for sheet in visible[SHEETS:]]}


def guard(data: bytes) -> Mapping[str, bytes]:
    """The unpacked parts of a workbook; refuses what is none, and what would unpack to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        _refuse_other_contents(archive, names)
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
            raise Refused("large")
        if any(entry.file_size > PART and not _holds_rows(entry.filename) for entry in entries):
            raise Refused("large")
        if any(_is_odd(entry) for entry in entries):
            raise Refused("damaged")
        parts = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part for part in parts.values()):
        raise Refused("damaged")  # no office program writes these; entities can grow without end
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise Refused("macro")
    if "xl/workbook.xml" not in parts:
        raise Refused("archive")
    return parts


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("nothing")
    if data.startswith(_OLE):
        raise Refused("password" if "EncryptedPackage".encode("utf-16-le") in data else "xls")
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            raise Refused(kind)
    if _WEB.match(data[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise Refused("web")
    if not data.startswith(b"PK") and not _is_text(data):
        raise Refused("damaged")


def _is_text(data: bytes) -> bool:
    """Lines of values, in whatever character set: no control characters but line ends and tabs."""
    beginning = data[:10_000]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        beginning = beginning.replace(b"\0", b"")
    separated = re.search(rb"[;,\t|][^\n\r]*[\n\r]", beginning)
    return bool(separated) and not re.search(rb"[\x00-\x08\x0e-\x1f]", beginning)


def _separated(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows of a text file with values (CSV), in the character sets that Excel writes."""
    text = _decoded(data)
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    separator = max(_SEPARATORS, key=lambda sign: sum(sign in line for line in lines))
    if lines[0].startswith("sep=") and len(lines[0]) == 5:  # Excel's own first line
        separator = lines[0][4]
    rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
        found = [cell[:CELL].strip() for cell in cells[:COLUMNS]]
        if number > ROWS:
            raise Refused("long")
        if any(found):
            rows.append((number, found))
    if sum(len(cell) for _, cells in rows for cell in cells) > TEXT:
        raise Refused("large")
    return rows


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _refuse_other_contents(archive: zipfile.ZipFile, names: set[str]) -> None:
    for name, kind in _CONTENTS:
        if name in names:
            raise Refused(kind)
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise Refused("ods")


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """Encrypted, a link, or named as if it stood elsewhere."""
    name = entry.filename
    return bool(
        entry.flag_bits & 1
        or stat.S_ISLNK(entry.external_attr >> 16)
        or name.startswith(("/", "\\"))
        or ".." in re.split(r"[/\\]", name)
    )


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _holds_rows(name: str) -> bool:
    return _is_sheet(name) or name == "xl/sharedStrings.xml" or name.startswith("xl/media/")


def _path(sheet: Any) -> str:
    return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")


def _formulas(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """The formulas of each sheet, by row and column: for cells that no program has computed."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    return {
        sheet.title: {
            (cell.row, cell.column): str(cell.value)
            for row in _some(sheet)
            for cell in row
            if cell.value is not None and cell.data_type == "f"
        }
        for sheet in [one for one in book.worksheets if one.sheet_state == "visible"][:SHEETS]
    }


def _some(sheet: Any) -> Iterator[Sequence[Any]]:
    """The rows we look at; one more shows that there are too many."""
    found: Iterator[Sequence[Any]] = sheet.iter_rows(max_row=ROWS + 1, max_col=COLUMNS)
    return found


def _rows(sheet: Any, formulas: Mapping[tuple[int, int], str]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(_some(sheet), 1):
        cells = [formulas[_at(cell)] if _open(cell, formulas) else shown(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > ROWS:
            raise Refused("long")
        yield number, cells


def _at(cell: Any) -> tuple[int, int]:
    return getattr(cell, "row", 0), getattr(cell, "column", 0)


def _open(cell: Any, formulas: Mapping[tuple[int, int], str]) -> bool:
    """Whether the cell is a formula without a result, as programs leave it that do not compute."""
    return bool(formulas) and cell.value is None and _at(cell) in formulas


def shown(cell: Any) -> str:
    """A cell as people see it; a date as day/month/year, or as month and year if only these show."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format))
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)[:CELL].strip()


def _number(value: float) -> str:
    """Excel keeps fifteen digits: of a longer whole number that ends in 0 nobody knows the rest."""
    if value != value // 1:
        return repr(value)
    whole = int(value)
    return str(whole) if abs(whole) < 10**15 or whole % 10 else f"{whole:.5E}"


def _day(value: date, shape: str) -> str:
    if "d" in re.sub(r"\[[^]]*\]|\"[^\"]*\"", "", shape).lower():
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"{MONTHS[value.month - 1]} {value.year}"


def main() -> None:
    """Standard input to standard output."""
    limit()
    try:
        found = read(sys.stdin.buffer.read())
    except Refused as why:
        found = {"problem": str(why)}
    except (MemoryError, RecursionError, OverflowError):
        found = {"problem": "large"}
    except Exception:  # noqa: BLE001 - openpyxl fails on damaged files in any way there is
        found = {"problem": "damaged"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
