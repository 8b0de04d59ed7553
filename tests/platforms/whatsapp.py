"""WhatsApp without a network: webhook requests in its words; messages held to its limits and read back.

The Cloud API answers inside this process, behind the adapter's own HTTP client.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from bot import stencils
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_letters import CHOOSE, MORE
from bot.channels.whatsapp_names import Names as Ids
from bot.channels.whatsapp_updates import split
from bot.channels.whatsapp_wire import Access
from bot.clock import Clock
from bot.messages import PART, Address, Arrival, Choice, Document, Letter, Stencil
from bot.store.vault import Vault
from bot.texts import LITERAL
from tests.fakes import whatsapp_spec
from tests.fakes.whatsapp_api import TOKEN, WhatsAppApi
from tests.fakes.whatsapp_people import ACCOUNT_ID, PHONE_NUMBER_ID, Json, People, Somebody, packed
from tests.fakes.whatsapp_push import Push
from tests.fakes.whatsapp_state import Sent
from tests.platforms.base import Deed, Names, Shown, words

FOREVER = datetime.max.replace(tzinfo=UTC)
_SHORTENED = re.compile(r"…$|…? \(\d+\)$")
#: Signs that mean nothing are written in full width; what is left of the narrow ones is emphasis.
_LITERAL = str.maketrans({"＊": LITERAL, "＿": "_", "～": "~", "｀": "`"})
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class Reports(Push):
    """What would be pushed to the webhook waits here until it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Json] = []

    def put(self, request: Json) -> None:
        """Keep one request behind the others."""
        self.kept.append(request)


class OnWhatsApp:
    """The people of a conversation in WhatsApp, in the three shapes in which it names them.

    With `windows` free text reaches only those who wrote within 24 hours, as it is in the world; without
    them whoever there is, so that what is said in months can be compared with other channels.
    """

    more = MORE

    def __init__(self, clock: Clock, vault: Vault, *, windows: bool) -> None:
        self.api = WhatsAppApi(shapes=whatsapp_spec.meta(), now=clock.now)
        self.api.address = "http://whatsapp.test"
        self.api.refuses = "now"
        self.api.push = self._reports = Reports()
        self.api.stages = ("sent", "delivered", "read") if windows else ()
        for one in stencils.definitions():
            self.api.approve(one.name, one.body, one.buttons)
        self._windows = windows
        self._ids = Ids(vault.conceal, vault.reveal)
        access = Access(TOKEN, PHONE_NUMBER_ID, ACCOUNT_ID, (), "", self.api.address)
        self.channel = WhatsApp(access, self._ids)
        session = self.channel.graph._session
        session._transport = httpx.ASGITransport(self.api)
        self._people = People()
        self._names = Names()
        self._pressed: dict[tuple[str, str], str] = {}  # message and id of a choice → how it comes back

    @property
    def wrong(self) -> list[str]:
        """See `Platform.wrong`."""
        return self.api.violations

    def somebody(self, who: str) -> Somebody:
        """One by number alone, one by both, one by the scoped id alone, and so on."""
        at = self._names.number(who)
        number = "" if at % 3 == 0 else f"62812345{at:05}"
        scoped = "" if at % 3 == 1 else f"ID.1349120865530274{at:04}"
        found = Somebody(number, scoped, who.title(), "" if number else f"payung.{at}")
        for id_ in filter(None, (number, scoped)):
            self._names.keep(id_, who)
            if not self._windows:
                self.api.state.windows[id_] = FOREVER
        return found

    def known(self, who: str) -> tuple[str, Address]:
        """See `Platform.known`."""
        found = self.somebody(who)
        id_ = self._ids.conceal(found.scoped or found.number)
        return id_, Address(self.channel.name, id_)

    def room(self, chat: str) -> Address:
        """There are none: see `WhatsApp.is_group`."""
        raise AssertionError(f"no groups on WhatsApp: {chat}")

    def brings(self, deed: Deed) -> Sequence[Arrival]:
        """See `Platform.brings`."""
        self._people.who, self._people.at = self.somebody(deed.who), deed.at
        if self._windows:
            for id_ in filter(None, (self._people.who.number, self._people.who.scoped)):
                self.api.hears(id_)
        return self._arrivals(self._press(*deed.pressed) if deed.pressed else self._say(deed))

    def _arrivals(self, request: Json) -> list[Arrival]:
        return split(packed(request), PHONE_NUMBER_ID, self._ids)

    def _press(self, letter: Shown, choice: Choice) -> Json:
        people, on = self._people, letter.message
        match self._pressed[on, choice.id]:
            case "button":
                return people.press(choice.id, on, choice.label)
            case "list":
                return people.choose(choice.id, on, choice.label, choice.note)
        return people.answer(choice.id or choice.label, on, choice.label)

    def _say(self, deed: Deed) -> Json:
        people = self._people
        if deed.file:
            mime = "image/jpeg" if deed.shape == "photo" else deed.file.mime or "application/octet-stream"
            media = self.api.state.new_media(deed.file.data, mime, deed.file.name)
            return (
                people.image(media) if deed.shape == "photo" else people.document(deed.file.name, media, mime)
            )
        match deed.shape:
            case "voice":
                return people.audio()
            case "sticker":
                return people.sticker()
        return people.say(deed.text)

    def reports(self) -> Sequence[Arrival]:
        """See `Platform.reports`: sent, delivered, read."""
        kept, self._reports.kept = self._reports.kept, []
        return [arrival for request in kept for arrival in self._arrivals(request)]

    # -- what people see ---------------------------------------------------------------------

    def mark(self) -> int:
        """See `Platform.mark`."""
        return len(self.api.sent)

    def shown(self, letter: Letter, since: int) -> Shown | None:
        """See `Platform.shown`: the messages that carry the number of the letter's row."""
        mark = letter.mark
        sent = [
            each
            for each in self.api.sent[since:]
            if each.payload["biz_opaque_callback_data"].rstrip(PART) == mark
        ]
        if not sent:
            return None
        choices = _choices(sent[-1], self.api.state.templates)
        for choice, kind in choices:
            self._pressed[sent[-1].id, choice.id] = kind
        texts = (_marked(each, self.api.state.templates) for each in sent)
        return Shown(
            Address(self.channel.name, self._names.of(sent[-1].to)),
            "\n".join(filter(None, texts)),
            choices=tuple(choice for choice, _ in choices),
            message=sent[-1].id,
            attachment=self._attached(sent),
            stencil=_stencil(sent[-1]),
            behind=tuple(choice.label for choice in letter.choices[len(choices) - 1 :]),
        )

    def _attached(self, sent: Sequence[Sent]) -> Document | None:
        """The file of the messages; of a picture its name was at least sent."""
        for each in sent:
            place = each.content.get("header", {}) if each.payload["type"] == "interactive" else each.payload
            for kind in ("document", "image"):
                if kind in place:
                    kept = self.api.state.media[place[kind]["id"]]
                    return Document(place[kind].get("filename", kept.name), kept.mime, kept.data)
        return None


