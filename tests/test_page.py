"""The web chat in a real browser, on a phone and on a desk."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    FilePayload,
    Locator,
    Page,
    expect,
)

from bot.messages import Address, Choice, Document, Letter
from tests import needs
from tests.browsing import DESK, PHONE, browsing, fits, say, visiting
from tests.webdemo import Echo, demo

pytestmark = [pytest.mark.slow, needs.chromium]


@dataclass
class Stage:
    """A running demo."""

    address: str
    echo: Echo


@pytest.fixture
def stage() -> Iterator[Stage]:
    app, _, echo = demo()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield Stage(f"http://127.0.0.1:{listening.getsockname()[1]}", echo)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, stage: Stage) -> Iterator[Page]:
    with visiting(browser, request.param, stage.address) as page:
        yield page


def told(page: Page, words: str) -> Locator:
    return page.get_by_role("log").get_by_text(words)


def is_phone(page: Page) -> bool:
    return page.viewport_size == PHONE


def test_from_the_list_into_a_chat_and_back(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("Contoh: semua orang di sini rekaan")).to_be_visible()
    expect(page.get_by_text("09.14 WITA")).to_be_visible()
    assert fits(page)
    page.get_by_role("navigation").get_by_role("link", name="Darma Wijaya").click()
    expect(page.get_by_role("heading", name="Darma Wijaya")).to_be_visible()
    header = page.get_by_role("main").get_by_text("Kaur Keuangan · Desa Perian, Kec. Muara Muntai")
    expect(header).to_be_visible()
    assert fits(page)
    people = page.get_by_role("navigation", name="Percakapan")
    if is_phone(page):
        expect(people).to_be_hidden()
        page.get_by_role("link", name="Kembali ke daftar percakapan").click()
    expect(people).to_be_visible()


def test_text_is_answered(page: Page) -> None:
    page.goto("/chat/darma")
    say(page, "Selamat pagi\n*Pak*")
    expect(page.locator(".mine .text")).to_have_text("Selamat pagi\n*Pak*")
    expect(page.locator(".theirs .text")).to_have_text("Anda menulis: Selamat pagi\n*Pak*")
    expect(page.get_by_text("Senin, 23 November 2026")).to_have_count(2)
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.get_by_label("Tulis pesan")).to_have_value("")
    page.reload()
    expect(page.locator(".log li")).to_have_count(2)


def test_waiting_is_shown_until_the_bot_answers(page: Page) -> None:
    page.goto("/chat/darma")
    say(page, "diam")
    expect(page.get_by_text("mengetik…")).to_be_visible()
    say(page, "halo")
    expect(told(page, "Anda menulis: halo")).to_be_visible()
    expect(page.get_by_text("mengetik…")).to_be_hidden()


def test_button_is_pressed_once(page: Page, stage: Stage) -> None:
    page.goto("/chat/darma")
    page.get_by_role("button", name="menu").click()
    choice = page.get_by_role("button", name="Sudah bayar")
    expect(choice).to_have_text("Sudah bayar ")
    expect(page.locator(".theirs b").first).to_have_text("Desa Perian")
    box, wall = choice.bounding_box(), page.locator("#log").bounding_box()
    assert box is not None
    assert wall is not None
    assert box["height"] >= 44
    if is_phone(page):
        assert box["width"] == wall["width"]
    choice.dblclick()
    expect(page.locator(".mine .text")).to_have_text(["menu", "Sudah bayar"])
    expect(told(page, "Dipilih: tok:2")).to_be_visible()
    expect(page.get_by_text("Diterima")).to_be_visible()
    expect(choice).to_have_count(0)
    assert len(stage.echo.seen) == 2


def test_clock_brings_reminders(page: Page) -> None:
    page.goto("/chat/petrus")
    expect(page.locator("#now")).to_have_text("Senin, 23 November 2026 08.14 WIB")
    if is_phone(page):
        expect(page.get_by_role("button", name="+7 hari")).to_be_hidden()
        page.get_by_role("button", name="Putar waktu").click()
    page.get_by_role("button", name="+7 hari").click()
    expect(page.locator("#now")).to_have_text("Senin, 30 November 2026 08.14 WIB")
    expect(page.locator(".theirs")).to_have_count(7)
    expect(page.locator(".day").last).to_have_text("Senin, 30 November 2026")
    page.goto("/chat/kantor")
    badge = page.locator("#row-darma .unread")
    expect(badge).to_have_text("77 pesan belum dibaca")
    if not is_phone(page):
        expect(badge).to_be_visible()
        page.get_by_label("Ke tanggal pilihan").fill("2026-12-08")
        page.get_by_role("button", name="Putar", exact=True).click()
        expect(page.locator("#now")).to_have_text("Selasa, 8 Desember 2026 09.00 WITA")
        expect(page.locator("#row-darma .unread")).to_have_text("1414 pesan belum dibaca")


def test_playing_is_shown(page: Page, stage: Stage) -> None:
    page.goto("/chat/darma")
    stage.echo.web.chats.playing = True
    page.reload()
    expect(page.get_by_text("Memutar waktu…")).to_be_visible()


def test_file_is_sent_with_its_words(page: Page) -> None:
    page.goto("/chat/siti")
    file = FilePayload(name="bukti bayar.pdf", mimeType="application/pdf", buffer=b"x" * 2048)
    page.get_by_label("Lampirkan berkas", exact=True).set_input_files(file)
    expect(page.locator("#chosen")).to_contain_text("bukti bayar.pdf")
    page.get_by_role("button", name="Batal melampirkan berkas").click()
    expect(page.locator("#chosen")).to_be_hidden()
    page.get_by_label("Lampirkan berkas", exact=True).set_input_files(file)
    say(page, "Ini buktinya")
    expect(page.locator(".mine .file")).to_contain_text("bukti bayar.pdf")
    expect(page.locator(".mine .text")).to_have_text("Ini buktinya")
    expect(told(page, "Berkas 2048 bita")).to_be_visible()


def test_file_of_the_bot_is_saved_with_one_press(page: Page, stage: Stage) -> None:
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = Document("Iuran Desa Perian November 2026.xlsx", mime, b"PK\x03\x04" * 3000)
    text = "*Daftar iuran* November 2026, 8 orang."
    letter = Letter(Address("web", "darma"), text, choices=(Choice("t", "Sudah benar"),), attachment=sheet)
    # Playwright keeps a loop of its own in this thread.
    sending = threading.Thread(target=asyncio.run, args=[stage.echo.web.send(letter)])
    sending.start()
    sending.join()
    page.goto("/chat/darma")
    card = page.get_by_role("link", name="Iuran Desa Perian November 2026.xlsx 12 KB Unduh")
    box = card.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert fits(page)
    with page.expect_download() as saving:
        card.click()
    assert saving.value.suggested_filename == sheet.name
    assert saving.value.path().read_bytes() == sheet.data


def test_long_lists_can_be_searched(page: Page) -> None:
    page.goto("/chat/darma")
    say(page, "desa")
    page.get_by_label("Cari pilihan").fill("desa 17")
    expect(page.locator(".choices button:visible")).to_have_count(1)
    page.get_by_label("Cari pilihan").press("Enter")
    expect(told(page, "Dipilih: desa:17")).to_be_visible()
    assert fits(page)


def test_what_people_write_does_nothing(page: Page) -> None:
    page.goto("/chat/darma")
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>" + "x" * 300
    say(page, evil)
    expect(page.locator(".mine .text")).to_have_text(evil)
    expect(page.locator(".theirs .text")).to_have_text(f"Anda menulis: {evil}")
    assert fits(page)


def test_several_quick_messages_all_arrive_in_order(page: Page) -> None:
    page.goto("/chat/darma")
    words = [f"pesan {count}" for count in range(1, 6)]
    for each in words:
        say(page, each)
    expect(page.locator(".mine .text")).to_have_text(words)
    expect(page.locator(".theirs")).to_have_count(5)


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/chat/darma")
    expect(page.get_by_label("Tulis pesan")).to_be_focused()
    page.keyboard.type("menu")
    page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="Lihat tagihan")
    choice.focus()
    page.keyboard.press("Enter")
    expect(told(page, "Dipilih: tok:1")).to_be_visible()
    expect(page.get_by_label("Tulis pesan")).to_be_focused()


def test_unread_grows_while_another_chat_is_open(page: Page) -> None:
    page.goto("/chat/darma")
    answer = page.request.post("/api/chats/siti/messages", data={"text": "halo"})
    assert answer.ok
    expect(page.locator("#row-siti .unread")).to_have_text("11 pesan belum dibaca")
    expect(page.locator("#row-siti .row-last")).to_have_text("Anda menulis: halo")


def test_newest_words_stay_in_sight(page: Page) -> None:
    page.goto("/chat/darma")
    for count in range(12):
        say(page, f"pesan {count}")
    newest = told(page, "Anda menulis: pesan 11")
    expect(newest).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 420})
    expect(newest).to_be_in_viewport()
    page.locator("#scroll").evaluate("wall => wall.scrollTo(0, 0)")
    expect(newest).not_to_be_in_viewport()
    assert page.request.post("/api/chats/darma/messages", data={"text": "dari tempat lain"}).ok
    expect(told(page, "Anda menulis: dari tempat lain")).to_be_in_viewport()


def test_a_pinned_message_leads_to_its_place_and_a_reply_names_its_message(page: Page, stage: Stage) -> None:
    page.goto("/chat/kantor")
    say(page, "papan 81")
    line = page.get_by_role("button", name="Disematkan: Iuran Oktober 2026: Lunas 81")
    expect(line).to_be_visible()
    for count in range(12):
        say(page, f"Pesan {count}")
    expect(told(page, "Anda menulis: Pesan 11")).to_be_visible()
    board = page.locator(".theirs", has_text="Menunggak 27")
    expect(board).not_to_be_in_viewport()
    box = line.bounding_box()
    assert box is not None
    assert 44 <= box["height"] <= 60
    line.click()
    expect(board).to_be_in_viewport()
    say(page, "papan 82")
    expect(page.get_by_role("button", name="Disematkan: Iuran Oktober 2026: Lunas 82")).to_be_visible()
    page.get_by_role("button", name="Balas: Anda menulis: Pesan 11").click()
    expect(page.get_by_text("Membalas: Anda menulis: Pesan 11")).to_be_visible()
    assert fits(page)
    say(page, "Boleh.")
    expect(told(page, "Anda menulis: Boleh.")).to_be_visible()
    expect(page.get_by_text("Membalas:")).to_be_hidden()
    expect(page.locator(".mine .quoted").last).to_contain_text("Anda menulis: Pesan 11")
    said = [body for body in stage.echo.bodies() if body["text"] == "Boleh."]
    assert [body["reply_to"] for body in said] != [""]


def test_a_picture_of_the_bot_is_seen_in_the_chat(page: Page) -> None:
    page.goto("/chat/kantor")
    say(page, "gambar")
    shown = page.get_by_role("log").get_by_alt_text("tren.png")
    expect(shown).to_be_attached()
    expect(page.locator(".text", has_text="iuran")).to_be_visible()
    expect(page.locator(".picture img")).to_have_js_property("naturalWidth", 1)
