"""The ledger: bills reckoned from who served when, payments laid over them.

A bill is reckoned anew, only forward, until its due date is over or something is reported for it;
from then on it stays as it was, and the agency's own figure is the only thing that changes it.  A
report that is taken back or returned before the due date sets it free again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any

from bot import logs
from bot.domain import contributions, deadlines, groups
from bot.domain.allocation import Allocation, Debt, Standing, allocate
from bot.domain.contributions import Insured, Share
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.store import bills, employers, members, payments, places, records
from bot.store.bills import Bill, Fixed, Reckoned
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.places import Village

log = logs.get(__name__)

PU, BPU = "PU", "BPU"
SEGMENTS = (PU, BPU)

#: Months of villages reckoned in one transaction, about: a large district must not hold up an answer.
TOGETHER = 800
#: How many months before the running one a database is opened that never kept bills.
BACK = 24
_BAD = "ledger:bad"
#: Rupiah by which a reckoning may be off for each person: two programmes, two payers, half a rupiah each.
ROUNDING = 2


def refresh(tx: Tx, rules: Rules, village: str, since: Month, now: datetime) -> None:
    """Reckon the village's bills from that month to the running one, where they are not fixed.

    To be called in the transaction that changes who is insured, in which post, with which wage; also
    after a payment stopped counting, where the figure must be right at once.  A month that a clock opened
    too early is reckoned too, as long as it stands: it may have begun before anybody looks at it again.
    """
    place = places.village(tx, village)
    if place is None:
        return
    running = Month.of(local_day(rules, place.district, now))
    employer = employers.get(tx, village)
    loose = _loose(tx, village)
    changed = set()
    month, last = since, max([running, *(month for _, month in loose)])
    while month <= last:
        insured = _insured(tx, rules, place, month)
        for segment in SEGMENTS:
            there = (segment, month) in loose
            kept = _reckoned(rules, place, month, segment, insured[segment])
            if not kept.people and _owes(employer, segment, month):
                kept = replace(kept, ours=None)
            if there or (month <= running and (kept.people or kept.ours is None)):
                bills.reckoned(tx, kept, now)
                changed.add(segment)
        month = month.next()
    for segment in sorted(changed):
        settle(tx, village, segment)


def _loose(tx: Tx, village: str) -> set[tuple[str, Month]]:
    """The bills that may change: first those are set free whose report counts no more."""
    found = bills.loose(tx, village)
    reported = {segment for segment, _, by_report in found if by_report}
    for segment in sorted(reported):
        settle(tx, village, segment)
    if reported:
        found = bills.loose(tx, village)
    return {(segment, month) for segment, month, by_report in found if not by_report}


def local_day(rules: Rules, district: str, now: datetime) -> date:
    """The date where the district lies."""
    return now.astimezone(rules.district(district).zone).date()


def _insured(tx: Tx, rules: Rules, place: Village, month: Month) -> Mapping[str, list[Insured]]:
    """Who is insured in the month, by segment, with the wage and programmes of that month.

    A post held beside another brings no second contribution.
    """
    found: dict[str, list[Insured]] = {segment: [] for segment in SEGMENTS}
    for one in members.insured(tx, place.code, month):
        chosen = None if one.beside else _counted(rules, place.district, month, one)
        if chosen is not None:
            segment, owed = chosen
            found[segment].append(owed)
    return found


def _counted(rules: Rules, district: str, month: Month, one: members.Insured) -> tuple[str, Insured] | None:
    """The post somebody's month is reckoned by, with its segment: the last one of the month.

    Nobody's bill is late at once: who comes to a segment after the month's own due date (of BPU, which
    lies in the month) stays in the one before, and who had none owes from the next month on.
    """
    held = [post for post in (one, *one.before) if groups.runs(rules, post.category, month)]
    posts = [(rules.programme_set(district, post.category, month.first), post) for post in held]
    for segment, alike in groupby(posts, key=lambda pair: pair[0].segment):
        together = list(alike)
        chosen, post = together[0]
        first = max(one.joined, together[-1][1].since)
        if first <= deadlines.due_date(rules, district, segment, month):
            return segment, Insured(post.member, post.wage, chosen.programmes)
    return None


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
        "certain": line.certain,
    }


def _share(share: Share) -> list[Any]:
    return [share.member, share.programme, share.base, share.employer, share.worker]


def settle(tx: Tx, village: str, segment: str) -> Allocation:
    """Lay the payments over the bills again: to be called when either changes.

    What a report reaches is fixed as it stands.  What none reaches any more is set free, and reckoned
    anew by the next `refresh` or `keep_up`.
    """
    mine, found = _laid(tx, village, segment)
    pairs = list(zip(mine, found.standings, strict=True))
    for bill, standing in pairs:
        if (bill.paid, bill.settled) != (standing.paid, standing.settled):
            bills.settle(tx, bill, standing.paid, standing.settled)
    _fix_reported(tx, village, pairs)
    return found


def _laid(tx: Tx, village: str, segment: str) -> tuple[list[Bill], Allocation]:
    """The bills, and how the payments lie over them; changes nothing."""
    mine = bills.of_village(tx, village, segment)
    debts = [Debt(bill.month, bill.amount, _slack(bill)) for bill in mine]
    return mine, allocate(debts, payments.counted(tx, village, segment))


def missing(tx: Tx, bill: Bill, amount: int) -> int:
    """What a settled bill would lack if the agency's figure were this; 0 where it stays settled."""
    mine = bills.of_village(tx, bill.village, bill.segment)
    debts = [
        Debt(one.month, amount, 0) if one.month == bill.month else Debt(one.month, one.amount, _slack(one))
        for one in mine
    ]
    found = allocate(debts, payments.counted(tx, bill.village, bill.segment))
    standing = next((one for one in found.standings if one.month == bill.month), None)
    opened = bill.settled and standing is not None and not standing.settled
    return amount - standing.paid if opened and standing else 0


