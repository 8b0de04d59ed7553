"""Payments as villages report them: "sudah bayar", how much, when, from which money."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot import ledger
from bot.domain import dates, funding, money, paying, words
from bot.domain.months import Month
from bot.domain.paying import Said
from bot.domain.rulebook import Rules
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, members, payments, places
from bot.store.bills import Bill
from bot.store.payments import New, Payment
from bot.turns import Turn
from handlers.month import SEGMENT_NAMES, bill_of, open_here, show

#: A month that falls due within this time is the one meant by "sudah bayar".
SOON = timedelta(days=8)
#: "sudah bayar" so soon after a report is asked about: it may be the same payment.
REPEATED = timedelta(days=3)
#: Months offered at once when somebody has to say which one they mean.
OFFERED = 6
#: Payments listed in the history.
LISTED = 10

_IN_PART = re.compile(r"\b(?:sebagian|separuh|setengah|cicil|nyicil|dicicil|angsur|dp)\b")
#: Words beside the figures of a payment that change nothing of their meaning.
_BESIDE = re.compile(
    r"\b(?:iuran|bpjs|tk|ketenagakerjaan|bulan|bln|tahun|sebesar|senilai|sejumlah|jumlah|nya|rp|untuk|utk|dan|dari"
    r"|dgn|dengan|pakai|lewat|via|bank|tunai|transfer|dana|tanggal|tgl|pada|di|ke|total|sebanyak|lunas|bayar"
    r"|dibayar|membayar|sudah|alokasi|desa|add|dd|dds|bhpr|pad|pades|bankeu|bantuan|keuangan|bagi|hasil|pajak"
    r"|retribusi|asli|pendapatan|dbh|bkk)\b"
)


def say_paid(turn: Turn) -> list[Outgoing]:
    """*sudah bayar*, typed: the open month, with what else was said; a question is no report."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    asking = "?" in turn.incoming.text
    open_bills = open_here(turn)
    if not asking and (said.more or funding.parse(turn.rest, turn.rules)):
        return _with_details(turn, open_bills, said)
    if asking or not words.is_polite(turn.rest):
        return _asked_about(turn, open_bills, said)
    return _plainly_paid(turn, open_bills) if open_bills else show(turn)


def pay(turn: Turn) -> list[Outgoing]:
    """*bayar*: what is due; with a figure behind it, the report of a payment, or more about the last one."""
    told = re.search("[0-9]", turn.rest) or funding.parse(turn.rest, turn.rules)
    return say_paid(turn) if told else show(turn)


def _asked_about(turn: Turn, open_bills: Sequence[Bill], said: Said) -> list[Outgoing]:
    """A month was named, or nobody knows what: said back before anything is kept."""
    named = said.months[-1] if said.months else None
    if named is not None:
        bill = next((b for b in bills.of_village(turn.tx, turn.who.village) if b.month == named), None)
        if bill is not None and bill.settled and ledger.paid_by(turn.tx, bill):
            return [_paid_before(turn, bill)]
    if not open_bills:
        return show(turn)
    if _IN_PART.search(said.rest):
        return [turn.reply("month/how_much")]
    meant = next((one for one in open_bills if one.month == named), open_bills[0])
    older = [one for one in open_bills if one.segment == meant.segment and one.month <= meant.month]
    return [_is_it_this(turn, meant)] if len(older) == 1 else [turn.reply("month/which_paid", _spans(older))]


def _plainly_paid(turn: Turn, open_bills: Sequence[Bill]) -> list[Outgoing]:
    """Nothing but *sudah bayar*: the one month that presses, if the same was not just said."""
    soon = [one for one in open_bills if one.due <= turn.today + SOON]
    last = payments.last_report(turn.tx, turn.who.village, open_bills[0].segment)
    repeated = last is not None and turn.now - last < REPEATED  # said twice, or by two people
    if repeated or not soon:
        return [_is_it_this(turn, open_bills[0])]
    if len(soon) == 1:
        return _report(turn, soon[0], Said())
    return [turn.reply("month/which_paid", _spans(soon))]


def _spans(open_bills: Sequence[Bill]) -> list[Choice]:
    """The oldest month, the two oldest, …: money reaches the oldest first, so nothing else can be chosen."""
    choices = []
    for segment in ledger.SEGMENTS:
        mine = [bill for bill in open_bills if bill.segment == segment]
        for number, last in enumerate(mine[:OFFERED], 1):
            name = _span(mine[0].month, last.month, number)
            label = f"{name} (BPU)" if SEGMENT_NAMES[segment] else name
            choices.append(Choice(f"covers:{last.key}", label))
    return choices


