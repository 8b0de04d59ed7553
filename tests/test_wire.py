"""The main job over real HTTP, on our own fake Bot API: invited, linked, registered, reminded, counted.

Every request is held against the published shapes of the Bot API, where they are at hand; every
injected update against python-telegram-bot's own classes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from telegram import Update

from bot.channels.telegram import Telegram
from bot.clock import SystemClock
from bot.domain.offices import Office, Role
from bot.engine import Bounds, Engine, build
from bot.messages import Address
from bot.pace import Limits, Rate
from bot.store import invitations, pins, places
from bot.store.database import open_store
from bot.store.invitations import Invitation
from bot.store.places import Room, RoomKind
from tests.fakes import spec
from tests.fakes.bot_api import BotApi, serving
from tests.needs import PATIENCE
from tests.world import all_villages, rulebook, vault

SECRET = "rahasia-kantor_01"
ADMIN, OFFICER, GROUP = 8001, 8002, -8003
ANSWERS = ("Siti Aminah", "6402015708850003", "Benar", "Tenggarong", "Kartini", "0812-3456-7890",
           "kasi pelayanan", "2,5 jt", "2 januari 2024", "Benar, simpan")  # fmt: skip
OPEN = Rate(1e6, 1e6)
WITA = ZoneInfo("Asia/Makassar")


@dataclass
class Running:
    """A running bot, the platform it talks to, and the people in front of it."""

    api: BotApi
    engine: Engine
    clock: SystemClock

    async def until_said(self, chat: int, words: str) -> str:
        """Wait for a message to this chat that holds these words, among those not waited for yet."""
        while True:
            self.api.noted.clear()
            for number, call in enumerate(self.api.sent[self.seen.get(chat, 0) :], self.seen.get(chat, 0)):
                text = str(call["params"]["text"])
                if str(call["params"]["chat_id"]) == str(chat) and words in text:
                    self.seen[chat] = number + 1
                    return text
            await self.api.noted.wait()

    def __post_init__(self) -> None:
        self.seen: dict[int, int] = {}

    def said_to_people(self) -> list[dict[str, Any]]:
        """What was sent, the board of the group aside."""
        return [call for call in self.api.sent if call["chat"] != str(GROUP)]

    async def says(self, chat: int, text: str, answer: str, sender: int | None = None) -> str:
        """Write, or press the button of that label; wait for the answer."""
        if text in ("Benar", "Benar, simpan"):
            self.api.people.tap(text, chat)
        else:
            self.api.people.say(text, chat, sender)
        return await self.until_said(chat, answer)

    async def at(self, moment: datetime) -> None:
        """Let the clock reach a moment, and tick."""
        self.clock.move(moment.astimezone(UTC))
        await self.engine.schedule.tick()
        self.engine.inbox.bell.set()


@asynccontextmanager
async def office(folder: Path, mode: str) -> AsyncIterator[tuple[Running, str]]:
    """Everything running; also the code with which the first administrator is linked."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(BotApi(spec=spec.telegram()))
        clock = SystemClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
        store = await stack.enter_async_context(open_store(folder / "payung.db", vault()))
        channel = await stack.enter_async_context(Telegram(api.token, api.address, clock))
        engine = build(
            store,
            clock,
            rulebook(),
            {channel.name: channel},
            Bounds({channel.name: Limits(OPEN, OPEN, OPEN)}),
        )
        await store.transact(lambda tx: places.load(tx, all_villages()))
        await store.transact(lambda tx: pins.require(tx, "64.02", wanted=False))
        first = Invitation(Office(Role.ADMIN, "64.02"), "Yuniarti Lestari")
        code = await store.transact(lambda tx: invitations.make(tx, first, None, clock.now()))
        room, at = Room("64.02", RoomKind.OFFICE), Address("telegram", str(GROUP))
        await store.transact(lambda tx: places.open_room(tx, at, room, clock.now()))
        await engine.schedule.tick()
        engine.start()
        stop = asyncio.Event()
        if mode == "webhook":
            await channel.connect(stop)
            route = channel.webhook(SECRET, engine.inbox.accept)
            address = await stack.enter_async_context(serving(Starlette(routes=[route])))
            await channel.set_webhook(f"{address}/telegram", SECRET)
            receiving = asyncio.create_task(stop.wait())
        else:
            receiving = asyncio.create_task(channel.poll(engine.inbox.accept, stop))
        yield Running(api, engine, clock), code
        stop.set()
        await receiving
        await engine.stop()


@pytest.mark.parametrize("mode", ["poll", "webhook"])
async def test_the_main_job_on_the_wire(tmp_path: Path, mode: str) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path, mode) as (here, code):
        await here.says(ADMIN, f"/start {code.replace('-', '')}", "Selamat datang, Yuniarti")
        invited = await here.says(ADMIN, "undang perian kaur keuangan Darma", "Kode undangan")
        if "KODE" not in invited and "Kode undangan Kaur" not in invited:
            here.api.people.tap("Desa Perian, Kec. Muara Muntai", ADMIN)
            invited = await here.until_said(ADMIN, "Kode undangan")
        own = next(
            word for word in invited.replace("<b>", " ").replace("</b>", " ").split() if word.count("-") == 2
        )
        await here.says(OFFICER, own, "Selamat datang, Darma")
        await register(here)
        await here.says(OFFICER, "status", "1 orang")
        await reminded(here)
        counted = await here.says(GROUP, "/rekap", "Rekap Kutai", sender=ADMIN)
        assert "1 terdaftar (0 menunggak) · 192 belum" in counted
        assert here.api.violations == []
        assert all(Update.de_json(update, None) for update in here.api.state.history)


async def register(here: Running) -> None:
    await here.says(OFFICER, "daftar", "(1 dari 9)")
    for number, answer in enumerate(ANSWERS, start=2):
        expected = {10: "Periksa dulu", 11: "tersimpan"}.get(number, f"({number} dari 9)")
        await here.says(OFFICER, answer, expected)


async def reminded(here: Running) -> None:
    """The first two reminders come; after "sudah bayar" none."""
    await here.at(datetime(2026, 12, 8, 9, 0, tzinfo=WITA))
    assert "7 hari lagi" in await here.until_said(OFFICER, "jatuh tempo Selasa, 15 Desember 2026")
    await here.at(datetime(2026, 12, 12, 9, 0, tzinfo=WITA))
    await here.until_said(OFFICER, "3 hari lagi")
    await here.says(OFFICER, "sudah bayar", "dicatat sudah dibayar")
    before = _to_officer(here)
    for day in (14, 16, 18):
        await here.at(datetime(2026, 12, day, 9, 0, tzinfo=WITA) + timedelta(minutes=1))
    await here.says(OFFICER, "menu", "Silakan pilih")
    assert _to_officer(here) == before + 1


def _to_officer(here: Running) -> int:
    return sum(sent["chat"] == str(OFFICER) for sent in here.api.sent)


@pytest.mark.parametrize("mode", ["poll", "webhook"])
async def test_one_update_that_cannot_be_read_delays_no_other(tmp_path: Path, mode: str) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path, mode) as (here, _code):
        here.api.people.inject({"message": {"text": "no chat, no date"}})
        begun = here.clock.now()
        for chat in range(9001, 9100):
            here.api.people.say("halo", chat)
        for chat in range(9001, 9100):
            await here.until_said(chat, "Payung Desa")
        assert here.clock.now() - begun < timedelta(seconds=2)
        assert len(here.said_to_people()) == 99
