"""What made-up people do in WhatsApp, as requests that the platform would bring to a webhook.

A person without `scoped` comes in the shape of Graph API 23.0, one with it in the shape of 2026; one
without `number` has a username and hides the number.
"""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.channels.whatsapp_names import Names

Json = dict[str, object]

ACCOUNT_ID = "102290129340398"
PHONE_NUMBER_ID = "106540352242922"
OUR_NUMBER = "6281155500010"
SECRET = "0f9c6ad1e3b84d52a7f0c1d2e3f4a5b6"
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """One person as WhatsApp knows them."""

    number: str = "6281234500001"
    scoped: str = ""
    name: str = "Siti"
    username: str = ""

    @property
    def contact(self) -> Json:
        """The element of `contacts`."""
        profile = {"name": self.name} | ({"username": self.username} if self.username else {})
        ids = {"wa_id": self.number, "user_id": self.scoped}
        return {"profile": profile} | {name: value for name, value in ids.items() if value}

    @property
    def sender(self) -> Json:
        """The fields of a message that say who wrote it."""
        ids = {"from": self.number, "from_user_id": self.scoped}
        return {name: value for name, value in ids.items() if value}


SITI = Somebody()
BUDI = Somebody("6281234500002", "ID.13491208655302741918", "Budi")
HIDDEN = Somebody("", "ID.24817305912873645029", "Wayan", "wayan.tidak.ada")


def _conceal(text: str) -> str:
    return "~" + base64.urlsafe_b64encode(bytes(byte ^ 0x5A for byte in text.encode())).decode().rstrip("=")


def _reveal(name: str) -> str:
    if not name.startswith("~"):
        raise ValueError(name)
    padded = name[1:] + "=" * (-len(name[1:]) % 4)
    return bytes(byte ^ 0x5A for byte in base64.urlsafe_b64decode(padded)).decode()


#: In place of the vault's.
NAMES = Names(_conceal, _reveal)


def wamid(number: str, count: int) -> str:
    """An id of a message: like the real ones it has a phone number inside."""
    digits = number.encode()
    inside = b"\x1c\x18" + bytes([len(digits)]) + digits + b"\x15\x02\x00\x12\x18\x14" + b"%020X\x00" % count
    return f"wamid.{base64.b64encode(inside).decode()}"


def request(*values: Json, field: str = "messages", number: str = PHONE_NUMBER_ID) -> Json:
    """One request with a change for each value, which get what every value of messages has."""
    changes: list[Json] = [{"value": framed(value, number), "field": field} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": changes}]}


def framed(value: Json, number: str = PHONE_NUMBER_ID) -> Json:
    """A value with the number it is about."""
    metadata = {"display_phone_number": OUR_NUMBER, "phone_number_id": number}
    return {"messaging_product": "whatsapp", "metadata": metadata} | value


def account(field: str, value: Json, time: int = int(AT.timestamp())) -> Json:
    """One request with news of our account."""
    change = {"value": value, "field": field}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": ACCOUNT_ID, "time": time, "changes": [change]}],
    }


def packed(what: object) -> bytes:
    """The bytes of a request as the platform writes them: close, with escaped slashes."""
    return json.dumps(what, separators=(",", ":")).replace("/", "\\/").encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers under which a body is brought."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


