"""The main job over real HTTP on our own fake Cloud API: invited, linked, registered, reminded, asked to write.

Every request is held against Meta's own description of the API, where it is at hand.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot import stencils
from bot.channels.base import Channel
from bot.channels.whatsapp import STANDARD, WhatsApp
from bot.channels.whatsapp_ingress import PATH
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_wire import Access, Pace
from bot.clock import SystemClock
from bot.domain.offices import Office, Role
from bot.engine import Bounds, Engine, build
from bot.messages import Address, Lane, Outgoing
from bot.pace import Limits, Rate
from bot.store import invitations, outbox, people, pins, places
from bot.store import stencils as known
from bot.store.database import Tx, open_store
from bot.store.invitations import Invitation
from tests import needs
from tests.fakes import whatsapp_spec
from tests.fakes.bot_api import serving
from tests.fakes.whatsapp_api import TOKEN, WhatsAppApi
from tests.fakes.whatsapp_people import ACCOUNT_ID, PHONE_NUMBER_ID, SECRET, People, Somebody, account
from tests.fakes.whatsapp_state import Json, Sent
from tests.needs import PATIENCE
from tests.test_ways import REMINDER
from tests.world import PERIAN, all_villages, rulebook, vault

ADMIN = Somebody("6281155500101", "ID.90000000000000000101", "Yuniarti")
OFFICER = Somebody("6281155500102", name="Darma")
VERIFY = "rahasia-kantor_01"
OPEN = Rate(1e6, 1e6)
WITA = ZoneInfo("Asia/Makassar")
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}\b")
ANSWERS = ("Siti Aminah", "6402015708850003", "Benar", "Tenggarong", "Kartini", "0812-3456-7890",
           "kasi pelayanan", "2,5 jt", "2 januari 2024", "Benar, simpan")  # fmt: skip


@dataclass
class Running:
    """A running bot, the platform it talks to, and the people in front of it."""

    api: WhatsAppApi
    engine: Engine
    clock: SystemClock
    conceal: Callable[[str], str]
    heard: dict[str, int] = field(default_factory=dict)
    writers: dict[str, People] = field(default_factory=dict)

    def by(self, who: Somebody) -> People:
        """What somebody does now."""
        writer = self.writers.setdefault(who.number, People(who))
        writer.at = self.clock.now()
        return writer

    async def until_said(self, who: Somebody, words: str) -> Sent:
        """Wait for a message to this person that holds these words, among those not waited for yet."""
        ids = (who.number, who.scoped)
        while True:
            self.api.noted.clear()
            first = self.heard.get(who.number, 0)
            for number, message in enumerate(self.api.sent[first:], first + 1):
                if message.to in ids and not message.failed and words in message.text:
                    self.heard[who.number] = number
                    return message
            await self.api.noted.wait()

    async def brings(self, request: Json, who: Somebody, answer: str) -> Sent:
        """Let something happen, and wait for the answer."""
        self.api.bring(request)
        return await self.until_said(who, answer)

    async def says(self, who: Somebody, text: str, answer: str) -> Sent:
        """Write, or press the newest button of that label; wait for the answer."""
        for message in reversed(self.api.sent):
            if message.to in (who.number, who.scoped) and text in message.buttons:
                return await self.presses(who, message, text, answer)
        return await self.brings(self.by(who).say(text), who, answer)

    async def presses(self, who: Somebody, on: Sent, label: str, answer: str) -> Sent:
        """Press a button of a message."""
        press = self.by(who).answer if on.payload["type"] == "template" else self.by(who).press
        return await self.brings(press(on.buttons[label], on.id, label), who, answer)

    async def at(self, moment: datetime) -> None:
        """Let the clock reach a moment, and tick."""
        self.clock.move(moment.astimezone(UTC))
        await self.engine.schedule.tick()
        self.engine.inbox.bell.set()

    async def approves(self, *names: str) -> None:
        """The review lets these texts pass, and tells us."""
        for name in names:
            one = stencils.definition(name)
            self.api.approve(name, one.body, one.buttons)
            news = {"event": "APPROVED", "message_template_id": 1, "message_template_name": name,
                    "message_template_language": "id", "reason": "NONE"}  # fmt: skip
            self.api.push.put(account("message_template_status_update", news))
        await self.until(lambda tx: all(known.approved(tx, name) for name in names))

    async def until(self, true: Callable[[Tx], bool]) -> None:
        """Wait until the store says so."""
        while not await self.engine.store.read(true):
            await self.until_something()

    async def until_something(self) -> None:
        """Wait for a message, but only for a moment."""
        self.api.noted.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await self.api.noted.wait()

    async def appoint(self, who: Somebody, role: Role, place: str) -> int:
        """Link somebody to an office without the talk."""
        now, chat = self.clock.now(), self.conceal(who.scoped or who.number)
        office = Office(role, place[:5], place if place.count(".") == 3 else "")

        def put(tx: Tx) -> int:
            person = people.add(tx, who.name, now)
            people.link(tx, person, chat, Address("whatsapp", chat), now)
            people.appoint(tx, person, office, now.date())
            return person

        return await self.engine.store.transact(put)

    async def status(self, key: str) -> str:
        """How a message stands."""
        row = await self.engine.store.read(
            lambda tx: tx.one("SELECT status FROM outbox WHERE key = :key", key=key)
        )
        return str(row["status"])


@asynccontextmanager
async def office(
    folder: Path, pace: Pace = STANDARD, beside: Channel | None = None
) -> AsyncIterator[tuple[Running, str]]:
    """Everything running, with another channel if need be; also the code of the first administrator."""
    async with AsyncExitStack() as stack:
        clock = SystemClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
        api = await stack.enter_async_context(WhatsAppApi(shapes=whatsapp_spec.meta(), now=clock.now))
        safe = vault()
        store = await stack.enter_async_context(open_store(folder / "payung.db", safe))
        access = Access(TOKEN, PHONE_NUMBER_ID, ACCOUNT_ID, (SECRET,), VERIFY, api.address)
        channel = await stack.enter_async_context(WhatsApp(access, Names(safe.conceal, safe.reveal), pace))
        bounds = Bounds({channel.name: Limits(OPEN, OPEN, OPEN)}, {channel.name: 250})
        others = {beside.name: beside} if beside else {}
        engine = build(store, clock, rulebook(), {channel.name: channel, **others}, bounds)
        await store.transact(lambda tx: places.load(tx, all_villages()))
        await store.transact(lambda tx: pins.require(tx, "64.02", wanted=False))
        first = Invitation(Office(Role.ADMIN, "64.02"), "Yuniarti Lestari")
        code = await store.transact(lambda tx: invitations.make(tx, first, None, clock.now()))
        await engine.schedule.tick()
        routes = channel.webhook(engine.inbox.accept)
        address = await stack.enter_async_context(serving(Starlette(routes=routes)))
        api.push.start(f"{address}{PATH}")
        engine.start()
        try:
            yield Running(api, engine, clock, safe.conceal), code
            assert api.violations == []
        finally:
            await engine.stop()


async def test_the_main_job_on_the_wire(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, code):
        await here.approves("iuran_segera", "iuran_rencana", stencils.KNOCK)
        await here.says(ADMIN, code, "Selamat datang, Yuniarti")
        invited = await here.says(ADMIN, "undang perian kaur keuangan Darma", "Kode undangan")
        found = CODE.search(invited.text)
        assert found
        await here.says(OFFICER, found[0], "Selamat datang, Darma")
        await register(here)
        await here.says(OFFICER, "status", "1 orang")
        await reminded_and_paid(here)
        await asked_to_write(here)
        assert set(here.api.push.answers) == {200}


async def register(here: Running) -> None:
    await here.says(OFFICER, "daftar", "(1 dari 9)")
    for number, answer in enumerate(ANSWERS, start=2):
        expected = {10: "Periksa dulu", 11: "tersimpan"}.get(number, f"({number} dari 9)")
        await here.says(OFFICER, answer, expected)


async def reminded_and_paid(here: Running) -> None:
    """Two weeks after the last word: an approved text goes, and its button works."""
    await here.at(datetime(2026, 12, 12, 9, 0, tzinfo=WITA))
    reminder = await here.until_said(OFFICER, "3 hari lagi")
    assert reminder.payload["type"] == "template"
    assert list(reminder.buttons) == ["Sudah bayar", "Belum"]
    await here.presses(OFFICER, reminder, "Sudah bayar", "dicatat sudah dibayar")
    before = len(here.api.sent)
    for day in (14, 16, 18):
        await here.at(datetime(2026, 12, day, 9, 0, tzinfo=WITA))
    await here.says(OFFICER, "menu", "Silakan pilih")
    assert [each.to for each in here.api.sent[before:]].count(OFFICER.number) == 1


async def asked_to_write(here: Running) -> None:
    """What no approved text stands for is held; they are asked to write, and the press lets it leave."""
    await here.at(datetime(2026, 12, 21, 9, 0, tzinfo=WITA))
    await held(here, "one")
    knock = await here.until_said(OFFICER, "Ada pesan untuk Bapak/Ibu")
    assert await here.status("one") == "held"
    await here.presses(OFFICER, knock, "Baca pesan", "Rahasia Dinas")
    await here.until(lambda tx: _is(tx, "one", "sent"))


async def held(here: Running, key: str) -> None:
    """Say something to the officer for which there is no approved text."""
    number = here.conceal(OFFICER.number)
    actor = await here.engine.store.read(
        lambda tx: people.actor(tx, "whatsapp", number, here.clock.now().date())
    )
    assert actor
    said = {"name": "Rahasia Dinas"}
    out = Outgoing(Address("whatsapp", number), "status/no_such_person", said, lane=Lane.ALERT, key=key,
                   person=actor.person)  # fmt: skip
    await here.engine.store.transact(lambda tx: outbox.put(tx, here.clock.now(), out))
    here.engine.inbox.bell.set()


def _is(tx: Tx, key: str, status: str) -> bool:
    return (
        tx.one("SELECT 1 FROM outbox WHERE key = :key AND status = :status", key=key, status=status)
        is not None
    )


async def test_somebody_is_asked_to_write_although_the_first_try_was_lost(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, _code):
        await here.approves(stencils.KNOCK)
        await here.appoint(OFFICER, Role.TREASURER, PERIAN)
        here.api.fault(method="messages", refuse=True)
        await held(here, "one")
        await here.until(lambda tx: bool(tx.one("SELECT 1 FROM outbox WHERE unknowns = 1")))
        assert here.api.sent == []
        await here.at(here.clock.now() + timedelta(minutes=1))
        knock = await here.until_said(OFFICER, "Ada pesan untuk Bapak/Ibu")
        await here.presses(OFFICER, knock, "Baca pesan", "Rahasia Dinas")


async def test_a_window_that_the_platform_says_is_closed_sends_an_approved_text(tmp_path: Path) -> None:
    """Accepted at first, and reported as failed afterwards (131047): the reminder goes out as a template."""
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, _code):
        await here.approves("iuran_segera")
        await here.appoint(OFFICER, Role.TREASURER, PERIAN)
        await here.says(OFFICER, "menu", "Silakan pilih")
        here.api.state.windows.clear()
        number = here.conceal(OFFICER.number)
        out = Outgoing(Address("whatsapp", number), "reminders/soon", REMINDER, lane=Lane.REMINDER, key="one")
        await here.engine.store.transact(lambda tx: outbox.put(tx, here.clock.now(), out))
        here.engine.inbox.bell.set()
        reminder = await here.until_said(OFFICER, "3 hari lagi")
        assert [(each.payload["type"], each.failed) for each in here.api.sent[-2:]] == [
            ("text", 131047),
            ("template", 0),
        ]
        assert reminder is here.api.sent[-1]
        await here.until(
            lambda tx: bool(tx.one("SELECT 1 FROM outbox WHERE key = 'one' AND delivered_at <> ''"))
        )


async def test_files_come_in_and_go_out(tmp_path: Path) -> None:
    """A photo as a proof; the office's workbook and letter."""
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, _code):
        await here.appoint(ADMIN, Role.ADMIN, "64.02")
        await here.appoint(OFFICER, Role.TREASURER, PERIAN)
        await register(here)
        await here.at(datetime(2026, 12, 2, 9, 0, tzinfo=WITA))
        await here.says(OFFICER, "tagihan", "Iuran")
        await here.says(OFFICER, "Sudah bayar", "dicatat sudah dibayar")
        photo = b"\xff\xd8\xff\xe0 made up"
        media = here.api.state.new_media(photo, "image/jpeg")
        await here.brings(here.by(OFFICER).image(media), OFFICER, "ukti")
        kept = await here.engine.store.read(_proofs)
        assert kept == [photo]
        await here.says(ADMIN, "laporan", "Laporan")
        await here.until(lambda _tx: len([each for each in here.api.sent if _is_file(each)]) == 2)
        out = {each.name: each.data[:4] for each in here.api.state.media.values() if each.name}
        assert out == {
            "Laporan Kutai Kartanegara Desember 2026.pdf": b"%PDF",
            "Laporan Kutai Kartanegara Desember 2026.xlsx": b"PK\x03\x04",
        }


def _is_file(message: Sent) -> bool:
    return message.payload["type"] in ("document", "image") or "header" in message.content


def _proofs(tx: Tx) -> list[bytes]:
    rows = tx.all("SELECT f.body FROM payment AS p JOIN file AS f ON f.id = p.proof")
    return [tx.vault.open_bytes("file.body", row["body"]) for row in rows]


@needs.meta
async def test_the_judge_of_requests_finds_fault(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, _code):
        await here.says(OFFICER, "halo", "Payung Desa")
        right = here.api.sent[-1].payload
        shapes = here.api.shapes
        assert shapes
        assert shapes.message(right) == ""
        assert shapes.message({**right, "type": "text", "text": {"body": 5}}) != ""
