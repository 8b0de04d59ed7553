"""Who lives in the simulated years: villages and offices, and how people come, go and change."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from bench import officers, payers
from bench.payers import HABITS, Deed, Desa
from bench.promises import ZONES
from bot import ledger, ruling
from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.messages import Address
from bot.regions import villages
from bot.store import agreements, decisions, employers, members, people, pins, posts
from bot.store.agreements import Agreement
from bot.store.database import Tx
from bot.store.employers import Employer, Payer
from bot.store.members import By

#: Villages of Landak that have registered nobody.
UNREGISTERED = 36
ROLES = (Role.TREASURER, Role.SECRETARY, Role.HEAD)
POSTS = ("kades", "sekdes", "kaur_keuangan", "kasi_pelayanan", "bpd_ketua", "rt_ketua", "rt_ketua")
#: How often in a month, by a hundred villages, somebody comes, goes, gets another wage, or another officer comes.
COMES, GOES, EARNS, REPLACED = 6, 5, 5, 3
DAY = timedelta(days=1)
#: Posts held for a term, and the first day on which one may end.
_TERMS = ("kades", "bpd_ketua")
START_OF_TERMS = date(2026, 12, 1)
#: The last days of the districts' agreements with the agency.
AGREED = {"64.02": date(2027, 9, 30), "61.08": date(2028, 5, 31)}
FIRST = Month(2026, 11)
#: What a district decides on the way: the day, the district, the table, the row.
DECIDED: tuple[tuple[date, str, str, dict[str, object]], ...] = (
    (date(2027, 2, 20), "61.08", "stage", {"name": "h-3", "days_before": 4, "at": "08:00:00"}),
    (date(2027, 6, 10), "64.02", "programme_set", {"category": "bpd", "programmes": ["jkk", "jkm", "jht"]}),
    (date(2028, 1, 25), "64.02", "stage", {"name": "h-1", "days_before": 1, "at": "06:00:00"}),
)

#: What changes, in a transaction, at the moment in which it is done.
Change = Callable[[Tx, datetime], None]


class People:
    """Everybody who is made up, and what they do without being asked."""

    def __init__(
        self, rules: Rules, dice: random.Random, number: int, codes: Sequence[str] = officers.DISTRICTS
    ) -> None:
        self._rules = rules
        self._dice = dice
        self.villages = _villages(number, dice, codes)
        self.of_user: dict[str, Desa] = {}
        self.districts: dict[str, str] = {}  # of each account
        self._checkers = {d: [f"{d}-{role}" for role in ("admin", "operator", "bpjs")] for d in codes}
        self._insured: dict[str, list[int]] = {}
        self._numbers = count(1)
        self._decided = list(DECIDED)
        self._changes: list[tuple[datetime, Change]] = []

    def free(self, district: str) -> frozenset[date]:
        """The days off that the district added itself."""
        return frozenset(day.day for day in self._rules.holidays if day.district == district)

    def settle_in(self, tx: Tx, now: datetime) -> None:
        """Offices are given, people registered, the books opened."""
        for district, users in self._checkers.items():
            pins.require(tx, district, wanted=False)
            for user in users:
                role = Role(user.partition("-")[2])
                self._serve(tx, user, Office(role, district), now)
        for district, until in AGREED.items():
            agreed = Agreement(district, "1/PKS/2025", date(2025, 6, 1), until, "perangkat desa")
            agreements.add(tx, agreed, 1, now)
        for desa in self.villages:
            roles = ROLES[: self._dice.choice((1, 2, 2, 3))] if self._dice.random() > 0.04 else ()
            for role in roles:
                self._appoint(tx, desa, role, now)
            if desa.registered:
                self._register(tx, desa, now)

    def _serve(self, tx: Tx, user: str, office: Office, now: datetime) -> None:
        person = people.add(tx, officers.name(next(self._numbers)), now)
        people.link(tx, person, user, Address(memory.NAME, user), now)
        people.appoint(tx, person, office, now.date())
        self.districts[user] = office.district

    def _appoint(self, tx: Tx, desa: Desa, role: Role, now: datetime) -> None:
        user = f"{desa.code}-{next(self._numbers)}"
        self._serve(tx, user, Office(role, desa.district, desa.code), now)
        desa.users.append(user)
        desa.users.sort(key=lambda one: one != user or role is not Role.TREASURER)
        self.of_user[user] = desa

    def _register(self, tx: Tx, desa: Desa, now: datetime) -> None:
        since = Month(2026, 9) if self._dice.random() < 0.2 else FIRST
        payer = Payer.TREASURY if self._dice.random() < 0.03 else Payer.VILLAGE
        employers.put(tx, Employer(desa.code, f"N{desa.code}", "2024", since, payer), None, now)
        known = self._dice.random() > 0.03  # of some nobody is known by name
        for position in POSTS[: self._dice.randint(3, len(POSTS))] if known else ():
            self._insure(tx, desa, position, date(2026, 1, 5), now)
        if known and desa.beside:
            self._insure(tx, desa, "rt_ketua", date(2026, 1, 5), now)
        self._refresh(tx, desa, since, now)

    def _insure(self, tx: Tx, desa: Desa, position: str, joined: date, now: datetime) -> None:
        number = next(self._numbers)
        wage = self._dice.choice((2_022_200, 2_224_420, 2_426_640, 1_000_000, 3_150_000))
        new = members.New(
            desa.code, officers.name(number), f"64020101018{number:05}", {"wage": wage, "phone": ""},
            self._rules.position(position).category, position, date(2024, 1, 2), joined, State.ACTIVE,
        )  # fmt: skip
        member = members.add(tx, new, None, now)
        assert member is not None
        if position in _TERMS:
            posts.set_term(tx, member, START_OF_TERMS + DAY * self._dice.randrange(1200))
        self._insured.setdefault(desa.code, []).append(member)

    def _refresh(self, tx: Tx, desa: Desa, since: Month, now: datetime) -> None:
        ledger.refresh(tx, ruling.current(tx, self._rules), desa.code, since, now)

    def month(self, now: datetime) -> Iterator[Deed]:
        """What everybody will do in the month that begins."""
        for desa in self.villages:
            zone = ZONES[desa.district]
            first = now.astimezone(zone).replace(day=1, hour=0, minute=0)
            yield from (deed for deed in payers.month_of(desa, first, self._dice) if deed[0] > now)
            if desa.users and self._dice.random() < (0.02 if desa.registered else 0.01):
                day = first + DAY * self._dice.randint(2, 20) + payers.HOUR * 10
                yield day, desa.users[0], payers.registers(next(self._numbers))
        for users in self._checkers.values():
            yield from self._checked(now, users)
        self._changes = sorted(self._month_of_changes(now), key=lambda pair: pair[0])

    def _checked(self, now: datetime, users: list[str]) -> Iterator[Deed]:
        """The office looks at reports on most working days, colleagues at the same time."""
        first = (now + DAY).replace(hour=6, minute=10, second=0)
        for at in (first + DAY * day for day in range(31)):
            if at.month == first.month and at.weekday() < 5 and self._dice.random() < 0.8:
                for user in users:
                    yield at, user, payers.checks(self._dice, 12)

    def _month_of_changes(self, now: datetime) -> Iterator[tuple[datetime, Change]]:
        """Who comes and goes, on mornings like those on which reminders leave."""
        per_month = {self._comes: COMES, self._goes: GOES, self._earns: EARNS, self._replaces: REPLACED}
        for change, often in per_month.items():
            number = often * len(self.villages) / 100
            for _ in range(int(number) + (self._dice.random() < number % 1)):
                day = (now + DAY * self._dice.randrange(28)).replace(minute=0)
                at = day.replace(hour=self._dice.choice((1, 1, 2, 5, 9)))
                desa = self._dice.choice(self.villages)
                yield at, change(desa)
        while self._decided and self._decided[0][0] <= now.date():
            yield now, _decision(*self._decided.pop(0))

    def change(self, now: datetime) -> list[Change]:
        """What is different from now on."""
        due = [change for at, change in self._changes if at <= now]
        self._changes = [(at, change) for at, change in self._changes if at > now]
        return due

    def _comes(self, desa: Desa) -> Change:
        def comes(tx: Tx, now: datetime) -> None:
            if not desa.registered:
                return
            joined = now.date() - DAY * self._dice.randrange(20)
            self._insure(tx, desa, self._dice.choice(POSTS), joined, now)
            self._refresh(tx, desa, Month.of(joined), now)

        return comes

    def _goes(self, desa: Desa) -> Change:
        def goes(tx: Tx, now: datetime) -> None:
            known = self._insured.get(desa.code, [])
            if len(known) < 2:
                return
            member = known.pop(self._dice.randrange(len(known)))
            last = now.date() + DAY * self._dice.randrange(-20, 25)
            why = self._dice.choice(("resigned", "died", "term", "mistake"))
            members.end(tx, member, (last, why), By(None, now))
            self._refresh(tx, desa, FIRST if why == "mistake" else Month.of(last), now)

        return goes

    def _earns(self, desa: Desa) -> Change:
        def earns(tx: Tx, now: datetime) -> None:
            known = self._insured.get(desa.code, [])
            if not known:
                return
            rules, today = ruling.current(tx, self._rules), now.date()

            def segment(category: str) -> str:
                return rules.programme_set(desa.code[:5], category, today).segment

            wage = self._dice.randrange(1_200_000, 4_000_000, 50_000)
            member = members.get(tx, self._dice.choice(known))
            assert member is not None
            since = posts.oldest_open(tx, member, segment, today)
            posts.change_wage(tx, member.id, wage, since.first, By(None, now))
            self._refresh(tx, desa, since, now)

        return earns

    def _replaces(self, desa: Desa) -> Change:
        """The treasurer's last day was yesterday; another comes, or nobody for now."""

        def replaces(tx: Tx, now: datetime) -> None:
            if desa.users:
                last = (now.date() - DAY).isoformat()
                tx.run(_LEAVES, user=desa.users.pop(0), last=last)
            if self._dice.random() < 0.8 or not desa.users:
                self._appoint(tx, desa, Role.TREASURER, now)

        return replaces


