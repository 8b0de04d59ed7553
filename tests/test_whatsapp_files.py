"""Files both ways: uploaded before they are sent, and fetched only from where Meta keeps them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.whatsapp import STANDARD, WhatsApp
from bot.channels.whatsapp_wire import Graph, Pace
from bot.errors import GiveUp, SendError, TryLater, Unsure
from bot.messages import Choice, Document, File, Letter
from tests.fakes import whatsapp_spec
from tests.fakes.bot_api import serving
from tests.fakes.whatsapp_api import WhatsAppApi
from tests.fakes.whatsapp_people import NAMES
from tests.test_whatsapp_sending import HASTY, SITI, access, letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = Document('Iuran Désa \' "100%".xlsx', XLSX, b"PK\x03\x04\r\n\x00--\xff\n\r\n")
PICTURE = Document("tren.png", "image/png", b"\x89PNG" * 100_000)


@pytest.fixture
async def api() -> AsyncIterator[WhatsAppApi]:
    """A WhatsApp that checks every call against the official description, where that is at hand."""
    async with WhatsAppApi(shapes=whatsapp_spec.meta()) as server:
        server.hears(NAMES.reveal(SITI.chat))
        yield server
        assert server.violations == []


@pytest.fixture
async def channel(api: WhatsAppApi) -> AsyncIterator[WhatsApp]:
    async with served(api.address) as made:
        yield made


@pytest.fixture
async def hasty(api: WhatsAppApi) -> AsyncIterator[WhatsApp]:
    """The same, that does not wait long."""
    async with served(api.address, HASTY) as made:
        yield made


# -- out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document, kind", [(SHEET, "document"), (PICTURE, "image")])
async def test_a_file_arrives_whole_with_its_caption(
    api: WhatsAppApi, channel: WhatsApp, document: Document, kind: str
) -> None:
    await channel.send(letter("*Iuran* <Perian>", attachment=document))
    (sent,) = api.sent
    assert (sent.payload["type"], sent.content["caption"]) == (kind, "*Iuran* <Perian>")
    assert sent.content.get("filename", document.name) == document.name
    kept = api.state.media[sent.content["id"]]
    assert (kept.data, kept.mime) == (document.data, document.mime)


async def test_a_file_has_its_buttons_under_it_and_a_list_after_it(
    api: WhatsAppApi, channel: WhatsApp
) -> None:
    for count in (2, 5):
        choices = tuple(Choice(f"t.{n}", f"Pilihan {n}") for n in range(count))
        await channel.send(letter("Sudah benar?", attachment=SHEET, choices=choices))
    assert [sent.payload["type"] for sent in api.sent] == ["interactive", "document", "interactive"]
    assert api.sent[0].content["header"]["document"]["filename"] == SHEET.name


async def test_a_list_that_failed_comes_without_its_file_again(api: WhatsAppApi, channel: WhatsApp) -> None:
    choices = tuple(Choice(f"t.{n}", f"Pilihan {n}") for n in range(5))
    asked = letter("Yang mana?", attachment=SHEET, choices=choices, key="k")
    api.fault(method="messages", skip=1, status=429)
    with pytest.raises(TryLater):
        await channel.send(asked)
    await channel.send(asked)
    assert [sent.payload["type"] for sent in api.sent] == ["document", "interactive"]


@pytest.mark.parametrize(
    "fault, kind",
    [
        ({"drop": True}, TryLater),
        ({"status": 500}, TryLater),
        ({"raw": "{}"}, TryLater),
        ({"status": 400, "parameters": {"code": 100}}, GiveUp),
        ({"status": 413, "raw": ""}, GiveUp),
    ],
)
async def test_a_file_that_cannot_be_stored_is_surely_not_sent(
    api: WhatsAppApi, channel: WhatsApp, fault: dict[str, Any], kind: type[SendError]
) -> None:
    api.fault(method="media", **fault)
    with pytest.raises(kind):
        await channel.send(letter(attachment=SHEET))
    assert api.sent == []
    await channel.send(letter(attachment=SHEET))


@pytest.mark.slow
async def test_a_file_is_not_waited_for_too_long(api: WhatsAppApi, hasty: WhatsApp) -> None:
    api.fault(method="media", hang=5.0, times=2)
    with pytest.raises(TryLater):
        await hasty.send(letter(attachment=SHEET))
    with pytest.raises(TryLater):
        await hasty.fetch(File(api.state.new_media(b"x", "image/jpeg")), 99)


async def test_a_stored_file_whose_message_is_lost_is_unsure(api: WhatsAppApi, channel: WhatsApp) -> None:
    api.fault(method="messages", drop=True)
    with pytest.raises(Unsure):
        await channel.send(Letter(SITI, "", attachment=SHEET))


# -- in -----------------------------------------------------------------------------------------


async def test_a_file_is_fetched(api: WhatsAppApi, channel: WhatsApp) -> None:
    media = api.state.new_media(b"isi\x00" * 1000, "image/jpeg")
    assert await channel.fetch(File(media), 4000) == b"isi\x00" * 1000


async def test_a_file_that_is_too_large_is_not_fetched(api: WhatsAppApi, channel: WhatsApp) -> None:
    media = api.state.new_media(b"x" * 100, "image/jpeg")
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(File(media, size=100), 99)
    assert api.calls == []
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(File(media), 99)


@pytest.mark.parametrize("size", [None, "12", 12, "x", -1, 10**30])
async def test_a_file_larger_than_whatsapp_said_is_not_kept(
    api: WhatsAppApi, channel: WhatsApp, size: object
) -> None:
    media = api.state.new_media(b"x" * 100, "image/jpeg")
    told = {"url": f"{api.address}/files/{media}", "file_size": size}
    api.fault(method="media", raw=httpx.Response(200, json=told).text)
    with pytest.raises(GiveUp, match="too large"):
        await channel.fetch(File(media), 99)


@pytest.mark.parametrize("media", ["", "../me", "1/2", "1?fields=x", "é", "x" * 200])
async def test_what_is_no_id_of_a_file_is_not_asked_for(
    api: WhatsAppApi, channel: WhatsApp, media: str
) -> None:
    with pytest.raises(GiveUp):
        await channel.fetch(File(media), 99)
    assert api.calls == []


@pytest.mark.parametrize(
    "fault, kind",
    [
        ({"raw": '{"url": 5}'}, GiveUp),
        ({"raw": "{}"}, GiveUp),
        ({"raw": "[]"}, TryLater),
        ({"status": 400, "parameters": {"code": 100, "error_subcode": 33}}, GiveUp),
        ({"status": 500}, TryLater),
        ({"status": 429, "parameters": {"code": 4}}, TryLater),
    ],
)
async def test_a_file_that_cannot_be_had(
    api: WhatsAppApi, channel: WhatsApp, fault: dict[str, Any], kind: type[SendError]
) -> None:
    api.fault(method="media", **fault)
    with pytest.raises(kind):
        await channel.fetch(File(api.state.new_media(b"x", "image/jpeg")), 99)
    assert not channel.refused


@pytest.mark.parametrize("status, kind", [(404, GiveUp), (401, TryLater), (503, TryLater), (302, GiveUp)])
async def test_an_address_that_gives_no_file(status: int, kind: type[SendError]) -> None:
    async with elsewhere(status) as (address, asked), served(address) as channel:
        with pytest.raises(kind):
            await channel.fetch(File("1"), 99)
        assert asked == ["/v23.0/1", "/file"]  # a redirect is not followed


# -- where the token may go ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=x",
        "https://scontent-sin6-1.xx.fbcdn.net/v/t1.pdf",
        "https://LOOKASIDE.fbsbx.com/x",
        "https://graph.example/v23.0/media/1",
    ],
)
async def test_the_token_goes_to_the_api_and_to_where_meta_keeps_files(address: str) -> None:
    graph = Graph(access("https://graph.example"))
    assert graph._trusted(address)
    await graph.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://lookaside.fbsbx.com.jahat.example/x",
        "https://lookaside.fbsbx.com@jahat.example/x",
        "https://jahatfbcdn.net/x",
        "https://fbcdn.net.jahat.example/x",
        "https://graph.example:8443/x",
        "http://graph.example/x",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:9/x",
        "//jahat.example/x",
        "/v23.0/me",
        "file:///etc/passwd",
        "https://[::1",
        "",
        None,
        {"a": 1},
    ],
)
async def test_the_token_goes_nowhere_else(address: object) -> None:
    graph = Graph(access("https://graph.example"))
    with pytest.raises(GiveUp):
        graph._trusted(address)
    await graph.close()


async def test_a_strange_address_is_never_asked(api: WhatsAppApi, channel: WhatsApp) -> None:
    async with elsewhere(200) as (address, asked):
        api.fault(method="media", raw=httpx.Response(200, json={"url": f"{address}/file"}).text)
        with pytest.raises(GiveUp, match="strange"):
            await channel.fetch(File(api.state.new_media(b"x", "image/jpeg")), 99)
        assert asked == []


@asynccontextmanager
async def elsewhere(status: int) -> AsyncIterator[tuple[str, list[str]]]:
    """A server of somebody else, and what it was asked for."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        if request.url.path.startswith("/v23.0"):
            return JSONResponse({"url": f"{request.base_url}file"})
        if status == 302:
            return RedirectResponse("/secret")
        return Response(b"x", status)

    async with serving(Starlette(routes=[Route("/{path:path}", answer)])) as address:
        yield address, asked


@asynccontextmanager
async def served(address: str, pace: Pace = STANDARD) -> AsyncIterator[WhatsApp]:
    """A channel whose API is there."""
    async with WhatsApp(access(address), NAMES, pace) as channel:
        yield channel
