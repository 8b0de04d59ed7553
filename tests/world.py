"""A whole bot on a clock that is moved by hand: real engine, real store, the memory channel."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot import rules
from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.offices import Office, Role
from bot.domain.rulebook import Rules
from bot.engine import Bounds, build
from bot.messages import Address, Document, Kind, Letter
from bot.regions import villages
from bot.store import people, pins, places, records, stencils, windows
from bot.store.database import Store, Tx, open_store
from bot.store.places import Room, RoomKind, Village
from bot.store.vault import Vault

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # Monday, 08.00 WITA
PERIAN = "64.02.01.2001"
#: In a world with limits, users whose names end so write on a channel that takes free text for a day only.
ON_WHATSAPP = "/wa"
WHATSAPP = "whatsapp"
WINDOW = timedelta(hours=24)


@cache
def all_villages() -> tuple[Village, ...]:
    """Both districts, read once for the whole run."""
    return tuple(village for code in ("64.02", "61.08") for village in villages(code))


@cache
def rulebook() -> Rules:
    """The rules, read once."""
    return rules.load()


def vault() -> Vault:
    """A vault with keys of its own."""
    return Vault({1: secrets.token_bytes(64)}, secrets.token_bytes(32))


@cache
def keys() -> Vault:
    """The vault of all files that `laid` copies."""
    return vault()


#: What a first start leaves on disk, by what was done: made once for the whole run, then copied.
_LAID: dict[Hashable, bytes] = {}


@asynccontextmanager
async def laid(
    path: Path, name: Hashable = "", work: Callable[[Store], Awaitable[object]] | None = None
) -> AsyncIterator[Store]:
    """A new database where `work` was done, which has this `name`; without one it is empty."""
    if name not in _LAID:
        async with open_store(path, keys()) as store:
            if work is not None:
                await work(store)
        _LAID[name] = await asyncio.to_thread(path.read_bytes)
    else:
        await asyncio.to_thread(path.write_bytes, _LAID[name])
    async with open_store(path, keys()) as store:
        yield store


class World:
    """One bot and the people around it; `tiers` are the limits of channels, `WHATSAPP` alone at most."""

    stride = timedelta(hours=1)  # how time passes

    def __init__(
        self, store: Store, clock: ManualClock, channel: Memory, tiers: Mapping[str, int] | None = None
    ) -> None:
        self.store = store
        self.clock = clock
        self.channel = channel
        self.tiers = tiers or {}
        shared = {"sent": channel.sent, "failures": channel.failures, "blocked": channel.blocked}
        limited = {name: Memory(name, files=channel.files, **shared) for name in self.tiers}
        channels = {channel.name: channel, **limited}
        self.engine = build(store, clock, rulebook(), channels, Bounds(tiers=self.tiers))
        self._number = 0
        self._seen = 0
        self.code = ""  # the invitation that was given last

    @property
    def sent(self) -> list[Letter]:
        """What people were sent, in order."""
        return self.channel.sent

    def known(self, user: str) -> tuple[str, Address]:
        """The channel's id of a person, and their private chat there."""
        limited = WHATSAPP in self.tiers and user.endswith(ON_WHATSAPP)
        return user, Address(WHATSAPP if limited else memory.NAME, user)

    def room(self, chat: str) -> Address:
        """Where a group meets."""
        return Address(memory.NAME, chat)

    async def prepare(self) -> "World":
        """Load the villages, note the limits and look at the clock once."""
        await self.store.transact(lambda tx: places.load(tx, all_villages()))
        for name, tier in self.tiers.items():
            await self.store.transact(lambda tx, n=name, t=tier: records.put(tx, f"{n}.tier", str(t)))  # type: ignore[misc]
        await self.guard(wanted=False)
        await self.engine.schedule.tick()
        return self

    async def guard(self, *, wanted: bool = True) -> None:
        """Whether the districts want a PIN for harmful acts: only where that is what is tested."""

        def put(tx: Tx) -> None:
            for district in rulebook().districts:
                pins.require(tx, district.code, wanted=wanted)

        await self.store.transact(put)

    async def shut(self, user: str) -> None:
        """It is over a day since they wrote."""
        id_, at = self.known(user)
        await self.store.transact(lambda tx: windows.closed(tx, at.channel, id_, self.clock.now()))

    async def approve(self, *names: str) -> None:
        """The platform approves texts."""
        for name in names:
            await self.store.transact(
                lambda tx, n=name: stencils.note(tx, n, "APPROVED", "", "UTILITY", self.clock.now())  # type: ignore[misc]
            )

    async def appoint(self, user: str, name: str, role: Role, place: str) -> int:
        """Link a person to an office; returns their id."""
        village, subdistrict = (place if place.count(".") == dots else "" for dots in (3, 2))

        id_, at = self.known(user)

        def put(tx: Tx) -> int:
            known = people.actor(tx, at.channel, id_, self.clock.now().date())
            person = known.person if known else people.add(tx, name, self.clock.now())
            people.link(tx, person, id_, at, self.clock.now())
            people.appoint(tx, person, Office(role, place[:5], village, subdistrict), self.clock.now().date())
            return person

        return await self.store.transact(put)

    async def link(self, user: str, same_as: str) -> None:
        """Give somebody a second address."""
        (old, where), (new, at) = self.known(same_as), self.known(user)

        def put(tx: Tx) -> None:
            actor = people.actor(tx, where.channel, old, self.clock.now().date())
            assert actor is not None
            people.link(tx, actor.person, new, at, self.clock.now())

        await self.store.transact(put)

    async def leave(self, user: str) -> None:
        """End every office of a person, as of yesterday."""
        yesterday = (self.clock.now() - timedelta(days=1)).date().isoformat()
        sql = """UPDATE official SET until = :day WHERE until IS NULL AND person =
            (SELECT person FROM address WHERE channel = :channel AND user = :user)"""
        id_, at = self.known(user)
        await self.store.transact(lambda tx: tx.run(sql, day=yesterday, channel=at.channel, user=id_))

    async def open_room(self, chat: str, district: str, kind: str) -> None:
        """Tie a group to a district."""
        room = Room(district, RoomKind(kind))
        at = self.room(chat)
        await self.store.transact(lambda tx: places.open_room(tx, at, room, self.clock.now()))

    async def says(self, user: str, text: str = "", **values: Any) -> list[Letter]:
        """One event of a person, and what the bot sent because of it."""
        self._number += 1
        _, at = self.known(user)
        if at.channel in self.tiers:
            values |= {"channel": at.channel, "window": (self.clock.now() + WINDOW).isoformat()}
        arrival = memory.arrival(
            user, values.pop("sent", self.clock.now()), self._number, text=text, **values
        )
        await self.engine.inbox.accept([arrival])
        await self.settle()
        return self.new()

    async def sends(self, user: str, shape: str, document: Document | None, chat: str) -> list[Letter]:
        """Something that is no text, with the file in it if there is one."""
        if document is None:
            return await self.says(user, shape=shape, chat=chat)
        number = f"file-{len(self.channel.files)}"
        self.channel.files[number] = document.data
        file = {"id": number, "name": document.name, "mime": document.mime, "size": len(document.data)}
        return await self.says(user, shape=shape, file=file, chat=chat)

    async def presses(self, user: str, label: str, chat: str = "") -> list[Letter]:
        """Press the newest button with this label."""
        for letter in reversed(self.channel.sent):
            for choice in letter.choices:
                if choice.label == label and letter.to.chat == (chat or user):
                    number = str(self.channel.sent.index(letter) + 1)
                    more: dict[str, Any] = {
                        "choice": choice.id,
                        "shape": "tap",
                        "tap": "t",
                        "message": number,
                    }
                    return await self.says(user, chat=chat or user, **more)
        raise AssertionError(f"no button {label!r} for {chat or user}")

    async def replies(self, user: str, chat: str, text: str) -> list[Letter]:
        """Reply, in a group, to the newest message there with buttons."""
        cards = [
            number
            for number, letter in enumerate(self.channel.sent, start=1)
            if letter.to.chat == chat and letter.kind is Kind.TEXT and letter.choices
        ]
        return await self.says(user, text, chat=chat, reply_to=str(cards[-1]))

    async def move(self, to: datetime, step: timedelta | None = None) -> list[Letter]:
        """Let time pass step by step; whole hours begin on the hour."""
        step = step or self.stride
        while self.clock.now() < to:
            now = self.clock.now()
            begun = now.replace(minute=0, second=0, microsecond=0) if step >= timedelta(hours=1) else now
            self.clock.move(min(begun + step, to))
            await self.engine.schedule.tick()
            await self.settle()
        return self.new()

    async def settle(self) -> None:
        """Handle and send until nothing is due."""
        await self.engine.settle()

    def new(self) -> list[Letter]:
        """What was sent since the last look."""
        found = self.sent[self._seen :]
        self._seen = len(self.sent)
        return found


@asynccontextmanager
async def world(
    folder: Path, start: datetime = START, tiers: Mapping[str, int] | None = None
) -> AsyncIterator[World]:
    """A prepared world over a new database in `folder`."""

    async def prepare(store: Store) -> None:
        await World(store, ManualClock(start), Memory(), tiers).prepare()

    name = (start, *(tiers or {}).items())
    async with laid(folder / "payung.db", name, prepare) as store:
        made = World(store, ManualClock(start), Memory(), tiers)
        await made.engine.schedule.tick()
        yield made
