"""WhatsApp in the demo, in a real browser and with the real bot: lists, approved texts, the closing window."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from docs.pictures import own_demo
from tests import needs
from tests.browsing import DESK, PHONE, browsing, fits, say, visiting

PATIENCE = 90_000  # ms
pytestmark = [pytest.mark.slow, needs.chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The page of a demo of its own, which begins on Monday, 23 November 2026, 09.00 WITA."""
    with own_demo() as address, visiting(browser, request.param, address) as page:
        yield page


def told(page: Page, words: str) -> Locator:
    return page.locator(".theirs .text", has_text=words).last


def answered(page: Page, words: str, answer: str) -> None:
    say(page, words)
    expect(told(page, answer)).to_be_visible()


def opened(page: Page) -> Locator:
    page.locator(".sheet-open").last.click()
    return page.get_by_role("dialog")


def wind(page: Page, button: str, arrives: str) -> None:
    """Move the clock; on the way everything happens that falls due, which takes a while."""
    toggle = page.get_by_role("button", name="Putar waktu")
    if toggle.is_visible():
        toggle.click()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#now")).to_contain_text(arrives, timeout=PATIENCE)


def test_somebody_is_registered_by_lists_and_their_pages(page: Page) -> None:
    page.goto("/chat/salma")
    expect(page.get_by_role("heading", name="Salma Hidayati WhatsApp")).to_be_visible()
    expect(page.locator("#until")).to_contain_text("Jendela 24 jam tertutup: hanya templat")
    for words, answer in (
        ("daftar", "1 dari 9"),
        ("Siti Aminah", "2 dari 9"),
        ("6402 0157 0885 0003", "3 dari 9"),
    ):
        answered(page, words, answer)
    expect(page.locator("#until")).to_contain_text("terbuka sampai 24 November, 09.00 WITA")
    expect(page.get_by_label("Dibaca").last).to_be_visible()
    page.get_by_role("button", name="Benar", exact=True).click()
    expect(page.locator(".mine .text").last).to_have_text("Benar")
    expect(page.locator(".mine .quoted").last).to_contain_text("3 dari 9")
    expect(page.locator("#toast")).to_be_hidden()
    for words, answer in (
        ("Tenggarong", "5 dari 9"),
        ("Kartini", "6 dari 9"),
        ("0812-3456-7890", "7 dari 9"),
    ):
        answered(page, words, answer)
    _by_pages(page)
    for words, answer in (("2,5 jt", "9 dari 9"), ("2 januari 2024", "Periksa dulu")):
        answered(page, words, answer)
    page.get_by_role("button", name="Benar, simpan").last.click()
    expect(told(page, "tersimpan pukul 09.00 WITA")).to_be_visible()
    assert fits(page)


def _by_pages(page: Page) -> None:
    """The post, from the second page of its list; the keyboard is enough."""
    sheet = opened(page)
    rows = sheet.locator("button[name=choice]")
    expect(rows).to_have_count(10)
    expect(rows.first).to_be_focused()
    box = rows.first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    opened(page).get_by_role("button", name="Tutup daftar").click()
    opened(page).get_by_role("button", name="Lainnya »").click()
    expect(told(page, "Pilihan lainnya:")).to_be_visible()
    page.locator(".sheet-open").last.focus()
    page.keyboard.press("Enter")
    more = page.get_by_role("dialog").locator("button[name=choice]")
    expect(more.first).to_be_focused()
    label = more.first.locator(".label").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".mine .text").last).to_have_text(label)
    expect(told(page, "8 dari 9")).to_be_visible()


CONTRAST = """() => {
    const parts = text => text.match(/[0-9.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
        .map(each => each <= .03928 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
        .reduce((sum, each, place) => sum + each * [.2126, .7152, .0722][place], 0);
    const behind = node => {
        for (let each = node; each; each = each.parentElement) {
            const found = parts(getComputedStyle(each).backgroundColor);
            if (found.length < 4 || found[3] === 1) return found;
        }
    };
    return [".app", ".who .app", ".until", ".stencil", ".who-text p", ".hour", ".choices .label", ".sheet-open"]
        .flatMap(where => [...document.querySelectorAll(where)].map(node => {
            const [one, other] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
            return [where, (Math.max(one, other) + .05) / (Math.min(one, other) + .05)];
        })).filter(([, ratio]) => ratio < 4.5);
}"""


def test_when_the_window_has_closed_reminders_come_as_approved_texts_that_can_be_read(page: Page) -> None:
    page.goto("/chat/salma")
    answered(page, "menu", "Silakan pilih")
    answered(page, "tagihan", "Iuran September 2026")
    wind(page, "+1 hari", "24 November 2026")
    expect(page.locator("#until")).to_contain_text("tertutup: hanya templat")
    wind(page, "Ke tanggal 8", "8 Desember 2026")
    bubble = page.locator(".theirs", has=page.locator(".stencil"))
    expect(bubble.last).to_contain_text("Dikirim sebagai templat")
    expect(bubble.last).to_contain_text("Iuran BPJS Ketenagakerjaan November 2026 jatuh tempo")
    expect(bubble.last.locator(".choices button")).to_have_text(["Sudah bayar", "Minggu ini", "Senin depan"])
    expect(page.locator("#until")).to_contain_text("tertutup")
    assert page.evaluate(CONTRAST) == []
    bubble.last.get_by_role("button", name="Minggu ini").click()
    expect(page.locator(".mine .text").last).to_have_text("Minggu ini")
    expect(page.locator("#until")).to_contain_text("terbuka sampai 9 Desember")
    expect(page.locator(".theirs").last.locator(".stencil")).to_have_count(0)
    assert fits(page)


def test_the_same_person_goes_on_in_the_other_app_and_a_colleague_takes_over(page: Page) -> None:
    page.goto("/chat/darma")
    answered(page, "daftar", "1 dari 9")
    expect(page.locator("#until")).to_be_hidden()
    page.goto("/chat/darma-whatsapp")
    answered(page, "lanjut", "1 dari 9")
    answered(page, "Siti Aminah", "2 dari 9")
    answered(page, "nanti", "Sudah saya simpan")
    page.goto("/chat/ratna")
    say(page, "isian")
    expect(page.locator(".theirs").last).to_contain_text("Siti Aminah")
    page.locator(".theirs").last.get_by_role("button", name="Isian Darma").click()
    expect(told(page, "2 dari 9")).to_be_visible()
