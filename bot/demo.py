"""The demo: real villages, made-up people, every role side by side, and a clock that can be moved.

It runs the same engine over a database that is thrown away; no account and no token.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.routing import BaseRoute

from bot import app, ledger, rules, ruling, stencils
from bot.channels import web_site
from bot.channels.base import Channel
from bot.channels.web import Chats, Persona, Web
from bot.channels.web_whatsapp import WhatsAppChats
from bot.clock import SystemClock
from bot.domain import groups
from bot.domain.dated import Certainty, Segment
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.domain.people import Category, State
from bot.domain.projects import State as InState
from bot.domain.rulebook import District, Rules
from bot.engine import Bounds, build, play
from bot.health import Health
from bot.messages import Address
from bot.schedule import ticking
from bot.store import decisions, members, payments, people, pins, places, project_reports, projects, records
from bot.store import stencils as approvals
from bot.store.database import Store, Tx, open_store
from bot.store.payments import New
from bot.store.places import Room, RoomKind
from bot.store.projects import OWN, Project
from bot.store.vault import new_key_file, open_key_file
from handlers.programmes import rows
from handlers.projects import about

KUKAR, LANDAK = "64.02", "61.08"
PAGE, WHATSAPP = Web.name, WhatsAppChats.name
#: How many people Meta lets a new business write to first in a day.
TIER = 250
#: Villages that registered people some weeks ago: code, how many, whether they reported their months.
BEGUN = (
    ("64.02.01.2001", 7, True),
    ("64.02.01.2002", 5, False),
    ("64.02.02.2001", 9, True),
    ("64.02.03.2001", 6, False),
    ("64.02.04.2001", 8, True),
    ("61.08.01.2001", 8, True),
    ("61.08.02.2001", 6, False),
    ("61.08.03.2001", 4, True),
)
#: Whose kader posyandu are insured too.
WITH_KADER = "61.08.01.2001"
WEEKS_AGO = timedelta(days=75)
WEEK = timedelta(days=7)

_FIRST = (
    "Siti",
    "Budi",
    "Rahmat",
    "Nurul",
    "Yohanes",
    "Dewi",
    "Agus",
    "Lina",
    "Petrus",
    "Hasan",
    "Maria",
    "Joko",
)
_LAST = (
    "Aminah",
    "Santoso",
    "Hidayat",
    "Wahyuni",
    "Lestari",
    "Saputra",
    "Ningsih",
    "Anyau",
    "Kurniawan",
    "Rahman",
)
_MOTHERS = ("Kartini", "Sulastri", "Halimah", "Rukmini", "Fatimah", "Martha")


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody whose chats stand on the page: one in each app that they use."""

    id: str
    name: str
    role: Role
    place: str  # code of a village, a kecamatan or a district
    apps: tuple[str, ...] = (PAGE,)  # the one they used last stands first

    @property
    def office(self) -> Office:
        """What they hold."""
        village = self.place if self.place.count(".") == 3 else ""
        subdistrict = self.place if self.place.count(".") == 2 else ""
        return Office(self.role, self.place[:5], village, subdistrict)

    @property
    def chats(self) -> list[Address]:
        """Where they chat."""
        return [Address(app, f"{self.id}-{app}" if place else self.id) for place, app in enumerate(self.apps)]


