"""Makes the pictures of the README and the guides: `python -m docs.pictures [address of a running demo]`.

Without an address it starts a demo of its own on a free port, on a Monday morning that is always the
same, and stops it afterwards.  Needs Debian's chromium, and fonts-noto-color-emoji for the ✅.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "pictures"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)
PHONE, DESK = (390, 844), (1280, 800)
MORNING = "2026-11-23T01:00:00+00:00"  # Monday, 09.00 WITA
START_LIMIT = 120  # tries, half a second each
PATIENCE = 60_000  # ms, for an answer or for the clock to arrive

TREASURER, OFFICE, GROUP, INVITED, STAFF = "darma", "yuni", "grup-kukar", "wawan", "rina"
MOBILE = "salma"  # uses WhatsApp
CODE = re.compile(r"\b(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}\b")

#: All that was said is sent, and stands on the page.
SETTLED = """async () => {
    const said = await (await fetch(`/api${location.pathname.replace("chat", "chats")}/messages?after=0`)).json();
    const queues = await (await fetch("/healthz")).json();
    const last = document.querySelector("#log > li:last-child");
    return !Object.keys({...queues.inbox, ...queues.outbox}).length && typing.hidden
        && !!last && +last.dataset.number === said.at(-1).id;
}"""

#: One person, as in tests/conversations/registration.txt; "[…]" is a button.
PERSON = (
    "Siti Aminah",
    "6402 0157 0885 0003",
    "[Benar]",
    "Tenggarong",
    "Kartini",
    "0812-3456-7890",
    "kasi pelayanan",
    "2,5 jt",
    "2 januari 2024",
)


def open_chat(page: Page, persona: str = "") -> None:
    """The chat of a persona, or the list."""
    page.goto(f"/chat/{persona}" if persona else "/")
    page.locator("#now").wait_for()


def say(page: Page, *lines: str) -> None:
    """Send texts, or press buttons, and wait for what the bot answers to each."""
    for line in lines:
        with answered(page):
            if line.startswith("["):
                press(page, line[1:-1])
            else:
                page.locator("#text").fill(line)
                page.locator("#text").press("Enter")


def press(page: Page, label: str) -> None:
    """Press the newest button with that label; in WhatsApp it may stand in a list."""
    button = page.locator(".choices button", has_text=label).last
    if not button.is_visible():
        page.locator(".sheet-open").last.click()
    button.click()


def wind(page: Page, button: str) -> None:
    """Move the clock with one of its buttons, "+7 hari" or "Ke tanggal 8"."""
    toggle = page.locator(".clock-toggle")
    folded = toggle.is_visible()
    if folded and toggle.get_attribute("aria-expanded") != "true":
        toggle.click()
    before = page.locator("#now").inner_text()
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_function(
        "before => !now.matches('.playing') && now.innerText !== before", arg=before, timeout=PATIENCE
    )
    if folded and toggle.get_attribute("aria-expanded") == "true":
        toggle.click()


def shot(page: Page, name: str) -> None:
    """Save what is seen as docs/pictures/<name>.png, from the newest message upwards."""
    page.locator("#toast").wait_for(state="hidden")
    page.mouse.move(0, 0)  # no button looks pointed at
    page.evaluate("document.querySelector('#scroll')?.scrollTo(0, 1e9)")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")
    print(f"docs/pictures/{name}.png")


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Wait until the bot has said something that was not there before, and nothing more is coming."""
    last = "Math.max(0, ...[...document.querySelectorAll('.theirs')].map(each => +each.dataset.number))"
    before = page.evaluate(last)
    yield
    page.wait_for_function(f"before => {last} > before", arg=before, timeout=PATIENCE)
    page.wait_for_function(SETTLED, timeout=PATIENCE)


def newest_code(page: Page) -> str:
    """The invitation that was given last."""
    return CODE.findall(page.locator(".theirs").last.inner_text())[-1]


def invited(page: Page) -> None:
    """The office invites; the officer sends the code."""
    open_chat(page, OFFICE)
    say(page, "undang batuq kades Wawan Setiadi")
    shot(page, "undang")
    code = newest_code(page)
    open_chat(page, INVITED)
    say(page, "halo, ini apa?", code)
    shot(page, "masuk")
    say(page, "bantuan")
    shot(page, "bantuan")


