"""Single cells of the opening load; each reader takes "" for a cell that was left empty."""

import re
from datetime import date, timedelta

from bot.domain import dates, written
from bot.domain.cleaning import words
from bot.domain.months import Month
from bot.domain.phones import parse_mobile
from bot.domain.words import is_no, is_yes
from bot.errors import Doubtful, Invalid

_YES = {"sudah", "sdh", "terdaftar", "aktif", "v", "✓", "✔", "√", "1", "peserta", "sudah terdaftar"}
_NO = {"belum", "blm", "belum terdaftar", "tidak terdaftar", "tidak aktif", "nonaktif", "non aktif", "0"}
_TREASURY = {
    "kabupaten",
    "kab",
    "pemkab",
    "pemda",
    "bud",
    "bpkad",
    "kas daerah",
    "kasda",
    "dpmd",
    "pemerintah kabupaten",
}
_OWN = {
    "desa",
    "pemdes",
    "pemerintah desa",
    "desa sendiri",
    "sendiri",
    "kas desa",
    "bendahara desa",
    "kaur keuangan",
}
_NPP = re.compile(r"(?=[A-Z]{0,11}[0-9])[0-9A-Z]{6,12}")
_EPOCH = date(1899, 12, 30)  # Excel's day zero


def read_registered(said: str, has_npp: bool) -> bool:
    """Yes or no; an empty cell beside an NPP is a yes."""
    plain = " ".join(words(said)) or said
    if plain in _NO or is_no(said):
        return False
    if plain in _YES or is_yes(said) or (not said and has_npp):
        return True
    raise Invalid("opening/row_registered" if said else "opening/row_registered_missing", said=said[:30])


def read_since(said: str, today: date) -> str:
    """Since when, in full words: "2019", "Maret 2019", "5 Maret 2019"; empty where nobody said."""
    plain = re.sub(r"^(?:sejak|tahun|thn|tmt)\s+", "", said, flags=re.IGNORECASE)
    if not plain:
        return ""
    try:
        year, shown = _since(plain)
    except (Invalid, ValueError):
        raise Invalid("opening/row_since", said=said[:30]) from None
    if not 1990 <= year <= today.year:
        raise Invalid("opening/row_since", said=said[:30])
    return shown


def _since(plain: str) -> tuple[int, str]:
    if re.fullmatch("[0-9]{4}", plain):
        return int(plain), plain
    if re.fullmatch("[2-6][0-9]{4}", plain):  # a day as Excel counts them
        day = _EPOCH + timedelta(days=int(plain))
        return day.year, dates.short_date(day)
    if month := re.fullmatch("([0-9]{1,2})[-/.]([0-9]{4})", plain):
        return int(month[2]), Month(int(month[2]), int(month[1])).label
    read = written.read(plain)
    if read.day:
        day = written.real(read)
        return day.year, dates.short_date(day)
    return read.year, Month(read.year, read.month).label


def read_npp(said: str) -> str:
    """The employer number, without what people write between its digits."""
    if not said:
        return ""
    plain = re.sub(r"[ .,/_-]|^NPP[:.]?", "", said.upper())
    if not _NPP.fullmatch(plain):
        raise Invalid("opening/row_npp", said=said[:30])
    return plain


def read_amount(said: str) -> int | None:
    """Whole rupiah; None where nobody said."""
    if not said:
        return None
    plain = re.sub(r"(?:^rp\.?|^idr|,-|,00?$|\s)", "", said.casefold()).strip()
    if not re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}(?:[.,][0-9]{3})+", plain):
        raise Invalid("opening/row_amount", said=said[:30])
    return int(re.sub("[.,]", "", plain)) or None


def read_payer(said: str) -> bool | None:
    """Whether the district's treasury pays for the village; None where nobody said."""
    plain = " ".join(words(said))
    if not plain:
        return None
    if plain in _TREASURY or plain in _OWN:
        return plain in _TREASURY
    raise Invalid("opening/row_payer", said=said[:30])


def read_phone(said: str) -> str:
    """The contact's number; one that is unusual is kept as it is: nobody is written to because of it."""
    if not said:
        return ""
    try:
        return parse_mobile(said)
    except Doubtful as doubt:
        return str(doubt.value)
    except Invalid:
        raise Invalid("opening/row_phone", said=said[:30]) from None


def read_text(said: str) -> str:
    """A name, a post: as it stands there."""
    return said[:100]
