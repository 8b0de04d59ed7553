"""The demo's own bot behind its page: who is there, and what WhatsApp does to what it says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import demo, rules
from bot.channels.web import Chats, Persona, Web
from bot.channels.web_chats import Message
from bot.channels.web_pages import _groups, _starters
from bot.channels.web_reading import Post
from bot.channels.web_whatsapp import WhatsAppChats
from bot.clock import ManualClock
from bot.domain.offices import office_day
from bot.engine import Bounds, Engine, build
from bot.messages import Address, Lane, Outgoing
from bot.store import outbox, people
from bot.store.database import Tx, open_store
from tests.webdemo import START
from tests.world import vault

SALMA = Address("whatsapp", "salma")


@dataclass
class Stage:
    """The demo without its web server."""

    engine: Engine
    clock: ManualClock
    webs: dict[str, Web]
    chats: Chats

    def persona(self, chat: str) -> Persona:
        return self.chats.personas[chat]

    async def say(self, chat: str, text: str = "", choice: str = "") -> list[Message]:
        """What is answered."""
        persona = self.persona(chat)
        post = Post(f"k{len(self.chats.journal)}", text, choice)
        mine, arrival = self.webs[persona.channel].say(persona, post)
        assert mine
        await self.engine.inbox.accept([arrival])
        await self.engine.settle()
        return self.chats.of(chat, mine.id)

    async def put(self, to: Address, template: str, lane: Lane = Lane.BROADCAST) -> list[Message]:
        """What is shown of a message that nobody asked for."""
        now, before = self.clock.now(), len(self.chats.of(to.chat))

        def write(tx: Tx) -> None:
            actor = people.actor(tx, to.channel, to.chat, office_day(now))
            assert actor
            out = Outgoing(to, template, lane=lane, person=actor.person, key=f"test:{before}")
            outbox.put(tx, now, out)

        await self.engine.store.transact(write)
        await self.engine.settle()
        return self.chats.of(to.chat)[before:]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock, rulebook = ManualClock(START), rules.load()
    async with open_store(tmp_path / "demo.db", vault()) as store:
        villages = await demo._filled(store, clock, rulebook)
        chats = Chats(demo.personas(rulebook, villages), clock)
        webs: dict[str, Web] = {web.name: web for web in (Web(chats), WhatsAppChats(chats))}
        yield Stage(
            build(store, clock, rulebook, webs, Bounds(tiers={"whatsapp": demo.TIER})), clock, webs, chats
        )


async def test_one_person_has_a_chat_in_each_app_of_theirs(stage: Stage) -> None:
    here, there = stage.persona("darma"), stage.persona("darma-whatsapp")
    assert (here.name, here.app, there.app) == (there.name, "", "WhatsApp")
    for chat in ("darma", "darma-whatsapp"):
        assert any("Darma Wijaya" in message.text for message in await stage.say(chat, "data saya"))


async def test_what_has_no_approved_text_is_held_and_announced_once(stage: Stage) -> None:
    shown = await stage.put(SALMA, "chat/nothing_held")
    assert [message.stencil for message in shown] == [True]
    assert shown[0].text.startswith("*Ada pesan untuk Bapak/Ibu dari DPMD Kutai Kartanegara*")
    assert [choice.label for choice in shown[0].choices] == ["Baca pesan"]
    assert await stage.put(SALMA, "chat/forwarded") == []
    told = await stage.say("salma", choice=shown[0].choices[0].id)
    assert [message.stencil for message in told] == [False, False]
    assert "Tidak ada pesan yang menunggu lagi" in told[0].text


async def test_within_a_day_of_their_words_everything_comes_at_once(stage: Stage) -> None:
    await stage.say("salma", "menu")
    stage.clock.move(START + timedelta(hours=23))
    assert [message.stencil for message in await stage.put(SALMA, "chat/nothing_held")] == [False]
    stage.clock.move(START + timedelta(hours=25))
    assert [message.stencil for message in await stage.put(SALMA, "chat/nothing_held")] == [True]


async def test_a_group_of_the_district_is_insured_beside_the_staff(stage: Stage) -> None:
    assert any("Kader Posyandu" in message.text for message in await stage.say("bima", "kelompok"))
    people_there = await stage.say("lusia", "status")
    assert "Kader Posyandu 4" in people_there[-1].text
    bill = await stage.say("lusia", "tagihan")
    assert any("BPU" in message.text for message in bill)


async def test_what_arrives_and_is_read_there_reaches_the_broadcast(stage: Stage) -> None:
    """As on a telephone that is on: delivered at once, read when its chat is opened."""
    await stage.say("salma", "menu")
    [shown] = await stage.put(SALMA, "chat/nothing_held")

    def fate(tx: Tx) -> tuple[bool, bool]:
        row = tx.one("SELECT delivered_at, read_at FROM outbox WHERE platform_id = :id", id=str(shown.id))
        return bool(row["delivered_at"]), bool(row["read_at"])

    assert await stage.engine.store.read(fate) == (False, False)
    for reader, seen in (("yuni", (True, False)), ("salma", (True, True)), ("salma", (True, True))):
        await stage.engine.inbox.accept(stage.webs["whatsapp"].reports(reader))
        await stage.engine.settle()
        assert await stage.engine.store.read(fate) == seen
    assert stage.webs["whatsapp"].reports("salma") == []


async def test_the_page_offers_who_uses_whatsapp_alone_to_begin_with(stage: Stage) -> None:
    found = _groups(stage.chats.personas.values())
    starters = [each.id for each, heading in _starters(found) if heading != "Grup"]
    assert {"darma", "salma", "lusia"} <= set(starters)
    assert "darma-whatsapp" not in starters
