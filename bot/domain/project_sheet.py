"""A budget year's building projects, from the rows of a sheet that the district's office filled in.

A row needs its village, a name and a value; with days, source of money and builder it is complete.  It is
taken whole or comes back whole, with every reason at once.
"""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bot.domain import funding, opening
from bot.domain import project_answers as answers
from bot.domain.cleaning import words
from bot.domain.opening import Place
from bot.domain.rulebook import Rules
from bot.domain.tables import Cells, Found, Header, Rows, Sheet, Titles, counts_columns, is_sum
from bot.errors import Doubtful, Invalid

T = TypeVar("T")

CODE, SUBDISTRICT, VILLAGE, YEAR, NAME, PLACE, VALUE, FUNDING, STARTS, ENDS, BUILDER = range(11)
#: In place of the name of a company: the village builds by itself.
OWN = "own"

#: Titles as the template has them, each with how offices call it too.
TITLES: Titles = {
    CODE: opening.TITLES[opening.CODE],
    SUBDISTRICT: opening.TITLES[opening.SUBDISTRICT],
    VILLAGE: opening.TITLES[opening.VILLAGE],
    YEAR: ("Tahun", "tahun anggaran", "ta", "thn"),
    NAME: ("Kegiatan", "nama kegiatan", "uraian kegiatan", "nama proyek", "proyek", "nama paket", "paket pekerjaan",
           "pekerjaan", "nama pekerjaan", "uraian pekerjaan", "uraian"),
    PLACE: ("Lokasi", "lokasi kegiatan", "lokasi pekerjaan", "alamat", "tempat"),
    VALUE: ("Nilai tanpa PPN", "nilai", "nilai kontrak", "nilai kegiatan", "nilai proyek", "pagu", "pagu anggaran", "anggaran",
            "nilai rab", "rab", "jumlah anggaran", "nilai kontrak tanpa ppn", "nilai pekerjaan"),
    FUNDING: ("Sumber dana", "sumber", "sumber anggaran", "dana", "sumber pembiayaan"),
    STARTS: ("Mulai", "tanggal mulai", "tgl mulai", "mulai pekerjaan", "bulan mulai", "rencana mulai"),
    ENDS: ("Selesai", "tanggal selesai", "tgl selesai", "selesai pekerjaan", "akhir pekerjaan", "rencana selesai",
           "waktu pelaksanaan", "lama pekerjaan"),
    BUILDER: ("Pelaksana", "pelaksana kegiatan", "penyedia", "kontraktor", "rekanan", "nama penyedia"),
}  # fmt: skip
_LONGEST = 80
_EPOCH = date(1899, 12, 30)  # Excel's day zero
_OWN = ("swakelola", "tpk", "desa", "pemdes", "pemerintah desa", "desa sendiri")


def _enough(columns: Container[int]) -> bool:
    """It must name villages, what is built there, and for how much."""
    return (CODE in columns or VILLAGE in columns) and NAME in columns and VALUE in columns


