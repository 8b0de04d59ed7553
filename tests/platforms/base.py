"""What is asked of a platform: to bring what somebody did, and to tell what they see of a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channels.base import Channel
from bot.messages import Address, Arrival, Choice, Document, Letter
from bot.texts import LITERAL


@dataclass(frozen=True, slots=True)
class Shown(Letter):
    """A letter as people see it: `to` is the chat by its name in the conversation, `message` the platform's id.

    A choice is what can be pressed, with the label that can be read; an empty id comes back as the label.
    """

    behind: tuple[str, ...] = ()  # labels of the question that are to be had on later pages


@dataclass(frozen=True)
class Deed:
    """What somebody does in a chat, both by their names in the conversation."""

    who: str
    chat: str
    at: datetime
    text: str = ""
    shape: str = "text"
    file: Document | None = None
    pressed: tuple[Shown, Choice] | None = None
    reply_to: Shown | None = None


class Platform(Protocol):
    """A channel without a network, and the people on its other side."""

    @property
    def channel(self) -> Channel:
        """The adapter itself."""
        ...

    @property
    def wrong(self) -> Sequence[str]:
        """What the platform would refuse, or its description does not know."""
        ...

    @property
    def more(self) -> str:
        """The label behind which choices are that had no room, "" where there is room."""
        ...

    def known(self, who: str) -> tuple[str, Address]:
        """The platform's id of a person, and their private chat."""
        ...

    def room(self, chat: str) -> Address:
        """Where a group meets."""
        ...

    def brings(self, deed: Deed) -> Sequence[Arrival]:
        """What comes in because of it."""
        ...

    def mark(self) -> int:
        """How much was sent so far."""
        ...

    def shown(self, letter: Letter, since: int) -> Shown | None:
        """What the people of its chat see of a letter that was sent since then, or None."""
        ...

    def reports(self) -> Sequence[Arrival]:
        """What the platform tells of what was sent, each once."""
        ...


class Names:
    """The chats of a conversation and the ids that a platform has for them."""

    def __init__(self) -> None:
        self._chats: dict[str, str] = {}

    def keep(self, id_: str, chat: str) -> str:
        """Remember whose id this is."""
        self._chats[id_] = chat
        return id_

    def of(self, id_: str) -> str:
        """The chat behind an id."""
        return self._chats[id_]

    def number(self, chat: str) -> int:
        """A number of its own for each chat, from 1."""
        known = list(dict.fromkeys(self._chats.values()))
        return known.index(chat) + 1 if chat in known else len(known) + 1


def literal(text: str) -> str:
    """Plain text as marked text without emphasis."""
    return text.replace("*", LITERAL)


def words(fields: Any, name: str) -> str:
    """A text of a platform's object, "" where it is not there."""
    return str(fields.get(name, ""))
