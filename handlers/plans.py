"""What a village says beside a payment: when it plans to pay, what is in the way."""

from datetime import date, timedelta

from bot.domain import dates, deadlines, paying, sentences
from bot.domain.reminders import planned
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import intentions, prompts
from bot.store.bills import Bill
from bot.turns import Turn
from handlers.month import bill_of, label, open_here, show

FRIDAY = 4
#: "Bayar tanggal 5", said on the 12th, is not meant for next month.
_NEAR = timedelta(days=14)
#: What can be answered when it is asked for a plan.
_OFFERED = {
    "week": "Minggu ini",
    "monday": "Senin depan",
    "funds": "Dana belum cair",
    "budget": "Belum dianggarkan",
}
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
        day = dates.parse_plan(_when(turn), turn.today)
    except Invalid as error:
        if error.template != "invalid/plan_day":
            return [_asked(turn, bill)]
        return [turn.reply(error.template, **error.values, attempt=1)]
    return [_noted(turn, bill, "week", day)]


def _when(turn: Turn) -> str:
    """The day as they said it, in whatever sentence."""
    text = turn.incoming.text
    return paying.segment(turn.rest)[1] if turn.rest else sentences.planned(text) or sentences.day_alone(text)


def _asked(turn: Turn, bill: Bill) -> Outgoing:
    choices = [Choice(f"intend:{bill.key}:{answer}", label_) for answer, label_ in _OFFERED.items()]
    return turn.reply("month/plan_when", choices, month=label(bill), due=dates.long_date(bill.due))


def is_day(turn: Turn) -> bool:
    """Whether nothing but a coming day stands behind *bayar*; one that is far ahead may rather have been."""
    said = sentences.day_alone(turn.rest)
    try:
        return bool(said) and dates.parse_plan(said, turn.today) <= turn.today + _NEAR
    except Invalid:
        return False


def perhaps(turn: Turn) -> list[Outgoing]:
    """A coming day alone, where the chat was last asked when they mean to pay; nothing for anything else."""
    day = sentences.day_alone(turn.incoming.text)
    return plan(turn) if day and _last_asked(turn) is not None else []


def not_yet(turn: Turn) -> list[Outgoing]:
    """*belum*: when they mean to pay, or what is in the way."""
    if sentences.day_alone(turn.rest):  # "belum, nanti sore"
        return plan(turn)
    bill = _meant(turn)
    if bill is None:
        return show(turn)
    if f"intend:{bill.key}:no" in _choices(turn):  # it was asked whether it is paid: this answers it
        _noted(turn, bill, "no", None)
    return [_asked(turn, bill)]


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
    """The month that the chat was last asked about; else the oldest open one: money reaches it first."""
    segment, _ = paying.segment(turn.rest)
    open_bills = [bill for bill in open_here(turn) if segment in ("", bill.segment)]
    asked = _last_asked(turn)
    return next(
        (bill for bill in open_bills if asked and bill.key == asked.key), next(iter(open_bills), None)
    )


def _last_asked(turn: Turn) -> Bill | None:
    """The bill of the newest question of the chat, where that was about paying one."""
    about = [choice for choice in _choices(turn) if choice.startswith("intend:")]
    return bill_of(turn, about[0]) if about else None


def _choices(turn: Turn) -> list[str]:
    prompt = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    return [choice.id for choice in prompt.choices] if prompt else []


def _noted(turn: Turn, bill: Bill, answer: str, pay_on: date | None) -> Outgoing:
    prompts.close(turn.tx, turn.now, turn.incoming.address, "intend")
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
