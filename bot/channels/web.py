"""The web chat of the demo: a channel like any other, and the page through which it is tried.

One person plays everybody here, so there is no login: it is served by the demo alone, over a
database that is thrown away.  Addresses: `/` and `/chat/{persona}` are pages, `/api/…` speaks JSON
to scripts and pieces of HTML to the page (which htmx marks with the header `HX-Request`).
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import wraps
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot import texts
from bot.channels import web_pages as pages
from bot.channels.base import Accept
from bot.channels.web_chats import Change, Chats, Message, Persona, as_json
from bot.channels.web_events import events
from bot.channels.web_reading import Post, read_fields, read_moment, read_post
from bot.clock import Clock
from bot.errors import GiveUp, Unreadable
from bot.messages import Address, Arrival, Choice, Document, File, Incoming, Kind, Letter

__all__ = ["Persona", "Web", "routes"]

Endpoint = Callable[[Request], Awaitable[Response]]

#: Nothing from elsewhere runs or shows on the page, whatever somebody manages to write into a chat.
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Web:
    """The channel: every persona has one chat with the bot."""

    name = "web"

    def __init__(self, personas: Sequence[Persona], clock: Clock) -> None:
        self.chats = Chats(personas, clock)
        self._files: dict[str, bytes] = {}
        self._posted: dict[str, Message | None] = {}
        self._sent: dict[str, str] = {}
        self._labels: dict[tuple[str, str], tuple[str, Message]] = {}

    def parse(self, body: bytes) -> Incoming:
        """Read what `say` wrote."""
        try:
            raw = json.loads(body)
            persona = self.chats.personas[raw["chat"]]
            return Incoming(
                address=Address(self.name, persona.id),
                sender=persona.person,
                external_id=str(raw["id"]),
                at=datetime.fromisoformat(raw["at"]).astimezone(UTC),
                text=str(raw["text"]),
                choice=str(raw["choice"]),
                tap=str(raw["id"]) if raw["choice"] else "",
                message=str(raw["message"]),
                name=persona.name,
                file=File(**raw["file"]) if raw["file"] else None,
                group=persona.room,
                shape=str(raw["shape"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"web: {type(error).__name__}") from error

    def is_group(self, chat: str) -> bool:
        """Whether the chat is a room; one that is unknown counts as one, to be safe."""
        persona = self.chats.personas.get(chat)
        return persona is None or persona.room

    async def send(self, letter: Letter) -> str:
        """Show a letter in its chat; the page learns of it through the journal."""
        chat = letter.to.chat
        if chat not in self.chats.personas:
            raise GiveUp("no such chat", unreachable=True)
        match letter.kind:
            case Kind.TEXT:
                return self._append(letter)
            case Kind.EDIT | Kind.CLOSE | Kind.PIN:
                self._change(letter)
            case Kind.ANSWER:
                self.chats.record(Change.NOTICE, chat, text=texts.plain(letter.text))
            case Kind.LEAVE:
                text = letter.text or "Payung Desa keluar dari grup ini."
                self.chats.add(chat, Message(mine=False, text=text, at=self.chats.clock.now(), note=True))
        return ""

    async def fetch(self, file: File, limit: int) -> bytes:
        """The bytes of an uploaded file."""
        content = self._files.get(file.id)
        if content is None:
            raise GiveUp("no such file")
        if len(content) > limit:
            raise GiveUp("file larger than allowed")
        return content

    def file_of(self, chat: str, number: str) -> Document:
        """The file of this chat's message `number`; `GiveUp` if there is none."""
        message = self.chats.find(chat, number)
        if message is None or message.file is None:
            raise GiveUp("no such file")
        # What a person's browser claimed of a file is not repeated to another browser.
        mime = "application/octet-stream" if message.mine else message.file.mime
        return Document(message.file.name, mime, self._files[message.file.id])

    def say(self, persona: Persona, post: Post) -> tuple[Message | None, Arrival]:
        """Show what a person did as their own bubble, once, and what is to be accepted for it.

        A press of something that never hung in this chat has no label to show: the bot decides
        what to answer.
        """
        if post.key not in self._posted:
            self._posted[post.key] = self._bubble(persona, post)
        mine = self._posted[post.key]
        label = self._labels.get((persona.id, post.choice))
        pressed = label[1].id if label else ""
        file = mine.file if mine and post.upload else None
        body = {
            "id": f"web:{post.key}",
            "chat": persona.id,
            "at": (mine.at if mine else self.chats.clock.now()).isoformat(),
            "text": "" if post.choice else post.text,
            "choice": post.choice,
            "message": str(pressed if post.choice else mine.id if mine else ""),
            "file": asdict(file) if file else None,
            "shape": _shape(post),
        }
        address = Address(self.name, persona.id)
        return mine, Arrival(self.name, f"web:{post.key}", address.conversation, json.dumps(body).encode())

    def _bubble(self, persona: Persona, post: Post) -> Message | None:
        text, file = post.text, None
        if post.choice:
            if (persona.id, post.choice) not in self._labels:
                return None
            text = self._labels[persona.id, post.choice][0]
        elif post.upload:
            file = self._kept(Document(post.upload.name, post.upload.mime, post.upload.content))
        return self.chats.add(persona.id, Message(mine=True, text=text, at=self.chats.clock.now(), file=file))

    def _kept(self, document: Document) -> File:
        file = File(uuid4().hex, document.name, document.mime, len(document.data))
        self._files[file.id] = document.data
        return file

    def _append(self, letter: Letter) -> str:
        # Unlike a real platform this one can tell that it has shown a letter already.
        if letter.key and letter.key in self._sent:
            return self._sent[letter.key]
        at = self.chats.clock.now()
        file = self._kept(letter.attachment) if letter.attachment else None
        message = self.chats.add(letter.to.chat, Message(False, letter.text, at, letter.choices, file))
        self._remember(letter.to.chat, letter.choices, message)
        if letter.key:
            self._sent[letter.key] = str(message.id)
        return str(message.id)

    def _change(self, letter: Letter) -> None:
        message = self.chats.find(letter.to.chat, letter.message)
        if message is None or message.mine:
            raise GiveUp("no such message")
        if letter.kind is Kind.PIN:
            self.chats.pin(letter.to.chat, message)
            return
        message.text = letter.text if letter.kind is Kind.EDIT else message.text
        message.choices = letter.choices
        self._remember(letter.to.chat, letter.choices, message)
        self.chats.record(Change.EDIT, letter.to.chat, message)

    def _remember(self, chat: str, choices: Sequence[Choice], message: Message) -> None:
        for choice in choices:
            self._labels[chat, choice.id] = choice.label, message


