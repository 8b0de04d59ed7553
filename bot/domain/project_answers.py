"""What people answer about a building project: its value, its days, its workers.

A value is read generously ("199,8 juta", "1,2 M", "180.000.000,-"); what can be meant in two ways is
shown with the likelier reading and confirmed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.domain import money, nik, written
from bot.domain.cleaning import typed, visible, words
from bot.domain.dates import short_date
from bot.domain.months import Month
from bot.errors import Doubtful, Invalid

LOWEST, HIGHEST = 1_000_000, 100_000_000_000
#: Workers of a village project; more is a slip.
MOST_WORKERS = 500
#: A project begins at most so long ago or ahead, and lasts at most so long.
AGO, AHEAD, LASTS = timedelta(days=730), timedelta(days=730), timedelta(days=1096)
#: A day without a year lies at most so far back.
RECENT = timedelta(days=120)

_UNITS = {
    **dict.fromkeys(("triliun", "trilyun"), 10**12),
    **dict.fromkeys(("miliar", "milyar", "miliyar", "mlr", "m"), 10**9),
    **dict.fromkeys(("juta", "jt", "jta"), 10**6),
    **dict.fromkeys(("ribu", "rb", "rbu"), 10**3),
}
_BESIDE = re.compile(
    r"\b(?:nilai|kontrak|pagu|rab|anggaran|kegiatan|proyek|upah|total|sebesar|senilai|sekitar|kurang|lebih|kira"
    r"|tanpa|termasuk|belum|blm|sudah|sdh|tidak|tdk|di ?luar|luar|dengan|dgn|berikut|beserta|plus|non|ppn|pajak"
    r"|exc?l?(?:ude|usive)?|inc?l?(?:ude|usive)?|adalah|nya|saya|rp|idr|rupiah)\b\.?|[:=~()+]|,-|,00\b|\.-"
    r"|\brp\.?(?=[0-9])|\b1[0-2] ?%"
)
# fmt: off
#: Beside "PPN": it is not in the value, it is.
_WITHOUT = frozenset(("tanpa", "belum", "blm", "tidak", "tdk", "luar", "diluar", "non", "sebelum", "plus", "tambah",
                      "ex", "exc", "excl", "exclude", "exclusive"))
_WITH = frozenset(("termasuk", "dengan", "dgn", "sudah", "sdh", "berikut", "beserta", "setelah", "masuk", "inc",
                   "incl", "include", "inclusive"))
# fmt: on
_ABOUT = re.compile(r"\b(?:sekitar|kira|kurang lebih|kurleb|kisaran)\b|[~±]|\b(?:jutaan|an)\b")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,]00)?")
_SCALED = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])([0-9]+(?:[.,][0-9]+)*) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
)
_LENGTH = re.compile(
    r"(?:selama )?([0-9]{1,3}) ?(hari|hr|minggu|mgg|bulan|bln|tahun|thn)(?: kalender| kerja)?"
)
_NIK = re.compile(r"(?<![0-9])[0-9](?:[ .'-]?[0-9]){15}(?![0-9])")
_NUMBERED = re.compile(r"^\s*(?:[0-9]{1,3}\s*[.)\t]|[-*•])\s*")
_TITLES = frozenset(("nama", "nik", "daftar", "pekerja", "tukang"))
_COUNT = re.compile(
    r"(?:ada |sekitar |jumlah(?:nya)? )*([0-9]{1,4})(?: ?(?:orang|org|pekerja|tukang|tenaga(?: kerja)?))?"
)


_SUM = re.compile(
    r"\brp\.? ?[0-9]|[0-9] ?(?:juta|jt|jta|ribu|rb|rbu|mil(?:i|y|iy)ar|mlr|tril(?:i|y)un)\b"
    r"|(?<![0-9])[0-9]{1,3}(?:[.,][0-9]{3}){2,}|(?<![0-9])[0-9]{7,}|\bppn\b"
)
_DAY = re.compile(
    r"(?:(?:tgl|tanggal|mulai|sejak|pada)\b\.? ?)*[0-9]{1,4}[ ./-]+(?:[0-9]{1,2}|[a-z]{3,9})(?:[ ./-]+[0-9]{2,4})?"
)


def no_name(text: str) -> bool:
    """Whether what should name a company or a place is a sum or a day: the answer to another question."""
    plain = typed(text).casefold()
    if _SUM.search(plain):
        return True
    try:
        return bool(_DAY.fullmatch(plain) and written.read(plain).day)
    except (Invalid, Doubtful):
        return False


def with_tax(text: str) -> bool | None:
    """Whether a value is said to hold PPN ("180jt termasuk ppn"), or not to; None where nothing is said of it."""
    said = set(words(text))
    if not said & {"ppn", "pajak"}:
        return None
    if said & _WITHOUT or re.search(r"\+ ?(?:ppn|pajak)", text.casefold()):
        return False
    return True if said & _WITH else None


def parse_value(text: str) -> int:
    """A project's value, or the wages of all its workers, in whole rupiah."""
    plain = typed(text).casefold()
    if re.search(r"[0-9a-z] ?[+&] ?[0-9]|[0-9] ?(?:[-–/]|s/d|sampai) ?[0-9]", plain):
        raise Invalid("projects/value_sum")
    about = bool(_ABOUT.search(plain))
    figure = " ".join(_BESIDE.sub(" ", plain).split()).strip(" .,-")
    amount, certain = _read(figure)
    if amount < LOWEST:
        raise Invalid("projects/value_small", shown=money.rupiah(amount))
    if amount > HIGHEST:
        raise Invalid("projects/value_large", limit=money.rupiah(HIGHEST))
    if about or not certain:
        raise Doubtful(
            "projects/value_guess", amount, shown=money.rupiah(amount), words=money.in_words(amount)
        )
    return amount


