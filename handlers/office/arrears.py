"""*/menunggak*, */terbayar* and */belumdaftar*: which villages, a page at a time, in one message that is turned over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import ledger
from bot.domain import dates, mentioned, money, office_phrases, placing
from bot.domain.months import Month
from bot.domain.placing import Subdistrict
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, employers, office
from bot.store.places import Village
from bot.turns import Turn
from handlers import naming, own_chat
from handlers.office import rooms, village_card

PAGE = 10
_SEGMENT = re.compile(r"(?i)\bb?pu\b")


def late(turn: Turn) -> list[Outgoing]:
    """*/menunggak [kecamatan]*: who owes longest stands first."""
    return _asked(turn, "late")


def paid(turn: Turn) -> list[Outgoing]:
    """*/terbayar [bulan] [PU | BPU] [kecamatan]*: who reported all of that month, by kecamatan and name."""
    try:
        month = office_phrases.one_month(turn.rest, turn.today)
    except Invalid as error:
        return [turn.post("office/one_month", **error.values)]
    here = mentioned.places_in(office_phrases.plain(turn.rest), turn.villages)
    if here.one is not None and here.inside is None:
        return village_card.show_one(turn, here.one)
    inside = here.inside or naming.subdistrict(turn, _SEGMENT.sub(" ", turn.rest), lenient=True)
    return _told(turn, inside, Wanted("paid", month=month, segment=office_phrases.segment_in(turn.rest)))


def missing(turn: Turn) -> list[Outgoing]:
    """*/belumdaftar [kecamatan]*, by kecamatan and name."""
    return _asked(turn, "missing")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list: `late` (of at least so many months), `paid` (a month) or `missing`, of a kecamatan or all that may be seen."""

    kind: str
    inside: Subdistrict | None = None
    least: int = 0
    month: Month | None = None
    segment: str = ""
    report: str = ""  # the command for what was asked for and no list of today tells

    def page(self, start: int) -> str:
        """The choice that turns to the page beginning there."""
        code = self.inside.code if self.inside else ""
        return f"list:{self.kind}:{code}:{start}:{self._which}"

    @property
    def _which(self) -> str:
        return f"{self.month}.{self.segment}" if self.month else str(self.least)


def turned(turn: Turn) -> list[Outgoing]:
    """Another page of a list, in its place."""
    _, kind, code, start, *rest = turn.choice.split(":")
    inside = naming.by_code(turn, code)
    if (code and inside is None) or turn.in_forum:
        return [naming.unknown(turn)]
    which = rest[0] if rest else "0"
    wanted = Wanted(kind, inside, int(which)) if kind != "paid" else _of_month(inside, which)
    return [rooms.in_place(turn, _page(turn, wanted, int(start)))]


def _of_month(inside: Subdistrict | None, which: str) -> Wanted:
    month, _, segment = which.partition(".")
    return Wanted("paid", inside, month=Month.parse(month), segment=segment)


def _asked(turn: Turn, kind: str) -> list[Outgoing]:
    """A kecamatan, and from how many months on; where a village is named, it is its card."""
    least = office_phrases.months_behind(turn.rest) if kind == "late" else 0
    where = office_phrases.without_months(turn.rest) if least else turn.rest
    inside = naming.subdistrict(turn, where)
    return _told(turn, inside, Wanted(kind, least=least, report=office_phrases.report_for(where)))


def _told(turn: Turn, inside: Subdistrict | list[Outgoing] | None, wanted: Wanted) -> list[Outgoing]:
    """The list, of a kecamatan or of all."""
    if isinstance(inside, list):
        where = office_phrases.without_months(turn.rest)
        named = placing.village(where, turn.villages).named
        return village_card.show_one(turn, named) if named is not None else inside
    wanted = replace(wanted, inside=inside)
    return _in_forum(turn, wanted) if turn.in_forum else [_page(turn, wanted, 0)]


def _in_forum(turn: Turn, wanted: Wanted) -> list[Outgoing]:
    """Of the whole district the count; a kecamatan with one such village would name it."""
    page = _page(turn, wanted, 0)
    if wanted.inside is not None or wanted.least or turn.limits or not own_chat.reachable(turn):
        return own_chat.with_a_line(turn, [page])
    month = wanted.month.label_of(wanted.segment) if wanted.month else ""
    count = len(found(turn, wanted))
    return [
        *own_chat.privately(turn, [page]),
        turn.post("office/count", kind=wanted.kind, month=month, count=count, district=turn.district.name),
    ]


