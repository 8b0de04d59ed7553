"""F5 to F7 and F15: the same thing again, in another order, much later, and two bots where one should be."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import aiohttp
from starlette.applications import Starlette

from bench import officers, virtual
from bench.faults_network import on_telegram
from bench.rig import PATIENCE, Rig, rig
from bench.verdicts import Verdict
from bot import receipts
from bot.channels.telegram import Telegram
from bot.errors import GiveUp, InUse
from bot.messages import Address, Lane, Outgoing, Receipt, Stage
from bot.store import outbox
from bot.store import receipts as marks
from bot.store.database import Tx, open_store
from bot.store.vault import open_key_file
from tests.fakes import bot_updates
from tests.fakes.bot_api import serving

SECRET = "rahasia-kantor_01"
PEOPLE, STATUSES, UNKNOWN = 40, 400, 1000
WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


def f5(made: Path, folder: Path) -> Verdict:
    """Every webhook twice, some ten times, all of them again after six days."""
    return virtual.run(_again(made, folder), PATIENCE)


async def _again(made: Path, folder: Path) -> Verdict:
    dice = random.Random(5)
    async with rig(made, folder, poll=False) as here, aiohttp.ClientSession() as session:
        await here.channel.connect(asyncio.Event())
        app = Starlette(routes=[here.channel.webhook(SECRET, here.engine.inbox.accept)])
        async with serving(app) as address:
            for number in range(PEOPLE):
                here.api.people.say(f"status X{number}", chat=officers.FIRST_CHAT + number)
            updates = list(here.api.state.updates)
            said = [one for one in updates for _ in range(10 if dice.random() < 0.05 else 2)]
            dice.shuffle(said)
            answers = [await _post(session, address, one) for one in said]
            await here.until_done(10 * MINUTE)
            here.clock.move(here.clock.now() + timedelta(days=6))
            await here.engine.schedule.tick()
            answers += [await _post(session, address, one) for one in updates]
            await here.until_done(10 * MINUTE)
            events = await here.count("SELECT COUNT(*) FROM inbox WHERE channel = 'telegram'")
            told = here.answers
        return Verdict(
            "each effect once, each delivery acknowledged",
            f"{len(answers)} deliveries of {PEOPLE} updates: {events} events, {told.total()} answers",
            lost=PEOPLE - len(told), wrong=sum(n - 1 for n in told.values()) + abs(events - PEOPLE)
            + sum(status != 200 for status in answers), stuck=await here.left(),
        )  # fmt: skip


async def _post(session: aiohttp.ClientSession, address: str, update: object) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with session.post(f"{address}/telegram", json=update, headers=headers) as answer:
        return answer.status


def f6(_made: Path, folder: Path) -> Verdict:
    """Statuses of WhatsApp in any order, twice, before our own record, and of messages that were never ours."""
    officers.make_key(folder)
    path, key = officers.paths(folder)

    async def play() -> tuple[int, int]:
        async with open_store(path, open_key_file(key)) as store:
            wrong = await store.transact(_statuses)
            began = time.perf_counter()
            return wrong, await store.transact(_strangers) + 10**6 * (time.perf_counter() - began > 10)

    wrong, strange = asyncio.run(play())
    return Verdict(
        "a status never goes back, an unknown one harms nothing",
        f"{STATUSES} messages with shuffled statuses, {wrong} in a wrong state; {UNKNOWN} unknown, {strange} rows of them",
        wrong=wrong + strange,
    )


def _statuses(tx: Tx) -> int:
    dice, wrong = random.Random(6), 0
    for number in range(STATUSES):
        key, now, id_ = f"letter:{number}", officers.START, f"m{number}"
        to = Address("whatsapp", f"+{number}")
        out = Outgoing(to, "status/no_such_person", {"name": "x"}, key=key, lane=Lane.REMINDER)
        outbox.put(tx, now, out)
        (head,) = outbox.heads(tx, "whatsapp", now, 9)
        claimed = outbox.take(tx, head, now, MINUTE)
        assert claimed is not None
        stages = dice.choices(list(Stage), k=dice.randrange(1, 8))
        early = dice.randrange(len(stages))
        for place, stage in enumerate(stages):
            if place == early:
                outbox.sent(tx, claimed, now, id_)
                receipts.catch_up(tx, "whatsapp", id_, now)
            error = GiveUp("gone") if stage is Stage.FAILED else None
            told = Receipt(id_, stage, marks.mark(claimed.id, key), error)
            receipts.settle(tx, "whatsapp", told, now + MINUTE * (place + 1))
        wrong += _stands(tx, key) != _furthest(stages)
    return wrong


def _stands(tx: Tx, key: str) -> tuple[str, bool, bool]:
    row = tx.one("SELECT status, delivered_at, read_at FROM outbox WHERE key = :key", key=key)
    return row["status"], bool(row["delivered_at"]), bool(row["read_at"])


def _furthest(stages: Sequence[Stage]) -> tuple[str, bool, bool]:
    if Stage.FAILED in stages:
        return "failed", False, False
    furthest = max(stages)
    return "sent", furthest >= Stage.DELIVERED, furthest >= Stage.READ


def _strangers(tx: Tx) -> int:
    before = tx.one("SELECT COUNT(*) FROM outbox")[0]
    for number in range(UNKNOWN):
        told = Receipt(f"strange{number}", Stage.READ, "", None)
        receipts.settle(tx, "whatsapp", told, officers.START)
    return int(tx.one("SELECT COUNT(*) FROM outbox")[0]) - int(before)


async def f7(here: Rig) -> Verdict:
    """Messages of a chat in any order, and after a silent week the platform counts from anywhere."""
    dice = random.Random(7)
    numbers = list(range(900_000, 900_000 + 10 * 4))
    dice.shuffle(numbers)
    for place, number in enumerate(numbers):
        _inject(here, number, officers.FIRST_CHAT + place % 10, f"status X{place}")
    dice.shuffle(here.api.state.updates)
    await here.passes(2 * MINUTE)
    await asyncio.sleep(30)
    await here.until_done(10 * MINUTE)
    here.clock.move(here.clock.now() + WEEK)
    await asyncio.sleep(60)
    for place in range(10):
        _inject(here, 5_000 + place, officers.FIRST_CHAT + place, f"status X{100 + place}")
    await asyncio.sleep(60)
    await here.until_done(10 * MINUTE)
    events = await here.count("SELECT COUNT(*) FROM inbox WHERE channel = 'telegram' AND state = 'done'")
    told = here.answers.total()
    return Verdict(
        "none is dropped",
        f"40 shuffled in ten chats and 10 of lower numbers after a week: {events} handled, {told} answers",
        lost=50 - events, wrong=abs(told - 50), stuck=await here.left(),
    )  # fmt: skip


def _inject(here: Rig, number: int, chat: int, text: str) -> None:
    content: Mapping[str, object] = {"text": text}
    message = bot_updates.message(
        next(here.api.state.message_ids), bot_updates.chat(chat), bot_updates.person(chat), **content
    )
    here.api.people.inject({"update_id": number, "message": message})


async def f15(here: Rig) -> Verdict:
    """Another bot is started on the same data, and another on the same token."""
    database, key = officers.paths(here.folder)
    begun, words = time.perf_counter(), ""
    try:
        await open_store(database, open_key_file(key)).__aenter__()
    except InUse as error:
        words = str(error)
    took = time.perf_counter() - begun
    stop = asyncio.Event()
    async with Telegram(here.api.token, here.api.address, here.clock) as other:
        polling = asyncio.create_task(other.poll(here.engine.inbox.accept, stop))
        for number in range(PEOPLE):
            here.api.people.say(f"status X{number}", chat=officers.FIRST_CHAT + number)
            await asyncio.sleep(2)
        await here.until_done(10 * MINUTE)
        clash = other.health.last_conflict or here.channel.health.last_conflict
        stop.set()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    told = here.answers
    return Verdict(
        "the second ends within two seconds with one sentence; no act twice where two poll",
        f"refused in {took:.2f} s ({words.partition(':')[0][:60]!r}); conflict seen {clash is not None}, "
        f"{told.total()} answers to {PEOPLE}",
        lost=PEOPLE - len(told), wrong=(not words) + (clash is None) + (took > 2) + told.total() - len(told),
        stuck=await here.left(),
    )  # fmt: skip


SCENARIOS: dict[str, Callable[[Path, Path], Verdict]] = {
    "F5": f5, "F6": f6, "F7": on_telegram(f7), "F15": on_telegram(f15),
}  # fmt: skip
