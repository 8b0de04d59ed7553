"""A calendar month: what contributions are owed for."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Months compare in time; `str()` is the form kept in the store."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The month `day` lies in."""
        return cls(day.year, day.month)

    @classmethod
    @lru_cache(1024)  # a ledger reads the same few hundred months again and again
    def parse(cls, text: str) -> Self:
        """The month written by `str()`; raises ValueError for anything else."""
        year, dash, number = text.partition("-")
        if not (
            dash and len(year) == 4 and len(number) == 2 and text.isascii() and (year + number).isdigit()
        ):
            raise ValueError(f"not a month like 2026-10: {text!r}")
        return cls(int(year), int(number))

    @property
    def label(self) -> str:
        """As people say it: "Oktober 2026"."""
        return f"{NAMES[self.number - 1]} {self.year}"

    def label_of(self, segment: str) -> str:
        """What is owed for it: "Oktober 2026", or "Oktober 2026 BPU"."""
        return f"{self.label} BPU" if segment == "BPU" else self.label

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def next(self) -> Self:
        """The month after this one."""
        return type(self)(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Self:
        """The month before this one."""
        return type(self)(self.year - (self.number == 1), (self.number - 2) % 12 + 1)
