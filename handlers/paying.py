"""Payments as villages say them: "sudah bayar", how much, when, from which money; when in doubt, asked."""

import re

from bot import ledger
from bot.domain import funding, paying, sentences, words
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import payments
from bot.store.payments import Payment
from bot.turns import Turn
from handlers import plans
from handlers.month import bill_of, open_here, serves, show
from handlers.reporting import complete, paid_before, spoken_of
from handlers.wishes import (
    REPEATED,
    SOON,
    Wish,
    candidates,
    from_choice,
    is_it_this,
    of_bill,
    recent,
    reported_so_far,
    weigh,
    which_paid,
)

_IN_PART = re.compile(r"\b(?:sebagian|separuh|setengah|cicil|nyicil|dicicil|angsur|dp)\b")


def say_paid(turn: Turn) -> list[Outgoing]:
    """*sudah bayar*, typed: the open month, with what else was said; a question is no report."""
    text = turn.incoming.text
    rest = turn.rest or (sentences.told(text) if sentences.reports(text) else "")
    try:
        said = paying.read(rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    asking = "?" in text
    source = funding.parse(rest, turn.rules) or ""
    if not asking and (said.more or source):
        return _with_details(turn, said, source)
    if asking or said.months or not words.is_polite(paying.left_over(rest)):
        return _asked_about(turn, said)
    return _plainly_paid(turn, said)


def pay(turn: Turn) -> list[Outgoing]:
    """*bayar*: what is due; with a day that comes, a plan; with a figure, the report of a payment, or more about the last."""
    source = funding.parse(turn.rest, turn.rules)
    if plans.is_day(turn):
        return plans.plan(turn)
    if not re.search("[0-9]", turn.rest) and not source:
        return show(turn)
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    # Without a sum or a source nobody said that it is done.
    return say_paid(turn) if said.amount is not None or source else _asked_about(turn, said)


def perhaps(turn: Turn, text: str) -> list[Outgoing]:
    """Neither a command nor a name: a sum or a month alone is asked about; nothing where it is neither."""
    try:
        said = paying.read(text, turn.today)
    except Invalid:
        return []
    left_over = paying.left_over(said.rest)
    if (said.amount is None and not said.months) or (left_over and not words.is_polite(left_over)):
        return []
    if said.amount is None:
        return _asked_about(turn, said)
    wish = Wish(turn.who.village, said=said, source=funding.parse(text, turn.rules) or "")
    return weigh(turn, wish, asking=True) if any(candidates(turn, wish)) else []


def _asked_about(turn: Turn, said: Said) -> list[Outgoing]:
    """A month was named, or nobody knows what: said back before anything is kept."""
    village = turn.who.village
    months = Said(months=said.months, segment=said.segment)
    wish = Wish(village, said=months, seen=reported_so_far(turn, village))
    firsts, settled = candidates(turn, wish)
    paid = [bill for bill in settled if ledger.paid_by(turn.tx, bill)]
    if paid:
        return [paid_before(turn, paid[0])]
    if not firsts:
        return show(turn)
    if _IN_PART.search(said.rest):
        return [turn.reply("month/how_much")]
    segments = {bill.segment for bill in firsts}
    open_bills = [bill for bill in open_here(turn) if bill.segment in segments]
    last = {bill.segment: bill.month for bill in open_bills if bill.month == wish.until}
    last = last or {bill.segment: bill.month for bill in firsts}
    meant = [b for b in open_bills if b.segment in last and b.month <= last[b.segment]]
    return [is_it_this(turn, wish, meant[0]) if len(meant) == 1 else which_paid(turn, wish, meant)]


def _plainly_paid(turn: Turn, said: Said) -> list[Outgoing]:
    """Nothing but *sudah bayar*: the one month that presses, if the same was not just said."""
    wish = Wish(turn.who.village, said=said)
    open_bills = [bill for bill in open_here(turn) if said.segment in ("", bill.segment)]
    soon = [one for one in open_bills if one.due <= turn.today + SOON]
    if not open_bills:
        return show(turn)
    if recent(turn, wish) is not None or not soon:  # said twice, or by two people
        return _asked_about(turn, said)
    if len(soon) == 1:
        return weigh(turn, of_bill(turn, soon[0]))
    return [which_paid(turn, of_bill(turn, soon[0]), soon)]


def _with_details(turn: Turn, said: Said, source: str) -> list[Outgoing]:
    """A report with figures: of the last report, if it plainly belongs to it; else a new one, or a question."""
    left_over = paying.left_over(said.rest)
    if left_over and not words.is_polite(left_over):
        return [turn.reply("month/say_it_plainly", (Choice("menu:tagihan", "Lihat tagihan"),))]
    known = _just_reported(turn, said)
    if known is not None:
        return complete(turn, known, said, source)
    return weigh(turn, Wish(turn.who.village, said=said, source=source))


def _just_reported(turn: Turn, said: Said) -> Payment | None:
    """The own report of a moment ago that more is said of."""
    village, since = turn.who.village, turn.now - REPEATED
    last = [payments.recent(turn.tx, village, segment, since) for segment in ledger.SEGMENTS]
    mine = [one for one in last if one is not None and one.reported_by == turn.who.person]
    return spoken_of(turn, said, mine)


def paid(turn: Turn) -> list[Outgoing]:
    """*Sudah bayar*, pressed: it stops every reminder of that month, also those already on their way."""
    bill = bill_of(turn, turn.choice)
    return [turn.reply("chat/not_yours")] if bill is None else weigh(turn, of_bill(turn, bill))


def told_again(turn: Turn) -> list[Outgoing]:
    """The answer to a question about a payment: weighed again, for the books may have changed since."""
    wish = from_choice(turn.choice)
    if wish is None or not serves(turn, wish.village):
        return [turn.reply("chat/not_yours")]
    return weigh(turn, wish)
