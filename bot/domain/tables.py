"""A table in a sheet somebody made: found by what its header says, wherever it stands."""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.domain.cleaning import visible, words
from bot.errors import Invalid

E = TypeVar("E")

#: Titles by column, the first of each as our own sheets have it, then how people call it too.
Titles = Mapping[int, tuple[str, ...]]
Cells = Sequence[str]
Row = tuple[int, Cells]

_NEAR = 88
_HEADER_WITHIN = 20  # rows
_NOTHING = re.compile(r"[-–—. ]*")
_TOTALS = {"jumlah", "total", "jml", "jumlah total", "keterangan", "catatan"}


@dataclass(frozen=True, slots=True)
class Found:
    """A table in a sheet: which column is what, the titles as they stand there, the rows below."""

    sheet: str
    places: Mapping[int, int]
    titles: Sequence[str]
    rows: Sequence[Row]

    def cell(self, cells: Cells, column: int) -> str:
        """What a row says in a column; a dash is nothing."""
        at = self.places.get(column, len(cells))
        said = visible(cells[at]) if at < len(cells) else ""
        return "" if _NOTHING.fullmatch(said) else said


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that comes back: its number, its cells as typed, and why."""

    number: int
    cells: Cells
    reasons: Sequence[Invalid]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[E]):
    """All rows: taken, coming back, and those where nothing was filled in."""

    entries: Sequence[E]
    problems: Sequence[Problem]
    blank: int


@dataclass(slots=True)
class Rows(Generic[E]):
    """The rows of a table while they are read, one after another."""

    taken: list[tuple[int, Cells, E]]
    problems: list[Problem]
    blank: int = 0

    def add(self, number: int, cells: Cells, read: tuple[E | None, Sequence[Invalid]]) -> None:
        """A row was read: what it says, or why it cannot be taken."""
        entry, reasons = read
        if entry is None:
            self.problems.append(Problem(number, cells, reasons))
        else:
            self.taken.append((number, cells, entry))

    def once(self, key: Callable[[E], Hashable], twice: str) -> Sheet[E]:
        """All of them; what stands in two rows is taken from none of them, and `twice` names the others."""
        at: dict[Hashable, list[int]] = defaultdict(list)
        for number, _, entry in self.taken:
            at[key(entry)].append(number)
        problems = list(self.problems)
        for number, cells, entry in self.taken:
            others = ", ".join(str(other) for other in at[key(entry)] if other != number)
            if others:
                problems.append(Problem(number, cells, [Invalid(twice, rows=others)]))
        entries = [entry for _, _, entry in self.taken if len(at[key(entry)]) == 1]
        return Sheet(entries, sorted(problems, key=lambda one: one.number), self.blank)


class Header:
    """The titles one kind of sheet may have; `enough` says whether the columns found make such a table."""

    def __init__(self, titles: Titles, enough: Callable[[Container[int]], bool]) -> None:
        self._known = {" ".join(words(title)): column for column, all_ in titles.items() for title in all_}
        self._long = [title for title in self._known if len(title) >= 7]
        self._enough = enough

    def locate(self, sheets: Iterable[tuple[str, Sequence[Row]]]) -> Found | None:
        """The table with the most columns we know."""
        tables = [found for name, rows in sheets for found in self._tables(name, rows)]
        return max(tables, key=lambda found: len(found.places), default=None)

    def column(self, title: str) -> int | None:
        """Which column a title names; what stands in brackets is left away."""
        said = " ".join(words(re.sub(r"\([^)]*\)", " ", title[:100])))
        if said in self._known:
            return self._known[said]
        if "/" in title:  # two names of one thing, as in "Jabatan / Tugas"
            parts = {self._known.get(" ".join(words(part))) for part in title[:100].split("/")}
            if len(parts) == 1 and None not in parts:
                return parts.pop()
        if len(said) <= 6:
            return None
        close = process.extractOne(said, self._long, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self._known[close[0]] if close else None

    def _tables(self, sheet: str, rows: Sequence[Row]) -> Iterable[Found]:
        for at, (number, cells) in enumerate(rows[:_HEADER_WITHIN]):
            yield from self._table(sheet, cells, rows[at + 1 :])
            below = rows[at + 1] if at + 1 < len(rows) else (0, ())
            if below[0] == number + 1:  # a header of two rows: "Kontak" above "Nama" and "HP"
                yield from self._table(sheet, self._joined(cells, below[1]), rows[at + 2 :])

    def _table(self, sheet: str, titles: Cells, rows: Sequence[Row]) -> Iterable[Found]:
        places: dict[int, int] = {}
        for at, title in enumerate(titles):
            column = self.column(title)
            if column is not None:
                places.setdefault(column, at)
        if self._enough(places):
            yield Found(sheet, places, titles, rows)

    def _joined(self, above: Cells, below: Cells) -> list[str]:
        """Titles of two rows; a merged cell stands only in its first column."""
        found, group = [], ""
        for at in range(max(len(above), len(below))):
            upper = above[at] if at < len(above) else ""
            lower = below[at] if at < len(below) else ""
            group = upper or group
            both = f"{group} {lower}".strip()
            found.append(upper if not lower else both if self.column(lower) is None or upper == "" else lower)
        return found


def is_sum(cells: Cells) -> bool:
    """Whether a row stands below the table: it begins with a word such as *jumlah*."""
    said = [" ".join(words(cell)) for cell in cells if cell.strip()]
    return not said or said[0] in _TOTALS


def counts_columns(cells: Cells) -> bool:
    """Whether a row only numbers the columns, as printed books have it: 1, 2, 3 …"""
    numbers = [cell.strip("() ") for cell in cells if cell.strip()]
    return len(numbers) > 2 and all(len(n) < 3 and n.isdigit() for n in numbers)
