"""The dated rules: what applied on which day, and which regulation says so.

The rows come from the files under `bot/rules/` and from what a district set in chat; a row with a later
`effective_from` replaces the earlier ones from that day on, and a district's own row goes before the one
for all (`district = "*"`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from bot.domain.budget import Account, Funding, FundingRule
from bot.domain.customs import (
    MONTH,
    Criterion,
    District,
    DueRule,
    Holiday,
    ProgrammeSet,
    Stage,
    WageBase,
    WhatsappPrice,
)
from bot.domain.dated import CERTAIN, EVERYWHERE, Certainty, Dated, Segment, latest, nearest, needed
from bot.domain.people import Category, Position
from bot.domain.retention import Retention
from bot.domain.sipp import SippLayout, SippUse
from bot.domain.statements import Answer, Benefit, ReportLimit
from bot.domain.tariffs import (
    OTHER,
    AgeLimit,
    BpuRate,
    Cap,
    ConstructionTax,
    ConstructionTier,
    ConstructionWage,
    Discount,
    DiscountUse,
    Payer,
    Penalty,
    Programme,
    Rate,
    Risk,
)
from bot.errors import Misconfigured

__all__ = [
    "CERTAIN",
    "EVERYWHERE",
    "Cap",
    "Certainty",
    "Dated",
    "District",
    "DueRule",
    "Payer",
    "Programme",
    "ProgrammeSet",
    "Rate",
    "Risk",
    "Rules",
    "Segment",
    "Stage",
    "WageBase",
]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)  # two rulebooks are one only if they are the same: cheap to cache by
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
    all_due_rules: tuple[DueRule, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    all_bpu_rates: tuple[BpuRate, ...] = ()
    all_discounts: tuple[Discount, ...] = ()
    all_discount_uses: tuple[DiscountUse, ...] = ()
    all_construction_tiers: tuple[ConstructionTier, ...] = ()
    all_construction_wages: tuple[ConstructionWage, ...] = ()
    all_construction_taxes: tuple[ConstructionTax, ...] = ()
    all_penalties: tuple[Penalty, ...] = ()
    fundings: tuple[Funding, ...] = ()
    all_funding_rules: tuple[FundingRule, ...] = ()
    all_accounts: tuple[Account, ...] = ()
    all_age_limits: tuple[AgeLimit, ...] = ()
    all_whatsapp_prices: tuple[WhatsappPrice, ...] = ()
    all_benefits: tuple[Benefit, ...] = ()
    all_report_limits: tuple[ReportLimit, ...] = ()
    all_answers: tuple[Answer, ...] = ()
    all_sipp_layouts: tuple[SippLayout, ...] = ()
    all_sipp_uses: tuple[SippUse, ...] = ()
    all_criteria: tuple[Criterion, ...] = ()
    all_retentions: tuple[Retention, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The same for rules that reckon the same bills, in every process; another one when they change."""
        rows = (
            self.programmes, self.all_rates, self.all_risks, self.all_caps, self.all_programme_sets,
            self.all_due_rules, self.holidays, self.all_bpu_rates, self.all_discounts, self.all_discount_uses,
        )  # fmt: skip
        return sha256(repr(rows).encode()).hexdigest()[:16]

    def only(self, districts: Sequence[str]) -> "Rules":
        """These rules for some of the districts."""
        return replace(self, districts=tuple(d for d in self.districts if d.code in districts))

    def district(self, code: str) -> District:
        """The district with the Kemendagri code, as in "64.02"."""
        return _found((d for d in self.districts if d.code == code), f"district {code}")

    def programme(self, code: str) -> Programme:
        """The programme with the code, as in "jkk"."""
        return _found((p for p in self.programmes if p.code == code), f"programme {code}")

    def categories_of(self, district: str, on: date | None = None) -> tuple[Category, ...]:
        """The groups of insured people a district ever had, in their order; with a day, those open then.

        `categories` holds those that other districts added, too.
        """
        mine = (one for one in self.categories if one.district in (EVERYWHERE, district))
        return tuple(one for one in mine if on is None or one.open(on))

    def positions_of(self, district: str, on: date | None = None) -> tuple[Position, ...]:
        """The posts of those groups, without those that other districts added."""
        offered = {one.code for one in self.categories_of(district, on)}
        mine = (one for one in self.positions if one.district in (EVERYWHERE, district))
        return tuple(one for one in mine if one.category in offered)

    def category(self, code: str) -> Category:
        """The category with the code, as in "perangkat"."""
        return _found((c for c in self.categories if c.code == code), f"category {code}")

    def position(self, code: str) -> Position:
        """The position with the code, as in "kaur_keuangan"."""
        return _found((p for p in self.positions if p.code == code), f"position {code}")

    def funding(self, code: str) -> Funding:
        """The source of money with the code, as in "add"."""
        return _found((f for f in self.fundings if f.code == code), f"funding {code}")

    def rates(self, programme: str, on: date, district: str = EVERYWHERE) -> tuple[Rate, ...]:
        """The rate of each payer on that day, the employer's first, in the district's class of risk."""
        rows = [rate for rate in self.all_rates if rate.programme == programme and rate.applies(on)]
        if any(rate.risk for rate in rows):
            risk = needed(nearest(self.all_risks, district, on), "class of risk", district, on).risk
            rows = [rate for rate in rows if rate.risk == risk]
        found = [row for payer in Payer if (row := latest(r for r in rows if r.payer == payer))]
        if not found:
            raise Misconfigured(f"rules: no rate of {programme} on {on}")
        return tuple(found)

    def cap(self, programme: str, on: date) -> Cap | None:
        """The highest wage that is reckoned, if there is one."""
        return latest(cap for cap in self.all_caps if cap.programme == programme and cap.applies(on))

    def bpu_rates(self, programme: str, on: date) -> tuple[BpuRate, ...]:
        """What self-employed people pay for a programme, the lowest incomes first."""
        rows = [rate for rate in self.all_bpu_rates if rate.programme == programme and rate.applies(on)]
        bands = sorted({row.above for row in rows})
        found = [row for above in bands if (row := latest(r for r in rows if r.above == above))]
        if not found:
            raise Misconfigured(f"rules: no rate of {programme} for BPU on {on}")
        return tuple(found)

    def discount(self, programme: str, district: str, on: date) -> tuple[Discount, DiscountUse] | None:
        """What the government takes off for self-employed people of a village, and why it reaches them."""
        use = nearest(self.all_discount_uses, district, on)
        rows = [d for d in self.all_discounts if d.worker == OTHER and programme in d.programmes]
        found = latest(row for row in rows if row.applies(on))
        return (found, use) if found and use and use.used else None

    def programme_set(self, district: str, category: str, on: date) -> ProgrammeSet:
        """In which segment and programmes the category is insured in that district."""
        rows = [s for s in self.all_programme_sets if s.category == category]
        return needed(nearest(rows, district, on), f"programme_set of {category}", district, on)

    def wage_base(self, district: str, position: Position, on: date) -> WageBase | None:
        """The wage to be suggested for a position: its own, or that of its category."""
        rows = [row for row in self.all_wage_bases if row.category == position.category]
        own = nearest([row for row in rows if row.position == position.code], district, on)
        return own or nearest([row for row in rows if not row.position], district, on)

    def due_rule(self, district: str, segment: str, on: date) -> DueRule:
        """Until when the months of a segment are to be paid."""
        rows = [row for row in self.all_due_rules if row.segment == segment]
        return needed(nearest(rows, district, on), f"due_rule of {segment}", district, on)

    def stages(self, on: date, district: str = EVERYWHERE, kind: str = MONTH) -> tuple[Stage, ...]:
        """The reminders of a kind in force on that day, the earliest first."""
        rows = [stage for stage in self.all_stages if stage.kind == kind]
        names = dict.fromkeys(stage.name for stage in rows)
        found = (nearest([s for s in rows if s.name == name], district, on) for name in names)
        return tuple(sorted((s for s in found if s and not s.off), key=lambda stage: -stage.days_before))

    def whatsapp_price(self, district: str, on: date) -> WhatsappPrice:
        """What a delivered template costs the district."""
        return needed(nearest(self.all_whatsapp_prices, district, on), "whatsapp_price", district, on)

    def construction_tiers(self, on: date) -> tuple[ConstructionTier, ...]:
        """The tiers of building projects in force on that day, the lowest values first."""
        rows = [tier for tier in self.all_construction_tiers if tier.applies(on)]
        bounds = sorted({tier.above for tier in rows})
        return tuple(row for above in bounds if (row := latest(t for t in rows if t.above == above)))

    def construction_wage(self, on: date) -> ConstructionWage:
        """What building projects pay of known wages."""
        found = latest(row for row in self.all_construction_wages if row.applies(on))
        if found is None:
            raise Misconfigured(f"rules: no construction_wage on {on}")
        return found

    def penalty(self, district: str, on: date) -> Penalty | None:
        """What a delay is estimated to cost; None where no estimate is shown."""
        found = nearest(self.all_penalties, district, on)
        return found if found and found.enabled else None

    def funding_rule(self, district: str, category: str, funding: str, on: date) -> FundingRule | None:
        """Whether a source of money may pay for a category, where a rule says so."""
        rows = [r for r in self.all_funding_rules if (r.category, r.funding) == (category, funding)]
        return nearest(rows, district, on)

    def account(self, district: str, category: str, on: date) -> Account | None:
        """Where a village books the contributions of a category, where a rule says so."""
        return nearest([row for row in self.all_accounts if row.category == category], district, on)

    def age_limit(self, segment: str, programme: str, on: date) -> AgeLimit | None:
        """The age from which on nobody is registered anew in the programme, or ("") in the segment."""
        rows = [r for r in self.all_age_limits if (r.segment, r.programme) == (segment, programme)]
        return latest(row for row in rows if row.applies(on))


def _found(rows: Iterable[T], what: str) -> T:
    for row in rows:
        return row
    raise Misconfigured(f"rules: no {what}")
