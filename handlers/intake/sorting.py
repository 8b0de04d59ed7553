"""Rows of people, sorted: who can be saved, who is known already, what comes back, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

from bot.domain import money
from bot.domain.cleaning import words
from bot.domain.people import State
from bot.domain.tables import Cells, Problem
from bot.errors import Invalid
from bot.forms import View
from bot.store import members, posts
from bot.store.members import Member
from bot.turns import Turn
from handlers import registration
from handlers.intake import rows
from handlers.intake.rows import Person
from handlers.questions import position_label

_ALIKE = 75  # of two names of one NIK: titles and short forms aside


@dataclass(frozen=True, slots=True)
class Line:
    """One person as they were sent: where (the number of the table, of the row), the cells, what they say."""

    table: int
    number: int
    cells: Cells
    said: Mapping[str, str]


@dataclass(slots=True)
class Sorted:
    """What becomes of the lines; `left` are those of whom something is still to be asked, each person once."""

    ready: list[Person] = field(default_factory=list)
    left: list[Person] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)  # with the number of their table
    same: list[str] = field(default_factory=list)  # names
    differ: int = 0

    def of_table(self, table: int) -> list[Problem]:
        """What comes back of one table."""
        return [problem for at, problem in self.problems if at == table]


@dataclass(slots=True)
class _Group:
    """The lines with one NIK; `one` where they name one person."""

    name: str
    lines: list[Line] = field(default_factory=list)
    one: bool = True


def _by_nik(read: Sequence[tuple[Line, Person]]) -> Mapping[str, _Group]:
    groups: dict[str, _Group] = {}
    for line, person in read:
        if nik := person.answers.get("nik", ""):
            group = groups.setdefault(nik, _Group(person.name))
            group.lines.append(line)
            group.one = group.one and _alike(group.name, person.name)
    return groups


def look(turn: Turn, lines: Sequence[Line]) -> Sorted:
    """Read every line and sort it; nothing is saved."""
    view = View(turn.today, {}, {**registration.extra(turn), "find": _nobody, "holder": _free})
    read = [(line, rows.read(line.said, view)) for line in lines]
    known = {one.nik: one for one in members.of_village(turn.tx, turn.who.village) if _counts(one)}
    groups = _by_nik(read)
    found = Sorted()
    for line, person in read:
        nik = person.answers.get("nik", "")
        if nik in known:
            _known(turn, found, line, person, known[nik])
        elif nik and len(groups[nik].lines) > 1:
            _twice(found, line, person, groups[nik])
        elif person.ready:
            _held(turn, person, [*known.values()], found.ready)
            found.ready.append(person)
        else:
            found.left.append(person)
            _back(found, line, person.why)
    return found


def _held(turn: Turn, person: Person, there: Sequence[Member], before: Sequence[Person]) -> None:
    """A post that a village has once, and that somebody has already: registered, or named further up."""
    position = turn.rules.position(person.answers["position"])
    names = [one.name for one in there if one.position == position.code]
    names += [one.name for one in before if one.answers["position"] == position.code]
    if position.usual and len(names) >= position.usual:
        person.doubts.append(Invalid("intake/doubt_held", post=position.label, name=names[-1]))


def _nobody(_number: str) -> None:
    """In a file who is known already is no mistake."""


def _free(_code: str) -> str:
    """In a file those of the same file hold posts as well: `_held` looks at both."""
    return ""


def _counts(member: Member) -> bool:
    return member.state is not State.ENDED


def _back(found: Sorted, line: Line, reasons: Sequence[Invalid]) -> None:
    found.problems.append((line.table, Problem(line.number, line.cells, reasons)))


def _twice(found: Sorted, line: Line, person: Person, group: _Group) -> None:
    """A NIK in several lines: of one person, who is asked about once; or one of several has another number."""
    others = [other for other in group.lines if other is not line]
    told = {
        "one": group.one,
        "again": group.one and group.lines[0] is not line,
        "rows": ", ".join(str(other.number) for other in others),
        "names": ", ".join(other.said["name"] for other in others),
    }
    _back(found, line, [*person.why, Invalid("intake/row_twice", **told)])
    if not group.one:
        found.left.append(_without_nik(person))
    elif group.lines[0] is line:
        found.left.append(person)


def _without_nik(person: Person) -> Person:
    known = {name: value for name, value in person.answers.items() if name not in ("nik", "birth")}
    return replace(person, answers=known)


def _known(turn: Turn, found: Sorted, line: Line, person: Person, member: Member) -> None:
    """Somebody who is registered here: skipped, unless the line says something else of them."""
    if person.name and not _alike(person.name, member.name):
        _back(found, line, [*person.why, Invalid("intake/row_other_name", name=member.name)])
        found.left.append(_without_nik(person))
    elif differences := _differences(turn, person, member):
        found.differ += 1
        _back(found, line, [Invalid("intake/row_differs", what=", ".join(differences))])
    else:
        found.same.append(person.name or member.name)


def _alike(one: str, other: str) -> bool:
    return one == other or fuzz.token_set_ratio(_plain(one), _plain(other)) >= _ALIKE


def _plain(name: str) -> str:
    return " ".join(words(name))


def _differences(turn: Turn, person: Person, member: Member) -> list[str]:
    """What is recorded otherwise, in words; of what the line leaves empty nothing."""
    held = [post for post in posts.of(turn.tx, member.id) if post.until is None]
    main = next((post for post in held if not post.beside and post.held(turn.today)), None)
    wage = main.wage if main is not None and main.wage is not None else member.details["wage"]
    recorded: dict[str, tuple[Sequence[Any], str]] = {
        "wage": ([wage], f"upah {money.rupiah(wage)}"),
        "position": (
            [member.position, *(post.position for post in held)],
            f"jabatan {position_label(turn.rules.positions, member.position)}",
        ),
    }
    said = {name: person.answers[name] for name in recorded if name in person.given & person.answers.keys()}
    return [recorded[name][1] for name, value in said.items() if value not in recorded[name][0]]
