"""The rows that a district decides: who is insured how, when payment is due, when it is reminded of."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.domain.dated import Dated, Segment

#: What a reminder can be about.
MONTH, UNREGISTERED, AGREEMENT, TERM = "month", "unregistered", "agreement", "term"
INSTALMENT = "instalment"
KINDS = (MONTH, UNREGISTERED, AGREEMENT, TERM, INSTALMENT)


@dataclass(frozen=True, slots=True)
class District:
    """A kabupaten: the office that runs the bot there, and the clock its villages live by."""

    code: str
    name: str
    office: str
    office_name: str
    zone: ZoneInfo
    zone_label: str
    privacy_contact: str = ""  # the officer for personal data (UU 27/2022 Pasal 53): name, phone or mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSet(Dated):
    """The segment and the programmes in which a category is insured."""

    district: str
    category: str
    programmes: tuple[str, ...]
    segment: Segment = Segment.PU


@dataclass(frozen=True, slots=True, kw_only=True)
class WageBase(Dated):
    """The wage usually reckoned for a category or for one position of it, in rupiah a month."""

    district: str
    category: str
    amount: int
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule(Dated):
    """Until when a month is to be paid: the `day` of the month `months_after` it, or the next working day.

    `collective_leave`: whether cuti bersama moves the day as a national holiday does.
    """

    district: str
    segment: Segment
    day: int
    months_after: int
    collective_leave: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 28:
            raise ValueError(f"day is 1 to 28, not {self.day}")
        if not 0 <= self.months_after <= 12:
            raise ValueError(f"months_after is 0 to 12, not {self.months_after}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day off besides the national holidays."""

    district: str
    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Dated):
    """A reminder: `days_before` the due date at `at` local time; negative: working days after it.

    `kind` is what it is about; `off`: a district does without the stage of that name.
    """

    name: str
    days_before: int
    at: time
    district: str = "*"
    kind: str = MONTH
    off: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        if not -60 <= self.days_before <= 365:
            raise ValueError(f"days_before is -60 to 365, not {self.days_before}")


#: What a Desa Sadar may have to meet, in the order in which it is told.
CRITERIA = ("staff", "arrears", "projects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Dated):
    """What a village has to meet to be a Desa Sadar; `months` of contributions, for arrears alone."""

    district: str
    code: str
    months: int = 0
    off: bool = False  # the district does without it

    def __post_init__(self) -> None:
        if self.code not in CRITERIA:
            raise ValueError(f"code is one of {', '.join(CRITERIA)}, not {self.code!r}")
        low, high = (1, 24) if self.code == "arrears" else (0, 0)
        if not low <= self.months <= high:
            raise ValueError(f"months of {self.code} are {low} to {high}, not {self.months}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsappPrice(Dated):
    """What Meta charges for one delivered utility template, in whole rupiah, a fraction rounded up."""

    district: str
    rupiah: int

    def __post_init__(self) -> None:
        if self.rupiah < 0:
            raise ValueError(f"rupiah cannot be {self.rupiah}")
