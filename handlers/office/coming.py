"""When the villages of a district are reminded next, and how many: as the planner itself reckons it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import ledger
from bot.domain import dates, deadlines, reminders
from bot.domain.months import Month
from bot.domain.rulebook import District, Rules
from bot.store import bills, intentions
from bot.store.database import Tx
from handlers.reminders import moments, months, of_month
from handlers.served import Run

#: How far ahead it is looked for, and how many moments at most.
AHEAD = timedelta(days=62)
MOMENTS = 16


def next_reminder(tx: Tx, rules: Rules, district: District, now: datetime) -> tuple[datetime, int] | None:
    """When the next reminders leave, and to how many villages as things stand; None where none is known."""
    found = {*_usual(rules, district, now), *_named(tx, rules, district)}
    coming = sorted(at for at in found if now < at <= now + AHEAD)
    for at in coming[:MOMENTS]:
        villages = _villages(tx, Run(rules, district, now, at, at.astimezone(district.zone).date(), True))
        if villages:
            return at, len(villages)
    return None


def _villages(tx: Tx, run: Run) -> set[str]:
    said = [out for month, segment in months(run.today) for out in of_month(tx, run, segment, month).said]
    return {out.about.partition(":")[0] for out in said}


def _usual(rules: Rules, district: District, now: datetime) -> Iterator[datetime]:
    """The moments of the months that may be reminded of."""
    running = Month.of(now.astimezone(district.zone).date())
    for month in (running.previous().previous(), running.previous(), running, running.next()):
        for segment in ledger.SEGMENTS:
            yield from (moment.at for moment in moments(rules, district, segment, month))


def _named(tx: Tx, rules: Rules, district: District) -> Iterator[datetime]:
    """The mornings of the days that officers named."""
    for one in intentions.open_in(tx, district.code):
        bill = bills.get(tx, one.village, one.segment, one.month) if one.pay_on else None
        if bill is None or one.pay_on is None:
            continue
        free = deadlines.free_days(rules, district.code, Month.of(bill.due), bill.segment)
        asked = one.at.astimezone(district.zone).date()
        moment = reminders.planned(bill.due, district.zone, free, one.pay_on, asked)
        if moment is not None:
            yield moment.at


def in_words(at: datetime, district: District) -> str:
    """As in "Selasa, 8 Desember 2026 09.00 WITA"."""
    local = at.astimezone(district.zone)
    return f"{dates.long_date(local.date())} {dates.clock_time(local, district.zone_label)}"
