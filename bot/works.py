"""The work that waits, by its kind: what is fetched from a channel, and what is read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import handlers
from bot.channels.base import Channel
from bot.clock import Clock
from bot.domain.rulebook import Rules
from bot.jobs import Done, Work
from bot.messages import File
from bot.reports import sheets
from bot.store.database import Store

Channels = Mapping[str, Channel]


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
        "opening": partial(fetch_sheet, channels),
        **_reports(desk),
    }


def _reports(_desk: Desk) -> dict[str, Work]:
    """What is made from the database, outside any transaction."""
    return {}


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
