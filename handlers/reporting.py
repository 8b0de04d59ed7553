"""A report of payment: kept, and told back with what it did to the months."""

from collections.abc import Iterable, Sequence

from bot import ledger
from bot.domain import dates, funding, groups, money, paying
from bot.domain.months import Month
from bot.domain.paying import Reported, Said
from bot.domain.rulebook import Rules
from bot.messages import Choice, File, Outgoing
from bot.store import bills, jobs, members, payments, places
from bot.store.bills import Bill
from bot.store.payments import New, Payment
from bot.turns import Turn
from handlers.month import label, labelled, serves

#: Payments listed in the history.
LISTED = 10


def span(months: Sequence[Month]) -> str:
    """As in "November 2026" and "Agustus–Oktober 2026 (3 bulan)"."""
    first, last = months[0], months[-1]
    if len(months) == 1:
        return first.label
    begin = first.label.split()[0] if first.year == last.year else first.label
    return f"{begin}–{last.label} ({len(months)} bulan)"


def reach(turn: Turn, known: Payment) -> tuple[Month, ...]:
    """The months a payment reaches; those which it was meant for, where it reaches none."""
    return ledger.settle(turn.tx, known.village, known.segment).of(known.id) or known.meant


def reached(turn: Turn, known: Payment) -> str:
    """The same in words."""
    return labelled(known.segment, span(reach(turn, known)))


def as_reported(turn: Turn, known: Payment) -> Reported:
    """A report as far as it decides what else is said of it."""
    found = ledger.settle(turn.tx, known.village, known.segment)
    months = found.of(known.id) or known.meant
    billed = sum(one.amount or 0 for one in found.standings if one.month in months)
    return Reported(known.segment, known.amount, months, billed)


def spoken_of(turn: Turn, said: Said, mine: Iterable[Payment], *, proves: bool = False) -> Payment | None:
    """Of some own reports that which more is said of: with exactly this sum, else the newest."""
    found = []
    for one in mine:
        open_bills = ledger.open_bills(turn.tx, one.village)
        firsts = {bill.segment: bill.left for bill in reversed(open_bills) if bill.segment != one.segment}
        last = as_reported(turn, one)
        if paying.belongs(said, last, firsts.values(), proves=proves):
            exact = said.amount is not None and said.amount == (last.amount or last.billed)
            found.append((exact, one.id, one))
    return max(found, key=lambda each: each[:2])[2] if found else None


def funding_label(rules: Rules, code: str) -> str:
    """The source of money as people say it; empty where none was named."""
    return next((source.label for source in rules.fundings if source.code == code), code)


def permitted(turn: Turn, source: str, bill: Bill) -> tuple[str, list[Outgoing]]:
    """The source of money that was named; one that may not pay is refused with the rule's name."""
    if not source:
        return "", []
    allowed, rule = funding.verdict(turn.rules, bill.district, _categories(turn, bill), source, turn.today)
    if allowed is False:
        name = funding_label(turn.rules, source)
        return "", [turn.reply("month/funding_refused", funding=name, rule=rule)]
    return source, []


def _categories(turn: Turn, bill: Bill) -> list[str]:
    """Whose contributions the bill holds: what may pay for them differs."""
    found = {one.category for one in members.insured(turn.tx, bill.village, bill.month) if not one.beside}
    rules, on = turn.rules, bill.month.first
    insured = [code for code in found if groups.runs(rules, code, bill.month)]
    return sorted(c for c in insured if rules.programme_set(bill.district, c, on).segment == bill.segment)


def report(turn: Turn, bill: Bill, said: Said, source: str = "") -> Payment:
    """Keep a report that begins with this bill; without a sum: as billed, for `said.count` months."""
    new = New(bill.village, bill.segment, bill.month, said.count or 1, said.amount, said.paid_on, source)
    number = ledger.report(turn.tx, new, turn.who.person, turn.now)
    turn.note(
        "report_payment",
        f"village:{bill.village}",
        payment=number,
        segment=bill.segment,
        month=str(bill.month),
        months=new.months,
    )
    known = payments.get(turn.tx, number)
    assert known is not None
    return known


def complete(turn: Turn, known: Payment, said: Said, source: str, *, proving: bool = False) -> list[Outgoing]:
    """How much, when, or from what the payment was that was reported a moment ago."""
    bill = bills.get(turn.tx, known.village, known.segment, known.month)
    source, refused = permitted(turn, source, bill) if bill else (source, [])
    amount, day = said.amount or known.amount, said.paid_on or known.paid_on
    if not payments.tell(turn.tx, known, amount, day, source or known.funding):
        return [closed(turn, known)]
    ledger.settle(turn.tx, known.village, known.segment)
    turn.note("complete_payment", f"village:{known.village}", payment=known.id)
    changed = payments.get(turn.tx, known.id)
    assert changed is not None
    return [told(turn, changed, proving=proving), *refused]