@dataclass
class People:
    """Each deed is one request; `messages` and `statuses` below are their elements alone."""

    who: Somebody = SITI
    at: datetime = AT
    number: str = PHONE_NUMBER_ID
    counts: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def message(self, kind: str, content: object, **more: object) -> Json:
        """Any message: `content` stands in the field that is named as its kind."""
        base: Json = {
            "id": wamid(self.who.number or OUR_NUMBER, next(self.counts)),
            "timestamp": str(int(self.at.timestamp())),
            "type": kind,
        }
        return self.who.sender | base | ({} if content is None else {kind: content}) | more

    def bring(self, *messages: Json, contacts: Sequence[Json] | None = None) -> Json:
        """One request with these messages in one value."""
        theirs = [self.who.contact] if contacts is None else list(contacts)
        return request({"contacts": theirs, "messages": list(messages)}, number=self.number)

    def send(self, kind: str, content: object, **more: object) -> Json:
        """One request with one message of any kind."""
        return self.bring(self.message(kind, content, **more))

    def say(self, text: str, *, reply_to: str = "", forwarded: bool = False) -> Json:
        """A text."""
        context: Json = {"from": OUR_NUMBER, "id": reply_to} if reply_to else {}
        context |= {"forwarded": True} if forwarded else {}
        return self.send("text", {"body": text}, **({"context": context} if context else {}))

    def press(self, choice: str, on: str, title: str = "Ya") -> Json:
        """Press a reply button."""
        return self._reply("button_reply", {"id": choice, "title": title}, on)

    def choose(self, choice: str, on: str, title: str = "Pampang", note: str = "") -> Json:
        """Choose a row of a list."""
        return self._reply("list_reply", {"id": choice, "title": title, "description": note}, on)

    def _reply(self, kind: str, reply: Json, on: str) -> Json:
        return self.send("interactive", {"type": kind, kind: reply}, context={"from": OUR_NUMBER, "id": on})

    def answer(self, payload: str, on: str, text: str = "Ya") -> Json:
        """Press a quick reply of a template."""
        return self.send("button", {"payload": payload, "text": text}, context={"from": OUR_NUMBER, "id": on})

    def image(self, media: str = "1003383421387256", caption: str = "") -> Json:
        """A photo."""
        return self.send("image", _media(media, "image/jpeg", caption=caption))

    def document(
        self, name: str, media: str = "1003383421387257", mime: str = "application/pdf", caption: str = ""
    ) -> Json:
        """A file."""
        return self.send("document", _media(media, mime, filename=name, caption=caption))

    def audio(self, media: str = "1003383421387258") -> Json:
        """A voice message."""
        return self.send("audio", _media(media, "audio/ogg; codecs=opus") | {"voice": True})

    def video(self, media: str = "1003383421387259", caption: str = "") -> Json:
        """A film."""
        return self.send("video", _media(media, "video/mp4", caption=caption))

    def sticker(self, media: str = "1003383421387260") -> Json:
        """A sticker."""
        return self.send("sticker", _media(media, "image/webp") | {"animated": False})

    def location(self) -> Json:
        """A place."""
        return self.send("location", {"latitude": -0.502, "longitude": 117.153, "name": "Kantor Desa"})

    def card(self, phone: str, number: str = "", name: str = "Wayan") -> Json:
        """A contact card; `number` is the WhatsApp number on it."""
        line = {"phone": phone, "type": "CELL"} | ({"wa_id": number} if number else {})
        whole: Json = {"name": {"formatted_name": name, "first_name": name}, "phones": [line]}
        return self.send("contacts", [whole])

    def react(self, to: str, emoji: str = "👍") -> Json:
        """A reaction."""
        return self.send("reaction", {"message_id": to, "emoji": emoji})

    def unsupported(self) -> Json:
        """Something that WhatsApp does not pass on."""
        error = {
            "code": 131051,
            "title": "Message type unknown",
            "message": "Message type unknown",
            "error_data": {"details": "Message type is currently not supported."},
        }
        return self.send("unsupported", None, errors=[error])

    def edit(self, original: str, text: str) -> Json:
        """Write a message anew."""
        message = {"type": "text", "text": {"body": text}}
        return self.send("edit", {"original_message_id": original, "message": message})

    def revoke(self, original: str) -> Json:
        """Take a message back."""
        return self.send("revoke", {"original_message_id": original})

    def move(self, number: str, scoped: str = "") -> Json:
        """Change to another number; such a message comes without `contacts` and names the old number."""
        body = f"User {self.who.name} changed from {self.who.number} to {number}"
        system: Json = {"body": body, "wa_id": number, "type": "user_changed_number"}
        system |= {"user_id": scoped} if scoped else {}
        message = self.message("system", system)
        message.pop("from_user_id", None)
        return request({"messages": [message]}, number=self.number)

    def renew(self, scoped: str) -> Json:
        """Get another scoped id."""
        body = f"User {self.who.name} changed from {self.who.scoped} to {scoped}"
        system = {"body": body, "user_id": scoped, "type": "user_changed_user_id"}
        message = self.message("system", system)
        for name in self.who.sender:
            del message[name]
        return request({"messages": [message]}, number=self.number)

    def status(
        self, message: str, stage: str, *, row: int = 0, errors: Sequence[Mapping[str, object]] = ()
    ) -> Json:
        """How far a message of ours has come, as one element of `statuses`."""
        ids = {"recipient_id": self.who.number, "recipient_user_id": self.who.scoped}
        found: Json = {"id": message, "status": stage, "timestamp": str(int(self.at.timestamp()))}
        found |= {name: value for name, value in ids.items() if value}
        if row:
            found["biz_opaque_callback_data"] = str(row)
        if errors:
            found["errors"] = [dict(error) for error in errors]
        elif stage != "failed":
            found["pricing"] = {"billable": False, "pricing_model": "PMP", "category": "service"}
        return found

    def report(self, *statuses: Json) -> Json:
        """One request with these statuses; only in the shape of 2026 the contact comes with them."""
        failed = any(status["status"] == "failed" for status in statuses)
        contacts: Json = {"contacts": [self.who.contact]} if self.who.scoped and not failed else {}
        return request(contacts | {"statuses": list(statuses)}, number=self.number)


def failure(code: int, title: str, details: str = "") -> Json:
    """An element of a status's `errors`."""
    return {"code": code, "title": title, "message": title, "error_data": {"details": details or title}}


def _media(media: str, mime: str, **more: str) -> Json:
    digest = base64.b64encode(hashlib.sha256(media.encode()).digest()).decode()
    return {"id": media, "mime_type": mime, "sha256": digest} | {k: v for k, v in more.items() if v}
