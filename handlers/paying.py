"""Payments as villages say them: "sudah bayar", how much, when, from which money; when in doubt, asked."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot import ledger
from bot.domain import dates, funding, money, paying, words
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, payments
from bot.store.bills import Bill
from bot.store.payments import Payment, State
from bot.turns import Turn
from handlers.month import SEGMENT_NAMES, bill_of, open_here, show
from handlers.reporting import as_choice, complete, from_choice, paid_before, report, source_of, span

#: A month that falls due within this time is the one meant by "sudah bayar".
SOON = timedelta(days=8)
#: A report so soon after another is asked about: it may be the same payment.
REPEATED = timedelta(days=3)
#: The same sum within this time is asked about too, while nothing is about to fall due.
ALIKE = timedelta(days=20)
#: Months offered at once when somebody has to say which one they mean.
OFFERED = 6

_IN_PART = re.compile(r"\b(?:sebagian|separuh|setengah|cicil|nyicil|dicicil|angsur|dp)\b")
#: Words beside the figures of a payment that change nothing of their meaning.
_BESIDE = re.compile(
    r"\b(?:iuran|bpjs|tk|ketenagakerjaan|bulan|bln|tahun|sebesar|senilai|sejumlah|jumlah|nya|rp|untuk|utk|buat|dan"
    r"|dari|dgn|dengan|pakai|lewat|via|bank|tunai|transfer|dana|tanggal|tgl|pada|di|ke|total|sebanyak|lunas|bayar"
    r"|dibayar|membayar|sudah|alokasi|desa|add|dd|dds|bhpr|pad|pades|bankeu|bantuan|keuangan|bagi|hasil|pajak"
    r"|retribusi|asli|pendapatan|dbh|bkk|bpu|pu|mandiri|peserta|penerima|upah|perangkat|bukti)\b"
)


def say_paid(turn: Turn) -> list[Outgoing]:
    """*sudah bayar*, typed: the open month, with what else was said; a question is no report."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    asking = "?" in turn.incoming.text
    open_bills = [bill for bill in open_here(turn) if said.segment in ("", bill.segment)]
    if not asking and (said.more or funding.parse(turn.rest, turn.rules)):
        return _with_details(turn, open_bills, said)
    if asking or said.months or not words.is_polite(_BESIDE.sub(" ", turn.rest)):
        return _asked_about(turn, open_bills, said)
    return _plainly_paid(turn, open_bills) if open_bills else show(turn)


def pay(turn: Turn) -> list[Outgoing]:
    """*bayar*: what is due; with a figure behind it, the report of a payment, or more about the last one."""
    told = re.search("[0-9]", turn.rest) or funding.parse(turn.rest, turn.rules)
    return say_paid(turn) if told else show(turn)


def perhaps(turn: Turn, text: str) -> list[Outgoing]:
    """Neither a command nor a name: a sum or a month alone is asked about; nothing where it is neither."""
    try:
        said = paying.read(text, turn.today)
    except Invalid:
        return []
    left_over = _BESIDE.sub(" ", said.rest).strip()
    if (said.amount is None and not said.months) or (left_over and not words.is_polite(left_over)):
        return []
    open_bills = [bill for bill in open_here(turn) if said.segment in ("", bill.segment)]
    if said.amount is None:
        return _asked_about(turn, open_bills, said)
    firsts = _first_of_each(open_bills, said)
    if not firsts:
        return []
    if len(firsts) > 1:
        return [_which_segment(turn, open_bills, firsts, said)]
    source, refused = source_of(turn, text, firsts[0])
    yes = Choice(as_choice(firsts[0], _counted(open_bills, firsts[0], said), source), "Ya, catat")
    choices = (yes, Choice("menu:tagihan", "Bukan"))
    shown = turn.reply(
        "month/is_it_paid", choices, amount=money.rupiah(said.amount), month=firsts[0].month.label
    )
    return [shown, *refused]


def _asked_about(turn: Turn, open_bills: Sequence[Bill], said: Said) -> list[Outgoing]:
    """A month was named, or nobody knows what: said back before anything is kept."""
    named = said.months[-1] if said.months else None
    if named is not None:
        mine = [bill for bill in bills.of_village(turn.tx, turn.who.village) if bill.month == named]
        if mine and all(bill.settled for bill in mine) and ledger.paid_by(turn.tx, mine[0]):
            return [paid_before(turn, mine[0])]
    if not open_bills:
        return show(turn)
    if _IN_PART.search(said.rest):
        return [turn.reply("month/how_much")]
    meant = [bill for bill in open_bills if bill.month == named] or [open_bills[0]]
    if len(meant) > 1:
        return [turn.reply("month/which_paid", _spans(_up_to(open_bills, meant)))]
    older = _up_to(open_bills, meant)
    return (
        [_is_it_this(turn, meant[0])] if len(older) == 1 else [turn.reply("month/which_paid", _spans(older))]
    )


