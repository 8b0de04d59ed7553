"""What somebody says of a payment in one line: how much, when, for which months.

"sudah bayar 1.584.000 tgl 12 desember untuk agustus dan september": each part may be missing, and
what is not one of them is left aside.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.domain import dates
from bot.domain.cleaning import typed
from bot.domain.months import Month
from bot.errors import Doubtful, Invalid

#: A year's bill of the largest village stays far below; beyond, a zero too many is likelier.
LARGEST = 1_000_000_000
MOST_MONTHS = 24
#: A day without a year is never so old.
LONG_AGO = timedelta(days=200)

_MONTH = (
    "januari|jan|februari|feb|maret|mar|april|apr|mei|juni|jun|juli|jul|agustus|agst|agts|agt|agu|september|sept"
    "|sep|oktober|okt|november|nov|nop|desember|des"
)
#: What cannot follow a year: else it is the beginning of a sum, as in "20 november 13.500".
_NO_SUM = r"(?![0-9.,]| ?(?:jt|juta|rb|ribu|bulan|bln)\b)"
_DAY = re.compile(
    rf"\b(?:(?:pada )?(?:tgl|tanggal|tggl)\.? ?)?([0-9]{{1,2}}[ -](?:{_MONTH})\b\.?(?:[ -](?:20)?[0-9]{{2}}{_NO_SUM})?"
    r"|[0-9]{1,2}[/-][0-9]{1,2}[/-](?:20)?[0-9]{2}\b)|\b(?:tgl|tanggal|tggl)\.? ?([0-9]{1,2})\b(?![.,/]?[0-9])"
    r"|\b(hari ini|tadi(?: pagi| siang)?|barusan|kemarin(?: pagi| siang| sore)?|kemaren)\b"
)
_SCALED = re.compile(r"\b(?:rp\.? ?)?([0-9]{1,4}(?:[.,][0-9]{1,3})?) ?(jt|juta|rb|ribu)\b")
#: A bare 20xx is a year.
_PLAIN = re.compile(
    r"(?:\brp\.? ?)?(?<![0-9.,/-])(?!0)([0-9]{1,3}(?:[.,][0-9]{3})+|(?!20[0-9]{2}\b)[0-9]{4,12})(?:,-|,00|\.00)?(?![0-9])"
)
_COUNT = re.compile(r"\b([0-9]{1,2}|dua|tiga|empat|lima|enam) ?(?:bulan|bln|bl)\b")
_COUNTED = {"dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6}
#: The year behind a month; "november 15.840.000" has none.
_NAMED = re.compile(
    rf"\b({_MONTH})\b\.?(?: ((?:20)?[0-9]{{2}}){_NO_SUM})?"
    r"|\b(0?[1-9]|1[0-2])[/-](20[0-9]{2})\b"
)
_SEGMENTS = {
    "BPU": r"\b(?:bpu|(?<!bank )mandiri|bukan penerima upah)\b",
    "PU": r"\b(?:pu|(?<!bukan )penerima upah|perangkat)\b",
}
#: Words beside the figures of a payment that change nothing of their meaning.
_BESIDE = re.compile(
    r"\b(?:iuran|bpjs|tk|ketenagakerjaan|bulan|bln|tahun|sebesar|senilai|sejumlah|jumlah|nya|rp|untuk|utk|buat|dan"
    r"|dari|dgn|dengan|pakai|lewat|via|bank|tunai|transfer|dana|tanggal|tgl|pada|di|ke|total|sebanyak|lunas|bayar"
    r"|dibayar|membayar|sudah|alokasi|desa|add|dd|dds|bhpr|pad|pades|bankeu|bantuan|keuangan|bagi|hasil|(?<=hasil )pajak|pajak(?= daerah)|daerah"
    r"|retribusi|asli|pendapatan|dbh|bkk|bpu|pu|mandiri|peserta|penerima|upah|perangkat|bukti"
    r"|rekening|atm|teller|va|virtual|account|mbanking|mobile|m|banking|brilink|qris|kantor|pos|cabang"
    r"|bri|bni|btn|bca|bsi|bpd|bankaltimtara|kaltimtara|kaltim|kaltara|kalbar)\b"
)
_SPAN = re.compile(r"^\s*(?:-|–|—|s/d|sd|sampai(?: dengan)?|hingga)\s*$")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a payment; `months` are named ones, `count` is "3 bulan", `rest` is all else."""

    amount: int | None = None
    paid_on: date | None = None
    months: tuple[Month, ...] = ()
    count: int = 0
    segment: str = ""  # "PU" or "BPU", where it was named
    rest: str = field(default="", compare=False)

    @property
    def more(self) -> bool:
        """Whether anything but the months was said."""
        return self.amount is not None or self.paid_on is not None or self.count > 0


def read(text: str, today: date) -> Said:
    """The parts of a payment; `Invalid` where one of them cannot be, as a day ahead."""
    if not text.strip():
        return Said()
    plain = typed(text).casefold()
    paid_on, plain = _day(plain, today)
    count, plain = _count(plain)
    months, plain = _months(plain, today)
    amount, plain = _amount(plain)
    if _SCALED.search(plain) or _PLAIN.search(plain):
        raise Invalid("invalid/payment_two")  # which of them was paid for what?
    named, _ = segment(plain)
    return Said(amount, paid_on, months, count, named, " ".join(re.findall(r"[a-z'?]+", plain)))


