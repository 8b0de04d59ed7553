"""The reminders of the month: planned once, looked at again when they leave, stopped by a report."""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot import ledger, ruling
from bot.domain import dates, deadlines, money, reminders
from bot.domain.calendar import SATURDAY
from bot.domain.dated import EVERYWHERE
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import District, Rules, Stage
from bot.messages import Choice, Lane, Outgoing
from bot.store import bills, people, reminding
from bot.store.bills import Bill
from bot.store.database import Tx
from bot.store.employers import Payer
from bot.store.people import Recipient
from bot.store.records import Plan
from bot.store.reminding import Place
from handlers.served import Run, Served

MONTH = "month"
LAST = "h-1"
#: The sentence of each stage of `bot/rules/reminders.toml`, and of the day that an officer named.
TEMPLATES = {"h-7": "plan", "h-3": "soon", LAST: "last", "h+1": "after", reminders.PLANNED: "planned"}
#: What can be answered to each sentence beside "sudah bayar", as `handlers.plans` knows it.
ANSWERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "plan": (("week", "Minggu ini"), ("monday", "Senin depan"), ("funds", "Belum ada dana")),
    "soon": (("no", "Belum"),),
    "last": (("no", "Belum"),),
    "planned": (("no", "Belum"),),
    "after": (
        ("funds", "Dana belum cair"),
        ("budget", "Belum dianggarkan"),
        ("data", "Data salah"),
        ("other", "Lainnya"),
    ),
}
SEGMENT_NAMES = {ledger.PU: "", ledger.BPU: " peserta mandiri (BPU)"}
MISSED = "missed: too late to be sent"
BY_HAND = "by hand: reminded by the office on that day"

_DAY = timedelta(days=1)
#: Districts, segments and months whose moments are kept: those of a whole country.
_KEPT = 1 << 13