_LEAVES = """
UPDATE official SET until = :last WHERE until IS NULL
    AND person = (SELECT person FROM address WHERE channel = 'memory' AND user = :user)
"""


def _decision(day: date, district: str, table: str, row: dict[str, object]) -> Change:
    begins = Month.of(day).next().first if table == "programme_set" else day
    body = {
        **row, "district": district, "effective_from": begins.isoformat(),
        "source": "keputusan bupati, dibuat untuk simulasi", "certainty": "M-lo",
    }  # fmt: skip

    def decides(tx: Tx, now: datetime) -> None:
        decisions.decide(tx, district, table, body, (1, now))

    return decides


def _villages(number: int, dice: random.Random, districts: Sequence[str]) -> list[Desa]:
    """So many villages of the districts, each habit as often as the others."""
    everything = [village.code for code in districts for village in villages(code)]
    found: list[Desa] = []
    for district in districts:
        codes = [code for code in everything if code.startswith(district)]
        share = round(number * len(codes) / len(everything))
        unregistered = round(share * UNREGISTERED / len(codes)) if district == "61.08" else 0
        for at, code in enumerate(sorted(dice.sample(codes, share))):
            habit = HABITS[at % len(HABITS)]
            beside = district == "64.02" and at % 3 == 0
            found.append(Desa(code, habit, at >= unregistered, beside))
    return found
