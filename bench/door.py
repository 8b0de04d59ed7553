"""The bot's real adapters without a network: what comes in is posted to them, what goes out is kept."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.errors import GiveUp
from bot.messages import File, Letter


@dataclass
class Sink:
    """What would be sent: the newest letters, and how many there were."""

    letters: deque[Letter] = field(default_factory=lambda: deque(maxlen=400))
    count: int = 0

    def take(self, letter: Letter) -> str:
        """It has arrived."""
        self.letters.append(letter)
        self.count += 1
        return str(self.count)


class OnTelegram(Telegram):
    """The real adapter, without its network."""

    sink: Sink

    async def send(self, letter: Letter) -> str:
        """Into the sink."""
        return self.sink.take(letter)

    async def fetch(self, file: File, limit: int) -> bytes:
        """A photo; nothing else can be had."""
        return _photo(file, limit)


class OnWhatsApp(WhatsApp):
    """The real adapter, without its network."""

    sink: Sink

    async def send(self, letter: Letter) -> str:
        """Into the sink."""
        return self.sink.take(letter)

    async def fetch(self, file: File, limit: int) -> bytes:
        """A photo; nothing else can be had."""
        return _photo(file, limit)


def _photo(file: File, limit: int) -> bytes:
    if not file.mime.startswith("image/") or file.size > limit:
        raise GiveUp("no such file")
    return b"a photo."


async def request(application: Starlette, path: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post it, and return the status."""
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])
    status: list[int] = []

    async def receive() -> dict[str, Any]:
        return next(parts, {"type": "http.disconnect"})

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https", "path": path,
             "raw_path": path.encode(), "root_path": "", "query_string": b"", "headers": raw, "client": None, "server": None}  # fmt: skip
    await application(scope, receive, send)  # type: ignore[arg-type]
    return status[0]
