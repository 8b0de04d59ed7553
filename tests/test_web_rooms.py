"""Rooms of the web chat: a pinned message, replies to the bot, and its pictures."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.channels.web import Web
from bot.channels.web_events import events
from bot.messages import Address, Document, Kind, Letter
from tests.test_web import first
from tests.webdemo import PERSONAS, PICTURE, Echo, demo

ROOM = Address("web", "kantor")
OFFICE = PERSONAS[4]
THERE = "/api/chats/kantor/messages"
Stage = tuple[TestClient, Web, Echo]


@pytest.fixture
def stage() -> Iterator[Stage]:
    app, web, echo = demo()
    with TestClient(app) as client:
        yield client, web, echo


# --- replies


@pytest.mark.parametrize("sent", [1, "1"])
async def test_a_reply_names_the_message_it_answers(stage: Stage, sent: object) -> None:
    client, web, echo = stage
    number = await web.send(Letter(ROOM, "*Pertanyaan 1*\nBalas pesan ini."))
    mine = client.post(THERE, json={"text": "Boleh.", "reply_to": sent, "id": "k"}).json()
    assert mine["reply_to"] == int(number)
    assert web.parse(echo.seen["web:k"].body).reply_to == number


async def test_what_is_no_reply_names_nothing(stage: Stage) -> None:
    client, web, echo = stage
    mine = client.post(THERE, json={"text": "Boleh.", "id": "k"}).json()
    assert "reply_to" not in mine
    assert web.parse(echo.seen["web:k"].body).reply_to == ""


@pytest.mark.parametrize(("sent", "status"), [("x", 400), ("99", 404), ([1], 400), (True, 400), ("1", 404)])
async def test_a_reply_to_nothing_of_this_chat_is_refused(stage: Stage, sent: object, status: int) -> None:
    client, web, echo = stage
    await web.send(Letter(Address("web", "darma"), "di chat lain"))
    assert client.post(THERE, json={"text": "Boleh.", "reply_to": sent}).status_code == status
    assert echo.seen == {}


async def test_the_page_offers_a_reply_in_rooms_only_and_quotes_it(stage: Stage) -> None:
    client, web, _ = stage
    await web.send(Letter(ROOM, 'Kata "<b>"'))
    await web.send(Letter(Address("web", "darma"), "Pribadi"))
    assert 'data-reply="1"' in client.get("/chat/kantor").text
    assert "data-reply" not in client.get("/chat/darma").text
    client.post(THERE, json={"text": "Boleh.", "reply_to": 1})
    page = client.get("/chat/kantor").text
    assert 'class="quoted" href="#m1"' in page
    assert "<b>&#34;" not in page


# --- the pinned message


async def test_the_pinned_message_stands_at_the_top_and_follows_its_edits(stage: Stage) -> None:
    client, web, _ = stage
    assert 'id="pinned" hidden' in client.get("/chat/kantor").text
    number = await web.send(Letter(ROOM, "*Iuran Oktober: Lunas 1*"))
    await web.send(Letter(ROOM, "", Kind.PIN, message=number))
    assert client.get(THERE).json()[0]["pinned"] is True
    await web.send(Letter(ROOM, "*Iuran Oktober: Lunas 2*", Kind.EDIT, message=number))
    page = client.get("/chat/kantor").text
    assert f'id="pinned" data-message="m{number}"' in page
    assert "<b>Disematkan:</b> Iuran Oktober: Lunas 2" in page


async def test_an_open_page_hears_of_it(stage: Stage) -> None:
    _, web, _ = stage
    stream = events(web.chats, OFFICE, "0", page=True)
    number = await web.send(Letter(ROOM, "Papan"))
    await web.send(Letter(ROOM, "", Kind.PIN, message=number))
    heard = await first(stream, 5)
    assert [event.event for event in heard] == ["bubble", "row", "bubble", "pinned", "row"]
    assert "Papan" in str(heard[3].data)


# --- pictures


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg"])
async def test_a_picture_of_the_bot_is_seen_at_once(stage: Stage, mime: str) -> None:
    client, web, _ = stage
    await web.send(Letter(ROOM, "Tren", attachment=Document("tren.png", mime, PICTURE.data)))
    assert '<img src="/api/chats/kantor/files/1" alt="tren.png">' in client.get("/chat/kantor").text
    got = client.get("/api/chats/kantor/files/1")
    assert (got.headers["content-type"], got.content) == (mime, PICTURE.data)


async def test_other_files_and_what_people_send_are_not_looked_into(stage: Stage) -> None:
    client, web, _ = stage
    await web.send(Letter(ROOM, "", attachment=Document("x.svg", "image/svg+xml", b"<svg/>")))
    client.post(THERE, files={"file": ("x.png", PICTURE.data, "image/png")})
    assert '<img src="/api' not in client.get("/chat/kantor").text
