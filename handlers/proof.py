"""Proofs of payment: a photo or a file, fetched outside any transaction, kept sealed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain import funding, paying
from bot.domain.paying import Reported, Said
from bot.errors import Invalid
from bot.messages import Choice, File, Outgoing
from bot.store import payments
from bot.store.payments import Payment, State
from bot.turns import Turn, noise
from handlers import quota
from handlers.month import bill_of, open_here, serves
from handlers.reporting import reached, spoken_of
from handlers.wishes import (
    ALIKE,
    OFFERED,
    Wish,
    anew,
    as_choice,
    candidates,
    from_choice,
    hang,
    keep,
    of_bill,
    oldest_first,
    open_of,
    reported_so_far,
    weigh,
)

#: Only so long after "sudah bayar" a photo is its proof without being asked about.
FRESH = timedelta(days=1)
#: So long a report without proof is among the months a photo is asked about.
RECENT = timedelta(days=60)

#: So long after a report was returned a photo is the proof that was asked for.
ASKED_FOR = timedelta(days=7)

#: Files taken as proof of payment, in bytes; Telegram lets a bot fetch 20 MB, a photo is far smaller.
LARGEST_PROOF = 5 * 1024 * 1024
#: Files of one person in a day: three years of arrears with a few pages each are fewer.
A_DAY = 60


def received(turn: Turn, others: Sequence[Choice] = ()) -> list[Outgoing]:
    """A photo or a file: the proof of what was just reported, what its caption says, else asked about.

    `others`: what else than a month it may prove.
    """
    wrong = refused(turn)
    file = turn.incoming.file
    if wrong is not None or file is None:
        return [noise(turn, wrong)] if wrong else []
    try:
        said = paying.read(turn.incoming.text, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    source = funding.parse(turn.incoming.text, turn.rules) or ""
    wish = Wish(turn.who.village, said=said, source=source, file=file)
    known = _just_reported(turn, said)
    if known is not None:
        return hang(turn, known, wish)
    again = _of_returned(turn, wish)
    if again is not None:
        return again
    if _is_plain(turn, wish):
        return weigh(turn, wish)
    return [noise(turn, _of_what(turn, wish, others))]  # an album is asked about once


def refused(turn: Turn) -> Outgoing | None:
    """What cannot be a proof, or is one too many, said."""
    file = turn.incoming.file
    if file is None:
        return turn.reply("chat/unreadable", shape=turn.incoming.shape)
    if turn.incoming.shape == "document" and not file.mime.startswith(("image/", "application/pdf")):
        return turn.reply("month/proof_kind")
    if file.size > LARGEST_PROOF:
        return turn.reply("month/proof_large")
    return None if quota.used_today(turn, "proof", A_DAY) else turn.reply("month/proof_many", count=A_DAY)


def _just_reported(turn: Turn, said: Said) -> Payment | None:
    """The own report without proof whose proof this is, as far as the caption says nothing else."""
    since = min(turn.now, turn.incoming.at) - FRESH  # of when it was sent: the bot may have been down since
    fresh = [one for one in payments.of_village(turn.tx, turn.who.village) if one.reported_at > since]
    mine = [one for one in fresh if one.counts and one.proof is None and one.reported_by == turn.who.person]
    return spoken_of(turn, said, mine, proves=True)


def _of_returned(turn: Turn, wish: Wish) -> list[Outgoing] | None:
    """The proof that was asked for when a report was returned: the same months are reported again with it."""
    mine = [one for one in payments.of_village(turn.tx, wish.village) if one.state is not State.WITHDRAWN]
    known = max(mine, key=lambda one: (one.checked_at or one.reported_at, one.id), default=None)
    if known is None or known.counts or (known.checked_at or turn.now) < turn.now - ASKED_FOR:
        return None
    open_bills, said = open_of(turn, known), wish.said
    again = anew(turn, known, open_bills, wish.file)
    if len(open_bills) < known.months or not again.said.months:
        return None
    billed = sum(bill.left or 0 for bill in open_bills)
    last = Reported(known.segment, again.said.amount, known.meant, billed)
    if not paying.belongs(said, last, (), proves=True):
        return None
    if said.more or wish.source:
        more = replace(
            again.said, amount=said.amount or last.amount, paid_on=said.paid_on or again.said.paid_on
        )
        return weigh(turn, replace(again, said=more, source=wish.source or again.source))
    keep(turn, again, open_bills)
    return []  # it is said once the proof is here


def _is_plain(turn: Turn, wish: Wish) -> bool:
    """Whether a caption says which bill is meant: by its month, or by a sum that was not just reported."""
    firsts, settled = candidates(turn, wish)
    if wish.said.months:
        known = bool(settled) or any(bill.month == wish.until for bill in open_here(turn))
        return known and len(firsts) <= 1
    if wish.said.amount is None or len(firsts) != 1:
        return False
    first = firsts[0]
    alike = first.segment if first.left == wish.said.amount else ""  # whose reports may be the same payment
    return payments.recent(turn.tx, wish.village, alike, turn.now - ALIKE, recorded=True) is None


def of_months(turn: Turn, wish: Wish) -> list[Choice]:
    """The months a file may be for; what was said beside it stays with the answer."""
    recent = payments.unproved(turn.tx, wish.village, None, turn.now - RECENT)
    recent = recent or payments.recent(turn.tx, wish.village, "", turn.now - RECENT)
    choices = []
    if recent is not None and recent.state is State.REPORTED:
        choices.append(Choice(f"proves:{recent.id}:{as_choice(wish)}", f"Iuran {reached(turn, recent)}"))
    offered = [bill for bill in open_here(turn) if wish.said.segment in ("", bill.segment)][:OFFERED]
    seeing = replace(wish, seen=reported_so_far(turn, wish.village))
    return choices + [replace(one, label=f"Iuran {one.label}") for one in oldest_first(seeing, offered)]


def _of_what(turn: Turn, wish: Wish, others: Sequence[Choice]) -> Outgoing:
    """Which month, or what else, the file is for."""
    choices = [*of_months(turn, wish), *others]
    if not choices:
        return turn.reply("month/proof_for_nothing")
    place = turn.village.label if len(turn.who.villages) > 1 else ""
    choices.append(Choice("menu:menu", "Bukan bukti bayar"))
    return turn.reply("month/proof_of_what", choices, place=place, other=bool(others))


def of_month(turn: Turn) -> list[Outgoing]:
    """The file of an older question is the proof of this month: reported and proved in one."""
    bill = bill_of(turn, turn.choice)
    if bill is None:
        return [turn.reply("chat/not_yours")]
    file = File(turn.choice.split(":", 4)[4])
    return weigh(turn, of_bill(turn, bill, Wish(bill.village, file=file)))


def of_report(turn: Turn) -> list[Outgoing]:
    """The file that was asked about is the proof of an earlier report."""
    _, number, meaning = turn.choice.split(":", 2)
    known, wish = payments.get(turn.tx, int(number)), from_choice(meaning)
    if known is None or wish is None or not serves(turn, known.village):
        return [turn.reply("chat/not_yours")]
    return hang(turn, known, wish)


def kept(turn: Turn) -> list[Outgoing]:
    """The file is here, or could not be had."""
    result = turn.incoming.result
    if "kept" not in result or "payment" not in result:
        return [turn.reply("month/proof_failed", month=result["month"])]
    if result["village"] not in turn.who.villages:
        return []  # they left that office while the file was on its way
    if not payments.prove(turn.tx, result["payment"], result["kept"]):
        known = payments.get(turn.tx, result["payment"])
        if known is not None and known.state is State.RECORDED:
            return [turn.reply("month/proof_needless", month=result["month"], office=turn.district.office)]
        return [turn.reply("month/proof_too_late", month=result["month"])]
    turn.note("prove_payment", f"village:{result['village']}", payment=result["payment"], file=result["kept"])
    return [turn.reply("month/proof_kept", month=result["month"], office=turn.district.office)]
