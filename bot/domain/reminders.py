"""When to remind of a due date: a few calm mornings before it, one question after it.

Nobody is written to on a Sunday or a holiday: such a reminder comes earlier, never later.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import SUNDAY, next_working_day
from bot.domain.rulebook import Stage

EVENING = time(20)  # local; from then on nobody is disturbed
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One reminder: sent from `at` on, worthless from `expires` on (both UTC).

    `left` is the number of days from its day to the due date, negative after it: the sentence must
    not say "besok" of a reminder that came two days early.
    """

    stage: str
    at: datetime
    expires: datetime
    left: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Of the reminders that fell due, the one worth sending, and those it makes needless."""

    send: Moment | None
    skipped: tuple[Moment, ...]


def moments(due: date, zone: ZoneInfo, stages: Sequence[Stage], holidays: Set[date]) -> list[Moment]:
    """The reminders of one due date in their order; of two on one day only the later stage is kept."""
    by_day: dict[date, Stage] = {}
    for stage in sorted(stages, key=lambda stage: -stage.days_before):
        by_day[_day(due, stage.days_before, holidays)] = stage
    days = sorted(by_day)
    starts = [_local(day, by_day[day].at, zone) for day in days]
    return [
        Moment(
            by_day[day].name,
            start,
            _last(day, zone),
            (due - day).days,
        )
        for day, start in zip(days, starts, strict=True)
    ]


def _day(due: date, days_before: int, holidays: Set[date]) -> date:
    if days_before < 0:
        day = due
        for _ in range(-days_before):
            day = next_working_day(day + _DAY, holidays)
        return day
    day = due - days_before * _DAY
    while day.weekday() == SUNDAY or day in holidays:
        day -= _DAY
    return day


def _last(day: date, zone: ZoneInfo) -> datetime:
    """When a reminder is too late: it speaks of its own day, and nobody is disturbed in the night."""
    return _local(day, EVENING, zone)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def latest_due(found: Sequence[Moment], since: datetime, until: datetime) -> Selection:
    """Of the moments in (since, until], the latest if it is still in time; the others are skipped."""
    passed = sorted((m for m in found if since < m.at <= until), key=lambda m: m.at)
    if passed and until < passed[-1].expires:
        return Selection(passed[-1], tuple(passed[:-1]))
    return Selection(None, tuple(passed))
