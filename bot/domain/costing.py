"""What insurance costs a village in a year: of a group to come, and of all who serve it, line by line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import contributions, groups
from bot.domain.budget import Account
from bot.domain.contributions import Bill, Insured
from bot.domain.customs import ProgrammeSet
from bot.domain.dated import EVERYWHERE, Segment
from bot.domain.groups import Cost, Terms
from bot.domain.months import Month
from bot.domain.people import Category, Position
from bot.domain.rulebook import Rules

MONTHS = range(1, 13)
DANA_DESA = "dana_desa"


@dataclass(frozen=True, slots=True)
class Estimate:
    """So many people of a group: what one of them costs in January, all of them then, and in the year."""

    people: int
    one: Bill
    month: Cost
    year: Cost


def estimate(rules: Rules, district: str, of: Terms, people: int, year: int) -> Estimate:
    """What a group would cost."""
    one = groups.price(rules, district, of, Month(year, 1))
    yearly = groups.yearly(rules, district, of, year)
    return Estimate(people, one, Cost(one.employer, one.worker).times(people), yearly.times(people))


@dataclass(frozen=True, slots=True)
class Source:
    """A source of money, and whether it may pay by which rule; `allowed` is None where no rule says.

    `left_out`: no rule refuses it, the district has chosen others.
    """

    code: str
    label: str
    allowed: bool | None
    rule: str = ""
    left_out: bool = False


def money_sources(rules: Rules, district: str, category: str, on: date) -> list[Source]:
    """All sources, for one group."""
    found = []
    for one in rules.fundings:
        rule = rules.funding_rule(district, category, one.code, on)
        if rule is None:
            found.append(Source(one.code, one.label, None))
            continue
        own = not rule.allowed and rule.district != EVERYWHERE
        found.append(Source(one.code, one.label, rule.allowed, rule.source, own))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One group in a year's budget; `base` is the sum of the wages of a month."""

    category: str
    label: str
    people: int
    base: int
    segment: Segment
    programmes: tuple[str, ...]  # of the last month, where they change in the year
    changes: Month | None  # from when on, if they do
    cost: Cost
    certain: bool
    rules: str
    account: Account | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that a village normally has and nobody holds, and what a year of it would cost."""

    label: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Budget:
    """A year of one village, or what is left of the running one: from `since` on."""

    since: Month
    lines: tuple[Line, ...]
    vacancies: tuple[Vacancy, ...] = ()

    @property
    def year(self) -> int:
        """The budget year."""
        return self.since.year

    @property
    def span(self) -> str:
        """The months that are counted: "setahun", "November–Desember 2026"."""
        return span(self.since)

    @property
    def left_out(self) -> dict[str, str]:
        """The sources that the district has not chosen, by the rule that says so."""
        found: dict[str, dict[str, None]] = {}
        for line in self.lines:
            for source in line.sources:
                if source.left_out:
                    found.setdefault(source.rule, {})[source.label] = None
        return {rule: ", ".join(labels) for rule, labels in found.items()}

    @property
    def people(self) -> int:
        """All that are insured."""
        return sum(line.people for line in self.lines)

    @property
    def cost(self) -> Cost:
        """Without the vacancies."""
        return sum((line.cost for line in self.lines), Cost())

    @property
    def vacant(self) -> Cost:
        """Of the posts that nobody holds."""
        return sum((one.cost for one in self.vacancies), Cost())

    @property
    def certain(self) -> bool:
        """Whether all of it may be stated without an official's word."""
        return all(line.certain for line in self.lines)

    @property
    def forbidden(self) -> dict[str, str]:
        """The rules that refuse Dana Desa, each with the groups it names."""
        found: dict[str, list[str]] = {}
        for line in self.lines:
            for source in line.sources:
                if source.code == DANA_DESA and source.allowed is False:
                    found.setdefault(source.rule, []).append(line.label)
        return {rule: ", ".join(labels) for rule, labels in found.items()}

    @property
    def unclear(self) -> str:
        """The groups for which no rule says whether Dana Desa may pay, with commas between."""
        return ", ".join(
            line.label
            for line in self.lines
            if any(source.code == DANA_DESA and source.allowed is None for source in line.sources)
        )


def first_month(year: int, today: date) -> Month:
    """The first month of a budget year whose contributions are still to be paid: of the running year this one."""
    return Month.of(today) if year == today.year else Month(year, 1)


def span(since: Month) -> str:
    """From a month to the end of its year, in words."""
    if since.number == 1:
        return "setahun"
    last = Month(since.year, 12)
    return last.label if since == last else f"{since.label.split()[0]}–{last.label}"


def headed(since: Month) -> str:
    """The same at the head of a column or a page: "Setahun"."""
    said = span(since)
    return said[0].upper() + said[1:]


def budget(
    rules: Rules,
    district: str,
    wages: Mapping[str, Sequence[int]],
    since: Month,
    empty: Sequence[Position] = (),
) -> Budget:
    """The year of a village, from a month on: `wages` of its people by the code of their group, `empty` posts of
    the usual ones.
    """
    lines = [
        _line(rules, district, one, wages[one.code], since)
        for one in rules.categories_of(district)
        if wages.get(one.code) and groups.runs(rules, one.code, Month(since.year, 12))
    ]
    return Budget(since, tuple(lines), tuple(_vacancy(rules, district, one, since) for one in empty))


def _line(rules: Rules, district: str, category: Category, wages: Sequence[int], since: Month) -> Line:
    whole = [Month(since.year, number) for number in MONTHS if number >= since.number]
    months = [month for month in whole if groups.runs(rules, category.code, month)]
    sets = [rules.programme_set(district, category.code, month.first) for month in months]
    bills = []
    for month, chosen in zip(months, sets, strict=True):
        people = [Insured(number, wage, chosen.programmes) for number, wage in enumerate(wages)]
        bills.append(contributions.reckon(people, month, rules, district, chosen.segment))
    day = max(since.first, category.since or since.first)
    return Line(
        category=category.code,
        label=category.label,
        people=len(wages),
        base=sum(wages),
        segment=sets[-1].segment,
        programmes=sets[-1].programmes,
        changes=_changes(months, sets),
        cost=sum((Cost(bill.employer, bill.worker) for bill in bills), Cost()),
        certain=all(groups.certain(bill) for bill in bills),
        rules=groups.sources(bills),
        account=rules.account(district, category.code, day),
        sources=tuple(money_sources(rules, district, category.code, day)),
    )


def _changes(months: Sequence[Month], sets: Sequence[ProgrammeSet]) -> Month | None:
    """From when on the last programmes of the year hold, where they do not all year."""
    since = None
    for before, month, chosen in zip(sets, months[1:], sets[1:], strict=False):
        if (before.segment, before.programmes) != (chosen.segment, chosen.programmes):
            since = month
    return since


def _vacancy(rules: Rules, district: str, position: Position, since: Month) -> Vacancy:
    base = rules.wage_base(district, position, since.first)
    if base is None:
        return Vacancy(position.label, Cost())
    one = _line(rules, district, rules.category(position.category), [base.amount], since)
    return Vacancy(position.label, one.cost)


def unfilled(rules: Rules, district: str, on: date, filled: Collection[str]) -> list[Position]:
    """Posts that a village normally has and nobody holds."""
    offered = rules.positions_of(district, on)
    return [one for one in offered if one.usual and one.code not in filled]
