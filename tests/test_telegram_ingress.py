"""Updates are acknowledged only once they are safe, whatever else happens."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import telegram

from bot.channels.telegram import Telegram
from bot.channels.telegram_ingress import Pace
from bot.clock import ManualClock
from bot.errors import Unreadable
from bot.messages import Arrival
from tests.fakes import spec
from tests.fakes.bot_api import BotApi
from tests.fakes.inbox import Inbox
from tests.needs import PATIENCE

MORNING = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
#: Nobody would sit these out.
ENDLESS = Pace(long_poll=600, retry=(600, 600), conflict=(600, 600), refused=600)
QUICK = Pace(long_poll=600, retry=(0.01, 0.02), kept=(0.01, 0.02), conflict=(0.01, 0.02), refused=0.01)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(spec=spec.telegram()) as server:
        yield server
        assert [line for line in server.violations if not line.startswith("our answer")] == []


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MORNING)


@pytest.fixture
async def channel(api: BotApi, clock: ManualClock) -> AsyncIterator[Telegram]:
    async with Telegram(api.token, api.address, clock, QUICK) as channel:
        yield channel


async def polled(channel: Telegram, inbox: Inbox) -> None:
    """Poll until the inbox is full."""
    async with asyncio.timeout(PATIENCE):
        await channel.poll(inbox.accept, inbox.full)


async def test_an_update_becomes_an_arrival(api: BotApi, channel: Telegram) -> None:
    update_id = api.people.say("daftar")
    inbox = Inbox()
    await polled(channel, inbox)
    [[arrival]] = inbox.batches
    assert (arrival.channel, arrival.external_id, arrival.conversation) == (
        "telegram", str(update_id), "telegram:7001"
    )  # fmt: skip
    incoming = channel.parse(arrival.body)
    assert incoming
    assert (incoming.text, channel.username) == ("daftar", "payung_desa_bot")
    assert channel.last_poll == MORNING
    telegram.Update.de_json(json.loads(arrival.body), None)


async def test_the_long_poll_wakes_at_once(api: BotApi, channel: Telegram) -> None:
    inbox = Inbox()
    polling = asyncio.ensure_future(polled(channel, inbox))
    await asked(api, 1)
    api.people.say("daftar")
    await asyncio.wait_for(polling, PATIENCE)
    assert len(inbox.ids) == 1


async def test_only_what_is_safe_is_confirmed(api: BotApi, channel: Telegram) -> None:
    first = api.people.say("satu")
    await polled(channel, Inbox())
    assert [update["update_id"] for update in api.state.updates] == [first]
    second = api.people.say("dua")
    inbox = Inbox(wanted=3)
    polling = asyncio.ensure_future(polled(channel, inbox))
    await asked(api, 3)  # the third time the second one is confirmed
    third = api.people.say("tiga")
    await polling
    # A new poller starts without an offset and gets the first one again: the inbox knows it by its id.
    assert inbox.ids == [str(first), str(second), str(third)]
    assert [update["update_id"] for update in api.state.updates] == [third]


async def test_a_batch_that_was_not_committed_comes_again(api: BotApi, channel: Telegram) -> None:
    ids = [str(api.people.say(text)) for text in ("satu", "dua")]
    inbox = Inbox(wanted=2, refusals=3)
    await polled(channel, inbox)
    assert inbox.ids == ids
    assert api.polls == 4


async def test_a_poison_update_does_not_hold_up_the_others(api: BotApi, channel: Telegram) -> None:
    api.people.inject({"update_id": 700_000_000, "message": "poison"})
    for number in range(120):
        api.people.say(f"pesan {number}")
    inbox = Inbox(wanted=121)
    await polled(channel, inbox)
    assert [len(batch) for batch in inbox.batches] == [100, 21]
    poison = inbox.batches[0][0]
    assert poison.conversation == "telegram:?"
    with pytest.raises(Unreadable):
        channel.parse(poison.body)


async def test_an_answer_that_is_no_json_is_taken_apart(api: BotApi, channel: Telegram) -> None:
    deep = '{"ok":true,"result":[{"update_id":700000000,"message":' + "[" * 50_000
    api.fault(method="getUpdates", raw=deep, times=2)
    api.people.say("daftar")
    inbox = Inbox(wanted=2)
    await polled(channel, inbox)
    assert inbox.ids == ["700000000", "700000001"]


async def test_items_without_an_id_are_left_out(api: BotApi, channel: Telegram) -> None:
    api.fault(
        method="getUpdates", status=200, raw='{"ok":true,"result":[5,{"update_id":"x"},{"update_id":7}]}'
    )
    inbox = Inbox()
    await polled(channel, inbox)
    assert inbox.ids == ["7"]


async def test_after_six_silent_days_the_offset_is_forgotten(
    api: BotApi, channel: Telegram, clock: ManualClock
) -> None:
    inbox = Inbox(wanted=2)
    api.people.say("sebelum")
    polling = asyncio.ensure_future(polled(channel, inbox))
    await asked(api, 2)
    clock.move(MORNING + timedelta(days=7))
    api.fault(method="getUpdates", status=500)  # of the request after that
    api.state.poll += 1  # Telegram ends the long poll
    api.state.news.set()
    await struck(api, 1)
    api.people.inject({"update_id": 5, "message": {"text": "sesudah"}})
    await polling
    assert inbox.ids == ["700000001", "5"]


async def test_another_poller_is_a_conflict_that_passes(api: BotApi, channel: Telegram) -> None:
    api.fault(
        method="getUpdates", status=409, description="Conflict: terminated by other getUpdates", times=3
    )
    seen = []
    api.people.say("daftar")
    inbox = Inbox()

    async def accept(arrivals: Sequence[Arrival]) -> None:
        seen.append(channel.conflict)
        await inbox.accept(arrivals)

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(channel.poll(accept, inbox.full), api.faults.struck.wait())
    assert api.polls == 1
    assert seen == [False]


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize(
    "status, conflict, refused",
    [(409, True, False), (401, False, True), (404, False, True), (500, False, False)],
)
async def test_trouble_shows_in_health(
    api: BotApi, channel: Telegram, method: str, status: int, conflict: bool, refused: bool
) -> None:
    api.fault(method=method, status=status, times=2)
    inbox = Inbox()
    polling = asyncio.ensure_future(polled(channel, inbox))
    await struck(api, 2)  # the second time the first answer has been read
    assert (channel.conflict, channel.refused, channel.last_poll) == (conflict, refused, None)
    api.people.say("daftar")
    await polling
    assert (channel.conflict, channel.refused, channel.last_poll) == (False, False, MORNING)


async def struck(api: BotApi, times: int) -> None:
    """Until a fault has hit so many calls."""
    for _ in range(times):
        await asyncio.wait_for(api.faults.struck.wait(), PATIENCE)
        api.faults.struck.clear()


async def asked(api: BotApi, times: int) -> None:
    """Until updates have been asked for so often."""
    async with asyncio.timeout(PATIENCE):
        while api.polls < times:
            api.polled.clear()
            await api.polled.wait()


@pytest.mark.parametrize(
    "raw", ['{"ok":true,"result":{}}', '{"ok":true,"result":[]}', "<html>", '{"ok":true,"result":5}']
)
async def test_an_odd_answer_about_itself_does_not_stop_the_bot(
    api: BotApi, channel: Telegram, raw: str
) -> None:
    api.fault(method="getMe", raw=raw)
    api.people.say("daftar")
    await polled(channel, Inbox())
    assert channel.username == "payung_desa_bot"


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize("status", [401, 409, 500])
async def test_a_stop_ends_any_pause_at_once(
    api: BotApi, clock: ManualClock, method: str, status: int
) -> None:
    api.fault(method=method, status=status, times=None)
    stop = asyncio.Event()
    async with Telegram(api.token, api.address, clock, ENDLESS) as channel:
        polling = asyncio.ensure_future(channel.poll(Inbox().accept, stop))
        await struck(api, 1)
        stop.set()
        done, _ = await asyncio.wait({polling}, timeout=PATIENCE)
    assert [one.exception() for one in done] == [None]


async def test_a_stop_ends_the_long_poll_at_once(api: BotApi, clock: ManualClock) -> None:
    stop = asyncio.Event()
    async with Telegram(api.token, api.address, clock, ENDLESS) as channel:
        polling = asyncio.ensure_future(channel.poll(Inbox().accept, stop))
        await asked(api, 1)
        stop.set()
        done, _ = await asyncio.wait({polling}, timeout=PATIENCE)
    assert [one.exception() for one in done] == [None]


async def test_a_cancelled_poll_leaves_nothing_behind(api: BotApi, channel: Telegram) -> None:
    before = asyncio.all_tasks()
    polling = asyncio.ensure_future(channel.poll(Inbox().accept, asyncio.Event()))
    await asked(api, 1)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    leftover = {task for task in asyncio.all_tasks() - before if "telegram_ingress" in repr(task)}
    assert not leftover


async def test_two_pollers_see_the_conflict_and_lose_nothing(api: BotApi, clock: ManualClock) -> None:
    inbox = Inbox()
    async with (
        Telegram(api.token, api.address, clock, QUICK) as old,
        Telegram(api.token, api.address, clock) as new,
    ):
        polling = [asyncio.ensure_future(old.poll(inbox.accept, inbox.full))]
        await asked(api, 1)
        polling.append(asyncio.ensure_future(new.poll(inbox.accept, inbox.full)))
        await asked(api, 3)  # the old one has been told, and asks again
        assert old.conflict
        assert old.health.last_conflict == clock.now()
        api.people.say("daftar")
        await asyncio.wait_for(asyncio.gather(*polling), PATIENCE)
    assert inbox.ids == ["700000001"]
