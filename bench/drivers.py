"""What the crash bench must know of a platform: how people write there, and what it keeps of us."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bench import officers, oracle
from bench.officers import Step
from bench.oracle import Quiet
from bench.platform import Platform
from bench.process import Child, telegram
from bot.messages import Address
from bot.points import NAMES
from bot.store.database import Tx

#: Points that are reached only where the platform calls us.
WEBHOOK = ("before_200", "after_200")


class Driver(Protocol):
    """One platform that survives every kill."""

    points: Sequence[str]  # of the way that its events take

    @property
    def arrivals(self) -> list[dict[str, Any]]:
        """The messages that arrived, see `judge.judge_messages`."""
        ...

    @property
    def sent_count(self) -> int:
        """How many messages have arrived."""
        ...

    @property
    def idle(self) -> bool:
        """Whether everything that was done there has been taken in."""
        ...

    def at(self, chat: int) -> Address:
        """See `officers.At`."""
        ...

    def chat(self, stored: str) -> int:
        """The account behind the chat of an outbox row."""
        ...

    def external_id(self, update: str) -> str:
        """The id under which the inbox keeps what `do` returned."""
        ...

    def settings(self, point: str, port: int) -> dict[str, str]:
        """What switches the channel on, for a bot that is to be killed at this point."""
        ...

    def prepare(self, tx: Tx) -> None:
        """What the platform has told the bot before the bench begins."""
        ...

    def can(self, chat: int, step: Step) -> bool:
        """Whether the person can take this step: a button must have been shown."""
        ...

    def do(self, chat: int, step: Step) -> str:
        """Take the step; returns the id of what is brought to the bot."""
        ...

    def quiet(self, folder: Path) -> AbstractAsyncContextManager[Quiet]:
        """A bot on this channel that nothing disturbs."""
        ...

    def disagreements(self, tx: Tx) -> list[str]:
        """Where the outbox says something else than the platform's own book."""
        ...

    async def until(self, true: Callable[[], bool], bot: Child, what: str) -> float:
        """See `platform.Watched`."""
        ...

    async def something(self, seconds: float) -> None:
        """See `platform.Watched`."""
        ...


class AtTelegram(Platform):
    """Telegram, polled; with a webhook where one is to be killed in."""

    points = NAMES

    @property
    def arrivals(self) -> list[dict[str, Any]]:
        """See `Driver`: every call, those that were refused as well."""
        return self.calls

    @property
    def idle(self) -> bool:
        """See `Driver`."""
        return not self.state.updates

    def at(self, chat: int) -> Address:
        """See `Driver`."""
        return officers.at_telegram(chat)

    def chat(self, stored: str) -> int:
        """See `Driver`."""
        return int(stored)

    def external_id(self, update: str) -> str:
        """See `Driver`."""
        return update

    def settings(self, point: str, port: int) -> dict[str, str]:
        """See `Driver`."""
        found = telegram(self.address, self.token)
        if point in WEBHOOK:
            found |= {
                "PAYUNG_TELEGRAM_MODE": "webhook",
                "PAYUNG_TELEGRAM_SECRET": "made-up-secret-of-the-bench",
                "PAYUNG_PUBLIC_URL": f"http://127.0.0.1:{port}",
            }
        return found

    def prepare(self, tx: Tx) -> None:
        """See `Driver`: nothing."""

    def do(self, chat: int, step: Step) -> str:
        """See `Driver`."""
        return str(super().do(chat, step))

    def quiet(self, folder: Path) -> AbstractAsyncContextManager[Quiet]:
        """See `Driver`."""
        return oracle.in_memory(folder)

    def disagreements(self, tx: Tx) -> list[str]:  # noqa: ARG002
        """See `Driver`: Telegram keeps no such book."""
        return []


@asynccontextmanager
async def at_telegram(
    folder: Path, _port: int, _now: Callable[[], datetime], _seed: int
) -> AsyncIterator[Driver]:
    """A Telegram that notes in `folder` what arrived."""
    async with AtTelegram(folder / "calls.jsonl") as platform:
        yield platform
