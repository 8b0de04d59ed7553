"""What an operator's night is made of: the database cannot be written, WhatsApp takes everything and says nothing."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from bot.channels.whatsapp_wire import Pace
from bot.clock import SystemClock
from bot.store.database import Store, Tx
from tests.fakes.bot_api import BotApi
from tests.fakes.whatsapp_people import Somebody
from tests.needs import PATIENCE
from tests.test_whatsapp_wire import OFFICER, Running, office

HASTY = Pace(send=0.3, upload=0.3, download=1.0)
PEOPLE = [Somebody(f"62811555002{number:02}") for number in range(12)]


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Another program holds the database."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.slow
async def test_what_could_not_be_kept_is_not_acknowledged_and_handled_once_in_the_end(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE), office(tmp_path) as (here, _code):
        await here.says(OFFICER, "halo", "Payung Desa")
        await here.api.push.taken()
        await here.engine.store.transact(lambda tx: tx.one("PRAGMA busy_timeout=50") and None)
        answered = len(here.api.sent)
        with locked(here.engine.store):
            here.api.push.answers.clear()
            here.api.bring(here.by(OFFICER).say("privasi"))
            while 503 not in here.api.push.answers:
                await here.until_something()
        await here.api.push.taken()
        here.api.bring(here.by(OFFICER).say("halo lagi"))
        while await here.engine.store.read(_events) < 3:
            await here.until_something()
        await here.api.push.taken()
        assert set(here.api.push.answers) == {503, 200}
        assert await here.engine.store.read(_events) == 3
        assert len({sent.text for sent in here.api.sent[answered:]}) == len(here.api.sent) - answered


def _events(tx: Tx) -> int:
    """Messages of people that were taken in and handled."""
    sql = "SELECT COUNT(*) AS n FROM inbox WHERE external_id LIKE 'msg:%' AND state = 'done'"
    return int(tx.one(sql)["n"])


@pytest.mark.slow
async def test_a_silent_whatsapp_loses_nothing_and_holds_up_nobody_at_telegram(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        BotApi() as other,
        Telegram(other.token, other.address, SystemClock()) as telegram,
        office(tmp_path, HASTY, telegram) as (here, _code),
    ):
        stop = asyncio.Event()
        polling = asyncio.create_task(telegram.poll(here.engine.inbox.accept, stop))
        here.api.fault(method="*", times=None, delay=30.0, refuse=True)
        for who in PEOPLE:
            here.api.bring(here.by(who).say("halo"))
        await here.api.push.taken()
        for chat in range(7001, 7021):  # behind what waits for WhatsApp
            other.people.say("halo", chat=chat)
        await _answered(other, 20)
        assert here.api.sent == []
        await _until_gated(here)
        here.api.faults.active.clear()
        await here.at(here.clock.now() + timedelta(minutes=1))
        for who in PEOPLE:
            await here.until_said(who, "Payung Desa")
        stop.set()
        await polling
        assert len(here.api.sent) == len(PEOPLE)


async def _answered(other: BotApi, people: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len({call["chat"] for call in other.sent}) < people:
            other.noted.clear()
            await other.noted.wait()


async def _until_gated(here: Running) -> None:
    """Until it is known that WhatsApp does not answer, and nothing more is risked."""
    await here.until(lambda tx: tx.one("SELECT 1 FROM gate WHERE scope = 'whatsapp'") is not None)