def closed(turn: Turn, known: Payment) -> Outgoing:
    """Nothing more is taken for this report: somebody looked at it, or it was taken back."""
    state, office = known.state.label, turn.district.office
    return turn.reply("month/closed", month=reached(turn, known), state=state, office=office)


def fetch(turn: Turn, known: Payment, file: File) -> None:
    """Have the file brought that proves a report."""
    args = {
        "village": known.village,
        "payment": known.id,
        "month": reached(turn, known),
        "file": [file.id, file.name, file.mime, file.size],
    }
    jobs.add(turn.tx, "proof", turn.incoming, args, turn.now)


def told(turn: Turn, known: Payment, *, proving: bool = False) -> Outgoing:
    """What the report did: which months are settled by it, what is missing, what is too much.

    `proving`: its proof came with it, and is not asked for.
    """
    at = turn.now.astimezone(turn.district.zone)
    found = ledger.settle(turn.tx, known.village, known.segment)
    touched = [one for one in found.standings if known.id in one.payments]
    settled = [one.month for one in touched if one.settled]
    part = next((one for one in touched if not one.settled), None)
    place = places.village(turn.tx, known.village)
    return turn.reply(
        "month/reported",
        (Choice(f"unpaid:{known.id}", "Batalkan laporan"),),
        months=labelled(known.segment, span(settled)) if settled else "",
        several=len(settled) > 1,
        place=place.label if place else "",
        day=dates.short_date(at.date()),
        at=dates.clock_time(at, turn.district.zone_label),
        amount=money.rupiah(known.amount) if known.amount is not None else "",
        paid_on=dates.short_date(known.paid_on) if known.paid_on else "",
        funding=funding_label(turn.rules, known.funding),
        part=labelled(known.segment, part.month.label) if part else "",
        left=money.rupiah(part.left) if part else "",
        ahead=max(known.months - len(settled), 0) if known.amount is None else 0,
        credit=money.rupiah(found.credit) if found.credit and known.amount is not None else "",
        proved=proving or known.proof is not None,
    )


def paid_before(turn: Turn, bill: Bill) -> Outgoing:
    """The month was settled already: by whom, and when."""
    known = ledger.paid_by(turn.tx, bill)
    if known is None:
        return turn.reply("month/nothing_owed", place=turn.village.label, until=label(bill))
    day = dates.short_date(known.reported_at.astimezone(turn.district.zone).date())
    return turn.reply("month/paid_before", month=label(bill), day=day, by=known.by)


def withdraw(turn: Turn) -> list[Outgoing]:
    """A report made by mistake is taken back; the reminders wake again."""
    number = turn.choice.partition(":")[2]
    known = payments.get(turn.tx, int(number)) if number.isdecimal() else None
    if known is None or not serves(turn, known.village):
        return [turn.reply("chat/not_yours")]
    months = reach(turn, known)
    if not payments.withdraw(turn.tx, known.id, turn.who.person):
        return [turn.reply("month/not_withdrawn", office=turn.district.office)]
    payments.keep_reach(turn.tx, known.id, months)
    ledger.undone(turn.tx, turn.rules, known, turn.now)
    turn.note("withdraw_payment", f"village:{known.village}", payment=known.id)
    return [turn.reply("month/withdrawn", month=labelled(known.segment, span(months)))]


def withdrawable(turn: Turn) -> list[Payment]:
    """One's own reports that may still be taken back."""
    return [
        one
        for one in payments.of_village(turn.tx, turn.who.village)
        if one.state is payments.State.REPORTED and one.reported_by == turn.who.person and one.proof is None
    ]


def offer_withdrawal(turn: Turn) -> list[Outgoing]:
    """*batalkan laporan*: which of them."""
    mine = withdrawable(turn)
    if not mine:
        return [turn.reply("month/nothing_to_withdraw", office=turn.district.office)]
    choices = [Choice(f"unpaid:{one.id}", f"Batalkan {reached(turn, one)}") for one in mine[-LISTED:][::-1]]
    return [turn.reply("month/withdraw_which", [*choices, Choice("menu:menu", "Tidak jadi")])]


def history(turn: Turn) -> list[Outgoing]:
    """*riwayat*: what the village reported, and what became of it, the newest first."""
    found = payments.of_village(turn.tx, turn.who.village)[::-1][:LISTED]
    return [turn.reply("month/history", place=turn.village.label, lines=[_line(turn, one) for one in found])]


def _line(turn: Turn, one: Payment) -> dict[str, object]:
    return {
        "day": dates.short_date(one.reported_at.astimezone(turn.district.zone).date()),
        "month": reached(turn, one),
        "amount": money.rupiah(one.amount) if one.amount is not None else "",
        "by": one.by,
        "state": one.state.label,
        "checked": one.checked_by,
        "proved": one.proof is not None,
    }
