"""What Telegram says, read field by field: one raw update in, one `Incoming` out.

Plain dictionaries are read instead of the library's classes, so that one unknown or broken field
never costs the rest.  See https://core.telegram.org/bots/api#update.
"""

import json
import re
from dataclasses import replace

from bot.channels.fields import LARGEST, Part
from bot.errors import Unreadable
from bot.messages import Address, Contact, File, Incoming, Membership

NAME = "telegram"

#: Kinds of content a person can send, the more special first: an animation also looks like a document.
CONTENT = (
    "text", "contact", "photo", "animation", "document", "voice", "audio", "video", "video_note",
    "sticker", "story", "dice", "game", "poll", "location", "checklist", "paid_media",
    "live_photo", "invoice", "rich_message",
)  # fmt: skip

_GROUPS = {"group", "supergroup"}
_PRESENT = {"member", "administrator", "creator", "restricted"}
_COMMAND = re.compile(r"(/\w+)@(\w+)")


def read(body: bytes, username: str) -> Incoming | None:
    """Read one update for the bot called `username`; see `Channel.parse`.

    As long as the bot does not know its own name, a command for any bot counts as one for it:
    better one answer too many than an accepted message lost.
    """
    try:
        update = Part(json.loads(body), "update")
    except (ValueError, RecursionError):
        raise Unreadable("update: not JSON") from None
    external_id = str(update.number("update_id"))
    kind = update.one_of(("message", "edited_message", "callback_query", "my_chat_member"))
    if kind == "callback_query":
        return _tap(update.part(kind), external_id)
    if kind == "my_chat_member":
        return _membership(update.part(kind), external_id)
    incoming = _message(update.part(kind), external_id, username) if kind else None
    return replace(incoming, edited=True) if incoming and kind == "edited_message" else incoming


def conversation(update: object) -> str:
    """The conversation of an update that nobody has read yet, as far as it can be told."""
    for event in _objects(update):
        for place in (event, event.get("message")):
            chat = place.get("chat") if isinstance(place, dict) else None
            chat_id = chat.get("id") if isinstance(chat, dict) else None
            if type(chat_id) is int and abs(chat_id) < LARGEST:
                return Address(NAME, str(chat_id)).conversation
    return f"{NAME}:?"


def _objects(update: object) -> list[dict[str, object]]:
    values = update.values() if isinstance(update, dict) else ()
    return [value for value in values if isinstance(value, dict)]


def _address(message: Part) -> Address | None:
    """Where it was said; None for channels, where nobody talks with a bot."""
    chat = message.part("chat")
    if chat.text("type") == "channel":
        return None
    thread = message.id("message_thread_id") if message.flag("is_topic_message") else ""
    return Address(NAME, str(chat.number("id")), thread)


def _name(person: Part) -> str:
    return f"{person.text('first_name')} {person.text('last_name')}".strip()


def _message(message: Part, external_id: str, username: str) -> Incoming | None:
    shape = message.one_of(CONTENT)
    address = _address(message)
    if address is None or not (shape or message.has("migrate_to_chat_id")):
        return None
    crowd, person = message.maybe("sender_chat"), message.maybe("from")
    if crowd is None and message.part("from").flag("is_bot"):
        return None
    text = _addressed(message.text("text"), username) if shape == "text" else message.text("caption")
    if text is None:
        return None
    moved_to = message.id("migrate_to_chat_id")
    return Incoming(
        address=address,
        sender=str(person.number("id")) if person and crowd is None else "",
        external_id=external_id,
        at=message.moment("edit_date" if message.has("edit_date") else "date"),
        text=text,
        message=str(message.number("message_id")),
        name=_name(person) if person and crowd is None else "",
        file=_file(message, shape),
        contact=_contact(message.maybe("contact")),
        group=message.part("chat").text("type") in _GROUPS,
        reply_to=_quoted(message),
        forwarded=bool(message.one_of(("forward_origin", "forward_date", "via_bot", "is_automatic_forward"))),
        on_behalf_of=str(crowd.number("id")) if crowd else "",
        membership=Membership.MIGRATED if moved_to else None,
        moved_to=moved_to,
        shape=shape or "membership",
    )


def _addressed(text: str, username: str) -> str | None:
    """The text with our own name taken off its command; None if the command is another bot's."""
    command = _COMMAND.match(text)
    if command is None:
        return text
    if username and command[2].lower() != username.lower():
        return None
    return command[1] + text[command.end() :]


def _quoted(message: Part) -> str:
    """What is replied to.  In a topic Telegram gives the topic's first message: that is no reply."""
    quoted = message.maybe("reply_to_message")
    if quoted is None or quoted.has("forum_topic_created"):
        return ""
    return str(quoted.number("message_id"))


def _file(message: Part, shape: str) -> File | None:
    if shape == "photo":
        sizes = message.parts("photo", some=True)
        largest = max(sizes, key=lambda size: size.number("width", 0) * size.number("height", 0))
        return File(_file_id(largest), mime="image/jpeg", size=largest.number("file_size", 0))
    if shape == "document":
        document = message.part("document")
        name, mime = document.text("file_name"), document.kind("mime_type")
        return File(_file_id(document), name, mime, document.number("file_size", 0))
    return None


def _file_id(file: Part) -> str:
    file_id = file.text("file_id")
    if not file_id:
        raise Unreadable("message.file_id")
    return file_id


def _contact(contact: Part | None) -> Contact | None:
    return Contact(contact.text("phone_number"), contact.id("user_id")) if contact else None


def _tap(query: Part, external_id: str) -> Incoming | None:
    """A press of a button.

    Telegram does not say when it was pressed: `at` is the time of the message that carries the
    button, or 1970 where that message is too old to be shown.
    """
    person, message = query.part("from"), query.maybe("message")
    address = _address(message) if message else None
    if message is None or address is None:
        return None
    return Incoming(
        address=address,
        sender=str(person.number("id")),
        external_id=external_id,
        at=message.moment("date"),
        choice=query.text("data"),
        tap=query.text("id"),
        message=str(message.number("message_id")),
        name=_name(person),
        group=message.part("chat").text("type") in _GROUPS,
        shape="tap",
    )


def _membership(change: Part, external_id: str) -> Incoming | None:
    """The bot itself was let in or put out; becoming an administrator is no news."""
    address, person = _address(change), change.part("from")
    before, after = (_is_present(change.part(f"{when}_chat_member")) for when in ("old", "new"))
    if address is None or before == after:
        return None
    group = change.part("chat").text("type") in _GROUPS
    came, left = (
        (Membership.ADDED, Membership.REMOVED) if group else (Membership.UNBLOCKED, Membership.BLOCKED)
    )
    return Incoming(
        address=address,
        sender="" if person.flag("is_bot") else str(person.number("id")),
        external_id=external_id,
        at=change.moment("date"),
        name=_name(person),
        group=group,
        membership=came if after else left,
        shape="membership",
    )


def _is_present(member: Part) -> bool:
    status = member.text("status")
    return member.flag("is_member") if status == "restricted" else status in _PRESENT