HEADER = Header(TITLES, _enough)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of a project, checked; empty where nothing stands.

    `starts` is the first day of a month where only that is said: then `ends` is None.  `guessed` is the name of
    the village as the row has it, where that is only near to its own.
    """

    code: str
    year: int
    name: str
    value: int
    place: str = ""
    funding: str = ""
    starts: date | None = None
    ends: date | None = None
    builder: str = ""
    guessed: str = ""

    @property
    def complete(self) -> bool:
        """Whether the contribution and its instalments follow from it."""
        return bool(self.ends and self.funding and self.builder and self.place)


class Reader:
    """Reads the rows of one district's sheet, as of a day."""

    def __init__(self, district: str, places: Iterable[Place], today: date, rules: Rules) -> None:
        self._places = opening.Reader(district, places, today)
        self._today = today
        self._rules = rules

    def read(self, found: Found) -> Sheet[Entry]:
        """Take what can be taken; a project that stands in two rows is taken from none of them."""
        rows: Rows[Entry] = Rows([], [])
        for number, cells in found.rows:
            if is_sum(cells) or counts_columns(cells):
                continue
            if any(found.cell(cells, column) for column in range(NAME, BUILDER + 1)):
                rows.add(number, cells, self._row(found, cells))
            else:
                rows.blank += 1
        return rows.once(_key, "projects/row_twice")

    def _row(self, found: Found, cells: Cells) -> tuple[Entry | None, list[Invalid]]:
        reasons: list[Invalid] = []

        def tried(column: int, read: Callable[[str], T]) -> T | None:
            said = found.cell(cells, column)
            try:
                if said.startswith("="):
                    raise Invalid("opening/row_formula", column=TITLES[column][0])
                return read(said)
            except Invalid as why:
                reasons.append(why)
                return None

        named = [found.cell(cells, column) for column in (VILLAGE, SUBDISTRICT)]
        place = tried(CODE, lambda said: self._places.place(said, named[0], named[1]))
        name = tried(NAME, _name)
        value = tried(VALUE, _value)
        source = tried(FUNDING, self._funding)
        starts, exact = tried(STARTS, self._starts) or (None, False)
        ends = tried(ENDS, lambda said: self._ends(said, starts, exact=exact))
        year = tried(YEAR, lambda said: self._year(said, starts))
        builder, where = (tried(column, read) for column, read in ((BUILDER, _builder), (PLACE, _text)))
        if place is None or name is None or value is None or year is None or reasons:
            return None, reasons
        texts = (where or "", source or "")
        entry = Entry(place.code, year, name, value, *texts, starts, ends, builder or "", place.guessed)
        return entry, []

    def _funding(self, said: str) -> str:
        found = funding.parse(said, self._rules) if said else ""
        if found is None:
            raise Invalid("projects/row_funding", said=said[:30])
        return found

    def _starts(self, said: str) -> tuple[date, bool] | None:
        """The day, and whether it is one; else the first of the month that is named."""
        if not said:
            return None
        try:
            return _day(said, self._today), True
        except Invalid:
            pass
        try:
            return answers.parse_month(said, self._today), False
        except Invalid:
            raise Invalid("projects/row_day", said=said[:30], column=TITLES[STARTS][0]) from None

    def _ends(self, said: str, starts: date | None, *, exact: bool) -> date | None:
        """The last day; without a first one it says nothing."""
        if not said or starts is None or not exact:
            return None
        try:
            found = answers.lasting(said, starts) or _day(said, self._today)
        except Invalid:
            raise Invalid("projects/row_day", said=said[:30], column=TITLES[ENDS][0]) from None
        if not starts < found <= starts + answers.LASTS:
            raise Invalid("projects/row_ends", said=said[:30])
        return found

    def _year(self, said: str, starts: date | None) -> int:
        if not said:
            return starts.year if starts else self._today.year
        if (
            not re.fullmatch(r"20[0-9]{2}", said)
            or not self._today.year - 1 <= int(said) <= self._today.year + 1
        ):
            raise Invalid(
                "projects/row_year", said=said[:10], first=self._today.year - 1, last=self._today.year + 1
            )
        if starts and abs(starts.year - int(said)) > 1:
            raise Invalid("projects/row_year", said=said[:10], first=starts.year, last=starts.year)
        return int(said)


def _key(entry: Entry) -> tuple[str, int, str]:
    return entry.code, entry.year, " ".join(words(entry.name))


def _name(said: str) -> str:
    if not 3 <= len(said) <= _LONGEST or not any(sign.isalpha() for sign in said):
        raise Invalid("projects/row_name", longest=_LONGEST)
    return said


def _text(said: str) -> str:
    return said[:_LONGEST]


def _builder(said: str) -> str:
    plain = " ".join(words(said))
    return OWN if plain in _OWN or plain.startswith("swakelola") else said[:_LONGEST]


def _value(said: str) -> int:
    """Whole rupiah; in a sheet nothing is guessed."""
    plain = re.sub(r"\.[0-9]{1,2}$", "", said) if re.fullmatch(r"[0-9]{7,}\.[0-9]{1,2}", said) else said
    if answers.with_tax(said):
        raise Invalid("projects/row_value_ppn", said=said[:30])
    try:
        return answers.parse_value(plain)
    except (Invalid, Doubtful):
        raise Invalid("projects/row_value", said=said[:30]) from None


def _day(said: str, today: date) -> date:
    """A day with its year; one that is only a guess is refused."""
    if re.fullmatch("[4-6][0-9]{4}", said):  # as Excel counts days
        return _EPOCH + timedelta(days=int(said))
    try:
        return answers.parse_day(said, today)
    except Doubtful:
        raise Invalid("projects/row_day", said=said[:30], column="") from None
