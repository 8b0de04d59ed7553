"""How a district stands at a moment, read from the store in one view: what all its papers are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import District
from bot.domain.standings import Count, Owed, Picture, Standing, count
from bot.store import bills, employers, places, tallies
from bot.store.database import Tx
from bot.store.tallies import Span

#: Months looked back on.
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Which district, when (UTC), up to which month, and of which kecamatan only ("" for all)."""

    district: District
    at: datetime
    until: Month
    subdistrict: str = ""

    @property
    def today(self) -> date:
        """The date where the district lies."""
        return self.at.astimezone(self.district.zone).date()

    @property
    def months(self) -> list[Month]:
        """The months looked back on, oldest first."""
        found = [self.until]
        while len(found) < MONTHS:
            found.insert(0, found[0].previous())
        return found


def counts(tx: Tx, district: str, today: date) -> dict[str, Count]:
    """The villages of each kecamatan, by its code: the same figures as the recap's."""
    registered, behind = employers.registered(tx, district), bills.behind(tx, district, today)
    found: dict[str, set[str]] = {}
    for one in places.villages(tx, district):
        found.setdefault(one.code[:8], set()).add(one.code)
    return {code: count(mine, registered, behind) for code, mine in found.items()}


def picture(tx: Tx, asked: Asked) -> Picture:
    """Every village of it, with what it owes and reported, and how the months before stood."""
    code, today = asked.district.code, asked.today
    registered = employers.registered(tx, code)
    late = _by_village(tallies.arrears(tx, code, today, asked.until))
    owed = _by_village(tallies.bills(tx, code, asked.months[0], asked.until))
    reports = tallies.reports(tx, code, asked.until)
    linked = tallies.linked(tx, code, office_day(asked.at))
    villages = [
        Standing(
            one.code,
            one.name,
            one.subdistrict,
            one.code in registered,
            tuple(dict.fromkeys(bill.month for bill in late.get(one.code, ()))),
            tuple(owed.get(one.code, ())),
            tuple(late.get(one.code, ())),
            reports.get(one.code),
            one.code in linked,
        )
        for one in places.villages(tx, code)
        if one.code.startswith(asked.subdistrict)
    ]
    return Picture(asked.at, asked.until, villages, _history(tx, asked))


def _by_village(found: Iterable[Owed]) -> dict[str, list[Owed]]:
    grouped: dict[str, list[Owed]] = {}
    for one in found:
        grouped.setdefault(one.village, []).append(one)
    return grouped


def _history(tx: Tx, asked: Asked) -> dict[Month, Count]:
    span = Span(asked.months[0].first, asked.today)
    return tallies.history(tx, asked.district.code, span, asked.subdistrict)
