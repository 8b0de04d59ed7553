"""Desa Sadar: how far a village is by its district's own criteria, counted without a word about any person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.customs import CRITERIA, Criterion
from bot.domain.dated import CERTAIN, nearest
from bot.domain.months import Month
from bot.domain.people import Position
from bot.domain.rulebook import Rules

STAFF, ARREARS, PROJECTS = CRITERIA
#: Whose posts are the village's staff; RT and BPD are not.
STAFF_CATEGORIES = ("kades", "perangkat")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a village.

    `posts`: by position how many are confirmed, and how many wait for that.  `months`: those that fell
    due, the latest first, and whether each is settled.  `projects`: of those whose work has begun how many
    are covered; `uncovered`: the names of the others.  `unchecked`: reports of payments nobody has looked at.
    """

    posts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    months: Sequence[tuple[Month, bool]] = ()
    projects: int = 0
    uncovered: Sequence[str] = ()
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """How one criterion stands: `done` of `total`; `left` steps are missing, none where it is met.

    `empty` are posts without anybody, `waiting` those whose holder is not confirmed, `late` the months
    past their due date that are not recorded, the oldest first, `projects` the names of uncovered ones.
    `unchecked` reports count like any other until somebody has looked at them; that they are is said beside it.
    """

    code: str
    done: int
    total: int
    left: int
    empty: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    late: tuple[Month, ...] = ()
    projects: tuple[str, ...] = ()
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a village stands by all criteria in use."""

    parts: tuple[Part, ...]

    @property
    def left(self) -> int:
        """Steps that are missing."""
        return sum(part.left for part in self.parts)

    @property
    def unchecked(self) -> int:
        """Reports of payments that are counted though nobody has looked at them."""
        return sum(part.unchecked for part in self.parts)

    @property
    def begun(self) -> bool:
        """Whether anything is done: of other villages there is nothing to be said yet."""
        return any(part.done or part.late or part.projects for part in self.parts)

    @property
    def met(self) -> bool:
        """Whether it is a Desa Sadar: never one in which there is nothing that could be done."""
        return not self.left and any(part.done for part in self.parts)


def known(rules: Rules, district: str, on: date) -> tuple[Criterion, ...]:
    """All criteria as they are on that day, those that are switched off too.

    Once a district has decided, what is only proposed is off until it takes that over as well.
    """
    each = [nearest([c for c in rules.all_criteria if c.code == code], district, on) for code in CRITERIA]
    found = [one for one in each if one is not None]
    own = any(one.certainty in CERTAIN for one in found)
    return tuple(replace(one, off=True) if own and one.certainty not in CERTAIN else one for one in found)


def criteria(rules: Rules, district: str, on: date) -> tuple[Criterion, ...]:
    """The criteria in use on that day."""
    return tuple(one for one in known(rules, district, on) if not one.off)


def adopted(found: Sequence[Criterion]) -> bool:
    """Whether a district has said that these are its own: before that they are proposals."""
    return any(one.certainty in CERTAIN for one in found)


def ahead(rules: Rules, district: str, today: date) -> date | None:
    """The next day on which what the district decided changes."""
    mine = (one for one in rules.all_criteria if one.district == district)
    return min((one.effective_from for one in mine if one.effective_from > today), default=None)


def standing(positions: Sequence[Position], found: Sequence[Criterion], facts: Facts) -> Standing:
    """How the village stands."""
    parts = {STAFF: _staff(positions, facts), PROJECTS: _projects(facts)}
    return Standing(tuple(parts.get(one.code) or _arrears(one.months, facts) for one in found))


def _staff(positions: Sequence[Position], facts: Facts) -> Part:
    """Of posts that a village normally has one holder each; of others (kepala dusun) all that are known."""
    done, empty, waiting = 0, Counter[str](), Counter[str]()
    for post in positions:
        if post.category not in STAFF_CATEGORIES:
            continue
        confirmed, asked = facts.posts.get(post.code, (0, 0))
        done += confirmed
        empty[post.label] += max(post.usual - confirmed - asked, 0)
        waiting[post.label] += asked
    left = empty.total() + waiting.total()
    return Part(STAFF, done, done + left, left, _counted(empty), _counted(waiting))


def _counted(posts: Counter[str]) -> tuple[str, ...]:
    return tuple(label if n == 1 else f"{n} {label}" for label, n in posts.items() if n)


def _arrears(wanted: int, facts: Facts) -> Part:
    """Every month that fell due is settled, and the last ones without a gap are as many as are wanted."""
    months = facts.months
    late = tuple(sorted(month for month, settled in months if not settled))
    row: list[Month] = []
    for month, _ in months:
        if row and month.next() != row[-1]:
            break
        row.append(month)
    unbroken = next((n for n, (_, settled) in enumerate(months[: len(row)]) if not settled), len(row))
    left = len(late) + max(wanted - len(row), 0)
    return Part(ARREARS, unbroken, wanted, left, late=late, unchecked=facts.unchecked)


def _projects(facts: Facts) -> Part:
    """A village without any lacks none."""
    left = len(facts.uncovered)
    done = facts.projects
    return Part(PROJECTS, done, done + left, left, projects=tuple(facts.uncovered))