def registered(page: Page) -> None:
    """One person from *daftar* to saved, and who is covered now."""
    open_chat(page, TREASURER)
    say(page, "daftar", *PERSON[:2])
    shot(page, "daftar")
    say(page, *PERSON[2:])
    shot(page, "periksa")
    say(page, "[Benar, simpan]")
    shot(page, "tersimpan")
    say(page, "status")
    shot(page, "status")
    say(page, "siti amina")
    shot(page, "kartu")


def on_whatsapp(page: Page) -> None:
    """A list behind its button."""
    open_chat(page, MOBILE)
    say(page, "daftar", *PERSON[:6])
    page.locator(".sheet-open").last.click()
    shot(page, "whatsapp-pilih")
    page.keyboard.press("Escape")
    say(page, "nanti")


def reminded(page: Page) -> None:
    """The bill and where it comes from; at 9 o'clock on the 8th the reminder, in each app."""
    open_chat(page, TREASURER)
    say(page, "tagihan", "[Dari mana angkanya?]")
    shot(page, "tagihan")
    with answered(page):
        wind(page, "Ke tanggal 8")
    shot(page, "pengingat")
    open_chat(page, MOBILE)
    shot(page, "whatsapp-pengingat")


def at_a_desk(page: Page) -> None:
    """The same chat, with everybody else beside it."""
    open_chat(page, TREASURER)
    shot(page, "demo")


def reported(page: Page) -> None:
    """The reminders of the month end with one press."""
    open_chat(page, TREASURER)
    say(page, "[Sudah bayar]")
    shot(page, "sudah-bayar")


def recapped(page: Page) -> None:
    """The district's group."""
    open_chat(page, GROUP)
    say(page, "/rekap")
    shot(page, "rekap")
    say(page, "/desa perian")
    shot(page, "grup")
    say(page, "/grafik tren")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#log img')].at(-1)?.complete", timeout=PATIENCE
    )
    shot(page, "tren")


def asked(page: Page) -> None:
    """A village asks, the office answers by replying to the card."""
    open_chat(page, TREASURER)
    say(page, "tanya apakah ketua RT boleh didaftarkan bulan ini?")
    open_chat(page, GROUP)
    reply_to_the_newest(page, "Boleh, asal ada SK kepala desa.")
    shot(page, "tanya")


def reply_to_the_newest(page: Page, text: str) -> None:
    """Answer a card of the room."""
    with answered(page):
        page.locator(".theirs .reply").last.click()
        page.locator("#text").fill(text)
        page.locator("#text").press("Enter")


def broadcast(page: Page) -> None:
    """A broadcast up to its preview."""
    open_chat(page, STAFF)
    say(page, "siaran", "[Semua]", "[Tulis pesan]")
    say(
        page,
        "Yth. {nama}, iuran Desa {desa} yang belum tercatat: {tunggakan}. Mohon dikirim buktinya.",
        "[Lihat contoh]",
    )
    shot(page, "siaran")


STORIES: tuple[tuple[tuple[int, int], Callable[[Page], None]], ...] = (
    (PHONE, invited),
    (PHONE, registered),
    (PHONE, on_whatsapp),
    (PHONE, reminded),
    (DESK, at_a_desk),
    (PHONE, reported),
    (PHONE, recapped),
    (PHONE, asked),
    (PHONE, broadcast),
)


def main(address: str) -> None:
    """Play every story and save its pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        for size, story in STORIES:
            story(_page(browser, size, address))
        browser.close()


def _page(browser: Browser, size: tuple[int, int], address: str) -> Page:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == PHONE else 1,
        locale="id-ID",
        base_url=address,
    )
    return context.new_page()


@contextmanager
def own_demo() -> Iterator[str]:
    """A demo on a free port, for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PAYUNG_PORT": str(port), "PAYUNG_HOST": "127.0.0.1", "PAYUNG_NOW": MORNING}
    demo = subprocess.Popen([sys.executable, "-m", "bot", "demo"], cwd=ROOT, env=environment)
    try:
        _wait_for(address, demo)
        yield address
    finally:
        demo.terminate()
        demo.wait()


def _wait_for(address: str, demo: subprocess.Popen[bytes]) -> None:
    for _ in range(START_LIMIT):
        try:
            urlopen(f"{address}/api/clock", timeout=5).close()
        except URLError:
            try:
                demo.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    sys.exit("the demo did not start")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1].rstrip("/"))
    else:
        with own_demo() as started:
            main(started)
