"""*/menunggak* and */belumdaftar*: which villages, a page at a time, in one message that is turned over."""

from collections.abc import Mapping, Sequence

from bot.domain import dates, money
from bot.domain.months import Month
from bot.domain.placing import Subdistrict
from bot.messages import Choice, Outgoing
from bot.store import bills, employers, office
from bot.store.places import Village
from bot.turns import Turn
from handlers import naming, own_chat
from handlers.office import rooms

PAGE = 10


def late(turn: Turn) -> list[Outgoing]:
    """*/menunggak [kecamatan]*: who owes longest stands first."""
    return _asked(turn, "late")


def missing(turn: Turn) -> list[Outgoing]:
    """*/belumdaftar [kecamatan]*, by kecamatan and name."""
    return _asked(turn, "missing")


def turned(turn: Turn) -> list[Outgoing]:
    """Another page of a list, in its place."""
    _, kind, code, start = turn.choice.split(":")
    inside = naming.by_code(turn, code)
    if (code and inside is None) or turn.in_forum:
        return [naming.unknown(turn)]
    return [rooms.in_place(turn, _page(turn, kind, inside, int(start)))]


def _asked(turn: Turn, kind: str) -> list[Outgoing]:
    inside = naming.subdistrict(turn, turn.rest)
    if isinstance(inside, list):
        return inside
    if turn.in_forum:
        return _in_forum(turn, kind, inside)
    return [_page(turn, kind, inside, 0)]


def _in_forum(turn: Turn, kind: str, inside: Subdistrict | None) -> list[Outgoing]:
    """Of the whole district the count; a kecamatan with one such village would name it."""
    page = _page(turn, kind, inside, 0)
    if inside is not None or turn.limits or not own_chat.reachable(turn):
        return own_chat.with_a_line(turn, [page])
    count = len(found(turn, kind, inside))
    return [
        *own_chat.privately(turn, [page]),
        turn.post("office/count", kind=kind, count=count, district=turn.district.name),
    ]


def found(turn: Turn, kind: str, inside: Subdistrict | None) -> list[Village]:
    """The villages in arrears (`late`, the longest first) or not registered (`missing`), as */rekap* counts them."""
    registered = employers.registered(turn.tx, turn.district.code)
    mine = [one for one in turn.villages if inside is None or one.code.startswith(f"{inside.code}.")]
    if kind == "missing":
        return [one for one in mine if one.code not in registered]
    owing = bills.late(turn.tx, turn.district.code, turn.today)
    kept = [one for one in mine if one.code in owing and one.code in registered]
    return sorted(kept, key=lambda one: min(month for _, month, _ in owing[one.code]))


def _page(turn: Turn, kind: str, inside: Subdistrict | None, start: int) -> Outgoing:
    every = found(turn, kind, inside)
    shown = every[start : start + PAGE]
    code = inside.code if inside else ""
    choices = [
        *([Choice(f"list:{kind}:{code}:{max(start - PAGE, 0)}", "Sebelumnya")] if start else []),
        *([Choice(f"list:{kind}:{code}:{start + PAGE}", "Berikutnya")] if start + PAGE < len(every) else []),
    ]
    values = {
        "total": len(every),
        "where": naming.area(turn, inside),
        "day": dates.short_date(turn.today),
        "first": start + 1,
    }
    if kind == "missing":
        places = [_place(one, inside) for one in shown]
        return turn.post("office/unregistered", choices, places=places, **values)
    lines = _lines(turn, shown, inside)
    return turn.post("office/arrears", choices, lines=lines, sum=_sum(turn, every), **values)


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
