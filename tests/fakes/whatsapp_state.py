"""What the fake Cloud API keeps, and the shapes of its refusals and of the statuses it tells."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.whatsapp_names import Names

PHONE_ID = "106540352242922"
ACCOUNT_ID = "102290129340398"
OUR_NUMBER = "6281155500010"

Json = dict[str, Any]


class Refusal(Exception):
    """An answer in Graph's envelope."""

    def __init__(self, code: int, why: str, status: int = 400, **more: object) -> None:
        super().__init__(why)
        error = {"message": f"(#{code}) {why}", "type": "OAuthException", "code": code}
        self.status = status
        self.answer: Json = {"error": error | {"fbtrace_id": "Amadeup"} | more}


@dataclass
class Sent:
    """A message that was taken."""

    id: str
    to: str
    payload: Json
    failed: int = 0  # the code of its failure, which is told later

    @property
    def content(self) -> Json:
        """The object named as its type."""
        found: Json = self.payload[self.payload["type"]]
        return found


@dataclass
class Media:
    """A file that lies at WhatsApp."""

    data: bytes
    mime: str
    name: str = ""


@dataclass
class State:
    """What WhatsApp remembers."""

    sent: list[Sent] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    templates: dict[str, Json] = field(default_factory=dict)
    windows: dict[str, datetime] = field(default_factory=dict)
    paces: dict[str, datetime] = field(default_factory=dict)  # how far each pair has borrowed

    def new_media(self, data: bytes, mime: str, name: str = "") -> str:
        """Keep a file; gives its id."""
        media = str(1_003_383_421_387_000 + len(self.media))
        self.media[media] = Media(data, mime, name)
        return media


def wamid(number: str, count: int) -> str:
    """An id of a message: like the real ones it has the other's number inside."""
    inside = (
        b"\x1c\x18" + bytes([len(number)]) + number.encode() + b"\x15\x02\x00\x11\x18\x14%020X\x00" % count
    )
    return f"wamid.{base64.b64encode(inside).decode()}"


def status(message: Sent, stage: str, at: datetime) -> Json:
    """A request that tells how far a message has come."""
    told: Json = {"id": message.id, "status": stage, "timestamp": str(int(at.timestamp()))}
    told["recipient_id" if "to" in message.payload else "recipient_user_id"] = message.to
    if mark := message.payload.get("biz_opaque_callback_data"):
        told["biz_opaque_callback_data"] = mark
    if stage == "failed":
        title = "Re-engagement message"
        told["errors"] = [{"code": message.failed, "title": title, "message": title}]
    metadata = {"display_phone_number": OUR_NUMBER, "phone_number_id": PHONE_ID}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": [told]}
    entry = {"id": ACCOUNT_ID, "changes": [{"value": value, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _reveal(name: str) -> str:
    """The id behind a name."""
    if not name.startswith("n-"):
        raise ValueError("not one of our names")
    return base64.urlsafe_b64decode(name[2:]).decode()[::-1]


#: Names as the vault makes them, without a key.
NAMES = Names(lambda clear: f"n-{base64.urlsafe_b64encode(clear[::-1].encode()).decode()}", _reveal)
