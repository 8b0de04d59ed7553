"""The registration sheet for SIPP: which columns a generation of its template has, and what stands in them.

The layouts are rows of the rules (`bot/rules/sipp.toml`), read from public programs that write such
sheets: until an office has held one against a real template, a sheet made by them is a draft.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.domain.dated import Dated, latest, nearest, needed
from bot.errors import Misconfigured

#: The sheets of a file: people to be registered, changes of people registered, people who have left.
NEW, CHANGED, ENDED = "new", "changed", "ended"
SHEETS = (NEW, CHANGED, ENDED)
#: A layout of this generation serves every other that has none of its own.
ANY = "*"

#: What a column may hold, with the words for whoever has to fill it in where we know nothing.
HOLDS: Mapping[str, str] = {
    "": "",
    "number": "nomor urut",
    "name": "nama lengkap",
    "first": "nama depan",
    "middle": "nama tengah",
    "last": "nama belakang",
    "title": "gelar",
    "phone": "nomor HP",
    "email": "alamat email",
    "place": "tempat lahir",
    "born": "tanggal lahir",
    "mother": "nama ibu kandung",
    "nik": "NIK",
    "kpj": "nomor peserta (KPJ)",
    "sex": "jenis kelamin",
    "joined": "tanggal mulai kepesertaan",
    "since": "tanggal mulai bertugas",
    "term_end": "akhir masa jabatan",
    "marital": "status kawin",
    "blood": "golongan darah",
    "npwp": "NPWP",
    "wage": "upah sebulan",
    "wage_dot": "upah sebulan",
    "address": "alamat rumah",
    "postcode": "kode pos",
    "location": "kode kabupaten",
    "position": "jabatan",
    "changed": "yang berubah",
    "effective": "berlaku mulai",
    "last_day": "hari terakhir bertugas",
    "why": "sebab berhenti",
}
#: Often empty for good reasons: nobody is asked to fill these in.
_OPTIONAL = frozenset({"", "middle", "last", "title", "term_end", "blood", "effective"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SippLayout(Dated):
    """The columns of one sheet, each "TITLE: what it holds" or "TITLE: =a fixed value"; `day` shapes dates."""

    generation: str
    sheet: str
    columns: tuple[str, ...]
    day: str = "%d-%m-%Y"

    def __post_init__(self) -> None:
        if self.sheet not in SHEETS:
            raise ValueError(f"sheet is one of {', '.join(SHEETS)}, not {self.sheet!r}")
        for column in self.columns:
            holds = _taken_apart(column)[1]
            if not holds.startswith("=") and holds not in HOLDS:
                raise ValueError(f"column {column!r} holds nothing that is known")

    @property
    def titles(self) -> tuple[str, ...]:
        """The first row of the sheet."""
        return tuple(_taken_apart(column)[0] for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SippUse(Dated):
    """Which generation a district uses; `compared`: somebody has held it against a real template."""

    district: str
    generation: str
    compared: bool = False


def _taken_apart(column: str) -> tuple[str, str]:
    title, _, holds = column.partition(":")
    return title.strip(), holds.strip()


class Book(Protocol):
    """The rows of the rules that are about these sheets."""

    @property
    def all_sipp_layouts(self) -> tuple[SippLayout, ...]: ...
    @property
    def all_sipp_uses(self) -> tuple[SippUse, ...]: ...


def use(rules: Book, district: str, on: date) -> SippUse:
    """The generation that a district uses on that day."""
    return needed(nearest(rules.all_sipp_uses, district, on), "sipp_use", district, on)


def generations(rules: Book) -> list[str]:
    """All generations there are, in order."""
    return sorted({row.generation for row in rules.all_sipp_layouts} - {ANY})


def layout(rules: Book, generation: str, sheet: str, on: date) -> SippLayout:
    """The layout of one sheet of a generation."""
    rows = [row for row in rules.all_sipp_layouts if row.sheet == sheet and row.applies(on)]
    own = latest(row for row in rows if row.generation == generation)
    found = own or latest(row for row in rows if row.generation == ANY)
    if found is None:
        raise Misconfigured(f"rules: no sipp_layout {sheet} of {generation} on {on}")
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a sheet.  Texts are empty and days None where nobody knows; `wage` is 0 then."""

    number: int
    name: str
    nik: str
    kpj: str = ""
    phone: str = ""
    place: str = ""
    mother: str = ""
    sex: str = ""
    position: str = ""
    location: str = ""
    changed: str = ""
    why: str = ""
    wage: int = 0
    born: date | None = None
    joined: date | None = None
    since: date | None = None
    term_end: date | None = None
    effective: date | None = None
    last_day: date | None = None


def row(found: SippLayout, entry: Entry) -> list[str | int]:
    """The cells of one person: texts, and the wage as a number."""
    return [_cell(_taken_apart(column)[1], entry, found.day) for column in found.columns]


def _cell(holds: str, entry: Entry, shape: str) -> str | int:
    if holds.startswith("="):
        return holds[1:]
    if holds in ("first", "middle", "last", "title"):
        return getattr(split(entry.name), holds)  # type: ignore[no-any-return]
    if holds == "wage_dot":
        return f"{entry.wage}.00" if entry.wage else ""
    value = getattr(entry, holds, "")
    if isinstance(value, date):
        return value.strftime(shape)
    return value or ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A name in the parts that one generation asks for."""

    first: str
    middle: str
    last: str
    title: str


_TITLES = {"h", "hj", "kh", "dr", "drs", "dra", "ir", "prof"}


def split(name: str) -> Parts:
    """The first word, the last word, all between; what stands behind a comma, and titles with a dot in
    front, are titles.  A name of one word is a first name.
    """
    said, _, behind = name.partition(",")
    words = said.split()
    before = []
    while len(words) > 1 and words[0].endswith(".") and words[0].rstrip(".").casefold() in _TITLES:
        before.append(words.pop(0))
    title = ", ".join(part for part in (" ".join(before), behind.strip()) if part)
    first, last = words[:1], words[1:][-1:]
    return Parts(" ".join(first), " ".join(words[1:-1]), " ".join(last), title)


@dataclass(frozen=True, slots=True)
class Gap:
    """A column that is empty: for all people of the sheet, or for those named."""

    title: str
    words: str
    names: tuple[str, ...]
    all: bool


def gaps(found: SippLayout, entries: Sequence[Entry]) -> list[Gap]:
    """What is still to be filled in by hand, column by column."""
    return [gap for column in found.columns for gap in _gap(*_taken_apart(column), found, entries)]


def _gap(title: str, holds: str, found: SippLayout, entries: Sequence[Entry]) -> Iterable[Gap]:
    if holds in _OPTIONAL or holds.startswith("="):
        return
    names = tuple(one.name for one in entries if not _cell(holds, one, found.day))
    if names:
        yield Gap(title, HOLDS[holds], names, len(names) == len(entries))


def changes(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """Which of the values that SIPP keeps are others than they were; one that was not known is no change."""
    return [what for what in now if what in before and before[what] != now[what]]
