"""A WhatsApp that can be started and spoilt: the Cloud API over HTTP, for tests and benches.

Texts are taken from everybody, but reach only those who wrote within 24 hours (`hears`): the others
get the platform's late answer, a failed status (`refuses="later"`), or an error (`"now"`).
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clock import SystemClock
from tests.fakes.bot_api import Dropped, serving
from tests.fakes.bot_faults import Fault, Faults
from tests.fakes.whatsapp_people import ACCOUNT_ID, PHONE_NUMBER_ID, wamid
from tests.fakes.whatsapp_push import Push
from tests.fakes.whatsapp_spec import Shapes, limits
from tests.fakes.whatsapp_state import Json, Media, Refusal, Sent, State, status

VERSION = "v23.0"
TOKEN = "EAAMadeUpTokenOfPayungDesa0000000000000000000"
WINDOW = timedelta(hours=24)
PAIR = timedelta(seconds=6)
FIRST = 1_000_000  # of our messages: theirs are counted from 1

_WORDS = re.compile(r"\{\{(\w+)\}\}")


class WhatsAppApi:
    """One server with one number; `async with WhatsAppApi() as api` listens on `api.address`."""

    def __init__(
        self, port: int = 0, shapes: Shapes | None = None, now: Callable[[], datetime] | None = None
    ) -> None:
        self.shapes = shapes
        self.now = now or SystemClock().now
        self.state = State()
        self.faults = Faults()
        self.push = Push()
        self.calls: list[tuple[str, str]] = []  # what was asked for: a name and, of a message, to whom
        self.violations: list[str] = []
        self.refuses = "later"  # what becomes of a text outside its window: "later", "now"
        self.pair_burst = 0  # messages a pair may borrow from the future; 0: as many as they like
        self.stages: Sequence[str] = ("sent", "delivered")  # what is told of each message
        self.quality = "GREEN"
        self.noted = asyncio.Event()  # a message was taken
        self.address = ""
        self._serving = serving(self, port)

    async def __aenter__(self) -> "WhatsAppApi":
        self.address = await self._serving.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.push.close()
        await self._serving.__aexit__(None, None, None)

    @property
    def sent(self) -> list[Sent]:
        """The messages that were taken, in order."""
        return self.state.sent

    def hears(self, who: str) -> None:
        """Somebody wrote to us: for a day they may be written to."""
        self.state.windows[who] = self.now() + WINDOW

    def bring(self, request: Json) -> None:
        """Push what somebody did (see `People`) to the webhook; their windows are open from now on."""
        values = [change["value"] for entry in request["entry"] for change in entry["changes"]]
        for message in (each for value in values for each in value.get("messages", [])):
            for who in ("from", "from_user_id"):
                if who in message:
                    self.hears(message[who])
        self.push.put(request)

    def approve(self, name: str, body: str, buttons: Sequence[str] = (), status: str = "APPROVED") -> None:
        """A template as the review left it."""
        components: list[Json] = [{"type": "BODY", "text": body}]
        if buttons:
            replies = [{"type": "QUICK_REPLY", "text": text} for text in buttons]
            components.append({"type": "BUTTONS", "buttons": replies})
        self._template({"name": name, "language": "id", "category": "UTILITY", "components": components})
        self.state.templates[name]["status"] = status

    def fault(self, **fields: Any) -> None:
        """Set a fault (see `Fault`) for `messages`, `media`, `number`, `templates` or "*"."""
        self.faults.active.append(Fault(**fields))

    def refuse(self, code: int, status: int = 400, **fields: Any) -> None:
        """Answer the next message with this error."""
        more = {"code": code, **fields.pop("more", {})}
        self.fault(**{"method": "messages", "status": status, "parameters": more, **fields})

    # -- HTTP --------------------------------------------------------------------------------

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """One request, as ASGI has it."""
        request = Request(dict(scope), receive)
        try:
            answer = await self._answer(request)
        except Refusal as refusal:
            answer = JSONResponse(refusal.answer, refusal.status)
        except Dropped:
            send.__self__.transport.abort()  # ASGI knows no way to hang up
            return
        await answer(dict(scope), receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal(190, "Invalid OAuth access token", 401)
        _, version, *path = request.url.path.split("/")
        if version == "files":
            found = self.state.media.get(path[0])
            return Response(found.data, media_type=found.mime) if found else Response(status_code=404)
        if version != VERSION:
            raise Refusal(2500, "Unknown path components")
        return await self._spoilt(request, path)

    async def _spoilt(self, request: Request, path: list[str]) -> Response:
        """The answer, or what a fault makes of it."""
        body = await _read(request)
        name, to = _named(path), str(body.get("to") or body.get("recipient") or "")
        self.calls.append((f"{request.method} {name}", to))
        fault = self.faults.hit(name, to)
        if fault:
            await asyncio.sleep(fault.delay)
            if fault.refuse:
                raise Dropped
            if fault.status:
                return _faulty(fault)
        answer = JSONResponse(self._run(request, path, body))
        if fault:
            await asyncio.sleep(fault.hang)
            if fault.drop:
                raise Dropped
            if fault.raw is not None:
                return Response(fault.raw, media_type="application/json")
        return answer

    def _run(self, request: Request, path: list[str], body: Json) -> Json:
        match request.method, path:
            case "POST", [phone, "messages"] if phone == PHONE_NUMBER_ID:
                return self._mark(body) if body.get("status") == "read" else self._message(body)
            case "POST", [phone, "media"] if phone == PHONE_NUMBER_ID:
                return self._upload(body)
            case "GET", [phone] if phone == PHONE_NUMBER_ID:
                return self._number(request.query_params.get("fields", "").split(","))
            case _, [account, "message_templates"] if account == ACCOUNT_ID:
                name = request.query_params.get("name", "")
                kept = [each for each in self.state.templates.values() if name in each["name"]]
                return self._template(body) if request.method == "POST" else {"data": kept}
            case _, [media] if media in self.state.media:
                return self._located(media) if request.method == "GET" else self._deleted(media)
        raise Refusal(100, f"Object with ID '{path[0]}' does not exist", error_subcode=33)

    # -- what the methods do -----------------------------------------------------------------

    def _message(self, payload: Json) -> Json:
        self._judge(payload)
        to = str(payload.get("to") or payload.get("recipient"))
        self._keep_pace(to)
        if payload["type"] == "template":
            self._fill(payload["template"])
        for media in _media_of(payload):
            if media not in self.state.media:
                raise Refusal(131009, "Parameter value is not valid")
        closed = payload["type"] != "template" and self.state.windows.get(to, self.now()) <= self.now()
        if closed and self.refuses == "now":
            raise Refusal(131047, "Re-engagement message")
        message = Sent(wamid(to, FIRST + len(self.sent)), to, payload, 131047 if closed else 0)
        self.sent.append(message)
        self.noted.set()
        self._tell(message)
        who = {"wa_id": to} if "to" in payload else {"user_id": to}
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to} | who],
            "messages": [{"id": message.id}],
        }
        if self.shapes and (wrong := self.shapes.of("MessageResponsePayload", answer)):
            self.violations.append(f"our answer: {wrong}")
        return answer

    def _tell(self, message: Sent) -> None:
        """How far it has come, before the answer to who sent it."""
        for stage in ("failed",) if message.failed else self.stages:
            self.push.put(status(message, stage, self.now()))

    def _judge(self, payload: Json) -> None:
        """Refuse what WhatsApp would refuse; note what its description does not know."""
        if self.shapes and (wrong := self.shapes.message(payload)):
            self.violations.append(wrong)
        if ("to" in payload) == ("recipient" in payload):
            raise Refusal(131008, "Required parameter is missing")
        if lines := limits(payload):
            raise Refusal(131009, "; ".join(lines))

    def _keep_pace(self, to: str) -> None:
        if not self.pair_burst:
            return
        now = self.now()
        until = max(self.state.paces.get(to, now), now) + PAIR
        if until - now > self.pair_burst * PAIR:
            raise Refusal(131056, "(Business Account, Consumer Account) pair rate limit hit")
        self.state.paces[to] = until

    def _fill(self, template: Json) -> None:
        """The template must be approved, and its words and buttons those that were approved."""
        found = self.state.templates.get(template["name"])
        if not found or found["status"] != "APPROVED" or template["language"]["code"] != found["language"]:
            raise Refusal(132001, "Template name does not exist in the translation", 404)
        texts = {part["type"]: part for part in found["components"]}
        wanted = set(_WORDS.findall(texts["BODY"]["text"]))
        components = template.get("components", [])
        given = {
            word["parameter_name"]
            for part in components
            if part["type"] == "body"
            for word in part["parameters"]
        }
        pressed = {int(part["index"]) for part in components if part["type"] == "button"}
        if given != wanted or not pressed <= set(range(len(texts.get("BUTTONS", {}).get("buttons", [])))):
            raise Refusal(132000, "Number of parameters does not match the expected number of params")

    def _mark(self, payload: Json) -> Json:
        if self.shapes and (wrong := self.shapes.message(payload)):
            self.violations.append(wrong)
        self.state.read.append(payload["message_id"])
        return {"success": True}

    def _upload(self, form: Json) -> Json:
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, Media):
            raise Refusal(100, "The parameter messaging_product is required.")
        return {"id": self.state.new_media(file.data, file.mime, file.name)}

    def _number(self, wanted: Sequence[str]) -> Json:
        known = {"display_phone_number": "+62 811-5550-0010", "verified_name": "Payung Desa"}
        known["quality_rating"] = self.quality
        return {"id": PHONE_NUMBER_ID} | {name: value for name, value in known.items() if name in wanted}

    def _deleted(self, media: str) -> Json:
        del self.state.media[media]
        return {"success": True}

    def _located(self, media: str) -> Json:
        found = self.state.media[media]
        digest = hashlib.sha256(found.data).hexdigest()
        return {
            "messaging_product": "whatsapp", "id": media, "mime_type": found.mime, "sha256": digest,
            "file_size": len(found.data), "url": f"{self.address}/files/{media}?ext=1&hash=made-up",
        }  # fmt: skip

    def _template(self, body: Json) -> Json:
        number = str(594_425_479_261_596 + len(self.state.templates))
        self.state.templates[body["name"]] = body | {"id": number, "status": "PENDING"}
        return {"id": number, "status": "PENDING", "category": body.get("category", "UTILITY")}


def _named(path: list[str]) -> str:
    """What a fault is set for."""
    return {"messages": "messages", "media": "media", "message_templates": "templates"}.get(
        path[-1], "number" if path[0] == PHONE_NUMBER_ID else "media"
    )


async def _read(request: Request) -> Json:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        async with request.form() as form:
            return {name: await _field(value) for name, value in form.items()}
    found = json.loads(await request.body() or b"{}")
    return found if isinstance(found, dict) else {}


async def _field(value: Any) -> Any:
    return value if isinstance(value, str) else Media(await value.read(), value.content_type, value.filename)


def _media_of(payload: Json) -> list[str]:
    kind = payload["type"]
    place = payload[kind].get("header", {}) if kind == "interactive" else payload
    return [place[name]["id"] for name in ("document", "image") if name in place]


def _faulty(fault: Fault) -> Response:
    if fault.raw is not None:
        return Response(fault.raw, fault.status)
    error = {"message": fault.description or "made up", "type": "OAuthException", "code": 100}
    return JSONResponse({"error": error | dict(fault.parameters)}, fault.status)
