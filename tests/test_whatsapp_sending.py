"""Letters on the wire: what WhatsApp is asked for, and what each of its answers means."""

import asyncio
import base64
import io
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from bot import logs
from bot.channels.whatsapp import LONGEST_PAIR_PAUSE, WhatsApp
from bot.channels.whatsapp_errors import LONG_PAUSE, PAIR_PAUSE, REFUSED_PAUSE
from bot.channels.whatsapp_wire import SILENCE, Access, Number, Pace
from bot.clock import ManualClock
from bot.errors import Closed, GiveUp, SendError, TryLater, Unsure
from bot.messages import Address, Choice, Document, Kind, Letter, Stage, Stencil
from tests.fakes import whatsapp_spec
from tests.fakes.bot_api import serving
from tests.fakes.inbox import Inbox
from tests.fakes.whatsapp_api import TOKEN, WhatsAppApi
from tests.fakes.whatsapp_people import ACCOUNT_ID, NAMES, PHONE_NUMBER_ID, SECRET, People
from tests.needs import PATIENCE

NUMBER, SCOPED = "6281234500001", "ID.13491208655302741918"
SITI = Address("whatsapp", NAMES.conceal(NUMBER))
BUDI = Address("whatsapp", NAMES.conceal(SCOPED))
CHOICES = (Choice("t.0", "Ya"), Choice("t.1", "Tidak"))
HASTY = Pace(send=0.8, upload=0.8, download=1.0)  # a busy machine answers late, too
SHEET = Document("iuran.xlsx", "application/vnd.ms-excel", b"PK\x03")
LONG = "a" * 4096 + "\n\nbuntut"


def access(api: str) -> Access:
    return Access(TOKEN, PHONE_NUMBER_ID, ACCOUNT_ID, (SECRET,), "tanda-uji", api)


@pytest.fixture
async def api() -> AsyncIterator[WhatsAppApi]:
    """A WhatsApp that checks every call against the official description, where that is at hand."""
    clock = ManualClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    async with WhatsAppApi(shapes=whatsapp_spec.meta(), now=clock.now) as server:
        server.hears(NUMBER)
        server.hears(SCOPED)
        yield server
        assert server.violations == []


@pytest.fixture
async def channel(api: WhatsAppApi) -> AsyncIterator[WhatsApp]:
    async with WhatsApp(access(api.address), NAMES) as channel:
        yield channel


@pytest.fixture
async def hasty(api: WhatsAppApi) -> AsyncIterator[WhatsApp]:
    """The same, that does not wait long."""
    async with WhatsApp(access(api.address), NAMES, HASTY) as channel:
        yield channel


def letter(text: str = "Halo", to: Address = SITI, **more: Any) -> Letter:
    return Letter(to, text, mark="88", **more)


async def failure(channel: WhatsApp, what: Letter | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(what or letter())
    return caught.value


async def test_a_text_arrives_with_its_emphasis_and_our_mark(api: WhatsAppApi, channel: WhatsApp) -> None:
    name = await channel.send(letter("*Halo* <Budi & Sons> 😀"))
    (sent,) = api.sent
    assert sent.payload == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": NUMBER, "type": "text",
        "text": {"body": "*Halo* <Budi & Sons> 😀", "preview_url": False}, "biz_opaque_callback_data": "88",
    }  # fmt: skip
    assert NAMES.reveal(name) == sent.id
    assert NUMBER.encode() in base64.b64decode(sent.id.removeprefix("wamid."))
    assert NUMBER not in name


async def test_who_hides_the_number_is_written_to_by_their_id(api: WhatsAppApi, channel: WhatsApp) -> None:
    await channel.send(letter(to=BUDI))
    assert api.sent[0].payload["recipient"] == SCOPED
    assert "to" not in api.sent[0].payload


async def test_choices_are_buttons_or_a_list(api: WhatsAppApi, channel: WhatsApp) -> None:
    many = tuple(Choice(f"t.{n}", f"Desa {n}") for n in range(30))
    for choices in (CHOICES, many):
        await channel.send(letter(choices=choices))
    buttons, listed = (sent.content for sent in api.sent)
    assert [each["reply"]["id"] for each in buttons["action"]["buttons"]] == ["t.0", "t.1"]
    assert [row["id"] for row in listed["action"]["sections"][0]["rows"]][-2:] == ["t.8", "t.+9"]


