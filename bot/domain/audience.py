"""Whom a broadcast is for: a filter kept as data, laid over what is known of villages and officers.

The same filter is looked at twice, for the preview and again when the sending begins: who became linked in
between is written to, who left is not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from bot.domain.offices import VILLAGE, Role


class Standing(StrEnum):
    """How a village stands; the value is stored."""

    ANY = "any"
    REGISTERED = "registered"
    MISSING = "missing"
    BEHIND = "behind"


class Why(StrEnum):
    """Why nobody of a village can be written to; the value is stored."""

    NOBODY = "nobody"
    ROLE = "role"
    BLOCKED = "blocked"
    MUTED = "muted"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """As the office reads it."""
        return _WHY_LABELS[self]


_WHY_LABELS = {
    Why.NOBODY: "belum ada yang tertaut",
    Why.ROLE: "tidak ada pejabat itu yang tertaut",
    Why.BLOCKED: "tidak dapat dijangkau",
    Why.MUTED: "berhenti menerima siaran",
    Why.CLOSED: "di WhatsApp lebih dari 24 jam tidak menulis",
}


class Way(IntEnum):
    """How a broadcast would go to an address now, the best first."""

    FREE = 0  # as it is written
    KNOCK = 1  # they are asked to write, and then it goes to them
    CLOSED = 2  # not at all


@dataclass(frozen=True, slots=True)
class Audience:
    """The filter; what is empty does not narrow it.  `months` counts only with `BEHIND`: at least so many."""

    standing: Standing = Standing.ANY
    months: int = 0
    subdistricts: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    villages: tuple[str, ...] = ()  # named one by one

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "standing": self.standing.value,
            "months": self.months,
            "subdistricts": list(self.subdistricts),
            "roles": [role.value for role in self.roles],
            "villages": list(self.villages),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Audience":
        """As it was stored."""
        return cls(
            Standing(told["standing"]),
            int(told["months"]),
            tuple(told["subdistricts"]),
            tuple(Role(role) for role in told["roles"]),
            tuple(told["villages"]),
        )

    def includes(self, place: "Place") -> bool:
        """Whether the filter lets a village through."""
        return (
            _stands(self, place)
            and (not self.subdistricts or place.code[:8] in self.subdistricts)
            and (not self.villages or place.code in self.villages)
        )

    def label(self, subdistricts: Mapping[str, str]) -> str:
        """In words, as in "Kaur Keuangan, desa menunggak 2 bulan atau lebih, Kec. Tenggarong"."""
        people = ", ".join(role.label for role in self.roles) or "semua perangkat desa yang tertaut"
        parts = [people]
        if self.standing is Standing.BEHIND:
            parts.append(f"desa menunggak {self.months} bulan atau lebih")
        elif self.standing is not Standing.ANY:
            parts.append("desa terdaftar" if self.standing is Standing.REGISTERED else "desa belum terdaftar")
        if self.villages:
            parts.append(f"{len(self.villages)} desa pilihan")
        names = [subdistricts.get(code, code) for code in self.subdistricts]
        if len(names) > _NAMED:
            parts.append(f"{len(names)} kecamatan")
        elif names:
            parts.append(f"Kec. {', '.join(names)}")
        return ", ".join(parts)


_NAMED = 3  # kecamatan called by name


def _stands(audience: Audience, place: "Place") -> bool:
    match audience.standing:
        case Standing.REGISTERED:
            return place.registered
        case Standing.MISSING:
            return not place.registered
        case Standing.BEHIND:
            return place.behind >= max(audience.months, 1)
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Place:
    """What counts of a village: whether it is registered, and how many months are past due."""

    code: str
    registered: bool
    behind: int


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody in office in a village, and where they are written to; `chat` is empty where that is nowhere.

    `first` tells that the platform would count them among the people we write to first.
    """

    person: int
    name: str
    role: Role
    village: str
    channel: str
    chat: str
    muted: bool
    way: Way = Way.FREE
    first: bool = False

    @property
    def able(self) -> bool:
        """Whether a broadcast may and can go there."""
        return self.linked and self.way is not Way.CLOSED

    @property
    def linked(self) -> bool:
        """The same but for how long they have not written there."""
        return bool(self.chat) and not self.muted

    @property
    def rank(self) -> int:
        """Their addresses compared: what may be written to as it is comes before what is closed."""
        return self.way if self.linked else len(Way)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets it, once, however many of the villages they serve."""

    officer: Officer
    villages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets a broadcast, and which villages do not, each with the reason."""

    recipients: tuple[Recipient, ...]
    missed: Mapping[str, Why]
    skipped: int  # persons who are not written to although their village is reached
    settled: int  # villages reached that have no arrears
    closed: int = 0  # of `skipped`, those who have not written for too long
    silent: int = 0  # everybody of whom that is true, also where nobody of the village is reached

    @property
    def villages(self) -> int:
        """How many villages are reached."""
        return len({code for one in self.recipients for code in one.villages})

    def by(self, way: Way) -> list[Recipient]:
        """Who gets it in this way."""
        return [one for one in self.recipients if one.officer.way is way]

    def first(self, channel: str) -> int:
        """How many on a channel we would be writing to first."""
        return sum(one.officer.channel == channel and one.officer.first for one in self.recipients)

    @property
    def channels(self) -> dict[str, int]:
        """How many get it on each channel, the most first."""
        found: dict[str, int] = {}
        for one in self.recipients:
            found[one.officer.channel] = found.get(one.officer.channel, 0) + 1
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    def count(self, why: Why) -> int:
        """How many villages are missed for this reason."""
        return sum(each is why for each in self.missed.values())


def reach(audience: Audience, places: Sequence[Place], officers: Sequence[Officer]) -> Reach:
    """Lay the filter over what is known; `officers` may name a person several times, the best address first.

    An address that is open is better than one that is not.
    """
    serving: dict[str, dict[int, Officer]] = {}
    for officer in officers:
        known = serving.setdefault(officer.village, {})
        if officer.person not in known or officer.rank < known[officer.person].rank:
            known[officer.person] = officer
    villages: dict[int, list[str]] = {}
    chosen: dict[int, Officer] = {}
    missed: dict[str, Why] = {}
    skipped: dict[int, Officer] = {}
    silent: set[int] = set()
    settled = 0
    for place in places:
        if not audience.includes(place):
            continue
        here = list(serving.get(place.code, {}).values())
        wanted = [one for one in here if one.role in (audience.roles or VILLAGE)]
        able = [one for one in wanted if one.able]
        silent |= {one.person for one in wanted if one.linked and not one.able}
        if not able:
            missed[place.code] = _why(here, wanted)
            continue
        settled += not place.behind
        skipped |= {one.person: one for one in wanted if not one.able}
        for one in able:
            chosen.setdefault(one.person, one)
            villages.setdefault(one.person, []).append(place.code)
    found = tuple(Recipient(one, tuple(villages[person])) for person, one in chosen.items())
    passed = [one for person, one in skipped.items() if person not in chosen]
    return Reach(found, missed, len(passed), settled, sum(one.linked for one in passed), len(silent))


def _why(here: Collection[Officer], wanted: Collection[Officer]) -> Why:
    if not wanted:
        return Why.ROLE if here else Why.NOBODY
    if any(one.linked for one in wanted):
        return Why.CLOSED
    return Why.MUTED if all(one.muted for one in wanted) else Why.BLOCKED
