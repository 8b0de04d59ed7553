"""Letters on the wire: what Telegram is asked for, and what each of its answers means."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.telegram import SILENCE, Telegram
from bot.channels.telegram_ingress import Pace
from bot.channels.telegram_wire import LONGEST_PAUSE, REFUSED_PAUSE, NotSent, Wire
from bot.clock import ManualClock
from bot.errors import GiveUp, Moved, SendError, TryLater, Unsure
from bot.messages import CAPTION_LIMIT, Address, Choice, Document, Kind, Letter
from tests.fakes import spec
from tests.fakes.bot_api import BotApi
from tests.needs import PATIENCE

SITI = Address("telegram", "7001")
GROUP = Address("telegram", "-1002000000001", "44")
CHOICES = (Choice("t1", "Ya"), Choice("t2", "Tidak"))
HASTY = Pace(send=0.8, upload=0.8, download=1.0)
MORNING = datetime(2025, 9, 15, tzinfo=UTC)
SHEET = Document("iuran.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03")


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


@pytest.fixture
async def hasty(api: BotApi) -> AsyncIterator[Telegram]:
    """The same, that does not wait long; a busy machine answers late to it."""
    async with Telegram(api.token, api.address, ManualClock(MORNING), HASTY) as channel:
        yield channel


def letter(text: str = "Halo", to: Address = SITI, **more: Any) -> Letter:
    return Letter(to, text, **more)


async def failure(channel: Telegram, what: Letter | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(what or letter())
    return caught.value


def shown(api: BotApi, message: str, chat: str = "7001") -> Any:
    return api.state.messages[int(chat), int(message)]


async def test_a_text_arrives_with_its_emphasis_and_buttons(api: BotApi, channel: Telegram) -> None:
    message = shown(api, await channel.send(letter("*Halo* <Budi & Sons> *_[", choices=CHOICES)))
    assert message["text"] == "Halo <Budi & Sons> *_["
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert [row[0]["callback_data"] for row in message["reply_markup"]["inline_keyboard"]] == ["t1", "t2"]
    assert api.calls[0]["params"]["link_preview_options"] == '{"is_disabled": true}'


@pytest.mark.parametrize(
    "text", ["😀 Ni Luh", "\u202eiduB", "السلام", "ꦧꦸꦢꦶ", "&lt;b&gt;", "Rp1.584.000\u00a0,-"]
)
async def test_any_script_arrives_as_written(api: BotApi, channel: Telegram, text: str) -> None:
    assert shown(api, await channel.send(letter(text)))["text"] == text


async def test_what_cannot_be_written_is_replaced(api: BotApi, channel: Telegram) -> None:
    assert shown(api, await channel.send(letter("Sit\ud800i")))["text"] == "Sit\ufffdi"


async def test_a_topic_is_answered_in_the_topic(api: BotApi, channel: Telegram) -> None:
    await channel.send(letter(to=GROUP))
    assert api.calls[0]["params"]["message_thread_id"] == "44"
    assert api.calls[0]["params"]["chat_id"] == GROUP.chat


async def test_a_long_text_goes_in_parts_and_the_last_one_has_the_buttons(
    api: BotApi, channel: Telegram
) -> None:
    text = "\n\n".join(["kata " * 400] * 4)
    message = await channel.send(letter(text, choices=CHOICES))
    assert ["reply_markup" in call["params"] for call in api.sent] == [False, True]
    assert message == str(api.sent[-1]["message_id"])
    assert " ".join(shown(api, str(call["message_id"]))["text"] for call in api.sent).split() == text.split()


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 502, "raw": "<html>"}])
async def test_a_second_try_goes_on_with_the_part_that_failed(
    api: BotApi, channel: Telegram, fault: dict[str, Any]
) -> None:
    long = letter("a" * 4096 + "\n\nbuntut", key="inbox/1/0")
    api.fault(skip=1, **fault)
    await failure(channel, long)
    await channel.send(long)
    await channel.send(long)
    assert [len(call["params"]["text"]) for call in api.sent] == [4096, 6, 4096, 6]


async def test_a_part_that_arrived_cannot_be_forgotten_without_a_key(api: BotApi, channel: Telegram) -> None:
    api.fault(skip=1, status=429)
    assert isinstance(await failure(channel, letter("a" * 4096 + "\n\nbuntut")), Unsure)


async def test_markup_that_telegram_cannot_read_goes_as_plain_text(api: BotApi, channel: Telegram) -> None:
    api.fault(status=400, description='Bad Request: can\'t parse entities: Unsupported start tag "budi" at 5')
    message = shown(api, await channel.send(letter("*Halo* <Budi>", choices=CHOICES)))
    assert message["text"] == "Halo <Budi>"
    assert "entities" not in message
    assert "reply_markup" in message


async def test_an_edit_replaces_text_and_buttons(api: BotApi, channel: Telegram) -> None:
    message = await channel.send(letter(choices=CHOICES))
    assert await channel.send(letter("*Tercatat*", kind=Kind.EDIT, message=message)) == message
    assert shown(api, message)["text"] == "Tercatat"
    assert "reply_markup" not in shown(api, message)


async def test_closing_takes_the_buttons_away_and_twice_is_fine(api: BotApi, channel: Telegram) -> None:
    message = await channel.send(letter(choices=CHOICES))
    for _ in range(2):
        await channel.send(letter("", kind=Kind.CLOSE, message=message))
    assert shown(api, message)["text"] == "Halo"
    assert "reply_markup" not in shown(api, message)


async def test_a_press_is_answered_even_if_too_late(api: BotApi, channel: Telegram) -> None:
    await channel.send(letter(choices=CHOICES))
    api.people.tap("Ya")
    await channel.send(letter("*Baik* " + "x" * 300, kind=Kind.ANSWER, message="q1"))
    await channel.send(letter("", kind=Kind.ANSWER, message="q-from-last-week"))
    first, second = api.calls[1:]
    assert len(first["params"]["text"]) == 200
    assert "text" not in second["params"]
    assert second["status"] == 400


async def test_the_bot_leaves_a_group(api: BotApi, channel: Telegram) -> None:
    assert await channel.send(letter("", GROUP, kind=Kind.LEAVE)) == ""
    assert api.calls[0]["method"] == "leaveChat"


# -- files ---------------------------------------------------------------------------------------


async def test_a_file_has_its_caption_its_buttons_and_its_topic(api: BotApi, channel: Telegram) -> None:
    sent = await channel.send(letter("*Iuran* <Perian>", GROUP, choices=CHOICES, attachment=SHEET))
    message = shown(api, sent, GROUP.chat)
    assert message["caption"] == "Iuran <Perian>"
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert message["message_thread_id"] == 44
    assert len(message["reply_markup"]["inline_keyboard"]) == 2
    assert [call["method"] for call in api.calls] == ["sendDocument"]


async def test_a_picture_is_seen_without_a_tap(api: BotApi, channel: Telegram) -> None:
    picture = Document("tren.png", "image/png", b"\x89PNG made-up")
    message = shown(api, await channel.send(letter("*Tren*", GROUP, attachment=picture)), GROUP.chat)
    assert message["caption"] == "Tren"
    assert message["photo"]
    assert [call["method"] for call in api.calls] == ["sendPhoto"]


async def test_a_board_is_pinned_without_a_sound(api: BotApi, channel: Telegram) -> None:
    sent = await channel.send(letter("Papan", GROUP))
    await channel.send(letter("", GROUP, kind=Kind.PIN, message=sent))
    assert api.state.pinned == {int(GROUP.chat): int(sent)}
    assert api.calls[-1]["params"]["disable_notification"]


async def test_what_somebody_wrote_is_taken_back(api: BotApi, channel: Telegram) -> None:
    await channel.send(letter("", kind=Kind.DELETE, message="77"))
    assert [call["method"] for call in api.calls] == ["deleteMessage"]
    assert int(api.calls[-1]["params"]["message_id"]) == 77


async def test_a_message_that_is_gone_cannot_be_pinned(api: BotApi, channel: Telegram) -> None:
    assert isinstance(await failure(channel, letter("", GROUP, kind=Kind.PIN, message="999")), GiveUp)
    assert api.state.pinned == {}


async def test_the_longest_caption_arrives_and_a_longer_one_is_given_up(
    api: BotApi, channel: Telegram
) -> None:
    longest = "*" + "😀" * (CAPTION_LIMIT // 2) + "*"
    assert shown(api, await channel.send(letter(longest, attachment=SHEET)))["caption"] == longest.strip("*")
    assert isinstance(await failure(channel, letter(longest + "x", attachment=SHEET)), GiveUp)


async def test_a_caption_that_telegram_cannot_read_goes_as_plain_text(api: BotApi, channel: Telegram) -> None:
    api.fault(status=400, description="Bad Request: can't parse entities: Unsupported start tag")
    message = shown(api, await channel.send(letter("*Halo* <Budi>", attachment=SHEET)))
    assert message["caption"] == "Halo <Budi>"
    assert "caption_entities" not in message
    assert message["document"]["file_name"] == "iuran.xlsx"


async def test_a_file_fails_as_a_text_does(api: BotApi, channel: Telegram) -> None:
    file = letter(attachment=SHEET)
    api.fault(status=403, description="Forbidden: bot was blocked by the user")
    blocked = await failure(channel, file)
    api.fault(status=413, description="Request Entity Too Large")
    large = await failure(channel, file)
    api.fault(status=429, parameters={"retry_after": 7})
    busy = await failure(channel, file)
    assert isinstance(blocked, GiveUp)
    assert isinstance(large, GiveUp)
    assert isinstance(busy, TryLater)
    assert (blocked.unreachable, large.unreachable, busy.after) == (True, False, timedelta(seconds=7))


@pytest.mark.parametrize("fault", [{"drop": True}, {"hang": 5.0}, {"status": 502, "raw": "<html>"}])
async def test_a_file_whose_answer_is_lost_is_unsure(
    api: BotApi, channel: Telegram, hasty: Telegram, fault: dict[str, Any]
) -> None:
    api.fault(**fault)
    error = await failure(hasty if "hang" in fault else channel, letter(attachment=SHEET))
    assert isinstance(error, Unsure)
    assert await channel.send(letter(attachment=SHEET))


# -- errors: what is sure, what is not ---------------------------------------------------------

GONE = (
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
)
HOPELESS = (
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: BUTTON_DATA_INVALID"),
    (400, "Bad Request: message thread not found"),
    (413, "Request Entity Too Large"),
)
DONE = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
)


@pytest.mark.parametrize("status, description", GONE)
async def test_who_cannot_be_reached_is_given_up(
    api: BotApi, channel: Telegram, status: int, description: str
) -> None:
    api.fault(status=status, description=description)
    error = await failure(channel)
    assert isinstance(error, GiveUp)
    assert error.unreachable


@pytest.mark.parametrize("status, description", HOPELESS)
async def test_what_telegram_refuses_is_given_up(
    api: BotApi, channel: Telegram, status: int, description: str
) -> None:
    api.fault(status=status, description=description)
    error = await failure(channel)
    assert isinstance(error, GiveUp)
    assert not error.unreachable


@pytest.mark.parametrize("description", DONE)
async def test_what_is_already_so_counts_as_done(api: BotApi, channel: Telegram, description: str) -> None:
    api.fault(status=400, description=description)
    assert await channel.send(letter(kind=Kind.EDIT, message="5")) == "5"


async def test_a_moved_group_gives_its_new_id(api: BotApi, channel: Telegram) -> None:
    api.fault(
        status=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": -1002000000001},
    )
    error = await failure(channel, letter(to=Address("telegram", "-5001")))
    assert isinstance(error, Moved)
    assert error.chat == "-1002000000001"


@pytest.mark.parametrize(
    "asked, after",
    [
        ({"retry_after": 7}, timedelta(seconds=7)),
        ({"retry_after": "7"}, timedelta(seconds=7)),
        ({"retry_after": 10**9}, LONGEST_PAUSE),
        ({"retry_after": -1}, None),
        ({"retry_after": [1]}, None),
        ({"retry_after": 10**400}, None),
        ({}, None),
    ],
)
async def test_too_many_requests_wait_as_long_as_asked(
    api: BotApi, channel: Telegram, asked: dict[str, object], after: timedelta | None
) -> None:
    api.fault(status=429, description="Too Many Requests", parameters=asked)
    error = await failure(channel)
    assert isinstance(error, TryLater)
    assert error.after == after
    assert error.scope == "telegram:7001"


async def test_three_chats_that_must_wait_are_the_whole_channel(api: BotApi, channel: Telegram) -> None:
    api.fault(status=429, times=None, parameters={"retry_after": 30})
    errors = [await failure(channel, letter(to=Address("telegram", chat))) for chat in ("1", "1", "2", "3")]
    assert [isinstance(error, TryLater) and error.scope for error in errors] == [
        "telegram:1", "telegram:1", "telegram:2", "telegram"
    ]  # fmt: skip


@pytest.mark.parametrize("status, description", [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_refused_token_pauses_and_shows(
    api: BotApi, channel: Telegram, status: int, description: str
) -> None:
    api.fault(status=status, description=description)
    error = await failure(channel)
    assert isinstance(error, TryLater)
    assert (error.after, error.scope, channel.refused) == (REFUSED_PAUSE, "telegram", True)
    await channel.send(letter())
    assert not channel.refused


UNSURE: dict[str, dict[str, Any]] = {
    "server error": {"status": 500, "description": "Internal Server Error"},
    "server error as a page": {"status": 502, "raw": "<html>Bad Gateway</html>"},
    "a page instead of JSON": {"raw": "<html>welcome</html>"},
    "nothing instead of JSON": {"raw": ""},
    "half of the JSON": {"raw": '{"ok":true,"result":{"mess'},
    "not ok with 200": {"raw": '{"ok":false,"error_code":500,"description":"x"}'},
    "a list": {"raw": "[]"},
    "deeper than can be read": {"raw": "[" * 50_000},
    "redirected": {"status": 302, "raw": ""},
    "connection closed after executing": {"drop": True},
    "no answer in time": {"hang": 5.0},
}


@pytest.mark.parametrize("name", UNSURE)
async def test_a_lost_answer_is_unsure(api: BotApi, channel: Telegram, hasty: Telegram, name: str) -> None:
    api.fault(**UNSURE[name])
    assert isinstance(await failure(hasty if "hang" in UNSURE[name] else channel), Unsure)
    assert await channel.send(letter())


@pytest.mark.slow
async def test_after_a_silence_no_message_is_risked_before_somebody_answers(api: BotApi) -> None:
    async with Telegram(api.token, api.address, ManualClock(MORNING), Pace(send=2.0)) as channel:
        api.fault(times=None, hang=600, method="sendMessage")
        assert isinstance(await failure(channel), Unsure)
        api.faults.active.clear()
        api.fault(times=None, refuse=True, method="getMe")
        for _ in range(5):
            error = await failure(channel)
            assert isinstance(error, TryLater)
            assert (error.after, error.scope) == (SILENCE, "telegram")
        assert [call["method"] for call in api.calls] == ["sendMessage"]
        api.faults.active.clear()
        await channel.send(letter())
        await channel.send(letter())
        assert len(api.sent) == 3


async def test_a_refused_connection_is_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with Telegram("1:a", f"http://127.0.0.1:{port}", ManualClock(MORNING)) as channel:
        error = await failure(channel)
    assert isinstance(error, TryLater)
    assert error.scope == "telegram"


async def test_no_free_connection_is_surely_not_sent(api: BotApi) -> None:
    wire = Wire(connections=1, connect_seconds=0.05)
    api.fault(method="getMe", hang=5.0)
    slow = asyncio.ensure_future(wire.post(f"{api.address}/bot{api.token}/getMe"))
    await asyncio.wait_for(api.faults.struck.wait(), PATIENCE)
    with pytest.raises(NotSent):
        await wire.post(f"{api.address}/bot{api.token}/getMe")
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    await wire.shutdown()


async def test_an_error_quotes_neither_text_nor_token(api: BotApi, channel: Telegram) -> None:
    api.fault(
        status=400, description='Bad Request: can\'t parse entities: unsupported start tag "budi"', times=2
    )
    assert "budi" not in str(await failure(channel))
    api.fault(drop=True)
    assert api.token not in repr(await failure(channel))
