"""What no bot of this design can do without: the calls, and the rows that make them safe.

python -m bench.bare --api URL --token TOKEN [--folder FOLDER]

The registration's sixteen calls, to whoever writes and whatever they write, with fixed words.  Without a
folder nothing is kept: what is left is the price of the wire, the client library under our bot.  With one,
each update is committed before it is handled, each answer before it is sent, and what became of it after:
the inbox, the outbox and the pump of our bot, and nobody who understands a word.
"""

import asyncio
import gc
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import handlers
from bench import baseline, officers
from bot import app, engine, rules
from bot.channels.telegram import STANDARD, Telegram
from bot.channels.telegram_ingress import Health, Poller
from bot.channels.telegram_wire import Api
from bot.clock import SystemClock
from bot.inbox import Inbox
from bot.messages import Arrival, Choice, Incoming, Kind, Lane, Outgoing
from bot.store import outbox
from bot.store.database import Tx
from bot.store.inbox import Event

TOPICS = (*baseline.ORDER, "review", "saved")
TEXTS = {**baseline.ASK, "review": baseline.REVIEW, "saved": baseline.SAVED}


class Wire:
    """Answers each update in a task of its own, and keeps nothing."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._heard: Counter[int] = Counter()
        self._answering: set[asyncio.Task[None]] = set()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Begin to answer them."""
        for arrival in arrivals:
            task = asyncio.create_task(self._answer(json.loads(arrival.body)))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, update: dict[str, Any]) -> None:
        query = update.get("callback_query")
        message = query["message"] if query else update["message"]
        chat = message["chat"]["id"]
        topic = TOPICS[self._heard[chat]]
        self._heard[chat] += 1
        if query:
            await self._call("answerCallbackQuery", callback_query_id=query["id"])
            await self._call("editMessageReplyMarkup", chat_id=chat, message_id=message["message_id"])
        elif topic == TOPICS[0]:
            await self._say(chat, "notice", baseline.NOTICE)
        await self._say(chat, topic, TEXTS[topic])

    async def _say(self, chat: int, topic: str, text: str) -> None:
        labels = baseline.BUTTONS.get(topic, ())
        rows = [[{"text": label, "callback_data": f"{topic}:{label}"}] for label in labels]
        keyboard = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
        await self._call("sendMessage", chat_id=chat, text=text, **keyboard)

    async def _call(self, method: str, **parameters: object) -> None:
        await self._api.call(method, parameters, STANDARD.send)


class Rows(Inbox):
    """The inbox of our bot, where nothing is looked up and nothing decided."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._heard: Counter[str] = Counter()

    def _answer(self, tx: Tx, event: Event, incoming: Incoming, now: datetime) -> None:
        """In the transaction in which the event ends, as ever."""
        at = incoming.address
        topic = TOPICS[self._heard[at.chat]]
        self._heard[at.chat] += 1
        choices = [Choice(f"{topic}:{label}", label) for label in baseline.BUTTONS.get(topic, ())]
        said = [Outgoing(at, "form/not_begun", choices=choices)]
        if incoming.choice:
            answer = Outgoing(at, "", kind=Kind.ANSWER, message=incoming.tap, lane=Lane.TAP)
            close = Outgoing(at, "", kind=Kind.CLOSE, message=incoming.message, lane=Lane.TAP)
            said = [answer, close, *said]
        elif topic == TOPICS[0]:
            said = [Outgoing(at, "form/dropped"), *said]
        for number, out in enumerate(said):
            outbox.put(tx, now, out, f"u:{event.channel}:{event.external_id}:{number}")


async def wire(address: str, token: str) -> None:
    """Answer over the wire alone until a stop signal."""
    api = Api(token, address)
    try:
        await Poller(api, SystemClock(), STANDARD, Health()).run(Wire(api).accept, app.on_stop_signal())
    finally:
        await api.wire.shutdown()


async def rows(address: str, token: str, folder: Path) -> None:
    """Answer by rows until a stop signal."""
    stop, clock = app.on_stop_signal(), SystemClock()
    async with officers.opened(folder) as store, Telegram(token, address, clock) as telegram:
        rulebook = rules.load()
        whole = engine.build(store, clock, rulebook, {telegram.name: telegram})
        inbox = Rows(store, clock, handlers.TABLE, rulebook, {telegram.name: telegram.parse})
        whole.inbox = inbox
        whole.start()
        gc.freeze()
        await telegram.poll(inbox.accept, stop)
        await whole.stop()


@click.command()
@click.option("--api", required=True)
@click.option("--token", required=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep rows here, in the database of a bench.")
def main(api: str, token: str, folder: Path | None) -> None:
    """Poll and answer until a stop signal."""
    sys.setswitchinterval(0.0005)  # as our bot does
    asyncio.run(rows(api, token, folder) if folder else wire(api, token))


if __name__ == "__main__":
    main()
