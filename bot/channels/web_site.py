"""The pages and the interface through which the web chat is tried.

One person plays everybody here, so there is no login: it is served by the demo alone, over a
database that is thrown away.  Addresses: `/` and `/chat/{persona}` are pages, `/api/…` speaks JSON
to scripts and pieces of HTML to the page (which htmx marks with the header `HX-Request`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels import web_pages as pages
from bot.channels.base import Accept
from bot.channels.web import Web
from bot.channels.web_chats import Chats, Persona, as_json
from bot.channels.web_events import events
from bot.channels.web_reading import read_fields, read_moment, read_post
from bot.errors import GiveUp

Endpoint = Callable[[Request], Awaitable[Response]]

#: Nothing from elsewhere runs or shows on the page, whatever somebody manages to write into a chat.
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def routes(
    webs: Sequence[Web],
    accept: Accept,
    now: Callable[[], datetime],
    advance: Callable[[datetime], Awaitable[None]],
) -> list[Route | Mount]:
    """The pages and the interface of the channels that share a page; `advance` plays the clock on."""
    site = _Site(webs[0].chats, {web.name: web for web in webs}, accept, now, advance)
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
    chats: Chats
    webs: Mapping[str, Web]
    accept: Accept
    now: Callable[[], datetime]
    advance: Callable[[datetime], Awaitable[None]]

    async def home(self, _: Request) -> Response:
        return HTMLResponse(pages.page(self.chats, None), headers=_GUARDS)

    async def opened(self, request: Request) -> Response:
        persona = self.chats.personas.get(request.path_params["persona"])
        if persona is None:
            return HTMLResponse(pages.lost(), 404, headers=_GUARDS)
        with self.chats.watched(persona.id):
            shown = pages.page(self.chats, persona)
        await self._report(persona)
        return HTMLResponse(shown, headers=_GUARDS)

    async def personas(self, _: Request) -> Response:
        chats = self.chats
        hidden = {"person"}
        rows = [asdict(each) | {"unread": chats.unread[each.id]} for each in chats.personas.values()]
        return JSONResponse([{name: row[name] for name in row if name not in hidden} for row in rows])

    async def messages(self, request: Request) -> Response:
        persona = self._persona(request)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            raise HTTPException(400, "Isi after harus angka: nomor pesan terakhir yang sudah ada.")
        return JSONResponse(
            [as_json(persona.id, each) for each in self.chats.of(persona.id, int(after[:18]))]
        )

    async def post(self, request: Request) -> Response:
        _same_site(request)
        persona = self._persona(request)
        post = await read_post(request)
        if post.reply_to and self.chats.find(persona.id, post.reply_to) is None:
            raise HTTPException(404, "Pesan yang dibalas tidak ada di percakapan ini.")
        message, arrival = self.webs[persona.channel].say(persona, post)
        await self.accept([arrival])
        await self._report(persona)
        if not _is_page(request):
            return JSONResponse(as_json(persona.id, message) if message else {"id": None})
        if message is None:
            return HTMLResponse("")
        return HTMLResponse(pages.bubble(persona, message, pages.opens_day(self.chats, persona, message)))

    async def _report(self, reader: Persona) -> None:
        """Whoever looks at a chat has read it: where the app tells the bot so, it hears it now."""
        for web in self.webs.values():
            if reports := web.reports(reader.id):
                await self.accept(reports)

    async def file(self, request: Request) -> Response:
        persona = self._persona(request)
        try:
            found = self.webs[persona.channel].file_of(persona.id, request.path_params["number"])
        except GiveUp:
            raise HTTPException(404, "Berkas itu tidak ada di percakapan ini.") from None
        name = quote(found.name, safe="", errors="replace")
        saved = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
        return Response(found.data, media_type=found.mime, headers=_GUARDS | saved)

    async def events(self, request: Request) -> Response:
        persona = self._persona(request) if "persona" in request.path_params else None
        seen = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        return EventSourceResponse(events(self.chats, persona, seen, page=_is_page(request)))

    async def clock(self, request: Request) -> Response:
        persona = self._shown(request.query_params)
        return self._clock(persona, _is_page(request))

    async def move(self, request: Request) -> Response:
        _same_site(request)
        fields = await read_fields(request)
        persona = self._shown(fields)
        shown = persona or next(iter(self.chats.personas.values()))
        moment = read_moment(fields, self.now(), ZoneInfo(shown.zone))
        if self.chats.playing:
            raise HTTPException(409, "Waktu sedang diputar. Tunggu sebentar.")
        self.chats.play(True)
        try:
            await self.advance(moment)
        finally:
            self.chats.play(False)
        return self._clock(persona, _is_page(request))

    def _clock(self, persona: Persona | None, page: bool) -> Response:
        if page:
            return HTMLResponse(pages.clock(self.chats, persona))
        return JSONResponse({"now": self.now().isoformat(timespec="seconds"), "playing": self.chats.playing})

    def _persona(self, request: Request) -> Persona:
        persona = self.chats.personas.get(request.path_params["persona"])
        if persona is None:
            raise HTTPException(404, "Percakapan itu tidak ada. Daftarnya: /api/personas.")
        return persona

    def _shown(self, fields: Mapping[str, object]) -> Persona | None:
        return self.chats.personas.get(str(fields.get("chat", "")))


def _is_page(request: Request) -> bool:
    return "hx-request" in request.headers


def _same_site(request: Request) -> None:
    # Browsers say where a request comes from; another page must not talk into the demo.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, "Kiriman dari halaman lain tidak diterima.")
