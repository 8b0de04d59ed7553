"""Accidents and deaths: of what kind they are, when it happened, until when the agency is told."""

import re
from collections.abc import Mapping, Set
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import cleaning, dates
from bot.domain.calendar import working_day
from bot.domain.reminders import Moment
from bot.errors import Doubtful, Invalid


class Kind(StrEnum):
    """What happened; the value is stored."""

    ACCIDENT = "accident"
    DEATH = "death"

    @property
    def label(self) -> str:
        """As the office reads it."""
        return {"accident": "Kecelakaan", "death": "Meninggal dunia"}[self.value]


class Work(StrEnum):
    """Whether it has to do with work; the value is stored."""

    WORK = "work"
    WAY = "way"
    NO = "no"
    UNKNOWN = "unknown"

    def label(self, kind: Kind) -> str:
        """As people say it, of an accident or of the cause of a death."""
        return _WORK[self.value] if kind is Kind.ACCIDENT else _CAUSE[self.value]

    @property
    def counts(self) -> bool:
        """Whether it may be a work accident: doubt is reported too."""
        return self is not Work.NO


_WORK = {
    "work": "Saat bekerja",
    "way": "Pergi/pulang kerja",
    "no": "Bukan saat kerja",
    "unknown": "Belum tahu",
}
_CAUSE = {**_WORK, "work": "Kecelakaan kerja", "no": "Bukan"}
_CAUSES = (Work.WORK, Work.NO, Work.UNKNOWN)


def works(kind: Kind) -> tuple[Work, ...]:
    """What can be answered: nobody asks of a death whether it was on the way."""
    return tuple(Work) if kind is Kind.ACCIDENT else _CAUSES


# -- when it was ---------------------------------------------------------------------------------

#: The earliest hour that a part of the day can mean: the limit counts from then, the safe side.
_PARTS = {"dini": 0, "subuh": 4, "pagi": 6, "siang": 11, "sore": 15, "petang": 17, "malam": 18}
_DAY_ONLY = 6
#: Hours that belong to the end of a night: "jam 12 malam" is 00.00, "jam 2 malam" is 02.00.
_SMALL = frozenset({12, 1, 2, 3, 4})
_HOUR = re.compile(r"\b(?:jam|pukul|pkl|jm) ?([0-9]{1,2})(?: ?[.:] ?([0-9]{2}))?\b")
_LAST_NIGHT = re.compile(r"\b(?:semalam|tadi malam|malam tadi|kemarin malam)\b")
_TODAY = re.compile(r"\b(?:hari ini|tadi|barusan|baru saja|sekarang|skrg|(?:pagi|siang|sore) ini)\b")
_DAYS_AGO = re.compile(r"\b([2-9]|1[0-9]) hari (?:yang |yg )?lalu\b")
_DAY = timedelta(days=1)


def parse_when(text: str, local: datetime) -> dict[str, str]:
    """The day, and the hour or the part of the day where it was said; never ahead."""
    plain = cleaning.typed(text).casefold()
    hour = _HOUR.search(plain)
    part = next((name for name in _PARTS if re.search(rf"\b{name}\b", plain)), "")
    if _LAST_NIGHT.search(plain):
        part = "malam"
    day = _day(plain, hour, local)
    at = _clock(hour, part) if hour else time(_PARTS.get(part, _DAY_ONLY))
    found = {"day": day.isoformat(), "at": f"{at:%H.%M}", "said": "hour" if hour else part}
    if day > local.date() or (hour and day == local.date() and at > local.time()):
        raise Invalid("incidents/when_ahead", shown=show_when(found))
    return found


def _day(plain: str, hour: re.Match[str] | None, local: datetime) -> date:
    today = local.date()
    if _LAST_NIGHT.search(plain):
        evening = today if local.hour >= _PARTS["malam"] and "kemarin" not in plain else today - _DAY
        return today if hour and int(hour[1]) in _SMALL else evening
    rest = _HOUR.sub("", plain).strip(" ,.")
    ago = _days_ago(rest, said_hour=hour is not None)
    if ago is not None:
        return today - ago * _DAY
    try:
        return dates.parse_start(rest, today)
    except Doubtful as guess:
        day: date = guess.value
        return day
    except Invalid as error:
        if error.template in ("invalid/date_unreadable", "invalid/date_incomplete"):
            raise Invalid("incidents/when_unreadable") from None
        raise


def _days_ago(rest: str, *, said_hour: bool) -> int | None:
    """Of "kemarin", "3 hari lalu", or an hour alone; None where a date is named."""
    if found := _DAYS_AGO.search(rest):
        return int(found[1])
    if re.search(r"\b(?:kemarin|kemaren|kmrn)\b", rest):
        return 2 if "dulu" in rest or "lusa" in rest else 1
    if re.search(r"\b(?:besok|lusa|nanti)\b", rest):
        return -1
    if _TODAY.search(rest) or rest in _PARTS or (said_hour and not re.search("[0-9]", rest)):
        return 0
    return None


