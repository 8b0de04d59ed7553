"""The sheet of a budget year's building projects: one row each, with what is covered and what is missing."""

from collections.abc import Sequence
from datetime import date

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
    *(
        Column(title, 14)
        for number in range(1, _PARTS + 1)
        for title in (f"Termin {number}", f"Jatuh tempo {number}", f"Keadaan {number}")
    ),
)
_FUNDINGS = {
    "add": "ADD",
    "bhpr": "BHPR",
    "pades": "PADes",
    "bankeu": "Bantuan Keuangan",
    "dana_desa": "Dana Desa",
}
_STATES = {"open": "belum tercatat", "reported": "dilaporkan", "recorded": "tercatat"}


def of_year(tx: Tx, district: str, year: int) -> list[tuple[Village, Project]]:
    """What is known of a budget year, by kecamatan, village and beginning."""
    villages = {one.code: one for one in places.villages(tx, district)}
    found = [(villages[one.village], one) for one in projects.of_district(tx, district, year)]
    return sorted(found, key=lambda pair: (pair[0].subdistrict, pair[0].name))


def page(found: Sequence[tuple[Village, Project]], today: date) -> Page:
    """The rows; sums are numbers, nothing personal is among them."""
    return Page("Proyek", COLUMNS, [_row(village, one, today) for village, one in found])


def _row(village: Village, one: Project, today: date) -> list[Cell]:
    wages = one.basis is Basis.WAGES
    return [
        village.code,
        village.subdistrict,
        village.name,
        one.name,
        one.place,
        _FUNDINGS.get(one.funding, one.funding),
        "swakelola" if one.builder == OWN else one.company,
        f"upah {one.value}" if wages else one.value,
        one.starts,
        one.ends,
        one.maintained,
        one.workers or None,
        one.cover(today).label,
        one.certificate,
        one.total or None,
        *(cell for part in one.parts[:_PARTS] for cell in _part(part)),
    ]


def _part(part: Part) -> tuple[Cell, ...]:
    return part.amount, part.due, _STATES[part.progress.value]