def _fix_reported(tx: Tx, village: str, pairs: Iterable[tuple[Bill, Standing]]) -> None:
    """Fix what a report reaches that came when the month had begun; set free what none reaches.

    What is left of an earlier report and carried into a new month fixes nothing: nobody said that the
    new month was paid.
    """
    asked = [
        (bill, standing)
        for bill, standing in pairs
        if (bill.fixed_why == Fixed.REPORT if bill.fixed else standing.payments)
    ]
    told = {one.id: one.reported_at for one in payments.of_village(tx, village)} if asked else {}
    for bill, standing in asked:
        reports = [told[number] for number in standing.payments if number in told]
        at = next((at for at in reports if Month.of(office_day(at)) >= bill.month), None)
        if at is None:
            bills.loosen(tx, bill)
        elif not bill.fixed:
            late = bill.due < office_day(at)
            bills.fix(tx, bill, at, Fixed.DUE if late else Fixed.REPORT)


def _slack(bill: Bill) -> int:
    return bill.people * ROUNDING if bill.given is None else 0


def report(tx: Tx, new: payments.New, by: int, now: datetime) -> int:
    """A village reports that it paid: the months it reaches are fixed as they stand."""
    number = payments.report(tx, new, by, now)
    settle(tx, new.village, new.segment)
    return number


def undone(tx: Tx, rules: Rules, payment: payments.Payment, now: datetime) -> None:
    """A payment counts no more: the figures of the months that it reached are right again at once."""
    refresh(tx, rules, payment.village, payment.month, now)
    settle(tx, payment.village, payment.segment)


def paid_by(tx: Tx, bill: Bill) -> payments.Payment | None:
    """The payment that settled a bill, None where none did."""
    standing = _standing(tx, bill)
    settled = standing is not None and standing.settled and standing.payments
    return payments.get(tx, standing.payments[-1]) if standing and settled else None


def is_recorded(tx: Tx, bill: Bill) -> bool:
    """Whether the office has looked at every report that reached a bill, whatever month it was meant for."""
    standing = _standing(tx, bill)
    reached = [payments.get(tx, number) for number in standing.payments] if standing else []
    return all(one is not None and one.state is payments.State.RECORDED for one in reached)


def _standing(tx: Tx, bill: Bill) -> Standing | None:
    _, found = _laid(tx, bill.village, bill.segment)
    return next((one for one in found.standings if one.month == bill.month), None)


