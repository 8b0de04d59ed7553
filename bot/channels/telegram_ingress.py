"""How updates come in: asked for (polling) or brought (webhook).

Either way the raw update is committed first and acknowledged after, and what nobody can read is
handed over like everything else.  See https://core.telegram.org/bots/api#getting-updates.
"""

import asyncio
import hmac
import json
import random
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import logs
from bot.channels.base import Accept
from bot.channels.fields import LARGEST
from bot.channels.posted import whole
from bot.channels.telegram_updates import NAME, conversation
from bot.channels.telegram_wire import Api, Busy, Garbled
from bot.clock import Clock
from bot.errors import Misconfigured
from bot.messages import Arrival
from bot.points import reached

#: Said with every call: what is left out keeps the setting of an earlier program.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BATCH = 100
BODY_LIMIT = 1 << 20
#: After a week of silence Telegram goes on counting anywhere: a day before, forget where we were.
SILENCE = timedelta(days=6)

_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

T = TypeVar("T")
log = logs.get(__name__)


@dataclass(frozen=True)
class Pace:
    """How long things are waited for, in seconds."""

    send: float = 18.0  # under what delivery waits: only then is it known here that nobody answered
    upload: float = 48.0  # of a message with a file, the same
    download: float = 120.0
    long_poll: int = 25
    margin: float = 10.0  # over the long poll, until the connection counts as dead
    retry: tuple[float, float] = (1.0, 30.0)  # network errors: first and longest pause
    kept: tuple[float, float] = (1.0, 5.0)  # what we could not commit: nobody is asked too often
    conflict: tuple[float, float] = (5.0, 60.0)
    refused: float = 60.0


@dataclass
class Health:
    """What the operator should know of the connection."""

    refused: bool = False  # the token is wrong or revoked
    conflict: bool = False  # somebody else polls with this token
    last_conflict: datetime | None = None
    last_poll: datetime | None = None

    def failed(self, error: TelegramError) -> None:
        """Take in an error; one of the network says nothing about the token."""
        self.refused = self.refused or isinstance(error, InvalidToken)
        self.conflict = self.conflict or isinstance(error, Conflict)


class Backoff:
    """How long to wait after one failure, and after the next."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.failures = 0

    def after(self, error: TelegramError) -> float:
        """The seconds to wait after this error."""
        if isinstance(error, InvalidToken):
            return self.pace.refused
        if isinstance(error, Busy) and error.after:
            return error.after.total_seconds()
        return self.next(self.pace.conflict if isinstance(error, Conflict) else self.pace.retry)

    def next(self, bounds: tuple[float, float]) -> float:
        """Twice as long each time, up to the longest, a little uneven so that clients spread out."""
        self.failures += 1
        shortest, longest = bounds
        whole: float = min(longest, shortest * 2.0 ** min(self.failures - 1, 10))
        return whole * random.uniform(0.75, 1.0)


async def unless(stop: asyncio.Event, work: Coroutine[object, object, T]) -> T | None:
    """Do the work, or drop it the moment `stop` is set; then None."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        unfinished = [each for each in (task, stopped) if not each.done()]
        for each in unfinished:
            each.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
    return None if task.cancelled() else task.result()


async def committed(accept: Accept, arrivals: Sequence[Arrival]) -> bool:
    """Whether the arrivals are safe; if not, the platform will bring them again."""
    try:
        await accept(arrivals)
    except Exception:  # whatever the store says: not safe, so not acknowledged
        log.exception("arrivals not committed", count=len(arrivals))
        return False
    return True


