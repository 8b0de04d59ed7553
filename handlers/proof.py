"""Proofs of payment: a photo or a file, fetched outside any transaction, kept sealed."""

from datetime import timedelta

from bot.domain import paying
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, File, Outgoing
from bot.store import bills, jobs, payments
from bot.store.bills import Bill
from bot.store.payments import Payment
from bot.turns import Turn, noise
from handlers.month import bill_of, open_here
from handlers.paying import OFFERED, report_month

#: Only so long after "sudah bayar" a photo is its proof without being asked about.
FRESH = timedelta(days=1)
#: So long a report without proof is among the months a photo is asked about.
RECENT = timedelta(days=60)

#: Files taken as proof of payment, in bytes; Telegram lets a bot fetch 20 MB, a photo is far smaller.
LARGEST_PROOF = 5 * 1024 * 1024


def received(turn: Turn) -> list[Outgoing]:
    """A photo or a file: what its caption says, the proof of what was just reported, else asked about."""
    file = turn.incoming.file
    if file is None:
        return [noise(turn, turn.reply("chat/unreadable", shape=turn.incoming.shape))]
    if turn.incoming.shape == "document" and not file.mime.startswith(("image/", "application/pdf")):
        return [noise(turn, turn.reply("month/proof_kind"))]
    if file.size > LARGEST_PROOF:
        return [noise(turn, turn.reply("month/proof_large"))]
    captioned = _by_caption(turn, file)
    if captioned is not None:
        return captioned
    known = payments.unproved(turn.tx, turn.who.village, turn.who.person, turn.now - FRESH)
    if known is None:
        return [noise(turn, _of_what(turn, file))]  # an album is asked about once
    _fetch(turn, known, file)
    return []


def _by_caption(turn: Turn, file: File) -> list[Outgoing] | None:
    """A caption that names a month or a sum says what the file proves; None where it does not."""
    try:
        said = paying.read(turn.incoming.text, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    mine = bills.of_village(turn.tx, turn.who.village)
    named = [bill for bill in mine if said.months and bill.month == said.months[-1]]
    if not named and said.amount is not None:
        named = [bill for bill in mine if not bill.settled]
    if not named:
        return None
    bill = next((bill for bill in named if not bill.settled), named[0])
    return _reported_with(turn, bill, file, said)


def _of_what(turn: Turn, file: File) -> Outgoing:
    recent = payments.unproved(turn.tx, turn.who.village, None, turn.now - RECENT)
    choices = []
    if recent is not None:
        choices.append(Choice(f"proves:{recent.id}:{file.id}", f"Iuran {recent.month.label}"))
    choices += [
        Choice(f"proof:{bill.key}:{file.id}", f"Iuran {bill.month.label}")
        for bill in open_here(turn)[:OFFERED]
    ]
    if not choices:
        return turn.reply("month/proof_for_nothing")
    return turn.reply("month/proof_of_what", [*choices, Choice("menu:menu", "Bukan bukti bayar")])


def of_month(turn: Turn) -> list[Outgoing]:
    """The file that was asked about is the proof of this month: reported and proved in one."""
    bill, file = bill_of(turn, turn.choice), turn.choice.split(":", 4)[4]
    return [turn.reply("chat/not_yours")] if bill is None else _reported_with(turn, bill, File(file))


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
        "month": known.month.label,
        "file": [file.id, file.name, file.mime, file.size],
    }
    jobs.add(turn.tx, "proof", turn.incoming, args, turn.now)


def kept(turn: Turn) -> list[Outgoing]:
    """The file is here, or could not be had."""
    result = turn.incoming.result
    if "kept" not in result:
        return [turn.reply("month/proof_failed", month=result["month"])]
    if result["village"] not in turn.who.villages:
        return []  # they left that office while the file was on its way
    if not payments.prove(turn.tx, result["payment"], result["kept"]):
        return [turn.reply("month/proof_too_late", month=result["month"])]
    turn.note("prove_payment", f"village:{result['village']}", payment=result["payment"], file=result["kept"])
    return [turn.reply("month/proof_kept", month=result["month"], office=turn.district.office)]
