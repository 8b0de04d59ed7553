"""What a building project of a village pays for its workers (Jasa Konstruksi), once for the whole project.

By its value, without PPN, in layers; or by the wages of a month where these are known.  The branch
office decides which of the two is allowed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from bot.domain.contributions import part_of
from bot.domain.dated import latest
from bot.domain.rulebook import Rules
from bot.domain.tariffs import ConstructionTax, ConstructionTier
from bot.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Layer:
    """The part of the value over `start` up to `end`, in rupiah, and what is owed for it."""

    start: int
    end: int
    jkk_percent: Decimal
    jkm_percent: Decimal
    jkk: int
    jkm: int

    @classmethod
    def of(cls, start: int, end: int, percents: tuple[Decimal, Decimal]) -> "Layer":
        """The layer with what its JKK and JKM percentages make, each in whole rupiah, half up."""
        jkk, jkm = percents
        return cls(start, end, jkk, jkm, part_of(end - start, jkk), part_of(end - start, jkm))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What is owed, layer by layer, and where the figures come from."""

    layers: tuple[Layer, ...]
    source: str

    @property
    def jkk(self) -> int:
        """The part for work accidents."""
        return sum(layer.jkk for layer in self.layers)

    @property
    def jkm(self) -> int:
        """The part for deaths."""
        return sum(layer.jkm for layer in self.layers)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.jkk + self.jkm


def by_value(value: int, on: date, rules: Rules) -> Contribution:
    """What a project of `value` rupiah without PPN pays by the rules of that day.

    Raises ValueError for a negative value.
    """
    _refuse_negative(value)
    tiers = rules.construction_tiers(on)
    if not tiers or tiers[0].above:
        raise Misconfigured(f"rules: no construction_tier from 0 on {on}")
    reached = [tier for tier in tiers if tier.above < value] or [tiers[0]]
    bounds = (*(tier.above for tier in reached), value)
    if not reached[-1].layered:
        reached, bounds = reached[-1:], (0, value)
    layers = [
        Layer.of(start, end, (tier.jkk, tier.jkm))
        for tier, (start, end) in zip(reached, pairwise(bounds), strict=True)
    ]
    return Contribution(tuple(layers), _sources(reached))


def by_wages(wages: int, on: date, rules: Rules) -> Contribution:
    """What a project pays for a month in which its workers earned `wages` rupiah together.

    Raises ValueError for a negative sum.
    """
    _refuse_negative(wages)
    row = rules.construction_wage(on)
    return Contribution((Layer.of(0, wages, (row.jkk, row.jkm)),), row.source)


def tax(on: date, rules: Rules) -> ConstructionTax:
    """The PPN that a value may hold on that day."""
    found = latest(row for row in rules.all_construction_taxes if row.applies(on))
    if found is None:
        raise Misconfigured(f"rules: no construction_tax on {on}")
    return found


def instalments(total: int) -> tuple[int, int, int]:
    """Half, a quarter, a quarter of a sum, in whole rupiah (the odd ones come early).

    All are to be paid before the work ends, says BPJS Ketenagakerjaan; cover begins with the first.
    """
    first = (total + 1) // 2
    second = (total - first + 1) // 2
    return first, second, total - first - second


def _refuse_negative(amount: int) -> None:
    if amount < 0:
        raise ValueError(f"not a sum: {amount}")


def _sources(tiers: list[ConstructionTier]) -> str:
    return "; ".join(dict.fromkeys(tier.source for tier in tiers))
