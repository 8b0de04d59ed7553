"""Rupiah as people type and read them; whole numbers all the way.

A figure is read in the Indonesian way, dots between thousands and a comma before decimals.  What
can be meant in two ways is shown with the likelier reading and confirmed.
"""

import re
from decimal import Decimal

from lokal import parse_rupiah, terbilang

from bot.domain.cleaning import typed
from bot.errors import Doubtful, Invalid

LOWEST = 100_000  # rupiah a month; below, thousands were left away
HIGHEST = 100_000_000

_PREFIX = re.compile(
    r"^(?:(?:gaji|upah|siltap|honor|penghasilan|gajinya|nominal|sebesar|saya|pokok|tetap|adalah)\b[ :=]*)+"
)
_CURRENCY = re.compile(r"\b(?:rp|idr|rupiah)\b\.?:?|\brp\.?(?=[0-9 -])")
_SUFFIX = re.compile(
    r"(?:(?<![ /])[ /]*(?:(?:per|se|tiap|setiap)[ /]*)?(?:bulan|bln|bl)\b|,-|,=|\.-|/-)+[ .]*$"
)
_OTHER_PERIOD = re.compile(
    r"\b(?:hari|harian|minggu|mingguan|tahun|thn|setahun|sehari|seminggu|triwulan|semester)\b"
)
_ABOUT = re.compile(r"\b(?:sekitar|kira|kurang|lebih|kurleb|kisaran)\b|(?<=jt)an\b|(?<=juta)an\b|-an\b|~|±")
_UNITS = {"juta": 1_000_000, "jt": 1_000_000, "ribu": 1000, "rb": 1000, "rbu": 1000, "k": 1000, "ratus": 100}
_UNIT_WORD = r"(juta|jt|ribu|rbu|rb|k|ratus)"
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]00?)?")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]00)?")
_BARE = re.compile(r"(?:rp\.? ?)?([0-9]{4,})(?:,-)?", re.IGNORECASE)
_DECIMAL = re.compile(r"([0-9]{1,3})[.,]([0-9]{1,2})")
_SCALED = re.compile(rf"(?<![0-9.,])([0-9][0-9.,]*+) ?{_UNIT_WORD}(?![a-z]) ?(.*)")
_IN_BRACKETS = re.compile(r"(?<=[0-9]) *,?-? *\([a-z ]*\)")  # the sum once more in words
_NOT_A_NUMBER = re.compile(r"[0-9]e[+-]?[0-9]|\b(?:nan|inf|infinity|tak terhingga)\b")


def parse_wage(text: str) -> int:
    """A month's wage in whole rupiah, between Rp100.000 and Rp100.000.000."""
    if re.search("[½¼¾⅓⅔]", text[:500]):
        raise Invalid("invalid/money_unreadable")
    plain = typed(text).casefold().replace("’", "'").replace("‘", "'")
    if _NOT_A_NUMBER.search(plain):
        raise Invalid("invalid/money_unreadable")
    if _OTHER_PERIOD.search(plain):
        raise Invalid("invalid/money_period")
    plain = _IN_BRACKETS.sub("", plain)
    figure = _CURRENCY.sub(" ", _SUFFIX.sub("", _PREFIX.sub("", plain))).strip(" :=")
    figure = _SUFFIX.sub("", figure).strip(" .")
    _refuse_arithmetic(figure)
    about = bool(_ABOUT.search(figure))
    amount, certain = _read(_ABOUT.sub(" ", figure).strip())
    _bounded(amount)
    if about or not certain:
        raise Doubtful("invalid/money_guess", amount, shown=rupiah(amount), words=in_words(amount))
    return amount


def parse_listed(text: str) -> int:
    """A wage in a list of people: a sum in plain digits is what it says, nobody left thousands away."""
    bare = _BARE.fullmatch(typed(text))
    if bare is None:
        return parse_wage(text)
    amount = int(bare.group(1))
    _bounded(amount)
    return amount


def _refuse_arithmetic(figure: str) -> None:
    if re.match(r"[-−–][ 0-9]", figure):
        raise Invalid("invalid/money_negative")
    if re.search(r"[0-9a-z.] ?[+&] ?[a-z0-9]", figure):
        raise Invalid("invalid/money_sum")
    if re.search(r"[0-9] ?(?:jt|juta|rb|ribu)? ?(?:[-–—/]|s/d|sd|sampai|atau) ?[0-9]", figure):
        raise Invalid("invalid/money_range")


def _bounded(amount: int) -> None:
    if amount == 0:
        raise Invalid("invalid/money_zero")
    if amount < LOWEST:
        raise Invalid("invalid/money_small", shown=rupiah(amount), limit=rupiah(LOWEST))
    if amount > HIGHEST:
        raise Invalid("invalid/money_large", shown=_short(amount), limit=rupiah(HIGHEST))