def _clock(hour: re.Match[str], part: str) -> time:
    """The hour in figures: "jam 3 sore" is 15.00."""
    number, minute = int(hour[1]), int(hour[2] or 0)
    if part == "malam" and number in _SMALL:
        number %= 12
    elif (
        part in ("siang", "sore", "petang", "malam") and number < 12 and not (part == "siang" and number > 9)
    ):
        number += 12
    if number > 23 or minute > 59:
        raise Invalid("incidents/when_unclear")
    return time(number, minute)


def shortly(found: Mapping[str, str]) -> str:
    """As in "23/11, pagi" and "23/11, 07.30": for a button."""
    day = date.fromisoformat(found["day"])
    said = {"hour": found["at"], "dini": "dini hari"}.get(found["said"], found["said"])
    return f"{day.day}/{day.month}{', ' + said if said else ''}"


def show_when(found: Mapping[str, str]) -> str:
    """As in "23 November 2026, pagi" and "23 November 2026, 07.30"."""
    day = dates.short_date(date.fromisoformat(found["day"]))
    said = {"hour": found["at"], "dini": "dini hari"}.get(found["said"], found["said"])
    return f"{day}, {said}" if said else day


def moment(found: Mapping[str, str], zone: ZoneInfo) -> datetime:
    """From when on the limit counts, in UTC."""
    at = time.fromisoformat(found["at"].replace(".", ":"))
    return datetime.combine(date.fromisoformat(found["day"]), at, zone).astimezone(UTC)


# -- until when it is reported -------------------------------------------------------------------

#: An emergency is reminded of on any day, but not in the night: then in the evening before.
WAKES, SLEEPS, EVENING = time(7), time(20), time(19, 30)
HALFWAY, LAST, OVER = "halfway", "last", "over"
#: The last reminder comes when the agency's branch is open and the day still long.
_WORKING = time(8, 30)
_LEFT = timedelta(hours=1)
_APART = timedelta(hours=4)
_BEFORE_END = timedelta(hours=6)
_KEPT = 2 * _DAY
#: Of a report that is half written.
SOON, MORNING = "soon", "morning"
_SOON = timedelta(hours=1)


def moments(happened: datetime, hours: int, zone: ZoneInfo, free: Set[date], known: datetime) -> list[Moment]:
    """When it is reminded of that BPJS has to be told: half the time is over, a last time, and once too late.

    `free` are the holidays: the last one comes in the morning of the last working day, unless it was `known`
    (reported here) only after that.
    """
    ends = happened + timedelta(hours=hours)
    half = timedelta(hours=hours / 2)
    last = _last_morning(ends, zone, free)
    if last <= max(happened + half / 2, known):
        last = _awake(ends - _BEFORE_END, zone)
    halfway = _awake(happened + half, zone)
    if last - halfway < _APART:
        halfway = _awake(last - half / 2, zone)
    over = _after(ends, zone)
    found = [
        Moment(HALFWAY, halfway, ends, 0),
        Moment(LAST, last, ends, 0),
        Moment(OVER, over, over + _KEPT, 0),
    ]
    return [one for one in found if one.at > known]


def unfinished(kind: Kind, left: datetime, zone: ZoneInfo) -> list[Moment]:
    """When whoever `left` a report half written is asked to go on: of an accident after an hour, of both the next morning.

    Who mourns is not hurried.
    """
    evening = (left - timedelta(hours=WAKES.hour)).astimezone(zone).date()  # the small hours belong to it
    morning = datetime.combine(evening + _DAY, _WORKING, zone).astimezone(UTC)
    soon = _after(left + _SOON, zone)
    if kind is Kind.DEATH or soon >= morning:
        return [Moment(MORNING, morning, _night(morning, zone), 0)]
    return [Moment(SOON, soon, _night(soon, zone), 0), Moment(MORNING, morning, _night(morning, zone), 0)]


def _night(at: datetime, zone: ZoneInfo) -> datetime:
    """When nobody is disturbed any more on the day of this moment."""
    return datetime.combine(at.astimezone(zone).date(), SLEEPS, zone).astimezone(UTC)


def _last_morning(ends: datetime, zone: ZoneInfo, free: Set[date]) -> datetime:
    day = (ends - _LEFT).astimezone(zone).date()
    at = datetime.combine(day, _WORKING, zone)
    while not working_day(day, free) or at > ends - _LEFT:
        day -= _DAY
        at = datetime.combine(day, _WORKING, zone)
    return at.astimezone(UTC)


def _awake(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    if local.time() >= SLEEPS:
        local = datetime.combine(local.date(), EVENING, zone)
    elif local.time() < WAKES:
        local = datetime.combine(local.date() - _DAY, EVENING, zone)
    return local.astimezone(UTC)


def _after(ends: datetime, zone: ZoneInfo) -> datetime:
    """When the limit is over; in the night, the morning after."""
    local = ends.astimezone(zone)
    if not WAKES <= local.time() < SLEEPS:
        day = local.date() + (_DAY if local.time() >= SLEEPS else timedelta())
        local = datetime.combine(day, _WORKING, zone)
    return local.astimezone(UTC)


def group_of(who: Mapping[str, Any]) -> str:
    """To which people somebody belongs: a category's code, "project", "family", or "other"."""
    return str(who.get("group") or "other")
