"""Papers about what insurance will cost: a study by village, a village's sheet for its plan."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from bot import budgets, ruling
from bot.budgets import Building
from bot.domain import cleaning, contributions, costing, groups, money
from bot.domain.costing import Budget, Line, Source
from bot.domain.groups import Cost
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.reports import books, district_costs, printing, sheets
from bot.reports.books import Column, Table
from bot.reports.papers import Draft, Made, Read, Request
from bot.reports.sheets import Cell
from bot.store import places, studies
from bot.store.database import Tx
from bot.store.studies import State, Study

NO_CODE = "diisi desa, kode menurut Perbup"
_WIDE = 60.0


# -- a study -----------------------------------------------------------------------------------

_BY_VILLAGE = (
    Column("Kecamatan", 20.0),
    Column("Desa", 24.0),
    Column("Jumlah orang", 12.0),
    Column("Keterangan", 22.0),
    Column("Iuran sebulan (Rp)", 16.0),
    Column("Setahun, ditanggung desa (Rp)", 18.0),
    Column("Setahun, dipotong dari upah (Rp)", 18.0),
)
_FACTS = (Column("Hal", 30.0), Column("Isi", 100.0))


def study(tx: Tx, request: Request) -> Draft:
    """A study by village, with what may pay for it and what is doubtful."""
    rules = ruling.current(tx, request.rules)
    one = studies.get(tx, int(request.args["study"]))
    assert one is not None
    year = office_day(one.at).year + 1
    rows = _study_rows(tx, rules, one, (year, request.today))
    known = sum(int(str(row[2])) for row in rows if row[2] is not None)
    facts = _study_facts(rules, request, one, (year, known))
    name = cleaning.file_name(f"Kajian {one.name} {request.district.name} {year}")

    async def make() -> Sequence[Made]:
        pages = (Table("Per desa", _BY_VILLAGE, rows), Table("Cara hitung", _FACTS, facts))
        book = await asyncio.to_thread(books.tables, name, pages, request.now)
        return [Made(f"{name}.xlsx", book, sheets.MIME)]

    return Draft({"group": one.name, "villages": len(rows)}, make)


def _study_rows(tx: Tx, rules: Rules, one: Study, when: tuple[int, date]) -> list[list[Cell]]:
    answers = studies.answers(tx, one.id)
    year, today = when
    asked = studies.asked(tx, one, today)
    person = costing.estimate(rules, one.district, one.terms, 1, year)
    rows: list[list[Cell]] = []
    for village in places.villages(tx, one.district):
        said = answers.get(village.code)
        people = one.each if one.each is not None else said.people if said else None
        state = (
            "dijawab desa" if said else "belum dijawab" if village.code in asked else "belum punya petugas"
        )
        if one.each is not None:
            state = "angka yang sama"
        costs: list[Cell] = [None, None, None]
        if people is not None:
            month, all_year = person.month.times(people), person.year.times(people)
            costs = [month.total, all_year.employer, all_year.worker]
        rows.append([village.subdistrict, village.name, people, state, *costs])
    return rows


def _study_facts(
    rules: Rules, request: Request, one: Study, counted: tuple[int, int]
) -> list[tuple[str, str]]:
    year, people = counted
    found = costing.estimate(rules, one.district, one.terms, people, year)
    names = ", ".join(rules.programme(code).label for code in one.terms.programmes)
    return [
        ("Kelompok", f"{one.name}, {one.terms.segment.value}, {names}"),
        ("Dasar iuran", f"{money.rupiah(one.terms.wage)} sebulan"),
        ("Jumlah", f"{people} orang, {money.rupiah(found.year.total)} setahun ({year})"),
        ("Iuran per orang", f"{money.rupiah(found.one.total)} sebulan, {certainty(groups.certain(found.one))}"),
        ("Aturan tarif", groups.sources([found.one])),
        *_study_money(rules, one, found.year),
        *_study_doubt(rules, request, one),
        ("Pertanyaan", "ditutup" if one.state is State.CLOSED else "masih dibuka untuk desa")
        if one.each is None
        else ("Pertanyaan", "tidak ditanyakan ke desa; satu angka untuk semua desa"),
        ("Keadaan", f"per {request.signed.moment}, disusun oleh {request.signed.maker} lewat Payung Desa"),
    ]  # fmt: skip


def _study_money(rules: Rules, one: Study, year: Cost) -> list[tuple[str, str]]:
    """What each source would have to bear if it paid alone."""
    known = {groups.key(each.label): each.code for each in rules.categories_of(one.district)}
    category = known.get(groups.key(one.name), "")
    rows = []
    for source in costing.money_sources(rules, one.district, category, office_day(one.at)):
        if source.code in one.body["sources"]:
            said = f"boleh menurut kajian ini; {money.rupiah(year.employer)} setahun bila seluruhnya"
        elif source.allowed is False and not source.left_out:
            said = f"tidak boleh: {source.rule}"
        elif one.body["sources"] and source.code != costing.DANA_DESA:
            said = "tidak dipilih dalam kajian ini"
        else:
            said = "belum diatur untuk kelompok ini; pastikan dulu"
        rows.append((f"Sumber dana {source.label}", said))
    return rows


def _study_doubt(rules: Rules, request: Request, one: Study) -> list[tuple[str, str]]:
    found = groups.doubt(rules, one.district, one.terms, Month.of(request.today))
    if found is None:
        return []
    until = f" sampai {found.until:%d-%m-%Y}" if found.until else ""
    percent = contributions.percent_label(found.percent)
    return [
        (
            f"Potongan {percent}",
            f"{found.source}{until}: tidak untuk iuran yang dibayar APBN atau APBD. Apakah APBDes termasuk, belum "
            f"pasti; pastikan di kantor cabang. Belum dihitung; bila berlaku {money.rupiah(found.price)} sebulan.",
        )
    ]


def certainty(certain: bool) -> str:
    """How surely a figure is known."""
    return "menurut aturan" if certain else "perlu dipastikan di kantor cabang"


# -- a village's year --------------------------------------------------------------------------

_LINES = (
    Column("Kelompok", 22.0),
    Column("Kode rekening", 40.0),
    Column("Orang", 8.0),
    Column("Upah sebulan, semua (Rp)", 16.0),
    Column("Segmen", 9.0),
    Column("Program", 26.0),
    Column("Sumber yang boleh", 34.0),
    Column("Tidak boleh, atau tidak dipilih", _WIDE),
)
_SOURCES = 2  # columns behind the sums


def budget(tx: Tx, request: Request) -> Draft:
    """The one-page sheet for a village's plan (RKPDes), and the same as a workbook."""
    rules = ruling.current(tx, request.rules)
    village = places.village(tx, str(request.args["village"]))
    assert village is not None
    when = (int(request.args["year"]), request.today)
    found = budgets.of_village(tx, rules, village, when)
    notes = _notes(found, budgets.building(tx, rules, village.code, when))
    name = f"Anggaran iuran {found.year} Desa {village.name}"
    data = _page(rules, request, found, (village.label, notes))

    async def make() -> Sequence[Made]:
        pages = (
            Table("Anggaran", _columns(found), _budget_rows(rules, found)),
            Table("Catatan", _FACTS, notes),
        )
        book = await asyncio.to_thread(books.tables, name, pages, request.now)
        paper = await printing.pdf("budget", data)
        return [Made(f"{name}.pdf", paper, printing.PDF), Made(f"{name}.xlsx", book, sheets.MIME)]

    told = {"place": village.label, "span": found.span, "total": money.rupiah(found.cost.employer)}
    return Draft(told, make)


