"""The people of a village government: who they are and where their registration stands."""

from dataclasses import dataclass
from enum import StrEnum


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

#: Which state may follow which.  Who returns to office is submitted anew.
MOVES: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.ACTIVE, State.ENDED}),
    State.ACTIVE: frozenset({State.ENDED}),
    State.ENDED: frozenset({State.SUBMITTED}),
    State.UNKNOWN: frozenset({State.SUBMITTED, State.ACTIVE, State.ENDED}),
}

#: Insured today, as far as is known.
PROTECTED = frozenset({State.ACTIVE})
#: Contributions are reckoned for these.
PAID_FOR = frozenset({State.SUBMITTED, State.ACTIVE})
#: Somebody has to look at these.
OPEN = frozenset({State.SUBMITTED, State.UNKNOWN})


def may_become(old: State, new: State) -> bool:
    """Whether a member may go from `old` to `new`."""
    return new in MOVES[old]


@dataclass(frozen=True, slots=True)
class Category:
    """A group of positions that shares programmes and wage base: kades, perangkat, bpd, rt."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Position:
    """An office in the village; `usual` is how many of it a village normally has (0: it varies)."""

    code: str
    label: str
    category: str
    aliases: tuple[str, ...] = ()
    usual: int = 0
