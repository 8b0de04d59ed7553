"""The wire to the Bot API: python-telegram-bot's request layer over aiohttp, and its errors as ours.

aiohttp because a request costs a fifth of the processor time that it costs over httpx
(0.2 against 1.3 ms, measured); the library tells the answers apart.
"""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote, urlencode

import aiohttp
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # there is no public way to it

from bot.errors import GiveUp, Moved, SendError, TryLater, Unsure

CONNECT_SECONDS = 5.0  # a free connection included
TOTAL_SECONDS = 180.0  # a backstop: whoever calls sets a shorter deadline
CONNECTIONS = 64
LONGEST_PAUSE = timedelta(hours=1)
REFUSED_PAUSE = timedelta(minutes=10)

#: Descriptions of 400 that say: nobody is there any more.
_UNREACHABLE = (
    "chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was kicked",
    "bot is not a member", "group chat was deactivated", "not enough rights to send",
    "have no rights to send", "chat_write_forbidden",
)  # fmt: skip
#: Descriptions of 400 that say: it is already as it should be, or nobody waits for it any more.
_DONE = ("message is not modified", "query is too old", "query id is invalid", "query_id_invalid")
_QUOTED = re.compile(r"\".*|(?<=entities).*", re.DOTALL)


class NotSent(NetworkError):
    """The request never left this machine."""


class Busy(NetworkError):
    """429.  Read here and not by the library, which trips over odd values of `retry_after`."""

    def __init__(self, after: timedelta | None) -> None:
        super().__init__("too many requests")
        self.after = after


class Silent(NetworkError):
    """Nobody answered in time."""

    def __init__(self) -> None:
        super().__init__("no answer in time")


class Refused(NetworkError):
    """Another 4xx than the library knows, such as 413: not done, and never will be."""


class Garbled(TelegramError):
    """An answer that is no JSON object."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("garbled answer")
        self.payload = payload


class Wire(BaseRequest):
    """The library's request interface over one aiohttp session."""

    __slots__ = ("_connect_seconds", "_connections", "_session")

    def __init__(self, connections: int = CONNECTIONS, connect_seconds: float = CONNECT_SECONDS) -> None:
        self._connections = connections
        self._connect_seconds = connect_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """None: whoever asks sets the deadline."""
        return None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session, opened on the running loop at first use."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=self._connect_seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def initialize(self) -> None:
        """Nothing to do: see `session`."""

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    # The library's interface has these seven parameters; the four timeouts are not used.
    async def do_request(  # noqa: PLR0913
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,  # noqa: ARG002
        write_timeout: object = None,  # noqa: ARG002
        connect_timeout: object = None,  # noqa: ARG002
        pool_timeout: object = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One HTTP request; only what the library would misread is raised here."""
        form, headers = _form(request_data) if request_data else (None, _FORM)
        async with (
            _network_errors(),
            self.session.request(method, url, data=form, headers=headers, allow_redirects=False) as answer,
        ):
            status, payload = answer.status, await answer.read()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(_retry_after(payload))
        if HTTPStatus.PAYMENT_REQUIRED <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _KNOWN:
            raise Refused(f"HTTP {status}")
        if status < HTTPStatus.MULTIPLE_CHOICES and b'"result"' not in payload:
            raise Garbled(payload)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """The answer; unlike the library's own this keeps its content out of the log."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            raise Garbled(payload) from None
        if not isinstance(answer, dict) or (answer.get("ok") is True) != ("result" in answer):
            raise Garbled(payload)
        if not isinstance(answer.get("parameters", {}), dict):
            del answer["parameters"]
        return answer

    async def download(self, url: str, limit: int) -> bytes:
        """The file behind the address; stops as soon as it is larger than `limit`."""
        content = bytearray()
        async with _network_errors(), self.session.get(url, allow_redirects=False) as answer:
            if answer.status != HTTPStatus.OK:
                raise (
                    Refused("no file")
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
                    else NetworkError("")
                )
            async for piece in answer.content.iter_any():
                content += piece
                if len(content) > limit:
                    raise GiveUp("file too large")
        return bytes(content)


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_KNOWN = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}


def _form(asked: RequestData) -> tuple[bytes | aiohttp.FormData, Mapping[str, str]]:
    """Body and headers of a request: multipart as soon as there is a file."""
    if not asked.contains_files:
        return urlencode(asked.json_parameters).encode(), _FORM
    form = aiohttp.FormData(asked.json_parameters, default_to_multipart=True, quote_fields=False)
    for field, (name, content, mime) in asked.multipart_data.items():
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(field, body, filename=name, content_type=mime)
    return form, {}


@asynccontextmanager
async def _network_errors() -> AsyncIterator[None]:
    """Tell what surely did not leave from what may have arrived; addresses hold the token: drop them."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        raise NotSent(type(error).__name__) from None
    except (aiohttp.ClientError, OSError) as error:
        raise NetworkError(type(error).__name__) from None


def _retry_after(payload: bytes) -> timedelta | None:
    """How long to wait, in bounds; None if the answer does not say so sensibly."""
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    if not seconds > 0:
        return None
    return timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds()))


def outcome(error: TelegramError, conversation: str) -> SendError | None:
    """What an error of the library means for a letter; None: it counts as done."""
    channel = conversation.partition(":")[0]
    if isinstance(error, BadRequest):  # before NetworkError, whose subclass it is
        return _bad_request(error)
    if isinstance(error, Busy):
        return TryLater("too many requests", error.after, scope=conversation)
    if isinstance(error, NotSent | Conflict | InvalidToken):
        pause = REFUSED_PAUSE if isinstance(error, InvalidToken) else None
        return TryLater(f"{type(error).__name__}: {reason(error)}", pause, scope=channel)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden | Refused):
        return GiveUp(reason(error), unreachable=isinstance(error, Forbidden))
    return Unsure(type(error).__name__)


def _bad_request(error: BadRequest) -> GiveUp | None:
    text = error.message.lower()
    if any(sign in text for sign in _DONE):
        return None
    return GiveUp(reason(error), unreachable=any(sign in text for sign in _UNREACHABLE))


def reason(error: TelegramError) -> str:
    """The error's description without what it quotes of our text."""
    return _QUOTED.sub("", error.message)[:80].strip()


class Api:
    """The methods of one bot."""

    def __init__(self, token: str, address: str) -> None:
        address = address.rstrip("/")
        self.wire = Wire()
        self._methods = f"{address}/bot{token}"
        self._files = f"{address}/file/bot{token}"
        self.bot = Bot(
            token, f"{address}/bot", f"{address}/file/bot", request=self.wire, get_updates_request=self.wire
        )

    async def me(self, deadline: float) -> str:
        """Our own user name, without @; raises `TelegramError` and nothing else."""
        try:
            async with asyncio.timeout(deadline):
                me = await self.bot.get_me()
        except TimeoutError:
            raise Silent from None
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Garbled(b"") from None  # the library takes an answer for what it should be
        if not me.username:
            raise Garbled(b"")
        return me.username

    async def call(self, method: str, parameters: Mapping[str, object], deadline: float) -> object:
        """Call a method of the Bot API; raises `TelegramError` and nothing else."""
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        try:
            async with asyncio.timeout(deadline):
                return await self.wire.post(f"{self._methods}/{method}", data)
        except TimeoutError:
            raise Silent from None

    async def download(self, path: str, limit: int, deadline: float) -> bytes:
        """The content of a file that `getFile` gave a path for."""
        try:
            async with asyncio.timeout(deadline):
                return await self.wire.download(f"{self._files}/{quote(path)}", limit)
        except TimeoutError:
            raise Silent from None
