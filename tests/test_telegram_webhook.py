"""A webhook answers 200 only to Telegram, and only once the update is safe."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.channels.telegram_ingress import BODY_LIMIT
from bot.clock import ManualClock
from bot.errors import Misconfigured
from bot.messages import Arrival
from tests.fakes import spec
from tests.fakes.bot_api import BotApi, serving
from tests.fakes.bot_push import SECRET_HEADER
from tests.fakes.inbox import Inbox
from tests.needs import PATIENCE

SECRET = "rahasia-kantor_01"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(spec=spec.telegram()) as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Telegram]:
    async with Telegram(api.token, api.address, ManualClock(datetime(2025, 9, 15, tzinfo=UTC))) as channel:
        yield channel


UPDATE = {
    "update_id": 9,
    "message": {"message_id": 1, "date": 1757901600, "chat": {"id": 7001, "type": "private"}},
}
JSON = "application/json"


async def post(
    channel: Telegram,
    inbox: Inbox,
    body: bytes,
    *,
    secret: bytes | None = SECRET.encode(),
    content_type: str = JSON,
) -> int:
    app = Starlette(routes=[channel.webhook(SECRET, inbox.accept)])
    headers = [(b"content-type", content_type.encode())]
    headers += [(SECRET_HEADER.encode(), secret)] if secret is not None else []
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot") as client:
        return (await client.post("/telegram", content=body, headers=headers)).status_code


async def test_a_delivered_update_is_kept_as_it_came(channel: Telegram) -> None:
    inbox = Inbox()
    body = json.dumps(UPDATE, indent=3).encode()
    assert await post(channel, inbox, body) == 200
    assert inbox.batches == [[Arrival("telegram", "9", "telegram:7001", body)]]


@pytest.mark.parametrize(
    "secret", [None, b"", b"rahasia", SECRET.encode() + b"1", b"x" * 10_000, "rahasía".encode(), b"\xff\xfe"]
)
async def test_a_wrong_secret_is_refused(channel: Telegram, secret: bytes | None) -> None:
    inbox = Inbox()
    assert await post(channel, inbox, json.dumps(UPDATE).encode(), secret=secret) == 403
    assert inbox.batches == []


@pytest.mark.parametrize(
    "content_type, status",
    [
        ("application/json; charset=utf-8", 200),
        ("Application/JSON;charset=UTF-8", 200),
        ("text/plain", 415),
        ("", 415),
    ],
)
async def test_the_content_type_may_name_a_charset(channel: Telegram, content_type: str, status: int) -> None:
    assert await post(channel, Inbox(), json.dumps(UPDATE).encode(), content_type=content_type) == status


@pytest.mark.parametrize(
    "body, status",
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"update_id":"9"}', 400),
        (b"[" * 50_000, 400),
        (b'{"update_id":9,"message":5}', 200),
        (b'{"update_id":9,"message":' + b"[" * 50_000, 200),
        (b'{"update_id":9,"message":' + b"1" * 5_000 + b"}", 200),
        (b'{"update_id":9,"message":{"text":"\xff"}}', 200),
        (b'{"update_id":9,"message"', 200),
        (b'{"update_id":9,"a":"' + b"x" * (BODY_LIMIT - 22) + b'"}', 200),
        (b'{"update_id":9,"a":"' + b"x" * BODY_LIMIT + b'"}', 413),
    ],
)
async def test_only_updates_of_a_sane_size_are_taken(channel: Telegram, body: bytes, status: int) -> None:
    inbox = Inbox()
    assert await post(channel, inbox, body) == status
    assert len(inbox.batches) == (status == 200)


async def test_what_is_not_safe_is_not_acknowledged(channel: Telegram) -> None:
    assert await post(channel, Inbox(refusals=1), json.dumps(UPDATE).encode()) == 503


@pytest.mark.parametrize("secret", ["", "rahasia kantor", "ü", "x" * 257])
async def test_a_secret_telegram_cannot_send_is_refused_at_start(channel: Telegram, secret: str) -> None:
    with pytest.raises(Misconfigured, match="secret"):
        channel.webhook(secret, Inbox().accept)


async def test_the_webhook_is_set_and_taken_away(api: BotApi, channel: Telegram) -> None:
    await channel.set_webhook(f"{api.address}/control/state", SECRET)
    assert api.state.webhook["url"] == f"{api.address}/control/state"
    assert api.state.secret == SECRET
    await channel.delete_webhook()
    assert api.state.webhook["url"] == ""


async def test_the_webhook_brings_an_update_until_it_is_taken(api: BotApi, channel: Telegram) -> None:
    inbox = Inbox(wanted=2, refusals=2)
    app = Starlette(routes=[channel.webhook(SECRET, inbox.accept)])
    async with serving(app) as address:
        first = api.people.say("satu")
        await channel.set_webhook(f"{address}/telegram", SECRET)
        second = api.people.say("dua")
        await asyncio.wait_for(inbox.full.wait(), PATIENCE)
        await channel.delete_webhook()
    assert inbox.ids == [str(first), str(second)]
    assert api.push.answers[:3] == [503, 503, 200]
