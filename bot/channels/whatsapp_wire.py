"""The wire to the Cloud API: pywa's Graph client over our own httpx session, and its errors as ours.

Two things pywa does are left out: it follows media addresses and redirects anywhere with the token
in the header, and its own receiving.  See https://developers.facebook.com/docs/whatsapp/cloud-api.
"""

import asyncio
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

import httpx
from pywa.errors import WhatsAppError
from pywa_async.api import GraphAPIAsync

from bot.channels.whatsapp_errors import LOST, REFUSED, REFUSED_PAUSE, of_code
from bot.channels.whatsapp_messages import NAME
from bot.channels.whatsapp_news import masked
from bot.errors import GiveUp, SendError, TryLater, Unsure
from bot.messages import Document

VERSION = "23.0"
OFFICIAL = "https://graph.facebook.com"
CONNECT_SECONDS = 5.0  # a free connection included
TOTAL_SECONDS = 180.0  # a backstop: whoever calls sets a shorter deadline
CONNECTIONS = 64
NO_OBJECT = (100, 33)
SILENCE = timedelta(seconds=10)  # between two looks whether anybody answers

_MEDIA = re.compile(r"[A-Za-z0-9_-]{1,128}")
_HOST, _HOSTS = "lookaside.fbsbx.com", ".fbcdn.net"

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Access:
    """Our number at WhatsApp, and what opens it."""

    token: str = field(repr=False)
    phone_id: str
    business_id: str  # of the WhatsApp business account: its templates
    app_secrets: tuple[str, ...] = field(repr=False)  # the newest first; an old one holds while it is changed
    verify_token: str = field(repr=False)
    api: str = OFFICIAL


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for, in seconds."""

    send: float = 15.0  # well under the lease of a row in delivery
    upload: float = 30.0  # with the message that follows still under it
    download: float = 120.0


@dataclass(slots=True)
class Health:
    """What the operator should know of the connection."""

    refused: bool = False  # the token, its rights or our number: nothing goes out until it is set right
    no_number: bool = False  # of these: the token is good, and there is no such number for it


@dataclass(frozen=True, slots=True)
class Number:
    """Our number as WhatsApp knows it; `quality` is GREEN, YELLOW, RED or UNKNOWN."""

    shown: str
    name: str
    quality: str


class _Api(GraphAPIAsync):
    """Reads errors of any shape, and keeps their texts, which quote numbers, out of everything.

    The short title for people stays, without any long number: it alone says why a template is refused.
    """

    @staticmethod
    def _extract_error(res: httpx.Response) -> Answer:
        """The error's numbers; a negative code is the status of an answer that is not Graph's."""
        try:
            error = res.json()["error"]
            code, subcode = int(error["code"]), int(error.get("error_subcode") or 0)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            code, subcode, error = -res.status_code, 0, {}
        transient, title = error.get("is_transient") is True, error.get("error_user_title")
        shown = masked(title) if isinstance(title, str) else ""
        return {"code": code, "error_subcode": subcode, "is_transient": transient, "message": shown}


class Graph:
    """The Graph API for one number.  Every method raises `SendError` and nothing else."""

    def __init__(self, access: Access, pace: Pace = Pace(), connect_seconds: float = CONNECT_SECONDS) -> None:
        self.access = access
        self.health = Health()
        self._pace = pace
        self._silent = False  # the last request was never answered
        # The environment is not asked for proxies or for passwords of hosts.
        self._session = httpx.AsyncClient(
            timeout=httpx.Timeout(TOTAL_SECONDS, connect=connect_seconds, pool=connect_seconds),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
        )
        self._api = _Api(access.token, self._session, float(VERSION))
        self._session.base_url = f"{access.api.rstrip('/')}/v{VERSION}"  # pywa writes the official one

    async def close(self) -> None:
        """Close the connections."""
        await self._session.aclose()

    async def call(
        self, method: str, path: str, deadline: float, *, conversation: str = "", **kwargs: object
    ) -> Answer:
        """Any method of the Graph API; `kwargs` are httpx's (`json`, `params`, …)."""
        ours = path.strip("/").partition("/")[0] in (self.access.phone_id, self.access.business_id)
        asked = self._api.send_raw_request(method, path, **kwargs)
        return await self._ask(asked, deadline, _Asked(conversation, ours, twice=method == "GET"))

    async def message(self, chat: str, kind: str, content: Answer, mark: str, conversation: str) -> str:
        """Send one message to a number or to an id of a person; its `mark` comes back in its statuses."""
        await self._answers_again()
        number = chat.isascii() and chat.isdigit()
        asked = self._api.send_message(
            self.access.phone_id,
            to=chat if number else None,
            recipient=None if number else chat,
            recipient_type="individual",
            typ=kind,
            msg=content,
            biz_opaque_callback_data=mark or None,
        )
        answer = await self._ask(asked, self._pace.send, _Asked(conversation))
        try:
            sent = answer["messages"][0]["id"]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            sent = ""
        if not isinstance(sent, str) or not sent:
            raise Unsure("garbled answer")
        return sent

    async def _answers_again(self) -> None:
        """After a silence, ask for what may be asked twice: no message must spend its few tries on it."""
        if not self._silent:
            return
        try:
            await self.number()
        except SendError as error:
            raise TryLater(str(error), SILENCE, scope=NAME) from None

    async def read(self, message: str, conversation: str) -> None:
        """Mark a message as read, and show that an answer is being written (for 25 seconds)."""
        await self._answers_again()
        asked = self._api.set_indicator(self.access.phone_id, message, "text")
        await self._ask(asked, self._pace.send, _Asked(conversation))

    async def upload(self, document: Document) -> str:
        """Store a file at WhatsApp for sending; gives its id."""
        asked = self._api.upload_media(self.access.phone_id, document.data, document.mime, document.name)
        answer = await self._ask(asked, self._pace.upload, _Asked(twice=True))
        media = answer.get("id")
        if not isinstance(media, str | int) or not media:
            raise TryLater("garbled answer")
        return str(media)

    async def number(self) -> Number:
        """What WhatsApp knows of our number: whether token and number fit together."""
        fields = ("display_phone_number", "verified_name", "quality_rating")
        asked = self._api.get_business_phone_number(self.access.phone_id, fields)
        answer = await self._ask(asked, self._pace.send, _Asked(twice=True))
        if fields[0] not in answer:
            raise TryLater("garbled answer")
        return Number(*(str(answer.get(name) or "") for name in fields))

    async def fetch(self, media: str, limit: int) -> bytes:
        """The content of a file that somebody sent, if it is not larger than `limit` bytes."""
        if not _MEDIA.fullmatch(media):
            raise GiveUp("no id of a file")
        asked = self._api.get_media_url(media)
        found = await self._ask(asked, self._pace.send, _Asked(ours=False, twice=True))
        if _number(found.get("file_size")) > limit:
            raise GiveUp("file too large")
        address = self._trusted(found.get("url"))
        try:
            async with asyncio.timeout(self._pace.download):
                return await self._download(address, limit)
        except (TimeoutError, httpx.HTTPError) as error:
            raise TryLater(f"file not had: {type(error).__name__}") from None

    def _trusted(self, address: object) -> httpx.URL:
        """The address, if the token may go there: to the API itself or to where Meta keeps files."""
        try:
            url = httpx.URL(str(address))
        except httpx.InvalidURL:
            raise GiveUp("no address of a file") from None
        api = self._session.base_url
        if (url.scheme, url.host, url.port) == (api.scheme, api.host, api.port):
            return url
        meta = url.host == _HOST or url.host.endswith(_HOSTS)
        if not meta or url.scheme != "https" or url.port is not None:
            raise GiveUp("a file in a strange place")
        return url

    async def _download(self, address: httpx.URL, limit: int) -> bytes:
        """Stop as soon as it is larger; packed content is not asked for, nor unpacked."""
        content = bytearray()
        headers = {"Accept-Encoding": "identity"}
        async with self._session.stream("GET", address, headers=headers) as answer:
            status = answer.status_code
            if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise TryLater(f"file not had: status {status}")
            if status != HTTPStatus.OK:
                raise GiveUp("file is gone")
            if _number(answer.headers.get("Content-Length")) > limit:
                raise GiveUp("file too large")
            async for piece in answer.aiter_raw():
                content += piece
                if len(content) > limit:
                    raise GiveUp("file too large")
        return bytes(content)

    async def _ask(self, asked: Coroutine[object, object, object], deadline: float, how: "_Asked") -> Answer:
        """Wait for an answer of the API; its errors come out as ours."""
        try:
            async with asyncio.timeout(deadline):
                answer = await asked
        except WhatsAppError as error:
            self._silent = False
            if _is_refusal(error, how):
                self.health.refused = True
                self.health.no_number = (error.code, error.subcode) == NO_OBJECT
            raise outcome(error, how) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL,
                httpx.UnsupportedProtocol, httpx.ProxyError) as error:  # fmt: skip
            raise TryLater(type(error).__name__, scope=NAME) from None
        except (TimeoutError, httpx.HTTPError, ValueError, RecursionError) as error:
            self._silent = isinstance(error, TimeoutError | httpx.TimeoutException)
            raise how.lost(type(error).__name__) from None
        if not isinstance(answer, dict):
            raise how.lost("garbled answer")
        self.health.refused = self.health.no_number = self._silent = False
        return answer