async def test_an_edit_is_a_new_message(api: WhatsAppApi, channel: WhatsApp) -> None:
    first = await channel.send(letter(choices=CHOICES))
    second = await channel.send(letter("Tercatat", kind=Kind.EDIT, message=first))
    assert [sent.payload["type"] for sent in api.sent] == ["interactive", "text"]
    assert NAMES.reveal(second) == api.sent[-1].id != api.sent[0].id


@pytest.mark.parametrize("kind", [Kind.CLOSE, Kind.PIN, Kind.LEAVE, Kind.ANSWER, Kind.DELETE])
async def test_what_whatsapp_cannot_do_is_nothing(api: WhatsAppApi, channel: WhatsApp, kind: Kind) -> None:
    assert await channel.send(letter("Sudah", kind=kind, message="whatever")) == ""
    assert api.calls == []


async def test_a_message_is_marked_as_read(api: WhatsAppApi, channel: WhatsApp) -> None:
    read = letter("", kind=Kind.READ, message=NAMES.conceal("wamid.HBgN"))
    assert await channel.send(read) == ""
    assert api.state.read == ["wamid.HBgN"]
    assert api.sent == []


async def test_an_approved_text_reaches_who_wrote_long_ago(api: WhatsAppApi, channel: WhatsApp) -> None:
    api.state.windows.clear()
    api.approve("iuran_jatuh_tempo", "Iuran {{desa}} jatuh tempo {{hari}}.", ("Sudah", "Nanti"))
    stencil = Stencil("iuran_jatuh_tempo", (("desa", "Perian"), ("hari", "Selasa, 15 Desember 2026")))
    await channel.send(letter(choices=CHOICES, stencil=stencil))
    assert api.sent[0].payload["type"] == "template"
    assert not api.sent[0].failed
    missing = replace(stencil, words=stencil.words[:1])
    assert isinstance(await failure(channel, letter(stencil=missing)), GiveUp)
    assert isinstance(await failure(channel, letter(stencil=replace(stencil, name="belum_ada"))), GiveUp)


# -- several parts ------------------------------------------------------------------------------


async def test_a_long_text_goes_in_parts_and_the_last_one_has_the_buttons(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    text = "\n\n".join(["kata " * 400] * 4)
    name = await channel.send(letter(text, choices=CHOICES))
    assert [sent.payload["type"] for sent in api.sent] == ["text", "text", "interactive"]
    marks = [sent.payload["biz_opaque_callback_data"] for sent in api.sent]
    assert marks == ["88+"] * (len(marks) - 1) + ["88"]
    assert NAMES.reveal(name) == api.sent[-1].id
    said = [sent.content["body"] for sent in api.sent]
    assert " ".join([*said[:-1], said[-1]["text"]]).split() == text.split()


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 502, "raw": "<html>"}, {"drop": True}])
async def test_a_second_try_goes_on_with_the_part_that_failed(
    api: WhatsAppApi, channel: WhatsApp, fault: dict[str, Any]
) -> None:
    long = letter(LONG, key="inbox/1/0")
    api.fault(method="messages", skip=1, **fault)
    await failure(channel, long)
    del api.sent[1:]  # what was executed while its answer was lost
    await channel.send(long)
    await channel.send(long)
    assert [len(sent.content["body"]) for sent in api.sent] == [4096, 6, 4096, 6]