PLAYERS = (
    Player("darma", "Darma Wijaya", Role.TREASURER, "64.02.01.2001", (PAGE, WHATSAPP)),
    Player("salma", "Salma Hidayati", Role.TREASURER, "64.02.01.2002", (WHATSAPP,)),
    Player("ratna", "Ratna Sari", Role.SECRETARY, "64.02.01.2001", (WHATSAPP,)),
    Player("idris", "Idris Mahmud", Role.HEAD, "64.02.01.2001"),
    Player("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR),
    Player("rina", "Rina Kartika", Role.OPERATOR, KUKAR),
    Player("sofia", "Sofia Paulina", Role.CAMAT, "64.02.01"),
    Player("lusia", "Lusia Anyau", Role.TREASURER, "61.08.01.2001"),
    Player("markus", "Markus Jelani", Role.SECRETARY, "61.08.01.2001"),
    Player("petrus", "Petrus Dahlan", Role.HEAD, "61.08.01.2001"),
    Player("bima", "Bima Prakasa", Role.ADMIN, LANDAK),
)
#: Chat, the player who speaks there, its district, its kind.
ROOMS = (
    ("grup-kukar", "yuni", KUKAR, RoomKind.OFFICE),
    ("forum-kukar", "yuni", KUKAR, RoomKind.FORUM),
    ("grup-landak", "bima", LANDAK, RoomKind.OFFICE),
)
STRANGER = "wawan"


def personas(rulebook: Rules, villages: dict[str, places.Village]) -> list[Persona]:
    """The chats of the page, as its side list shows them."""
    found = []
    for player in PLAYERS:
        district = rulebook.district(player.place[:5])
        village = villages.get(player.place)
        place = village.label if village else _office(player, district, villages)
        one = Persona(
            player.id, player.name, player.role.label, place, "", False, district.name, district.zone.key
        )
        found += [replace(one, id=at.chat, person=at.chat, channel=at.channel) for at in player.chats]
    for chat, speaker, code, kind in ROOMS:
        district = rulebook.district(code)
        office = kind is RoomKind.OFFICE
        name = f"Grup {district.office} {district.name}" if office else f"Forum desa {district.name}"
        role = "Grup kantor" if office else "Grup dengan perangkat desa"
        found.append(Persona(chat, name, role, "", speaker, True, district.name, district.zone.key))
    kukar = rulebook.district(KUKAR)
    found.append(
        Persona(STRANGER, "Wawan Setiadi", "Belum diundang", "", STRANGER, False, kukar.name, kukar.zone.key)
    )
    return found


def _office(player: Player, district: District, villages: dict[str, places.Village]) -> str:
    mine = [one for code, one in villages.items() if code.startswith(f"{player.place}.")]
    return (
        f"Kec. {mine[0].subdistrict}" if player.office.subdistrict else f"{district.office} {district.name}"
    )


def _someone(number: int) -> tuple[str, str, dict[str, object]]:
    """A made-up person: name, NIK, details."""
    born = date(1965 + number * 7 % 35, 1 + number % 12, 1 + number * 5 % 28)
    woman = number % 3 == 0
    digits = f"640201{born.day + 40 * woman:02}{born.month:02}{born.year % 100:02}{number % 9000 + 1:04}"
    name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number // 3 % len(_LAST)]}"
    details: dict[str, object] = {
        "born": born.isoformat(),
        "sex": "P" if woman else "L",
        "place": "Tenggarong",
        "mother": _MOTHERS[number % len(_MOTHERS)],
        "phone": f"+6281200{number:06}",
        "wage": 2_022_200 + number % 5 * 101_000,
    }
    return name, digits, details


def _crowd(rulebook: Rules, today: date) -> Iterator[members.New]:
    """The people of the villages that have begun: most are active, the last two only submitted."""
    joined = today - WEEKS_AGO
    officers = {(player.place, player.role.value): player.name for player in PLAYERS}
    number = 0
    for code, count, _ in BEGUN:
        for place, position in enumerate(rulebook.positions_of(code[:5])[:count]):
            number += 1
            name, nik, details = _someone(number)
            name = officers.get((code, position.code), name)
            state = State.ACTIVE if place < count - 2 else State.SUBMITTED
            since = date(2019 + number % 6, 1 + number % 12, 2)
            yield members.New(
                code, name, nik, details, position.category, position.code, since, joined, state
            )


def _kader(by: int, now: datetime, tx: Tx) -> None:
    """A group that a district has added: kader posyandu, who are insured as self-employed since last month."""
    since = Month.of(now.date()).previous().first
    label = "Kader Posyandu"
    new = Category(groups.code_of(label, LANDAK), label, LANDAK, since)
    base = {"district": LANDAK, "category": new.code, "effective_from": since.isoformat(),
            "source": "Perbup 12/2026 (contoh)", "certainty": Certainty.LAW.value}  # fmt: skip
    decided: list[tuple[str, Mapping[str, object]]] = [
        rows.group(LANDAK, new),
        *rows.posts(LANDAK, new, [label]),
        ("programme_set", {**base, "segment": Segment.BPU.value, "programmes": ["jkk", "jkm"]}),
        ("wage_base", {**base, "amount": 1_000_000}),
        ("funding_rule", {**base, "funding": "add", "allowed": True}),
    ]
    for table, row in decided:
        decisions.decide(tx, LANDAK, table, row, (by, now))
    for number in range(900, 904):
        name, nik, details = _someone(number)
        details["wage"] = 1_000_000
        one = members.New(WITH_KADER, name, nik, details, new.code, new.code, since, since, State.ACTIVE)
        members.add(tx, one, by, now - WEEK)


def _projects(rulebook: Rules, today: date) -> Iterator[Project]:
    """Building projects: one under way, one that begins soon without cover, one only planned."""
    rabat = Project(
        "64.02.01.2001",
        today.year,
        "Rabat beton RT 03",
        180_000_000,
        "dana_desa",
        "RT 03 Dusun Harapan",
        builder=OWN,
        starts=today - 4 * WEEK,
        ends=today + 9 * WEEK,
        workers=12,
        state=InState.OPEN,
    )
    yield about.reckoned(rulebook, rabat)[0]
    soon = replace(
        rabat, village="64.02.01.2002", name="Drainase RT 01", starts=today + WEEK, value=80_000_000
    )
    yield about.reckoned(rulebook, soon)[0]
    yield Project(
        "61.08.01.2001", today.year, "Jalan usaha tani", 250_000_000, "add", starts=today.replace(day=1)
    )


def _build(rulebook: Rules, ids: dict[str, int], now: datetime, tx: Tx) -> None:
    """The projects, and the first instalment of the first one, looked at."""
    numbers = [projects.add(tx, one, ids["darma"], now) for one in _projects(rulebook, now.date())]
    first = projects.get(tx, numbers[0] or 0)
    assert first is not None
    report = project_reports.report(tx, first.id, first.parts[:1], ids["darma"], now - 3 * WEEK)
    by = (ids["yuni"], now - 3 * WEEK)
    project_reports.check(tx, report or 0, payments.State.RECORDED, "", by)


def seed(rulebook: Rules, now: datetime, tx: Tx) -> None:
    """Fill an empty database: who chats, who is insured, what was reported."""
    today = now.date()
    ids = {}
    for player in PLAYERS:
        ids[player.id] = people.add(tx, player.name, now)
        for minutes, at in enumerate(player.chats):
            people.link(tx, ids[player.id], at.chat, at, now - timedelta(minutes=minutes))
        people.appoint(tx, ids[player.id], player.office, today)
    for chat, _, district, kind in ROOMS:
        places.open_room(tx, Address(PAGE, chat), Room(district, kind), now)
    pins.require(tx, KUKAR, wanted=False)  # one district introduces the PIN later: both ways can be seen
    records.put(tx, f"{WHATSAPP}.tier", str(TIER))
    for each in stencils.definitions():
        approvals.note(tx, each.name, "APPROVED", "", stencils.UTILITY, now)
    for new in _crowd(rulebook, today):
        members.add(tx, new, ids["yuni"], now - WEEKS_AGO)
    _build(rulebook, ids, now, tx)
    _kader(ids["bima"], now, tx)
    rulebook = ruling.current(tx, rulebook)
    first, running = Month.of(today - WEEKS_AGO), Month.of(today)
    for code, _, reported in BEGUN:
        ledger.refresh(tx, rulebook, code, first, now)
        months = sum(bill.month < running for bill in ledger.open_bills(tx, code, ledger.PU))
        if reported and months:
            number = ledger.report(
                tx, New(code, ledger.PU, first, months), ids["darma"], now - timedelta(days=3)
            )
            payments.check(tx, number, payments.State.RECORDED, "", (ids["yuni"], now - timedelta(days=2)))


async def _filled(store: Store, clock: SystemClock, rulebook: Rules) -> dict[str, places.Village]:
    for district in rulebook.districts:
        await app.load_villages(store, district.code)
    await store.transact(partial(seed, rulebook, clock.now()))
    return await store.transact(
        lambda tx: {v.code: v for d in rulebook.districts for v in places.villages(tx, d.code)}
    )


async def run(host: str, port: int, start: datetime | None, say: Callable[[str], None]) -> None:
    """Serve the page until a stop signal."""
    stop = app.on_stop_signal()
    clock = SystemClock(start)
    rulebook = rules.load()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="payung-demo-")))
        new_key_file(folder / "demo.key")
        store = await stack.enter_async_context(
            open_store(folder / "demo.db", open_key_file(folder / "demo.key"))
        )
        villages = await _filled(store, clock, rulebook)
        chats = Chats(personas(rulebook, villages), clock)
        webs = [Web(chats), WhatsAppChats(chats)]
        channels: dict[str, Channel] = {web.name: web for web in webs}
        engine = build(store, clock, rulebook, channels, Bounds(tiers={WHATSAPP: TIER}))
        await engine.schedule.tick()
        health = Health(store, clock, lambda: engine.schedule.last_tick, {})
        pages = web_site.routes(webs, engine.inbox.accept, clock.now, lambda to: play(engine, clock, to))
        routes: list[BaseRoute] = [*health.routes(), *pages]
        await stack.enter_async_context(app.serving(routes, host, port))
        say(f"Payung Desa, demo: http://{host}:{port}   (stop with Ctrl+C)")
        engine.start()
        ticks = ticking(engine.schedule, engine.inbox.bell.set)
        await stop.wait()
        ticks.shutdown(wait=False)
        await engine.stop()
