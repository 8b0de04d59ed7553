"""Files are fetched with care, and the fake Telegram they come from is judged by the library."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import telegram

from bot.channels.telegram import Telegram
from bot.channels.telegram_ingress import Pace
from bot.channels.telegram_wire import Wire
from bot.clock import ManualClock
from bot.errors import GiveUp, SendError, TryLater
from bot.messages import File
from tests.fakes import spec
from tests.fakes.bot_api import BotApi

HASTY = Pace(send=0.3, download=1.0)
MORNING = datetime(2025, 9, 15, tzinfo=UTC)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Telegram that checks every call against the official description, where that is at hand."""
    async with BotApi(spec=spec.telegram()) as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Telegram]:
    async with Telegram(api.token, api.address, ManualClock(MORNING)) as channel:
        yield channel


async def fetched(api: BotApi, channel: Telegram, content: bytes) -> File:
    api.people.document("daftar peserta & lain.xlsx", content)
    incoming = channel.parse(json.dumps(api.state.updates[-1]).encode())
    assert incoming
    assert incoming.file
    return incoming.file


async def test_a_file_is_fetched(api: BotApi, channel: Telegram) -> None:
    file = await fetched(api, channel, b"isi" * 1000)
    assert file.size == 3000
    assert await channel.fetch(file, 3000) == b"isi" * 1000


async def test_a_file_is_known_by_what_telegram_says_of_it(api: BotApi, channel: Telegram) -> None:
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    api.people.document("Data Perangkat.xlsx", b"PK\x03\x04", mime=mime)
    incoming = channel.parse(json.dumps(api.state.updates[-1]).encode())
    assert incoming
    assert incoming.shape == "document"
    assert incoming.file
    assert (incoming.file.name, incoming.file.mime, incoming.file.size) == ("Data Perangkat.xlsx", mime, 4)
    assert await channel.fetch(incoming.file, 4) == b"PK\x03\x04"


async def test_a_file_that_is_too_large_is_not_fetched(api: BotApi, channel: Telegram) -> None:
    file = await fetched(api, channel, b"x" * 100)
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(file, 99)
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(File(file.id), 99)  # only getFile says the size
    assert len(api.calls) == 1


async def test_a_file_larger_than_telegram_said_is_not_kept(api: BotApi, channel: Telegram) -> None:
    file = await fetched(api, channel, b"x" * 100)
    api.fault(raw=f'{{"ok":true,"result":{{"file_id":"a","file_path":"documents/{file.id}/a"}}}}')
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(File(file.id), 99)


@pytest.mark.parametrize(
    "fault, error",
    [
        ({"raw": '{"ok":true,"result":{"file_id":"a","file_path":"documents/gone/a"}}'}, GiveUp),
        ({"raw": '{"ok":true,"result":{"file_id":"a"}}'}, GiveUp),
        ({"status": 400, "description": "Bad Request: file is too big"}, GiveUp),
        ({"status": 500}, TryLater),
        ({"hang": 5.0}, TryLater),
        ({"status": 429, "parameters": {"retry_after": 3}}, TryLater),
    ],
)
async def test_a_file_that_cannot_be_had(
    api: BotApi, channel: Telegram, fault: dict[str, Any], error: type[SendError]
) -> None:
    file = await fetched(api, channel, b"x")
    api.fault(**fault)
    pace = HASTY if "hang" in fault else Pace()
    async with Telegram(api.token, api.address, ManualClock(MORNING), pace) as waiting:
        with pytest.raises(error):
            await waiting.fetch(file, 99)


async def test_commands_are_offered_by_scope(api: BotApi, channel: Telegram) -> None:
    await channel.set_commands([("menu", "Menu utama")], [("rekap", "Rekap kabupaten")])
    assert api.state.commands == {
        "all_private_chats": [{"command": "menu", "description": "Menu utama"}],
        "all_chat_administrators": [{"command": "rekap", "description": "Rekap kabupaten"}],
    }


# -- the fake itself is judged by the library ----------------------------------------------------


async def test_the_library_accepts_every_answer_of_the_fake(api: BotApi) -> None:
    async with telegram.Bot(
        api.token, f"{api.address}/bot", f"{api.address}/file/bot", request=Wire()
    ) as bot:
        buttons = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Ya", callback_data="t")]])
        message = await bot.send_message(7001, "<b>Halo</b>", parse_mode="HTML", reply_markup=buttons)
        assert message.text == "Halo"
        api.people.tap()
        api.people.contact("0812", user=7001)
        api.people.photo(b"jpeg")
        api.people.membership(-5001, "left", "member")
        updates = await bot.get_updates(allowed_updates=[])
        assert [update.update_id for update in updates] == [700_000_001 + n for n in range(4)]
        assert await bot.answer_callback_query("q1")
        assert (await bot.edit_message_text("Baik", 7001, message.message_id)).text == "Baik"  # type: ignore[union-attr]
        assert (await bot.get_chat_member(-5001, 7001)).status == "member"
        assert await bot.leave_chat(-5001)
        assert await bot.set_my_commands([("menu", "Menu")])
        file = await bot.get_file(updates[2].message.photo[-1].file_id)  # type: ignore[union-attr]
        assert file.file_size == 4
        assert (await bot.get_webhook_info()).url == ""


async def test_the_fake_takes_documents_and_json(api: BotApi) -> None:
    form = aiohttp.FormData({"chat_id": "7001"})
    form.add_field("document", b"%PDF", filename="a.pdf")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{api.address}/bot{api.token}/sendDocument", data=form) as answer:
            sent = (await answer.json())["result"]
        assert telegram.Message.de_json(sent, None).document.file_size == 4  # type: ignore[union-attr]
        body = {"chat_id": 7001, "text": "Halo"}
        async with session.post(f"{api.address}/bot{api.token}/sendMessage", json=body) as answer:
            assert (await answer.json())["ok"]
