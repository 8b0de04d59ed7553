"""The demo's WhatsApp: what would be sent is drawn, and the platform's own limits hold."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import stencils
from bot.channels.web import Chats, Persona
from bot.channels.web_chats import WHATSAPP, Change
from bot.channels.web_events import events
from bot.channels.web_reading import Post
from bot.channels.web_site import routes
from bot.channels.web_whatsapp import WINDOW, WhatsAppChats
from bot.clock import ManualClock
from bot.errors import Closed, GiveUp
from bot.messages import Address, Arrival, Choice, Document, Kind, Letter, Stage, Stencil
from tests.webdemo import START

HERE = Address(WHATSAPP, "ratna")
SHEET = Document("Iuran.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK")
RATNA = Persona(
    "ratna", "Ratna Sari", "Sekretaris Desa", "Desa Perian", "ratna", room=False, channel=WHATSAPP
)
TWELVE = tuple(Choice(f"abc.{n}", f"Desa {n}", "Kec. Muara Muntai") for n in range(12))
REMINDER = Stencil(
    "iuran_segera",
    tuple((name, sample) for name, sample in stencils.definition("iuran_segera").samples),
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def app(clock: ManualClock) -> WhatsAppChats:
    """Ratna's chat, in which she has just written."""
    app = WhatsAppChats(Chats([RATNA, replace(RATNA, id="telegram", channel="web")], clock))
    app.say(RATNA, Post("k0", "halo"))
    return app


def press(app: WhatsAppChats, choice: str, key: str = "k1") -> tuple[str, str, str]:
    """The label, and what the bot reads of it: the token or the words."""
    mine, arrival = app.say(RATNA, Post(key, choice=choice))
    incoming = app.parse(arrival.body)
    assert incoming.tap == ""
    return mine.text if mine else "", incoming.choice, incoming.text


def test_three_choices_are_buttons_and_more_are_a_list(app: WhatsAppChats) -> None:
    asyncio.run(app.send(Letter(HERE, "Benar?", choices=TWELVE[:3])))
    asyncio.run(app.send(Letter(HERE, "Desa yang mana?", choices=TWELVE)))
    buttons, rows = app.chats.of("ratna")[1:]
    assert (buttons.sheet, len(buttons.choices)) == ("", 3)
    assert (rows.sheet, len(rows.choices)) == ("Pilih", 10)
    assert rows.choices[0] == Choice("abc.0", "Desa 0", "Kec. Muara Muntai")
    assert rows.choices[-1] == Choice("abc.+9", "Lainnya »")
    assert press(app, "abc.+9") == ("Lainnya »", "abc.+9", "")


def test_a_press_is_a_message_that_quotes_its_question(app: WhatsAppChats) -> None:
    asyncio.run(app.send(Letter(HERE, "Benar?", choices=TWELVE[:2])))
    asked = app.chats.of("ratna")[-1]
    mine, arrival = app.say(RATNA, Post("k1", choice="abc.1"))
    assert mine
    assert mine.quoted is asked
    incoming = app.parse(arrival.body)
    assert (incoming.message, incoming.reply_to, incoming.shape) == (str(asked.id), "", "tap")


def test_nothing_that_was_sent_changes(app: WhatsAppChats) -> None:
    number = asyncio.run(app.send(Letter(HERE, "Lama", choices=TWELVE[:1])))
    for kind in (Kind.CLOSE, Kind.PIN, Kind.ANSWER, Kind.LEAVE, Kind.DELETE):
        assert asyncio.run(app.send(Letter(HERE, "Diterima", kind, message=number))) == ""
    assert asyncio.run(app.send(Letter(HERE, "Baru", Kind.EDIT, message=number))) != number
    assert [each.text for each in app.chats.of("ratna")] == ["halo", "Lama", "Baru"]
    assert app.chats.of("ratna")[1].choices
    assert Change.NOTICE not in {entry.kind for entry in app.chats.journal}


def test_a_long_text_comes_in_parts_and_emphasis_stays(app: WhatsAppChats) -> None:
    asyncio.run(app.send(Letter(HERE, "\n\n".join([f"*Desa* {'x' * 900}"] * 6))))
    assert len(app.chats.of("ratna")) == 3
    assert all(each.text.startswith("*Desa*") for each in app.chats.of("ratna")[1:])


def test_a_file_goes_with_its_buttons_or_before_its_list(app: WhatsAppChats) -> None:
    asyncio.run(app.send(Letter(HERE, "Sudah benar?", choices=TWELVE[:2], attachment=SHEET)))
    together = app.chats.of("ratna")[-1]
    assert together.choices
    assert app.file_of("ratna", str(together.id)) == SHEET
    asyncio.run(app.send(Letter(HERE, "Yang mana?", choices=TWELVE[:5], attachment=SHEET)))
    file, rows = app.chats.of("ratna")[-2:]
    assert app.file_of("ratna", str(file.id)) == SHEET
    assert (rows.file, rows.sheet) == (None, "Pilih")


