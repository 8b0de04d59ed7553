"""A whole bot between people on real channels: everything comes in and goes out as on the platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import stencils as approved_texts
from bot.clock import ManualClock
from bot.domain.offices import office_day
from bot.engine import Bounds, build
from bot.errors import SendError
from bot.messages import Address, Choice, Document, File, Incoming, Letter
from bot.store import people, records, stencils
from bot.store.database import Store, Tx
from bot.store.inbox import stamp
from tests.platforms.base import Deed, Platform, Shown
from tests.platforms.telegram import OnTelegram
from tests.platforms.web import OnWeb
from tests.platforms.whatsapp import OnWhatsApp
from tests.world import START, World, keys, laid, rulebook

PAGES = 10


class Watched:
    """A channel, and what people see of what it sends, in the order in which it was begun."""

    def __init__(self, platform: Platform, shown: list[Shown | None], wrong: list[str]) -> None:
        self.name = platform.channel.name
        self._platform = platform
        self._shown = shown
        self._wrong = wrong

    def parse(self, body: bytes) -> Incoming | None:
        """See `Channel.parse`."""
        return self._platform.channel.parse(body)

    def is_group(self, chat: str) -> bool:
        """See `Channel.is_group`."""
        return self._platform.channel.is_group(chat)

    async def send(self, letter: Letter) -> str:
        """See `Channel.send`."""
        place, since = len(self._shown), self._platform.mark()
        self._shown.append(None)
        try:
            message = await self._platform.channel.send(letter)
        except SendError as error:
            self._wrong.append(f"{letter.kind} not sent: {error}")
            raise
        self._shown[place] = self._platform.shown(letter, since)
        return message

    async def fetch(self, file: File, limit: int) -> bytes:
        """See `Channel.fetch`."""
        return await self._platform.channel.fetch(file, limit)


class Abroad(World):
    """One bot and the people around it: private chats on one platform, groups on the same or another."""

    def __init__(
        self, store: Store, clock: ManualClock, private: Platform, rooms: Platform, bounds: Bounds
    ) -> None:
        self.store = store
        self.clock = clock
        self.code = ""
        self.tiers = bounds.tiers
        self._seen = 0
        self._private = private
        self._rooms = rooms
        self._platforms = {each.channel.name: each for each in (private, rooms)}
        self._shown: list[Shown | None] = []
        self._failed: list[str] = []
        watched = {name: Watched(each, self._shown, self._failed) for name, each in self._platforms.items()}
        self.engine = build(store, clock, rulebook(), watched, bounds)

    @property
    def sent(self) -> list[Letter]:
        """What people have seen, in order."""
        return [letter for letter in self._shown if letter is not None]

    @property
    def wrong(self) -> list[str]:
        """What a platform refused or would have refused."""
        return [*self._failed, *(line for each in self._platforms.values() for line in each.wrong)]

    def _home(self, who: str) -> Platform:
        """Where somebody is known first: `darma/telegram` is there, whatever the others use."""
        return self._platforms.get(who.rpartition("/")[2], self._private)

    def _at(self, who: str, chat: str) -> Platform:
        """People of a group are where it meets; in private they write where they were written to last."""
        if chat.startswith("#"):
            return self._rooms
        last = next((each for each in reversed(self._shown) if each and each.to.chat == who), None)
        return self._platforms[last.to.channel] if last else self._home(who)

    def known(self, user: str) -> tuple[str, Address]:
        """See `World.known`."""
        return self._home(user).known(user)

    def room(self, chat: str) -> Address:
        """See `World.room`."""
        return self._rooms.room(chat)

    async def settle(self) -> None:
        """See `World.settle`; what platforms report of it comes in too."""
        await self.engine.settle()
        while reported := [one for each in self._platforms.values() for one in each.reports()]:
            await self.engine.inbox.accept(reported)
            await self.engine.settle()

    async def says(self, user: str, text: str = "", *, chat: str = "", **_more: Any) -> list[Letter]:
        """See `World.says`."""
        return await self._does(Deed(user, chat or user, self.clock.now(), text))

    async def sends(self, user: str, shape: str, document: Document | None, chat: str) -> list[Letter]:
        """See `World.sends`."""
        return await self._does(Deed(user, chat or user, self.clock.now(), shape=shape, file=document))

    async def replies(self, user: str, chat: str, text: str) -> list[Letter]:
        """See `World.replies`."""
        cards = [each for each in self._shown if each and each.to.chat == chat and each.choices]
        return await self._does(Deed(user, chat, self.clock.now(), text, reply_to=cards[-1]))

    async def presses(self, user: str, label: str, chat: str = "") -> list[Letter]:
        """See `World.presses`; what is on a later page is turned to."""
        chat = chat or user
        for letter in reversed(self._shown):
            if letter is None or letter.to.chat != chat:
                continue
            choice = _labelled(letter, label)
            if choice is None and label in letter.behind:
                letter, choice = await self._turned(user, letter, label)
            if choice is not None:
                return await self._does(Deed(user, chat, self.clock.now(), pressed=(letter, choice)))
        raise AssertionError(f"no button {label!r} for {chat}")

    async def _turned(self, user: str, letter: Shown, label: str) -> tuple[Shown, Choice | None]:
        """The page with this label, got by pressing the last row of one page after the other.

        No choice where the question is answered, and gives no more pages.
        """
        for _ in range(PAGES):
            choice = _labelled(letter, label)
            more = _labelled(letter, self._platforms[letter.to.channel].more)
            if choice or more is None:
                return letter, choice
            said = await self._does(Deed(user, user, self.clock.now(), pressed=(letter, more)))
            letter = next(each for each in said if isinstance(each, Shown) and each.to.chat == user)
        raise AssertionError(f"{label!r} is on no page")

    async def _does(self, deed: Deed) -> list[Letter]:
        platform = self._at(deed.who, deed.chat)
        if deed.pressed:
            platform = self._platforms[deed.pressed[0].to.channel]
        if platform is not self._home(deed.who):
            await self._joined(deed.who)
        await self.engine.inbox.accept(platform.brings(deed))
        await self.settle()
        return self.new()

    async def _joined(self, who: str) -> None:
        """Whoever is known in private is known where the groups are, too, and has opened a chat there.

        That was before, so that they are still written to where they were written to until now.
        """
        (old, where), (new, at) = self._home(who).known(who), self._rooms.known(who)
        before = stamp(self.clock.now() - timedelta(days=1))

        def put(tx: Tx) -> None:
            today = office_day(self.clock.now())
            actor = people.actor(tx, where.channel, old, today)
            if actor is not None and people.actor(tx, at.channel, new, today) is None:
                people.link(tx, actor.person, new, at, self.clock.now())
                sql = "UPDATE address SET seen_at = :at WHERE channel = :channel AND user = :user"
                tx.run(sql, at=before, channel=at.channel, user=new)

        await self.store.transact(put)

    async def approve(self) -> None:
        """Every text that is to be approved beforehand has been, and our own addresses are known."""
        now = self.clock.now()

        def note(tx: Tx) -> None:
            for one in approved_texts.definitions():
                stencils.note(tx, one.name, "APPROVED", "", approved_texts.UTILITY, now)
            records.put(tx, "telegram.username", "payung_bot")
            records.put(tx, "whatsapp.number", "6281155500010")

        await self.store.transact(note)


def _labelled(letter: Shown, label: str) -> Choice | None:
    return next((choice for choice in letter.choices if choice.label == label), None)


@asynccontextmanager
async def abroad(folder: Path, name: str) -> AsyncIterator[Abroad]:
    """A prepared world on a channel: `telegram`, `web`, `whatsapp`, or `whatsapp24` with windows.

    Groups are Telegram's where the channel has none of its own.
    """
    clock = ManualClock(START)
    bounds = Bounds(tiers={"whatsapp": 250}) if name == "whatsapp24" else Bounds()
    private: Platform
    rooms: Platform
    match name:
        case "web":
            private = rooms = OnWeb(clock)
        case "telegram":
            private = rooms = OnTelegram(clock)
        case _:
            private = OnWhatsApp(clock, keys(), windows=bool(bounds.tiers))
            rooms = OnTelegram(clock)

    async def prepare(store: Store) -> None:
        made = Abroad(store, clock, private, rooms, bounds)
        await made.prepare()
        if bounds.tiers:
            await made.approve()

    async with laid(folder / "payung.db", name, prepare) as store:
        made = Abroad(store, clock, private, rooms, bounds)
        await made.engine.schedule.tick()
        yield made
