"""The papers of the office, by name: what each is read from (in one view) and how it is made of that."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bot.domain import contributions, dates, phones
from bot.domain.evidence import Period, Words
from bot.domain.months import Month
from bot.domain.rulebook import District, Rules
from bot.domain.standings import Picture
from bot.reports import books, charts, evidence, letters, printing, projects, sheets, standing
from bot.reports.letters import Call, Signed
from bot.reports.standing import Asked
from bot.store import employers, jobs, places, reminding
from bot.store.database import Tx
from bot.store.reminding import Unreached


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file, under the name people see."""

    name: str
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read: facts for the sentence beside the files, and how they are made.

    `public` files hold village names and figures, and nothing of any person but who had them made.
    """

    told: Mapping[str, Any]
    make: Callable[[], Awaitable[Sequence[Made]]]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Customs:
    """How chats call things: answers and reasons, why a village was not reached; and how far ahead one calls."""

    words: Words = field(default_factory=lambda: Words({}, {}))
    why: Mapping[str, str] = field(default_factory=dict)
    soon: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Request:
    """A paper that was asked for: its arguments, by which rules, at which moment (UTC)."""

    args: Mapping[str, Any]
    rules: Rules
    now: datetime
    customs: Customs = field(default_factory=Customs)

    @property
    def district(self) -> District:
        """Which district it is about."""
        return self.rules.district(self.args["district"])

    @property
    def today(self) -> date:
        """The date where the district lies."""
        return self.now.astimezone(self.district.zone).date()

    @property
    def signed(self) -> Signed:
        """Who asked for it, and when that is."""
        return letters.signed(self.district, self.now, str(self.args.get("maker", "")))


def trend(tx: Tx, request: Request) -> Draft:
    """The picture of how the villages stand and stood."""
    district = request.district
    subdistrict = str(request.args.get("subdistrict", ""))
    asked = Asked(district, request.now, Month.of(request.today), subdistrict)
    found = standing.picture(tx, asked)
    title = f"Kecamatan {found.villages[0].subdistrict}" if subdistrict and found.villages else district.name
    head = charts.Head(title, f"per {request.signed.moment}", letters.line(found))
    months = {month: found.history.get(month) for month in asked.months}
    months[asked.until] = found.total

    async def make() -> Sequence[Made]:
        drawn = charts.trend(head, found.by_subdistrict, months)
        return [Made(f"Tren {title}.png", await printing.png(drawn), printing.PNG)]

    return Draft(
        {"title": title, "moment": request.signed.moment, "line": letters.line(found)}, make, public=True
    )


def report(tx: Tx, request: Request) -> Draft:
    """The workbook and the letter of a month."""
    district, signed = request.district, request.signed
    until = Month.parse(request.args["until"])
    asked = Asked(district, request.now, until)
    found = standing.picture(tx, asked)
    facts = books.Facts(
        title=f"Kepesertaan jaminan sosial ketenagakerjaan pemerintah desa, {district.name}",
        moment=f"Keadaan per {signed.moment}, iuran sampai dengan {until.label}.",
        maker=f"Disusun oleh {signed.maker} lewat Payung Desa.",
        line=letters.line(found),
        notes=_notes(request, found, until),
        zone=district.zone,
        made=request.now,
    )
    name = f"Laporan {district.name} {until.label}"

    async def make() -> Sequence[Made]:
        book = await asyncio.to_thread(books.report, found, asked.months, facts)
        paper = await letters.letter(found, district, signed)
        return [Made(f"{name}.xlsx", book, sheets.MIME), Made(f"{name}.pdf", paper, printing.PDF)]

    told = {
        "until": until.label,
        "moment": signed.moment,
        "line": letters.line(found),
        "title": district.name,
    }
    return Draft(told, make, public=True)


def _notes(request: Request, found: Picture, until: Month) -> list[tuple[str, str]]:
    """Where each figure of the workbook comes from."""
    owed = [bill for one in found.villages for bill in one.bills]
    given = sum(bill.given for bill in owed)
    unknown = sum(bill.amount is None for bill in owed)
    return [
        ("Saat", f"Semua angka dibaca sekaligus pada {request.signed.moment}."),
        (
            "Terdaftar",
            "Menurut data awal kabupaten (NPP atau bulan mulai), atau sedikitnya satu orang diajukan atau aktif.",
        ),
        (
            "Menunggak",
            f"Terdaftar, dan ada iuran sampai {until.label} lewat jatuh tempo yang belum tercatat.",
        ),
        ("Lunas", "Terdaftar, dan tidak ada iuran lewat jatuh tempo yang belum tercatat."),
        ("Belum terdaftar", "Semua desa lain di daftar desa Kemendagri."),
        ("Tercatat", "Dilaporkan desa lewat bot, atau dinyatakan tercatat oleh petugas yang memeriksa."),
        (
            "Tagihan per bulan",
            f"Dari {len(owed)} tagihan yang dimuat: {given} menurut SIPP (BPJS Ketenagakerjaan), {unknown} belum "
            "diketahui jumlahnya (kosong), sisanya hitungan Payung Desa dari data peserta. Yang berlaku tagihan SIPP.",
        ),
        books.HIDDEN_NOTE,
        (
            "Keadaan akhir bulan",
            "Dihitung sekali sehari sejak bot dipakai; hari terakhir yang dihitung di bulan itu.",
        ),
        *_rates(request),
    ]


def _rates(request: Request) -> list[tuple[str, str]]:
    """The rates in force and the regulation each comes from."""
    rules, today, code = request.rules, request.today, request.district.code
    running = [one for one in rules.categories_of(code) if one.begun(today)]
    sets = [rules.programme_set(code, one.code, today) for one in running if one.code in _insured(rules)]
    found = []
    for programme in dict.fromkeys(each for one in sets if one.segment == "PU" for each in one.programmes):
        rates = rules.rates(programme, today, code)
        percent = " + ".join(contributions.percent_label(rate.percent) for rate in rates)
        source = "; ".join(dict.fromkeys(rate.source for rate in rates))
        found.append((f"Tarif {rules.programme(programme).label} (PU)", f"{percent} dari upah. {source}."))
    return found


def _insured(rules: Rules) -> set[str]:
    return {one.category for one in rules.all_programme_sets}


def case(tx: Tx, request: Request) -> Draft:
    """The evidence of one village and period."""
    args = request.args
    village = places.village(tx, args["village"])
    assert village is not None
    period = Period.parse(args["period"])
    found = evidence.read(tx, village, request.district, period, request.customs.words)
    name = f"Berkas {village.name} {period.label}"
    short = len(found.rows) <= printing.MOST_ROWS

    async def make() -> Sequence[Made]:
        table = Made(f"{name}.csv", evidence.table(found), evidence.CSV)
        if not short:
            return [table]
        return [Made(f"{name}.pdf", await evidence.document(found, request.signed), printing.PDF), table]

    number, hash_ = found.head
    told = {"place": village.label, "period": period.label, "count": len(found.rows), "short": short}
    return Draft({**told, "head": number, "hash": hash_}, make)


def call_list(tx: Tx, request: Request) -> Draft:
    """Villages that no reminder reached, with whom to call."""
    code = request.district.code
    by_village: dict[str, list[Unreached]] = {}
    for one in reminding.unreached(tx, code, request.today, request.today + request.customs.soon):
        by_village.setdefault(one.village, []).append(one)
    rows = [_call(employers.contact(tx, village), found, request) for village, found in by_village.items()]
    name = f"Daftar telepon {request.district.name} {dates.plain_date(request.today)}"
    short = len(rows) <= printing.MOST_ROWS

    async def make() -> Sequence[Made]:
        if not rows:
            return []
        if short:
            return [
                Made(f"{name}.pdf", await letters.calls(rows, request.district, request.signed), printing.PDF)
            ]
        lines = [
            (one.subdistrict, one.village, one.why, one.months, one.name, one.post, one.phone) for one in rows
        ]
        book = await asyncio.to_thread(books.table, "Daftar telepon", _CALLS, lines, request.now)
        return [Made(f"{name}.xlsx", book, sheets.MIME)]

    return Draft({"count": len(rows), "short": short, "title": request.district.name}, make)


_CALLS = (
    *(("Kecamatan", 20.0), ("Desa", 22.0), ("Sebab", 32.0), ("Bulan", 30.0)),
    *(("Kontak", 24.0), ("Jabatan", 20.0), ("Telepon", 16.0)),
)


def _call(contact: Mapping[str, str], found: Sequence[Unreached], request: Request) -> Call:
    first = found[0]
    months = [one.month.label_of(one.segment) for one in found]
    more = f" dan {len(months) - 1} bulan lain" if len(months) > 1 else ""
    state = "belum tercatat" if first.due < request.today else "segera jatuh tempo"
    return Call(
        first.subdistrict,
        first.name,
        f"{months[0]}{more} {state}",
        request.customs.why.get(first.why, first.why),
        contact.get("name", ""),
        contact.get("post", ""),
        phones.dialled(contact.get("phone", "")),
    )


def year_of_projects(tx: Tx, request: Request) -> Draft:
    """The sheet of a budget year's building projects."""
    year = int(request.args["year"])
    found = projects.of_year(tx, request.district.code, year)
    page = projects.page(found, request.today)
    name = f"Proyek {request.district.name} {year}"

    async def make() -> Sequence[Made]:
        book = await asyncio.to_thread(sheets.write, [page], request.now)
        return [Made(f"{name}.xlsx", book, sheets.MIME)]

    return Draft({"year": year, "count": len(found)}, make)


#: How a paper is read; outside any transaction it is then made.
Read = Callable[[Tx, Request], Draft]
PAPERS: Mapping[str, Read] = {
    "trend": trend, "report": report, "evidence": case, "calls": call_list,
    "projects": year_of_projects,
}  # fmt: skip


async def made(
    draft: Draft, keep: Callable[[Callable[[Tx], int]], Awaitable[int]], now: datetime
) -> tuple[Mapping[str, Any], Made | None]:
    """The facts to be told, and the first file; further ones are kept by `keep` and named in the facts."""
    files = await draft.make()
    beside = [[await keep(partial(_kept, one, now, draft.public)), one.name] for one in files[1:]]
    return {**draft.told, "name": files[0].name if files else "", "beside": beside}, next(iter(files), None)


def _kept(one: Made, now: datetime, public: bool, tx: Tx) -> int:
    return jobs.keep_file(tx, one.data, one.mime, now, public=public)
