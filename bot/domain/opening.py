"""The opening load: what a district knows of its villages, from the rows of a sheet somebody filled in.

The header is found by what it says, wherever it stands; a village by its code, else by its name.
A row is taken whole or comes back whole, with every reason at once.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from rapidfuzz import fuzz

from bot.domain import placing
from bot.domain.cleaning import words
from bot.domain.month_lists import read_months
from bot.domain.months import Month
from bot.domain.opening_cells import (
    read_amount,
    read_npp,
    read_payer,
    read_phone,
    read_registered,
    read_since,
    read_text,
)
from bot.domain.tables import Cells, Found, Header, Rows, Sheet, Titles, counts_columns, is_sum
from bot.errors import Invalid

T = TypeVar("T")

CODE, SUBDISTRICT, VILLAGE, REGISTERED, SINCE, NPP, UNPAID, AMOUNT, PAYER, NAME, POST, PHONE = range(12)

#: Titles as the template has them, each with how offices call it too.
TITLES: Titles = {
    CODE: ("Kode desa", "kode", "kode wilayah", "kode kemendagri", "kode desa kemendagri", "kode wilayah desa"),
    SUBDISTRICT: ("Kecamatan", "kec", "nama kecamatan"),
    VILLAGE: ("Desa", "nama desa", "desa kelurahan", "kampung", "nama desa kelurahan", "pemerintah desa"),
    REGISTERED: ("Terdaftar", "sudah terdaftar", "status", "status kepesertaan", "kepesertaan",
                 "terdaftar bpjs", "terdaftar ya tidak", "status terdaftar", "terdaftar bpjs ketenagakerjaan"),
    SINCE: ("Sejak", "terdaftar sejak", "tahun terdaftar", "tanggal terdaftar", "sejak kapan", "tmt",
            "mulai terdaftar", "tanggal kepesertaan", "sejak tahun", "bulan terdaftar"),
    NPP: ("NPP", "nomor npp", "no npp", "nomor pendaftaran perusahaan", "nomor pendaftaran", "npp desa"),
    UNPAID: ("Bulan belum dibayar", "bulan belum tercatat", "bulan menunggak", "bulan tunggakan", "menunggak",
             "bulan yang belum dibayar", "periode tunggakan", "tunggakan bulan", "belum dibayar"),
    AMOUNT: ("Jumlah tunggakan", "nilai tunggakan", "total tunggakan", "tunggakan", "tunggakan rp",
             "nominal tunggakan", "besar tunggakan"),
    PAYER: ("Dibayar oleh", "pembayar", "yang membayar", "pembayaran oleh", "dibayarkan oleh"),
    NAME: ("Nama kontak", "kontak", "kontak nama", "narahubung", "nama narahubung", "pic", "nama pic",
           "kontak person", "contact person", "nama petugas"),
    POST: ("Jabatan kontak", "jabatan", "kontak jabatan", "jabatan narahubung", "jabatan pic"),
    PHONE: ("HP kontak", "hp", "no hp", "nomor hp", "nomor hp kontak", "no hp kontak", "kontak hp", "telepon",
            "no telepon", "nomor telepon", "wa", "no wa", "nomor wa", "whatsapp", "kontak no hp", "hp pic"),
}  # fmt: skip
_CODE = re.compile(r"([0-9]{2})\.?([0-9]{2})\.?([0-9]{2})\.?([0-9]{4})")
_NAMES_ALIKE = 80


def _enough(columns: Container[int]) -> bool:
    """It must name villages and say something of them."""
    named = CODE in columns or VILLAGE in columns
    return named and (REGISTERED in columns or NPP in columns or UNPAID in columns)


HEADER = Header(TITLES, _enough)


@dataclass(frozen=True, slots=True)
class Place:
    """A village as the reader has to know it; `guessed` is the name in the sheet where that is only near to its own."""

    code: str
    subdistrict: str
    name: str
    insured: bool = False  # somebody is registered here by name
    guessed: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of a village, checked.  `since` as it was said: a year, a month or a date.

    `unpaid` is None where the sheet has no such column, `treasury` where nothing stands in it.
    """

    code: str
    registered: bool
    since: str = ""
    npp: str = ""
    unpaid: tuple[Month, ...] | None = None
    amount: int | None = None
    treasury: bool | None = None
    contact: Mapping[str, str] = field(default_factory=dict)


