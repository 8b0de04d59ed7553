"""Files for a broadcast: one that goes with it, or a list of villages, a sheet or plain text."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.channels.base import Channel
from bot.domain import cleaning
from bot.jobs import Done
from bot.messages import File
from bot.reports import sheets

_ROWS = 1000
_LONGEST = 100  # letters of a name
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\"]+")
_ZIP = b"PK\x03\x04"


async def fetch(channels: Mapping[str, Channel], args: Mapping[str, Any]) -> Done:
    """Download it; a list is read and not kept, a sheet in a child process."""
    file = File(*args["file"])
    data = await channels[args["to"][0]].fetch(file, args["largest"])
    if not args["list"]:
        mime = file.mime or "image/jpeg"
        return Done({"name": name_of(file, mime)}, data, mime)
    if data.startswith(_ZIP):
        found = await sheets.read(data)
        pages = found.get("sheets", [])
        rows = [cells for page in pages[:1] for _, cells in page["rows"]][:_ROWS]
        return Done({"rows": rows})
    lines = data.decode("utf-8-sig", "replace").splitlines()[:_ROWS]
    return Done({"rows": [[cell for cell in re.split(r"[;\t]", line)] for line in lines]})


def name_of(file: File, mime: str) -> str:
    """A name under which every system can keep it."""
    name = cleaning.visible(_UNSAFE.sub(" ", PurePosixPath(file.name).name))
    name = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 12]}{name[-12:]}"  # with its ending
    return name or ("foto.jpg" if mime.startswith("image/") else "lampiran")