def routes(
    web: Web,
    accept: Accept,
    now: Callable[[], datetime],
    advance: Callable[[datetime], Awaitable[None]],
) -> list[Route | Mount]:
    """The pages and the interface of the web chat; `advance` plays the clock on to a moment."""
    site = _Site(web, accept, now, advance)
    chat = "/api/chats/{persona}"
    return [
        Route("/", site.home),
        Route("/chat/{persona}", site.opened),
        Route("/api/personas", _told(site.personas)),
        Route(f"{chat}/messages", _told(site.messages)),
        Route(f"{chat}/messages", _told(site.post), methods=["POST"]),
        Route(f"{chat}/files/{{number}}", _told(site.file)),
        Route(f"{chat}/events", _told(site.events)),
        Route("/api/events", _told(site.events)),
        Route("/api/clock", _told(site.clock)),
        Route("/api/clock", _told(site.move), methods=["POST"]),
        Mount("/static", StaticFiles(directory=pages.STATIC)),
    ]


def _told(endpoint: Endpoint) -> Endpoint:
    """Refusals as JSON with one sentence."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException as refusal:
            return JSONResponse({"error": refusal.detail}, refusal.status_code)

    return answer


@dataclass
class _Site:
    web: Web
    accept: Accept
    now: Callable[[], datetime]
    advance: Callable[[datetime], Awaitable[None]]

    async def home(self, _: Request) -> Response:
        return HTMLResponse(pages.page(self.web.chats, None), headers=_GUARDS)

    async def opened(self, request: Request) -> Response:
        persona = self.web.chats.personas.get(request.path_params["persona"])
        if persona is None:
            return HTMLResponse(pages.lost(), 404, headers=_GUARDS)
        with self.web.chats.watched(persona.id):
            shown = pages.page(self.web.chats, persona)
        return HTMLResponse(shown, headers=_GUARDS)

    async def personas(self, _: Request) -> Response:
        chats = self.web.chats
        hidden = {"person"}
        rows = [asdict(each) | {"unread": chats.unread[each.id]} for each in chats.personas.values()]
        return JSONResponse([{name: row[name] for name in row if name not in hidden} for row in rows])

    async def messages(self, request: Request) -> Response:
        persona = self._persona(request)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            raise HTTPException(400, "Isi after harus angka: nomor pesan terakhir yang sudah ada.")
        return JSONResponse(
            [as_json(persona.id, each) for each in self.web.chats.of(persona.id, int(after[:18]))]
        )

    async def post(self, request: Request) -> Response:
        _same_site(request)
        persona = self._persona(request)
        message, arrival = self.web.say(persona, await read_post(request))
        await self.accept([arrival])
        if not _is_page(request):
            return JSONResponse(as_json(persona.id, message) if message else {"id": None})
        if message is None:
            return HTMLResponse("")
        return HTMLResponse(pages.bubble(persona, message, pages.opens_day(self.web.chats, persona, message)))

    async def file(self, request: Request) -> Response:
        persona = self._persona(request)
        try:
            found = self.web.file_of(persona.id, request.path_params["number"])
        except GiveUp:
            raise HTTPException(404, "Berkas itu tidak ada di percakapan ini.") from None
        name = quote(found.name, safe="", errors="replace")
        saved = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
        return Response(found.data, media_type=found.mime, headers=_GUARDS | saved)

    async def events(self, request: Request) -> Response:
        persona = self._persona(request) if "persona" in request.path_params else None
        seen = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        return EventSourceResponse(events(self.web.chats, persona, seen, page=_is_page(request)))

    async def clock(self, request: Request) -> Response:
        persona = self._shown(request.query_params)
        return self._clock(persona, _is_page(request))

    async def move(self, request: Request) -> Response:
        _same_site(request)
        fields = await read_fields(request)
        persona = self._shown(fields)
        shown = persona or next(iter(self.web.chats.personas.values()))
        moment = read_moment(fields, self.now(), ZoneInfo(shown.zone))
        if self.web.chats.playing:
            raise HTTPException(409, "Waktu sedang diputar. Tunggu sebentar.")
        self.web.chats.play(True)
        try:
            await self.advance(moment)
        finally:
            self.web.chats.play(False)
        return self._clock(persona, _is_page(request))

    def _clock(self, persona: Persona | None, page: bool) -> Response:
        if page:
            return HTMLResponse(pages.clock(self.web.chats, persona))
        return JSONResponse(
            {"now": self.now().isoformat(timespec="seconds"), "playing": self.web.chats.playing}
        )

    def _persona(self, request: Request) -> Persona:
        persona = self.web.chats.personas.get(request.path_params["persona"])
        if persona is None:
            raise HTTPException(404, "Percakapan itu tidak ada. Daftarnya: /api/personas.")
        return persona

    def _shown(self, fields: Mapping[str, object]) -> Persona | None:
        return self.web.chats.personas.get(str(fields.get("chat", "")))


def _shape(post: Post) -> str:
    if post.choice:
        return "tap"
    if post.upload is None:
        return "text"
    return "photo" if post.upload.mime.startswith("image/") else "document"


def _is_page(request: Request) -> bool:
    return "hx-request" in request.headers


def _same_site(request: Request) -> None:
    # Browsers say where a request comes from; another page must not talk into the demo.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, "Kiriman dari halaman lain tidak diterima.")
