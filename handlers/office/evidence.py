"""The evidence of one village, and the list of those to be called, on paper: for staff, in private."""

from dataclasses import replace

from bot.domain import evidence
from bot.domain.evidence import Period
from bot.domain.months import Month
from bot.domain.offices import CHECKERS, STAFF
from bot.errors import Invalid
from bot.messages import Attachment, Outgoing
from bot.store import places
from bot.turns import Turn, may_in
from handlers import naming, own_chat
from handlers.office import monthly


def ask(turn: Turn) -> list[Outgoing]:
    """*berkas desa <desa> [bulan]*: without a month, the running year."""
    said, when = evidence.split(turn.rest)
    if not said:
        example = next((village.name for village in turn.villages), "")
        month = Month.of(turn.today).previous().label
        return [turn.reply("papers/how_evidence", village=example, month=month)]
    try:
        period = evidence.period(when, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    found = naming.village(turn, said, lambda code: f"evidence:{code}:{period.key}")
    return _order(turn, found, period) if isinstance(found, places.Village) else found


def chosen(turn: Turn) -> list[Outgoing]:
    """The village was chosen by a tap."""
    _, code, key = turn.choice.split(":")
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, STAFF, village.district) or not turn.sees(code):
        return [turn.reply("chat/not_yours")]
    return _order(turn, village, Period.parse(key))


def _order(turn: Turn, village: places.Village, period: Period) -> list[Outgoing]:
    turn.note("evidence", f"village:{village.code}", period=period.key)
    return monthly.order(turn, "evidence", {"village": village.code, "period": period.key})


def made(turn: Turn) -> list[Outgoing]:
    """The files are there."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    said = turn.reply(
        "papers/evidence",
        place=result["place"],
        period=result["period"],
        count=result["count"],
        short=result["short"],
        head=result["head"],
    )
    first = replace(said, attachment=Attachment(result["kept"], result["name"]))
    return [first, *monthly.beside(turn, "papers/evidence_table")]


def calls(turn: Turn) -> list[Outgoing]:
    """*telepon cetak*: the call list to be printed, where they can be sent it."""
    return own_chat.go_on(turn, CHECKERS, lambda inside: monthly.order(inside, "calls", {}))


def calls_made(turn: Turn) -> list[Outgoing]:
    """The list is there, or there is nobody to call; telephone numbers are for one person."""
    result = turn.incoming.result
    if "failed" in result:
        return [monthly.failed(turn)]
    said = turn.reply("papers/calls", count=result["count"], title=result["title"], short=result["short"])
    if "kept" in result:
        said = replace(said, attachment=Attachment(result["kept"], result["name"]))
    return own_chat.with_a_line(turn, [said])
