"""What people send by WhatsApp, read field by field: one element of `messages` in, one `Incoming` out.

A person is known by a business-scoped id, a number, or both; with a username the number may be
missing.  Both stay concealed, and so does the id of a message, which has the number inside.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import logs
from bot.channels.fields import Part
from bot.channels.whatsapp_names import Names
from bot.errors import Unreadable
from bot.messages import Address, Contact, File, Incoming, Membership

NAME = "whatsapp"
#: So long after a person wrote, free text may be sent to them.
WINDOW = timedelta(hours=24)

#: A message's id: what it is made of is the platform's affair, but it is short and plain.
WAMID = re.compile(r"[!-~]{1,300}")
_NUMBER = re.compile(r"[0-9]{5,20}")
#: Never digits alone: those are a number when a message goes out.
_SCOPED = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9._-]{3,150}")
_EITHER = re.compile(f"{_NUMBER.pattern}|{_SCOPED.pattern}")
_MEDIA = re.compile(r"[A-Za-z0-9._-]{1,200}")
_ANYTHING = re.compile(r"(?s).+")
#: The end of the only text that names the old id; the name of the person stands before it.
_RENEWED = re.compile(r"(?s).* from (\S+) to (\S+)")
_NEW_NUMBER = {"user_changed_number", "customer_changed_number"}

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote: all ids concealed, the one that is written to first."""

    ids: tuple[str, ...]
    name: str = ""

    @property
    def sender(self) -> str:
        """The id by which they are known."""
        return self.ids[0]


def person(message: Part, contact: Part | None, names: Names) -> Person:
    """The sender of a message; `contact` is the element of `contacts` that belongs to it."""
    scoped = [message.matching("from_user_id", _SCOPED)]
    given = [message.matching("from", _EITHER)]
    numbers: list[str] = []
    name = ""
    if contact:
        scoped.append(contact.matching("user_id", _SCOPED))
        given.append(contact.matching("wa_id", _EITHER))
        profile = contact.maybe("profile")
        name = profile.text("name") if profile else ""
    for found in given:
        (numbers if _NUMBER.fullmatch(found) else scoped).append(found)
    return Person(_concealed([*scoped, *numbers], names), name)


def ids(message: Part, contact: Part | None, names: Names) -> tuple[str, ...]:
    """The ids of whoever a message is from or about: the first is where they are written to."""
    if message.text("type") == "system":
        return _concealed(_given_up(message), names)
    return person(message, contact, names).ids


def _concealed(clear: Sequence[str], names: Names) -> tuple[str, ...]:
    """Each id once; there must be one."""
    found = tuple(names.conceal(each) for each in dict.fromkeys(clear) if each)
    if not found:
        raise Unreadable("message.from")
    return found


def read(message: Part, contact: Part | None, names: Names) -> Incoming | None:
    """Read one element of `messages`; None for what needs no answer."""
    kind = message.text("type")
    if kind in ("reaction", "revoke"):
        return None
    if message.has("group_id"):  # not offered, and nothing of it may be mixed with the private chat
        log.info("message of a group ignored")
        return None
    if kind == "system":
        return _system(message, names)
    found = _plain(message, person(message, contact, names), names)
    content = message
    if kind == "edit":
        found = replace(found, edited=True)
        edit = message.maybe("edit")
        content = (edit.maybe("message") if edit else None) or message
        kind = content.text("type")
    if kind == "contacts":
        return replace(found, shape="contact", contact=_contact(content, found, names))
    return _READERS.get(kind, _unsupported)(found, content)


def _plain(message: Part, who: Person, names: Names) -> Incoming:
    """What every message has."""
    at = message.moment("timestamp")
    wamid = names.conceal(message.needed("id", WAMID))
    context = message.maybe("context")
    quoted = context.matching("id", WAMID) if context else ""
    return Incoming(
        address=Address(NAME, who.sender),
        sender=who.sender,
        external_id=f"msg:{wamid}",
        at=at,
        message=wamid,
        name=who.name,
        reply_to=names.conceal(quoted) if quoted else "",
        forwarded=bool(context and (context.flag("forwarded") or context.flag("frequently_forwarded"))),
        seen=wamid,
        window=at + WINDOW,
        aliases=who.ids[1:],
    )


def _text(found: Incoming, content: Part) -> Incoming:
    return replace(found, text=content.part("text").text("body"))


