"""The NIK, Indonesia's 16-digit identity number: PPKKCC DDMMYY SSSS, women's DD plus 40.

The structure can be checked, not the existence.  The region is that of the first registration and
the date is the one given then (Dukcapil does not change a NIK), so neither has to agree with what
the person says today.
"""

import re
from dataclasses import dataclass
from datetime import date

from lokal import PROVINCES

from bot.domain.ages import OLDEST, YOUNGEST, age_on
from bot.domain.cleaning import typed
from bot.domain.people import Sex
from bot.errors import Doubtful, Invalid

_LABELS = re.compile(r"\b(n\.?i\.?k|no|nomor|e-?ktp|ktp|nya)\b[ .:=]*", re.IGNORECASE)
_BETWEEN = r"[ .'’`_-]"
_RUN = re.compile(rf"[0-9](?:{_BETWEEN}*[0-9])*")
_NOT_DIGIT = re.compile(r"[^0-9]")
_EXCEL = re.compile(r"[0-9](?:[.,][0-9]*)?e\+?[0-9]{1,3}|[0-9]{14,17}[.,]0+", re.IGNORECASE)
_LOOKALIKE = str.maketrans("OoIlL|", "001111")
_COUNTING = "01234567890123456789012345"


@dataclass(frozen=True, slots=True)
class NikFacts:
    """What a NIK says about the person who was registered."""

    born: date
    sex: Sex
    province: str  # its name, of the first registration


def parse_nik(text: str) -> str:
    """The 16 digits."""
    plain = typed(re.sub(r"[\r\n]+", ", ", text[:1000]))
    bare = _LABELS.sub(" ", plain).strip(" ,;:='’`\"")
    if _EXCEL.fullmatch(bare):
        raise Invalid("invalid/nik_excel")
    runs = [_NOT_DIGIT.sub("", run) for run in _RUN.findall(bare)]
    runs = [part for run in runs for part in ((run[:16], run[16:]) if len(run) == 32 else (run,))]
    whole = list(dict.fromkeys(run for run in runs if len(run) == 16))
    if len(whole) > 1:
        raise Doubtful("invalid/nik_two", _checked(whole[0]), masked=last4(whole[0]))
    if whole:
        return _checked(whole[0])
    joined = "".join(runs)
    if len(joined) == 16 and not re.search(r"[A-Za-z]", bare):
        return _checked(joined)
    _offer_repair(bare)
    raise _why_not(max(runs, key=len, default=""), alone=not re.search(r"[A-Za-z]", bare))


def _offer_repair(bare: str) -> None:
    compact = re.sub(rf"{_BETWEEN}|,", "", bare)
    repaired = compact.translate(_LOOKALIKE)
    if (
        len(repaired) == 16
        and re.fullmatch(r"[0-9]{16}", repaired)
        and len(_NOT_DIGIT.sub("", compact)) >= 10
    ):
        raise Doubtful("invalid/nik_letters", _checked(repaired), masked=last4(repaired))


def _why_not(digits: str, *, alone: bool) -> Invalid:
    """The refusal for a text without 16 digits in a row; `digits` is its longest run, `alone` without words."""
    if len(digits) < (1 if alone else 6):
        return Invalid("invalid/nik_missing")
    if re.fullmatch(r"(0|62|0062)8[0-9]{8,11}", digits):
        return Invalid("invalid/nik_phone")
    if len(digits) == 11:
        return Invalid("invalid/nik_kpj")
    if len(digits) < 16:
        return Invalid("invalid/nik_short", count=len(digits), missing=16 - len(digits), tail=digits[-3:])
    return Invalid("invalid/nik_long", count=len(digits), extra=len(digits) - 16, tail=digits[-3:])


def _checked(nik: str) -> str:
    if len(set(nik)) == 1 or nik in _COUNTING or nik in _COUNTING[::-1]:
        raise Invalid("invalid/nik_pattern")
    if nik[:2] not in PROVINCES or "00" in (nik[2:4], nik[4:6]):
        raise Invalid("invalid/nik_region", start=nik[:6])
    if not _birth_dates(nik):
        raise Invalid("invalid/nik_date", middle=nik[6:12])
    if nik[12:] == "0000":
        raise Invalid("invalid/nik_serial")
    return nik


def _birth_dates(nik: str) -> list[date]:
    """The days its six middle digits may mean, the latest first."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day -= 40 if day > 40 else 0
    found = []
    for century in (2000, 1900):
        try:
            found.append(date(century + year, month, day))
        except ValueError:  # no such day in that century: 29 February 1900 against 2000
            continue
    return found


def facts(nik: str, today: date) -> NikFacts:
    """What a valid NIK says; of two possible centuries, the one in which the person could serve."""
    days = _birth_dates(nik)
    of_age = [day for day in days if YOUNGEST <= age_on(today, day) <= OLDEST]
    born = next(iter(of_age or [day for day in days if day <= today] or days))
    sex = Sex.FEMALE if int(nik[6:8]) > 40 else Sex.MALE
    return NikFacts(born, sex, PROVINCES[nik[:2]])


def check_age(nik: str, today: date) -> None:
    """Doubt a NIK whose date makes a child of its owner: mostly it is the number of the family card."""
    age = age_on(today, facts(nik, today).born)
    if age < YOUNGEST:
        raise Doubtful("invalid/nik_family_card", nik, age=max(age, 0), masked=last4(nik))


def last4(nik: str) -> str:
    """As it may be shown in a chat: "••••5678"."""
    return "••••" + nik[-4:]
