"""The agency's list beside what is known of a village: who is who, and what differs.

The NIK decides, then the member's number together with the name.  Where only name and birth date agree,
somebody has to say whether that is one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from bot.domain.agency import Listed
from bot.domain.cleaning import words
from bot.domain.people import State

#: Names that are as near as this may be one; those of one NIK that are further apart are worth a look.
ALIKE = 80


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the village, as far as a list of the agency can say something of them."""

    id: int
    name: str
    nik: str
    kpj: str
    born: date | None
    wage: int
    state: State
    said: bool = False  # active by the village's own word
    open: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """One person in the list and here."""

    listed: Listed
    known: Known

    @property
    def activates(self) -> bool:
        """Whether the agency insures somebody who is only submitted here."""
        return (
            bool(self.listed.active)
            and self.known.open
            and self.known.state in (State.SUBMITTED, State.UNKNOWN)
        )

    @property
    def confirms(self) -> bool:
        """Whether the agency says what until now only the village said."""
        return bool(self.listed.active) and self.known.open and self.known.said

    @property
    def numbers(self) -> bool:
        """Whether the member's number becomes known of somebody active."""
        active = self.known.state is State.ACTIVE and self.known.open
        return active and bool(self.listed.kpj) and not self.known.kpj

    @property
    def differences(self) -> list[str]:
        """What is not the same, by its name: wage, kpj, nik, name, born, left (here), gone (there)."""
        one, other = self.listed, self.known
        found = {
            "wage": one.wage and other.wage and one.wage != other.wage,
            "kpj": one.kpj and other.kpj and one.kpj != other.kpj,
            "nik": one.nik and one.nik != other.nik,
            "name": not _alike(one.name, other.name),
            "born": one.born and other.born and one.born != other.born,
            "left": one.active and not other.open,
            "gone": one.active is False and other.open and other.state is State.ACTIVE,
        }
        return [name for name, differs in found.items() if differs]


@dataclass(frozen=True, slots=True)
class Compared:
    """All of the list: known people, those to be asked about, those not known here; and who is missing in it."""

    pairs: Sequence[Pair]
    asked: Sequence[Pair]
    strangers: Sequence[Listed]
    absent: Sequence[Known]


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one: titles, order and slips aside."""
    return fuzz.token_set_ratio(" ".join(words(one)), " ".join(words(other))) >= ALIKE


def compare(rows: Sequence[Listed], everybody: Sequence[Known], answers: Mapping[int, bool]) -> Compared:
    """Find each row's person; `answers` say of rows, by their number, whether it is the one that was asked about."""
    free = sorted(everybody, key=lambda one: not one.open)  # who serves goes before who has left
    pairs: list[Pair] = []
    rest = list(rows)
    for same in (_by_nik, _by_number):  # a number never takes somebody whose NIK stands in another row
        for row in list(rest):
            known = next((one for one in free if same(row, one)), None)
            if known is not None:
                pairs.append(Pair(row, known))
                free.remove(known)
                rest.remove(row)
    asked: list[Pair] = []
    strangers = []
    for row in rest:
        known = next((one for one in free if _by_birth(row, one)), None)
        answer = answers.get(row.number)
        if known is None or answer is False:
            strangers.append(row)
            continue
        (asked if answer is None else pairs).append(Pair(row, known))
        free.remove(known)
    return Compared(pairs, asked, strangers, [one for one in free if one.open])


def _by_nik(row: Listed, one: Known) -> bool:
    return bool(row.nik) and row.nik == one.nik


def _by_number(row: Listed, one: Known) -> bool:
    return bool(row.kpj) and row.kpj == one.kpj and _alike(row.name, one.name)


def _by_birth(row: Listed, one: Known) -> bool:
    return row.born is not None and row.born == one.born and _alike(row.name, one.name)
