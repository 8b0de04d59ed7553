"""The work that waits, by its kind: what is fetched from a channel, what is read from it, and papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import handlers
from bot import works_broadcasts
from bot.channels.base import Channel
from bot.clock import Clock
from bot.domain.evidence import Words
from bot.domain.rulebook import Rules
from bot.jobs import Done, Work
from bot.messages import File
from bot.reports import cards, costs, lists, papers, recognitions, sheets
from bot.store.database import Store
from handlers import calls, checking, plans

Channels = Mapping[str, Channel]

CUSTOMS = papers.Customs(Words(plans.ANSWERS, checking.REASONS), calls.WHY, calls.SOON)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reports are made: what they are read from, when, and by which rules."""

    store: Store
    clock: Clock
    rules: Rules


def works(channels: Channels, desk: Desk) -> dict[str, Work]:
    """Every kind of job and how it is done."""
    return {
        "proof": partial(fetch_proof, channels),
        "project_proof": partial(fetch_proof, channels),
        "sheet": partial(fetch_sheet, channels),
        "card": partial(fetch_card, channels),
        "siaran": partial(works_broadcasts.fetch, channels),
        **_reports(desk),
    }


def _reports(desk: Desk) -> dict[str, Work]:
    """What is made from the database, outside any transaction."""
    read_by = {**papers.PAPERS, **lists.PAPERS, **costs.PAPERS, **recognitions.PAPERS}
    return {name: partial(_paper, desk, read) for name, read in read_by.items()}


async def _paper(desk: Desk, read: papers.Read, args: Mapping[str, Any]) -> Done:
    """A paper of a district, read in one view; made again after a crash, it is another paper of that moment."""
    now = desk.clock.now()
    request = papers.Request(args, desk.rules, now, CUSTOMS)
    draft = await desk.store.read(lambda tx: read(tx, request))
    told, first = await papers.made(draft, desk.store.transact, now)
    return Done(told, first.data, first.mime, draft.public) if first else Done(told)


async def fetch_proof(channels: Channels, args: Mapping[str, Any]) -> Done:
    """Download a proof of payment that an officer sent."""
    file = File(*args["file"])
    data = await channels[args["to"][0]].fetch(file, handlers.LARGEST_PROOF)
    return Done({"size": len(data)}, data, file.mime or "image/jpeg")


async def fetch_sheet(channels: Channels, args: Mapping[str, Any]) -> Done:
    """Download a sheet and read it in a child process; one that cannot be read is not kept."""
    data = await channels[args["to"][0]].fetch(File(*args["file"]), sheets.LARGEST)
    found = await sheets.read(data)
    return Done(found, b"" if "problem" in found else data, sheets.MIME)


async def fetch_card(channels: Channels, args: Mapping[str, Any]) -> Done:
    """Download a photo of an identity card and read it; the photo is never kept."""
    if not cards.available():
        return Done({"off": True})
    data = await channels[args["to"][0]].fetch(File(*args["file"]), cards.LARGEST)
    card = await cards.read(data, date.fromisoformat(args["today"]))
    if card is None:
        return Done()
    said = {"name": card.name, "nik": card.nik, "place": card.place}
    return Done({"card": said | {"born": card.born.isoformat(), "sex": card.sex.label}})
