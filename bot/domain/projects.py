"""A building project of a village: since when it is covered, when its instalments are paid, what an addendum changes.

BPJS Ketenagakerjaan asks for half, a quarter and a quarter, all before the work ends; cover begins with
the first.  Days are not set by any rule: those reckoned here are proposals on the safe side.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain import construction
from bot.domain.calendar import working_day
from bot.domain.construction import Contribution
from bot.domain.rulebook import Rules

#: How the open rest is shared: the first instalment counts twice.
_SHARES = {1: 2}
#: Working days after the SPK, by the old rule (Permenaker 44/2015); the number in force today is not known.
REGISTER_WITHIN = 14

_DAY = timedelta(days=1)


class Basis(StrEnum):
    """What the contribution is reckoned from; the branch office decides which is allowed."""

    VALUE = "value"  # of the project, without PPN
    WAGES = "wages"  # of all its workers, for the whole work


class State(StrEnum):
    """Where a project stands; the value is stored."""

    PLANNED = "planned"  # listed: some answers are missing
    OPEN = "open"
    DONE = "done"  # the work is finished
    DROPPED = "dropped"  # it does not take place, or was entered by mistake


class Progress(StrEnum):
    """Where an instalment stands."""

    OPEN = "open"
    REPORTED = "reported"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment."""

    number: int
    amount: int
    due: date
    progress: Progress = Progress.OPEN
    report: int = 0  # the report that pays it


class Cover(StrEnum):
    """How a project's workers stand, in the order in which somebody has to look."""

    NONE = "none"  # nothing is reported
    PLANNED = "planned"  # nothing can be reported yet
    LATE = "late"  # covered, and a later instalment is past its day
    REPORTED = "reported"  # the first instalment waits to be looked at
    COVERED = "covered"
    DONE = "done"

    @property
    def label(self) -> str:
        """How a list calls it."""
        return _LABELS[self]

    @property
    def missing(self) -> bool:
        """Whether nobody has said that anything was paid."""
        return self in (Cover.NONE, Cover.PLANNED)


_LABELS = {
    Cover.NONE: "belum terlindungi",
    Cover.PLANNED: "rencana",
    Cover.LATE: "termin lewat",
    Cover.REPORTED: "menunggu diperiksa",
    Cover.COVERED: "terlindungi",
    Cover.DONE: "selesai",
}


def cover(state: State, parts: Sequence[Part], today: date) -> Cover:
    """How the workers of a project stand on a day; what was never paid is missing after the work, too."""
    if state is State.PLANNED:
        return Cover.PLANNED
    counted = [part for part in parts if part.progress is not Progress.OPEN]
    if not counted and parts:
        return Cover.NONE
    if any(part.progress is Progress.OPEN and part.due < today for part in parts):
        return Cover.LATE
    if state is not State.OPEN:
        return Cover.DONE
    recorded = any(part.progress is Progress.RECORDED for part in parts)
    return Cover.COVERED if recorded or not parts else Cover.REPORTED


def contribution(rules: Rules, basis: Basis, value: int, on: date) -> Contribution:
    """What is paid once for the whole project, by the rules of that day."""
    by = construction.by_wages if basis is Basis.WAGES else construction.by_value
    return by(value, on, rules)


def due_dates(starts: date, ends: date, free: Set[date]) -> tuple[date, date, date]:
    """Until when each instalment is paid: before the work begins, halfway, and before it ends.

    A day off moves the day earlier, never before the beginning (but for the first).
    """
    last = max(_working_day_by(ends - _DAY, free), starts)
    middle = max(_working_day_by(starts + (last - starts) // 2, free), starts)
    return _working_day_by(starts, free), middle, last


def _working_day_by(day: date, free: Set[date]) -> date:
    while not working_day(day, free):
        day -= _DAY
    return day


def spread(total: int, parts: Sequence[Part], dates: tuple[date, date, date]) -> tuple[tuple[Part, ...], int]:
    """The instalments of a total where some are paid, and what was paid too much.

    What was paid stays as it is; the rest is shared among the open ones as in the beginning.  Where all
    were paid, one more is added.
    """
    kept = [part for part in parts if part.progress is not Progress.OPEN]
    rest = total - sum(part.amount for part in kept)
    if rest <= 0:
        return tuple(kept), -rest
    numbers = [part.number for part in parts if part.progress is Progress.OPEN]
    if not numbers:
        numbers = [max(part.number for part in kept) + 1] if kept else [1, 2, 3]
    shares = sum(_SHARES.get(number, 1) for number in numbers)
    for number in numbers:
        share = _SHARES.get(number, 1)
        amount = -(-rest * share // shares)  # the odd rupiah comes early
        kept.append(Part(number, amount, dates[min(number, 3) - 1]))
        rest, shares = rest - amount, shares - share
    return tuple(sorted((one for one in kept if one.amount), key=lambda part: part.number)), 0


def register_by(spk: date, free: Set[date]) -> date:
    """The last day of registering by the old rule."""
    day = spk
    for _ in range(REGISTER_WITHIN):
        day += _DAY
        while not working_day(day, free):
            day += _DAY
    return day
