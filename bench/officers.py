"""Made-up village officers and what they write, step by step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from bot import app, ledger, rules
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.messages import Address
from bot.regions import villages
from bot.store import members, people, pins
from bot.store.database import Store, Tx, open_store
from bot.store.vault import new_key_file, open_key_file

DISTRICTS = ("64.02", "61.08")
#: When the benches begin: a Saturday, three days before the first reminder for November.
START = datetime(2026, 12, 5, 0, 0, tzinfo=UTC)
FIRST_CHAT = 50_001
OWED = Month(2026, 11)
#: Villages that owe it, and whose officer never writes: the reminders go there.
OWING = 30

_FIRST = (
    "Siti", "Ahmad", "Dewi", "Budi", "Ratna", "Agus", "Rina", "Joko", "Yuni", "Hendra",
    "Lestari", "Wahyu", "Fitri", "Rudi", "Maya", "Slamet", "Nur", "Eko", "Wati", "Andi",
)  # fmt: skip
_LAST = (
    "Aminah", "Fauzi", "Lestari", "Santoso", "Wijaya", "Saputra", "Marlina", "Susilo", "Astuti", "Gunawan",
    "Pratama", "Hidayat", "Rahayu", "Kurnia", "Puspita", "Riyadi", "Hasanah", "Nugroho", "Sari", "Firmansyah",
)  # fmt: skip


#: Where an account is written to, on one channel.
At = Callable[[int], Address]


@dataclass(frozen=True)
class Step:
    """One message of an officer: a text, a pressed button, or a photo."""

    text: str
    kind: str = "say"  # say, tap, photo


@dataclass(frozen=True)
class Officer:
    """Somebody with an account, and the village they serve."""

    number: int
    village: str
    owes: bool = False

    @property
    def chat(self) -> int:
        """Their account."""
        return FIRST_CHAT + self.number


@cache
def village_codes() -> tuple[str, ...]:
    """The villages of both districts."""
    return tuple(village.code for code in DISTRICTS for village in villages(code))


def chatting(count: int) -> list[Officer]:
    """Officers who write; when all villages have one, a second each."""
    codes = village_codes()[:-OWING]
    return [Officer(number, codes[number % len(codes)]) for number in range(count)]


def owing() -> list[Officer]:
    """The officers who never write."""
    return [Officer(10_000 + place, code, owes=True) for place, code in enumerate(village_codes()[-OWING:])]


def name(number: int) -> str:
    """The full name of the person with this number; the first 8,000 differ."""
    first, rest = number % len(_FIRST), number // len(_FIRST)
    return f"{_FIRST[first]} {_LAST[rest % len(_LAST)]} {_FIRST[rest // len(_LAST) % len(_FIRST)]}"


def nik(number: int) -> str:
    """A made-up NIK."""
    born = date(1965 + number * 7 % 35, 1 + number % 12, 1 + number * 5 % 28)
    day = born.day + 40 * (number % 2)
    return f"640201{day:02}{born.month:02}{born.year % 100:02}{number % 9000 + 1:04}"


def registration(number: int) -> list[Step]:
    """From *daftar* to saved: eleven messages and taps."""
    digits = nik(number)
    return [
        Step("daftar"),
        Step(name(number)),
        Step(" ".join(digits[at : at + 4] for at in range(0, 16, 4))),
        Step("Benar", "tap"),
        Step("Tenggarong"),
        Step(f"Kartini {_LAST[number % len(_LAST)]}"),
        Step(f"0812-{number % 9000 + 1000}-{number * 7 % 9000 + 1000}"),
        Step("kepala dusun"),  # a village has several
        Step(f"{2 + number % 3},5 jt"),
        Step(f"{1 + number % 28} januari 2024"),
        Step("Benar, simpan", "tap"),
    ]


def story(officer: Officer) -> list[Step]:
    """What this officer does: most register, some make mistakes, stop half-way, or report a payment."""
    steps = registration(officer.number)
    kind = officer.number % 6
    if kind == 2:
        return steps[:7]
    if kind == 3:
        return [
            *steps[:2],
            Step("12345"),
            *steps[2:10],
            Step("ubah 8"),
            Step("2,7 jt"),
            Step("Benar, simpan"),
        ]
    if kind == 4:
        return [*steps[:6], Step("batal"), Step("ya")]
    if kind in (1, 5) and officer.number < len(village_codes()) - OWING:
        return [*steps, Step("tagihan"), Step("Sudah bayar", "tap"), Step(f"bukti {officer.number}", "photo")]
    return steps


def at_telegram(chat: int) -> Address:
    """Where the officer with this account is written to."""
    return Address("telegram", str(chat))


def link(tx: Tx, who: Iterable[Officer], at: At, now: datetime) -> None:
    """Give each their office, and those who owe somebody to pay for."""
    for officer in who:
        pins.require(tx, officer.village[:5], wanted=False)  # what is measured is the registration itself
        person = people.add(tx, f"Petugas {officer.number}", now)
        address = at(officer.chat)
        people.link(tx, person, address.chat, address, now)
        office = Office(Role.TREASURER, officer.village[:5], officer.village)
        people.appoint(tx, person, office, now.date())
        if officer.owes:
            members.add(tx, _insured(officer), person, now)
            ledger.refresh(tx, _rules(), officer.village, OWED, now)


@cache
def _rules() -> Rules:
    return rules.load()


def _insured(officer: Officer) -> members.New:
    details = {
        "born": "1985-08-17", "sex": "P", "place": "Tenggarong", "mother": "Kartini",
        "phone": "", "wage": 2_500_000,
    }  # fmt: skip
    joined = date(2026, 11, 10)
    return members.New(
        officer.village, name(officer.number), nik(officer.number), details, "perangkat", "kasi_pelayanan",
        joined, joined, State.ACTIVE,
    )  # fmt: skip


def paths(folder: Path) -> tuple[Path, Path]:
    """The database and the key file of a bench."""
    return folder / "payung.db", folder / "payung.key"


def make_key(folder: Path) -> None:
    """The key file of a bench."""
    new_key_file(paths(folder)[1])


def opened(folder: Path) -> Store:
    """The store of a bench, to be used with `async with` while no bot runs."""
    database, key = paths(folder)
    return open_store(database, open_key_file(key))


async def prepare(folder: Path, who: Sequence[Officer]) -> None:
    """A database with both districts' villages and these officers."""
    async with opened(folder) as store:
        for code in DISTRICTS:
            await app.load_villages(store, code)
    await admit(folder, who)


async def admit(
    folder: Path,
    who: Sequence[Officer],
    at: At = at_telegram,
    beside: Callable[[Tx], None] = lambda tx: None,  # noqa: ARG005
) -> None:
    """Give these officers their offices in a database that the bot has made, and let happen what is `beside`."""
    async with opened(folder) as store:
        await store.transact(lambda tx: link(tx, who, at, START))
        await store.transact(beside)
