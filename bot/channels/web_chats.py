"""The chats of the web page, kept in memory: what was said, what changed since, who is looking.

Every change is an entry of one journal.  A page that lost its connection asks for what came after
the last entry it saw; the journal's `run` tells it when the server was started anew in between.
"""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote
from uuid import uuid4

from bot import texts
from bot.clock import Clock
from bot.messages import Choice, File

#: The channel of chats that are drawn as WhatsApp's.
WHATSAPP = "whatsapp"


@dataclass(frozen=True)
class Persona:
    """One chat of the side list; `person` is the channel's user id that speaks there."""

    id: str
    name: str
    role: str
    place: str
    person: str
    room: bool
    district: str = ""  # the heading in the side list under which a person stands
    zone: str = "Asia/Makassar"
    channel: str = "web"  # which app the chat is in: another one looks and behaves otherwise

    @property
    def app(self) -> str:
        """The name of the app, where it is not the page's own chat."""
        return "WhatsApp" if self.channel == WHATSAPP else ""


@dataclass
class Message:
    """One bubble.  The bot's text is marked (`bot.texts`), the person's is as they wrote it."""

    mine: bool
    text: str
    at: datetime
    choices: tuple[Choice, ...] = ()
    file: File | None = None
    note: bool = False  # a line of the chat itself, said by nobody
    pinned: bool = False  # stays in sight at the top
    quoted: "Message | None" = None  # what it replies to
    sheet: str = ""  # written on the one button behind which its choices are
    stencil: bool = False  # a text that was approved beforehand
    read: bool = False  # by the bot, where a person is shown that
    id: int = 0  # given by `Chats.add`; grows over all chats


class Change(StrEnum):
    """What an entry of the journal is about."""

    MESSAGE = "message"
    EDIT = "edit"
    NOTICE = "notice"  # shown for a moment
    CLOCK = "clock"


@dataclass(frozen=True)
class Entry:
    """One change.  `chat` is empty for what concerns every page."""

    number: int
    kind: Change
    chat: str = ""
    message: Message | None = None
    text: str = ""


def file_url(chat: str, message: Message) -> str:
    """Where the file of a message is served."""
    return f"/api/chats/{quote(chat, safe='')}/files/{message.id}"


def as_json(chat: str, message: Message) -> dict[str, object]:
    """A message as the interface shows it: plain text, times in UTC; the rest where it is so."""
    file = message.file
    shown = file and {"name": file.name, "mime": file.mime, "size": file.size, "url": file_url(chat, message)}
    more: dict[str, object] = {name: True for name in ("pinned", "stencil", "read") if getattr(message, name)}
    if message.sheet:
        more["sheet"] = message.sheet
    if message.quoted is not None:
        more["reply_to"] = message.quoted.id
    return {
        "id": message.id,
        "from": "you" if message.mine else "bot",
        "text": message.text if message.mine else texts.plain(message.text),
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
        "file": shown,
        "at": message.at.isoformat(timespec="seconds"),
    } | more


def _number(message: Message) -> int:
    return message.id


class Chats:
    """All chats of one run of the server."""

    def __init__(self, personas: Sequence[Persona], clock: Clock) -> None:
        self.personas = {persona.id: persona for persona in personas}
        self.clock = clock
        self.run = uuid4().hex[:8]
        self.playing = False  # the clock is on its way to a later moment
        self.open_until: dict[str, datetime] = {}  # when free text to a chat ends, where it does
        self.journal: list[Entry] = []
        self.unread: Counter[str] = Counter()
        self._messages: dict[str, list[Message]] = {persona.id: [] for persona in personas}
        self._watching: Counter[str] = Counter()
        self._count = 0
        self._bell = asyncio.Event()

    def of(self, chat: str, after: int = 0) -> list[Message]:
        """The messages of a chat, oldest first, that came after message `after`."""
        messages = self._messages[chat]
        return messages[bisect_left(messages, after + 1, key=_number) :]

    def before(self, chat: str, message: Message) -> Message | None:
        """The message above `message` in its chat."""
        messages = self._messages[chat]
        place = bisect_left(messages, message.id, key=_number)
        return messages[place - 1] if place else None

    def find(self, chat: str, number: str) -> Message | None:
        """The message that the channel's id `number` names."""
        return next((each for each in self._messages.get(chat, ()) if str(each.id) == number), None)

    def add(self, chat: str, message: Message) -> Message:
        """Put a new bubble at the end of a chat."""
        self._count += 1
        message.id = self._count
        self._messages[chat].append(message)
        if not message.mine and not self._watching[chat]:
            self.unread[chat] += 1
        self.record(Change.MESSAGE, chat, message)
        return message

    def pin(self, chat: str, pinned: Message) -> None:
        """Keep one message of a chat in sight, and no other."""
        for message in self.of(chat):
            if message.pinned is not (message is pinned):
                message.pinned = message is pinned
                self.record(Change.EDIT, chat, message)

    def pinned(self, chat: str) -> Message | None:
        """The message that stays in sight."""
        return next((each for each in self.of(chat) if each.pinned), None)

    def play(self, playing: bool) -> None:
        """Tell every page that the clock sets off or has arrived."""
        self.playing = playing
        self.record(Change.CLOCK)

    def record(self, kind: Change, chat: str = "", message: Message | None = None, text: str = "") -> None:
        """Put a change in the journal and wake whoever follows it."""
        self.journal.append(Entry(len(self.journal) + 1, kind, chat, message, text))
        # A bell rings once: who waits next waits for the next one.
        self._bell.set()
        self._bell = asyncio.Event()

    async def follow(self, number: int) -> AsyncIterator[Entry]:
        """Every entry after `number`, those to come included; never ends by itself."""
        while True:
            bell = self._bell
            for entry in self.journal[number:]:
                number = entry.number
                yield entry
            await bell.wait()

    @contextmanager
    def watched(self, chat: str) -> Iterator[None]:
        """While somebody has the chat open, nothing in it is unread."""
        self._watching[chat] += 1
        self.unread[chat] = 0
        try:
            yield
        finally:
            self._watching[chat] -= 1
