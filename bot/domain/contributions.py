"""What a village owes for a month: percentages of each wage, by programme.

Each programme is rounded to whole rupiah for each person and payer, half up.  How the agency rounds
is not published, so a figure may differ from its bill by a few rupiah: it is called a reckoning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.months import Month
from bot.domain.rulebook import EVERYWHERE, Payer, Rules


@dataclass(frozen=True, slots=True)
class Insured:
    """A member as the reckoning needs it: the wage in rupiah a month, the programmes by code."""

    member: int
    wage: int
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part in one programme."""

    member: int
    programme: str
    base: int  # the wage, or its cap
    employer: int
    worker: int


@dataclass(frozen=True, slots=True)
class Line:
    """One programme of a bill; `base` is the sum of the wages it is reckoned from."""

    programme: str
    people: int
    employer_percent: Decimal
    worker_percent: Decimal
    base: int
    employer: int
    worker: int
    source: str

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


def reckon(insured: Sequence[Insured], month: Month, rules: Rules, district: str = EVERYWHERE) -> Bill:
    """The bill of a month by the rules of its first day; lines come in the order of the programmes."""
    lines, shares = [], []
    for programme in rules.programmes:
        members = [person for person in insured if programme.code in person.programmes]
        if members:
            line, parts = _line(programme.code, members, _Tariff.of(programme.code, month, rules, district))
            lines.append(line)
            shares += parts
    return Bill(month, len(insured), tuple(lines), tuple(shares))


@dataclass(frozen=True, slots=True)
class _Tariff:
    """What one programme costs in one month."""

    employer: Decimal
    worker: Decimal
    cap: int | None
    source: str

    @classmethod
    def of(cls, programme: str, month: Month, rules: Rules, district: str) -> "_Tariff":
        rates = rules.rates(programme, month.first, district)
        cap = rules.cap(programme, month.first)
        part = {rate.payer: rate.percent for rate in rates}
        sources = dict.fromkeys(row.source for row in (*rates, cap) if row)
        return cls(
            part.get(Payer.EMPLOYER, Decimal(0)),
            part.get(Payer.WORKER, Decimal(0)),
            cap.amount if cap else None,
            "; ".join(sources),
        )


def _line(programme: str, members: Sequence[Insured], tariff: _Tariff) -> tuple[Line, list[Share]]:
    shares = []
    for person in members:
        base = person.wage if tariff.cap is None else min(person.wage, tariff.cap)
        employer, worker = part_of(base, tariff.employer), part_of(base, tariff.worker)
        shares.append(Share(person.member, programme, base, employer, worker))
    line = Line(
        programme,
        len(shares),
        tariff.employer,
        tariff.worker,
        sum(share.base for share in shares),
        sum(share.employer for share in shares),
        sum(share.worker for share in shares),
        tariff.source,
    )
    return line, shares


def part_of(base: int, percent: Decimal) -> int:
    """A percentage of a sum in whole rupiah, half up."""
    return int((base * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def percent_label(percent: Decimal) -> str:
    """As people write it: "0,24%", "2%"."""
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%".replace(".", ",")
