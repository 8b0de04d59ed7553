"""The web chat: posts as its page sends them, and what stands in its journal afterwards."""

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.web import Persona, Web
from bot.channels.web_chats import Change, Chats, Entry, Message, as_json
from bot.channels.web_reading import Post, Upload
from bot.clock import Clock
from bot.messages import Address, Arrival, Choice, Document, Kind, Letter
from tests.platforms.base import Deed, Shown, literal


class OnWeb:
    """The people of a conversation at the page.  A room has one seat: whoever speaks sits down first."""

    more = ""

    def __init__(self, clock: Clock) -> None:
        self.channel = Web(Chats((), clock))
        self.wrong: list[str] = []
        self._count = 0

    def known(self, who: str) -> tuple[str, Address]:
        """See `Platform.known`."""
        self._seat(who, who)
        return who, Address(self.channel.name, who)

    def room(self, chat: str) -> Address:
        """See `Platform.room`."""
        if chat not in self.channel.chats.personas:
            self._seat(chat, "")
        return Address(self.channel.name, chat)

    def _seat(self, chat: str, who: str) -> Persona:
        chats = self.channel.chats
        if chat not in chats.personas:
            added = Persona(chat, "", "", "", who, chat.startswith("#"))
            chats.personas[chat] = added
            chats._messages[chat] = []
        chats.personas[chat] = replace(chats.personas[chat], person=who, name=who.title())
        return chats.personas[chat]

    def brings(self, deed: Deed) -> Sequence[Arrival]:
        """See `Platform.brings`."""
        self._count += 1
        file = deed.file
        post = Post(
            f"p{self._count}",
            deed.text.strip(),
            deed.pressed[1].id if deed.pressed else "",
            Upload(file.name, file.mime or _mime(deed.shape), file.data) if file else None,
            deed.reply_to.message if deed.reply_to else "",
        )
        return [self.channel.say(self._seat(deed.chat, deed.who), post)[1]]

    def mark(self) -> int:
        """See `Platform.mark`."""
        return len(self.channel.chats.journal)

    def shown(self, letter: Letter, since: int) -> Shown | None:
        """See `Platform.shown`; between `since` and now nothing else was sent, since no send waits."""
        entries = self.channel.chats.journal[since:]
        if not entries or letter.kind in (Kind.CLOSE, Kind.DELETE):
            return None
        entry = entries[-1]
        shown = Shown(Address(self.channel.name, entry.chat), literal(entry.text), letter.kind)
        return self._message(shown, entry, entry.message) if entry.message else shown

    def _message(self, shown: Shown, entry: Entry, message: Message) -> Shown:
        told = as_json(entry.chat, message)
        kind = Kind.LEAVE if message.note else Kind.EDIT if entry.kind is Change.EDIT else Kind.TEXT
        choices = tuple(Choice(choice.id, choice.label) for choice in message.choices)
        assert told["choices"] == [{"id": choice.id, "label": choice.label} for choice in choices]
        return replace(
            shown,
            text=literal(str(told["text"])),
            kind=Kind.PIN if shown.kind is Kind.PIN else kind,
            choices=() if shown.kind is Kind.PIN else choices,
            message=str(message.id),
            attachment=self._attached(entry.chat, message) if kind is Kind.TEXT else None,
        )

    def _attached(self, chat: str, message: Message) -> Document | None:
        return self.channel.file_of(chat, str(message.id)) if message.file else None

    def reports(self) -> Sequence[Arrival]:
        """See `Platform.reports`: the page tells nothing."""
        return ()


def _mime(shape: str) -> str:
    return "image/jpeg" if shape == "photo" else "application/octet-stream"