def found(turn: Turn, wanted: Wanted) -> list[Village]:
    """The villages in arrears (the longest first) or not registered, as */rekap* counts them; or which of those with
    something to pay for a month reported it.
    """
    mine = _inside(turn, wanted)
    if wanted.month is not None:
        settled = office.reported_of(turn.tx, turn.district.code, wanted.month, wanted.segment)
        return [one for one in mine if settled.get(one.code)]
    registered = employers.registered(turn.tx, turn.district.code)
    if wanted.kind == "missing":
        return [one for one in mine if one.code not in registered]
    owing = bills.late(turn.tx, turn.district.code, turn.today)
    kept = [one for one in mine if one.code in owing and one.code in registered]
    kept = [one for one in kept if len({month for _, month, _ in owing[one.code]}) >= wanted.least]
    return sorted(kept, key=lambda one: min(month for _, month, _ in owing[one.code]))


def _inside(turn: Turn, wanted: Wanted) -> list[Village]:
    inside = wanted.inside
    return [one for one in turn.villages if inside is None or one.code.startswith(f"{inside.code}.")]


def _page(turn: Turn, wanted: Wanted, start: int) -> Outgoing:
    every, inside = found(turn, wanted), wanted.inside
    shown = every[start : start + PAGE]
    choices = [
        *([Choice(wanted.page(max(start - PAGE, 0)), "Sebelumnya")] if start else []),
        *([Choice(wanted.page(start + PAGE), "Berikutnya")] if start + PAGE < len(every) else []),
    ]
    values = {
        "total": len(every),
        "where": naming.area(turn, inside),
        "day": dates.short_date(turn.today),
        "first": start + 1,
        "report": wanted.report,
    }
    if wanted.month is not None:
        values |= _reported(turn, wanted, wanted.month, shown)
        return turn.post("office/paid", choices, **values)
    if wanted.kind == "missing":
        places = [_place(one, inside) for one in shown]
        return turn.post("office/unregistered", choices, places=places, **values)
    lines = _lines(turn, shown, inside)
    return turn.post(
        "office/arrears", choices, lines=lines, sum=_sum(turn, every), least=wanted.least, **values
    )


def _reported(turn: Turn, wanted: Wanted, month: Month, shown: Sequence[Village]) -> Mapping[str, object]:
    """Of how many villages, and of those shown whether somebody has looked at all that reached the month."""
    owed = office.reported_of(turn.tx, turn.district.code, month, wanted.segment)
    segments = [wanted.segment] if wanted.segment else ["PU", "BPU"]
    lines = []
    for village in shown:
        due = [bills.get(turn.tx, village.code, segment, month) for segment in segments]
        waits = any(bill is not None and not ledger.is_recorded(turn.tx, bill) for bill in due)
        lines.append({"place": _place(village, wanted.inside), "waits": waits})
    of = sum(one.code in owed for one in _inside(turn, wanted))
    return {"month": month.label_of(wanted.segment), "of": of, "lines": lines}


def _place(village: Village, inside: Subdistrict | None) -> str:
    return village.name if inside else f"{village.name}, {village.subdistrict}"


def _lines(turn: Turn, shown: Sequence[Village], inside: Subdistrict | None) -> list[Mapping[str, object]]:
    owing = bills.late(turn.tx, turn.district.code, turn.today)
    lines: list[Mapping[str, object]] = []
    for village in shown:
        months: set[Month] = {month for _, month, _ in owing[village.code]}
        only_bpu = all(segment == "BPU" for segment, _, _ in owing[village.code])
        lines.append(
            {
                "place": _place(village, inside),
                "count": len(months),
                "oldest": min(months).label,
                "bpu": only_bpu,
            }
        )
    return lines


def _sum(turn: Turn, every: Sequence[Village]) -> str:
    """What they owe together; empty where it is not known of each."""
    sums = office.late_sums(turn.tx, turn.district.code, turn.today)
    mine = [sums[one.code] for one in every]
    return "" if not mine or any(one.unknown for one in mine) else money.rupiah(sum(m.rupiah for m in mine))
