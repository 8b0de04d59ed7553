"""How the fake Cloud API brings what happened to a webhook: signed, in order, again until it is taken."""

import asyncio

import aiohttp

from tests.fakes.whatsapp_people import SECRET, Json, packed, signed

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


class Push:
    """Delivery to one address, as long as there is one."""

    def __init__(self, secret: str = SECRET) -> None:
        self.secret = secret
        self.url = ""
        self.longest = LONGEST_PAUSE
        self.answers: list[int] = []  # statuses, 0 for no answer
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._open = 0
        self._task: asyncio.Task[None] | None = None

    def start(self, url: str) -> None:
        """Begin, or go on to another address."""
        self.url = url
        self._task = self._task or asyncio.create_task(self._work())

    def put(self, request: Json) -> None:
        """Queue one request behind the others."""
        if self.url:
            self._queue.put_nowait(packed(request))
            self._open += 1

    @property
    def idle(self) -> bool:
        """Whether everything queued so far was taken."""
        return not self._open

    async def taken(self) -> None:
        """Until everything queued so far was taken."""
        await self._queue.join()

    async def close(self) -> None:
        """End; what was not taken is dropped."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                body = await self._queue.get()
                pause = FIRST_PAUSE
                while not await self._delivered(body, session):
                    await asyncio.sleep(pause)
                    pause = min(self.longest, pause * 2)
                self._queue.task_done()
                self._open -= 1

    async def _delivered(self, body: bytes, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.post(self.url, data=body, headers=signed(body, self.secret)) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError):
            status = 0
        self.answers.append(status)
        return 200 <= status <= 299
