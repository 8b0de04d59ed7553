"""What a village says beside a payment: when it plans to pay, what is in the way."""

from datetime import date, timedelta

from bot.domain import dates, deadlines, intending, paying
from bot.domain.reminders import planned
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import intentions
from bot.store.bills import Bill
from bot.turns import Turn
from handlers.month import bill_of, label, open_here, show

FRIDAY = 4
ANSWERS = {
    "week": "akan dibayar minggu ini",
    "monday": "akan dibayar Senin depan",
    "funds": "dana belum cair",
    "budget": "belum dianggarkan",
    "data": "data salah",
    "other": "kendala lain",
    "no": "belum",
}


def intend(turn: Turn) -> list[Outgoing]:
    """The answer to a reminder: when they plan to pay, or what is in the way."""
    bill, answer = bill_of(turn, turn.choice), turn.choice.split(":")[-1]
    if bill is None or answer not in ANSWERS:
        return [turn.reply("chat/not_yours")]
    return [_noted(turn, bill, answer, _planned(turn.today, answer))]


def _planned(today: date, answer: str) -> date | None:
    if answer == "week":
        return today + timedelta(days=max(FRIDAY - today.weekday(), 0))
    return today + timedelta(days=7 - today.weekday()) if answer == "monday" else None


def plan(turn: Turn) -> list[Outgoing]:
    """*rencana bayar 12 Desember*: the day they name is the day of the next reminder."""
    bill = _meant(turn)
    if bill is None:
        return show(turn)
    try:
        said = paying.segment(turn.rest)[1] if turn.rest else intending.planned(turn.incoming.text)
        day = dates.parse_plan(said, turn.today)
    except Invalid as error:
        if error.template != "invalid/plan_day":
            return [turn.reply("month/plan_when", month=label(bill), due=dates.long_date(bill.due))]
        return [turn.reply(error.template, **error.values, attempt=1)]
    return [_noted(turn, bill, "week", day)]


def funds(turn: Turn) -> list[Outgoing]:
    """*dana belum cair*, typed."""
    bill = _meant(turn)
    return show(turn) if bill is None else [_noted(turn, bill, "funds", None)]


def budget(turn: Turn) -> list[Outgoing]:
    """*belum dianggarkan*, typed."""
    bill = _meant(turn)
    return show(turn) if bill is None else [_noted(turn, bill, "budget", None)]


def data(turn: Turn) -> list[Outgoing]:
    """*data salah*, typed as the approved reminder says."""
    bill = _meant(turn)
    return show(turn) if bill is None else [_noted(turn, bill, "data", None)]


def _meant(turn: Turn) -> Bill | None:
    """The month that reminders speak of: the first that is not due yet, else the oldest open one."""
    segment, _ = paying.segment(turn.rest)
    open_bills = [bill for bill in open_here(turn) if segment in ("", bill.segment)]
    return next((b for b in open_bills if b.due >= turn.today), next(iter(open_bills), None))


def _noted(turn: Turn, bill: Bill, answer: str, pay_on: date | None) -> Outgoing:
    intentions.intend(turn.tx, bill, answer, pay_on, (turn.who.person, turn.now))
    turn.note("intend", f"village:{bill.village}", segment=bill.segment, month=str(bill.month), answer=answer)
    return turn.reply(
        "month/noted",
        (Choice(f"paid:{bill.key}", "Sudah bayar"),) if pay_on is None and answer != "no" else (),
        month=label(bill),
        answer=ANSWERS[answer],
        pay_on=dates.long_date(pay_on) if pay_on else "",
        reminded=pay_on is not None and _reminded(turn, bill, pay_on),
        late=pay_on is not None and pay_on > bill.due >= turn.today,
        due=dates.long_date(bill.due),
        office=turn.district.office,
    )


def _reminded(turn: Turn, bill: Bill, pay_on: date) -> bool:
    """Whether a reminder will come on the day they named."""
    free = deadlines.free_days(turn.rules, bill.district, bill.month)
    return planned(bill.due, turn.district.zone, free, pay_on, turn.today) is not None
