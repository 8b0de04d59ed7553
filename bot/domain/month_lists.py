"""Months as an office lists them: "Agustus 2026, September 2026", "Jul-Sep 2026", "11/2025 s/d 01/2026".

Only what names its months is read.  "3 bulan terakhir" means other months each time it is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain.cleaning import visible
from bot.domain.months import NAMES, Month
from bot.domain.written import MONTH_NUMBERS
from bot.errors import Invalid

LONGEST = 900  # characters
SPAN = 60  # months in one list; contributions older than that are past their claim
FIRST = Month(2015, 7)  # PP 44/2015 began

_NONE = re.compile(r"[-–—.0 ]*|nihil|tidak ada|tdk ada|lunas|sudah lunas|tidak|kosong")
_LAST_FEW = re.compile(r"[0-9]+ *(?:bulan|bln|bl)\b|\bterakhir\b|\blalu\b|\bkemarin\b")
_UNTIL = re.compile(r"s\.?/d\.?|s\.d\.?|\bsd\b|\bsampai(?: dengan)?\b|\bhingga\b|[–—−]")
_NUMERIC = (
    re.compile(r"\b(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})(?:[-/.][0-9]{1,2})?\b"),
    re.compile(r"\b(?:[0-9]{1,2}[-/.])?(?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{4})\b"),
)
_SHORT_YEAR = re.compile(r"(?<=[a-z])[ '’-]*\b([0-9]{2})\b(?![-/.][0-9])")
_TOKEN = re.compile(r"[a-z]+|[0-9]+|-|[,;/&+]")
_BETWEEN = {",", ";", "/", "&", "+", "dan", "serta", "bulan", "bln", "tahun", "thn", "th", "periode", "iuran"}


@dataclass(slots=True)
class _Named:
    """A month that was named, its year perhaps behind a later one; `joined` to it from the one before."""

    number: int
    year: int = 0
    joined: bool = False


def read_months(text: str, running: Month) -> tuple[Month, ...]:
    """The months in a cell, oldest first, each once; none where it says that there is none."""
    plain = visible(text).casefold()
    if len(plain) > LONGEST:
        raise Invalid("opening/months_unreadable", said=plain[:30])
    if _NONE.fullmatch(plain):
        return ()
    if _LAST_FEW.search(plain):
        raise Invalid("opening/months_counted", said=plain[:40])
    named = _named(plain)
    _spread_years(named)
    found = sorted(set(_spans(named)))
    if found[-1] > running:
        raise Invalid("opening/months_ahead", month=found[-1].label, running=running.label)
    if found[0] < FIRST:
        raise Invalid("opening/months_old", month=found[0].label, first=FIRST.label)
    return tuple(found)


def _named(plain: str) -> list[_Named]:
    """The months in the order they are written."""
    for pattern in _NUMERIC:
        plain = pattern.sub(_in_words, plain)
    plain = _SHORT_YEAR.sub(r" 20\1", _UNTIL.sub("-", plain))
    named: list[_Named] = []
    joined = False
    for token in _TOKEN.findall(plain):
        if token == "-":
            joined = bool(named)
        elif token in _BETWEEN:
            continue
        elif token.isdigit():
            _date(named, token)
        else:
            named.append(_Named(_number(token), joined=joined))
            joined = False
    if not named or joined:
        raise Invalid("opening/months_unreadable", said=plain.strip()[:30])
    return named


def _in_words(hit: re.Match[str]) -> str:
    number = int(hit["m"])
    if not 1 <= number <= 12:
        raise Invalid("opening/months_unreadable", said=hit[0])
    return f" {NAMES[number - 1].lower()} {hit['y']} "


def _date(named: list[_Named], year: str) -> None:
    if len(year) != 4 or year < "1900" or not named or named[-1].year:
        raise Invalid("opening/months_unreadable", said=year[:30])
    named[-1].year = int(year)


def _number(word: str) -> int:
    if word in MONTH_NUMBERS:
        return MONTH_NUMBERS[word]
    long = [alias for alias in MONTH_NUMBERS if len(alias) >= 5]
    close = process.extractOne(word, long, scorer=fuzz.ratio, score_cutoff=80) if len(word) >= 5 else None
    if close is None:
        raise Invalid("opening/months_unreadable", said=word[:30])
    return MONTH_NUMBERS[close[0]]


def _spread_years(named: list[_Named]) -> None:
    """In "Juli, Agustus 2026" the year stands behind the last one and is meant for both."""
    year = 0
    for one in reversed(named):
        if not (one.year or year):
            raise Invalid("opening/months_no_year", month=NAMES[one.number - 1])
        one.year = year = one.year or year


def _spans(named: list[_Named]) -> list[Month]:
    found: list[Month] = []
    for one in named:
        if not one.year >= 1:
            raise Invalid("opening/months_unreadable", said=str(one.year))
        month = Month(one.year, one.number)
        if not one.joined:
            found.append(month)
            continue
        start, steps = found[-1], (month.year - found[-1].year) * 12 + month.number - found[-1].number
        if not 0 <= steps <= SPAN:
            raise Invalid("opening/months_order", first=start.label, last=month.label)
        while found[-1] < month:
            found.append(found[-1].next())
    return found


def listed(months: Sequence[Month]) -> str:
    """As they are written into a sheet: "Mei 2026, Juli 2026 - September 2026"."""
    runs: list[list[Month]] = []
    for month in months:
        if runs and runs[-1][-1].next() == month and len(runs[-1]) < SPAN:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run(run) for run in runs)


def _run(months: Sequence[Month]) -> str:
    if len(months) > 2:
        return f"{months[0].label} - {months[-1].label}"
    return ", ".join(month.label for month in months)
