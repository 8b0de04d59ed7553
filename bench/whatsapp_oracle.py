"""What people would read in WhatsApp if nothing disturbed the bot, from the channel's own reading and writing."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench import officers
from bench.officers import Step
from bench.oracle import Quiet
from bot import stencils
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_letters import parts
from bot.channels.whatsapp_messages import NAME
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_updates import split
from bot.channels.whatsapp_wire import Access
from bot.clock import ManualClock
from bot.engine import Bounds, build
from bot.errors import GiveUp
from bot.messages import Address, File, Kind, Letter
from bot.store import places
from bot.store import stencils as known
from bot.store.database import Store, Tx, open_store
from tests.fakes.whatsapp_people import PHONE_NUMBER_ID, Json, People, Somebody, packed, wamid
from tests.fakes.whatsapp_state import heard
from tests.world import all_villages, rulebook, vault

FIRST = 6281200000000


def number_of(chat: int) -> str:
    """The WhatsApp number of an account."""
    return str(FIRST + chat)


def approve(tx: Tx) -> None:
    """Every text has been approved."""
    for one in stencils.definitions():
        known.note(tx, one.name, "APPROVED", "", stencils.UTILITY, officers.START)


class Silent(WhatsApp):
    """The channel without a wire: what it would send is kept."""

    def __init__(self, names: Names) -> None:
        super().__init__(Access("", PHONE_NUMBER_ID, "", ("",), ""), names)
        self.names = names
        self.letters: list[tuple[str, Letter]] = []
        self.files: dict[str, bytes] = {}

    async def send(self, letter: Letter) -> str:
        """Keep it; gives an id as WhatsApp would."""
        if letter.kind not in (Kind.TEXT, Kind.EDIT):
            return ""
        self.letters.append((self.names.reveal(letter.to.chat), letter))
        return self.names.conceal(wamid("1", len(self.letters)))

    async def fetch(self, file: File, limit: int) -> bytes:
        """One of `files`."""
        data = self.files.get(file.id)
        if data is None or len(data) > limit:
            raise GiveUp("unknown, or too large")
        return data


class Undisturbed:
    """A bot on WhatsApp whose every answer arrives."""

    def __init__(self, store: Store, channel: Silent, names: Names) -> None:
        self.store = store
        self.clock = ManualClock(officers.START)
        self._channel = channel
        self._names = names
        self._people: dict[int, People] = {}
        self._media = itertools.count(1)
        bounds = Bounds(tiers={NAME: 100_000})
        self.engine = build(store, self.clock, rulebook(), {NAME: channel}, bounds)

    def at(self, chat: int) -> Address:
        """See `Quiet`."""
        return Address(NAME, self._names.conceal(number_of(chat)))

    async def take(self, chat: int, step: Step) -> None:
        """See `Quiet`."""
        who = self._people.setdefault(chat, People(Somebody(number_of(chat)), officers.START))
        request = self._request(who, step)
        await self.engine.inbox.accept(split(packed(request), PHONE_NUMBER_ID, self._names))
        await self.engine.settle()

    def _request(self, who: People, step: Step) -> Json:
        if step.kind == "tap":
            return who.press(self._button(who.who.number, step.text), wamid("1", 1), step.text)
        if step.kind == "photo":
            media = str(next(self._media))
            self._channel.files[media] = step.text.encode()
            return who.image(media)
        return who.say(step.text)

    def _button(self, number: str, label: str) -> str:
        """The newest with this label."""
        for to, letter in reversed(self._channel.letters):
            for choice in letter.choices if to == number else ():
                if choice.label == label:
                    return choice.id
        raise AssertionError(f"no button {label!r} for {number}")

    def said(self) -> Iterator[tuple[int, str]]:
        """See `Quiet`."""
        for number, letter in self._channel.letters:
            for part in parts(letter):
                yield int(number) - FIRST, heard(part.kind, part.content)[0]


@asynccontextmanager
async def silent(folder: Path) -> AsyncIterator[Quiet]:
    """Such a bot over a new database."""
    safe = vault()
    names = Names(safe.conceal, safe.reveal)
    async with open_store(folder / "payung.db", safe) as store, Silent(names) as channel:
        here = Undisturbed(store, channel, names)
        await store.transact(lambda tx: places.load(tx, all_villages()))
        await store.transact(approve)
        await here.engine.schedule.tick()
        yield here
