"""The web chat's interface as scripts see it, and the channel behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sse_starlette import ServerSentEvent
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message

from bot.channels.base import Channel
from bot.channels.web import Persona, Web
from bot.channels.web_events import events
from bot.errors import GiveUp, Unreadable
from bot.messages import Address, Choice, Document, File, Kind, Letter
from tests.webdemo import KUKAR, PERSONAS, START, Echo, demo

DARMA = Address("web", "darma")
HERE = "/api/chats/darma/messages"
PAGE = {"HX-Request": "true"}
SHEET = Document(
    'Iuran "Désa" <b>.xlsx',
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"PK\x03\x04\r\n",
)
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def stage() -> Iterator[tuple[TestClient, Web, Echo]]:
    app, web, echo = demo()
    with TestClient(app) as client:
        yield client, web, echo


@pytest.fixture
def client(stage: tuple[TestClient, Web, Echo]) -> TestClient:
    return stage[0]


@pytest.fixture
def web(stage: tuple[TestClient, Web, Echo]) -> Web:
    return stage[1]


@pytest.fixture
def echo(stage: tuple[TestClient, Web, Echo]) -> Echo:
    return stage[2]


def texts_of(client: TestClient, after: int = 0) -> list[tuple[str, str]]:
    return [(each["from"], each["text"]) for each in client.get(f"{HERE}?after={after}").json()]


# --- who is there


def test_personas_are_listed_in_order_without_their_channel_ids(client: TestClient) -> None:
    rows = client.get("/api/personas").json()
    assert [row["id"] for row in rows] == [persona.id for persona in PERSONAS]
    assert rows[0] == {
        "id": "darma", "name": "Darma Wijaya", "role": "Kaur Keuangan",
        "place": "Desa Perian, Kec. Muara Muntai", "room": False, "district": KUKAR,
        "zone": "Asia/Makassar", "channel": "web", "unread": 0,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["messages", "events"])
def test_unknown_chat_is_told(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/chats/nobody/{path}")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("Percakapan itu tidak ada")
    assert client.post("/api/chats/nobody/messages", json={"text": "a"}).status_code == 404
    assert client.get("/chat/nobody").status_code == 404


# --- talking


def test_text_gets_an_answer(client: TestClient) -> None:
    mine = client.post(HERE, json={"text": "  halo \r\n*Bu* "}).json()
    assert mine == {
        "id": 1, "from": "you", "text": "halo \n*Bu*", "choices": [], "file": None,
        "at": "2026-11-23T01:14:00+00:00",
    }  # fmt: skip
    assert texts_of(client) == [("you", "halo \n*Bu*"), ("bot", "Anda menulis: halo \n*Bu*")]
    assert texts_of(client, after=1) == [("bot", "Anda menulis: halo \n*Bu*")]
    assert texts_of(client, after=2) == []


def test_arrival_is_read_as_incoming(client: TestClient, web: Web, echo: Echo) -> None:
    client.post("/api/chats/kantor/messages", json={"text": "/rekap", "id": "k-1"})
    arrival = echo.seen["web:k-1"]
    incoming = web.parse(arrival.body)
    assert (arrival.channel, arrival.conversation) == ("web", "web:kantor")
    assert incoming.address == Address("web", "kantor")
    assert (incoming.sender, incoming.text, incoming.group) == ("21", "/rekap", True)
    assert (incoming.external_id, incoming.at, incoming.shape) == ("web:k-1", START, "text")


def test_forms_are_read_too(client: TestClient) -> None:
    answer = client.post(HERE, data={"text": "lewat formulir"}, headers=PAGE)
    assert answer.status_code == 200
    assert 'id="m1"' in answer.text
    assert "lewat formulir" in answer.text


def test_pressing_a_choice_shows_its_label(client: TestClient, web: Web, echo: Echo) -> None:
    client.post(HERE, json={"text": "menu"})
    asked = client.get(HERE).json()[-1]
    assert asked["text"].startswith("Iuran November Desa Perian jatuh tempo")
    assert asked["choices"][1] == {"id": "tok:2", "label": "Sudah bayar"}
    pressed = client.post(HERE, json={"choice": "tok:2"}).json()
    assert (pressed["from"], pressed["text"]) == ("you", "Sudah bayar")
    incoming = web.parse([*echo.seen.values()][-1].body)
    assert (incoming.choice, incoming.text, incoming.shape) == ("tok:2", "", "tap")
    assert incoming.message == str(asked["id"])
    assert incoming.tap == incoming.external_id
    assert client.get(HERE).json()[1]["choices"] == []


def test_closed_choice_pressed_again_still_reaches_the_bot(client: TestClient, echo: Echo) -> None:
    client.post(HERE, json={"text": "menu"})
    for _ in range(2):
        assert client.post(HERE, json={"choice": "tok:1"}).json()["text"] == "Lihat tagihan"
    assert [body["choice"] for body in echo.bodies()] == ["", "tok:1", "tok:1"]


def test_choice_of_another_chat_is_left_to_the_bot(client: TestClient, echo: Echo) -> None:
    client.post("/api/chats/siti/messages", json={"text": "menu"})
    assert client.post(HERE, json={"choice": "tok:1"}).json() == {"id": None}
    assert echo.bodies()[-1]["choice"] == "tok:1"
    assert client.post(HERE, data={"choice": "forged"}, headers=PAGE).text == ""


@pytest.mark.parametrize("way", ["header", "field"])
def test_double_post_counts_once(client: TestClient, echo: Echo, way: str) -> None:
    body = {"text": "sekali", "id": "abc"} if way == "field" else {"text": "sekali"}
    headers = {"id": "abc"} if way == "header" else {}
    first, second = (client.post(HERE, json=body, headers=headers).json() for _ in range(2))
    assert first == second
    assert len(texts_of(client)) == 2
    assert [*echo.seen] == ["web:abc"]


def test_posts_without_id_are_two(client: TestClient, echo: Echo) -> None:
    for _ in range(2):
        client.post(HERE, json={"text": "ya"})
    assert len(echo.seen) == 2


def test_failed_accept_can_be_repeated(echo: Echo, stage: tuple[TestClient, Web, Echo]) -> None:
    client = TestClient(stage[0].app, raise_server_exceptions=False)
    echo.broken = True
    assert client.post(HERE, json={"text": "penting", "id": "p"}).status_code == 500
    echo.broken = False
    assert client.post(HERE, json={"text": "penting", "id": "p"}).status_code == 200
    assert texts_of(client) == [("you", "penting"), ("bot", "Anda menulis: penting")]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": ""}}, 400),
        ({"json": {"text": " \n\t"}}, 400),
        ({"json": {}}, 400),
        ({"json": {"text": 5}}, 400),
        ({"json": {"text": None}}, 400),
        ({"json": {"choice": ["tok:1"]}}, 400),
        ({"json": {"choice": "x" * 201}}, 400),
        ({"json": {"text": "a", "id": "a b"}}, 400),
        ({"json": {"text": "a", "id": "x" * 65}}, 400),
        ({"json": ["text"]}, 400),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"\xff\xfe", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"[" * 200_000, "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"oops", "headers": {"content-type": "multipart/form-data"}}, 400),
        ({"content": b"oops", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400),
        ({"files": {"file": ("kosong.pdf", b"")}}, 400),
        ({"files": [("file", ("a", b"a")), ("file", ("b", b"b"))]}, 400),
        ({"json": {"text": "a" * 10_001}}, 413),
        ({"json": {"text": "a" * 300_000}}, 413),
        ({"files": {"file": ("besar.pdf", b"0" * (10 * 1024 * 1024 + 1))}}, 413),
        ({"files": {"file": ("besar.pdf", b"0" * (11 * 1024 * 1024))}}, 413),
        ({"json": {"text": "a"}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
    ],
)
def test_bad_posts_are_refused_with_a_sentence(client: TestClient, sent: dict[str, Any], status: int) -> None:
    answer = client.post(HERE, **sent)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert client.get(HERE).json() == []


def test_long_text_goes_to_the_bot_as_it_is(client: TestClient, echo: Echo) -> None:
    client.post(HERE, json={"text": "ä" * 10_000})
    assert echo.bodies()[0]["text"] == "ä" * 10_000


def test_half_a_character_does_no_harm(client: TestClient) -> None:
    raw = b'{"text": "rusak \\ud83d di sini"}'
    assert client.post(HERE, content=raw).status_code == 200
    assert texts_of(client)[0] == ("you", "rusak ? di sini")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "٣"])
def test_after_must_be_a_number(client: TestClient, after: str) -> None:
    assert client.get(HERE, params={"after": after}).status_code == 400


# --- files


async def test_file_arrives_and_can_be_fetched(client: TestClient, web: Web, echo: Echo) -> None:
    sent = {"file": ("C:\\dokumen\\bukti\n bayar.pdf", b"%PDF-1.7", "application/pdf")}
    mine = client.post(HERE, files=sent, data={"text": "ini buktinya"}).json()
    name, url = mine["file"]["name"], "/api/chats/darma/files/1"
    assert mine["file"] == {"name": name, "mime": "application/pdf", "size": 8, "url": url}
    assert mine["file"]["name"].startswith("bukti")
    assert mine["text"] == "ini buktinya"
    incoming = web.parse([*echo.seen.values()][-1].body)
    assert incoming.file is not None
    assert (incoming.text, incoming.shape) == ("ini buktinya", "document")
    assert await web.fetch(incoming.file, 8) == b"%PDF-1.7"
    with pytest.raises(GiveUp):
        await web.fetch(incoming.file, 7)
    with pytest.raises(GiveUp):
        await web.fetch(File("unknown"), 100)


def test_photo_is_a_photo(client: TestClient, web: Web, echo: Echo) -> None:
    client.post(HERE, files={"file": ("a.jpg", b"\xff\xd8", "image/jpeg")})
    assert web.parse([*echo.seen.values()][-1].body).shape == "photo"


def test_sheet_has_its_name_kind_and_size(client: TestClient, web: Web, echo: Echo) -> None:
    client.post(HERE, files={"file": ("Data Perangkat.xlsx", b"PK\x03\x04", SHEET.mime)})
    incoming = web.parse([*echo.seen.values()][-1].body)
    assert incoming.file is not None
    assert incoming.shape == "document"
    assert (incoming.file.name, incoming.file.mime, incoming.file.size) == (
        "Data Perangkat.xlsx", SHEET.mime, 4
    )  # fmt: skip
    assert ".xlsx" in client.get("/chat/darma").text.partition('accept="')[2].partition('"')[0]


async def test_file_of_the_bot_can_be_saved(client: TestClient, web: Web) -> None:
    await web.send(Letter(DARMA, "Daftar *iuran*", choices=(Choice("t", "Ya"),), attachment=SHEET))
    shown = client.get(HERE).json()[0]
    url = "/api/chats/darma/files/1"
    assert (shown["from"], shown["text"]) == ("bot", "Daftar iuran")
    assert shown["file"] == {"name": SHEET.name, "mime": SHEET.mime, "size": 6, "url": url}
    answer = client.get(url)
    assert answer.content == SHEET.data
    assert answer.headers["content-type"] == SHEET.mime
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=utf-8''Iuran%20%22D%C3%A9sa%22%20%3Cb%3E.xlsx"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    page = client.get("/chat/darma").text
    assert f'href="{url}"' in page
    assert "&lt;b&gt;.xlsx" in page


async def test_same_file_is_shown_once(client: TestClient, web: Web) -> None:
    for _ in range(2):
        await web.send(Letter(DARMA, "", key="sheet:1", attachment=SHEET))
    assert len(client.get(HERE).json()) == 1
    assert "Berkas" in client.get("/").text


async def test_file_is_served_in_its_own_chat_alone(client: TestClient, web: Web) -> None:
    number = await web.send(Letter(DARMA, "", attachment=SHEET))
    bare = await web.send(Letter(DARMA, "tanpa berkas"))
    for path in (
        f"siti/files/{number}",
        f"kantor/files/{number}",
        f"nobody/files/{number}",
        f"darma/files/{bare}",
        "darma/files/99",
        "darma/files/0",
        "darma/files/x",
        "darma/files/..%2f1",
    ):
        assert client.get(f"/api/chats/{path}").status_code == 404


def test_what_a_browser_claims_of_a_file_is_not_repeated(client: TestClient) -> None:
    mine = client.post(HERE, files={"file": ("a.html", XSS.encode(), "text/html")}).json()
    answer = client.get(mine["file"]["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")


# --- the channel


def test_web_is_a_channel() -> None:
    channel: Channel = demo()[1]
    assert channel.name == "web"
    assert [channel.is_group(chat) for chat in ("darma", "kantor", "nobody")] == [False, True, True]


async def test_edit_replaces_and_close_keeps_the_text(client: TestClient, web: Web) -> None:
    number = await web.send(Letter(DARMA, "*Satu*", choices=(Choice("t1", "Ya"),)))
    await web.send(Letter(DARMA, "Dua", Kind.EDIT, (Choice("t2", "Tidak"),), number))
    edited = client.get(HERE).json()[0]
    assert (edited["text"], edited["choices"]) == ("Dua", [{"id": "t2", "label": "Tidak"}])
    await web.send(Letter(DARMA, "", Kind.CLOSE, message=number))
    closed = client.get(HERE).json()[0]
    assert (closed["id"], closed["text"], closed["choices"]) == (int(number), "Dua", [])


async def test_same_letter_is_shown_once(client: TestClient, web: Web) -> None:
    numbers = {await web.send(Letter(DARMA, "Pengingat", key="remind:1")) for _ in range(3)}
    assert len(numbers) == 1
    assert texts_of(client) == [("bot", "Pengingat")]


async def test_leaving_is_noted(client: TestClient, web: Web) -> None:
    assert await web.send(Letter(Address("web", "kantor"), "", Kind.LEAVE)) == ""
    assert client.get("/api/chats/kantor/messages").json()[0]["text"] == "Payung Desa keluar dari grup ini."


@pytest.mark.parametrize(
    "letter",
    [
        Letter(Address("web", "nobody"), "Halo"),
        Letter(DARMA, "Halo", Kind.EDIT, message="99"),
        Letter(DARMA, "", Kind.CLOSE, message=""),
    ],
)
async def test_what_cannot_be_shown_is_given_up(web: Web, letter: Letter) -> None:
    with pytest.raises(GiveUp):
        await web.send(letter)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'{"chat": "nobody"}', b"\xff"])
def test_foreign_bodies_are_unreadable(web: Web, body: bytes) -> None:
    with pytest.raises(Unreadable):
        web.parse(body)


async def test_unread_counts_until_the_chat_is_opened(client: TestClient, web: Web) -> None:
    for _ in range(3):
        await web.send(Letter(DARMA, "Pengingat"))
    assert client.get("/api/personas").json()[0]["unread"] == 3
    assert "3 pesan belum dibaca" in client.get("/").text
    assert client.get("/chat/darma").status_code == 200
    assert client.get("/api/personas").json()[0]["unread"] == 0


# --- the clock


@pytest.mark.parametrize(
    ("wish", "reached"),
    [
        ({"by": "PT1H"}, "2026-11-23T02:14:00+00:00"),
        ({"by": "P7D"}, "2026-11-30T01:14:00+00:00"),
        ({"by": "P1W2DT3H30M"}, "2026-12-02T04:44:00+00:00"),
        ({"to": "2026-12-08T09:00:00+07:00"}, "2026-12-08T02:00:00+00:00"),
        ({"to": "2026-12-08T02:00:00Z"}, "2026-12-08T02:00:00+00:00"),
        ({"to": "2026-12-08T09:00"}, "2026-12-08T01:00:00+00:00"),
        ({"to": "2026-12-08"}, "2026-12-08T01:00:00+00:00"),
        ({"to": "2026-12-08", "chat": "petrus"}, "2026-12-08T02:00:00+00:00"),
        ({"day": 8}, "2026-12-08T01:00:00+00:00"),
        ({"day": "15", "chat": "petrus"}, "2026-12-15T02:00:00+00:00"),
        ({"day": 23}, "2026-12-23T01:00:00+00:00"),
        ({"day": 24}, "2026-11-24T01:00:00+00:00"),
        ({"day": 31}, "2026-12-31T01:00:00+00:00"),
    ],
)
def test_clock_moves(client: TestClient, wish: dict[str, object], reached: str) -> None:
    assert client.get("/api/clock").json() == {"now": "2026-11-23T01:14:00+00:00", "playing": False}
    assert client.post("/api/clock", json=wish).json() == {"now": reached, "playing": False}
    assert client.get("/api/clock").json()["now"] == reached


@pytest.mark.parametrize(
    "wish",
    [
        {}, {"by": "P"}, {"by": "PT"}, {"by": "7D"}, {"by": "-P7D"}, {"by": "P0D"}, {"by": "P1Y"}, {"by": "P999D"},
        {"to": "kemarin"}, {"to": "2026-11-22"}, {"to": "2026-11-23T01:14:00Z"}, {"to": "9999-12-31T23:59:59-14:00"},
        {"to": 5}, {"to": ["2026-12-01"]}, {"day": 0}, {"day": 32}, {"day": "x"}, {"day": None}, {"day": True},
    ],
)  # fmt: skip
def test_clock_refuses(client: TestClient, wish: dict[str, object]) -> None:
    answer = client.post("/api/clock", json=wish)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert client.get("/api/clock").json()["now"] == "2026-11-23T01:14:00+00:00"


def test_messages_carry_the_time_they_came_at(client: TestClient) -> None:
    client.post("/api/clock", data={"by": "P2D"}, headers=PAGE)
    times = [each["at"] for each in client.get(HERE).json()]
    assert times == ["2026-11-24T01:14:00+00:00", "2026-11-25T01:14:00+00:00"]


def test_clock_plays_once_at_a_time(client: TestClient, web: Web) -> None:
    web.chats.play(True)
    assert client.post("/api/clock", json={"by": "P1D"}).status_code == 409
    assert "Memutar waktu…" in client.get("/api/clock", headers=PAGE).text


def test_failed_play_ends(stage: tuple[TestClient, Web, Echo]) -> None:
    client = TestClient(stage[0].app, raise_server_exceptions=False)
    stage[2].broken = True
    assert client.post("/api/clock", json={"by": "P10D"}).status_code == 500
    assert client.get("/api/clock").json()["playing"] is False


# --- events


async def first(stream: AsyncIterator[ServerSentEvent], count: int) -> list[ServerSentEvent]:
    found = []
    async for event in stream:
        found.append(event)
        if len(found) == count:
            break
    return found


def parts(event: ServerSentEvent) -> tuple[str | None, str | None, str]:
    return event.id, event.event, str(event.data)


async def test_script_hears_its_own_chat(web: Web) -> None:
    stream = events(web.chats, PERSONAS[0], "0", page=False)
    await web.send(Letter(Address("web", "siti"), "bukan untuk Darma"))
    number = await web.send(Letter(DARMA, "*Satu*", choices=(Choice("t", "Ya"),)))
    await web.send(Letter(DARMA, "", Kind.CLOSE, message=number))
    await web.send(Letter(DARMA, "Diterima", Kind.ANSWER))
    web.chats.play(True)
    heard = await first(stream, 4)
    assert [event.event for event in heard] == ["message", "edit", "notice", "clock"]
    assert json.loads(str(heard[0].data))["text"] == "Satu"
    assert json.loads(str(heard[3].data))["playing"] is True


async def test_stream_resumes_after_the_last_event(web: Web) -> None:
    for text in ("satu", "dua"):
        await web.send(Letter(DARMA, text))
    seen = (await first(events(web.chats, PERSONAS[0], "0", page=False), 1))[0].id
    await web.send(Letter(DARMA, "tiga"))
    rest = await first(events(web.chats, PERSONAS[0], str(seen), page=False), 2)
    assert [json.loads(str(event.data))["text"] for event in rest] == ["dua", "tiga"]


@pytest.mark.parametrize("seen", ["99", "1-other", "0-other"])
async def test_stream_of_an_older_server_starts_again(web: Web, seen: str) -> None:
    await web.send(Letter(DARMA, "satu"))
    heard = await first(events(web.chats, PERSONAS[0], seen, page=False), 2)
    assert [event.event for event in heard] == ["reload", "message"]


async def test_page_counts_an_entry_as_seen_when_all_of_it_came(web: Web) -> None:
    await web.send(Letter(DARMA, "satu"))
    heard = await first(events(web.chats, PERSONAS[0], "0", page=True), 2)
    assert [(event.id is None, event.event) for event in heard] == [(True, "bubble"), (False, "row")]


async def test_page_hears_of_other_chats_and_the_clock(web: Web) -> None:
    stream = events(web.chats, PERSONAS[0], "0", page=True)
    await web.send(Letter(Address("web", "siti"), "untuk Siti"))
    web.chats.play(False)
    heard = await first(stream, 2 + len(PERSONAS))
    assert [event.event for event in heard] == ["row", "clock"] + ["row"] * len(PERSONAS)
    assert "row-siti" in str(heard[0].data)
    assert "1 pesan belum dibaca" in str(heard[0].data)


async def test_open_chat_has_nothing_unread(web: Web) -> None:
    stream = events(web.chats, PERSONAS[0], "0", page=True)
    web.chats.play(True)
    await first(stream, 1)
    await web.send(Letter(DARMA, "satu"))
    assert web.chats.unread["darma"] == 0
    await stream.aclose()  # type: ignore[attr-defined]
    await web.send(Letter(DARMA, "dua"))
    assert web.chats.unread["darma"] == 1


async def spoken(app: Starlette, path: str, last: str) -> str:
    """The first piece of a stream over HTTP; it goes on for ever, so it is hung up on."""
    said: asyncio.Queue[Message] = asyncio.Queue()
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": "",
        "headers": [(b"last-event-id", last.encode())],
    }  # fmt: skip
    calling = asyncio.create_task(app(scope, asyncio.Event().wait, said.put))  # type: ignore[arg-type]
    while not (piece := (await said.get()).get("body")):
        pass
    calling.cancel()
    return str(piece, "utf-8")


async def test_stream_over_http_reads_the_last_event_id() -> None:
    app, web, _ = demo()
    for text in ("satu", "dua"):
        await web.send(Letter(DARMA, text))
    piece = await spoken(app, "/api/chats/darma/events", f"1-{web.chats.run}")
    assert piece.startswith(f"id: 2-{web.chats.run}\r\nevent: message\r\ndata: {{")
    assert '"text": "dua"' in piece


# --- nothing people write becomes part of the page


def test_what_people_write_stays_text(client: TestClient) -> None:
    client.post(HERE, json={"text": XSS})
    client.post(HERE, files={"file": (f"{XSS}.pdf", b"x")})
    for path in ("/", "/chat/darma", "/chat/siti"):
        shown = client.get(path).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in client.get("/chat/darma").text


async def test_names_and_labels_stay_text() -> None:
    personas = [Persona("x", XSS, XSS, XSS, "1", False, XSS), Persona("r", XSS, XSS, XSS, "2", True)]
    app, web, _ = demo(personas)
    await web.send(Letter(Address("web", "x"), XSS, choices=(Choice(XSS, XSS, XSS),)))
    await web.send(Letter(Address("web", "r"), XSS, Kind.LEAVE))
    for path in ("/", "/chat/x", "/chat/r"):
        shown = TestClient(app).get(path).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_page_runs_only_its_own_files(client: TestClient) -> None:
    answer = client.get("/chat/darma")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "http://" not in answer.text
    assert "https://" not in answer.text


def test_static_files_are_there(client: TestClient) -> None:
    for name in ("page.css", "page.js", "payung.svg", "htmx-4.0.1.min.js", "hx-sse-4.0.1.min.js"):
        assert client.get(f"/static/{name}").status_code == 200
    assert client.get("/static/../web.py").status_code == 404


# --- what the page shows


def test_page_groups_people_by_district_and_rooms_last(client: TestClient) -> None:
    shown = client.get("/").text
    places = [shown.index(f"<h2>{name}</h2>") for name in (KUKAR, "Landak", "Grup")]
    assert places == sorted(places)
    assert "Contoh: semua orang di sini rekaan" in shown


def test_page_shows_the_zone_of_the_chat(client: TestClient) -> None:
    assert "09.14 WITA" in client.get("/chat/darma").text
    assert "08.14 WIB" in client.get("/chat/petrus").text
    assert "08.14 WIB" in client.get("/api/clock?chat=petrus", headers=PAGE).text


def test_each_day_has_its_heading_once(client: TestClient) -> None:
    for text in ("satu", "dua"):
        client.post(HERE, json={"text": text})
    client.post("/api/clock", json={"by": "P1D"})
    shown = client.get("/chat/darma").text
    assert shown.count('class="day"') == 2
    assert "Selasa, 24 November 2026" in shown


def test_list_shows_the_last_words(client: TestClient) -> None:
    client.post(HERE, json={"text": "diam"})
    assert "Anda: diam" in client.get("/").text
    client.post(HERE, files={"file": ("bukti.pdf", b"x" * 1_300_000)}).raise_for_status()
    assert "1,2 MB" in client.get("/chat/darma").text


def test_many_choices_can_be_searched(client: TestClient) -> None:
    client.post(HERE, json={"text": "menu"})
    assert "Cari di" not in client.get("/chat/darma").text
    client.post(HERE, json={"text": "desa"})
    assert "Cari di 24 pilihan" in client.get("/chat/darma").text