def _read(figure: str) -> tuple[int, bool]:
    """The amount, and whether it can only be meant like this."""
    if _GROUPED.fullmatch(figure):
        whole = re.sub(r"[.,]00$", "", figure) if re.search(r"[0-9]{3}[.,]00$", figure) else figure
        amount = int(re.sub(r"[^0-9]", "", whole))
        return (amount, True) if amount >= LOWEST else (amount * 1000, False)  # "180.000", in thousands
    if figure.isdecimal():
        amount = int(figure)
        return (amount, True) if amount >= LOWEST else (amount * (10**6 if amount < 5000 else 1000), False)
    return _scaled(figure) if re.search("[0-9]", figure) else _spelled(figure)


def _scaled(figure: str) -> tuple[int, bool]:
    """As in "1,2 M" and "1 miliar 250 juta"."""
    amount, certain, last, at = Decimal(0), True, 10**15, 0
    for found in _SCALED.finditer(figure):
        unit = _UNITS[found[2]]
        if figure[at : found.start()].strip() or unit >= last:
            raise Invalid("projects/value_unreadable")
        number, sure = _number(found[1], unit)
        amount, certain, last, at = amount + number * unit, certain and sure, unit, found.end()
    if not at or figure[at:].strip() or amount != int(amount):
        raise Invalid("projects/value_unreadable")
    return int(amount), certain


def _number(said: str, unit: int) -> tuple[Decimal, bool]:
    """One separator is the decimal one; before three digits it may as well part thousands."""
    if len(re.findall("[.,]", said)) > 1:
        return Decimal(re.sub("[.,]", "", said)), True
    thousands = re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", said) and unit <= 10**6
    if thousands:
        return Decimal(said.replace(".", "")), False
    return Decimal(said.replace(",", ".")), True


def _spelled(figure: str) -> tuple[int, bool]:
    """Words only; always to be confirmed."""
    found = money.spelled(figure)
    if found is None:
        raise Invalid("projects/value_unreadable")
    return found, False


