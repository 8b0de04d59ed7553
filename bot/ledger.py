"""The ledger: bills reckoned from who served when, payments laid over them.

A bill is reckoned anew, only forward, until its due date is over or something is reported for it;
from then on it stays as it was, and the agency's own figure is the only thing that changes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain import contributions, deadlines
from bot.domain.allocation import Allocation, Debt, allocate
from bot.domain.contributions import Insured, Share
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.store import bills, employers, members, payments, places, records
from bot.store.bills import Bill, Reckoned
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.places import Village

PU, BPU = "PU", "BPU"
SEGMENTS = (PU, BPU)

#: Villages whose month is opened in one transaction, about: a large district must not hold up an answer.
TOGETHER = 400
#: Rupiah by which a reckoning may be off for each person: two programmes, two payers, half a rupiah each.
ROUNDING = 2


def refresh(tx: Tx, rules: Rules, village: str, since: Month, now: datetime) -> None:
    """Reckon the village's bills from that month to the running one, where they are not fixed.

    To be called in the transaction that changes who is insured, in which post, with which wage.
    """
    place = places.village(tx, village)
    if place is None:
        return
    running = Month.of(local_day(rules, place.district, now))
    employer = employers.get(tx, village)
    loose = {(bill.segment, bill.month) for bill in bills.of_village(tx, village) if not bill.fixed}
    changed = set()
    month = since
    while month <= running:
        insured = _insured(tx, rules, place, month)
        for segment in SEGMENTS:
            kept = _reckoned(rules, place, month, segment, insured[segment])
            if not kept.people and _owes(employer, segment, month):
                kept = replace(kept, ours=None)
            if kept.people or kept.ours is None or (segment, month) in loose:
                bills.reckoned(tx, kept, now)
                changed.add(segment)
        month = month.next()
    for segment in sorted(changed):
        settle(tx, village, segment)


def local_day(rules: Rules, district: str, now: datetime) -> date:
    """The date where the district lies."""
    return now.astimezone(rules.district(district).zone).date()


def _insured(tx: Tx, rules: Rules, place: Village, month: Month) -> Mapping[str, list[Insured]]:
    """Who is insured in the month, by segment, with the wage and programmes of that month.

    A post held beside another brings no second contribution; who joins after the month's own due date
    (of BPU, which lies in the month) owes from the next one on.
    """
    found: dict[str, list[Insured]] = {segment: [] for segment in SEGMENTS}
    for one in members.insured(tx, place.code, month):
        chosen = rules.programme_set(place.district, one.category, month.first)
        due = deadlines.due_date(rules, place.district, chosen.segment, month)
        if not one.beside and one.joined <= due:
            found[chosen.segment].append(Insured(one.member, one.wage, chosen.programmes))
    return found


def _owes(employer: Employer | None, segment: str, month: Month) -> bool:
    """Whether the village owes the month even where nobody of it is known by name."""
    return segment == PU and employer is not None and employer.since is not None and month >= employer.since


def _reckoned(rules: Rules, place: Village, month: Month, segment: str, insured: list[Insured]) -> Reckoned:
    due = deadlines.due_date(rules, place.district, segment, month)
    if not insured:
        return Reckoned(place.code, month, segment, place.district, due, 0, 0, None)
    found = contributions.reckon(insured, month, rules, place.district, segment)
    detail = {"lines": [_line(line) for line in found.lines], "shares": [_share(s) for s in found.shares]}
    return Reckoned(place.code, month, segment, place.district, due, found.people, found.total, detail)


def _line(line: contributions.Line) -> dict[str, Any]:
    return {
        "programme": line.programme,
        "people": line.people,
        "percent": str(line.percent),
        "per_person": line.per_person,
        "discount": str(line.discount),
        "base": line.base,
        "employer": line.employer,
        "worker": line.worker,
        "source": line.source,
    }


def _share(share: Share) -> list[Any]:
    return [share.member, share.programme, share.base, share.employer, share.worker]


def settle(tx: Tx, village: str, segment: str) -> Allocation:
    """Lay the payments over the bills again: to be called when either changes."""
    mine = [bill for bill in bills.of_village(tx, village) if bill.segment == segment]
    debts = [Debt(bill.month, bill.amount, _slack(bill)) for bill in mine]
    found = allocate(debts, payments.counted(tx, village, segment))
    for bill, standing in zip(mine, found.standings, strict=True):
        if (bill.paid, bill.settled) != (standing.paid, standing.settled):
            bills.settle(tx, bill, standing.paid, standing.settled)
    return found


def _slack(bill: Bill) -> int:
    return bill.people * ROUNDING if bill.given is None else 0


def report(tx: Tx, new: payments.New, by: int, now: datetime) -> int:
    """A village reports that it paid: the months it reaches are fixed as they stand."""
    number = payments.report(tx, new, by, now)
    reached = settle(tx, new.village, new.segment).of(number)
    for bill in bills.of_village(tx, new.village):
        if bill.segment == new.segment and bill.month in reached:
            bills.fix(tx, bill, now)
    return number


def paid_by(tx: Tx, bill: Bill) -> payments.Payment | None:
    """The payment that settled a bill, None where none did."""
    for standing in settle(tx, bill.village, bill.segment).standings:
        if standing.month == bill.month and standing.settled and standing.payments:
            return payments.get(tx, standing.payments[-1])
    return None


def open_bills(tx: Tx, village: str, segment: str = "") -> list[Bill]:
    """What is not settled, oldest first; of one segment, if named."""
    return [
        bill for bill in bills.of_village(tx, village) if not bill.settled and segment in ("", bill.segment)
    ]


def keep_up(tx: Tx, rules: Rules, districts: Iterable[str], now: datetime) -> None:
    """Once a day in each district: fix what fell due, open the running month, follow changed rules.

    Goes on at the next call where there are more villages than fit into one transaction.
    """
    done = 0
    for district in districts:
        mark = f"{local_day(rules, district, now)}:{rules.digest}"
        if done >= TOGETHER or records.get(tx, f"ledger:{district}") == mark:
            continue
        done += _keep_up(tx, rules, district, now)
        records.put(tx, f"ledger:{district}", mark)


def _keep_up(tx: Tx, rules: Rules, district: str, now: datetime) -> int:
    today = local_day(rules, district, now)
    running = Month.of(today)
    name = f"ledger:{district}:months"
    mark = f"{running}:{rules.digest}"
    known = records.get(tx, name) or ""
    opened = 0
    if known != mark:
        last = Month.parse(known.partition(":")[0]) if known else running
        since = min(bills.oldest_loose(tx, district) or running, last, running)
        for village in places.villages(tx, district):
            refresh(tx, rules, village.code, since, now)
            opened += 1
        records.put(tx, name, mark)
    bills.fix_due(tx, district, today, now)
    return opened
