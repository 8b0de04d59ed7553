"""Lists of BPJS Ketenagakerjaan: of members, or the details of a month's contributions ("rincian iuran").

How such a sheet is told from all others stands here and nowhere else: beside a name it has the agency's
number of the member (KPJ, no_ref) and something of the membership, and it names no post: a village's own
list of its staff does that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import dates, nik, service
from bot.domain.cleaning import visible, words
from bot.domain.months import Month
from bot.domain.opening_cells import read_amount
from bot.errors import Doubtful, Invalid

KPJ, NIK, NAME, BORN, JOINED, WAGE, TOTAL, STATUS, NPP, EMPLOYER, PERIOD, POST = range(12)

#: Titles as the agency's reports have them, with how offices write them too.
TITLES: Mapping[int, tuple[str, ...]] = {
    KPJ: ("no_ref", "kpj", "no kpj", "nomor kpj", "no ref kpj", "no referensi", "nomor referensi", "no peserta",
          "nomor peserta", "no kartu", "nomor kartu", "no kartu peserta", "no peserta kpj", "nomor peserta kpj"),
    NIK: ("nik_ktp", "nik", "no ktp", "no nik", "nomor nik", "no identitas", "nomor identitas", "nomor ktp"),
    NAME: ("nama_tk", "nama", "nama tenaga kerja", "nama peserta", "nama lengkap", "nama pekerja", "tenaga kerja"),
    BORN: ("tgl_lahir", "tanggal lahir", "tgl lhr", "tanggal_lahir"),
    JOINED: ("tgl_kepesertaan", "tanggal kepesertaan", "kepesertaan", "tmt kepesertaan", "mulai kepesertaan",
             "tgl kepesertaan awal", "tanggal aktif", "tgl aktif"),
    WAGE: ("jumlah_upah", "upah", "upah dilaporkan", "upah terakhir", "nilai upah", "upah pokok", "upah rp"),
    TOTAL: ("total_iuran", "total iuran", "jumlah iuran", "iuran", "total", "total iuran rp"),
    STATUS: ("status", "status kepesertaan", "status tk", "status aktif", "status peserta", "keaktifan",
             "status tenaga kerja", "aktif"),
    NPP: ("npp", "no npp", "nomor npp", "nomor pendaftaran perusahaan"),
    EMPLOYER: ("nama pk", "nama perusahaan", "perusahaan", "nama pemberi kerja", "pemberi kerja", "desa",
               "nama desa", "nama badan usaha", "instansi", "unit kerja"),
    PERIOD: ("blth", "bulan", "periode", "bulan iuran", "bulan tahun", "blth iuran"),
    POST: ("jabatan", "posisi", "jabatan perangkat"),
}  # fmt: skip
_KNOWN = {" ".join(words(title)): column for column, titles in TITLES.items() for title in titles}
_OF_MEMBERSHIP = {JOINED, WAGE, TOTAL, STATUS}
_HEADER_WITHIN = 20  # rows
_NPP_LENGTH = 8
_NOT_ACTIVE = re.compile(r"non|tidak|tdk|keluar|berhenti|mundur|phk|meninggal", re.IGNORECASE)
_ACTIVE = re.compile(r"\ba[kc]ti[fv]", re.IGNORECASE)
#: A month that is no part of a day: "10-2026", "Oktober 2026".
_MONTH = re.compile(r"(?<![0-9][-/.])\b(0?[1-9]|1[0-2])\s*[-/]?\s*(20[0-9]{2})\b")
_NAMED_MONTH = re.compile(r"(?<![0-9] )\b([A-Za-z]+)\s+(20[0-9]{2})\b")
_CENTS = re.compile(r"[.,]0{1,2}$")

Cells = Sequence[str]
Rows = Sequence[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the agency's list; what is not said, or cannot be read, is empty, 0 or None."""

    number: int  # of the row, as in Excel
    name: str
    kpj: str = ""
    nik: str = ""
    born: date | None = None
    wage: int = 0
    total: int = 0
    active: bool | None = None
    npp: str = ""
    employer: str = ""
    broken: bool = False  # the cell of the NIK holds something that is none


@dataclass(frozen=True, slots=True)
class Found:
    """A list in a sheet: which column is what, the rows below, the month it may be about."""

    places: Mapping[int, int]
    rows: Rows
    above: Sequence[str]

    def cell(self, cells: Cells, column: int) -> str:
        """What a row says in a column."""
        at = self.places.get(column, len(cells))
        return visible(cells[at]).lstrip("'") if at < len(cells) else ""


def locate(sheets: Iterable[tuple[str, Rows]]) -> Found | None:
    """The list of the agency in a file; the one with the most columns where there are several."""
    found = [one for _, rows in sheets for one in _tables(rows)]
    return max(found, key=lambda one: (len(one.places), len(one.rows)), default=None)


