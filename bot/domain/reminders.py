"""When to remind of a due date: a few calm mornings before it, one question after it.

Nobody is written to before 07.00 or from 20.00 on, on a Sunday or a holiday, or during Friday prayers:
such a reminder comes earlier, never later.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import SUNDAY, next_working_day
from bot.domain.dated import EVERYWHERE
from bot.domain.deadlines import free_days
from bot.domain.months import Month
from bot.domain.rulebook import Rules, Stage

MORNING, EVENING = time(7), time(20)  # local; before and from then on nobody is disturbed
PRAYERS = (time(11, 30), time(13))  # on a Friday, the second excluded
BEFORE_PRAYERS = time(11)  # early enough for what waits a while for its turn
LAST_CALL = time(19)

#: The stage of the day that an officer named; beside those of the rules.
PLANNED = "rencana"
PLANNED_AT = time(9)

_FRIDAY = 4
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


def in_prayers(local: datetime) -> bool:
    """Whether it is the noon of a Friday."""
    return local.weekday() == _FRIDAY and PRAYERS[0] <= local.time() < PRAYERS[1]


def quiet(local: datetime, free: Set[date]) -> bool:
    """Whether nobody is written to at this local moment; `free` are the holidays."""
    day = local.date()
    awake = MORNING <= local.time() < EVENING
    return not awake or day.weekday() == SUNDAY or day in free or in_prayers(local)


def calm(local: datetime, free: Set[date]) -> datetime:
    """The moment itself, or the last good one before it."""
    found = local
    if found.time() < MORNING:
        found = datetime.combine(found.date() - _DAY, LAST_CALL, found.tzinfo)
    elif found.time() >= EVENING:
        found = datetime.combine(found.date(), LAST_CALL, found.tzinfo)
    while found.weekday() == SUNDAY or found.date() in free:
        found -= _DAY
    return datetime.combine(found.date(), BEFORE_PRAYERS, found.tzinfo) if in_prayers(found) else found


def next_calm(local: datetime, free: Set[date]) -> datetime:
    """The moment itself, or the first good one after it: for what could not leave when it was due."""
    found = local
    while quiet(found, free):
        if in_prayers(found):
            found = datetime.combine(found.date(), PRAYERS[1], found.tzinfo)
        elif found.time() < MORNING:
            found = datetime.combine(found.date(), MORNING, found.tzinfo)
        else:
            found = datetime.combine(found.date() + _DAY, MORNING, found.tzinfo)
    return found


def next_calm_in(rules: Rules, district: str, at: datetime) -> datetime:
    """The same by the clock and the days off of a district; in UTC."""
    local = at.astimezone(rules.district(district).zone)
    return next_calm(local, free_days(rules, district, Month.of(local.date()))).astimezone(UTC)


def moments(due: date, zone: ZoneInfo, stages: Sequence[Stage], free: Set[date]) -> list[Moment]:
    """The reminders of one due date in their order; of two on one day only the later stage is kept.

    `stages` may hold several rows of a name, a district's own and older ones: the row counts that is in
    force on the day on which it would be sent, so that no change of the rules loses or doubles a reminder.
    """
    chosen: list[tuple[Stage, datetime]] = []
    for name in dict.fromkeys(stage.name for stage in stages):
        chosen += _in_force([stage for stage in stages if stage.name == name], due, zone, free)
    by_day: dict[date, tuple[Stage, datetime]] = {}
    for stage, at in sorted(chosen, key=lambda pair: -pair[0].days_before):
        by_day[at.date()] = (stage, at)
    return [_moment(stage.name, at, due) for _, (stage, at) in sorted(by_day.items())]


def _in_force(
    rows: Sequence[Stage], due: date, zone: ZoneInfo, free: Set[date]
) -> list[tuple[Stage, datetime]]:
    """The row that counts, with its moment; nothing if it is switched off, or none counts yet."""
    for row in sorted(rows, key=lambda row: (row.district != EVERYWHERE, row.effective_from), reverse=True):
        at = _at(row, due, zone, free)
        if row.applies(at.date()):
            return [] if row.off else [(row, at)]
    return []


def _at(stage: Stage, due: date, zone: ZoneInfo, free: Set[date]) -> datetime:
    if stage.days_before >= 0:
        return calm(datetime.combine(due - stage.days_before * _DAY, stage.at, zone), free)
    day = due
    for _ in range(-stage.days_before):
        day = next_working_day(day + _DAY, free)
    # A morning that is too early is not the evening before: that may be the due date itself.
    return calm(datetime.combine(day, max(stage.at, MORNING), zone), free)


def _moment(stage: str, local: datetime, due: date) -> Moment:
    """It speaks of its own day, and nobody is disturbed in the night: it ends with that day's evening."""
    evening = datetime.combine(local.date(), EVENING, local.tzinfo)
    return Moment(stage, local.astimezone(UTC), evening.astimezone(UTC), (due - local.date()).days)


def planned(due: date, zone: ZoneInfo, free: Set[date], named: date, asked: date) -> Moment | None:
    """The reminder of the day that an officer named on the day `asked`; None where it would say nothing new."""
    local = calm(datetime.combine(named, PLANNED_AT, zone), free)
    return _moment(PLANNED, local, due) if asked < local.date() and named < due else None


def with_plan(found: Sequence[Moment], plan: Moment | None) -> list[Moment]:
    """The reminders after somebody named a day: it takes the place of those between first and last.

    The first and the last before the due date stay, and what comes after it; on one day the one of the
    rules counts.
    """
    if plan is None:
        return list(found)
    kept = without_between(found)
    if any(moment.expires == plan.expires for moment in kept):
        return kept
    return sorted([*kept, plan], key=lambda moment: moment.at)


def without_between(found: Sequence[Moment]) -> list[Moment]:
    """The first and the last before the due date, and what comes after it."""
    before = [moment.stage for moment in found if moment.left >= 0]
    return [moment for moment in found if moment.stage not in before[1:-1]]


def latest_due(found: Sequence[Moment], since: datetime, until: datetime) -> Selection:
    """Of the moments in (since, until], the latest if it is still in time; the others are skipped."""
    passed = sorted((m for m in found if since < m.at <= until), key=lambda m: m.at)
    if passed and until < passed[-1].expires:
        return Selection(passed[-1], tuple(passed[:-1]))
    return Selection(None, tuple(passed))


def in_days(left: int) -> str:
    """As in "3 hari lagi"."""
    return ("hari ini", "besok")[left] if left in {0, 1} else f"{left} hari lagi"
