"""What the fake Cloud API keeps, and the shapes of its refusals and of the statuses it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import stencils
from bot.messages import Stencil
from tests.fakes.whatsapp_people import People, Somebody, failure

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

    @property
    def text(self) -> str:
        """What the person reads."""
        return heard(self.payload["type"], self.content)[0]

    @property
    def buttons(self) -> dict[str, str]:
        """What can be pressed: labels, and what each brings."""
        return heard(self.payload["type"], self.content)[1]


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


def heard(kind: str, content: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The words of a message as a person sees them, and its buttons: their labels and what they bring."""
    if kind == "template":
        return _template(content)
    if kind == "text":
        return str(content["body"]), {}
    if kind != "interactive":
        return str(content.get("caption", "")), {}
    action = content["action"]
    found = [each["reply"] for each in action.get("buttons", ())]
    found += [row for section in action.get("sections", ()) for row in section["rows"]]
    return str(content["body"]["text"]), {each["title"]: each["id"] for each in found}


def _template(content: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    words: dict[str, str] = {}
    pressed = []
    for component in content.get("components", ()):
        if component["type"] == "body":
            words = {each["parameter_name"]: each["text"] for each in component["parameters"]}
        else:
            pressed.append(str(component["parameters"][0]["payload"]))
    labels = stencils.BUTTONS.get(content["name"], ())
    return stencils.read(Stencil(content["name"], tuple(words.items()))), dict(
        zip(labels, pressed, strict=False)
    )


def status(message: Sent, stage: str, at: datetime) -> Json:
    """A request that tells how far a message has come."""
    who = Somebody(message.to) if "to" in message.payload else Somebody("", message.to)
    people = People(who, at)
    errors = [failure(message.failed, "Re-engagement message")] if stage == "failed" else []
    told = people.status(message.id, stage, errors=errors)
    if mark := message.payload.get("biz_opaque_callback_data"):
        told["biz_opaque_callback_data"] = mark
    return people.report(told)
