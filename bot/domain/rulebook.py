"""The dated rules: what applied on which day, and which regulation says so.

The rows come from the files under `bot/rules/`; a row with a later `effective_from` replaces the
earlier ones from that day on, and a district's own row goes before the one for all (`district = "*"`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.people import Category, Position
from bot.errors import Misconfigured

EVERYWHERE = "*"


class Certainty(StrEnum):
    """How well a figure is known; only the first two are stated without "menurut perhitungan"."""

    LAW = "V"  # read in the law or an official page
    REPORTED = "V2"  # read in a report about the law
    INFERRED = "INF"  # computed or inferred from such
    MEMORY_HIGH = "M-hi"  # common knowledge, to be confirmed by an official
    MEMORY_MEDIUM = "M-med"
    MEMORY_LOW = "M-lo"


#: What may be proposed to somebody without an official's word.
CERTAIN = frozenset({Certainty.LAW, Certainty.REPORTED, Certainty.INFERRED})


class Payer(StrEnum):
    """Who bears a part of the contribution: the village or the person."""

    EMPLOYER = "employer"
    WORKER = "worker"


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


@dataclass(frozen=True, slots=True)
class Programme:
    """One insurance; `label` is its short name (JKK)."""

    code: str
    label: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Dated):
    """One payer's percentage of the wage, for employed people (PU); `risk` is "" where it has no classes."""

    programme: str
    payer: Payer
    percent: Decimal
    risk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk(Dated):
    """The risk class in which a district's villages are insured."""

    district: str
    risk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Dated):
    """The wage, in rupiah a month, above which a programme is not reckoned."""

    programme: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSet(Dated):
    """The programmes in which a category is insured."""

    district: str
    category: str
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WageBase(Dated):
    """The wage usually reckoned for a category or for one position of it, in rupiah a month."""

    district: str
    category: str
    amount: int
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Dated):
    """A reminder: `days_before` the due date at `at` local time; negative: working days after it."""

    name: str
    days_before: int
    at: time


@dataclass(frozen=True, slots=True)
class District:
    """A kabupaten: the office that runs the bot there, and the clock its villages live by."""

    code: str
    name: str
    office: str
    office_name: str
    zone: ZoneInfo
    zone_label: str


class _Local(Protocol):
    @property
    def district(self) -> str: ...
    @property
    def effective_from(self) -> date: ...
    def applies(self, on: date) -> bool: ...


D = TypeVar("D", bound=Dated)
L = TypeVar("L", bound=_Local)


@dataclass(frozen=True)
class Rules:
    """All rows, and the questions that are asked of them."""

    programmes: tuple[Programme, ...]
    all_rates: tuple[Rate, ...]
    all_risks: tuple[Risk, ...]
    all_caps: tuple[Cap, ...]
    categories: tuple[Category, ...]
    positions: tuple[Position, ...]
    districts: tuple[District, ...]
    all_programme_sets: tuple[ProgrammeSet, ...]
    all_wage_bases: tuple[WageBase, ...]
    all_stages: tuple[Stage, ...]

    def only(self, districts: Sequence[str]) -> "Rules":
        """These rules for some of the districts."""
        return replace(self, districts=tuple(d for d in self.districts if d.code in districts))

    def district(self, code: str) -> District:
        """The district with the Kemendagri code, as in "64.02"."""
        return _found((d for d in self.districts if d.code == code), f"district {code}")

    def programme(self, code: str) -> Programme:
        """The programme with the code, as in "jkk"."""
        return _found((p for p in self.programmes if p.code == code), f"programme {code}")

    def category(self, code: str) -> Category:
        """The category with the code, as in "perangkat"."""
        return _found((c for c in self.categories if c.code == code), f"category {code}")

    def position(self, code: str) -> Position:
        """The position with the code, as in "kaur_keuangan"."""
        return _found((p for p in self.positions if p.code == code), f"position {code}")

    def rates(self, programme: str, on: date, district: str = EVERYWHERE) -> tuple[Rate, ...]:
        """The rate of each payer on that day, the employer's first, in the district's class of risk."""
        rows = [rate for rate in self.all_rates if rate.programme == programme and rate.applies(on)]
        if any(rate.risk for rate in rows):
            risk = _nearest(self.all_risks, district, on).risk
            rows = [rate for rate in rows if rate.risk == risk]
        found = [row for payer in Payer if (row := _latest(r for r in rows if r.payer == payer))]
        if not found:
            raise Misconfigured(f"rules: no rate of {programme} on {on}")
        return tuple(found)

    def cap(self, programme: str, on: date) -> Cap | None:
        """The highest wage that is reckoned, if there is one."""
        return _latest(cap for cap in self.all_caps if cap.programme == programme and cap.applies(on))

    def programme_set(self, district: str, category: str, on: date) -> ProgrammeSet:
        """In which programmes the category is insured in that district."""
        return _nearest([s for s in self.all_programme_sets if s.category == category], district, on)

    def wage_base(self, district: str, position: Position, on: date) -> WageBase | None:
        """The wage to be suggested for a position: its own, or that of its category."""
        rows = [row for row in self.all_wage_bases if row.category == position.category]
        for code in (position.code, ""):
            own = [row for row in rows if row.position == code and row.applies(on)]
            local = [row for row in own if row.district == district]
            if found := _latest(local or [row for row in own if row.district == EVERYWHERE]):
                return found
        return None

    def stages(self, on: date) -> tuple[Stage, ...]:
        """The reminders in force on that day, the earliest first."""
        names = dict.fromkeys(stage.name for stage in self.all_stages)
        rows = (_latest(s for s in self.all_stages if s.name == name and s.applies(on)) for name in names)
        return tuple(sorted((row for row in rows if row), key=lambda stage: -stage.days_before))


T = TypeVar("T")


def _found(rows: Iterable[T], what: str) -> T:
    for row in rows:
        return row
    raise Misconfigured(f"rules: no {what}")


def _latest(rows: Iterable[D]) -> D | None:
    return max(rows, key=lambda row: row.effective_from, default=None)


def _nearest(rows: Sequence[L], district: str, on: date) -> L:
    """The row in force, the district's own before the one for all."""
    for where in (district, EVERYWHERE):
        found = [row for row in rows if row.district == where and row.applies(on)]
        if found:
            return max(found, key=lambda row: row.effective_from)
    raise Misconfigured(f"rules: nothing applies to district {district} on {on}")
