"""Groups of insured people (kelompok): which a district has on a day, and what one of their people costs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain import contributions, money
from bot.domain.contributions import Bill, Insured
from bot.domain.dated import CERTAIN, Segment
from bot.domain.months import Month
from bot.domain.people import Category
from bot.domain.rulebook import Rules
from bot.domain.tariffs import OTHER

#: What districts add most, beside those of the rules.
COMMON = ("Kader Posyandu", "Linmas", "Guru PAUD", "Guru Ngaji", "Marbot", "Pengurus PKK")
#: Letters of a name; so a button can hold it.
LONGEST = 24
#: The fewest that are insured of each segment, then with what is usually added.
PROGRAMMES: dict[Segment, tuple[tuple[str, ...], ...]] = {
    Segment.PU: (("jkk", "jkm"), ("jkk", "jkm", "jht"), ("jkk", "jkm", "jht", "jp")),
    Segment.BPU: (("jkk", "jkm"), ("jkk", "jkm", "jht")),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How the people of a group are insured; `wage` is the declared income of those who pay for themselves."""

    segment: Segment
    programmes: tuple[str, ...]
    wage: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Rupiah that the village bears, and that are kept back from the wages."""

    employer: int = 0
    worker: int = 0

    @property
    def total(self) -> int:
        """Of both."""
        return self.employer + self.worker

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.employer + other.employer, self.worker + other.worker)

    def times(self, count: int) -> "Cost":
        """So many of it."""
        return Cost(self.employer * count, self.worker * count)


def runs(rules: Rules, category: str, month: Month) -> bool:
    """Whether months of that group are owed already: it may have begun after somebody's letter of appointment."""
    return rules.category(category).begun(month.first)


def code_of(label: str, district: str) -> str:
    """The code of what a district adds: its own, and the same for the same name."""
    return f"{key(label).replace(' ', '_')}_{district.replace('.', '')}"


def key(label: str) -> str:
    """Names that differ in signs and capitals only are one."""
    return re.sub(r"[^a-z0-9]+", " ", label.casefold()).strip()


def sounds_common(text: str) -> bool:
    """Whether it begins like one of the groups that districts add: "kader" is near to "kades", and not meant."""
    first = key(text).split(" ")[0]
    return first in {key(name).split(" ")[0] for name in COMMON}


def taken(rules: Rules, district: str, label: str) -> bool:
    """Whether a group or a post of the district is called so already."""
    names = [one.label for one in rules.categories_of(district)]
    for one in rules.positions_of(district):
        names += [one.label, *one.aliases]
    return key(label) in {key(name) for name in names}


def terms(rules: Rules, district: str, category: Category, on: date) -> Terms:
    """How the group is insured on that day, or on its first one; with the wage of most of its posts."""
    day = max(on, category.since or on)
    chosen = rules.programme_set(district, category.code, day)
    inside = [one for one in rules.positions_of(district) if one.category == category.code]
    bases = [rules.wage_base(district, one, day) for one in inside]
    amounts = [base.amount for base in bases if base]
    wage = max(amounts, key=lambda amount: (amounts.count(amount), amount), default=0)
    return Terms(chosen.segment, chosen.programmes, wage)


def wage_is_known(rules: Rules, district: str, category: Category, on: date) -> bool:
    """Whether its wage is a rule, and not only what others do."""
    day = max(on, category.since or on)
    inside = [one for one in rules.positions_of(district) if one.category == category.code]
    bases = [rules.wage_base(district, one, day) for one in inside]
    return all(base.certainty in CERTAIN for base in bases if base)


def price(rules: Rules, district: str, of: Terms, month: Month) -> Bill:
    """What one person costs in a month."""
    return contributions.reckon([Insured(0, of.wage, of.programmes)], month, rules, district, of.segment)


def yearly(rules: Rules, district: str, of: Terms, year: int) -> Cost:
    """What one person costs in a year, each month by its own rules."""
    bills = [price(rules, district, of, Month(year, number)) for number in range(1, 13)]
    return sum((Cost(bill.employer, bill.worker) for bill in bills), Cost())


def certain(bill: Bill) -> bool:
    """Whether all of it may be stated without an official's word."""
    return all(line.certain for line in bill.lines)


def sources(bills: Sequence[Bill]) -> str:
    """The rules behind the sums, each once."""
    found = [part for bill in bills for line in bill.lines for part in line.source.split("; ")]
    return "; ".join(dict.fromkeys(found))


def made_of(rules: Rules, bill: Bill) -> str:
    """The parts of one person's price with their rules: "JKK Rp10.000 (PP 44/2015 Lampiran II), JKM ..."."""
    return ", ".join(
        f"{rules.programme(line.programme).label} {money.rupiah(line.total)} ({_named(line.source)})"
        for line in bill.lines
    )


def _named(source: str) -> str:
    """Rules without what they say."""
    return "; ".join(dict.fromkeys(part.partition(":")[0] for part in source.split("; ")))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A discount of which nobody can say yet whether it reaches those whom the village's budget pays."""

    percent: Decimal
    source: str
    until: date | None
    price: int  # of one person in a month, if it does


def doubt(rules: Rules, district: str, of: Terms, month: Month) -> Doubt | None:
    """The discount for self-employed people that is not reckoned, where one is in force."""
    if of.segment is not Segment.BPU:
        return None
    rows = [one for one in rules.all_discounts if one.worker == OTHER and one.applies(month.first)]
    found = [one for one in rows if set(one.programmes) & set(of.programmes)]
    if not found or any(rules.discount(code, district, month.first) for code in of.programmes):
        return None
    row = max(found, key=lambda one: one.effective_from)
    full = price(rules, district, of, month)
    less = sum(
        contributions.part_of(line.total, row.percent)
        for line in full.lines
        if line.programme in row.programmes
    )
    return Doubt(row.percent, row.source, row.effective_to, full.total - less)
