"""One look at each district that this process serves: where every planner begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import ruling
from bot.domain import deadlines, reminders
from bot.domain.calendar import working_day
from bot.domain.months import Month
from bot.domain.rulebook import District, Rules
from bot.store.database import Tx

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One look at what fell due in (since, until] in a district."""

    rules: Rules
    district: District
    since: datetime
    until: datetime
    today: date  # where the district lies
    named_days: bool  # whether the hour lies in it at which somebody is reminded of a day they named

    def passes(self, at: time) -> bool:
        """Whether this time of today lies in it; what is noticed only in the evening is not made up for."""
        moment = datetime.combine(self.today, at, self.district.zone)
        return self.since < moment <= self.until < self.evening

    @property
    def evening(self) -> datetime:
        """When nobody is written to any more today."""
        return datetime.combine(self.today, reminders.EVENING, self.district.zone)

    def works(self, day: date) -> bool:
        """Whether offices work on a day near this one."""
        return working_day(day, deadlines.free_days(self.rules, self.district.code, Month.of(self.today)))


class Served:
    """What a planner knows: the rules it began with, and the districts of this process."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._rules = rules
        self._districts = frozenset(districts)

    def rules(self, tx: Tx) -> Rules:
        """With all that the districts decided."""
        return ruling.current(tx, self._rules)

    def serves(self, district: str) -> bool:
        """Whether the district is one of this process."""
        return district in self._districts

    def runs(self, tx: Tx, since: datetime, until: datetime) -> Iterator[Run]:
        """A look at each district; what depends on the clock alone is computed once for each zone."""
        rules = self.rules(tx)
        known: dict[str, tuple[date, bool]] = {}
        for district in rules.districts:
            if district.code not in self._districts:
                continue
            zone = district.zone
            if zone.key not in known:
                today = until.astimezone(zone).date()
                at = datetime.combine(today, reminders.PLANNED_AT, zone)
                known[zone.key] = (today, since < at <= until or until - since >= _DAY)
            yield Run(rules, district, since, until, *known[zone.key])
