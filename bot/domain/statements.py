"""The rows that are told rather than reckoned with: benefits, how soon to report, what answers rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.dated import CERTAIN, Dated, latest
from bot.domain.money import rupiah

#: When a benefit is due: who is hurt at work, dies of that, dies otherwise; and the children's part.
EVENTS = ("accident", "work_death", "death", "children")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Dated):
    """One benefit: a sum (`upto`: at most), so many times the wage that was reported, or in words alone."""

    event: str
    code: str
    label: str
    amount: int = 0
    upto: bool = False
    times: int = 0
    words: str = ""

    def __post_init__(self) -> None:
        if self.event not in EVENTS:
            raise ValueError(f"event is one of {', '.join(EVENTS)}, not {self.event!r}")
        if bool(self.amount) + bool(self.times) + bool(self.words) != 1:
            raise ValueError("a benefit has an amount, times, or words")

    @property
    def shown(self) -> str:
        """As in "Rp20.000.000", "48 × upah yang dilaporkan"."""
        said = self.words or (f"{self.times} × upah yang dilaporkan" if self.times else rupiah(self.amount))
        return f"{'paling banyak ' if self.upto else ''}{said}"

    @property
    def certain(self) -> bool:
        """Whether it may be said without "menurut catatan kami"."""
        return self.certainty in CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLimit(Dated):
    """Within how many hours of an accident the agency is told of it."""

    hours: int

    def __post_init__(self) -> None:
        if not 1 <= self.hours <= 720:
            raise ValueError(f"hours is 1 to 720, not {self.hours}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Dated):
    """What the answer to a question (`bot.domain.answers`) rests on."""

    topic: str


def in_force(rows: Iterable[Benefit], event: str, on: date) -> list[Benefit]:
    """The benefits of an event on that day, in the order of the file, each in its latest row."""
    mine = [row for row in rows if row.event == event and row.applies(on)]
    codes = dict.fromkeys(row.code for row in mine)
    found = (latest(row for row in mine if row.code == code) for code in codes)
    return [row for row in found if row is not None]


def hours(rows: Iterable[ReportLimit], on: date) -> int:
    """Within how many hours; 0 where no rule applies, and then nothing is said of a limit."""
    found = latest(row for row in rows if row.applies(on))
    return found.hours if found else 0


def rests_on(rows: Iterable[Answer], topic: str, on: date) -> Answer | None:
    """What the answer to a topic rests on that day."""
    return latest(row for row in rows if row.topic == topic and row.applies(on))
