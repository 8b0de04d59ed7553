"""What a village owes for a month: percentages of each wage (PU), or sums by declared income (BPU).

Each programme is rounded to whole rupiah for each person and payer, half up.  How the agency rounds
is not published, so a figure may differ from its bill by a few rupiah: it is called a reckoning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.months import Month
from bot.domain.rulebook import CERTAIN, EVERYWHERE, Dated, Payer, Rules, Segment
from bot.domain.tariffs import BpuRate


@dataclass(frozen=True, slots=True)
class Insured:
    """A member as the reckoning needs it: the wage or income in rupiah a month, the programmes by code."""

    member: int
    wage: int
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part in one programme."""

    member: int
    programme: str
    base: int  # the wage, or its cap; the declared income
    employer: int
    worker: int


@dataclass(frozen=True, slots=True)
class Line:
    """One programme of a bill; `base` is the sum of the wages it is reckoned from.

    For self-employed people `per_person` is what each pays before the `discount` (in percent) where all
    pay the same; where they do not it is 0 and `employer_percent` says of what part of the incomes.
    `certain`: every rule behind it was read in the law or a report about it, or follows from such.
    """

    programme: str
    people: int
    employer_percent: Decimal
    worker_percent: Decimal
    base: int
    employer: int
    worker: int
    source: str
    per_person: int = 0
    discount: Decimal = Decimal(0)
    certain: bool = True

    @property
    def percent(self) -> Decimal:
        """Of both payers."""
        return self.employer_percent + self.worker_percent

    @property
    def total(self) -> int:
        """Of both payers, in rupiah."""
        return self.employer + self.worker


@dataclass(frozen=True, slots=True)
class Bill:
    """The reckoning of a month, with what each person has in it."""

    month: Month
    people: int
    lines: tuple[Line, ...]
    shares: tuple[Share, ...]

    @property
    def employer(self) -> int:
        """What the village bears."""
        return sum(line.employer for line in self.lines)

    @property
    def worker(self) -> int:
        """What is kept back from the wages."""
        return sum(line.worker for line in self.lines)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.employer + self.worker


def reckon(
    insured: Sequence[Insured],
    month: Month,
    rules: Rules,
    district: str = EVERYWHERE,
    segment: str = Segment.PU,
) -> Bill:
    """The bill of a month by the rules of its first day; lines come in the order of the programmes.

    For self-employed people (BPU) the whole sum is the village's.
    """
    lines, shares = [], []
    for programme in rules.programmes:
        members = [person for person in insured if programme.code in person.programmes]
        if not members:
            continue
        if segment == Segment.BPU:
            line, parts = _bpu_line(members, _BpuTariff.of(programme.code, month, rules, district))
        else:
            line, parts = _line(members, _Tariff.of(programme.code, month, rules, district))
        lines.append(line)
        shares += parts
    return Bill(month, len(insured), tuple(lines), tuple(shares))


@dataclass(frozen=True, slots=True)
class _Tariff:
    """What one programme costs employed people in one month."""

    programme: str
    employer: Decimal
    worker: Decimal
    cap: int | None
    rows: tuple[Dated, ...]

    @classmethod
    def of(cls, programme: str, month: Month, rules: Rules, district: str) -> "_Tariff":
        rates = rules.rates(programme, month.first, district)
        cap = rules.cap(programme, month.first)
        part = {rate.payer: rate.percent for rate in rates}
        return cls(
            programme,
            part.get(Payer.EMPLOYER, Decimal(0)),
            part.get(Payer.WORKER, Decimal(0)),
            cap.amount if cap else None,
            (*rates, cap) if cap else rates,
        )


@dataclass(frozen=True, slots=True)
class _BpuTariff:
    """What one programme costs self-employed people in one month."""

    programme: str
    bands: tuple[BpuRate, ...]  # the lowest incomes first
    discount: Decimal
    rows: tuple[Dated, ...]  # that say why there is a discount

    @classmethod
    def of(cls, programme: str, month: Month, rules: Rules, district: str) -> "_BpuTariff":
        found = rules.discount(programme, district, month.first)
        return cls(
            programme,
            rules.bpu_rates(programme, month.first),
            found[0].percent if found else Decimal(0),
            found or (),
        )

    def band(self, income: int) -> BpuRate:
        """The row for an income."""
        return [self.bands[0], *(row for row in self.bands if row.above < income)][-1]


def _line(members: Sequence[Insured], tariff: _Tariff) -> tuple[Line, list[Share]]:
    shares = []
    for person in members:
        base = person.wage if tariff.cap is None else min(person.wage, tariff.cap)
        employer, worker = part_of(base, tariff.employer), part_of(base, tariff.worker)
        shares.append(Share(person.member, tariff.programme, base, employer, worker))
    line = Line(
        tariff.programme,
        len(shares),
        tariff.employer,
        tariff.worker,
        sum(share.base for share in shares),
        sum(share.employer for share in shares),
        sum(share.worker for share in shares),
        _sources(tariff.rows),
        certain=_certain(tariff.rows),
    )
    return line, shares


def _bpu_line(members: Sequence[Insured], tariff: _BpuTariff) -> tuple[Line, list[Share]]:
    rows = [tariff.band(person.wage) for person in members]
    full = [_monthly(row, person.wage) for row, person in zip(rows, members, strict=True)]
    left = 100 - tariff.discount
    shares = [
        Share(person.member, tariff.programme, person.wage, part_of(amount, left), 0)
        for person, amount in zip(members, full, strict=True)
    ]
    same = len(set(full)) == 1
    used = (*rows, *tariff.rows)
    line = Line(
        tariff.programme,
        len(shares),
        Decimal(0) if same else max(row.percent for row in rows),
        Decimal(0),
        sum(share.base for share in shares),
        sum(share.employer for share in shares),
        0,
        _sources(used),
        full[0] if same else 0,
        tariff.discount,
        _certain(used),
    )
    return line, shares


def _monthly(rate: BpuRate, income: int) -> int:
    return rate.amount or max(part_of(income, rate.percent), rate.minimum)


def _sources(rows: Sequence[Dated]) -> str:
    return "; ".join(dict.fromkeys(row.source for row in rows))


def _certain(rows: Sequence[Dated]) -> bool:
    return all(row.certainty in CERTAIN for row in rows)


def part_of(base: int, percent: Decimal) -> int:
    """A percentage of a sum in whole rupiah, half up."""
    return int((base * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def percent_label(percent: Decimal) -> str:
    """As people write it: "0,24%", "2%"."""
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%".replace(".", ",")