def _tables(rows: Rows) -> Iterable[Found]:
    for at, (number, cells) in enumerate(rows[:_HEADER_WITHIN]):
        above = [cell for _, row in rows[:at] for cell in row if cell]
        below = rows[at + 1] if at + 1 < len(rows) else (0, ())
        yield from _table(cells, rows[at + 1 :], above)
        if below[0] == number + 1:  # a header of two rows
            yield from _table(_joined(cells, below[1]), rows[at + 2 :], above)


def _joined(upper: Cells, lower: Cells) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = [
        (upper[at] if at < len(upper) else "", lower[at] if at < len(lower) else "") for at in range(width)
    ]
    return [above if _column(above) is not None else f"{above} {below}".strip() for above, below in pairs]


def _column(title: str) -> int | None:
    return _KNOWN.get(" ".join(words(re.sub(r"\([^)]*\)", " ", title[:100]))))


def _table(titles: Cells, rows: Rows, above: Sequence[str]) -> Iterable[Found]:
    places: dict[int, int] = {}
    for at, title in enumerate(titles):
        column = _column(title)
        if column is not None:
            places.setdefault(column, at)
    says = _OF_MEMBERSHIP & places.keys()
    if {KPJ, NAME} <= places.keys() and says and POST not in places:
        yield Found(places, rows, above)


def read(found: Found, today: date) -> list[Listed]:
    """The people of the list; sums and empty rows are none.  Somebody in several rows is one, with one sum.

    The sum of several months is no month's: then there is none.
    """
    people: dict[str, Listed] = {}
    for number, cells in found.rows:
        one = _person(found, number, cells, today)
        if one is None:
            continue
        key = one.nik or one.kpj or f"{one.name} {one.born}"
        people[key] = _together(people[key], one) if key in people else one
    several = len({_month_in(found.cell(cells, PERIOD)) for _, cells in found.rows} - {None}) > 1
    return [replace(one, total=0) for one in people.values()] if several else list(people.values())


def _person(found: Found, number: int, cells: Cells, today: date) -> Listed | None:
    said = found.cell(cells, NIK)
    one = Listed(
        number,
        found.cell(cells, NAME)[:100],
        _kpj(found.cell(cells, KPJ)),
        _nik(said),
        _born(found.cell(cells, BORN), today),
        _amount(found.cell(cells, WAGE)),
        _amount(found.cell(cells, TOTAL)),
        _active(found, cells),
        _npp(found.cell(cells, NPP)),
        found.cell(cells, EMPLOYER)[:100],
        bool(said) and not _nik(said),
    )
    named = any(sign.isalpha() for sign in one.name)
    return one if named and (one.kpj or one.nik or one.born) else None


def _together(first: Listed, second: Listed) -> Listed:
    active = first.active if second.active is None else second.active or bool(first.active)
    return Listed(
        first.number,
        first.name,
        first.kpj or second.kpj,
        first.nik or second.nik,
        first.born or second.born,
        max(first.wage, second.wage),
        first.total + second.total,
        active,
        first.npp,
        first.employer,
        first.broken,
    )


def _kpj(said: str) -> str:
    try:
        return service.parse_kpj(said) if said else ""
    except Doubtful as doubt:
        return str(doubt.value)
    except Invalid:
        return ""


def _npp(said: str) -> str:
    """The employer's number; reports write the division "000" behind it."""
    plain = re.sub(r"[^0-9A-Z]", "", said.upper())
    return plain[:-3] if len(plain) > _NPP_LENGTH and plain.endswith("000") else plain


def _nik(said: str) -> str:
    try:
        return nik.parse_nik(said) if said else ""
    except Invalid:  # also a doubtful one: nobody is there to be asked
        return ""


def _born(said: str, today: date) -> date | None:
    try:
        return dates.parse_birth(said, today) if said else None
    except Doubtful as doubt:
        return doubt.value if isinstance(doubt.value, date) else None
    except Invalid:
        return None


def _amount(said: str) -> int:
    try:
        return read_amount(_CENTS.sub("", said)) or 0
    except Invalid:
        return 0


def _active(found: Found, cells: Cells) -> bool | None:
    """By the status; a list without one names those for whom contributions are reckoned."""
    if STATUS not in found.places:
        return True
    said = found.cell(cells, STATUS)
    if _NOT_ACTIVE.search(said):
        return False
    return True if _ACTIVE.search(said) or said.casefold() in ("a", "ya", "y", "1") else None


def period(found: Found) -> Month | None:
    """The month the list is about, where it names one: in a column, or above the table."""
    column = [found.cell(cells, PERIOD) for _, cells in found.rows[:1]]
    each = (_month_in(said) for said in (*column, *found.above))
    return next((month for month in each if month), None)


def _month_in(said: str) -> Month | None:
    month = _MONTH.search(said)
    if month:
        return Month(int(month[2]), int(month[1]))
    named = _NAMED_MONTH.search(said)
    return _named(named[1], int(named[2])) if named else None


def _named(name: str, year: int) -> Month | None:
    try:
        return dates.parse_period(f"{name} {year}", date(year, 12, 31))
    except Invalid:
        return None
