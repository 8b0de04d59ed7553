"""How villages stand at a moment: counted, and one by one, without a word about any person."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.months import Month

#: A sum for fewer people would tell a person's wage to whoever knows the rate.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Count:
    """Villages: registered, of these with something late, and not registered."""

    registered: int = 0
    behind: int = 0
    missing: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.registered + other.registered, self.behind + other.behind, self.missing + other.missing
        )

    @property
    def paid(self) -> int:
        """Registered, and nothing late."""
        return self.registered - self.behind

    @property
    def total(self) -> int:
        """All of them."""
        return self.registered + self.missing


@dataclass(frozen=True, slots=True)
class Owed:
    """One bill; `amount` is None while nobody knows it, `given` where it is the agency's own figure."""

    village: str
    month: Month
    people: int
    amount: int | None
    paid: int
    settled: bool
    given: bool = False

    @property
    def left(self) -> int | None:
        """What is still to be paid."""
        if self.settled:
            return 0
        return None if self.amount is None else self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Report:
    """The last report of payment of a village; `state` in words."""

    month: Month
    months: int
    at: datetime
    state: str
    proved: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One village: `late` are its months past their due date, oldest first."""

    code: str
    name: str
    subdistrict: str
    registered: bool
    late: tuple[Month, ...] = ()
    bills: tuple[Owed, ...] = ()
    arrears: tuple[Owed, ...] = ()
    report: Report | None = None
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A district, or one kecamatan of it, at a moment; `until` is the last month that is looked at."""

    at: datetime
    until: Month
    villages: Sequence[Standing]
    history: dict[Month, Count] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        """All villages together."""
        return _of(self.villages)

    @property
    def by_subdistrict(self) -> dict[str, Count]:
        """Each kecamatan by its name, in the order of the villages."""
        names = dict.fromkeys(one.subdistrict for one in self.villages)
        return {name: _of(one for one in self.villages if one.subdistrict == name) for name in names}


def count(villages: Set[str], registered: Set[str], behind: Set[str]) -> Count:
    """How many of these villages, by their codes, stand how; only who is registered can be behind."""
    known = villages & registered
    return Count(len(known), len(known & behind), len(villages - known))


def _of(villages: Iterable[Standing]) -> Count:
    by_code = {one.code: one for one in villages}
    late = {code for code, one in by_code.items() if one.late}
    return count(by_code.keys(), {code for code, one in by_code.items() if one.registered}, late)


#: A sum that is not told.
HIDDEN = "*"


def told(bills: Iterable[Owed], *, left: bool = False) -> int | str | None:
    """The sum of some bills of one village: None where one is unknown, `HIDDEN` where it tells a wage."""
    known = list(bills)
    sums = [one.left if left else one.amount for one in known]
    if not known or any(each is None for each in sums):
        return None
    people = [one.people for one in known]
    if 0 < sum(people) < FEWEST or any(0 < each < FEWEST for each in people):
        return HIDDEN
    return sum(each or 0 for each in sums)
