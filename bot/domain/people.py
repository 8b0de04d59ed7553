"""The people of a village government: who they are and where their registration stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.dated import EVERYWHERE


class Sex(StrEnum):
    """As on the identity card."""

    MALE = "L"
    FEMALE = "P"

    @property
    def label(self) -> str:
        """The word on the identity card, in lower case."""
        return {"L": "laki-laki", "P": "perempuan"}[self.value]


class State(StrEnum):
    """Where a member's registration stands, as far as it was reported to the district."""

    SUBMITTED = "submitted"  # sent by the village; BPJS Ketenagakerjaan has not confirmed it
    ACTIVE = "active"  # confirmed: insured
    ENDED = "ended"  # left office or died; kept for the records
    UNKNOWN = "unknown"  # taken over from a list that does not say

    @property
    def label(self) -> str:
        """How the state is called in a chat."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.SUBMITTED: "diajukan",
    State.ACTIVE: "aktif",
    State.ENDED: "tidak aktif",
    State.UNKNOWN: "belum diketahui",
}


class Leaving(StrEnum):
    """Why somebody is no longer insured by the village; the value is stored."""

    TERM = "term"
    RESIGNED = "resigned"
    DISMISSED = "dismissed"
    DIED = "died"
    MOVED = "moved"
    MISTAKE = "mistake"  # never was: nothing is owed for them

    @property
    def label(self) -> str:
        """As people say it."""
        return _LEAVING_LABELS[self]


_LEAVING_LABELS = {
    Leaving.TERM: "Masa jabatan habis",
    Leaving.RESIGNED: "Mengundurkan diri",
    Leaving.DISMISSED: "Diberhentikan",
    Leaving.DIED: "Meninggal",
    Leaving.MOVED: "Pindah",
    Leaving.MISTAKE: "Salah catat",
}


class Refusal(StrEnum):
    """Why BPJS Ketenagakerjaan, or the district for it, did not take a registration."""

    IDENTITY = "identity"
    ELSEWHERE = "elsewhere"
    INCOMPLETE = "incomplete"
    NOT_SERVING = "not_serving"

    @property
    def label(self) -> str:
        """As people say it."""
        return _REFUSAL_LABELS[self]


_REFUSAL_LABELS = {
    Refusal.IDENTITY: "NIK atau nama tidak cocok",
    Refusal.ELSEWHERE: "Terdaftar di tempat lain",
    Refusal.INCOMPLETE: "Data kurang lengkap",
    Refusal.NOT_SERVING: "Bukan perangkat desa ini",
}


@dataclass(frozen=True, slots=True)
class Category:
    """A group of positions that shares programmes and wage base: kades, perangkat, bpd, rt.

    Of one that a district added: `since` the first day on which somebody is registered in it, `until` the last.
    """

    code: str
    label: str
    district: str = EVERYWHERE
    since: date | None = None
    until: date | None = None

    def begun(self, on: date) -> bool:
        """Whether people can be insured in it on that day."""
        return self.since is None or self.since <= on

    def open(self, on: date) -> bool:
        """Whether people are registered in it on that day."""
        return self.begun(on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Position:
    """An office in the village; `usual` is how many of it a village normally has (0: it varies)."""

    code: str
    label: str
    category: str
    aliases: tuple[str, ...] = ()
    usual: int = 0
    district: str = EVERYWHERE
