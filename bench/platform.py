"""The fake Telegram of the benches, in the bench's own process: who writes what, and what came back."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from bench.officers import Step
from bench.process import Child
from tests.fakes.bot_api import BotApi

PATIENCE = 60.0  # seconds without what is waited for, and the bench gives up

Listener = Callable[[int, str], None]  # chat, method


class Watched:
    """What a bench waits for at any platform: calls of the bot."""

    def __init__(self) -> None:
        self.sent_count = 0
        self.arrived = asyncio.Event()

    async def until(self, true: Callable[[], bool], bot: Child, what: str) -> float:
        """Wait until it is true; returns when that was."""
        begun = time.perf_counter()
        while not true():
            await self.something(0.5)
            if not bot.running:
                raise SystemExit(f"the bot ended while waiting for {what}:\n{bot.last_words()}")
            if time.perf_counter() - begun > PATIENCE:
                raise SystemExit(f"gave up waiting for {what}:\n{bot.last_words()}")
        return time.perf_counter()

    async def something(self, seconds: float) -> None:
        """Wait for the bot's next call, but no longer than this."""
        self.arrived.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.arrived.wait()


class Platform(Watched, BotApi):
    """Tells a listener of each message that arrives, and knows the buttons each chat was shown."""

    def __init__(self, log: Path | None = None) -> None:
        Watched.__init__(self)
        BotApi.__init__(self, log=log)
        self.listener: Listener | None = None
        self.count: dict[int, int] = defaultdict(int)  # messages a chat has got
        self._buttons: dict[tuple[int, str], tuple[Any, str]] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    def _note(
        self, method: str, chat: str, parameters: Mapping[str, object], status: int, result: object
    ) -> None:
        super()._note(method, chat, parameters, status, result)
        if result is None or not chat:
            return
        if method == "sendMessage" and isinstance(result, dict):
            self.count[int(chat)] += 1
            self.sent_count += 1
            self._learn(int(chat), result)
        if self.listener:
            self.listener(int(chat), method)
        self.arrived.set()

    def _learn(self, chat: int, message: Mapping[str, Any]) -> None:
        for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                self._buttons[chat, button["text"]] = (message, button["callback_data"])

    def can(self, chat: int, step: Step) -> bool:
        """Whether the person can take this step: a button must have been shown."""
        return step.kind != "tap" or (chat, step.text) in self._buttons

    def do(self, chat: int, step: Step) -> int | str:
        """Take the step; returns the id of the update."""
        if step.kind == "tap":
            message, data = self._buttons.pop((chat, step.text))
            return self.people.press(message, data, chat)
        if step.kind == "photo":
            return self.people.photo(step.text.encode(), chat)
        return self.people.say(step.text, chat)