async def test_a_part_that_arrived_is_remembered_if_the_sender_is_called_off(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    long = letter(LONG, key="inbox/1/0")
    api.fault(method="messages", skip=1, delay=5.0, refuse=True)
    sending = asyncio.ensure_future(channel.send(long))
    await asyncio.wait_for(api.faults.struck.wait(), PATIENCE)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await channel.send(long)
    assert [len(sent.content["body"]) for sent in api.sent] == [4096, 6]


async def test_a_part_that_arrived_cannot_be_forgotten_without_a_key(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    api.fault(method="messages", skip=1, status=429)
    assert isinstance(await failure(channel, letter(LONG)), Unsure)


async def test_an_approved_text_goes_whole_after_parts_of_the_free_one(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    api.approve("iuran", "Iuran jatuh tempo.")
    api.fault(method="messages", skip=1, status=429)
    await failure(channel, letter(LONG, key="k"))
    await channel.send(letter(LONG, key="k", stencil=Stencil("iuran")))
    assert [sent.payload["type"] for sent in api.sent] == ["text", "template"]


# -- errors: what is sure, what is not ---------------------------------------------------------

LATER: dict[int, tuple[timedelta | None, str]] = {
    131056: (PAIR_PAUSE, SITI.conversation),
    **dict.fromkeys((4, 80007, 130429, 133016), (None, "whatsapp")),
    131048: (LONG_PAUSE, "whatsapp"),
    131057: (REFUSED_PAUSE, "whatsapp"),
    131064: (LONG_PAUSE, ""),
}
REFUSED = (0, 3, 10, 190, 200, 299, 368, 131005, 131031, 131037, 131042, 131045, 133010)
GONE = (131026, 131030)
HOPELESS = (33, 100, 130472, 130497, 131008, 131009, 131021, 131049, 131050, 131051, 131053, 131062,
            132000, 132001, 132005, 132007, 132012, 132015, 132016, 135000, 999999)  # fmt: skip
LOST = (1, 2, 131000, 131016)


@pytest.mark.parametrize("code", LATER)
async def test_who_is_too_fast_waits(api: WhatsAppApi, channel: WhatsApp, code: int) -> None:
    api.refuse(code, 429 if code != 131048 else 400)
    error = await failure(channel)
    assert isinstance(error, TryLater)
    assert (error.after, error.scope) == LATER[code]
    assert not channel.refused


async def test_a_person_written_to_too_fast_waits_longer_each_time(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    api.refuse(131056, times=8)
    pauses = [getattr(await failure(channel), "after", None) for _ in range(8)]
    assert pauses[:3] == [PAIR_PAUSE, PAIR_PAUSE * 2, PAIR_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAIR_PAUSE
    await channel.send(letter())
    api.refuse(131056)
    assert getattr(await failure(channel), "after", None) == PAIR_PAUSE


async def test_the_platform_itself_holds_a_pair_to_its_pace(api: WhatsAppApi, channel: WhatsApp) -> None:
    api.pair_burst = 3
    for _ in range(3):
        await channel.send(letter())
    error = await failure(channel)
    assert isinstance(error, TryLater)
    assert error.scope == SITI.conversation
    await channel.send(letter(to=BUDI))


@pytest.mark.parametrize("code", REFUSED)
async def test_a_refused_token_or_number_pauses_and_shows(
    api: WhatsAppApi, channel: WhatsApp, code: int
) -> None:
    api.refuse(code, 401)
    error = await failure(channel)
    assert isinstance(error, TryLater)
    assert (error.after, error.scope, channel.refused) == (REFUSED_PAUSE, "whatsapp", True)
    await channel.send(letter())
    assert not channel.health.refused


async def test_a_number_that_the_token_does_not_know_pauses_and_shows(api: WhatsAppApi) -> None:
    strange = replace(access(api.address), phone_id="106540352249999")
    async with WhatsApp(strange, NAMES) as channel:
        assert isinstance(await failure(channel), TryLater)
        assert channel.refused
    async with WhatsApp(replace(access(api.address), token="EAAx"), NAMES) as channel:
        with pytest.raises(TryLater):
            await channel.check()
        assert channel.refused


@pytest.mark.parametrize("code", GONE)
async def test_who_cannot_be_reached_is_given_up(api: WhatsAppApi, channel: WhatsApp, code: int) -> None:
    api.refuse(code)
    error = await failure(channel)
    assert isinstance(error, GiveUp)
    assert error.unreachable


@pytest.mark.parametrize("code", HOPELESS)
async def test_what_whatsapp_refuses_is_given_up(api: WhatsAppApi, channel: WhatsApp, code: int) -> None:
    api.refuse(code)
    error = await failure(channel)
    assert isinstance(error, GiveUp)
    assert not error.unreachable
    assert not channel.refused


async def test_free_text_after_a_day_is_closed(api: WhatsAppApi, channel: WhatsApp) -> None:
    api.refuses = "now"
    api.state.windows.clear()
    assert isinstance(await failure(channel), Closed)


@pytest.mark.parametrize("code", LOST)
async def test_trouble_over_there_is_unsure(api: WhatsAppApi, channel: WhatsApp, code: int) -> None:
    api.refuse(code, 500)
    assert isinstance(await failure(channel), Unsure)


async def test_trouble_that_passes_is_unsure_whatever_its_code(api: WhatsAppApi, channel: WhatsApp) -> None:
    api.refuse(999999, more={"is_transient": True})
    assert isinstance(await failure(channel), Unsure)


UNSURE: dict[str, dict[str, Any]] = {
    "server error": {"status": 500, "parameters": {"code": 100}},
    "server error as a page": {"status": 502, "raw": "<html>Bad Gateway</html>"},
    "server error with half an envelope": {"status": 500, "raw": '{"error": {"message": "x"}}'},
    "a page instead of JSON": {"raw": "<html>welcome</html>"},
    "nothing instead of JSON": {"raw": ""},
    "half of the JSON": {"raw": '{"messages": [{"id'},
    "no message in it": {"raw": '{"messages": []}'},
    "a list": {"raw": "[]"},
    "deeper than can be read": {"raw": "[" * 200_000},
    "an id that is none": {"raw": '{"messages": [{"id": 5}]}'},
    "redirected": {"status": 302, "raw": ""},
    "connection closed after executing": {"drop": True},
    "connection closed before executing": {"refuse": True},
    "no answer in time": {"hang": 5.0},
    "swallowed": {"delay": 5.0, "refuse": True},
}


@pytest.mark.parametrize("name", UNSURE)
async def test_a_lost_answer_is_unsure(
    api: WhatsAppApi, channel: WhatsApp, hasty: WhatsApp, name: str
) -> None:
    api.fault(method="messages", **UNSURE[name])
    waits = UNSURE[name].keys() & {"hang", "delay"}
    assert isinstance(await failure(hasty if waits else channel), Unsure)
    assert await channel.send(letter())


FOREIGN: dict[str, tuple[dict[str, Any], type[SendError]]] = {
    "a page of a proxy": ({"status": 403, "raw": "<html>blocked</html>"}, TryLater),
    "nothing there": ({"status": 404, "raw": ""}, TryLater),
    "an error that is no object": ({"status": 400, "raw": '{"error": "x"}'}, TryLater),
    "a code that is no number": ({"status": 400, "raw": '{"error": {"code": "x", "message": ""}}'}, TryLater),
    "too many requests": ({"status": 429, "raw": ""}, TryLater),
    "too large": ({"status": 413, "raw": ""}, GiveUp),
}


@pytest.mark.parametrize("name", FOREIGN)
async def test_an_answer_of_somebody_else_is_waited_out(
    api: WhatsAppApi, channel: WhatsApp, name: str
) -> None:
    fault, kind = FOREIGN[name]
    api.fault(method="messages", **fault)
    error = await failure(channel)
    assert isinstance(error, kind)
    assert getattr(error, "scope", "") == ("whatsapp" if kind is TryLater else "")
    assert not channel.refused


async def test_a_refused_connection_is_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with WhatsApp(access(f"http://127.0.0.1:{port}"), NAMES) as channel:
        error = await failure(channel)
    assert isinstance(error, TryLater)
    assert error.scope == "whatsapp"


@pytest.mark.parametrize("to", ["", "nowhere", NUMBER])
async def test_what_is_no_name_of_ours_is_never_written_to(
    api: WhatsAppApi, channel: WhatsApp, to: str
) -> None:
    assert isinstance(await failure(channel, letter(to=Address("whatsapp", to))), GiveUp)
    assert isinstance(await failure(channel, letter("", kind=Kind.READ, message=to)), GiveUp)
    assert api.calls == []


async def test_nothing_to_be_said_is_given_up(channel: WhatsApp) -> None:
    assert isinstance(await failure(channel, letter(" \n ")), GiveUp)


# -- our number, templates, statuses ------------------------------------------------------------


async def test_our_number_is_looked_at(api: WhatsAppApi, channel: WhatsApp) -> None:
    assert await channel.check() == Number("+62 811-5550-0010", "Payung Desa", "GREEN")
    api.fault(method="number", raw="{}")
    with pytest.raises(TryLater):
        await channel.check()
    api.fault(method="number", status=500)
    with pytest.raises(TryLater):
        await channel.check()


async def test_templates_are_made_and_listed(api: WhatsAppApi, channel: WhatsApp) -> None:
    path = f"/{ACCOUNT_ID}/message_templates"
    body = {"name": "iuran", "language": "id", "category": "UTILITY", "components": []}
    made = await channel.graph.call("POST", path, 1.0, json=body)
    assert made["status"] == "PENDING"
    listed: Any = await channel.graph.call("GET", path, 1.0, params={"name": "iuran"})
    assert [each["name"] for each in listed["data"]] == ["iuran"]
    api.fault(method="templates", hang=5.0, times=2)
    with pytest.raises(Unsure):
        await channel.graph.call("POST", path, 0.1, json=body)
    with pytest.raises(TryLater):
        await channel.graph.call("GET", path, 0.1)


async def test_statuses_come_back_with_our_row(api: WhatsAppApi, channel: WhatsApp) -> None:
    async with asyncio.timeout(PATIENCE), hearing(channel, 4) as (inbox, address):
        api.push.start(f"{address}/whatsapp")
        api.state.windows.clear()
        api.bring(People().say("halo"))
        name = await channel.send(letter())
        api.state.windows.clear()
        late = await channel.send(letter("Terlambat"))
        await inbox.full.wait()
        told = [channel.parse(arrival.body) for batch in inbox.batches for arrival in batch]
    assert told[0]
    assert (told[0].text, told[0].address) == ("halo", SITI)
    receipts = [each.receipt for each in told if each and each.receipt]
    assert [(each.message, each.stage, each.mark) for each in receipts] == [
        (name, Stage.SENT, "88"), (name, Stage.DELIVERED, "88"), (late, Stage.FAILED, "88")
    ]  # fmt: skip
    assert isinstance(receipts[-1].error, Closed)


@asynccontextmanager
async def hearing(channel: WhatsApp, wanted: int) -> AsyncIterator[tuple[Inbox, str]]:
    """Our webhook, with an inbox behind it that expects so many events."""
    inbox = Inbox(wanted)
    async with serving(Starlette(routes=channel.webhook(inbox.accept))) as address:
        yield inbox, address


# -- what is never written down -----------------------------------------------------------------


async def test_an_error_quotes_neither_numbers_nor_text_nor_token(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    ways: list[Callable[[], None]] = [
        lambda: api.refuse(131026, description=f"cannot write to {NUMBER}: Halo"),
        lambda: api.refuse(999999, description=f"{NUMBER} Halo", more={"error_user_msg": NUMBER}),
        lambda: api.fault(method="messages", status=403, raw=f"<html>{NUMBER} Halo"),
        lambda: api.fault(method="messages", drop=True),
    ]
    for way in ways:
        way()
        error = await failure(channel)
        assert all(each not in repr(error) for each in (NUMBER, "Halo", TOKEN, api.address))
    assert TOKEN not in repr(access("")) + repr(channel.graph.access)


async def test_libraries_log_neither_requests_nor_answers(api: WhatsAppApi) -> None:
    written = io.StringIO()
    root = logging.getLogger().level
    logs.setup("debug", written)
    logging.getLogger().setLevel(logging.DEBUG)  # even where somebody turns everything on
    try:
        async with WhatsApp(access(api.address), NAMES) as channel:
            media = api.state.new_media(b"x", "image/jpeg")
            await channel.send(letter("rahasia", attachment=SHEET))
            await channel.graph.fetch(media, 10)
        async with WhatsApp(access(api.address), NAMES, HASTY) as hasty:
            api.fault(method="messages", hang=5.0)
            await failure(hasty)
        logging.getLogger("asyncio").debug("the log does write")
    finally:
        logs.setup("info", io.StringIO())
        logging.getLogger().setLevel(root)
    said = written.getvalue()
    assert "the log does write" in said
    assert all(
        each not in said
        for each in (NUMBER, "rahasia", TOKEN, media, "iuran.xlsx", json.dumps("wamid")[1:-1])
    )


@pytest.mark.slow
async def test_after_a_silence_no_message_is_risked_before_somebody_answers(api: WhatsAppApi) -> None:
    async with WhatsApp(access(api.address), NAMES, HASTY) as channel:
        api.fault(method="*", times=None, delay=5.0, refuse=True)
        assert isinstance(await failure(channel), Unsure)
        for _ in range(5):
            error = await failure(channel)
            assert isinstance(error, TryLater)
            assert (error.after, error.scope) == (SILENCE, "whatsapp")
        assert [name for name, _ in api.calls].count("POST messages") == 1
        api.faults.active.clear()
        await channel.send(letter())
        await channel.send(letter())
    assert [name for name, _ in api.calls][-3:] == ["GET number", "POST messages", "POST messages"]