def _span(first: Month, last: Month, count: int) -> str:
    if count == 1:
        return first.label
    begin = first.label.split()[0] if first.year == last.year else first.label
    return f"{begin}–{last.label} ({count} bulan)"


def _is_it_this(turn: Turn, one: Bill) -> Outgoing:
    previous = bills.get(turn.tx, one.village, one.segment, one.month.previous())
    before = ledger.paid_by(turn.tx, previous) if previous is not None and previous.settled else None
    # After another month's report a mere "ya" must not be enough.
    yes = f"Laporkan {one.month.label}" if before else f"Ya, {one.month.label}"
    choices = (Choice(f"paid:{one.key}", yes), Choice("menu:tagihan", "Bukan"))
    return turn.reply(
        "month/is_it_this",
        choices,
        month=one.month.label,
        due=dates.long_date(one.due),
        before=one.month.previous().label if before else "",
        by=before.by if before else "",
    )


def paid(turn: Turn) -> list[Outgoing]:
    """*Sudah bayar*, pressed: it stops every reminder of that month, also those already on their way."""
    bill = bill_of(turn, turn.choice)
    if bill is None:
        return [turn.reply("chat/not_yours")]
    if bill.settled:
        return [_paid_before(turn, bill)]
    older = [b for b in ledger.open_bills(turn.tx, bill.village, bill.segment) if b.month <= bill.month]
    if len(older) == 1:
        return _report(turn, bill, Said())
    return [turn.reply("month/which_paid", _spans(older))]


def covers(turn: Turn) -> list[Outgoing]:
    """Up to which month it was paid, chosen from those that are open."""
    last = bill_of(turn, turn.choice)
    if last is None:
        return [turn.reply("chat/not_yours")]
    if last.settled:
        return [_paid_before(turn, last)]
    older = [b for b in ledger.open_bills(turn.tx, last.village, last.segment) if b.month <= last.month]
    return _report(turn, older[0], Said(count=len(older)))


def _paid_before(turn: Turn, bill: Bill) -> Outgoing:
    known = ledger.paid_by(turn.tx, bill)
    if known is None:
        return turn.reply("month/nothing_owed", place=turn.village.label, until=bill.month.label)
    day = dates.short_date(known.reported_at.astimezone(turn.district.zone).date())
    return turn.reply("month/paid_before", month=bill.month.label, day=day, by=known.by)


def _with_details(turn: Turn, open_bills: Sequence[Bill], said: Said) -> list[Outgoing]:
    """A report with figures: of the last report, if it is fresh and had none; else a new one."""
    left_over = _BESIDE.sub(" ", said.rest).strip()
    if left_over and not words.is_polite(left_over):
        return [turn.reply("month/say_it_plainly", (Choice("menu:tagihan", "Lihat tagihan"),))]
    last = payments.fresh(turn.tx, turn.who.village, turn.who.person, turn.now - REPEATED)
    if last is not None and not said.count and (last.amount is None or said.amount is None):
        return _completed(turn, last, said)
    if not open_bills and said.amount is None:
        return show(turn)
    segment = open_bills[0].segment if open_bills else ledger.PU
    mine = [bill for bill in open_bills if bill.segment == segment]
    wanted = [bill for bill in mine if said.months and bill.month <= said.months[-1]]
    counted = Said(said.amount, said.paid_on, said.months, said.count or len(wanted) or 1)
    first = mine[0] if mine else None
    return _report(turn, first, counted)


def _completed(turn: Turn, last: Payment, said: Said) -> list[Outgoing]:
    """How much, when, or from what the payment was that was reported a moment ago."""
    source, refused = _funding(turn)
    payments.tell(
        turn.tx, last, said.amount or last.amount, said.paid_on or last.paid_on, source or last.funding
    )
    ledger.settle(turn.tx, last.village, last.segment)
    turn.note("complete_payment", f"village:{last.village}", payment=last.id, amount=said.amount)
    known = payments.get(turn.tx, last.id)
    assert known is not None
    return [_reported(turn, known), *refused]


def _funding(turn: Turn) -> tuple[str, list[Outgoing]]:
    """The source of money that was named; one that may not pay is refused with the rule's name."""
    source = funding.parse(turn.rest or turn.incoming.text, turn.rules)
    if source is None:
        return "", []
    people = [m for m in members.of_village(turn.tx, turn.who.village)]
    categories = sorted({member.category for member in people})
    allowed, rule = funding.verdict(turn.rules, turn.district.code, categories, source, turn.today)
    if allowed is False:
        name = funding_label(turn.rules, source)
        return "", [turn.reply("month/funding_refused", funding=name, rule=rule)]
    return source, []


