"""Proofs of payment: a photo or a file, fetched outside any transaction, kept sealed."""

from datetime import timedelta

from bot import ledger
from bot.domain import paying
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, File, Outgoing
from bot.store import bills, jobs, payments
from bot.store.bills import Bill
from bot.store.payments import Payment, State
from bot.turns import Turn, noise
from handlers.month import bill_of, open_here
from handlers.paying import ALIKE, OFFERED, report_month
from handlers.reporting import complete, reached

#: Only so long after "sudah bayar" a photo is its proof without being asked about.
FRESH = timedelta(days=1)
#: So long a report without proof is among the months a photo is asked about.
RECENT = timedelta(days=60)

#: Files taken as proof of payment, in bytes; Telegram lets a bot fetch 20 MB, a photo is far smaller.
LARGEST_PROOF = 5 * 1024 * 1024


def received(turn: Turn) -> list[Outgoing]:
    """A photo or a file: the proof of what was just reported, what its caption says, else asked about."""
    refused = _refused(turn)
    file = turn.incoming.file
    if refused is not None or file is None:
        return [noise(turn, refused)] if refused else []
    try:
        said = paying.read(turn.incoming.text, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    known = payments.unproved(turn.tx, turn.who.village, turn.who.person, turn.now - FRESH)
    if known is not None and _of_this(turn, known, said):
        _fetch(turn, known, file)
        more = said.amount is not None and known.amount is None
        return [complete(turn, known, said, "")] if more else []
    captioned = _captioned(turn, said)
    if captioned is not None:
        return _reported_with(turn, captioned, file, said)
    return [noise(turn, _of_what(turn, file))]  # an album is asked about once


def _refused(turn: Turn) -> Outgoing | None:
    """What cannot be a proof, said."""
    file = turn.incoming.file
    if file is None:
        return turn.reply("chat/unreadable", shape=turn.incoming.shape)
    if turn.incoming.shape == "document" and not file.mime.startswith(("image/", "application/pdf")):
        return turn.reply("month/proof_kind")
    return turn.reply("month/proof_large") if file.size > LARGEST_PROOF else None


def _of_this(turn: Turn, known: Payment, said: Said) -> bool:
    """Whether a caption says nothing else than what was just reported."""
    months = ledger.settle(turn.tx, known.village, known.segment).of(known.id) or (known.month,)
    other_sum = said.amount is not None and known.amount is not None and said.amount != known.amount
    return all(month in months for month in said.months) and not other_sum


def _captioned(turn: Turn, said: Said) -> Bill | None:
    """The one bill that a caption names, by its month or by a sum that was not just reported."""
    mine = [
        bill
        for bill in bills.of_village(turn.tx, turn.who.village)
        if said.segment in ("", bill.segment) and (not said.months or bill.month == said.months[-1])
    ]
    if said.months:
        return mine[0] if len(mine) == 1 else None
    if said.amount is None:
        return None
    alike = payments.recent(turn.tx, turn.who.village, "", turn.now - ALIKE, recorded=True)
    firsts = {bill.segment: bill for bill in reversed(mine) if not bill.settled}
    return next(iter(firsts.values())) if alike is None and len(firsts) == 1 else None


def _of_what(turn: Turn, file: File) -> Outgoing:
    recent = payments.unproved(turn.tx, turn.who.village, None, turn.now - RECENT)
    recent = recent or payments.recent(turn.tx, turn.who.village, "", turn.now - RECENT)
    choices = []
    if recent is not None and recent.state is State.REPORTED:
        choices.append(Choice(f"proves:{recent.id}:{file.id}", f"Iuran {reached(turn, recent)}"))
    choices += [
        Choice(f"proof:{bill.key}:{file.id}", f"Iuran {bill.month.label}")
        for bill in open_here(turn)[:OFFERED]
    ]
    if not choices:
        return turn.reply("month/proof_for_nothing")
    return turn.reply("month/proof_of_what", [*choices, Choice("menu:menu", "Bukan bukti bayar")])


def of_month(turn: Turn) -> list[Outgoing]:
    """The file that was asked about is the proof of this month: reported and proved in one."""
    bill = bill_of(turn, turn.choice)
    if bill is None:
        return [turn.reply("chat/not_yours")]
    return _reported_with(turn, bill, File(turn.choice.split(":", 4)[4]))


def of_report(turn: Turn) -> list[Outgoing]:
    """The file that was asked about is the proof of an earlier report."""
    _, number, file = turn.choice.split(":", 2)
    known = payments.get(turn.tx, int(number))
    if known is None or known.village not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    _fetch(turn, known, File(file))
    return []


def _reported_with(turn: Turn, bill: Bill, file: File, said: Said | None = None) -> list[Outgoing]:
    known, answers = report_month(turn, bill, said)
    if known is not None:
        _fetch(turn, known, file)
    return answers


def _fetch(turn: Turn, known: Payment, file: File) -> None:
    args = {
        "village": known.village,
        "payment": known.id,
        "month": reached(turn, known),
        "file": [file.id, file.name, file.mime, file.size],
    }
    jobs.add(turn.tx, "proof", turn.incoming, args, turn.now)


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
