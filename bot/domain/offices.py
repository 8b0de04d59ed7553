"""Who a person is when they chat: their roles, each in a village or in a district."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; the value is stored."""

    HEAD = "kades"
    SECRETARY = "sekdes"
    TREASURER = "kaur_keuangan"
    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"
    BRANCH = "bpjs"
    CAMAT = "camat"

    @property
    def label(self) -> str:
        """As people say it."""
        return _LABELS[self]


_LABELS = {
    Role.HEAD: "Kepala Desa",
    Role.SECRETARY: "Sekretaris Desa",
    Role.TREASURER: "Kaur Keuangan",
    Role.ADMIN: "Administrator",
    Role.OPERATOR: "Petugas",
    Role.VIEWER: "Pengamat",
    Role.BRANCH: "Petugas BPJS",
    Role.CAMAT: "Petugas Kecamatan",
}

#: Roles in a village, in the order in which a reminder looks for somebody.
VILLAGE = (Role.TREASURER, Role.SECRETARY, Role.HEAD)
DISTRICT = (Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.BRANCH, Role.CAMAT)
#: Who may look at what a village reported, and say that it is so.
CHECKERS = (Role.ADMIN, Role.OPERATOR, Role.BRANCH)
#: Who writes to the villages in the office's name.
STAFF = (Role.ADMIN, Role.OPERATOR)


def told(roles: tuple[Role, ...]) -> str:
    """Who may do what these roles may, as it is said to somebody who may not."""
    village = ["perangkat desa yang tertaut"] if {*VILLAGE} <= {*roles} else []
    named = [_TOLD.get(role, role.label) for role in roles if not village or role not in VILLAGE]
    return ", ".join([*village, *named])


_TOLD = {
    Role.HEAD: "kepala desa",
    Role.SECRETARY: "sekretaris desa",
    Role.TREASURER: "kaur keuangan",
    Role.ADMIN: "administrator kabupaten",
    Role.OPERATOR: "petugas kabupaten",
    Role.VIEWER: "pengamat kabupaten",
    Role.BRANCH: "petugas BPJS",
    Role.CAMAT: "petugas kecamatan",
}
#: An office ends at midnight in Central Indonesian Time; further west an hour early, the safe side.
_WITA = timedelta(hours=8)


def office_day(now: datetime) -> date:
    """The date on which it is asked who holds an office."""
    return (now.astimezone(UTC) + _WITA).date()


@dataclass(frozen=True, slots=True)
class Office:
    """One role.  `village` is its Kemendagri code, empty for an office of the district itself.

    `subdistrict` (as in "64.02.01") is set for who sees the villages of one kecamatan only.
    """

    role: Role
    district: str
    village: str = ""
    subdistrict: str = ""

    def sees(self, village: str) -> bool:
        """Whether the village of this code lies where the office is held."""
        return village.startswith(f"{self.village or self.subdistrict or self.district}.") or (
            village == self.village
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """The linked person behind a message, with the offices they hold today."""

    person: int
    name: str
    offices: tuple[Office, ...]
    focus: str = ""  # the code of the village, or of the district, they chose to speak about
    noticed: bool = False
    seen: tuple[str, str] = ("", "")  # the chat they wrote from last, and when (as stored)
    frozen: bool = False  # their access is cut: they hold no office until it is restored

    @property
    def villages(self) -> tuple[str, ...]:
        """Codes of the villages they serve."""
        return tuple(dict.fromkeys(office.village for office in self.offices if office.village))

    @property
    def village(self) -> str:
        """The village they speak about: the one chosen, or the first; empty for district staff."""
        here = (village for village in self.villages if self.focus in (village, village[:5]))
        return next(here, next(iter(self.villages), ""))

    @property
    def districts(self) -> tuple[str, ...]:
        """Codes of the districts in whose office they serve."""
        return tuple(dict.fromkeys(office.district for office in self.offices if not office.village))

    @property
    def district(self) -> str:
        """The district they speak about: the one chosen, or that of the village, or of the first office."""
        held = [office.district for office in self.offices]
        return next((code for code in (self.focus, self.village[:5]) if code in held), next(iter(held), ""))

    def office(self, *roles: Role, district: str = "") -> Office | None:
        """The first office with one of these roles (in that district, if given), the widest preferred."""
        held = (one for one in self.offices if one.role in roles and district in ("", one.district))
        return min(held, key=lambda one: bool(one.subdistrict), default=None)
