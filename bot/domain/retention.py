"""How long what is kept: a dated row for every place where personal data stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.dated import Dated, latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Dated):
    """One kind of data: `what` is its table, `days` how long it stays and `after` from when they count.

    `days = 0`: it stays, and `after` says why.
    """

    what: str
    tables: tuple[str, ...]
    holds: str
    days: int
    after: str

    def __post_init__(self) -> None:
        if not 0 <= self.days <= 36_525:
            raise ValueError(f"days is 0 to 36525, not {self.days}")
        if not (self.tables and self.holds and self.after):
            raise ValueError("tables, holds and after are said")

    @property
    def shown(self) -> str:
        """As in "7 hari", "5 tahun", "selama diperlukan"."""
        if not self.days:
            return "selama diperlukan"
        years, rest = divmod(self.days, 365)
        return f"{years} tahun" if years > 1 and rest <= years // 4 + 1 else f"{self.days} hari"


def in_force(rows: Iterable[Retention], on: date) -> list[Retention]:
    """The row of each kind on that day, in the order of the file."""
    applying = [row for row in rows if row.applies(on)]
    kinds = dict.fromkeys(row.what for row in applying)
    found = (latest(row for row in applying if row.what == what) for what in kinds)
    return [row for row in found if row is not None]
