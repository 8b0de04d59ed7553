"""Whom a broadcast is for: a filter kept as data, laid over what is known of villages and officers.

The same filter is looked at twice, for the preview and again when the sending begins: who became linked in
between is written to, who left is not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
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

    @property
    def label(self) -> str:
        """As the office reads it."""
        return _WHY_LABELS[self]


_WHY_LABELS = {
    Why.NOBODY: "belum ada yang tertaut",
    Why.ROLE: "tidak ada pejabat itu yang tertaut",
    Why.BLOCKED: "tidak dapat dijangkau",
    Why.MUTED: "berhenti menerima siaran",
}


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
    """Somebody in office in a village, and where they are written to; `chat` is empty where that is nowhere."""

    person: int
    name: str
    role: Role
    village: str
    channel: str
    chat: str
    muted: bool

    @property
    def able(self) -> bool:
        """Whether a broadcast may and can go there."""
        return bool(self.chat) and not self.muted


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

    @property
    def villages(self) -> int:
        """How many villages are reached."""
        return len({code for one in self.recipients for code in one.villages})

    def count(self, why: Why) -> int:
        """How many villages are missed for this reason."""
        return sum(each is why for each in self.missed.values())


def reach(audience: Audience, places: Sequence[Place], officers: Sequence[Officer]) -> Reach:
    """Lay the filter over what is known; `officers` may name a person several times, the best address first."""
    serving: dict[str, dict[int, Officer]] = {}
    for officer in officers:
        known = serving.setdefault(officer.village, {})
        if officer.person not in known or (officer.able and not known[officer.person].able):
            known[officer.person] = officer
    villages: dict[int, list[str]] = {}
    chosen: dict[int, Officer] = {}
    missed: dict[str, Why] = {}
    skipped: set[int] = set()
    settled = 0
    for place in places:
        if not audience.includes(place):
            continue
        here = list(serving.get(place.code, {}).values())
        wanted = [one for one in here if one.role in (audience.roles or VILLAGE)]
        able = [one for one in wanted if one.able]
        if not able:
            missed[place.code] = _why(here, wanted)
            continue
        settled += not place.behind
        skipped |= {one.person for one in wanted if not one.able}
        for one in able:
            chosen.setdefault(one.person, one)
            villages.setdefault(one.person, []).append(place.code)
    found = tuple(Recipient(one, tuple(villages[person])) for person, one in chosen.items())
    return Reach(found, missed, len(skipped - set(chosen)), settled)


def _why(here: Collection[Officer], wanted: Collection[Officer]) -> Why:
    if not wanted:
        return Why.ROLE if here else Why.NOBODY
    return Why.MUTED if all(one.muted for one in wanted) else Why.BLOCKED
