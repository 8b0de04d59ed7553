"""Every workbook that leaves, as an office program reads it: cell by cell what was written, and no formula."""

import csv
import io
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.domain import comparing
from bot.domain.agency import Listed
from bot.domain.comparing import Known
from bot.domain.people import State
from bot.messages import Letter
from bot.reports import lists, sheets
from bot.reports.sheets import Column, Page
from bot.store import projects, studies
from handlers.exports import differences
from tests import district, needs
from tests.test_exports import KUKAR, NAMES, cells, people, sheet_of
from tests.test_programmes import STUDY
from tests.test_projects import RABAT
from tests.world import START, World, world

pytestmark = pytest.mark.slow

#: Two people of whom nearly everything is missing.
LINES = "D'Angelo -Putra, 6402010708850071, 2,5 jt\nSiti +Aminah, 6402014708850072, 2 Januari 2024"
#: What is asked for in chat, by whom and how; what is in brackets is pressed.
ASKED: Mapping[str, tuple[str, ...]] = {
    "sadar": ("yuni", "sadar", "[Unduh daftar]"),
    "proyek": ("yuni", "proyek", "[Lembar Excel]"),
    "muat proyek": ("yuni", "proyek", "[Muat daftar 2026]"),
    "muatan awal": ("yuni", "muatan awal"),
    "kajian": ("yuni", "kajian", "[=1+1 RT/RW]", "[Unduh Excel]"),
    "anggaran semua": ("yuni", "anggaran"),
    "anggaran": ("darma", "anggaran", "[Lembar RKPDes]"),
    "laporan": ("yuni", "laporan"),
    "pegawai": ("darma", "berkas", "[Template pegawai]"),
    "pegawai lengkapi": ("darma", LINES, "[Lengkapi di Excel]"),
}
#: Comma, quote, UTF-8, all sheets; texts quoted, numbers and dates as they are shown.
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,true,false,false,-1"


async def _books(here: World) -> None:
    """People, a project and a study with names that a program may take for something else."""
    await district.people(here)
    await here.store.transact(people)
    now = here.clock.now()
    for name in NAMES:
        one = replace(RABAT, name=f"{name} rabat", place=name, company=name, named=())
        await here.store.transact(lambda tx, one=one: projects.add(tx, one, 1, now))  # type: ignore[misc]
    study = {**STUDY, "name": "=1+1 RT/RW"}
    await here.store.transact(lambda tx: studies.add(tx, KUKAR, study, 5, (1, now)))


async def _sent(here: World, user: str, *said: str) -> bytes:
    """The workbook that comes at the end of a talk."""
    letters: list[Letter] = []
    for one in said:
        pressed = one.startswith("[")
        letters = await (here.presses(user, one[1:-1]) if pressed else here.says(user, one))
    [book] = [one.attachment for one in letters if one.attachment and one.attachment.mime == sheets.MIME]
    return book.data


def _differing() -> Page:
    """What differs between a list of odd names and somebody of the same NIK."""
    known = Known(1, "Siti", "6402015708850001", "0012", date(1985, 8, 17), 2_000_000, State.ACTIVE)
    rows = [
        Listed(number, name, f"{number:011}", f"640201570885{number:04}", None, 2_500_000, 0, True)
        for number, name in enumerate(NAMES, 1)
    ]
    return differences.sheet(comparing.compare(rows, [known], {}))


async def workbooks(folder: Path) -> dict[str, bytes]:
    """One of each kind."""
    async with world(folder) as here:
        await _books(here)
        found = {name: await _sent(here, *talk) for name, talk in ASKED.items()}
        for what in (lists.SIPP, lists.PEOPLE, lists.BILL):
            one = await sheet_of(here, what)
            assert one is not None
            found[what] = one.data
    columns = [Column("Nama", 20), Column("Sebab", 40, wrapped=True)]
    back = Page("Perlu diperbaiki", columns, [(name, f"{name}\n{name}") for name in NAMES])
    return found | {"berbeda": sheets.write([_differing()], START), "kembali": sheets.write([back], START)}


def _shown(data: bytes) -> dict[str, list[list[str]]]:
    """Every sheet as it is seen in an office program, by what each cell holds and how it is to be shown."""
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[_told(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}


def _told(cell: Any) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, date):
        return cell.value.strftime("%d/%m/%Y")
    grouped = isinstance(cell.value, int) and cell.number_format == "#,##0"
    return f"{cell.value:,}" if grouped else str(cell.value)


def _with_libreoffice(folder: Path, files: Mapping[str, bytes]) -> None:
    """Every sheet of every file as CSV, by one program with a profile of its own."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    paths = [str(folder / f"{name}.xlsx") for name in files]
    command = [str(needs.SOFFICE), profile, "--headless", "--convert-to", _CSV, "--outdir", str(folder)]
    subprocess.run([*command, *paths], check=True, capture_output=True, timeout=240)


async def test_no_cell_of_any_workbook_is_a_formula(tmp_path: Path) -> None:
    for name, data in (await workbooks(tmp_path)).items():
        assert any(len(rows) > 1 for rows in cells(data).values()), name


@needs.soffice
async def test_libreoffice_reads_every_cell_as_it_was_written(tmp_path: Path) -> None:
    files = await workbooks(tmp_path)
    _with_libreoffice(tmp_path, files)
    for what, data in files.items():
        for title, rows in _shown(data).items():
            text = (tmp_path / f"{what}-{title}.csv").read_text("utf-8")
            assert list(csv.reader(io.StringIO(text))) == rows, f"{what}, {title}"
