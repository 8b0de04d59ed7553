"""What WhatsApp brings: a request is taken apart into events, and each event is read by itself.

One request may carry many messages and statuses, of several numbers, some of them twice.  Nothing of
it is thrown away unseen: what cannot be told apart becomes an event that is refused when it is read.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot import logs
from bot.channels import whatsapp_messages, whatsapp_news
from bot.channels.fields import Part
from bot.channels.whatsapp_messages import NAME, WAMID
from bot.channels.whatsapp_names import Names
from bot.errors import Unreadable
from bot.messages import Address, Arrival, Incoming

log = logs.get(__name__)

#: Where events lie that belong to nobody as far as the edge can tell.
NOBODY = Address(NAME, "?").conversation
_IDENTITY = "user_id_update"
#: The lists of a change and what each of their elements is.
_LISTS = {"messages": "message", "statuses": "status", "errors": "error"}
_KINDS = {*_LISTS.values(), "identity", "account"}
#: More than fit into the largest request: whoever sends them wants to keep us busy.
MOST = 30_000


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a request: its field, whose number it is about, and when."""

    field: str
    number: str
    time: str
    names: Names

    def event(self, kind: str, value: object, contact: object = None) -> Arrival:
        """One element as an event of its own."""
        fields = {"field": self.field, "phone_number_id": self.number, "time": self.time}
        body = json.dumps({"kind": kind, "value": value, "contact": contact} | fields)
        external_id, conversation = _key(kind, value, contact, self.names)
        return Arrival(NAME, external_id or f"{kind[:3]}:{_digest(body)}", conversation, body.encode())


class _Contacts:
    """The people that the messages of one change may be from."""

    def __init__(self, listed: object) -> None:
        self._listed = listed if isinstance(listed, list) else []
        self._by_id: dict[str, object] = {}
        for contact in self._listed:
            for name in ("wa_id", "user_id"):
                self._by_id.setdefault(_word(contact, name), contact)

    def of(self, message: object) -> object:
        """Who wrote the message, and never somebody whom it contradicts.

        A message that names nobody is from the only contact there is.
        """
        number, scoped = _word(message, "from"), _word(message, "from_user_id")
        if not number and not scoped:
            return self._listed[0] if len(self._listed) == 1 else None
        found = next((self._by_id[each] for each in (scoped, number) if each and each in self._by_id), None)
        theirs = _word(found, "user_id")
        return None if scoped and theirs and scoped != theirs else found


def split(body: bytes, phone_number_id: str, names: Names) -> list[Arrival]:
    """The events of one request, in its order.

    Never fails: a request that is no JSON, or one of too many parts, is one event.  What is meant for another number of the
    same account is left out.
    """
    events = _whole(body, names)
    if events is None or len(events) > MOST:
        raw = body.decode("utf-8", "backslashreplace")
        return [_Change("", "", "", names).event("unknown", raw)]
    ours = [event for number, event in events if number in ("", phone_number_id)]
    if len(ours) < len(events):
        log.warning("events of another number left out", count=len(events) - len(ours))
    return ours


def _whole(body: bytes, names: Names) -> list[tuple[str, Arrival]] | None:
    """The events with the number each is about; None for what is no JSON, or nested without end."""
    try:
        return list(islice(_events(json.loads(body), names), MOST + 1))
    except (ValueError, RecursionError):
        return None


def _events(request: object, names: Names) -> Iterator[tuple[str, Arrival]]:
    """Each event with the number it is about."""
    for entry in _items(request, "entry"):
        time = _word(entry, "time")
        for change in _items(entry, "changes"):
            value, field = _field(change, "value"), _word(change, "field")
            number = _word(_field(value, "metadata"), "phone_number_id")
            found = _Change(field, number, time, names)
            for event in _taken_apart(found, change, value):
                yield number, event


def _taken_apart(change: _Change, whole: object, value: object) -> Iterator[Arrival]:
    """The events of one change."""
    if change.field in whatsapp_news.ACCOUNTS:
        yield change.event("account", value)
        return
    lists = {_IDENTITY: "identity"} if change.field == _IDENTITY else _LISTS
    contacts = _Contacts(_field(value, "contacts"))
    empty = True
    for name, kind in lists.items():
        elements = _field(value, name)
        if elements is None:
            continue
        empty = False
        if not isinstance(elements, list):
            yield change.event("unknown", {name: elements})
            continue
        for element in elements:
            yield change.event(kind, element, contacts.of(element) if kind == "message" else None)
    if empty:
        yield change.event("unknown", whole)


def _items(fields: object, name: str) -> list[object]:
    """The elements of a list; what has no such list stands for itself, to be refused later."""
    found = _field(fields, name)
    return found if isinstance(found, list) else [fields]


def _field(fields: object, name: str) -> object:
    return fields.get(name) if isinstance(fields, dict) else None


def _word(fields: object, name: str) -> str:
    return Part(fields, "").word(name) if isinstance(fields, dict) else ""


def _key(kind: str, value: object, contact: object, names: Names) -> tuple[str, str]:
    """The id and the conversation of an event; no id where the platform gave none."""
    try:
        if kind == "message":
            return _message_key(Part(value, kind), contact, names)
        if kind == "status":
            status = Part(value, kind)
            message = names.conceal(status.needed("id", WAMID))
            return f"st:{message}:{status.text('status')[:40]}", whatsapp_news.beside(message).conversation
        if kind == "identity":
            old = names.conceal(whatsapp_messages.previous_id(Part(value, kind)))
            return "", Address(NAME, old).conversation
    except Unreadable:
        return "", NOBODY
    return "", whatsapp_news.ACCOUNT.conversation if kind in ("account", "error") else NOBODY


def _message_key(message: Part, contact: object, names: Names) -> tuple[str, str]:
    external_id = f"msg:{names.conceal(message.needed('id', WAMID))}"
    try:
        who = whatsapp_messages.ids(message, Part(contact, "contact") if contact else None, names)
    except Unreadable:
        return external_id, NOBODY
    return external_id, Address(NAME, who[0]).conversation


def _digest(body: str | bytes) -> str:
    return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()[:32]


def read(body: bytes, names: Names) -> Incoming | None:
    """Read one event; see `Channel.parse`."""
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("event: not JSON") from None
    event = Part(loaded, "event")
    kind, field = event.text("kind"), event.text("field")
    if kind in _KINDS and (kind != "account" or field in whatsapp_news.ACCOUNTS):
        return _read(event, Part(_field(loaded, "value"), kind), _digest(body), names)
    if field in ("", "messages", _IDENTITY) or field in whatsapp_news.ACCOUNTS:
        raise Unreadable("event: unknown")
    log.info("field ignored", field=event.term("field"))  # we did not subscribe to it: no loss
    return None


def _read(event: Part, value: Part, digest: str, names: Names) -> Incoming | None:
    kind = event.text("kind")
    if kind == "message":
        return whatsapp_messages.read(value, event.maybe("contact"), names)
    if kind == "status":
        return whatsapp_news.status(value, names)
    if kind == "identity":
        return whatsapp_messages.renewed(value, f"ide:{digest}", names)
    if kind == "account":
        return whatsapp_news.account(event.text("field"), value, f"acc:{digest}", event.text("time"))
    whatsapp_news.complaint(value)
    return None
