"""What every dated rule has: from when to when it applies, which text says so, how surely it is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.errors import Misconfigured

EVERYWHERE = "*"


class Certainty(StrEnum):
    """How well a figure is known; only the first three are stated without "menurut perhitungan"."""

    LAW = "V"  # read in the law or an official page
    REPORTED = "V2"  # read in a report about the law
    INFERRED = "INF"  # computed or inferred from such
    MEMORY_HIGH = "M-hi"  # common knowledge, to be confirmed by an official
    MEMORY_MEDIUM = "M-med"
    MEMORY_LOW = "M-lo"


#: What may be proposed to somebody without an official's word.
CERTAIN = frozenset({Certainty.LAW, Certainty.REPORTED, Certainty.INFERRED})


class Segment(StrEnum):
    """The two regimes of contributions, each with its own tariff and due date."""

    PU = "PU"  # Penerima Upah: employed people, percentages of the wage
    BPU = "BPU"  # Bukan Penerima Upah: everybody else, sums by declared income


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When a row applies, and where it comes from."""

    effective_from: date
    effective_to: date | None = None  # the last day
    source: str
    certainty: Certainty

    def applies(self, on: date) -> bool:
        """Whether the row is in force on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class Local(Protocol):
    """A dated row of one district, or of all."""

    @property
    def district(self) -> str: ...
    @property
    def effective_from(self) -> date: ...
    def applies(self, on: date) -> bool: ...


D = TypeVar("D", bound=Dated)
L = TypeVar("L", bound=Local)


def latest(rows: Iterable[D]) -> D | None:
    """The row that replaced the others."""
    return max(rows, key=lambda row: row.effective_from, default=None)


def nearest(rows: Sequence[L], district: str, on: date) -> L | None:
    """The row in force, the district's own before the one for all."""
    for where in (district, EVERYWHERE):
        found = [row for row in rows if row.district == where and row.applies(on)]
        if found:
            return max(found, key=lambda row: row.effective_from)
    return None


def needed(row: L | None, what: str, district: str, on: date) -> L:
    """The row that `nearest` found; raises Misconfigured where the files have none."""
    if row is None:
        raise Misconfigured(f"rules: no {what} applies to district {district} on {on}")
    return row