def _short(amount: int) -> str:
    return rupiah(amount) if amount < 10**15 else "lebih dari seribu triliun"


def _read(figure: str) -> tuple[int, bool]:
    """The amount, and whether it can only be meant like this."""
    if _GROUPED.fullmatch(figure):
        return _grouped(figure)
    if number := _PLAIN.fullmatch(figure):
        return _completed(Decimal(number.group(1)))
    if number := _DECIMAL.fullmatch(figure):
        return int(Decimal(f"{number.group(1)}.{number.group(2)}") * 1_000_000), False
    if scaled := _SCALED.fullmatch(figure):
        return _scaled(scaled.group(1), scaled.group(2), scaled.group(3))
    if not re.search("[0-9]", figure):
        return _spelled(figure)
    raise Invalid("invalid/money_unreadable")


def _grouped(figure: str) -> tuple[int, bool]:
    whole = re.sub(r"[.,]00?$", "", figure) if re.search(r"[0-9]{3}[.,]00?$", figure) else figure
    amount, groups = int(re.sub(r"[^0-9]", "", whole)), len(re.findall(r"[^0-9]", whole))
    if groups == 1 and amount < LOWEST:  # 2,500 or 2.500
        return _completed(Decimal(amount))
    return amount, "'" not in figure


def _completed(number: Decimal) -> tuple[int, bool]:
    """A bare number; one that is too small for a wage stands for thousands or millions."""
    amount = int(number)
    if amount >= LOWEST or amount == 0:
        return amount, True
    return (amount * 1_000_000 if amount < 100 else amount * 1000), False


def _scaled(number: str, unit: str, rest: str) -> tuple[int, bool]:
    """As in "2,5 jt", "2 juta 500" and "2 juta 500 ribu"."""
    amount = _decimal(number, unit) * _UNITS[unit]
    if amount != int(amount):
        raise Invalid("invalid/money_unreadable")
    if not rest:
        return int(amount), unit != "ratus"
    if unit not in ("juta", "jt") or amount % 1_000_000:
        raise Invalid("invalid/money_unreadable")
    tail = re.fullmatch(rf"([0-9]{{1,3}})(?:\.(000))?(?: ?{_UNIT_WORD})?", rest)
    if not tail:
        raise Invalid("invalid/money_unreadable")
    return _with_tail(int(amount), int(tail.group(1)), tail.group(2) or tail.group(3) or "", unit)


def _with_tail(amount: int, tail: int, scale: str, unit: str) -> tuple[int, bool]:
    """What follows the millions: always thousands, said or not; "5 ratus" are five hundred of them."""
    if scale in ("juta", "jt"):
        raise Invalid("invalid/money_unreadable")
    if scale == "ratus":
        return amount + tail * 100_000, False
    if not scale and tail < 100:
        raise Invalid("invalid/money_unreadable")
    return amount + tail * 1000, bool(scale) or unit == "juta"


def _decimal(number: str, unit: str) -> Decimal:
    """One separator before a unit is the decimal one, except thousands of thousands ("2.500 ribu")."""
    number = number.strip(".,")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", number) and unit != "juta" and unit != "jt":
        return Decimal(number.replace(".", ""))
    if re.fullmatch(r"[0-9]{1,15}(?:[.,][0-9]{1,6})?", number):
        return Decimal(number.replace(",", "."))
    raise Invalid("invalid/money_unreadable")


def _spelled(figure: str) -> tuple[int, bool]:
    """Words only: "dua juta", "setengah juta"; always to be confirmed when more than a plain round sum."""
    found = parse_rupiah(figure)
    if found is None or not isinstance(found.amount, int):
        raise Invalid("invalid/money_unreadable")
    amount, rest = found.amount, found.amount % 1000
    if rest and not rest % 100 and amount >= 1_000_000:  # "dua juta lima ratus" leaves out "ribu"
        return amount - rest + rest * 1000, False
    if 0 < amount < LOWEST:
        return _completed(Decimal(amount))
    return amount, not found.approximate and "setengah" not in figure


def spelled(figure: str) -> int | None:
    """A sum in words only, None for anything else."""
    found = parse_rupiah(figure)
    return found.amount if found is not None and isinstance(found.amount, int) else None


def rupiah(amount: int) -> str:
    """As in "Rp2.500.000"."""
    return f"{'-' if amount < 0 else ''}Rp{abs(amount):,}".replace(",", ".")


def in_words(amount: int) -> str:
    """As in "dua juta lima ratus ribu rupiah"."""
    return terbilang(amount, currency=True)


def check_wage(amount: int, base: int) -> int:
    """The amount, doubted where it is far from the wage that is usual for the position."""
    if base and not base <= amount * 2 <= base * 8:
        raise Doubtful("invalid/money_unusual", amount, shown=rupiah(amount), usual=rupiah(base))
    return amount
