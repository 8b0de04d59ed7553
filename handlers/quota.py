"""How often one person may have something made: what is more is a slip or mischief."""

from datetime import timedelta

from bot.domain import dates
from bot.store import records
from bot.turns import Turn


def used(turn: Turn, kind: str, most: int) -> bool:
    """Count one more of this kind; False where it is more than `most` within ten minutes by the clock."""
    return _counted(turn, kind, f"{turn.now:%Y%m%d%H}{turn.now.minute // 10}", most)


def used_today(turn: Turn, kind: str, most: int) -> bool:
    """Count one more of this kind; False where it is more than `most` on this day of the district's."""
    return _counted(turn, kind, f"{turn.today:%Y%m%d}", most)


def _counted(turn: Turn, kind: str, window: str, most: int) -> bool:
    name = f"{kind}:{turn.who.person}"
    before, _, count = (records.get(turn.tx, name) or "").partition(":")
    number = int(count) + 1 if before == window else 1
    records.put(turn.tx, name, f"{window}:{number}")
    return number <= most


def again(turn: Turn) -> str:
    """From when on they may: the next ten minutes by the clock."""
    begun = turn.now.replace(minute=turn.now.minute // 10 * 10, second=0, microsecond=0)
    local = (begun + timedelta(minutes=10)).astimezone(turn.district.zone)
    return dates.clock_time(local, turn.district.zone_label)
