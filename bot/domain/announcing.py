"""The words of a broadcast: what the office may write, the places for names in it, and its moment.

Placeholders come from a closed list and are filled in one pass: what a name contains is never read again.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain import dates
from bot.domain.cleaning import visible
from bot.errors import Invalid

#: What may stand in braces, and the most of it that is shown.
PLACEHOLDERS: Mapping[str, int] = {
    "nama": 60,
    "jabatan": 20,
    "desa": 50,
    "kecamatan": 40,
    "kabupaten": 40,
    "tunggakan": 60,
    "batas_waktu": 30,
}
LONGEST = 1000  # UTF-16 units, every placeholder taken at its longest
LONGEST_WITH_FILE = 850  # a caption ends at 1,024, and the office signs it and tells its code
SHORTEST = 3
_LINES = 40

_BRACED = re.compile(r"\{([^{}\n]{0,40})\}")
_STRAY = re.compile(r"[{}]")
_SIXTEEN = re.compile(r"(?<!\d)(?:\d[\s.-]?){15}\d(?!\d)")  # a NIK is not sent around
_BLANK_LINES = re.compile(r"\n{3,}")
_MOMENT = re.compile(
    r"(?:(?<![\s,;])[\s,;]+)?(?:\b(?:jam|pukul|pkl)\b\.?\s*)?\b([01]?\d|2[0-3])[.:]([0-5]\d)\s*(?:(?:wib|wita|wit)\s*)?$"
)
_SHORT = re.compile(r"([0-3]?\d)[/.-]([01]?\d)")
_HOUR = re.compile(
    r"(?:(?<![\s,;])[\s,;]+)?\b(?:jam|pukul|pkl)\b\.?\s*([01]?\d|2[0-3])\s*(?:(?:wib|wita|wit)\s*)?$"
)


def length(text: str) -> int:
    """In UTF-16 units, as the platforms count."""
    return len(text.encode("utf-16-le", "replace")) // 2


def parse_text(said: str, longest: int = LONGEST) -> str:
    """The text with its placeholders in one spelling; raises `Invalid`."""
    text = _BLANK_LINES.sub("\n\n", "\n".join(visible(line) for line in said.splitlines())).strip()
    if len(text) < SHORTEST:
        raise Invalid("siaran/text_short")
    unknown = [found[1] for found in _BRACED.finditer(text) if _spelled(found[1]) not in PLACEHOLDERS]
    text = _BRACED.sub(lambda found: "{" + _spelled(found[1]) + "}", text)
    if unknown or _STRAY.search(_BRACED.sub("", text)):
        raise Invalid("siaran/text_unknown", unknown=[one[:30] for one in unknown], known=list(PLACEHOLDERS))
    if _SIXTEEN.search(text):
        raise Invalid("siaran/text_nik")
    if (units := _at_most(text)) > longest:
        raise Invalid("siaran/text_long", longest=longest, count=units)
    if (lines := text.count("\n") + 1) > _LINES:
        raise Invalid("siaran/text_lines", longest=_LINES, count=lines)
    return text


def _spelled(name: str) -> str:
    return "_".join(name.strip().casefold().replace("_", " ").split())


def _at_most(text: str) -> int:
    """The length when every placeholder is filled with the longest that it may hold."""
    bare = length(_BRACED.sub("", text))
    return bare + sum(PLACEHOLDERS[found[1]] for found in _BRACED.finditer(text))


def fits(text: str, longest: int) -> bool:
    """Whether a text that was taken once is short enough for this, too."""
    return _at_most(text) <= longest


def beginning(text: str, longest: int) -> str:
    """The first words of a text in one line, at most so many characters and "…"."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + "…"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text for one person; every placeholder must have its value."""
    return _BRACED.sub(lambda found: _cut(values[found[1]], PLACEHOLDERS[found[1]]), text)


def general(text: str, only: Collection[str] = PLACEHOLDERS) -> str:
    """The text for nobody: in the place of each of these stands what is there, as in "(nama)"."""
    words = {name: f"({name.replace('_', ' ')})" if name in only else f"{{{name}}}" for name in PLACEHOLDERS}
    return fill(text, words)


def _cut(value: str, longest: int) -> str:
    return value if length(value) <= longest else value[: longest // 2 - 1] + "…"


def parse_when(said: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A day within two months and an hour, as in "25 November 09.00"; raises `Invalid`."""
    plain = re.sub(r"^nanti\b[\s:]*", "", " ".join(visible(said).casefold().split()))
    found = _MOMENT.search(plain)
    hour = found or _HOUR.search(plain)
    if hour is None:
        raise Invalid("siaran/when_hour")
    clock = time(int(hour[1]), int(hour[2]) if found else 0)
    local = now.astimezone(zone)
    day = _day(plain[: hour.start()].strip(" ,;"), local.date(), clock, local)
    moment = datetime.combine(day, clock, zone)
    if moment <= local:
        raise Invalid("siaran/when_past")
    return moment


def _day(said: str, today: date, clock: time, local: datetime) -> date:
    if not said:  # an hour alone: today, if it is still to come
        if clock > local.time():
            return today
        raise Invalid("siaran/when_past")
    if short := _SHORT.fullmatch(said):  # with its year, or it might be read as a day of the month
        day, month = int(short[1]), int(short[2])
        year = today.year + ((month, day) < (today.month, today.day))
        return dates.parse_plan(f"{day}/{month}/{year}", today)
    return dates.parse_plan(said, today)


def in_words(moment: datetime, label: str) -> str:
    """As in "Rabu, 25 November 2026, 09.00 WITA"; the moment in its own zone."""
    return f"{dates.long_date(moment.date())}, {dates.clock_time(moment, label)}"
