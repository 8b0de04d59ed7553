"""What a village says beside a payment: when it plans to pay, what is in the way, what SIPP shows."""

from datetime import date, timedelta

from bot import ledger
from bot.domain import dates, money, paying
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, intentions
from bot.store.bills import Bill
from bot.turns import Turn
from handlers.month import bill_of, open_here, show

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
    open_bills = open_here(turn)
    if not open_bills:
        return show(turn)
    try:
        day = dates.parse_plan(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    return [_noted(turn, open_bills[0], "week", day)]


def _noted(turn: Turn, bill: Bill, answer: str, pay_on: date | None) -> Outgoing:
    intentions.intend(turn.tx, bill, answer, pay_on, (turn.who.person, turn.now))
    turn.note("intend", f"village:{bill.village}", segment=bill.segment, month=str(bill.month), answer=answer)
    return turn.reply(
        "month/noted",
        (Choice(f"paid:{bill.key}", "Sudah bayar"),) if pay_on is None and answer != "no" else (),
        month=bill.month.label,
        answer=ANSWERS[answer],
        pay_on=dates.long_date(pay_on) if pay_on else "",
        late=pay_on is not None and pay_on > bill.due,
        due=dates.long_date(bill.due),
        office=turn.district.office,
    )


def given(turn: Turn) -> list[Outgoing]:
    """*sipp 1.585.000 [bulan]*: the agency's own figure, as the village reads it; it wins over ours."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    mine = bills.of_village(turn.tx, turn.who.village)
    named = [bill for bill in mine if said.months and bill.month == said.months[-1]]
    bill = next(iter(named or [bill for bill in mine if not bill.settled]), None)
    if bill is None or said.amount is None:
        return [turn.reply("month/how_given")]
    bills.give(turn.tx, bill, said.amount, f"SIPP, dibaca {turn.who.name}", (turn.who.person, turn.now))
    ledger.settle(turn.tx, bill.village, bill.segment)
    turn.note(
        "give_figure",
        f"village:{bill.village}",
        segment=bill.segment,
        month=str(bill.month),
        amount=said.amount,
    )
    difference = said.amount - (bill.ours or 0)
    return [
        turn.reply(
            "month/given",
            (Choice(f"paid:{bill.key}", "Sudah bayar"),) if not bill.settled else (),
            month=bill.month.label,
            total=money.rupiah(said.amount),
            ours=money.rupiah(bill.ours) if bill.ours else "",
            more=difference > 0,
            difference=money.rupiah(abs(difference)) if bill.ours and difference else "",
        )
    ]
