"""A page in a real browser, on a phone and on a desk, and what people do on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

from docs.pictures import FLAGS
from tests.needs import CHROMIUM

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A running browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, size: ViewportSize, address: str) -> Iterator[Page]:
    """A page of a site, which must neither complain nor ask for anything elsewhere."""
    context = browser.new_context(viewport=size, locale="id-ID", base_url=address)
    page = context.new_page()
    complaints: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            complaints.append(line.text)

    def watch(sent: Request) -> None:
        if not sent.url.startswith(address):
            complaints.append(f"left the machine: {sent.url}")

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", hear)
    page.on("request", watch)
    yield page
    context.close()
    assert complaints == []


def say(page: Page, words: str) -> None:
    """Write and send."""
    page.get_by_label("Tulis pesan").fill(words)
    page.get_by_label("Tulis pesan").press("Enter")


def fits(page: Page) -> bool:
    """Whether nothing is cut off at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