def _columns(found: Budget) -> tuple[Column, ...]:
    return (*_LINES[:-_SOURCES], *district_costs.sums(found.since), *_LINES[-_SOURCES:])


def programmes(rules: Rules, line: Line) -> str:
    """As in "JKK, JKM", with the month where they change in the year."""
    names = ", ".join(rules.programme(code).label for code in line.programmes)
    return f"{names} (mulai {line.changes.label})" if line.changes else names


def account(line: Line) -> str:
    """Code and name of the budget account."""
    return f"{line.account.code} {line.account.name}" if line.account else NO_CODE


def allowed(sources: Sequence[Source]) -> str:
    """What may pay."""
    return ", ".join(one.label for one in sources if one.allowed) or "belum diatur"


def _refused(sources: Sequence[Source]) -> str:
    found = [f"{one.label}: {one.rule}" for one in sources if one.allowed is False and not one.left_out]
    left_out: dict[str, list[str]] = {one.rule: [] for one in sources if one.left_out}
    for one in sources:
        if one.left_out:
            left_out[one.rule].append(one.label)
    found += [f"tidak dipilih menurut {rule}: {', '.join(names)}" for rule, names in left_out.items()]
    return "; ".join(found)


def _budget_rows(rules: Rules, found: Budget) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [
            line.label,
            account(line),
            line.people,
            line.base,
            line.segment.value,
            programmes(rules, line),
            line.cost.employer,
            line.cost.worker,
            allowed(line.sources),
            _refused(line.sources),
        ]
        for line in found.lines
    ]
    total: list[Cell] = [
        found.people,
        sum(line.base for line in found.lines),
        "",
        "",
        found.cost.employer,
        found.cost.worker,
    ]
    rows.append(["Jumlah", "", *total, "", ""])
    rows += [
        [f"Bila terisi: {one.label}", "", 1, None, "", "", one.cost.employer, one.cost.worker, "", ""]
        for one in found.vacancies
    ]
    return rows


