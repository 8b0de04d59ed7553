"""Proofs of payment: a photo or a file, fetched outside any transaction, kept sealed."""

from datetime import timedelta

from bot.domain.months import Month
from bot.messages import Choice, File, Outgoing
from bot.store import jobs, months, places
from bot.turns import Turn, noise
from handlers.month import OFFERED, owed_here, report

#: Only so long after "sudah bayar" a photo is its proof without being asked about.
FRESH = timedelta(days=1)
#: So long a report without proof is among the months a photo is asked about.
RECENT = timedelta(days=60)

#: Files taken as proof of payment, in bytes; Telegram lets a bot fetch 20 MB, a photo is far smaller.
LARGEST_PROOF = 5 * 1024 * 1024


def received(turn: Turn) -> list[Outgoing]:
    """A photo or a file: taken as proof of the month that was reported last, else asked about."""
    file = turn.incoming.file
    if file is None:
        return [noise(turn, turn.reply("chat/unreadable", shape=turn.incoming.shape))]
    if turn.incoming.shape == "document" and not file.mime.startswith(("image/", "application/pdf")):
        return [noise(turn, turn.reply("month/proof_kind"))]
    if file.size > LARGEST_PROOF:
        return [noise(turn, turn.reply("month/proof_large"))]
    month = months.unproved(turn.tx, turn.who.village, turn.who.person, turn.now - FRESH)
    if month is None:
        reported = months.unproved(turn.tx, turn.who.village, None, turn.now - RECENT)
        offered = [*([reported] if reported else []), *(one.month for one in owed_here(turn)[:OFFERED])]
        if not offered:
            return [noise(turn, turn.reply("month/proof_for_nothing"))]
        choices = [
            Choice(f"proof:{turn.who.village}:{month}:{file.id}", f"Iuran {month.label}") for month in offered
        ]
        choices.append(Choice("menu:menu", "Bukan bukti bayar"))
        return [noise(turn, turn.reply("month/proof_of_what", choices))]  # an album is asked about once
    _fetch(turn, turn.who.village, month, file)
    return []


def of_month(turn: Turn) -> list[Outgoing]:
    """The file that was asked about is the proof of this month: reported and proved in one."""
    _, code, month, file = turn.choice.split(":", 3)
    village = places.village(turn.tx, code) if code in turn.who.villages else None
    if village is None:
        return [turn.reply("chat/not_yours")]
    said = report(turn, village, Month.parse(month))
    _fetch(turn, village.code, Month.parse(month), File(file))
    return said


def _fetch(turn: Turn, village: str, month: Month, file: File) -> None:
    args = {
        "village": village,
        "month": str(month),
        "file": [file.id, file.name, file.mime, file.size],
    }
    jobs.add(turn.tx, "proof", turn.incoming, args, turn.now)


def kept(turn: Turn) -> list[Outgoing]:
    """The file is here, or could not be had."""
    result = turn.incoming.result
    month = Month.parse(result["month"])
    if "kept" not in result:
        return [turn.reply("month/proof_failed", month=month.label)]
    if result["village"] not in turn.who.villages:
        return []  # they left that office while the file was on its way
    if not months.prove(turn.tx, result["village"], month, result["kept"]):
        return [turn.reply("month/proof_too_late", month=month.label)]
    turn.note("prove_payment", f"village:{result['village']}", month=str(month), file=result["kept"])
    return [turn.reply("month/proof_kept", month=month.label)]