def funding_label(rules: Rules, code: str) -> str:
    """The source of money as people say it; empty where none was named."""
    return next((source.label for source in rules.fundings if source.code == code), code)


def _report(turn: Turn, bill: Bill | None, said: Said) -> list[Outgoing]:
    village = turn.who.village if bill is None else bill.village
    segment = ledger.PU if bill is None else bill.segment
    first = Month.of(turn.today) if bill is None else bill.month
    source, refused = _funding(turn)
    new = New(village, segment, first, said.count or 1, said.amount, said.paid_on, source)
    number = ledger.report(turn.tx, new, turn.who.person, turn.now)
    turn.note(
        "report_payment",
        f"village:{village}",
        payment=number,
        segment=segment,
        month=str(first),
        months=new.months,
        amount=said.amount,
    )
    known = payments.get(turn.tx, number)
    assert known is not None
    return [_reported(turn, known), *refused]


def report_month(turn: Turn, bill: Bill, said: Said | None = None) -> tuple[Payment | None, list[Outgoing]]:
    """A report that a file proves: the payment, and what to say; none where the month is settled already."""
    if bill.settled:
        return ledger.paid_by(turn.tx, bill), [_paid_before(turn, bill)]
    older = [b for b in ledger.open_bills(turn.tx, bill.village, bill.segment) if b.month <= bill.month]
    told = said or Said()
    counted = Said(told.amount, told.paid_on, told.months, told.count or len(older))
    answers = _report(turn, older[0], counted)
    return payments.fresh(turn.tx, bill.village, turn.who.person, turn.now - REPEATED), answers


def _reported(turn: Turn, known: Payment) -> Outgoing:
    """What the report did: which months are settled by it, what is missing, what is too much."""
    at = turn.now.astimezone(turn.district.zone)
    found = ledger.settle(turn.tx, known.village, known.segment)
    reached = [one for one in found.standings if known.id in one.payments]
    settled = [one.month for one in reached if one.settled]
    part = next((one for one in reached if not one.settled), None)
    place = places.village(turn.tx, known.village)
    return turn.reply(
        "month/reported",
        (Choice(f"unpaid:{known.id}", "Batalkan laporan"),),
        months=_span(settled[0], settled[-1], len(settled)) if settled else "",
        several=len(settled) > 1,
        place=place.label if place else "",
        day=dates.short_date(at.date()),
        at=dates.clock_time(at, turn.district.zone_label),
        amount=money.rupiah(known.amount) if known.amount is not None else "",
        paid_on=dates.short_date(known.paid_on) if known.paid_on else "",
        funding=funding_label(turn.rules, known.funding),
        part=part.month.label if part else "",
        left=money.rupiah(part.left) if part else "",
        ahead=max(known.months - len(settled), 0) if known.amount is None else 0,
        credit=money.rupiah(found.credit) if found.credit and known.amount is not None else "",
    )


def unpaid(turn: Turn) -> list[Outgoing]:
    """A report made by mistake is taken back; the reminders wake again."""
    known = payments.get(turn.tx, int(turn.choice.partition(":")[2]))
    if known is None or known.village not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    if not payments.withdraw(turn.tx, known.id, turn.who.person):
        return [turn.reply("month/not_withdrawn", office=turn.district.office)]
    ledger.settle(turn.tx, known.village, known.segment)
    turn.note("withdraw_payment", f"village:{known.village}", payment=known.id)
    return [turn.reply("month/withdrawn", month=_span(known.month, known.month, 1))]


def history(turn: Turn) -> list[Outgoing]:
    """*riwayat*: what the village reported, and what became of it, the newest first."""
    found = payments.of_village(turn.tx, turn.who.village)[::-1][:LISTED]
    lines = [
        {
            "day": dates.short_date(one.reported_at.astimezone(turn.district.zone).date()),
            "month": _span(one.month, one.month, 1) if one.months == 1 else f"{one.months} bulan",
            "amount": money.rupiah(one.amount) if one.amount is not None else "",
            "by": one.by,
            "state": one.state.label,
            "checked": one.checked_by,
            "proved": one.proof is not None,
        }
        for one in found
    ]
    return [turn.reply("month/history", place=turn.village.label, lines=lines)]
