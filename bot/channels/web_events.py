"""The journal of the chats as server-sent events: JSON for scripts, pieces of HTML for the page."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext

from sse_starlette import ServerSentEvent

from bot.channels import web_pages as pages
from bot.channels.web_chats import Change, Chats, Entry, Persona, as_json


async def events(
    chats: Chats, persona: Persona | None, seen: str, *, page: bool
) -> AsyncIterator[ServerSentEvent]:
    """What happened after the event `seen` (a Last-Event-ID; empty: from now on), and what will.

    Without a persona: what the side list needs.
    """
    number, _, run = seen.partition("-")
    start = int(number[:18]) if number.isascii() and number.isdigit() else len(chats.journal)
    if start > len(chats.journal) or (run and run != chats.run):
        # The server was started anew: what the page shows, and the count it knows, are gone.
        start = 0
        yield ServerSentEvent(event="reload", data="{}", id=f"0-{chats.run}")
    with chats.watched(persona.id) if persona and page else nullcontext():
        async for entry in chats.follow(start):
            told = list(_for_page(chats, entry, persona) if page else _for_script(chats, entry, persona))
            for place, (kind, data) in enumerate(told, 1):
                # Only the last part of an entry counts as "seen".
                whole = f"{entry.number}-{chats.run}" if place == len(told) else None
                yield ServerSentEvent(event=kind, data=data, id=whole)


def _for_script(chats: Chats, entry: Entry, persona: Persona | None) -> Iterator[tuple[str, str]]:
    if entry.kind is Change.CLOCK:
        now = chats.clock.now().isoformat(timespec="seconds")
        yield "clock", json.dumps({"now": now, "playing": chats.playing})
    elif persona is not None and entry.chat == persona.id:
        data = as_json(entry.chat, entry.message) if entry.message else {"text": entry.text}
        yield entry.kind.value, json.dumps(data, ensure_ascii=False)


def _for_page(chats: Chats, entry: Entry, opened: Persona | None) -> Iterator[tuple[str, str]]:
    here = opened is not None and entry.chat == opened.id
    if entry.kind is Change.CLOCK:
        yield "clock", pages.clock(chats, opened)
        yield from _until(chats, opened)
        if not chats.playing:
            # What was said today is not of today any more.
            yield from (("row", pages.row(chats, each, opened)) for each in chats.personas.values())
    elif entry.message is None:
        if here:
            yield "notice", entry.text
    else:
        persona = chats.personas[entry.chat]
        if here:
            yield (
                "bubble",
                pages.bubble(persona, entry.message, pages.opens_day(chats, persona, entry.message)),
            )
            if entry.kind is Change.EDIT:
                yield "pinned", pages.pinned(chats, persona)
            yield from _until(chats, persona)
        yield "row", pages.row(chats, persona, opened)


def _until(chats: Chats, opened: Persona | None) -> Iterator[tuple[str, str]]:
    """The line about free text, where the app of the chat limits that."""
    if opened is not None and opened.app:
        yield "until", pages.until(chats, opened)
