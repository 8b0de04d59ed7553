"""What goes in and out of the program, in one shape for every channel.

A channel adapter turns its platform's JSON into `Incoming` and a `Letter` into its platform's
calls, and nothing more.  If a handler needs to know the channel, a field is missing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from bot.errors import SendError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place: a private chat, a group, a topic of a group."""

    channel: str
    chat: str
    thread: str = ""

    @property
    def conversation(self) -> str:
        """The key under which messages are kept in order."""
        return f"{self.channel}:{self.chat}"


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody sent, not fetched yet: `id` is what the channel wants for fetching it."""

    id: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes; 0 when the channel did not say


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file (its row in the store) that goes out with a message, under the name people see."""

    file: int
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file on its way out, content and all: it exists only while it is being sent."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared contact card; `user` is the channel's id of the person on it, empty if unknown."""

    phone: str
    user: str = ""


class Membership(StrEnum):
    """What happened to the bot itself in a chat."""

    ADDED = "added"
    REMOVED = "removed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"  # the chat has a new id: `Incoming.moved_to`
    GONE = "gone"  # the account has another number now: whoever has this one next is somebody else


class Stage(IntEnum):
    """How far a platform says that a message has come.  It only grows, and nothing follows `FAILED`."""

    SENT = 1
    DELIVERED = 2
    READ = 3
    FAILED = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform reports of a message of ours, often twice and in any order."""

    message: str  # as `Channel.send` returned it
    stage: Stage
    mark: str = ""  # `Letter.mark`, where it travelled with the message
    error: SendError | None = None  # of a failure: what it means for us
    at: datetime | None = None  # when it happened there


@dataclass(frozen=True, slots=True)
class Account:
    """What a platform reports of our account: a template was rejected, the quality fell."""

    about: str  # "template", "quality", "account"
    name: str  # of the template or of the number, never a number itself
    state: str  # in the platform's own words: APPROVED, REJECTED, RED, …
    why: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw event as the platform sent it, to be committed before anybody reads it."""

    channel: str
    external_id: str  # unique on its channel; a second one with the same id is dropped
    conversation: str  # `Address.conversation`, as far as the edge can tell; may be empty
    body: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a conversation."""

    address: Address
    sender: str  # the channel's id of the person; empty where nobody speaks in person
    external_id: str
    at: datetime  # UTC, the platform's own time of the event
    text: str = ""
    choice: str = ""  # the token of a pressed button
    tap: str = ""  # the channel's id of the press, to be answered
    message: str = ""  # the channel's id of this message, or of the one the button hangs on
    name: str = ""  # what the sender calls themselves: for greeting, never for authority
    file: File | None = None
    contact: Contact | None = None
    group: bool = False
    reply_to: str = ""  # the channel's id of the message that is quoted
    forwarded: bool = False
    edited: bool = False
    on_behalf_of: str = ""  # an anonymous admin's group, a linked channel: nobody in person
    membership: Membership | None = None
    moved_to: str = ""
    shape: str = "text"  # text, tap, contact, photo, document, voice, sticker, location, …
    seen: str = ""  # by which this message is marked as read, where people see that
    window: datetime | None = None  # until when free text may be written to them, where that ends
    aliases: tuple[str, ...] = ()  # other ids of the same sender, older ones too
    receipt: Receipt | None = None  # then nobody speaks, and nobody is answered
    account: Account | None = None  # likewise
    result: Mapping[str, Any] = field(default_factory=dict)  # of a job that this conversation waited for

    @property
    def chats(self) -> tuple[str, ...]:
        """The private chat by all names of the sender: what was addressed before they got a new one, too."""
        return (self.address.chat, *self.aliases)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button.  `id` is its meaning for handlers; on the wire it is a one-time token."""

    id: str
    label: str
    note: str = ""


class Lane(IntEnum):
    """What leaves first.  First in, first out holds within a lane of a chat."""

    TAP = 0  # the answer to a press, and taking its buttons away
    REPLY = 1
    ALERT = 2
    REMINDER = 3
    BROADCAST = 4


class Kind(StrEnum):
    """What is done to the chat."""

    TEXT = "text"
    EDIT = "edit"  # replaces the text and buttons of `message`, which carries no file
    CLOSE = "close"  # takes the buttons of `message` away, the text stays
    PIN = "pin"  # pins `message` to the top of the group, without a sound
    ANSWER = "answer"  # ends the waiting sign of the press `message`; text is a short notice
    LEAVE = "leave"  # the bot leaves the group
    DELETE = "delete"  # takes away what the person wrote, `message`, where the platform lets us
    READ = "read"  # marks `message` as read, and shows that an answer is being written


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to be sent: a row in the outbox before it is anything else.

    `key` says in words what must not happen twice; empty means "the n-th answer to this event".
    `reason` (`"kind:argument"`) is looked at again in the moment of sending.  `public` marks text
    without personal data: nothing else is ever sent to a group, and of files only those that were made
    for one.  Beside a file the text is its caption, at most `CAPTION_LIMIT` long.
    """

    to: Address
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    kind: Kind = Kind.TEXT
    message: str = ""  # platform id for EDIT, CLOSE and DELETE, press id for ANSWER
    lane: Lane = Lane.REPLY
    key: str = ""
    person: int | None = None  # who alone may press the buttons
    not_before: datetime | None = None
    expires_at: datetime | None = None
    reason: str = ""
    #: Whether it may come twice when nobody knows whether it arrived; None: an answer may, the rest never.
    repeatable: bool | None = None
    public: bool = False
    attachment: Attachment | None = None
    buttons_until: datetime | None = None  # they mean something at least until then; else 30 days
    about: str = ""  # what it is evidence of: "64.02.01.2001:2026-10"; kept longer than its text


#: UTF-16 units of the text beside a file, as Telegram counts them: the narrowest of the channels.
CAPTION_LIMIT = 1024


#: Behind `Letter.mark` on all messages that a letter is cut into but the last: that one says it has arrived.
PART = "+"


@dataclass(frozen=True, slots=True)
class Stencil:
    """A text that the platform has approved beforehand, with what is filled in: name and words of each."""

    name: str
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel is asked to send.  `text` is marked text: see `bot.texts`."""

    to: Address
    text: str
    kind: Kind = Kind.TEXT
    choices: tuple[Choice, ...] = ()  # ids are tokens
    message: str = ""
    key: str = ""  # of the outbox row, for channels that can carry it
    attachment: Document | None = None  # the text is its caption
    mark: str = ""  # comes back with what is reported of it, on channels that report
    stencil: Stencil | None = None  # sent instead of everything else: free text may not be sent now