def open_bills(tx: Tx, village: str, segment: str = "") -> list[Bill]:
    """What is not settled, oldest first; of one segment, if named."""
    return bills.open_of(tx, village, segment)


def keep_up(tx: Tx, rules: Rules, districts: Iterable[str], now: datetime) -> None:
    """Once a day in each district: fix what fell due, open the running month, follow changed rules.

    Goes on at the next call where there is more to reckon than fits into one transaction.  A village
    that cannot be reckoned holds up no other: it is tried again the next day.  At each call the bills
    are reckoned anew that were set free.
    """
    room = TOGETHER
    for district in districts:
        for village, since in bills.anew(tx, district).items():
            if village not in _bad(tx):
                _try(tx, rules, village, since, now)
        if room > 0:
            room = _keep_up(tx, rules, district, now, room)


def _keep_up(tx: Tx, rules: Rules, district: str, now: datetime, room: int) -> int:
    """One district; returns for how many months of villages there is room left."""
    today = local_day(rules, district, now)
    day, mark = f"ledger:{district}", f"{today}:{rules.digest}"
    known, begun = (records.get(tx, name) or "" for name in (day, f"{day}:at"))
    if max(known, begun)[:10] > today.isoformat():
        dropped = bills.go_back(tx, district, today)
        log.warning("ledger of %s: the clock went back, %s bills ahead of it dropped", district, dropped)
        records.put(tx, day, "")
        records.put(tx, f"{day}:at", "")
    elif known == mark:
        return room
    running = Month.of(today)
    done = begun.removeprefix(f"{mark} ") if begun.startswith(mark) else ""
    for village, since in _to_reckon(tx, rules, district, running, done):
        if room <= 0:
            records.put(tx, f"{day}:at", f"{mark} {done}")
            return 0
        _try(tx, rules, village, since, now)
        room -= _count(since, running)
        done = village
    records.put(tx, f"{day}:months", f"{running}:{rules.digest}")
    bills.fix_due(tx, district, today, now)
    records.put(tx, day, mark)
    records.put(tx, f"{day}:at", "")
    return room


def _to_reckon(tx: Tx, rules: Rules, district: str, running: Month, done: str) -> list[tuple[str, Month]]:
    """The villages after the one that was done last, each with the month to begin with.

    All of them where the month or the rules changed; else those that could not be reckoned before.
    """
    found = {code: since for code, since in _bad(tx).items() if code.startswith(f"{district}.")}
    known = records.get(tx, f"ledger:{district}:months") or ""
    if known != f"{running}:{rules.digest}":
        last = Month.parse(known.partition(":")[0]) if known else _first(tx, district, running)
        since = min(bills.oldest_loose(tx, district) or running, last, running)
        found = {one.code: min(since, found.get(one.code, since)) for one in places.villages(tx, district)}
    return sorted(pair for pair in found.items() if pair[0] > done)


def _first(tx: Tx, district: str, running: Month) -> Month:
    """Where a database begins that never kept bills: with the first people and payments in it."""
    floor = running
    for _ in range(BACK):
        floor = floor.previous()
    return max(bills.earliest(tx, district) or running, floor)


def _count(since: Month, running: Month) -> int:
    return (running.year - since.year) * 12 + running.number - since.number + 1


def _try(tx: Tx, rules: Rules, village: str, since: Month, now: datetime) -> None:
    """Reckon one village; where it cannot be, it is written down to be tried again."""
    error = tx.attempt(partial(refresh, tx, rules, village, since, now))
    bad = _bad(tx)
    if error is not None:
        log.error("ledger: village %s could not be reckoned: %s", village, type(error).__name__)
        bad[village] = min(since, bad.get(village, since))
    elif village in bad:
        del bad[village]
    else:
        return
    records.put(tx, _BAD, " ".join(f"{code}:{month}" for code, month in bad.items()))


def _bad(tx: Tx) -> dict[str, Month]:
    pairs = (entry.split(":") for entry in (records.get(tx, _BAD) or "").split())
    return {code: Month.parse(month) for code, month in pairs}


def unreckoned(tx: Tx) -> int:
    """How many villages could not be reckoned when that was tried last."""
    return len(_bad(tx))
