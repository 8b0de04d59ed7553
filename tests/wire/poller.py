"""A poller with a file for an inbox, to be killed: `python -m tests.wire.poller ADDRESS TOKEN FILE WANTED`.

`PAYUNG_KILL_AT` says where it dies; left alive it ends when the file holds WANTED updates.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.channels.telegram import Telegram
from bot.clock import SystemClock
from bot.messages import Arrival
from bot.points import reached


def taken(file: Path) -> list[dict[str, str]]:
    """The updates in the file, each once, in the order they came."""
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return list({line["id"]: line for line in lines}.values())


async def main(address: str, token: str, file: Path, wanted: int) -> None:
    """Poll into the file."""
    stop = asyncio.Event()

    async with Telegram(token, address, SystemClock()) as channel:

        async def accept(arrivals: Sequence[Arrival]) -> None:
            lines = [{"id": each.external_id, "body": each.body.decode()} for each in arrivals]
            reached("in_inbox_tx")
            with file.open("a") as inbox:
                inbox.write("".join(json.dumps(line) + "\n" for line in lines))
                inbox.flush()
                os.fsync(inbox.fileno())
            reached("after_inbox_commit")
            if len(taken(file)) >= wanted:
                stop.set()

        await channel.poll(accept, stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