def test_after_a_day_only_approved_texts_come(app: WhatsAppChats, clock: ManualClock) -> None:
    clock.move(START + WINDOW)
    with pytest.raises(Closed):
        asyncio.run(app.send(Letter(HERE, "Halo")))
    choices = (Choice("abc.0", "Sudah bayar"),)
    asyncio.run(app.send(Letter(HERE, "tidak ini", choices=choices, stencil=REMINDER)))
    shown = app.chats.of("ratna")[-1]
    assert shown.stencil
    assert shown.text.startswith("*Iuran BPJS Ketenagakerjaan September 2026 jatuh tempo")
    assert [choice.label for choice in shown.choices] == ["Sudah bayar", "Belum"]
    assert press(app, "abc.0") == ("Sudah bayar", "abc.0", "")
    assert asyncio.run(app.send(Letter(HERE, "Terima kasih")))


def test_a_button_that_nothing_was_sent_for_comes_back_as_its_words(app: WhatsAppChats) -> None:
    asyncio.run(app.send(Letter(HERE, "", choices=(Choice("abc.0", "Sudah bayar"),), stencil=REMINDER)))
    assert press(app, "Belum") == ("Belum", "", "Belum")


def test_a_message_opens_the_window_and_is_seen_to_be_read(app: WhatsAppChats) -> None:
    mine, arrival = app.say(RATNA, Post("k1", "menu"))
    assert mine
    incoming = app.parse(arrival.body)
    assert incoming.window == START + timedelta(hours=24)
    assert not mine.read
    for _ in range(2):
        asyncio.run(app.send(Letter(HERE, "", Kind.READ, message=incoming.seen)))
    assert mine.read
    assert [entry.kind for entry in app.chats.journal].count(Change.EDIT) == 1


def test_the_same_letter_is_shown_once_and_a_foreign_chat_never(app: WhatsAppChats) -> None:
    first, second = (asyncio.run(app.send(Letter(HERE, "Halo", key="k"))) for _ in range(2))
    assert first == second
    for chat in ("telegram", "nobody"):
        with pytest.raises(GiveUp):
            asyncio.run(app.send(Letter(Address(WHATSAPP, chat), "Halo")))
    with pytest.raises(GiveUp):
        asyncio.run(app.send(Letter(HERE, " ")))


async def test_the_page_follows_the_window(app: WhatsAppChats, clock: ManualClock) -> None:
    stream = events(app.chats, RATNA, "0", page=True)

    async def told() -> str:
        while True:
            event = await anext(stream)
            if event.event == "until":
                return str(event.data)

    assert "terbuka</b> sampai" in await told()
    clock.move(START + WINDOW)
    app.chats.play(False)
    assert "hanya templat" in await told()
    await stream.aclose()  # type: ignore[attr-defined]


def test_what_the_interface_says_of_such_a_chat(app: WhatsAppChats, clock: ManualClock) -> None:
    async def nothing(_: object) -> None:
        """Nobody listens."""

    site = routes([app], nothing, clock.now, nothing)
    asyncio.run(app.send(Letter(HERE, "Yang mana?", choices=TWELVE)))
    asyncio.run(app.send(Letter(HERE, "", stencil=REMINDER)))
    with TestClient(Starlette(routes=site)) as client:
        rows, approved = client.get("/api/chats/ratna/messages").json()[1:]
        assert rows["sheet"] == "Pilih"
        assert approved["stencil"] is True
        assert "sheet" not in approved
        assert client.get("/api/personas").json()[0]["channel"] == WHATSAPP
        page = client.get("/chat/ratna").text
        for words in ("Dikirim sebagai templat", "Jendela 24 jam terbuka", 'class="app">WhatsApp'):
            assert words in page


def test_who_opens_the_chat_or_writes_in_it_has_read_what_stands_there(
    app: WhatsAppChats, clock: ManualClock
) -> None:
    heard: list[Arrival] = []

    async def accept(arrivals: Sequence[Arrival]) -> None:
        heard.extend(arrivals)

    async def nothing(_: object) -> None:
        """The clock stands still."""

    def told() -> list[tuple[str, Stage]]:
        found = [app.parse(arrival.body).receipt for arrival in heard]
        heard.clear()
        return [(each.message, each.stage) for each in found if each]

    with TestClient(Starlette(routes=routes([app], accept, clock.now, nothing))) as client:
        first = asyncio.run(app.send(Letter(HERE, "Iuran November.")))
        client.get("/chat/telegram")
        assert told() == [(first, Stage.DELIVERED)]
        client.get("/chat/telegram")
        assert told() == []
        client.get("/chat/ratna")
        assert told() == [(first, Stage.READ)]
        second = asyncio.run(app.send(Letter(HERE, "Sudah bayar?")))
        client.post("/api/chats/ratna/messages", json={"text": "sudah"})
        assert told() == [(second, Stage.READ)]
        client.get("/chat/ratna")
        assert told() == []