def still_unpaid(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a reminder is about to leave: the bill is open, and still their office."""
    village, segment, month, person = argument.split(":")
    bill = bills.get(tx, village, segment, Month.parse(month))
    if bill is None or bill.settled:
        return False
    return people.is_linked(tx, int(person), village, office_day(now))


def rows(rules: Rules, district: str, kind: str) -> tuple[Stage, ...]:
    """The stages of a kind that a district's reminders are chosen from, older ones too."""
    mine = {EVERYWHERE, district}
    return tuple(stage for stage in rules.all_stages if stage.kind == kind and stage.district in mine)


@lru_cache(_KEPT)
def moments(rules: Rules, district: District, segment: str, month: Month) -> tuple[Moment, ...]:
    """The reminders of a month in a district, in their order."""
    due = deadlines.due_date(rules, district.code, segment, month)
    free = deadlines.free_days(rules, district.code, Month.of(due), segment)
    stages = rows(rules, district.code, MONTH)
    return tuple(reminders.moments(due, district.zone, stages, free))


class Reminders(Served):
    """The planner of the month's reminders."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """The reminders that fell due in (since, until]: of several stages only the latest in time."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            for month, segment in months(run.today):
                if not _fell_due(tx, run, segment, month):
                    continue
                work = of_month(tx, run, segment, month)
                reminding.write(tx, work.plans, until)
                said += work.said
        return said


@lru_cache(8)
def months(today: date) -> list[tuple[Month, str]]:
    """What may be reminded of on that day."""
    running = Month.of(today)
    months = (running.previous().previous(), running.previous(), running)
    return [(month, segment) for month in months for segment in ledger.SEGMENTS]


def _fell_due(tx: Tx, run: Run, segment: str, month: Month) -> bool:
    """Whether anything of the month can have fallen due: the same question for each district, at each tick."""
    for moment in moments(run.rules, run.district, segment, month):
        if run.since < moment.at <= run.until:
            return True
    if not run.named_days:
        return False
    due = deadlines.due_date(run.rules, run.district.code, segment, month)
    return run.today < due and reminding.named(tx, run.district.code, segment, month)


def of_month(tx: Tx, run: Run, segment: str, month: Month) -> "Work":
    """What that look leads to for one month; nothing is written yet."""
    district = run.district.code
    open_ = bills.open_in(tx, district, segment, month)
    if not open_:
        return Work("", set(), {})
    found = moments(run.rules, run.district, segment, month)
    usual = reminders.latest_due(found, run.since, run.until)
    places = reminding.around(tx, district, segment, month, office_day(run.until))
    done = reminding.planned(tx, district, segment, month)
    older = reminding.older(tx, district, segment, month)
    asked = reminding.asked(tx, district, run.today)
    work = Work(ruling.closing(tx, district, run.today), done, older)
    for bill in open_:
        place = places[bill.village]
        if place.payer is not Payer.VILLAGE or bill.amount == 0:
            continue
        chosen = usual
        if place.pay_on is not None or (bill.village, reminders.PLANNED) in done:
            chosen = reminders.latest_due(_with_plan(run, found, bill, place), run.since, run.until)
        for late in chosen.skipped:
            work.note(bill, late.stage, MISSED)
        if chosen.send is not None and bill.key in asked:
            work.note(bill, chosen.send.stage, BY_HAND)
        elif chosen.send is not None:
            work.remind(bill, place, chosen.send)
    return work


def _with_plan(run: Run, found: Sequence[Moment], bill: Bill, place: Place) -> list[Moment]:
    """The reminders of a bill for which somebody named a day, or did so before they answered otherwise."""
    if place.pay_on is None or place.answered is None:
        return reminders.without_between(found)
    zone = run.district.zone
    free = deadlines.free_days(run.rules, run.district.code, Month.of(bill.due), bill.segment)
    asked = place.answered.astimezone(zone).date()
    return reminders.with_plan(found, reminders.planned(bill.due, zone, free, place.pay_on, asked))


class Work:
    """What one look at a month of a district leads to: messages, and a plan for each of them."""

    def __init__(self, closing: str, done: Set[tuple[str, str]], older: Mapping[str, Month]) -> None:
        self._closing = closing
        self._older = older
        self._done = done  # village and stage of what was planned before
        self.plans: list[tuple[Plan, str]] = []
        self.said: list[Outgoing] = []

    def note(self, bill: Bill, stage: str, why: str) -> None:
        """What is not sent, and why."""
        if (bill.village, stage) not in self._done:
            self.plans.append((_plan(bill, stage, 0), why))

    def remind(self, bill: Bill, place: Place, moment: Moment) -> None:
        """To the first who can be written to; the last one also to the next, where nobody ever answered."""
        if not place.serving:
            self.note(bill, moment.stage, "nobody linked")
            return
        if (bill.village, moment.stage) in self._done:
            return
        values = values_of(bill, place.label, moment, self._closing, self._older.get(bill.village))
        both = moment.stage == LAST and place.answered is None
        for to in place.serving[: 2 if both else 1]:
            plan = _plan(bill, moment.stage, to.person)
            self.plans.append((plan, "queued"))
            said = reminder(plan, bill, to, moment, values)
            self.said.append(said)


def _plan(bill: Bill, stage: str, person: int) -> Plan:
    return Plan("reminder", bill.segment, bill.village, str(bill.month), stage, person)


def sentence(stage: str, left: int) -> str:
    """The template of a stage; one that a district added asks, or after the due date asks why not."""
    return TEMPLATES.get(stage, "soon" if left >= 0 else "after")


def values_of(
    bill: Bill, place: str, moment: Moment, closing: str, older: Month | None = None
) -> dict[str, Any]:
    """What every reminder of a bill says, whoever gets it."""
    due, example = _days(bill.due)
    return {
        "place": place,
        "month": bill.month.label,
        "segment": SEGMENT_NAMES[bill.segment],
        "due": due,
        "total": "" if bill.amount is None else money.rupiah(bill.amount),
        "missing": money.rupiah(bill.left) if bill.paid and bill.left is not None else "",
        "people": bill.people,
        "when": reminders.in_days(moment.left),
        "example": example,
        "older": older.label if older else "",
        "closing": closing,
    }


@lru_cache(64)
def _days(due: date) -> tuple[str, str]:
    """The due date in words, and a day before it that somebody could name."""
    example = due - 2 * _DAY
    while example.weekday() >= SATURDAY:
        example -= _DAY
    return dates.long_date(due), dates.short_date(example).removesuffix(f" {example.year}")


def reminder(plan: Plan, bill: Bill, to: Recipient, moment: Moment, values: Mapping[str, Any]) -> Outgoing:
    """One reminder of a bill to one person, once for its plan."""
    template = sentence(moment.stage, moment.left)
    about = bill.key
    answers = [Choice(f"intend:{about}:{answer}", label) for answer, label in ANSWERS[template]]
    return Outgoing(
        to.to,
        f"reminders/{template}",
        {**values, "name": to.name, "role": to.role.label},
        (Choice(f"paid:{about}", "Sudah bayar"), *answers),
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=moment.expires,
        reason=f"unpaid:{about}:{to.person}",
        about=f"{bill.village}:{bill.month}",
    )