def _notes(found: Budget, built: Building) -> list[tuple[str, str]]:
    rules = "; ".join(dict.fromkeys(part for line in found.lines for part in line.rules.split("; ")))
    return [
        ("Dihitung", f"{district_costs.counted(found.since)} Orang dan upah menurut catatan desa sekarang."),
        ("Dianggarkan", "bagian desa saja. Bagian pekerja dipotong dari upah, tidak dianggarkan di rekening ini."),
        *((f"Dana Desa tidak boleh untuk {names}", rule) for rule, names in found.forbidden.items()),
        *([("Dana Desa", f"belum jelas untuk {found.unclear}; pastikan dulu.")] if found.unclear else []),
        *((f"Tidak dipilih menurut {rule}", labels) for rule, labels in found.left_out.items()),
        ("Aturan tarif", rules),
        ("Kepastian", f"{certainty(found.certain)}. Pembulatan BPJS dapat berbeda beberapa rupiah; yang berlaku "
         "tagihan SIPP."),
        ("Proyek fisik", _building(found.year, built)),
    ]  # fmt: skip


def _building(year: int, built: Building) -> str:
    if not built.count:
        return f"dihitung per proyek (Jasa Konstruksi); belum ada yang tercatat untuk {year}."
    total = money.rupiah(built.total)
    return f"{built.count} proyek {year}, {total}, sekali bayar per proyek (Jasa Konstruksi); di luar jumlah di atas."


def _page(
    rules: Rules, request: Request, found: Budget, told: tuple[str, list[tuple[str, str]]]
) -> Mapping[str, object]:
    place, notes = told
    rows = [
        [
            line.label,
            str(line.people),
            f"{line.segment.value}: {programmes(rules, line)}",
            money.rupiah(line.base),
            money.rupiah(line.cost.employer),
            money.rupiah(line.cost.worker),
            account(line),
            allowed(line.sources),
        ]
        for line in found.lines
    ]
    cost = found.cost
    return {
        "place": place,
        "district": request.district.name,
        "year": str(found.year),
        "span": costing.headed(found.since),
        "rows": rows,
        "total": [str(found.people), money.rupiah(cost.employer), money.rupiah(cost.worker)],
        "vacancies": [[one.label, money.rupiah(one.cost.employer)] for one in found.vacancies],
        "vacant": money.rupiah(found.vacant.employer),
        "forbidden": [[names, rule] for rule, names in found.forbidden.items()],
        "notes": [[what, said] for what, said in notes if not what.startswith("Dana Desa tidak")],
        "maker": request.signed.maker,
        "moment": request.signed.moment,
    }


PAPERS: Mapping[str, Read] = {"study": study, "budget": budget, "budgets": district_costs.all_budgets}
