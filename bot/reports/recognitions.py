"""Desa Sadar on paper: all villages of a district in a workbook, and the certificate of one."""

import asyncio
from collections.abc import Mapping, Sequence

from bot import ruling
from bot.domain import dates, sadar
from bot.domain.rulebook import District
from bot.domain.sadar import Standing
from bot.reports import books, printing, sheets
from bot.reports.papers import Draft, Made, Read, Request
from bot.reports.sadar import sentence, standings
from bot.store import places
from bot.store import sadar as recognitions
from bot.store.database import Tx
from bot.store.places import Village

_TITLES = {sadar.STAFF: "Perangkat", sadar.ARREARS: "Iuran", sadar.PROJECTS: "Proyek"}
_COLUMNS = (("Kode", 15.0), ("Kecamatan", 20.0), ("Desa", 24.0), ("Memenuhi", 11.0), ("Langkah lagi", 9.0))


def villages(tx: Tx, request: Request) -> Draft:
    """All villages that may be seen, kecamatan by kecamatan, in each the nearest first."""
    district, today = request.district, request.today
    rules = ruling.current(tx, request.rules)
    found = standings(tx, rules, district.code, today)
    seen = tuple(f"{code}." for code in request.args["limits"] or [district.code])
    shown = [one for one in places.villages(tx, district.code) if one.code.startswith(seen)]
    shown.sort(key=lambda one: (one.subdistrict, found[one.code].left, one.name))
    rows = [_row(one, found[one.code]) for one in shown]
    columns = [
        *_COLUMNS,
        *((_TITLES[one.code], 60.0) for one in sadar.criteria(rules, district.code, today)),
    ]
    name = f"Desa Sadar {district.name} {dates.plain_date(today)}.xlsx"

    async def make() -> Sequence[Made]:
        book = await asyncio.to_thread(books.table, "Desa Sadar", columns, rows, request.now)
        return [Made(name, book, sheets.MIME)]

    return Draft({"count": len(rows), "title": district.name}, make)


def _row(village: Village, standing: Standing) -> list[sheets.Cell]:
    met = "ya" if standing.met else "belum"
    parts = [sentence(part) for part in standing.parts]
    return [village.code, village.subdistrict, village.name, met, standing.left, *parts]


def certificate(tx: Tx, request: Request) -> Draft:
    """The certificate of a village, as it was approved; signed by hand."""
    one = recognitions.get(tx, int(request.args["recognition"]))
    assert one is not None
    village = places.village(tx, one.village)
    assert village is not None
    office, place = _office(request.district)
    data = {
        "office": office,
        "place": place,
        "number": one.number,
        "year": str(one.year),
        "village": village.name,
        "subdistrict": village.subdistrict,
        "reasons": list(one.reasons),
        "met": dates.short_date(one.met_on),
        "head": one.head,
        "maker": request.signed.maker,
        "moment": request.signed.moment,
    }
    name = f"Piagam Desa Sadar {village.name} {one.year}.pdf"

    async def make() -> Sequence[Made]:
        return [Made(name, await printing.pdf("certificate", data), printing.PDF)]

    return Draft({"place": village.label, "year": str(one.year)}, make)


def _office(district: District) -> tuple[str, str]:
    """The office's name, and where it is."""
    office, _, where = district.office_name.partition(" Kabupaten ")
    return office, f"Kabupaten {where or district.name}"


PAPERS: Mapping[str, Read] = {"sadar": villages, "piagam": certificate}
