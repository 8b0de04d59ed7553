"""The web chat of the demo: a channel like any other; its page is `bot.channels.web_site`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import uuid4

from bot import texts
from bot.channels.web_chats import Change, Chats, Message, Persona
from bot.channels.web_reading import Post
from bot.errors import GiveUp, Unreadable
from bot.messages import Address, Arrival, Choice, Document, File, Incoming, Kind, Letter

__all__ = ["Chats", "Persona", "Web"]


class Web:
    """The channel: every persona has one chat with the bot.  Several share the chats of one page."""

    name = "web"

    def __init__(self, chats: Chats) -> None:
        self.chats = chats
        self._files: dict[str, bytes] = {}
        self._posted: dict[str, Message | None] = {}
        self._sent: dict[str, str] = {}
        self._labels: dict[tuple[str, str], tuple[str, Message]] = {}

    def parse(self, body: bytes) -> Incoming:
        """Read what `say` wrote."""
        try:
            raw = json.loads(body)
            persona = self.chats.personas[raw["chat"]]
            return Incoming(
                address=Address(self.name, persona.id),
                sender=persona.person,
                external_id=str(raw["id"]),
                at=datetime.fromisoformat(raw["at"]).astimezone(UTC),
                text=str(raw["text"]),
                choice=str(raw["choice"]),
                tap=str(raw["id"]) if raw["choice"] else "",
                message=str(raw["message"]),
                name=persona.name,
                file=File(**raw["file"]) if raw["file"] else None,
                group=persona.room,
                reply_to=str(raw["reply_to"]),
                shape=str(raw["shape"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"{self.name}: {type(error).__name__}") from error

    def is_group(self, chat: str) -> bool:
        """Whether the chat is a room; one that is unknown counts as one, to be safe."""
        persona = self._persona(chat)
        return persona is None or persona.room

    async def send(self, letter: Letter) -> str:
        """Show a letter in its chat; the page learns of it through the journal."""
        chat = letter.to.chat
        if self._persona(chat) is None:
            raise GiveUp("no such chat", unreachable=True)
        match letter.kind:
            case Kind.TEXT:
                return self._append(letter)
            case Kind.EDIT | Kind.CLOSE | Kind.PIN:
                self._change(letter)
            case Kind.DELETE:
                self._hide(letter)
            case Kind.ANSWER:
                self.chats.record(Change.NOTICE, chat, text=texts.plain(letter.text))
            case Kind.LEAVE:
                text = letter.text or "Payung Desa keluar dari grup ini."
                self.chats.add(chat, Message(mine=False, text=text, at=self.chats.clock.now(), note=True))
        return ""

    async def fetch(self, file: File, limit: int) -> bytes:
        """The bytes of an uploaded file."""
        content = self._files.get(file.id)
        if content is None:
            raise GiveUp("no such file")
        if len(content) > limit:
            raise GiveUp("file larger than allowed")
        return content

    def file_of(self, chat: str, number: str) -> Document:
        """The file of this chat's message `number`; `GiveUp` if there is none."""
        message = self.chats.find(chat, number)
        if message is None or message.file is None:
            raise GiveUp("no such file")
        # What a person's browser claimed of a file is not repeated to another browser.
        mime = "application/octet-stream" if message.mine else message.file.mime
        return Document(message.file.name, mime, self._files[message.file.id])

    def say(self, persona: Persona, post: Post) -> tuple[Message | None, Arrival]:
        """Show what a person did as their own bubble, once, and what is to be accepted for it.

        A press of something that never hung in this chat has no label to show: the bot decides
        what to answer.
        """
        if post.key not in self._posted:
            self._posted[post.key] = self._bubble(persona, post)
        mine = self._posted[post.key]
        label = self._labels.get((persona.id, post.choice))
        pressed = label[1].id if label else ""
        file = mine.file if mine and post.upload else None
        body = {
            "id": f"{self.name}:{post.key}",
            "chat": persona.id,
            "at": (mine.at if mine else self.chats.clock.now()).isoformat(),
            "text": "" if post.choice else post.text,
            "choice": post.choice,
            "message": str(pressed if post.choice else mine.id if mine else ""),
            "reply_to": "" if post.choice else post.reply_to,
            "file": asdict(file) if file else None,
            "shape": _shape(post),
        }
        address = Address(self.name, persona.id)
        key = f"{self.name}:{post.key}"
        return mine, Arrival(self.name, key, address.conversation, json.dumps(body).encode())

    def reports(self, _reader: str) -> list[Arrival]:
        """What the app tells the bot of its messages now that this chat is looked at: here nothing."""
        return []

    def _bubble(self, persona: Persona, post: Post) -> Message | None:
        text, file = post.text, None
        quoted = self.chats.find(persona.id, post.reply_to) if post.reply_to else None
        if post.choice:
            if (persona.id, post.choice) not in self._labels:
                return None
            text = self._labels[persona.id, post.choice][0]
        elif post.upload:
            file = self._kept(Document(post.upload.name, post.upload.mime, post.upload.content))
        at = self.chats.clock.now()
        return self.chats.add(persona.id, Message(mine=True, text=text, at=at, file=file, quoted=quoted))

    def _persona(self, chat: str) -> Persona | None:
        persona = self.chats.personas.get(chat)
        return persona if persona is not None and persona.channel == self.name else None

    def _kept(self, document: Document) -> File:
        file = File(uuid4().hex, document.name, document.mime, len(document.data))
        self._files[file.id] = document.data
        return file

    def _append(self, letter: Letter) -> str:
        # Unlike a real platform this one can tell that it has shown a letter already.
        if letter.key and letter.key in self._sent:
            return self._sent[letter.key]
        at = self.chats.clock.now()
        file = self._kept(letter.attachment) if letter.attachment else None
        message = self.chats.add(letter.to.chat, Message(False, letter.text, at, letter.choices, file))
        self._remember(letter.to.chat, letter.choices, message)
        if letter.key:
            self._sent[letter.key] = str(message.id)
        return str(message.id)

    def _change(self, letter: Letter) -> None:
        message = self.chats.find(letter.to.chat, letter.message)
        if message is None or message.mine:
            raise GiveUp("no such message")
        if letter.kind is Kind.PIN:
            self.chats.pin(letter.to.chat, message)
            return
        message.text = letter.text if letter.kind is Kind.EDIT else message.text
        message.choices = letter.choices
        self._remember(letter.to.chat, letter.choices, message)
        self.chats.record(Change.EDIT, letter.to.chat, message)

    def _hide(self, letter: Letter) -> None:
        """What the person wrote is not shown any more."""
        message = self.chats.find(letter.to.chat, letter.message)
        if message is None or not message.mine:
            raise GiveUp("no such message")
        message.text = "(pesan dihapus)"
        self.chats.record(Change.EDIT, letter.to.chat, message)

    def _remember(self, chat: str, choices: Sequence[Choice], message: Message) -> None:
        for choice in choices:
            self._labels[chat, choice.id] = choice.label, message


def _shape(post: Post) -> str:
    if post.choice:
        return "tap"
    if post.upload is None:
        return "text"
    return "photo" if post.upload.mime.startswith("image/") else "document"
