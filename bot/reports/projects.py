"""The sheet of a budget year's building projects: one row each, with what is covered and what is missing."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.domain.funding import NAMES
from bot.domain.projects import Basis, Part
from bot.reports.sheets import Cell, Column, Page
from bot.store import places, projects
from bot.store.database import Tx
from bot.store.places import Village
from bot.store.projects import OWN, Project

_PARTS = 3
COLUMNS = (
    Column("Kode desa", 15),
    Column("Kecamatan", 18),
    Column("Desa", 22),
    Column("Kegiatan", 34, wrapped=True),
    Column("Lokasi", 24, wrapped=True),
    Column("Sumber dana", 16),
    Column("Pelaksana", 20),
    Column("Nilai tanpa PPN", 18),
    Column("Mulai", 12),
    Column("Selesai", 12),
    Column("Pemeliharaan sampai", 12),
    Column("Pekerja", 9),
    Column("Keadaan", 20),
    Column("Nomor sertifikat", 20),
    Column("Iuran", 14),
)
_STATES = {"open": "belum tercatat", "reported": "dilaporkan", "recorded": "tercatat"}


def of_year(tx: Tx, district: str, year: int) -> list[tuple[Village, Project]]:
    """What is known of a budget year, by kecamatan, village and beginning."""
    villages = {one.code: one for one in places.villages(tx, district)}
    found = [(villages[one.village], one) for one in projects.of_district(tx, district, year)]
    return sorted(found, key=lambda pair: (pair[0].subdistrict, pair[0].name))


def page(found: Sequence[tuple[Village, Project]], today: date) -> Page:
    """The rows; sums are numbers, nothing personal is among them.  An addendum may have added instalments."""
    last = max((part.number for _, one in found for part in one.parts), default=0)
    numbers = range(1, max(last, _PARTS) + 1)
    titles = (f"{title} {number}" for number in numbers for title in ("Termin", "Jatuh tempo", "Keadaan"))
    columns = (*COLUMNS, *(Column(title, 14) for title in titles))
    return Page("Proyek", columns, [_row(village, one, today, numbers) for village, one in found])


def _row(village: Village, one: Project, today: date, numbers: Iterable[int]) -> list[Cell]:
    wages = one.basis is Basis.WAGES
    parts = {part.number: part for part in one.parts}
    return [
        village.code,
        village.subdistrict,
        village.name,
        one.name,
        one.place,
        NAMES.get(one.funding, one.funding),
        "swakelola" if one.builder == OWN else one.company,
        f"upah {one.value}" if wages else one.value,
        one.starts,
        one.ends,
        one.maintained,
        one.workers or None,
        one.cover(today).label,
        one.certificate,
        one.total or None,
        *(cell for number in numbers for cell in _part(parts.get(number))),
    ]


def _part(part: Part | None) -> tuple[Cell, ...]:
    return (part.amount, part.due, _STATES[part.progress.value]) if part else (None, None, None)