def _tapped(found: Incoming, choice: str) -> Incoming:
    """A press: what the button hangs on comes as if it were quoted."""
    return replace(found, choice=choice, message=found.reply_to, reply_to="", shape="tap")


def _button(found: Incoming, content: Part) -> Incoming:
    """A quick reply of a template; one that carries nothing of ours counts as its words."""
    button = content.part("button")
    payload, label = button.text("payload"), button.text("text")
    return _tapped(found, payload) if payload not in ("", label) else replace(found, text=label)


def _interactive(found: Incoming, content: Part) -> Incoming:
    reply = content.maybe("interactive")
    kind = reply.one_of(("button_reply", "list_reply")) if reply else ""
    if reply is None or not kind:
        return _unsupported(found, content)
    return _tapped(found, reply.part(kind).needed("id", _ANYTHING))


def _media(kind: str, shape: str, *, kept: bool = False) -> Callable[[Incoming, Part], Incoming]:
    """How a kind of file is read; only what is `kept` can be fetched."""

    def reader(found: Incoming, content: Part) -> Incoming:
        media = content.part(kind)
        media_id = media.matching("id", _MEDIA)  # missing where WhatsApp itself could not fetch it
        file = File(media_id, media.text("filename"), media.kind("mime_type")) if media_id and kept else None
        return replace(found, shape=shape, text=media.text("caption"), file=file)

    return reader


def _location(found: Incoming, content: Part) -> Incoming:
    content.part("location")
    return replace(found, shape="location")


def _unsupported(found: Incoming, content: Part) -> Incoming:
    """A kind we do not know, or WhatsApp does not pass on."""
    why = content.maybe("unsupported")
    return replace(
        found, shape="unsupported", edited=found.edited or bool(why and why.text("type") == "edit")
    )


_READERS: dict[str, Callable[[Incoming, Part], Incoming]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "image": _media("image", "photo", kept=True),
    "document": _media("document", "document", kept=True),
    "audio": _media("audio", "voice"),
    "video": _media("video", "video"),
    "sticker": _media("sticker", "sticker"),
    "location": _location,
}


def _contact(content: Part, found: Incoming, names: Names) -> Contact:
    """The first card with a number.

    A card is whatever its sender wrote into it: where it names a WhatsApp number, no other number
    of the card counts, so that nobody's own card carries the number of somebody else.
    """
    phones = [phone for card in content.parts("contacts") for phone in card.parts("phones")]
    if not phones:
        return Contact("")
    number = phones[0].matching("wa_id", _NUMBER)
    if not number:
        return Contact(phones[0].text("phone"))
    user = names.conceal(number)
    return Contact(f"+{number}", found.sender if user in (found.sender, *found.aliases) else user)


def _system(message: Part, names: Names) -> Incoming | None:
    """Somebody has a new number or a new id: the old one reaches nobody, or somebody else."""
    old = _given_up(message)
    if not any(old):
        log.info("system message ignored", kind=message.part("system").term("type"))
        return None
    wamid = names.conceal(message.needed("id", WAMID))
    return gone(_concealed(old, names), f"msg:{wamid}", message)


def _given_up(message: Part) -> list[str]:
    """The ids that a system message ends, never a new one; none if it is about something else."""
    system = message.part("system")
    kind, new = system.text("type"), system.text("user_id")
    if kind in _NEW_NUMBER:
        scoped = message.matching("from_user_id", _SCOPED)
        number = system.matching("customer", _NUMBER) or message.matching("from", _EITHER)
        return [scoped if scoped != new else "", number]
    if kind != "user_changed_user_id":
        return []
    renewal = _RENEWED.fullmatch(system.text("body"))
    named = renewal[1] if renewal and renewal[2] == new and _SCOPED.fullmatch(renewal[1]) else ""
    return [system.matching("previous_user_id", _SCOPED) or named]


def gone(old: tuple[str, ...], external_id: str, event: Part) -> Incoming:
    """The person behind these ids is not reached by them any more."""
    return Incoming(
        address=Address(NAME, old[0]),
        sender=old[0],
        external_id=external_id,
        at=event.moment("timestamp"),
        membership=Membership.GONE,
        shape="membership",
        aliases=old[1:],
    )


def renewed(update: Part, external_id: str, names: Names) -> Incoming:
    """One element of `user_id_update`: the id of a person is another from now on."""
    return gone(_concealed([previous_id(update)], names), external_id, update)


def previous_id(update: Part) -> str:
    """The id that ends with an element of `user_id_update`."""
    return update.part("user_id").needed("previous", _SCOPED)