def _stencil(sent: Sent) -> Stencil | None:
    """The approved text that was sent, by its name."""
    return Stencil(sent.content["name"]) if sent.payload["type"] == "template" else None


def _marked(sent: Sent, templates: Mapping[str, Any]) -> str:
    """The text that people see, as marked text of ours: only what a phone would show bold is emphasis."""
    content = sent.content
    match sent.payload["type"]:
        case "interactive":
            text = content["body"]["text"]
            text = "" if text == CHOOSE else text
        case "template":
            text = _filled(content, templates)
        case "text":
            text = content["body"]
        case _:
            text = words(content, "caption")
    return str(text).translate(_LITERAL)


def _filled(content: Mapping[str, Any], templates: Mapping[str, Any]) -> str:
    """An approved text with its words."""
    body = next(part["text"] for part in templates[content["name"]]["components"] if part["type"] == "BODY")
    given = {
        word["parameter_name"]: word["text"]
        for part in content.get("components", [])
        if part["type"] == "body"
        for word in part["parameters"]
    }
    return _VARIABLE.sub(lambda found: given[found[1]], body)


def _choices(sent: Sent, templates: Mapping[str, Any]) -> list[tuple[Choice, str]]:
    """What can be pressed under a message, and how a press of it comes back."""
    content = sent.content
    if sent.payload["type"] == "template":
        return _quick_replies(content, templates)
    if sent.payload["type"] != "interactive":
        return []
    action = content["action"]
    if content["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        return [(Choice(reply["id"], reply["title"]), "button") for reply in replies]
    rows = [row for section in action["sections"] for row in section["rows"]]
    return [(_row(row), "list") for row in rows]


def _row(row: Mapping[str, str]) -> Choice:
    """A row of a list; where the title is shortened, the whole stands below it."""
    below = row.get("description", "")
    whole = below if below and _SHORTENED.search(row["title"]) else row["title"]
    return Choice(row["id"], whole, below)


def _quick_replies(content: Mapping[str, Any], templates: Mapping[str, Any]) -> list[tuple[Choice, str]]:
    """The buttons that were approved; one without a token of ours comes back as its label."""
    parts = templates[content["name"]]["components"]
    labels = [button["text"] for part in parts for button in part.get("buttons", [])]
    tokens = {
        int(part["index"]): part["parameters"][0]["payload"]
        for part in content.get("components", [])
        if part["type"] == "button"
    }
    return [(Choice(tokens.get(at, ""), label), "template") for at, label in enumerate(labels)]
