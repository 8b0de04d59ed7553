"""Makes the pictures of the README: `python docs/pictures.py [address of a running demo]`.

Without an address it starts a demo of its own on a free port and stops it afterwards.
"""

import os
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
START_LIMIT = 120  # tries, half a second each
PATIENCE = 60_000  # ms, for an answer or for the clock to arrive


def open_chat(page: Page, persona: str = "") -> None:
    """The chat of a persona, or the list."""
    page.goto(f"/chat/{persona}" if persona else "/")
    page.locator("#now").wait_for()


def say(page: Page, words: str) -> None:
    """Send a text and wait for what the bot answers."""
    with answered(page):
        page.locator("#text").fill(words)
        page.locator("#text").press("Enter")


def press(page: Page, label: str) -> None:
    """Press a button of the newest question and wait for the answer."""
    with answered(page):
        page.locator(".choices button", has_text=label).last.click()


def attach(page: Page, file: Path, words: str = "") -> None:
    """Send a file."""
    page.locator("#file").set_input_files(file)
    say(page, words)


def wind(page: Page, button: str) -> None:
    """Move the clock with one of its buttons, "+7 hari" or "Ke tanggal 8"."""
    toggle = page.locator(".clock-toggle")
    if toggle.is_visible() and toggle.get_attribute("aria-expanded") != "true":
        toggle.click()
    before = page.locator("#now").inner_text()
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_function(
        "before => !now.matches('.playing') && now.innerText !== before", arg=before, timeout=PATIENCE
    )


def shot(page: Page, name: str) -> None:
    """Save what is seen as docs/pictures/<name>.png."""
    page.locator("#toast").wait_for(state="hidden")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    print(f"docs/pictures/{name}.png")


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Wait until the bot has said something that was not there before."""
    last = "Math.max(0, ...[...document.querySelectorAll('.theirs')].map(each => +each.dataset.number))"
    before = page.evaluate(last)
    yield
    page.wait_for_function(f"before => {last} > before", arg=before, timeout=PATIENCE)
    page.locator("#typing").wait_for(state="hidden")


def first_persona(page: Page, *, room: bool) -> str:
    """The first person, or room, of the list."""
    people = page.request.get("/api/personas").json()
    return next(str(each["id"]) for each in people if each["room"] is room)


def on_the_phone(page: Page) -> None:
    """A village officer's phone."""
    open_chat(page)
    shot(page, "phone-list")
    open_chat(page, first_persona(page, room=False))
    say(page, "menu")
    shot(page, "phone-menu")
    say(page, "status")
    shot(page, "phone-status")


def on_the_desk(page: Page) -> None:
    """The district's office, and time."""
    open_chat(page)
    shot(page, "desk-start")
    open_chat(page, first_persona(page, room=True))
    say(page, "/rekap")
    shot(page, "desk-room")
    open_chat(page, first_persona(page, room=False))
    wind(page, "Ke tanggal 8")
    shot(page, "desk-reminder")


STORIES: tuple[tuple[tuple[int, int], Callable[[Page], None]], ...] = (
    (PHONE, on_the_phone),
    (DESK, on_the_desk),
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
    environment = {**os.environ, "PAYUNG_PORT": str(port), "PAYUNG_HOST": "127.0.0.1"}
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
