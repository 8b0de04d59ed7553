"""What insurance will cost all villages of a district, side by side."""

import asyncio
from collections.abc import Mapping, Sequence

from bot import budgets, ruling
from bot.budgets import Building
from bot.domain import costing, money
from bot.domain.costing import Budget
from bot.domain.groups import Cost
from bot.domain.months import Month
from bot.reports import books, sheets
from bot.reports.books import Column, Table
from bot.reports.papers import Draft, Made, Request
from bot.reports.sheets import Cell
from bot.store.database import Tx
from bot.store.places import Village

_FACTS = (Column("Hal", 30.0), Column("Isi", 100.0))


def all_budgets(tx: Tx, request: Request) -> Draft:
    """Every village's year side by side."""
    rules, district = ruling.current(tx, request.rules), request.district
    year = int(request.args["year"])
    found = budgets.of_district(tx, rules, district.code, (year, request.today))
    since = costing.first_month(year, request.today)
    labels = {line.category: line.label for _, one in found for line in one.lines}
    titles = (
        Column("Kecamatan", 20.0),
        Column("Desa", 24.0),
        Column("Orang", 8.0),
        *(Column(f"{label}, orang", 12.0) for label in labels.values()),
        *sums(since),
        Column("Proyek", 9.0),
        Column("Proyek, sekali bayar (Rp)", 18.0),
    )
    built = budgets.building_of_district(tx, rules, district.code, (year, request.today))
    rows = [[*_named(v), *_district_row(one, list(labels)), *_built(built, v)] for v, one in found]
    all_of = sum((one.cost for _, one in found), Cost())
    told = {
        "title": district.name,
        "year": year,
        "span": costing.span(since),
        "villages": sum(bool(one.people) for _, one in found),
        "of": len(found),
        "people": sum(one.people for _, one in found),
        "total": money.rupiah(all_of.employer),
        "kept_back": money.rupiah(all_of.worker) if all_of.worker else "",
        "certain": all(one.certain for _, one in found),
        "projects": sum(one.count for one in built.values()),
        "built": money.rupiah(sum(one.total for one in built.values())),
    }

    name = f"Anggaran iuran {year} {district.name}"

    async def make() -> Sequence[Made]:
        pages = (Table("Anggaran per desa", titles, rows), Table("Catatan", _FACTS, _notes(since)))
        book = await asyncio.to_thread(books.tables, name, pages, request.now)
        return [Made(f"{name}.xlsx", book, sheets.MIME)]

    return Draft(told, make)


def sums(since: Month) -> tuple[Column, Column]:
    """The columns of what a year costs, or what is left of it."""
    shown = costing.headed(since)
    return Column(f"{shown}, dianggarkan desa (Rp)", 18.0), Column(f"{shown}, dipotong dari upah (Rp)", 18.0)


def counted(since: Month) -> str:
    """Which months of the year are counted."""
    if since.number == 1:
        return f"dua belas bulan tahun {since.year}, tiap bulan menurut aturan bulan itu."
    return (
        f"hanya {costing.span(since)}, tiap bulan menurut aturan bulan itu; bulan sebelumnya ada di tagihan."
    )


def _notes(since: Month) -> list[tuple[str, str]]:
    return [
        ("Orang", "menurut catatan desa sekarang; 0 bila belum ada yang terdaftar."),
        ("Dihitung", counted(since)),
        ("Dianggarkan", "bagian desa saja; bagian pekerja dipotong dari upah."),
        (
            "Proyek",
            "proyek fisik yang tercatat untuk tahun itu (Jasa Konstruksi); tidak termasuk di kolom yang dianggarkan.",
        ),
    ]


def _named(village: Village) -> list[Cell]:
    return [village.subdistrict, village.name]


def _built(built: Mapping[str, Building], village: Village) -> list[Cell]:
    one = built.get(village.code, Building())
    return [one.count, one.total]


def _district_row(one: Budget, categories: Sequence[str]) -> list[Cell]:
    people = {line.category: line.people for line in one.lines}
    counts: list[Cell] = [people.get(code, 0) for code in categories]
    return [one.people, *counts, one.cost.employer, one.cost.worker]
