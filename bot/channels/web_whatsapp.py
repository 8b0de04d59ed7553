"""WhatsApp on the demo's page: the very messages that would go to the platform, drawn instead of sent.

What a letter becomes is decided by `bot.channels.whatsapp_letters`; here its payloads are read back.
The platform's own behaviour is played too: free text only for a day after somebody wrote, nothing
that was sent can be changed, a press is a message like any other, and the bot is told what arrived and was read.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from bot import stencils
from bot.channels.web import Web
from bot.channels.web_chats import WHATSAPP, Change, Chats, Message, Persona
from bot.channels.web_reading import Post
from bot.channels.whatsapp_letters import Part, parts
from bot.errors import Closed, GiveUp
from bot.messages import Address, Arrival, Choice, File, Incoming, Kind, Letter, Receipt, Stage, Stencil

WINDOW = timedelta(hours=24)

#: An object of the Graph API's JSON.
Payload = dict[str, Any]


class WhatsAppChats(Web):
    """The channel of those personas who use WhatsApp."""

    name = WHATSAPP

    def __init__(self, chats: Chats) -> None:
        super().__init__(chats)
        self._unread: dict[str, Message] = {}  # of people, by the event that was made of it
        self._stages: dict[tuple[str, str], Stage] = {}  # of the bot, by chat and id: what it was told last

    def parse(self, body: bytes) -> Incoming:
        """See `Channel.parse`: no press waits for an answer, and every message opens the window."""
        if (receipt := _receipt(body)) is not None:
            return receipt
        found = super().parse(body)
        return replace(found, tap="", seen=found.external_id, window=found.at + WINDOW)

    def say(self, persona: Persona, post: Post) -> tuple[Message | None, Arrival]:
        """See `Web.say`; a press of a button that carries nothing of ours comes as its words."""
        if post.choice and (persona.id, post.choice) in self._labels:
            label, pressed = self._labels[persona.id, post.choice]
            post = replace(post, reply_to=str(pressed.id))
            if label == post.choice:
                post = replace(post, text=label, choice="")
        mine, arrival = super().say(persona, post)
        if mine is not None:
            self.chats.open_until[persona.id] = mine.at + WINDOW
            self._unread[arrival.external_id] = mine
        return mine, arrival

    def reports(self, reader: str) -> list[Arrival]:
        """See `Web.reports`: all has arrived, for every telephone here is on; what is in the chat that is open is read."""
        found = []
        for (chat, message), told in list(self._stages.items()):
            stage = Stage.READ if chat == reader else Stage.DELIVERED
            if stage > told:
                self._stages[chat, message] = stage
                if stage is Stage.READ:
                    del self._stages[chat, message]  # nothing follows
                said = {"receipt": message, "stage": stage.value, "at": self.chats.clock.now().isoformat()}
                key = f"{self.name}:receipt:{message}:{stage.value}"
                found.append(
                    Arrival(self.name, key, _beside(message).conversation, json.dumps(said).encode())
                )
        return found

    async def send(self, letter: Letter) -> str:
        """Show what would be sent; see `Channel.send`."""
        if self._persona(letter.to.chat) is None:
            raise GiveUp("no such chat", unreachable=True)
        match letter.kind:
            case Kind.TEXT | Kind.EDIT:
                return self._show(letter)
            case Kind.READ:
                self._mark_read(letter)
        return ""

    def _show(self, letter: Letter) -> str:
        chat = letter.to.chat
        if letter.key and letter.key in self._sent:
            return self._sent[letter.key]
        until = self.chats.open_until.get(chat)
        if letter.stencil is None and (until is None or until <= self.chats.clock.now()):
            raise Closed("the 24 hours are over")
        file = self._kept(letter.attachment) if letter.attachment else None
        sent = ""
        for part in parts(letter, file.id if file else ""):
            message = self.chats.add(chat, self._drawn(part, file))
            self._remember(chat, message.choices, message)
            sent = str(message.id)
        if not sent:
            raise GiveUp("nothing to be said")
        if letter.key:
            self._sent[letter.key] = sent
        self._stages[chat, sent] = Stage.SENT
        return sent

    def _drawn(self, part: Part, file: File | None) -> Message:
        """One part as a bubble."""
        content = cast("Payload", part.content)
        message = Message(mine=False, text="", at=self.chats.clock.now())
        match part.kind:
            case "text":
                message.text = content["body"]
            case "template":
                message.stencil = True
                message.text, message.choices = _approved(content)
            case "interactive":
                message.text = content["body"]["text"]
                message.choices, message.sheet = _offered(content["action"])
                message.file = file if "header" in content else None
            case _:  # a document or a picture
                message.text, message.file = content.get("caption", ""), file
        return message

    def _mark_read(self, letter: Letter) -> None:
        message = self._unread.pop(letter.message, None)
        if message is not None:
            message.read = True
            self.chats.record(Change.EDIT, letter.to.chat, message)


def _beside(message: str) -> Address:
    """Where the reports of a message are kept in order, beside what people say."""
    return Address(WHATSAPP, f"status:{message}")


def _receipt(body: bytes) -> Incoming | None:
    """What `reports` wrote; None for anything that somebody said."""
    try:
        raw = json.loads(body)
        if "receipt" not in raw:
            return None
        message, stage, at = str(raw["receipt"]), Stage(raw["stage"]), datetime.fromisoformat(raw["at"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None  # whoever reads it next says what is wrong with it
    external = f"receipt:{message}:{stage.value}"
    receipt = Receipt(message, stage, at=at)
    return Incoming(_beside(message), "", external, at, shape="receipt", receipt=receipt)


def _offered(action: Payload) -> tuple[tuple[Choice, ...], str]:
    """Buttons, or the rows of a list and what stands on the button before it."""
    if "buttons" in action:
        replies = [button["reply"] for button in action["buttons"]]
        return tuple(Choice(reply["id"], reply["title"]) for reply in replies), ""
    rows = [row for section in action["sections"] for row in section["rows"]]
    return tuple(Choice(row["id"], row["title"], row.get("description", "")) for row in rows), action[
        "button"
    ]


def _approved(content: Payload) -> tuple[str, tuple[Choice, ...]]:
    """What the person reads of an approved text, and its buttons.

    Its buttons are part of the approved text: one that nothing was sent for comes back as its label.
    """
    words: list[tuple[str, str]] = []
    pressed: dict[int, str] = {}
    for component in content.get("components", ()):
        first = component["parameters"][0]
        if component["type"] == "body":
            words = [(each["parameter_name"], each["text"]) for each in component["parameters"]]
        else:
            pressed[int(component["index"])] = first["payload"]
    name = content["name"]
    labels = stencils.definition(name).buttons
    choices = [Choice(pressed.get(index, label), label) for index, label in enumerate(labels)]
    return stencils.read(Stencil(name, tuple(words))), tuple(choices)
