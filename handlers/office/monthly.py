"""The picture of the trend, and the monthly report: asked for here, made aside, sent when they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.domain import dates
from bot.domain.months import Month
from bot.domain.offices import DISTRICT, Role
from bot.errors import Invalid
from bot.messages import Attachment, Outgoing
from bot.store import bills, jobs
from bot.turns import Handler, Turn, may_in, noise
from handlers import naming, own_chat, quota

#: Who hands in reports: all but a camat.
REPORTERS = tuple(role for role in DISTRICT if role is not Role.CAMAT)
#: Papers that one person may have made within ten minutes; more is a slip or mischief.
QUOTA = 6


def trend(turn: Turn) -> list[Outgoing]:
    """*Grafik tren [kecamatan]*: a camat's is of his kecamatan; of each, where there are several."""
    inside = naming.subdistrict(turn, turn.rest)
    if isinstance(inside, list):
        return inside
    codes = (inside.code,) if inside else turn.limits or ("",)
    return _where_seen(turn, DISTRICT, partial(_trends, codes))


def pressed(turn: Turn) -> list[Outgoing]:
    """*Grafik tren* under a recap, which is not used up: drawn once for each who sees something else there."""
    code = turn.choice.partition(":")[2]
    if code and naming.by_code(turn, code) is None:
        return [] if turn.incoming.group else [turn.reply("chat/not_yours")]
    codes = (code,) if code else turn.limits or ("",)
    return _where_seen(turn, DISTRICT, partial(_trends, codes))


def _trends(codes: Sequence[str], turn: Turn) -> list[Outgoing]:
    return [out for code in codes for out in _trend(turn, code)]


def _trend(turn: Turn, code: str) -> list[Outgoing]:
    button = turn.incoming.choice  # of one message; empty where it was typed
    if not button:
        return order(turn, "trend", {"subdistrict": code})
    key = f"trend:{button}:{code}"
    if jobs.ordered(turn.tx, key):
        return [noise(turn, turn.post("papers/trend_made"))]
    return order(turn, "trend", {"subdistrict": code, "key": key})


def _where_seen(turn: Turn, needs: tuple[Role, ...], answer: Handler) -> list[Outgoing]:
    """Asked in a forum it goes to the person alone, and is made only where that can be."""
    return own_chat.go_on(turn, needs, answer) if turn.in_forum else answer(turn)


def trend_made(turn: Turn) -> list[Outgoing]:
    """The picture is there: shown where it was asked for, in a forum to the person alone."""
    result = turn.incoming.result
    if "kept" not in result:
        return [failed(turn)]
    if not may_in(turn, DISTRICT, str(result["district"])) or not _still_theirs(turn, result):
        return []
    shown = {name: str(result[name]) for name in ("title", "moment", "line")}
    said = turn.post("papers/trend", (), **shown)
    return own_chat.out_of_forum(turn, [replace(said, attachment=Attachment(result["kept"], result["name"]))])


def _still_theirs(turn: Turn, result: Mapping[str, Any]) -> bool:
    """Whether who asked may still see all of what the picture shows."""
    return not turn.limits or result["subdistrict"] in turn.limits


def report(turn: Turn) -> list[Outgoing]:
    """*/laporan [bulan]*: as of now, for contributions up to the named month, else up to the running one."""
    running = Month.of(turn.today)
    until = running
    if turn.rest.strip():
        try:
            until = dates.parse_period(turn.rest, turn.today)
        except Invalid as error:
            return [turn.post(error.template, **error.values, attempt=1)]
    if until > running:
        return [turn.post("papers/month_ahead", month=until.label, running=running.label)]
    first = bills.first(turn.tx, turn.district.code)
    if first is not None and until < first:
        return [turn.post("papers/month_before", month=until.label, first=first.label)]
    return _where_seen(turn, REPORTERS, lambda where: order(where, "report", {"until": str(until)}))


def report_made(turn: Turn) -> list[Outgoing]:
    """Workbook and letter are there."""
    result = turn.incoming.result
    if "kept" not in result:
        return [failed(turn)]
    shown = {name: str(result[name]) for name in ("title", "until", "moment", "line")}
    said = turn.post("papers/report", (), **shown)
    first = replace(said, attachment=Attachment(result["kept"], result["name"]))
    return own_chat.out_of_forum(turn, [first, *beside(turn, "papers/report_letter")])


def beside(turn: Turn, template: str) -> list[Outgoing]:
    """The further files of a result, each with its sentence."""
    return [
        replace(turn.post(template), attachment=Attachment(number, name))
        for number, name in turn.incoming.result.get("beside", ())
    ]


def failed(turn: Turn) -> Outgoing:
    """It could not be made; nobody is left waiting."""
    return turn.post("papers/failed", office=turn.district.office)


def order(turn: Turn, kind: str, args: Mapping[str, Any]) -> list[Outgoing]:
    """Have a paper made outside this turn."""
    if not quota.used(turn, "papers", QUOTA):
        return [noise(turn, turn.post("papers/too_many", count=QUOTA, at=quota.again(turn)))]
    office = turn.office or turn.who.offices[0]
    maker = f"{turn.who.name} ({office.role.label})"
    told = {"district": turn.district.code, "maker": maker, **args}
    jobs.add(turn.tx, kind, turn.incoming, told, turn.now)
    return []
