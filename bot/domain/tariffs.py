"""The rows that say what insurance costs: percentages, sums, caps, discounts, layers, penalties."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.dated import Dated, Segment

#: The kinds of self-employed people that a discount tells apart; those of a village are the others.
OTHER, TRANSPORT = "other", "transport"


class Payer(StrEnum):
    """Who bears a part of the contribution: the village or the person."""

    EMPLOYER = "employer"
    WORKER = "worker"


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
class BpuRate(Dated):
    """What a self-employed person (BPU) pays a month whose declared income is over `above` rupiah.

    Either a fixed `amount`, or `percent` of the income with a `minimum` sum.
    """

    programme: str
    above: int = 0
    percent: Decimal = Decimal(0)
    minimum: int = 0
    amount: int = 0

    def __post_init__(self) -> None:
        if min(self.above, self.minimum, self.amount) < 0:
            raise ValueError("sums cannot be negative")
        if bool(self.percent) == bool(self.amount):
            raise ValueError("either percent or amount")
        if self.minimum and self.amount:
            raise ValueError("minimum belongs to percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount(Dated):
    """A percentage that the government takes off some programmes for one kind of self-employed people."""

    worker: str
    programmes: tuple[str, ...]
    percent: Decimal

    def __post_init__(self) -> None:
        if self.worker not in {OTHER, TRANSPORT}:
            raise ValueError(f"worker is {OTHER} or {TRANSPORT}, not {self.worker!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountUse(Dated):
    """Whether discounts reach those whose contribution the village's budget pays."""

    district: str
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionTier(Dated):
    """Percentages of the value of a building project over `above` rupiah (Jasa Konstruksi).

    `layered`: the percentages are of what exceeds `above`, on top of the lower tiers; otherwise of
    the whole value.
    """

    above: int
    jkk: Decimal
    jkm: Decimal
    layered: bool

    def __post_init__(self) -> None:
        if self.above < 0:
            raise ValueError("above cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionWage(Dated):
    """Percentages of the monthly wages of a building project where these are known."""

    jkk: Decimal
    jkm: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionTax(Dated):
    """The PPN that a project's value may hold, in percent of the value without it."""

    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty(Dated):
    """What a month's delay is estimated to cost, in percent of the contribution, where that is shown."""

    district: str
    percent: Decimal
    enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeLimit(Dated):
    """Who has reached `years` is not registered anew: in a programme, or in a whole segment (programme "")."""

    segment: Segment
    years: int
    programme: str = ""

    def __post_init__(self) -> None:
        if not 15 <= self.years <= 100:
            raise ValueError(f"years cannot be {self.years}")
