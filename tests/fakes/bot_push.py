"""How the fake Bot API brings updates to a webhook: in order within a chat, again until taken."""

import asyncio

import aiohttp

from tests.fakes.bot_methods import State
from tests.fakes.bot_updates import Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


class Push:
    """Delivery to the webhook of one bot, as long as it has one."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.queues: list[asyncio.Queue[Json]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.session: aiohttp.ClientSession | None = None
        self.answers: list[int] = []  # statuses, 0 for no answer
        state.on_webhook = self.start

    def start(self, connections: int) -> None:
        """Begin, or stop where the address is now empty."""
        self.stop()
        if not self.state.webhook["url"]:
            return
        self.session = self.session or aiohttp.ClientSession()
        self.queues = [asyncio.Queue() for _ in range(min(connections, 8))]
        self.tasks = [asyncio.create_task(self._work(queue, self.session)) for queue in self.queues]
        self.state.on_update = self.put
        for update in self.state.updates:
            self.put(update)

    def stop(self) -> None:
        """End delivery; what was not taken stays pending."""
        self.state.on_update = None
        for task in self.tasks:
            task.cancel()
        self.tasks = []

    async def close(self) -> None:
        """End for good."""
        self.stop()
        if self.session:
            await self.session.close()

    def put(self, update: Json) -> None:
        """Queue an update behind the others of its chat."""
        event = next((value for key, value in update.items() if key != "update_id"), None)
        place = event.get("message", event) if isinstance(event, dict) else {}
        where = place.get("chat") if isinstance(place, dict) else None
        key = where.get("id") if isinstance(where, dict) else 0
        self.queues[hash(key) % len(self.queues)].put_nowait(update)

    async def _work(self, queue: asyncio.Queue[Json], session: aiohttp.ClientSession) -> None:
        while True:
            update = await queue.get()
            pause = FIRST_PAUSE
            while not await self._delivered(update, session):
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            self.state.confirm(int(str(update["update_id"])))

    async def _delivered(self, update: Json, session: aiohttp.ClientSession) -> bool:
        headers = {SECRET_HEADER: self.state.secret} if self.state.secret else {}
        try:
            async with session.post(str(self.state.webhook["url"]), json=update, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError):
            status = 0
        self.answers.append(status)
        return 200 <= status <= 299
