"""Files that people send as sheets: good ones, odd ones, and ones made to do harm."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, repeat

from openpyxl import Workbook

from bot.channels import memory
from bot.messages import Address, Document, Letter
from bot.reports import sheets
from tests.world import World

Cell = str | int | float | date | datetime | None

TITLES = (
    "Kode desa", "Kecamatan", "Desa", "Terdaftar", "Sejak", "NPP", "Bulan belum dibayar", "Jumlah tunggakan",
    "Dibayar oleh", "Nama kontak", "Jabatan kontak", "HP kontak",
)  # fmt: skip
SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def saved(book: Workbook) -> bytes:
    """A workbook as a file."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def lay_out(here: World, files: Mapping[str, bytes]) -> None:
    """Let files be at hand for a conversation, as if the bot had sent them to somebody."""
    for name, data in files.items():
        letter = Letter(Address(memory.NAME, "nobody"), "", attachment=Document(name, sheets.MIME, data))
        here.channel.sent.append(letter)
    here.new()


def workbook(rows: Sequence[Sequence[Cell]], title: str = "Lembar1") -> bytes:
    """One sheet with these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def filled(*rows: Sequence[Cell]) -> bytes:
    """The sheet of the opening load with these rows below its titles."""
    return workbook([TITLES, *rows], "Data awal")


def edited(data: bytes, parts: Mapping[str, Iterable[bytes]]) -> bytes:
    """A workbook with some of its parts replaced or added, each from its pieces."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, pieces in parts.items():
            with new.open(name, "w", force_zip64=True) as part:
                part.writelines(pieces)
    return target.getvalue()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _sheet(pieces: Iterable[bytes], closed: bytes = b"</sheetData></worksheet>") -> bytes:
    """A good workbook whose sheet is written by hand: no size at its beginning."""
    return edited(good(), {SHEET: chain([_HEAD, b"<sheetData>"], pieces, [closed])})


def good() -> bytes:
    """One village."""
    return filled(["64.02.01.2001", "Muara Muntai", "Perian", "ya"])


def _rows(count: int) -> Iterator[bytes]:
    for n in range(1, count + 1):
        yield b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n)


def _cell(mebibytes: int) -> Iterator[bytes]:
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    yield from repeat(b"x" * 1024 * 1024, mebibytes)
    yield b"</t></is></c></row>"


def _linked() -> bytes:
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = 0o120777 << 16
    target = io.BytesIO(good())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


_FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet/>'
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet/>'
_MACRO = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
_TYPES = "[Content_Types].xml"

#: Files by what is odd about them: the word that the reader says ("" where it reads them), and how to make them.
ODD: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "0 bytes": ("nothing", bytes),
    "only zeros": ("nothing", lambda: bytes(500)),
    "blank sheet": ("empty", lambda: workbook([])),
    "xls": ("xls", lambda: _OLE + "Workbook".encode("utf-16-le")),
    "password": ("password", lambda: _OLE + "EncryptedPackage".encode("utf-16-le")),
    "csv with ;": ("", lambda: b"Kode;Desa;Terdaftar\r\n64.02.01.2001;Perian;ya\r\n"),
    "csv cp1252": ("", lambda: "Kode,Desa\n1,Ma’ruf\n".encode("cp1252")),
    "csv utf-16": ("", lambda: "Kode\tDesa\n1\tPerian\n".encode("utf-16")),
    "csv of 20,000 lines": ("long", lambda: b"Nama;NIK\n" * 20_000),
    "csv with a quote never closed": ("damaged", lambda: b'Nama;NIK\n"' + b"x" * 1_000_000),
    "ods": ("ods", lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
    "numbers": ("numbers", lambda: packed({"Index/Document.iwa": b"x"})),
    "xlsb": ("xlsb", lambda: packed({"xl/workbook.bin": b"x"})),
    "docx": ("document", lambda: packed({"word/document.xml": b"<w/>"})),
    "pdf": ("pdf", lambda: b"%PDF-1.7\n"),
    "jpeg": ("picture", lambda: b"\xff\xd8\xff\xe0" + bytes(100)),
    "rar": ("archive", lambda: b"Rar!\x1a\x07\x00"),
    "web page": ("web", lambda: b"\xef\xbb\xbf<html><table><tr><td>Kode</td></tr></table></html>"),
    "plain words": ("damaged", lambda: b"a photo."),
    "zip called xlsx": ("archive", lambda: packed({"laporan.txt": b"halo"})),
    "zip in zip": ("archive", lambda: packed({"berkas.xlsx": good()})),
    "xlsm": ("macro", lambda: edited(good(), {"xl/vbaProject.bin": [b"x"]})),
    "xlsm by its type": ("macro", lambda: edited(good(), {_TYPES: [_MACRO]})),
    "cut off": ("damaged", lambda: good()[:2000]),
    "a sheet of nonsense": ("damaged", lambda: edited(good(), {SHEET: [b"<nonsense"]})),
    "XFD1048576": ("", lambda: _sheet([_FAR])),
    "cell of 300 MB": ("large", lambda: _sheet(_cell(300))),
    "cell of 3 MB": ("", lambda: _sheet(_cell(3))),
    "2 million rows": ("large", lambda: _sheet(repeat(b"<row><c><v>1</v></c></row>", 2_000_000))),
    "40,000 rows": ("long", lambda: _sheet(_rows(40_000))),
    "a million styles": ("large", lambda: edited(good(), {"xl/styles.xml": repeat(b"<font/>", 1_000_000)})),
    "billion laughs": ("damaged", lambda: edited(good(), {SHEET: [_LAUGHS]})),
    "external entity": ("damaged", lambda: edited(good(), {SHEET: [_OUTSIDE]})),
    "10,000 entries": ("large", lambda: packed({str(n): b"" for n in range(10_000)})),
    "name with ..": ("damaged", lambda: edited(good(), {"../../etc/cron.d/x": [b"x"]})),
    "symbolic link": ("damaged", _linked),
    "deep": ("damaged", lambda: _sheet([b"<a>" * 300_000], b"")),
}