def segment(text: str) -> tuple[str, str]:
    """The segment that is named, empty for none and for both; and the text without its name."""
    named = [name for name, words in _SEGMENTS.items() if re.search(words, text, re.IGNORECASE)]
    if len(named) != 1:
        return "", text
    return named[0], re.sub(_SEGMENTS[named[0]], " ", text, flags=re.IGNORECASE).strip()


def left_over(rest: str) -> str:
    """The words of `Said.rest` that may change what was meant."""
    return _BESIDE.sub(" ", rest).strip()


def _day(plain: str, today: date) -> tuple[date | None, str]:
    found = _DAY.search(plain)
    if found is None:
        return None, plain
    written = found[1] or found[3] or _last_such(int(found[2]), today)
    try:
        day = dates.parse_paid(written, today)
    except Doubtful as guess:
        day = guess.value
        if today - day > LONG_AGO:  # "20 januari" on the 19th is no day of last year
            shown, now = dates.short_date(_a_year_on(day)), dates.short_date(today)
            raise Invalid("invalid/paid_future", shown=shown, today=now) from None
    return day, plain[: found.start()] + " | " + plain[found.end() :]


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def _last_such(day: int, today: date) -> str:
    """The day of "tgl 28" on the 23rd lies in last month."""
    month = Month.of(today) if day <= today.day else Month.of(today).previous()
    return f"{day}/{month.number}/{month.year}"


def _count(plain: str) -> tuple[int, str]:
    found = _COUNT.search(plain)
    if found is None:
        return 0, plain
    count = _COUNTED.get(found[1]) or int(found[1])
    if not 1 <= count <= MOST_MONTHS:
        raise Invalid("invalid/payment_months", limit=MOST_MONTHS)
    return count, plain[: found.start()] + " | " + plain[found.end() :]


def _months(plain: str, today: date) -> tuple[tuple[Month, ...], str]:
    """Named months in order; "juli sampai september" is three."""
    found = list(_NAMED.finditer(plain))
    named: list[Month] = []
    for at, one in enumerate(found):
        month = dates.parse_period(" ".join(part for part in one.groups() if part), today)
        if at and _SPAN.match(plain[found[at - 1].end() : one.start()]):
            between = named[-1].next()
            while between < month and len(named) < MOST_MONTHS:
                named.append(between)
                between = between.next()
        named.append(month)
    return tuple(dict.fromkeys(sorted(named))), _NAMED.sub(" ", plain)


def _number(written: str, unit: int) -> Decimal:
    """Before "ribu" a dot stands between thousands: 1.584 ribu."""
    if unit == 1000 and re.fullmatch(r"[0-9]{1,4}\.[0-9]{3}", written):
        return Decimal(written.replace(".", ""))
    return Decimal(written.replace(",", "."))


def _amount(plain: str) -> tuple[int | None, str]:
    if found := _SCALED.search(plain):
        unit = 1_000_000 if found[2] in ("jt", "juta") else 1000
        amount = int(_number(found[1], unit) * unit)
    elif found := _PLAIN.search(plain):
        amount = int(re.sub("[.,]", "", found[1]))
    else:
        return None, plain
    if amount > LARGEST:
        raise Invalid("invalid/payment_large")
    if amount < 1000:
        raise Invalid("invalid/payment_small")
    return amount, plain[: found.start()] + " | " + plain[found.end() :]


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported a moment ago; `billed` is the sum of the months that it reached."""

    segment: str
    amount: int | None
    months: tuple[Month, ...]
    billed: int


def belongs(said: Said, last: Reported, others: Collection[int | None], *, proves: bool = False) -> bool:
    """Whether this says more of that report, and is no payment of its own.

    `others` is what the next open bill of each other segment lacks: a sum that is exactly that is meant
    for it.  A sum said once more is another payment, unless a file `proves` it.
    """
    if said.segment not in ("", last.segment) or any(month not in last.months for month in said.months):
        return False
    if said.count and not (proves and said.count == len(last.months)):
        return False
    if said.amount is None:
        return True
    if last.amount is not None:
        return proves and said.amount == last.amount
    return fits(said.amount, last.billed) and (said.amount == last.billed or said.amount not in others)


def fits(amount: int, billed: int) -> bool:
    """Whether a sum can be that of months billed so high: between half and one and a half of it."""
    return not billed or billed <= amount * 2 <= billed * 3


def too_much(amount: int, left: Sequence[int]) -> bool:
    """Several times of all that is open, and more than a year of the oldest month: a zero too many."""
    return bool(left) and amount > max(sum(left) * 3, left[0] * 12)


def far_from(ours: int, amount: int) -> bool:
    """Whether a figure is so far from our reckoning, thrice or a third, that it is asked about."""
    return bool(ours) and not ours <= amount * 3 <= ours * 9