def _up_to(open_bills: Sequence[Bill], last: Sequence[Bill]) -> list[Bill]:
    """The open bills of the same segments up to these."""
    return [b for b in open_bills if any(b.segment == one.segment and b.month <= one.month for one in last)]


def _plainly_paid(turn: Turn, open_bills: Sequence[Bill]) -> list[Outgoing]:
    """Nothing but *sudah bayar*: the one month that presses, if the same was not just said."""
    soon = [one for one in open_bills if one.due <= turn.today + SOON]
    first = open_bills[0]
    if _recent(turn, first) is not None or not soon:  # said twice, or by two people
        return [_is_it_this(turn, first)]
    if len(soon) == 1:
        return [report(turn, soon[0], Said())[1]]
    return [turn.reply("month/which_paid", _spans(soon))]


def _recent(turn: Turn, bill: Bill) -> Payment | None:
    """What was reported a moment ago, by whomever, and nobody has looked at."""
    return payments.recent(turn.tx, bill.village, bill.segment, turn.now - REPEATED)


def _spans(open_bills: Sequence[Bill]) -> list[Choice]:
    """The oldest month, the two oldest, …: money reaches the oldest first, so nothing else can be chosen."""
    choices = []
    for segment in ledger.SEGMENTS:
        mine = [bill for bill in open_bills if bill.segment == segment]
        for number, last in enumerate(mine[:OFFERED], 1):
            name = span([bill.month for bill in mine[:number]]).partition(" (")[
                0
            ]  # "bulan" is typed for a month
            choices.append(Choice(f"covers:{last.key}", _named(name, segment)))
    return choices


def _named(name: str, segment: str) -> str:
    return f"{name} (BPU)" if SEGMENT_NAMES[segment] else name


def _is_it_this(turn: Turn, one: Bill) -> Outgoing:
    previous = bills.get(turn.tx, one.village, one.segment, one.month.previous())
    before = ledger.paid_by(turn.tx, previous) if previous is not None and previous.settled else None
    # After another month's report a mere "ya" must not be enough.
    yes = f"Laporkan {one.month.label}" if before else f"Ya, {one.month.label}"
    choices = (Choice(f"paid:{one.key}", _named(yes, one.segment)), Choice("menu:tagihan", "Bukan"))
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
        return [paid_before(turn, bill)]
    older = _up_to(ledger.open_bills(turn.tx, bill.village, bill.segment), [bill])
    if len(older) == 1:
        return [report(turn, bill, Said())[1]]
    return [turn.reply("month/which_paid", _spans(older))]


def covers(turn: Turn) -> list[Outgoing]:
    """Up to which month it was paid, chosen from those that are open."""
    last = bill_of(turn, turn.choice)
    if last is None:
        return [turn.reply("chat/not_yours")]
    if last.settled:
        return [paid_before(turn, last)]
    older = _up_to(ledger.open_bills(turn.tx, last.village, last.segment), [last])
    return [report(turn, older[0], Said(count=len(older)))[1]]


def _with_details(turn: Turn, open_bills: Sequence[Bill], said: Said) -> list[Outgoing]:
    """A report with figures: of the last report, if it plainly belongs to it; else a new one, or a question."""
    left_over = _BESIDE.sub(" ", said.rest).strip()
    if left_over and not words.is_polite(left_over):
        return [turn.reply("month/say_it_plainly", (Choice("menu:tagihan", "Lihat tagihan"),))]
    last = payments.recent(turn.tx, turn.who.village, said.segment, turn.now - REPEATED)
    mine = last is not None and last.reported_by == turn.who.person
    if last is not None and mine and _belongs(turn, last, said):
        bill = bills.get(turn.tx, last.village, last.segment, last.month)
        source, refused = source_of(turn, turn.rest, bill)
        return [complete(turn, last, said, source), *refused]
    firsts = _first_of_each(open_bills, said)
    if not firsts:
        return show(turn) if said.amount is None else [_nothing_open(turn, last)]
    if len(firsts) > 1:
        return [_which_segment(turn, open_bills, firsts, said)]
    return _new_report(turn, open_bills, firsts[0], said, last)


def _new_report(
    turn: Turn, open_bills: Sequence[Bill], first: Bill, said: Said, last: Payment | None
) -> list[Outgoing]:
    """Kept, unless the sum looks wrong or something like it was just reported: then asked about."""
    counted = _counted(open_bills, first, said)
    source, refused = source_of(turn, turn.rest, first)
    alike = last or _alike(turn, first, said)
    if said.amount is not None and _too_much(open_bills, first, said.amount):
        yes = Choice(as_choice(first, counted, source), f"Ya, {money.rupiah(said.amount)}")
        left = money.rupiah(sum(bill.left or 0 for bill in open_bills if bill.segment == first.segment))
        choices = (yes, Choice("menu:tagihan", "Bukan"))
        shown = turn.reply("month/so_much", choices, amount=money.rupiah(said.amount), left=left)
    elif alike is not None:
        shown = _another(turn, alike, first, counted, source)
    else:
        shown = report(turn, first, counted, source)[1]
    return [shown, *refused]


