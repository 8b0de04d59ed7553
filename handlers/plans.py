"""What a village says beside a payment: when it plans to pay, what is in the way, what SIPP shows."""

from datetime import date, timedelta

from bot import ledger
from bot.domain import dates, deadlines, money, paying
from bot.domain.paying import Said
from bot.domain.reminders import planned
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, intentions, payments
from bot.store.bills import Bill, Figure
from bot.store.payments import State
from bot.turns import Turn
from handlers.month import SEGMENT_NAMES, bill_of, open_here, show

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
        day = dates.parse_plan(turn.rest, turn.today)
    except Invalid as error:
        if error.template != "invalid/plan_day":
            return [turn.reply("month/plan_when", month=bill.month.label, due=dates.long_date(bill.due))]
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


def _meant(turn: Turn) -> Bill | None:
    """The month that reminders speak of: the first that is not due yet, else the oldest open one."""
    open_bills = open_here(turn)
    return next((b for b in open_bills if b.due >= turn.today), next(iter(open_bills), None))


def _noted(turn: Turn, bill: Bill, answer: str, pay_on: date | None) -> Outgoing:
    intentions.intend(turn.tx, bill, answer, pay_on, (turn.who.person, turn.now))
    turn.note("intend", f"village:{bill.village}", segment=bill.segment, month=str(bill.month), answer=answer)
    return turn.reply(
        "month/noted",
        (Choice(f"paid:{bill.key}", "Sudah bayar"),) if pay_on is None and answer != "no" else (),
        month=bill.month.label,
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


def given(turn: Turn) -> list[Outgoing]:
    """*sipp 1.585.000 [bulan]*: the agency's own figure, as the village reads it; it wins over ours."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    if said.amount is None:
        return [turn.reply("month/how_given")]
    firsts = _first_of_each(turn, said)
    if not firsts:
        return [turn.reply("month/no_such_bill", place=turn.village.label)]
    if len(firsts) > 1:
        choices = [
            Choice(f"figure:{bill.key}:{said.amount}", SEGMENT_NAMES[bill.segment] or "Penerima upah")
            for bill in firsts
        ]
        return [turn.reply("month/which_segment", choices)]
    return [_given(turn, firsts[0], said.amount, sure=False)]


def _first_of_each(turn: Turn, said: Said) -> list[Bill]:
    """Of each segment the bill of the named month, else the oldest open one."""
    found: dict[str, Bill] = {}
    for bill in bills.of_village(turn.tx, turn.who.village):
        wanted = bill.month == said.months[-1] if said.months else not bill.settled
        if wanted and said.segment in ("", bill.segment):
            found.setdefault(bill.segment, bill)
    return list(found.values())


def figure(turn: Turn) -> list[Outgoing]:
    """The figure that was asked about is right."""
    bill, amount = bill_of(turn, turn.choice), turn.choice.split(":")[-1]
    if bill is None or not amount.isdecimal():
        return [turn.reply("chat/not_yours")]
    return [_given(turn, bill, int(amount), sure=True)]


def _given(turn: Turn, bill: Bill, amount: int, *, sure: bool) -> Outgoing:
    if bill.given is not None and bill.given_by_office:
        total = money.rupiah(bill.given)
        return turn.reply(
            "month/given_by_office",
            month=bill.month.label,
            total=total,
            by=bill.given_source,
            office=turn.district.office,
        )
    last = ledger.paid_by(turn.tx, bill) if bill.settled else None
    if last is not None and last.state is State.RECORDED:
        return turn.reply("month/recorded_already", month=bill.month.label, office=turn.district.office)
    ours = bill.ours or 0
    if not sure and paying.far_from(ours, amount):
        yes = Choice(f"figure:{bill.key}:{amount}", f"Ya, {money.rupiah(amount)}")
        return turn.reply(
            "month/far_from_ours",
            (yes, Choice("menu:tagihan", "Bukan")),
            month=bill.month.label,
            total=money.rupiah(amount),
            ours=money.rupiah(ours),
        )
    read = Figure(amount, f"SIPP, dibaca {turn.who.name}", by_office=False)
    bills.give(turn.tx, bill, read, (turn.who.person, turn.now))
    ledger.settle(turn.tx, bill.village, bill.segment)
    turn.note("give_figure", f"village:{bill.village}", segment=bill.segment, month=str(bill.month))
    difference = amount - ours
    return turn.reply(
        "month/given",
        ()
        if payments.counted(turn.tx, bill.village, bill.segment) and bill.settled
        else (Choice(f"paid:{bill.key}", "Sudah bayar"),),
        month=bill.month.label,
        total=money.rupiah(amount),
        ours=money.rupiah(ours) if ours else "",
        more=difference > 0,
        difference=money.rupiah(abs(difference)) if ours and difference else "",
    )