class Reader:
    """Reads the rows of one district's sheet, as of a day."""

    def __init__(self, district: str, places: Iterable[Place], today: date) -> None:
        self._district = district
        self._places = {place.code: place for place in places}
        self._running = Month.of(today)
        self._today = today

    def read(self, found: Found) -> Sheet[Entry]:
        """Take what can be taken; a village that stands in two rows is taken from none of them."""
        rows: Rows[Entry] = Rows([], [])
        for number, cells in found.rows:
            if _is_no_village(found, cells):
                continue
            if any(found.cell(cells, column) for column in range(REGISTERED, PHONE + 1)):
                rows.add(number, cells, self._row(found, cells))
            else:
                rows.blank += 1
        return rows.once(lambda entry: entry.code, "opening/row_twice")

    def _row(self, found: Found, cells: Cells) -> tuple[Entry | None, list[Invalid]]:
        reasons: list[Invalid] = []

        def tried(column: int, read: Callable[[str], T]) -> T | None:
            try:
                said = found.cell(cells, column)
                if said.startswith("="):
                    raise Invalid("opening/row_formula", column=TITLES[column][0])
                return read(said)
            except Invalid as why:
                reasons.append(why)
                return None

        place = tried(CODE, lambda said: self._place(said, found, cells))
        npp = tried(NPP, read_npp)
        unpaid = tried(UNPAID, lambda said: self._months(found, said))
        registered = tried(REGISTERED, lambda said: read_registered(said, bool(npp)))
        since = tried(SINCE, lambda said: read_since(said, self._today))
        amount = tried(AMOUNT, read_amount)
        treasury = tried(PAYER, read_payer)
        phone = tried(PHONE, read_phone)
        name, post = (tried(column, read_text) for column in (NAME, POST))
        if place is not None and registered is False and not reasons:
            reasons += _against(place, bool(npp or unpaid or amount))
        if place is None or registered is None or reasons:
            return None, reasons
        contact = {key: value for key, value in (("name", name), ("post", post), ("phone", phone)) if value}
        return Entry(place.code, registered, since or "", npp or "", unpaid, amount, treasury, contact), []

    def _months(self, found: Found, said: str) -> tuple[Month, ...] | None:
        return read_months(said, self._running) if UNPAID in found.places else None

    def _place(self, said: str, found: Found, cells: Cells) -> Place:
        return self.place(said, found.cell(cells, VILLAGE), found.cell(cells, SUBDISTRICT))

    def place(self, said: str, name: str, subdistrict: str) -> Place:
        """The village of a row: by its code, checked against its name; else by its name."""
        if not said:
            return self._by_name(name, subdistrict)
        digits = _CODE.fullmatch(said.replace(" ", ""))
        code = ".".join(digits.groups()) if digits else said
        place = self._places.get(code)
        if place is None:
            elsewhere = digits is not None and not code.startswith(f"{self._district}.")
            raise Invalid("opening/row_elsewhere" if elsewhere else "opening/row_code", code=said[:20])
        if name and fuzz.WRatio(_plain(name), _plain(place.name)) < _NAMES_ALIKE:
            raise Invalid("opening/row_name", code=code, name=place.name, said=name[:40])
        return place

    def _by_name(self, name: str, subdistrict: str) -> Place:
        said = f"{name}, kecamatan {subdistrict}" if subdistrict else name
        found = placing.village(said, list(self._places.values()))
        if found.sure is None:
            raise Invalid("opening/row_village", said=name[:40] or "-")
        return found.sure if found.exact else replace(found.sure, guessed=name[:60])


def _plain(name: str) -> str:
    return " ".join(word for word in words(name) if word not in ("desa", "kec", "kecamatan"))


def _is_no_village(found: Found, cells: Cells) -> bool:
    """A sum below the table, a row of column numbers, or nothing at all."""
    code, name = found.cell(cells, CODE), found.cell(cells, VILLAGE)
    if not code and not name:
        return is_sum(cells) or not any(found.cell(cells, c) for c in range(REGISTERED, PHONE))
    return is_sum([name or code]) or counts_columns(cells)


def _against(place: Place, filled: bool) -> list[Invalid]:
    """What speaks against a village's being unregistered."""
    if place.insured:
        return [Invalid("opening/row_has_people")]
    return [Invalid("opening/row_contradiction")] if filled else []
