"""The picture of the trend, and the monthly report: asked for here, made aside, sent when they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.domain import dates, mentioned, office_phrases
from bot.domain.months import NAMES, Month
from bot.domain.offices import DISTRICT, Role
from bot.errors import Invalid
from bot.messages import Attachment, Outgoing
from bot.store import bills, jobs
from bot.turns import Handler, Turn, may_in, noise
from handlers import naming, own_chat, quota

#: Who hands in reports: all but a camat.
REPORTERS = tuple(role for role in DISTRICT if role is not Role.CAMAT)
#: Around the month: who it is for, and as what.
_AROUND = office_phrases.PLEASE | office_phrases.ON_PAPER | {"untuk", "ya", "ke", "iuran", "kabupaten"}
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
    until = _until(turn)
    if until is None:
        return _only_by_month(turn)
    if until > running:
        return [turn.post("papers/month_ahead", month=until.label, running=running.label)]
    first = bills.first(turn.tx, turn.district.code)
    if first is not None and until < first:
        return [turn.post("papers/month_before", month=until.label, first=first.label)]
    return _where_seen(turn, REPORTERS, lambda where: order(where, "report", {"until": str(until)}))


def _until(turn: Turn) -> Month | None:
    """The month that is named, a number alone too, else the running one; None where something else is."""
    said = [word for word in office_phrases.plain(turn.rest) if word not in _AROUND]
    if len(said) == 1 and said[0].isdecimal() and 1 <= int(said[0]) <= len(NAMES):
        said = [NAMES[int(said[0]) - 1].lower()]
    if not said:
        return Month.of(turn.today)
    here = mentioned.places_in(said, turn.villages)
    try:
        month = dates.parse_period(" ".join(said), turn.today)
    except Invalid:
        return None
    return None if here.villages or here.inside else month


def _only_by_month(turn: Turn) -> list[Outgoing]:
    """There is a report of the whole district for a month, and no other; what has the rest is named."""
    here = mentioned.places_in(office_phrases.plain(turn.rest), turn.villages)
    village, inside = here.one, here.inside
    other = f"DESA {village.name.upper()}" if village else f"REKAP {inside.name.upper()}" if inside else ""
    example = Month.of(turn.today).previous().label.upper()
    return [turn.post("papers/month_only", example=example, other=other)]


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
        said = noise(turn, turn.post("papers/too_many", count=QUOTA, at=quota.again(turn)))
        return [replace(said, key=f"{said.key}:{kind}")]
    office = turn.office or turn.who.offices[0]
    maker = f"{turn.who.name} ({office.role.label})"
    told = {"district": turn.district.code, "maker": maker, **args}
    jobs.add(turn.tx, kind, turn.incoming, told, turn.now)
    return []
