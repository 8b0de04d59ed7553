"""*/rekap*: the one line that is read out, and the same for each kecamatan."""

from collections import Counter
from dataclasses import dataclass, replace

from bot.domain import dates
from bot.messages import Choice, Outgoing
from bot.store import bills, employers
from bot.turns import Turn
from handlers import own_chat


@dataclass(slots=True)
class Count:
    """Villages of one subdistrict."""

    registered: int = 0
    behind: int = 0
    missing: int = 0


def recap(turn: Turn) -> list[Outgoing]:
    """*/rekap*: registered, of these with something unpaid, and not yet; per kecamatan.

    Registered means that an employer number is known, or that somebody is submitted or active.
    """
    by_subdistrict = _counted(turn)
    total: Counter[str] = Counter()
    for count in by_subdistrict.values():
        total.update({"registered": count.registered, "behind": count.behind, "missing": count.missing})
    at = turn.now.astimezone(turn.district.zone)
    # A kecamatan with one registered village would name the village: not where villages listen.
    listening = turn.in_forum and not turn.limits
    shown = {} if listening else by_subdistrict
    said = turn.post(
        "district/recap",
        () if listening else (Choice("trend:", "Grafik tren"),),
        area=turn.area,
        day=dates.short_date(at.date()),
        at=dates.clock_time(at, turn.district.zone_label),
        total=dict(total),
        lines=[pair for pair in shown.items() if pair[1].registered],
        untouched=[pair for pair in shown.items() if not pair[1].registered],
    )
    if turn.in_forum and turn.limits:
        return own_chat.with_a_line(turn, [said])
    return [replace(said, person=None) if turn.incoming.group else said]


def _counted(turn: Turn) -> dict[str, Count]:
    registered = employers.registered(turn.tx, turn.district.code)
    late = bills.late(turn.tx, turn.district.code, turn.today)
    found: dict[str, Count] = {}
    for village in turn.villages:
        count = found.setdefault(village.subdistrict, Count())
        if village.code not in registered:
            count.missing += 1
            continue
        count.registered += 1
        count.behind += village.code in late
    return found