def _belongs(turn: Turn, last: Payment, said: Said) -> bool:
    """Whether the figures say more of the last report: none were known, and they fit its months."""
    if said.count or (last.amount is not None and said.amount is not None):
        return False
    found = ledger.settle(turn.tx, last.village, last.segment)
    months = found.of(last.id)
    if any(month not in months for month in said.months):
        return False
    billed = sum(one.amount or 0 for one in found.standings if one.month in months)
    return said.amount is None or paying.fits(said.amount, billed)


def _first_of_each(open_bills: Sequence[Bill], said: Said) -> list[Bill]:
    """The oldest open bill of each segment that can be meant: one, where the sum is exactly its own."""
    firsts = [next((b for b in open_bills if b.segment == segment), None) for segment in ledger.SEGMENTS]
    found = [bill for bill in firsts if bill is not None]
    exact = [bill for bill in found if said.amount is not None and bill.left == said.amount]
    return exact if len(exact) == 1 else found


def _counted(open_bills: Sequence[Bill], first: Bill, said: Said) -> Said:
    """With the number of months that were named: from the oldest open one to the last of them."""
    mine = [bill for bill in open_bills if bill.segment == first.segment]
    wanted = [bill for bill in mine if said.months and bill.month <= said.months[-1]]
    return Said(said.amount, said.paid_on, said.months, said.count or len(wanted) or 1)


def _too_much(open_bills: Sequence[Bill], first: Bill, amount: int) -> bool:
    """Where every open bill is known: whether the sum is likelier a slip."""
    mine = [bill for bill in open_bills if bill.segment == first.segment]
    known = all(bill.amount is not None for bill in mine)
    return known and paying.too_much(amount, [bill.left or 0 for bill in mine])


def _which_segment(turn: Turn, open_bills: Sequence[Bill], firsts: Sequence[Bill], said: Said) -> Outgoing:
    choices = []
    for bill in firsts:
        source, _ = source_of(turn, turn.rest, bill)
        name = "Penerima upah" if bill.segment == ledger.PU else "Peserta mandiri (BPU)"
        choices.append(Choice(as_choice(bill, _counted(open_bills, bill, said), source), name))
    return turn.reply("month/which_segment", choices)


def _alike(turn: Turn, bill: Bill, said: Said) -> Payment | None:
    """A payment of the same sum not long ago, while nothing is about to fall due: perhaps the same."""
    if said.amount is None or bill.due <= turn.today + SOON:
        return None
    last = payments.recent(turn.tx, bill.village, bill.segment, turn.now - ALIKE, recorded=True)
    return last if last is not None and last.amount == said.amount else None


def _another(turn: Turn, last: Payment, bill: Bill, said: Said, source: str) -> Outgoing:
    """Something was reported a moment ago: is this another payment?"""
    choices = [Choice(as_choice(bill, said, source), "Ya, pembayaran lain"), Choice("menu:tagihan", "Bukan")]
    return _asked(turn, "month/another", last, choices)


def _nothing_open(turn: Turn, last: Payment | None) -> Outgoing:
    choices = [Choice("menu:riwayat", "Lihat riwayat")]
    if last is None:
        return turn.reply("month/nothing_to_pay", choices, place=turn.village.label)
    return _asked(turn, "month/reported_already", last, choices)


def _asked(turn: Turn, template: str, last: Payment, choices: Sequence[Choice]) -> Outgoing:
    found = ledger.settle(turn.tx, last.village, last.segment).of(last.id)
    return turn.reply(
        template,
        choices,
        months=span(found or (last.month,)),
        amount=money.rupiah(last.amount) if last.amount is not None else "",
        day=dates.short_date(last.reported_at.astimezone(turn.district.zone).date()),
        by=last.by,
    )


def told_again(turn: Turn) -> list[Outgoing]:
    """A report that was asked about is one."""
    bill = bill_of(turn, turn.choice)
    if bill is None:
        return [turn.reply("chat/not_yours")]
    said, source = from_choice(turn.choice)
    return [report(turn, bill, said, source)[1]]


def report_month(turn: Turn, bill: Bill, said: Said | None = None) -> tuple[Payment | None, list[Outgoing]]:
    """A report that a file proves: the payment, and what to say; where the month is settled, what settled it."""
    if bill.settled:
        known = ledger.paid_by(turn.tx, bill)
        return (known if known and known.state is State.REPORTED else None), [paid_before(turn, bill)]
    older = _up_to(ledger.open_bills(turn.tx, bill.village, bill.segment), [bill])
    told = said or Said()
    counted = Said(told.amount, told.paid_on, told.months, told.count or len(older))
    source, refused = source_of(turn, turn.incoming.text, bill)
    known, answer = report(turn, older[0], counted, source)
    return known, [answer, *refused]
