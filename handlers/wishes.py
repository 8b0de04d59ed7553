"""What a village wants to report, weighed before it is kept: typed, written under a photo, or pressed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot import ledger
from bot.domain import dates, money, paying
from bot.domain.months import Month
from bot.domain.paying import Said
from bot.messages import Choice, File, Outgoing
from bot.store import bills, payments
from bot.store.bills import Bill
from bot.store.payments import Payment, State
from bot.turns import Turn
from handlers.month import KINDS, label, labelled, show
from handlers.reporting import (
    as_reported,
    closed,
    complete,
    fetch,
    paid_before,
    permitted,
    reached,
    report,
    span,
    told,
)

#: A month that falls due within this time is the one meant by "sudah bayar".
SOON = timedelta(days=8)
#: A report so soon after another is asked about: it may be the same payment.
REPEATED = timedelta(days=3)
#: The same sum within this time is asked about too, while nothing is about to fall due.
ALIKE = timedelta(days=20)
#: Months offered at once when somebody has to say which one they mean.
OFFERED = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """A payment somebody speaks of, not kept yet; a question keeps it behind its buttons.

    `segment` is empty until it is known; `source` is where the money came from, by its code; `sure`: the
    sum was asked about; `seen` is the newest report they know of, by its id; `file` proves the payment.
    """

    village: str
    segment: str = ""
    said: Said = field(default_factory=Said)
    source: str = ""
    sure: bool = False
    seen: int = 0
    file: File | None = None

    @property
    def until(self) -> Month | None:
        """The last month that was named."""
        return self.said.months[-1] if self.said.months else None


def as_choice(wish: Wish) -> str:
    """A wish that waits for an answer, as the meaning of a button."""
    said, file = wish.said, wish.file
    kept = {
        "amount": said.amount,
        "day": said.paid_on.isoformat() if said.paid_on else None,
        "months": [str(month) for month in said.months],
        "count": said.count,
        "source": wish.source,
        "sure": wish.sure,
        "seen": wish.seen,
        "file": [file.id, file.name, file.mime, file.size] if file else None,
    }
    return f"told:{wish.village}:{wish.segment or said.segment}:{json.dumps(kept)}"


def from_choice(choice: str) -> Wish | None:
    """What `as_choice` kept; None for a button that is older than this form of it."""
    _, village, segment, details = (*choice.split(":", 3), "", "", "")[:4]
    if not details.startswith("{"):
        return None
    kept = json.loads(details)
    day = date.fromisoformat(kept["day"]) if kept["day"] else None
    months = tuple(Month.parse(month) for month in kept["months"])
    said = Said(kept["amount"], day, months, kept["count"], segment)
    file = File(*kept["file"]) if kept["file"] else None
    return Wish(village, segment, said, kept["source"], kept["sure"], kept["seen"], file)


def of_bill(turn: Turn, bill: Bill, wish: Wish | None = None) -> Wish:
    """A wish for this bill, chosen with all in view that was reported so far."""
    known = wish or Wish(bill.village)
    said = replace(known.said, months=(bill.month,), segment=bill.segment)
    return replace(known, segment=bill.segment, said=said, seen=reported_so_far(turn, bill.village))


def open_of(turn: Turn, known: Payment) -> list[Bill]:
    """What is open of the months that a report was meant for which counts no more."""
    mine = ledger.open_bills(turn.tx, known.village, known.segment)
    return [bill for bill in mine if bill.month <= known.meant[-1]]


def anew(turn: Turn, known: Payment, open_bills: Sequence[Bill], file: File | None = None) -> Wish:
    """The wish to report the same again, but for what was wrong with it."""
    months = () if known.reason == "month" else tuple(bill.month for bill in open_bills)
    amount = known.amount if known.reason != "amount" and months else None
    said = Said(amount, known.paid_on, months, segment=known.segment)
    seen = reported_so_far(turn, known.village)
    return Wish(known.village, known.segment, said, known.funding, seen=seen, file=file)


def reported_so_far(turn: Turn, village: str) -> int:
    """The newest report of a village, by its id."""
    return max((one.id for one in payments.of_village(turn.tx, village)), default=0)


def candidates(turn: Turn, wish: Wish) -> tuple[list[Bill], list[Bill]]:
    """The oldest open bill of each segment that can be meant; where there is none, what is settled already.

    A segment whose named month is settled cannot be meant while another has it open.  Of several the one
    is meant that lacks exactly the sum.
    """
    meant, amount = wish.segment or wish.said.segment, wish.said.amount
    mine = bills.of_village(turn.tx, wish.village, meant)
    named = [bill for bill in mine if bill.month == wish.until]
    settled = [bill for bill in named if bill.settled]
    found = {bill.segment: bill for bill in reversed(mine) if not bill.settled}
    can_be = {bill.segment for bill in named if not bill.settled} if named else set(found)
    firsts = [found[segment] for segment in ledger.SEGMENTS if segment in can_be]
    exact = [bill for bill in firsts if amount is not None and bill.left == amount]
    same = [bill for bill in settled if amount is not None and bill.amount == amount]
    if not exact and (same or not firsts):
        return [], same or settled
    return exact if len(exact) == 1 else firsts, []


def weigh(turn: Turn, wish: Wish, *, asking: bool = False) -> list[Outgoing]:
    """A report, or what has to be asked or said before it is one.

    `asking`: nobody said that it was paid; it is asked about even where nothing is doubtful.
    """
    firsts, settled = candidates(turn, wish)
    if settled:
        return _settled(turn, wish, settled)
    if not firsts:
        return _nothing_open(turn, wish)
    if len(firsts) > 1:
        return [_which_segment(turn, wish, firsts)]
    source, refused = permitted(turn, wish.source, firsts[0])
    wish = replace(wish, segment=firsts[0].segment, source=source)
    open_bills = ledger.open_bills(turn.tx, wish.village, wish.segment)
    doubt = _doubt(turn, wish, open_bills)
    if doubt is None and asking:
        doubt = _is_it_paid(turn, wish, open_bills[0])
    answer = doubt or told(turn, keep(turn, wish, open_bills), proving=wish.file is not None)
    return [answer, *refused]


def keep(turn: Turn, wish: Wish, open_bills: Sequence[Bill]) -> Payment:
    """A report from the oldest open month on, for all of them up to the named one."""
    until = wish.until
    counted = [bill for bill in open_bills if until and bill.month <= until]
    said = replace(wish.said, count=wish.said.count or len(counted) or 1)
    known = report(turn, open_bills[0], said, wish.source)
    if wish.file is not None:
        fetch(turn, known, wish.file)
    return known


def _settled(turn: Turn, wish: Wish, settled: Sequence[Bill]) -> list[Outgoing]:
    """The month was settled before; a file may still be the proof of that."""
    paid = [(bill, known) for bill in settled if (known := ledger.paid_by(turn.tx, bill)) is not None]
    if not paid:
        return [paid_before(turn, settled[0])]
    bill, known = paid[0]
    if wish.file is not None and known.state is State.REPORTED:
        return hang(turn, known, wish) or [paid_before(turn, bill)]
    return [paid_before(turn, bill)]


def hang(turn: Turn, known: Payment, wish: Wish) -> list[Outgoing]:
    """The file proves this report; what was said beside it is kept with it, a sum that fits nothing is not."""
    if known.state is State.RECORDED:
        return [turn.reply("month/proof_needless", month=reached(turn, known), office=turn.district.office)]
    if known.state is not State.REPORTED:
        return [closed(turn, known)]
    said = wish.said
    if known.amount is not None or not paying.belongs(said, as_reported(turn, known), (), proves=True):
        said = replace(said, amount=None)
    more = said.amount or said.paid_on or wish.source
    proving = wish.file is not None
    answer = complete(turn, known, said, wish.source, proving=proving) if more else []
    if wish.file is not None:
        fetch(turn, known, wish.file)
    return answer


def _doubt(turn: Turn, wish: Wish, open_bills: Sequence[Bill]) -> Outgoing | None:
    """The question that comes first, if there is one."""
    amount = wish.said.amount
    if amount is None and not wish.said.count and (doubt := _doubtful_month(turn, wish, open_bills)):
        return doubt
    first = open_bills[0]
    if amount is not None and not wish.sure and _too_much(open_bills, amount):
        left = money.rupiah(sum(bill.left or 0 for bill in open_bills))
        sure = replace(_bound(wish, first), sure=True)
        yes = Choice(as_choice(sure), f"Ya, {money.rupiah(amount)}")
        choices = (yes, Choice("menu:tagihan", "Bukan"))
        return turn.reply("month/so_much", choices, amount=money.rupiah(amount), left=left)
    last = recent(turn, wish) or _alike(turn, wish, first)
    if last is None or last.id <= wish.seen:
        return None
    yes = Choice(as_choice(replace(_bound(wish, first), seen=last.id)), "Ya, pembayaran lain")
    return about_last(turn, "month/another", last, (yes, Choice("menu:tagihan", "Bukan")))


def _bound(wish: Wish, first: Bill) -> Wish:
    """Where no month was named: that which was the oldest open one when it was asked."""
    return wish if wish.said.months else replace(wish, said=replace(wish.said, months=(first.month,)))


def _doubtful_month(turn: Turn, wish: Wish, open_bills: Sequence[Bill]) -> Outgoing | None:
    """Without a sum: which months, where others are open than those that were named."""
    until = wish.until
    if until is None:
        soon = [bill for bill in open_bills if bill.due <= turn.today + SOON]
        return which_paid(turn, wish, soon) if len(soon) > 1 else None
    if all(bill.month != until for bill in open_bills):
        return is_it_this(turn, wish, open_bills[0])
    older = [bill for bill in open_bills if bill.month <= until]
    if len(older) == 1 or all(bill.month in wish.said.months for bill in older):
        return None
    return which_paid(turn, wish, older)


def _too_much(open_bills: Sequence[Bill], amount: int) -> bool:
    """Where every open bill is known: whether the sum is likelier a slip."""
    known = all(bill.amount is not None for bill in open_bills)
    return known and paying.too_much(amount, [bill.left or 0 for bill in open_bills])


def _scope(turn: Turn, wish: Wish) -> str:
    """The segment whose reports may be the same payment; each may, where only we concluded which is meant."""
    if wish.said.segment or wish.said.amount is None:
        return wish.said.segment
    lacking = [bill.left for bill in ledger.open_bills(turn.tx, wish.village, wish.segment)[:1]]
    return wish.segment if wish.said.amount in lacking else ""


def recent(turn: Turn, wish: Wish) -> Payment | None:
    """What was reported a moment ago, by whomever, and nobody has looked at."""
    return payments.recent(turn.tx, wish.village, _scope(turn, wish), turn.now - REPEATED)


def _alike(turn: Turn, wish: Wish, first: Bill) -> Payment | None:
    """A payment of the same sum not long ago, while nothing is about to fall due: perhaps the same."""
    if wish.said.amount is None or first.due <= turn.today + SOON:
        return None
    last = payments.recent(turn.tx, wish.village, _scope(turn, wish), turn.now - ALIKE, recorded=True)
    return last if last is not None and last.amount == wish.said.amount else None


# -- the questions -----------------------------------------------------------------------------


def oldest_first(wish: Wish, open_bills: Sequence[Bill]) -> list[Choice]:
    """The oldest month, the two oldest, …: money reaches the oldest first, so nothing else can be chosen."""
    choices = []
    for segment in ledger.SEGMENTS:
        mine = [bill.month for bill in open_bills if bill.segment == segment]
        for number in range(1, min(len(mine), OFFERED) + 1):
            months = mine[:number]
            name = span(months).partition(" (")[0]  # "bulan" is typed for a month
            said = replace(wish.said, months=tuple(months), segment=segment)
            choice = as_choice(replace(wish, segment=segment, said=said))
            choices.append(Choice(choice, labelled(segment, name)))
    return choices


def which_paid(turn: Turn, wish: Wish, open_bills: Sequence[Bill]) -> Outgoing:
    """Which months were paid."""
    return turn.reply("month/which_paid", oldest_first(wish, open_bills))


def is_it_this(turn: Turn, wish: Wish, one: Bill) -> Outgoing:
    """Whether this month is meant, with what was reported of the one before."""
    previous = bills.get(turn.tx, one.village, one.segment, one.month.previous())
    before = ledger.paid_by(turn.tx, previous) if previous is not None and previous.settled else None
    # After another month's report a mere "ya" must not be enough.
    yes = f"Laporkan {label(one)}" if before else f"Ya, {label(one)}"
    choices = (Choice(as_choice(of_bill(turn, one, wish)), yes), Choice("menu:tagihan", "Bukan"))
    return turn.reply(
        "month/is_it_this",
        choices,
        month=label(one),
        due=dates.long_date(one.due),
        before=label(previous) if previous is not None and before else "",
        by=before.by if before else "",
    )


def _is_it_paid(turn: Turn, wish: Wish, first: Bill) -> Outgoing:
    choices = (Choice(as_choice(_bound(wish, first)), "Ya, catat"), Choice("menu:tagihan", "Bukan"))
    amount = money.rupiah(wish.said.amount or 0)
    return turn.reply("month/is_it_paid", choices, amount=amount, month=label(first))


def _which_segment(turn: Turn, wish: Wish, firsts: Sequence[Bill]) -> Outgoing:
    choices = []
    for bill in firsts:
        meant = _bound(wish, bill) if wish.said.amount is not None else wish
        choices.append(Choice(as_choice(replace(meant, segment=bill.segment)), KINDS[bill.segment]))
    return turn.reply("month/which_segment", choices)


def _nothing_open(turn: Turn, wish: Wish) -> list[Outgoing]:
    if wish.said.amount is None:
        return show(turn)
    last = payments.recent(turn.tx, wish.village, wish.said.segment, turn.now - REPEATED)
    choices = [Choice("menu:riwayat", "Lihat riwayat")]
    if last is None:
        return [turn.reply("month/nothing_to_pay", choices, place=turn.village.label)]
    return [about_last(turn, "month/reported_already", last, choices)]


def about_last(turn: Turn, template: str, last: Payment, choices: Sequence[Choice]) -> Outgoing:
    """A sentence that names the last report."""
    return turn.reply(
        template,
        choices,
        months=reached(turn, last),
        amount=money.rupiah(last.amount) if last.amount is not None else "",
        day=dates.short_date(last.reported_at.astimezone(turn.district.zone).date()),
        by=last.by,
    )
