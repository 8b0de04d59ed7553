"""What stands on an identity card (KTP), out of the pieces of text that were seen on a photo of it.

A photo only fills a form in advance: what is doubtful is left out and asked, and the person confirms
the rest with the card in hand.  The card has one line for each field (Permendagri 74/2015).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from bot.domain import names, nik
from bot.domain.people import Sex
from bot.errors import Doubtful, Invalid

#: Below this a piece of text may be anything.
SURE = 0.8
#: Pieces belong to one line if their middles are no further apart than this part of their height.
_SAME_LINE = 0.6

_NIK = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
_NAME = re.compile(r"^\W*nama\b\W*(?P<name>\S.*)$", re.IGNORECASE)
_BIRTH = re.compile(
    r"^(?:.*lahir)?\W*(?P<place>[^\W\d][^\d,:]*?)(?<=\w)\W+"
    r"(?P<day>[0-9]{2})\W(?P<month>[0-9]{2})\W(?P<year>[0-9]{4})\b",
    re.IGNORECASE,
)
_WOMAN, _MAN = re.compile(r"\bPEREMPUAN\b"), re.compile(r"\bLAKI\W*LAKI\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text on a photo: how sure the reader is (0 to 1), and its corners from the upper left, clockwise."""

    text: str
    sure: float
    corners: Sequence[tuple[float, float]]

    @property
    def slant(self) -> float:
        """By how much its upper edge is turned, in radians."""
        (left, top), (right, end) = self.corners[0], self.corners[1]
        return math.atan2(end - top, right - left)

    @property
    def height(self) -> float:
        """Of its left edge."""
        return math.dist(self.corners[0], self.corners[3])

    def turned(self, by: float) -> tuple[float, float]:
        """Its middle, once the photo is turned back by that angle."""
        x, y = (sum(corner[axis] for corner in self.corners) / 4 for axis in (0, 1))
        return x * math.cos(by) + y * math.sin(by), y * math.cos(by) - x * math.sin(by)


@dataclass(frozen=True, slots=True)
class Card:
    """What could be read; empty where it is not sure."""

    nik: str
    born: date
    sex: Sex
    name: str = ""
    place: str = ""


def read(pieces: Sequence[Piece], today: date) -> Card | None:
    """The card on a photo; None unless its NIK agrees with the birth date and sex printed below it.

    One wrong digit in the NIK makes another person of them, and nobody sees it in the last four.
    """
    lines = _lines([piece for piece in pieces if piece.sure >= SURE])
    numbers = {found for line in lines for found in _NIK.findall(line)}
    birth = next((found for line in lines if (found := _BIRTH.match(line))), None)
    if len(numbers) != 1 or birth is None:
        return None
    number = numbers.pop()
    try:
        said = nik.facts(nik.parse_nik(number), today)
        born = date(int(birth["year"]), int(birth["month"]), int(birth["day"]))
    except (Invalid, Doubtful, ValueError):
        return None
    if said.born != born or _sex(lines) not in (None, said.sex):
        return None
    return Card(number, born, said.sex, _name(lines), _tidy(birth["place"]))


def _lines(pieces: Sequence[Piece]) -> list[str]:
    """The lines of the card, from top to bottom, each read from left to right."""
    if not pieces:
        return []
    slant = median(piece.slant for piece in pieces)
    placed = sorted((piece.turned(slant)[1], piece.turned(slant)[0], piece) for piece in pieces)
    lines: list[list[tuple[float, float, Piece]]] = []
    for one in placed:
        near = lines and one[0] - lines[-1][-1][0] <= _SAME_LINE * one[2].height
        if near:
            lines[-1].append(one)
        else:
            lines.append([one])
    return [" ".join(piece.text for _, _, piece in sorted(line, key=lambda one: one[1])) for line in lines]


def _sex(lines: Sequence[str]) -> Sex | None:
    """As printed; None where it cannot be read."""
    for line in lines:
        if _WOMAN.search(line.upper()):
            return Sex.FEMALE
        if _MAN.search(line.upper()):
            return Sex.MALE
    return None


def _name(lines: Sequence[str]) -> str:
    found = next((found for line in lines if (found := _NAME.match(line))), None)
    return _tidy(found["name"]) if found else ""


def _tidy(text: str) -> str:
    """A name as it would be taken from the keyboard; empty where it would not."""
    try:
        return names.parse_name(text)
    except (Invalid, Doubtful):
        return ""
