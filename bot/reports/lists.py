"""Sheets about the people of one village: for SIPP, as a list, and what a month costs for each of them.

They hold full NIKs and wages, so they leave only for an official entitled to the village.  Every figure is
a value that was computed here, none a formula.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot import ledger, ruling
from bot.domain import contributions, dates
from bot.domain.months import Month
from bot.domain.people import Leaving, State
from bot.domain.rulebook import Rules
from bot.domain.sipp import SHEETS
from bot.reports import books, registrations, sheets
from bot.reports.books import Column, Table
from bot.reports.papers import Draft, Made, Read, Request
from bot.reports.sheets import Cell
from bot.store import bills, members, places, posts
from bot.store.bills import Bill
from bot.store.database import Tx
from bot.store.members import Member
from bot.store.places import Village

#: What is made, as buttons and jobs name it.
SIPP, PEOPLE, BILL = "sipp", "members", "bill"


def export(tx: Tx, request: Request) -> Draft:
    """The sheet that was asked for, of the village named in the request."""
    village = places.village(tx, request.args["village"])
    assert village is not None
    decided = replace(request, rules=ruling.current(tx, request.rules))
    return _READERS[request.args["what"]](tx, decided, village)


def _draft(name: str, told: Mapping[str, Any], write: Callable[[], bytes] | None) -> Draft:
    """One file, or none where there is nothing to write."""

    async def make() -> Sequence[Made]:
        return [Made(f"{name}.xlsx", await asyncio.to_thread(write), sheets.MIME)] if write else []

    return Draft(told, make)


def _sipp(tx: Tx, request: Request, village: Village) -> Draft:
    found = registrations.read(tx, request.rules, village, request.today)
    counts = {sheet: len(found.entries[sheet]) for sheet in SHEETS}
    told = {
        **counts,
        "place": village.label,
        "waiting": found.waiting,
        "compared": found.use.compared,
        "generation": found.use.generation,
        "rows": [[member, what, digest.hex()] for member, what, digest in found.rows],
    }
    pages = found.pages(registrations.notes(found, village, request.today))
    name = f"Lembar SIPP {village.name} {dates.plain_date(request.today)}"
    some = any(counts.values())
    return _draft(name, told, (lambda: sheets.write(pages, request.now)) if some else None)


_PEOPLE = (
    Column("No", 5),
    Column("Nama", 28),
    Column("NIK", 19),
    Column("Jabatan", 26),
    Column("Kelompok", 16),
    Column("Status", 16),
    Column("Bertugas sejak", 13),
    Column("Nomor peserta (KPJ)", 16),
    Column("Upah sebulan (Rp)", 14),
    Column("Hari terakhir", 13),
    Column("Sebab berhenti", 20),
)


def _people(tx: Tx, request: Request, village: Village) -> Draft:
    everybody = [one for one in members.of_village(tx, village.code) if one.why_ended != Leaving.MISTAKE]
    ordered = sorted(everybody, key=lambda one: one.state is State.ENDED)
    rows = [[number, *_person(tx, request, one)] for number, one in enumerate(ordered, 1)]
    here = sum(one.state is not State.ENDED for one in everybody)
    told = {"place": village.label, "people": here, "left": len(everybody) - here}
    name = f"Daftar peserta {village.name} {dates.plain_date(request.today)}"
    page = Table("Peserta", _PEOPLE, rows)
    return _draft(name, told, (lambda: books.tables(name, [page], request.now)) if rows else None)


def _person(tx: Tx, request: Request, one: Member) -> list[Cell]:
    held = [post for post in posts.of(tx, one.id) if not post.beside and post.held(request.today)]
    wage = next((post.wage for post in held if post.wage is not None), one.details.get("wage"))
    return [
        one.name,
        one.nik,
        _position(request.rules, one.position),
        next((each.label for each in request.rules.categories if each.code == one.category), one.category),
        "aktif menurut desa" if one.said else one.state.label,
        one.since,
        one.details.get("kpj", ""),
        wage,
        one.ended,
        Leaving(one.why_ended).label if one.why_ended else "",
    ]


def _position(rules: Rules, code: str) -> str:
    return next((one.label for one in rules.positions if one.code == code), code)


# -- the bill of a month -----------------------------------------------------------------------


def _bill(tx: Tx, request: Request, village: Village) -> Draft:
    """The bills of the month that was asked for, else of the oldest open one that is known by name."""
    mine = [bill for bill in bills.of_village(tx, village.code) if bill.ours]
    named = str(request.args.get("month", ""))
    if named:
        mine = [bill for bill in mine if bill.month == Month.parse(named)]
    elif mine:
        month = next((bill for bill in mine if not bill.settled), mine[-1]).month
        mine = [bill for bill in mine if bill.month == month]
    told: dict[str, Any] = {
        "place": village.label,
        "month": mine[0].month.label if mine else Month.parse(named).label if named else "",
        "amounts": [
            [bill.segment, bill.people, bill.amount, bill.given is not None, bill.settled] for bill in mine
        ],
    }
    name = f"Tagihan {village.name} {told['month']}"
    pages = [page for bill in mine for page in _pages(tx, request, bill)]
    return _draft(name, told, (lambda: books.tables(name, pages, request.now)) if pages else None)


def _pages(tx: Tx, request: Request, bill: Bill) -> list[Table]:
    detail = bills.detail(tx, bill)
    if detail is None:
        return []
    mark = f" {bill.segment}" if bill.segment != ledger.PU else ""
    programmes = [line["programme"] for line in detail["lines"]]
    labels = {code: request.rules.programme(code).label for code in programmes}
    columns = (Column("No", 5), Column("Nama", 28), Column("Jabatan", 26), Column("Dasar iuran (Rp)", 14))
    parts = [Column(f"{labels[code]} {who} (Rp)", 14) for code in programmes for who in ("desa", "pekerja")]
    return [
        Table(
            f"Per orang{mark}",
            (*columns, *parts, Column("Jumlah (Rp)", 14)),
            _shares(tx, request, bill, detail),
        ),
        Table(f"Ringkasan{mark}", _LINES, _lines(bill, detail, labels), frozen=1),
    ]


def _shares(tx: Tx, request: Request, bill: Bill, detail: Mapping[str, Any]) -> list[list[Cell]]:
    people = {one.id: one for one in members.of_village(tx, bill.village)}
    programmes = [line["programme"] for line in detail["lines"]]
    found: dict[int, dict[str, tuple[int, int, int]]] = {}
    for member, programme, base, employer, worker in detail["shares"]:
        found.setdefault(member, {})[programme] = (base, employer, worker)
    rows: list[list[Cell]] = []
    for number, (member, shares) in enumerate(found.items(), 1):
        paid = [part for code in programmes for part in shares.get(code, (0, 0, 0))[1:]]
        base = max(share[0] for share in shares.values())
        one = people[member]
        rows.append([number, one.name, _position(request.rules, one.position), base, *paid, sum(paid)])
    sums: list[Cell] = [sum(int(str(row[at])) for row in rows) for at in range(3, 5 + 2 * len(programmes))]
    return [*rows, [None, "Jumlah", "", *sums]]


_LINES = (
    Column("Program", 30),
    Column("Orang", 8),
    Column("Tarif", 12),
    Column("Dasar iuran (Rp)", 16),
    Column("Bagian desa (Rp)", 16),
    Column("Bagian pekerja (Rp)", 16),
    Column("Jumlah (Rp)", 16),
    Column("Sumber", 70),
)


def _lines(bill: Bill, detail: Mapping[str, Any], labels: Mapping[str, str]) -> list[list[Cell]]:
    lines = detail["lines"]
    rows: list[list[Cell]] = [
        [
            labels[line["programme"]],
            line["people"],
            contributions.percent_label(Decimal(line["percent"])) if not line["per_person"] else "per orang",
            line["base"],
            line["employer"],
            line["worker"],
            line["employer"] + line["worker"],
            line["source"] if line.get("certain", True) else f"{line['source']} (pastikan di kantor cabang)",
        ]
        for line in lines
    ]
    employer, worker = (sum(line[who] for line in lines) for who in ("employer", "worker"))
    rows.append(
        ["Jumlah hitungan", bill.people, "", None, employer, worker, bill.ours, "Hitungan Payung Desa"]
    )
    if bill.given is not None:
        rows.append(["Angka BPJS (yang berlaku)", None, "", None, None, None, bill.given, bill.given_source])
    return rows


_READERS: Mapping[str, Callable[[Tx, Request, Village], Draft]] = {SIPP: _sipp, PEOPLE: _people, BILL: _bill}
#: One kind of work for all of them.
PAPERS: Mapping[str, Read] = {"export": export}