def arrival(update: object) -> Arrival | None:
    """The raw update as one event; None for what has no id: nothing could be confirmed of it."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if type(update_id) is not int or abs(update_id) >= LARGEST:
        return None
    return Arrival(NAME, str(update_id), conversation(update), json.dumps(update).encode())


def salvaged(body: bytes) -> Arrival | None:
    """An event out of an update that is no JSON: its id alone, so that it does not block others."""
    found = _UPDATE_ID.search(body)
    return found and Arrival(NAME, found[1].decode(), f"{NAME}:?", body)


class Poller:
    """Asks for updates; the offset lives here only, and moves only after the commit."""

    def __init__(self, api: Api, clock: Clock, pace: Pace, health: Health) -> None:
        self.api = api
        self.clock = clock
        self.pace = pace
        self.health = health
        self.offset: int | None = None
        self.limit = BATCH
        self.heard = clock.now()
        self.backoff = Backoff(pace)

    async def run(self, accept: Accept, stop: asyncio.Event) -> None:
        """Poll until `stop` is set."""
        while not stop.is_set():
            pause = await self._round(accept, stop)
            if pause:
                await unless(stop, asyncio.sleep(pause))

    async def _round(self, accept: Accept, stop: asyncio.Event) -> float:
        """One request and its commit; the seconds to wait before the next."""
        try:
            updates = await unless(stop, self._ask())
        except Garbled as error:
            return await self._garbled(error, accept)
        except TelegramError as error:
            self.health.failed(error)
            if isinstance(error, Conflict):
                self.health.last_conflict = self.clock.now()
            log.warning("polling failed", error=type(error).__name__)
            return self.backoff.after(error)
        if updates is None:
            return 0
        reached("after_getupdates")
        self.health.refused = self.health.conflict = False
        self.health.last_poll = self.clock.now()
        self.limit = BATCH
        arrivals = [found for found in map(arrival, updates) if found]
        if len(arrivals) < len(updates):
            log.error("updates without an id", count=len(updates) - len(arrivals))
        return await self._take(arrivals, accept, len(updates))

    async def _ask(self) -> list[object]:
        if self.clock.now() - self.heard > SILENCE:
            self.offset = None
        question: dict[str, object] = {
            "timeout": self.pace.long_poll, "limit": self.limit, "allowed_updates": list(ALLOWED_UPDATES)
        }  # fmt: skip
        if self.offset is not None:
            question["offset"] = self.offset
        answer = await self.api.call("getUpdates", question, self.pace.long_poll + self.pace.margin)
        if not isinstance(answer, list):
            raise Garbled(b"")
        return answer

    async def _take(self, arrivals: Sequence[Arrival], accept: Accept, received: int) -> float:
        """Commit, then move the offset."""
        if not received:
            self.backoff.failures = 0
            return 0
        if not arrivals or not await committed(accept, arrivals):
            return self.backoff.next(self.pace.kept)
        self.backoff.failures = 0
        self.heard = self.clock.now()
        self.offset = max(int(each.external_id) for each in arrivals) + 1
        return 0

    async def _garbled(self, error: Garbled, accept: Accept) -> float:
        """One update that is no JSON must not hold up the others: ask for one at a time."""
        if self.limit > 1:
            self.limit = 1
            return self.backoff.next(self.pace.retry)
        found = salvaged(error.payload)
        return await self._take([found] if found else [], accept, 1)


def webhook(secret: str, accept: Accept) -> Route:
    """`POST /telegram`: 200 only once the update is committed; see `Telegram.webhook`."""
    if not _SECRET.fullmatch(secret):
        raise Misconfigured("the webhook's secret must be 1 to 256 letters, digits, _ or -")
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("latin-1")
        if not hmac.compare_digest(given, expected):
            return Response(status_code=403)
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
        return Response(status_code=await _receive(request, accept), background=BackgroundTask(_answered))

    return Route("/telegram", receive, methods=["POST"])


async def _receive(request: Request, accept: Accept) -> int:
    """The status that a genuine request is answered with."""
    try:
        body = await whole(request, BODY_LIMIT)
    except ClientDisconnect:
        return 400
    if body is None:
        return 413
    found = _parsed(body)
    if found is None:
        return 400
    if not await committed(accept, [found]):
        return 503
    reached("before_200")
    return 200


async def _answered() -> None:
    reached("after_200")


def _parsed(body: bytes) -> Arrival | None:
    """The event in the body, kept as it came; None for what is no update.

    One that is no JSON is taken for its id: refused, it would be brought again and again, and hold up its chat.
    """
    try:
        found = arrival(json.loads(body))
    except (RecursionError, ValueError):
        return salvaged(body)
    return found and Arrival(found.channel, found.external_id, found.conversation, body)