@dataclass(frozen=True, slots=True)
class _Asked:
    """What must be known of a request to know what its failure means."""

    conversation: str = ""
    ours: bool = True  # about our own number or account, which is there
    twice: bool = False  # asking again harms nobody

    def lost(self, why: str) -> SendError:
        """Nobody knows whether it was done."""
        return TryLater(why) if self.twice else Unsure(why)


_AGAIN = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
)


def outcome(error: WhatsAppError, how: _Asked) -> SendError:
    """What an error of the API means.

    https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
    """
    why = f"{type(error).__name__} ({error.code})"
    if _is_refusal(error, how):
        return TryLater(why, REFUSED_PAUSE, scope=NAME)
    if error.code in LOST:
        return how.lost(why)
    return of_code(error.code, why, how.conversation) or _by_status(error, how)


def _is_refusal(error: WhatsAppError, how: _Asked) -> bool:
    """Our own number is "no object" to a token that has nothing to do with it."""
    return error.code in REFUSED or (how.ours and (error.code, error.subcode) == NO_OBJECT)


def _by_status(error: WhatsAppError, how: _Asked) -> SendError:
    """For codes that say nothing more, and answers of somebody who is not the API."""
    status, foreign = error.status_code or 0, error.code < 0
    title = f": {error.message}" if error.message else ""
    why = f"status {status}" if foreign else f"code {error.code}{title}"
    if (
        error.is_transient
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.REQUEST_TIMEOUT
    ):
        return how.lost(why)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater(why, scope=NAME)
    if foreign and status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TryLater(why, REFUSED_PAUSE, scope=NAME)
    return GiveUp(why)


def _number(value: object) -> int:
    """A size as it comes, a number or digits; 0 where there is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
