"""What the books know of a village, and what a row of the opening load changes in them.

The load tells what was before the bot: months it names as open become bills of unknown amount, and
reckoning begins with the running month.  People and payments are never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot import ledger
from bot.domain import dates, deadlines
from bot.domain.months import Month
from bot.domain.opening import Entry
from bot.domain.rulebook import Rules
from bot.ledger import PU
from bot.store import bills, employers
from bot.store.bills import Bill, Figure, Reckoned
from bot.store.database import Tx
from bot.store.employers import Employer, Payer
from bot.turns import Turn

#: How the source of a figure begins that came with the opening load.
SOURCE = "data awal"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written for one village; nothing where the books say the same already."""

    entry: Entry
    known: bool  # something was said of the village before
    employer: Employer | None  # None: as it was
    contact: Mapping[str, str] | None
    owed: tuple[Month, ...]  # bills of unknown amount that are not there yet
    figures: Mapping[Month, int | None]  # given with the load: 0 takes a month off again
    without_npp: bool

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.employer or self.contact or self.owed or self.figures)


def known(tx: Tx, rules: Rules, district: str, now: datetime) -> dict[str, Entry]:
    """What the books know of each village, as a row of the sheet would say it."""
    running = Month.of(ledger.local_day(rules, district, now))
    found = {}
    for code, one in employers.of_district(tx, district).items():
        open_bills = [bill for bill in ledger.open_bills(tx, code, PU) if bill.month < running]
        given = open_bills[0].given if len(open_bills) == 1 else None
        found[code] = Entry(
            code,
            one.since is not None,
            one.registered,
            one.npp,
            tuple(bill.month for bill in open_bills),
            given,
            one.payer is Payer.TREASURY,
            employers.contact(tx, code),
        )
    by_people = employers.registered(tx, district) - found.keys()
    return found | {code: Entry(code, True) for code in by_people}


def plan(tx: Tx, rules: Rules, entry: Entry, now: datetime) -> Plan:
    """Compare a row with the books; what it leaves empty stays as it is known."""
    before = employers.get(tx, entry.code)
    after = _employer(rules, entry, before, now)
    there = {bill.month: bill for bill in bills.of_village(tx, entry.code, PU)}
    told = employers.contact(tx, entry.code)
    contact = {**told, **entry.contact}
    named = entry.unpaid or ()
    first = after.since
    return Plan(
        entry,
        before is not None,
        after if after != before else None,
        contact if contact != told else None,
        tuple(month for month in named if first and month < first and month not in there),
        {**_taken_off(entry, first, there), **_figure(entry, there)},
        first is not None and not after.npp,
    )


def _employer(rules: Rules, entry: Entry, before: Employer | None, now: datetime) -> Employer:
    old = before or Employer(entry.code, "", "", None)
    treasury = (old.payer is Payer.TREASURY) if entry.treasury is None else entry.treasury
    payer = Payer.TREASURY if treasury else Payer.VILLAGE
    if not entry.registered:
        return Employer(entry.code, "", "", None, payer)
    since = old.since or _first(rules, entry, now)
    return Employer(entry.code, entry.npp or old.npp, entry.since or old.registered, since, payer)


def _first(rules: Rules, entry: Entry, now: datetime) -> Month:
    """The month reckoning begins with: the running one, or an open one that is not due yet."""
    district = entry.code[:5]
    today = ledger.local_day(rules, district, now)
    named = [m for m in entry.unpaid or () if deadlines.due_date(rules, district, PU, m) >= today]
    return min([Month.of(today), *named])


def _taken_off(entry: Entry, first: Month | None, there: Mapping[Month, Bill]) -> dict[Month, int | None]:
    """Months an earlier load called open and this one does not, and the other way round."""
    if entry.registered and entry.unpaid is None:
        return {}
    named = entry.unpaid or ()
    found: dict[Month, int | None] = {}
    for month, bill in there.items():
        if month in named:
            if bill.given == 0 and bill.given_source.startswith(SOURCE):
                found[month] = None
        elif (first is None or month < first) and _only_said(bill) and not bill.settled:
            found[month] = 0
    return found


def _only_said(bill: Bill) -> bool:
    """Whether all there is to the bill came with a load: nobody known by name, nothing paid."""
    loaded = bill.given is None or bill.given_source.startswith(SOURCE)
    return bill.ours is None and loaded and not bill.paid


def _figure(entry: Entry, there: Mapping[Month, Bill]) -> dict[Month, int | None]:
    """The sum of arrears is the figure of a month only where one month is open."""
    if not entry.amount or len(entry.unpaid or ()) != 1:
        return {}
    month = (entry.unpaid or ())[0]
    bill = there.get(month)
    if bill is None:
        return {month: entry.amount}
    loaded = bill.given is None or bill.given_source.startswith(SOURCE)
    open_ = not bill.settled or bill.given == 0
    return {month: entry.amount} if loaded and open_ and bill.given != entry.amount else {}


def write(turn: Turn, new: Plan) -> None:
    """Write one village, and settle its books."""
    tx, code = turn.tx, new.entry.code
    if new.employer:
        employers.put(tx, new.employer, turn.who.person, turn.now)
    if new.contact:
        employers.put_contact(tx, code, new.contact, turn.who.person, turn.now)
    for month in new.owed:
        _open(turn, code, month)
    if new.employer:
        ledger.refresh(tx, turn.rules, code, _loose_since(turn, code, new.employer), turn.now)
    source = f"{SOURCE} {dates.short_date(turn.today)}"
    for month, amount in new.figures.items():
        bill = bills.get(tx, code, PU, month)
        if bill:
            bills.give(tx, bill, Figure(amount, source), (turn.who.person, turn.now))
    ledger.settle(tx, code, PU)
    turn.note("opening", f"village:{code}", registered=new.entry.registered, months=len(new.owed))


def _open(turn: Turn, code: str, month: Month) -> None:
    """A bill of unknown amount.  It is fixed at once: it lies before the months reckoned here."""
    district = turn.district.code
    due = deadlines.due_date(turn.rules, district, PU, month)
    bills.reckoned(turn.tx, Reckoned(code, month, PU, district, due, 0, None, None), turn.now)
    bill = bills.get(turn.tx, code, PU, month)
    if bill:
        bills.fix(turn.tx, bill, turn.now)


def _loose_since(turn: Turn, code: str, employer: Employer) -> Month:
    """From where to reckon anew: the first month that is reckoned here, or that was until now."""
    loose = [bill.month for bill in bills.of_village(turn.tx, code) if not bill.fixed]
    running = Month.of(turn.today)
    return min([employer.since or running, running, *loose])


def told(entry: Entry) -> dict[str, object]:
    """An entry in JSON's terms: how it waits for its approval."""
    return {
        "code": entry.code,
        "registered": entry.registered,
        "since": entry.since,
        "npp": entry.npp,
        "unpaid": None if entry.unpaid is None else [str(month) for month in entry.unpaid],
        "amount": entry.amount,
        "treasury": entry.treasury,
        "contact": dict(entry.contact),
    }


def untold(kept: Mapping[str, object]) -> Entry:
    """The entry that `told` wrote."""
    entry = Entry(**kept)  # type: ignore[arg-type]
    if entry.unpaid is None:
        return entry
    return replace(entry, unpaid=tuple(Month.parse(str(month)) for month in entry.unpaid))