def without_tax(value: int, percent: Decimal) -> int:
    """The value without PPN of one that holds it, in whole rupiah, half up."""
    parts = 100 + percent
    return int((value * 200 + parts) // (2 * parts))


def parse_day(text: str, today: date) -> date:
    """A day of a project; a missing year is the one that makes it a coming or recent day."""
    plain = typed(text).casefold()
    for word, days in (("hari ini", 0), ("besok", 1), ("lusa", 2)):
        if word in plain:
            return today + timedelta(days=days)
    found = written.read(plain)
    if not found.day:
        raise Invalid("invalid/date_incomplete")
    if found.year:
        year = 2000 + found.year if found.short_year else found.year
        day = written.real(written.Written(found.day, found.month, year))
        return _near(day, today)
    day = written.real(written.Written(found.day, found.month, today.year))
    if day < today - RECENT:
        day = written.real(written.Written(found.day, found.month, today.year + 1))
    raise Doubtful("projects/day_no_year", _near(day, today), shown=short_date(day))


def parse_start(text: str, today: date) -> date:
    """The first day of the work; one that lies far back is asked about, with its year: last year's is a slip."""
    day = parse_day(text, today)
    if day < today - RECENT:
        raise Doubtful("projects/starts_past", day, shown=short_date(day))
    return day


def _near(day: date, today: date) -> date:
    if not today - AGO <= day <= today + AHEAD + LASTS:
        raise Invalid("projects/day_far", shown=short_date(day))
    return day


def parse_end(text: str, starts: date, today: date) -> date:
    """The last day of the work: a day, or how long it takes ("90 hari" with the first one counted)."""
    day = lasting(text, starts) or parse_day(text, today)
    if not starts < day <= starts + LASTS:
        raise Invalid("projects/ends", shown=short_date(day), starts=short_date(starts))
    return day


def lasting(text: str, starts: date) -> date | None:
    """The last day of "3 bulan" from a day on; None where the text names no length."""
    found = _LENGTH.fullmatch(typed(text).casefold())
    if found is None:
        return None
    count, unit = int(found[1]), found[2]
    if unit in ("hari", "hr", "minggu", "mgg"):
        return starts + timedelta(days=count * (1 if unit[0] == "h" else 7) - 1)
    if count > 60:
        return date.max
    month = Month.of(starts)
    for _ in range(count * (12 if unit[0] == "t" else 1)):
        month = month.next()
    return month.first.replace(day=min(starts.day, month.last.day)) - timedelta(days=1)


def parse_month(text: str, today: date) -> date:
    """The first day of the month in which a planned project begins; without a year the next such month."""
    tokens = re.findall("[0-9]+|[a-z]+", typed(text).casefold())
    if "ini" in tokens:
        return Month.of(today).first
    found = written.values(tokens)
    numbers = [int(number) for _, number in found if len(number) <= 4]
    if len(numbers) < len(found):  # a NIK, a telephone number
        raise Invalid("projects/month_unreadable")
    kinds = [kind for kind, _ in found]
    if kinds == ["m"] or (kinds == ["n"] and 1 <= numbers[0] <= 12):
        month = Month(today.year, numbers[0])
        return (month if month >= Month.of(today) else Month(today.year + 1, numbers[0])).first
    if len(numbers) != 2 or not 1 <= numbers[0] <= 12:
        raise Invalid("projects/month_unreadable")
    year = numbers[1] + (2000 if numbers[1] < 100 else 0)
    if not today.year - 1 <= year <= today.year + 2:
        raise Invalid("projects/month_unreadable")
    return Month(year, numbers[0]).first


@dataclass(frozen=True, slots=True)
class Workers:
    """How many they are, those known by name: (name, NIK), and the lines that cannot be taken: (which, why)."""

    count: int
    named: tuple[tuple[str, str], ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


def parse_workers(text: str) -> Workers:
    """A number, or a list: a line for each, with name and NIK in any order.

    Of a list the good lines count, unless there is none; titles above it are no line.
    """
    lines = [line for line in (_NUMBERED.sub("", raw) for raw in text.splitlines()) if visible(line)]
    lines = [line for line in lines if len(lines) == 1 or not _is_title(line)]
    only = _COUNT.fullmatch(visible(text).casefold()) if len(lines) == 1 else None
    if only:
        return _counted(int(only[1]))
    if not lines or not any(re.search("[0-9]{6}", line.replace(" ", "")) for line in lines):
        raise Invalid("projects/workers_unreadable")
    if len(lines) > MOST_WORKERS:
        raise Invalid("projects/workers_many", limit=MOST_WORKERS)
    named, wrong = _named(lines)
    if wrong and not named:
        raise Invalid("projects/workers_lines", wrong=wrong[:5], more=max(len(wrong) - 5, 0))
    return Workers(len(named), tuple(named), tuple(wrong))


def _is_title(line: str) -> bool:
    """As in "No  Nama  NIK" and "Daftar pekerja:"."""
    return not re.search("[0-9]", line) and bool(set(words(line)) & _TITLES)


def _counted(count: int) -> Workers:
    if not 1 <= count <= MOST_WORKERS:
        raise Invalid("projects/workers_many", limit=MOST_WORKERS)
    return Workers(count)


def _named(lines: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The people, and (which line, why) of those that cannot be taken."""
    named: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 1):
        found = _NIK.search(line)
        name = visible(_NIK.sub(" ", line, count=1)).strip(" ,;:-\t/|.").removesuffix("NIK").strip(" ,;:-")
        name = re.sub(r"(?i)\bnik\b[ .:=]*", "", name).strip(" ,;:-")
        why = _why_not(name, found[0] if found else "", named)
        if why:
            called = " ".join(sign for sign in name.split() if not any(c.isdigit() for c in sign))[:30].strip(
                " ,;:-"
            )
            wrong.append((f"Baris {number}, {called}" if called else f"Baris {number}", why))
        elif found:
            named[re.sub("[^0-9]", "", found[0])] = name
    return [(name, number) for number, name in named.items()], wrong


def _why_not(name: str, number: str, known: dict[str, str]) -> str:
    if not number:
        return "NIK-nya belum 16 angka"
    try:
        digits = nik.parse_nik(number)
    except (Invalid, Doubtful):
        return "NIK-nya tidak mungkin"
    if digits in known:
        return "NIK-nya sudah ada di baris lain"
    return "" if 2 <= len(name) <= 100 and any(c.isalpha() for c in name) else "namanya belum ada"
